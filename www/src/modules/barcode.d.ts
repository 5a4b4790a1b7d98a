/** `idv:barcode`: what wasm-bindgen makes of `crates/vision-barcode`. The build resolves it to `--barcode DIR/barcode.js`. */
import type { BarcodeReading } from '../protocol.js';

/** Instantiates the wasm; to be called once. */
export default function init(options: { module_or_path: WebAssembly.Module }): Promise<unknown>;

/** The code in a picture of `width` x `height` RGBA pixels, if there is one. Throws `Error` objects with a `code`. */
export function readBarcode(rgba: Uint8Array, width: number, height: number): BarcodeReading | undefined;
