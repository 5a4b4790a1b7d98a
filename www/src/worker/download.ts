/** Downloads with progress. A wasm file is compiled while it arrives. */
import type { ModelFile } from '../protocol.js';

/** What ends the worker, or one of its frames. */
export class WorkerFailure extends Error {
  override readonly name = 'WorkerFailure';
  constructor(
    readonly code: 'engine_load_failed' | 'model_digest_mismatch' | 'bad_frame',
    message: string,
    options?: ErrorOptions,
  ) {
    super(message, options);
  }
}

/** Counts the bytes of several downloads as one. */
export class Progress {
  #loaded = 0;
  #total = 0;
  #reported = -1;

  constructor(private readonly report: (loaded: number, total: number) => void) {}

  /** Adds bytes that will come. */
  expect(bytes: number): void {
    this.#total += bytes;
  }

  /** Adds bytes that came; reports once per percent. */
  add(bytes: number): void {
    this.#loaded += bytes;
    const total = Math.max(this.#total, this.#loaded, 1);
    const percent = Math.floor((this.#loaded / total) * 100);
    if (percent === this.#reported) return;
    this.#reported = percent;
    this.report(this.#loaded, total);
  }
}

/** Compiles the wasm at `url` while it streams in, whatever MIME type the server names. `bytes` is its decoded length. */
export async function compileWasm(url: string, bytes: number, progress: Progress): Promise<WebAssembly.Module> {
  progress.expect(bytes);
  const response = await get(url, 'the engine');
  if (!response.body) throw new WorkerFailure('engine_load_failed', 'the engine came with an empty body');
  const counted = response.body.pipeThrough(
    new TransformStream<Uint8Array, Uint8Array>({
      transform(chunk, controller) {
        progress.add(chunk.byteLength);
        controller.enqueue(chunk);
      },
    }),
  );
  try {
    return await WebAssembly.compileStreaming(new Response(counted, { headers: { 'content-type': 'application/wasm' } }));
  } catch (cause) {
    const type = response.headers.get('content-type') ?? 'no content type';
    const message = `the engine (${type}) is not a wasm module, or the page's CSP lacks 'wasm-unsafe-eval' on worker.js: ${String(cause)}`;
    throw new WorkerFailure('engine_load_failed', message, { cause });
  }
}

/** The bytes of a model. Their digest is checked by the engine. */
export async function fetchModel(model: ModelFile, progress: Progress): Promise<Uint8Array> {
  progress.expect(model.bytes);
  const response = await get(model.url, model.name);
  if (!response.body) throw new WorkerFailure('engine_load_failed', `${model.name} came with an empty body`);
  const bytes = new Uint8Array(model.bytes);
  const reader = response.body.getReader();
  let length = 0;
  for (;;) {
    const { done, value } = await reader.read();
    if (done) break;
    if (length + value.byteLength > bytes.byteLength) {
      await reader.cancel();
      throw new WorkerFailure('model_digest_mismatch', `${model.name} is longer than the ${model.bytes} bytes of the manifest`);
    }
    bytes.set(value, length);
    length += value.byteLength;
    progress.add(value.byteLength);
  }
  return bytes.subarray(0, length);
}

/** `what` names the file in errors: they reach the page and carry no address. */
async function get(url: string, what: string): Promise<Response> {
  let response: Response;
  try {
    response = await fetch(url, { credentials: 'same-origin' });
  } catch (cause) {
    throw new WorkerFailure('engine_load_failed', `${what} cannot be reached`, { cause });
  }
  if (!response.ok) throw new WorkerFailure('engine_load_failed', `${what}: the server answered ${response.status}`);
  return response;
}
