/** Messages between the page and its worker: `idv_protocol::worker`, plus what travels beside them. Wire names. */

export interface ModelFile {
  name: string;
  url: string;
  sha256: string;
  bytes: number;
}

export interface ModelUse {
  name: string;
  sha256: string;
}

/** Passed through to the engine; its shape is the engine's matter. */
export type Challenge = Readonly<Record<string, unknown>>;
/** Passed through to the engine, but for whether a barcode is to be read. */
export type DocumentTask = Readonly<Record<string, unknown>>;
/** Passed through to the page. */
export type CaptureMeta = Readonly<Record<string, unknown>>;

export type ToWorker =
  /** `wasm_bytes` is the wasm's decoded length, for progress. */
  | { type: 'init'; wasm_url: string; wasm_bytes: number; models: ModelFile[] }
  | { type: 'begin_document'; task: DocumentTask }
  | { type: 'begin_face'; attempt: number; challenge: Challenge }
  | { type: 'frame'; seq: number; at_ms: number; bitmap: ImageBitmap };

/** The engine's answer to a frame, passed through to the page. */
export interface FrameAnswer {
  type: 'document' | 'face';
  seq: number;
  elapsed_ms: number;
  status: object;
  /** How many `capture` messages follow. */
  captures: number;
}

export type FromWorker =
  | { type: 'progress'; loaded: number; total: number }
  | { type: 'ready'; models: ModelUse[] }
  | FrameAnswer
  | { type: 'capture'; meta: CaptureMeta; jpeg: ArrayBuffer }
  | { type: 'failed'; code: string; message: string };
