/** `idv:assets`: the files of this build. The build writes it, with one literal `new URL(…, import.meta.url)` each. */

export interface PackageFile {
  /** Path inside the package's `dist/`. */
  file: string;
  /** Where the bundler put it, absolute. */
  url: string;
  /** Lower-case hex. */
  sha256: string;
  bytes: number;
}

/** What a network of the passive presentation-attack detection takes and says. */
export interface PadSpec {
  channels: 'RGB' | 'BGR';
  range: [number, number];
  crops: number[];
  liveClass: number;
}

export const pageWasm: PackageFile;
export const visionWasm: PackageFile;
export const barcodeWasm: PackageFile;
export const models: (PackageFile & { name: string; pad?: PadSpec })[];
export const workerUrl: string;
