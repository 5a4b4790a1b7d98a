/** Pixels of a transferred bitmap into the engine's buffer in wasm memory. */
import type { VisionWorker } from 'idv:vision';
import { WorkerFailure } from './download.js';

/** Longest side of a frame that is taken, in px: above the largest camera stream in use (4K). */
const MAX_SIDE_PX = 4096;

/** Keeps one canvas for all frames of a size. */
export class FrameReader {
  #context: OffscreenCanvasRenderingContext2D | undefined;

  constructor(
    private readonly engine: VisionWorker,
    private readonly memory: WebAssembly.Memory,
  ) {}

  /** Writes the bitmap's pixels as RGBA, closes it, and returns its size. */
  read(bitmap: ImageBitmap): { width: number; height: number } {
    const { width, height } = bitmap;
    try {
      if (width < 1 || height < 1 || width > MAX_SIDE_PX || height > MAX_SIDE_PX) {
        throw new WorkerFailure('bad_frame', `a frame of ${width}x${height} px is not taken`);
      }
      const context = this.#contextOf(width, height);
      context.drawImage(bitmap, 0, 0);
      const pixels = context.getImageData(0, 0, width, height).data;
      const offset = this.engine.frame_buffer(width, height);
      // A fresh view each time: growing the memory detaches the views made before.
      new Uint8ClampedArray(this.memory.buffer, offset, pixels.length).set(pixels);
      return { width, height };
    } finally {
      bitmap.close();
    }
  }

  #contextOf(width: number, height: number): OffscreenCanvasRenderingContext2D {
    const canvas = this.#context?.canvas;
    if (this.#context && canvas?.width === width && canvas.height === height) return this.#context;
    const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true, alpha: false });
    if (!context) throw new WorkerFailure('engine_load_failed', 'no 2d context on OffscreenCanvas');
    this.#context = context;
    return context;
  }
}
