/**
 * The vision worker: loads the engine, answers one message after the other, and ends at the first trap.
 *
 * In: `ToWorker` messages. Out: `FromWorker` messages, at least one for each frame.
 * Rule: nothing is kept of a frame but what the engine keeps.
 */
import init, { VisionWorker } from 'idv:vision';
import { BarcodeReader } from './worker/barcode.js';
import { compileWasm, fetchModel, Progress, WorkerFailure } from './worker/download.js';
import { FrameReader } from './worker/frames.js';
import type { CaptureMeta, FileAnswer, FrameAnswer, FromWorker, ToWorker } from './protocol.js';

declare const self: DedicatedWorkerGlobalScope;

let engine: VisionWorker | undefined;
let frames: FrameReader | undefined;
let barcodes: BarcodeReader | undefined;
/** Whether the side that is captured should have a barcode. */
let wantsBarcode = false;
let stopped = false;
let queue = Promise.resolve();

self.onmessage = (event: MessageEvent<ToWorker>) => {
  queue = queue.then(() => (stopped ? undefined : answer(event.data))).catch((error: unknown) => fail(error));
};

async function answer(message: ToWorker): Promise<void> {
  switch (message.type) {
    case 'init':
      return load(message);
    case 'load_barcode':
      barcodes ??= new BarcodeReader(message.wasm_url);
      return;
    case 'begin_document':
      wantsBarcode = message.task.barcode;
      return loaded().engine.begin_document(message.task);
    case 'shoot':
      return loaded().engine.shoot();
    case 'file':
      return hand(loaded().engine.document_file(new Uint8Array(message.bytes)));
    case 'begin_face':
      wantsBarcode = false;
      return loaded().engine.begin_face(message.attempt, message.challenge);
    case 'open_frames':
      return open(message.indices);
    case 'frame':
      return look(message);
  }
}

async function load(message: Extract<ToWorker, { type: 'init' }>): Promise<void> {
  const progress = new Progress((loaded, total) => post({ type: 'progress', loaded, total }));
  const [module, ...models] = await Promise.all([
    compileWasm(message.wasm_url, message.wasm_bytes, progress),
    ...message.models.map((model) => fetchModel(model, progress)),
  ]);
  const { memory } = await init({ module_or_path: module });
  const created = new VisionWorker();
  message.models.forEach((model, index) => {
    const bytes = models[index];
    if (bytes) created.load_model(model.name, bytes, model.sha256, model.pad);
  });
  engine = created;
  frames = new FrameReader(created, memory);
  post({ type: 'ready', models: created.models() });
}

async function look(message: Extract<ToWorker, { type: 'frame' }>): Promise<void> {
  const { engine, frames } = loaded();
  const { width, height } = frames.read(message.bitmap);
  const began_ms = performance.now();
  const answer = engine.frame(message.seq, message.at_ms, width, height);
  return hand({ ...answer, elapsed_ms: performance.now() - began_ms });
}

/** Hands over frames that were looked at before. */
function open(indices: number[]): void {
  const { message, pixels } = loaded().engine.open_frames(Uint32Array.from(indices));
  const { buffer } = pixels;
  post({ ...message, pixels: buffer }, [buffer]);
}

/** Posts an answer of the engine and its captures, unless one lacks the barcode that it should have. */
async function hand(answer: FrameAnswer | FileAnswer): Promise<void> {
  const { engine } = loaded();
  const captures: { meta: CaptureMeta; jpeg: ArrayBuffer }[] = [];
  for (let capture = engine.take_capture(); capture; capture = engine.take_capture()) {
    const jpeg = capture.jpeg.slice();
    const barcode = wantsBarcode ? await barcodes?.read(jpeg) : undefined;
    if (wantsBarcode && !barcode && answer.type !== 'file' && engine.give_up_capture()) return post(givenUp(answer));
    captures.push({ meta: barcode ? { ...capture.meta, barcode } : capture.meta, jpeg: jpeg.buffer });
  }
  post(answer);
  for (const { meta, jpeg } of captures) post({ type: 'capture', meta, jpeg }, [jpeg]);
}

/** The answer to a frame that would have been a capture. */
function givenUp(answer: FrameAnswer): FrameAnswer {
  return { ...answer, captures: 0, status: { ...answer.status, captured: false, hint: 'unreadable' } };
}

function loaded(): { engine: VisionWorker; frames: FrameReader } {
  if (!engine || !frames) throw new WorkerFailure('engine_load_failed', 'the engine is not loaded');
  return { engine, frames };
}

/** Reports a failure. Only a frame that is not taken leaves the worker usable: after a trap the wasm instance is not. */
function fail(error: unknown): void {
  const code = codeOf(error);
  post({ type: 'failed', code, message: error instanceof Error ? error.message : String(error) });
  if (code === 'bad_frame') return;
  stopped = true;
  self.close();
}

/** The engine's own errors carry a code; what has none is a trap, or its echo in the glue. */
function codeOf(error: unknown): string {
  const code = (error as { code?: unknown } | null)?.code;
  if (typeof code === 'string') return code;
  return engine ? 'engine_trapped' : 'engine_load_failed';
}

function post(message: FromWorker, transfer: Transferable[] = []): void {
  self.postMessage(message, transfer);
}
