/** `idv:vision`: what wasm-bindgen makes of `crates/vision-worker`. The build resolves it to `--vision DIR/vision.js`. */
import type { CaptureMeta, Challenge, DocumentTask, FileAnswer, FrameAnswer, FramesAnswer, ModelUse, PadSpec } from '../protocol.js';

/** Instantiates the wasm and gives its exports; to be called once. */
export default function init(options: { module_or_path: WebAssembly.Module }): Promise<{ memory: WebAssembly.Memory }>;

/** Its methods throw `Error` objects with a `code`; a trap is a `WebAssembly.RuntimeError`. */
export class VisionWorker {
  constructor();
  load_model(name: string, bytes: Uint8Array, sha256: string, pad?: PadSpec): void;
  models(): ModelUse[];
  begin_document(task: DocumentTask): void;
  begin_face(attempt: number, challenge: Challenge): void;
  /** Offset in wasm memory of the one RGBA buffer, `width * height * 4` bytes. */
  frame_buffer(width: number, height: number): number;
  /** Looks at the pixels in the frame buffer. */
  frame(seq: number, at_ms: number, width: number, height: number): FrameAnswer;
  /** Takes the next frame of the document step as it is. */
  shoot(): void;
  /** Looks at a file in place of a frame. */
  document_file(bytes: Uint8Array): FileAnswer;
  /** The frames of these numbers, as far as they are still there. */
  open_frames(indices: Uint32Array): { message: FramesAnswer; pixels: Uint8Array<ArrayBuffer> };
  /** The next capture that waits, if any. */
  take_capture(): { meta: CaptureMeta; jpeg: Uint8Array<ArrayBuffer> } | undefined;
  /** Gives up the capture just taken, whose barcode cannot be read; false where it must do. */
  give_up_capture(): boolean;
}
