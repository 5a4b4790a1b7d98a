/**
 * The reader of barcodes: a wasm module of its own, fetched when a plan asks for a barcode.
 *
 * In: captures as JPEG. Out: what their barcode says, if it can be read. Rule: nothing here stops a capture; the
 * operator reads the barcode again.
 */
import init, { readBarcode } from 'idv:barcode';
import type { BarcodeReading } from '../protocol.js';

export class BarcodeReader {
  #ready: Promise<boolean> | undefined;

  constructor(private readonly url: string) {
    void this.#load();
  }

  /** The barcode of a picture; `undefined` where none can be read, or where the reader could not be fetched. */
  async read(jpeg: Uint8Array<ArrayBuffer>): Promise<BarcodeReading | undefined> {
    if (!(await this.#load())) return undefined;
    const bitmap = await createImageBitmap(new Blob([jpeg], { type: 'image/jpeg' }));
    try {
      const { width, height } = bitmap;
      const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true, alpha: false });
      if (!context) return undefined;
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, width, height);
      return readBarcode(new Uint8Array(data.buffer), width, height);
    } finally {
      bitmap.close();
    }
  }

  /** Fetches and compiles the reader once; a failed try is forgotten, so that the next picture tries again. */
  async #load(): Promise<boolean> {
    this.#ready ??= instantiate(this.url);
    const ready = await this.#ready;
    if (!ready) this.#ready = undefined;
    return ready;
  }
}

async function instantiate(url: string): Promise<boolean> {
  try {
    const response = await fetch(url, { credentials: 'same-origin' });
    if (!response.ok) return false;
    // The server's MIME type does not matter: static hosts often do not know wasm.
    const wasm = new Response(response.body, { headers: { 'content-type': 'application/wasm' } });
    await init({ module_or_path: await WebAssembly.compileStreaming(wasm) });
    return true;
  } catch {
    return false;
  }
}
