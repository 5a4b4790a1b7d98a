/** `idv:page`: what wasm-bindgen makes of the root crate. The build resolves it to `--page DIR/page.js`. */
import type { Action, Entry, View } from '../view.js';

/** Instantiates the wasm; to be called once. */
export default function init(options: { module_or_path: string | URL | Response | WebAssembly.Module }): Promise<unknown>;

/** A file the page module downloads, or has its worker download. */
export interface AssetFile {
  /** Absolute. */
  url: string;
  /** Lower-case hex. */
  sha256: string;
  bytes: number;
}

export interface VerificationConfig {
  /** The one-time URL, with `token` and `key` in its query; without them a running session is resumed. */
  startUrl?: string;
  relayUrl: string;
  assets: { visionWasm: AssetFile; barcodeWasm: AssetFile; models: (AssetFile & { name: string })[] };
  workerUrl: string;
  /** BCP 47 tag of the texts the user sees. */
  locale: string;
  /** Exact origin of an embedding page that gets messages. */
  parentOrigin?: string;
}

/**
 * One verification. It takes the one-time token out of the address bar, opens the camera, runs the worker, talks to
 * the relay, and tells a host app how far it is.
 */
export class Verification {
  constructor(config: VerificationConfig);
  onView(callback: (view: View) => void): void;
  start(): Promise<void>;
  setVideo(video: HTMLVideoElement): void;
  act(action: Action): void;
  /** Takes what the user typed or chose at a step without pictures. */
  enter(entry: Entry): void;
  /** Takes a file for the picture of the document's side. It never rejects: what is wrong comes with a view. */
  takeFile(file: Blob): Promise<void>;
  online(isOnline: boolean): void;
  dispose(): void;
}
