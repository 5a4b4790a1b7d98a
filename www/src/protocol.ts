/** Messages between the page and its worker: `idv_protocol::worker`, plus what travels beside them. Wire names. */

export interface ModelFile {
  name: string;
  url: string;
  sha256: string;
  bytes: number;
  pad?: PadSpec;
}

/** What a network of the passive presentation-attack detection takes and says. */
export interface PadSpec {
  channels: 'RGB' | 'BGR';
  range: [number, number];
  crops: number[];
  live_class: number;
}

export interface ModelUse {
  name: string;
  sha256: string;
}

/** Passed through to the engine; its shape is the engine's matter. */
export type Challenge = Readonly<Record<string, unknown>>;
/** Passed through to the engine. */
export interface DocumentTask {
  /** Whether this side should have a barcode. */
  readonly barcode: boolean;
  readonly [member: string]: unknown;
}
/** Passed through to the page. */
export type BarcodeReading = Readonly<Record<string, unknown>>;
/** Passed through to the page. */
export type CaptureMeta = Readonly<Record<string, unknown>>;

export type ToWorker =
  /** `wasm_bytes` is the wasm's decoded length, for progress. */
  | { type: 'init'; wasm_url: string; wasm_bytes: number; models: ModelFile[] }
  | { type: 'begin_document'; task: DocumentTask }
  | { type: 'load_barcode'; wasm_url: string }
  | { type: 'shoot' }
  | { type: 'file'; bytes: ArrayBuffer }
  | { type: 'begin_face'; attempt: number; challenge: Challenge }
  | { type: 'open_frames'; indices: number[] }
  | { type: 'frame'; seq: number; at_ms: number; bitmap: ImageBitmap };

/** The engine's answer to a frame, passed through to the page. */
export interface FrameAnswer {
  type: 'document' | 'face';
  seq: number;
  elapsed_ms: number;
  status: { hint?: string; captured?: boolean; [member: string]: unknown };
  /** How many `capture` messages follow. */
  captures: number;
  /** The frame's leaf. */
  mark?: Readonly<Record<string, unknown>> | null;
}

/** The engine's answer to a file, passed through to the page. */
export interface FileAnswer {
  type: 'file';
  /** Why it is not taken. */
  problem: string | null;
  /** How many `capture` messages follow. */
  captures: number;
  kind: string | null;
}

/** Frames that were asked for, passed through to the page. */
export interface FramesAnswer {
  type: 'frames';
  frames: readonly Readonly<Record<string, unknown>>[];
}

export type FromWorker =
  | { type: 'progress'; loaded: number; total: number }
  | { type: 'ready'; models: ModelUse[] }
  | FrameAnswer
  | FileAnswer
  | { type: 'capture'; meta: CaptureMeta; jpeg: ArrayBuffer }
  | (FramesAnswer & { pixels: ArrayBuffer })
  | { type: 'failed'; code: string; message: string };
