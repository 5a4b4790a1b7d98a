/** Where the package's files are. */
import * as files from 'idv:assets';
import type { PackageFile } from 'idv:assets';
import type { VerificationConfig } from 'idv:page';

/** Absolute URLs of everything the flow downloads. */
export interface Assets {
  pageWasm: string;
  workerUrl: string;
  /** What the page module hands to its worker. */
  engine: VerificationConfig['assets'];
}

/**
 * Finds the files: where the bundler put them, or under `assetsBase` when the package's `dist/` is served from there.
 * A worker must come from the page's own origin.
 */
export function locateAssets(assetsBase: string | undefined, pageUrl: string): Assets {
  const base = assetsBase === undefined ? undefined : new URL(assetsBase.replace(/\/?$/, '/'), pageUrl);
  const locate = (file: string, bundled: string) => new URL(base ? new URL(file, base) : bundled, pageUrl).href;
  const asset = ({ file, url, sha256, bytes }: PackageFile) => ({ url: locate(file, url), sha256, bytes });
  return {
    pageWasm: locate(files.pageWasm.file, files.pageWasm.url),
    workerUrl: locate('worker.js', files.workerUrl),
    engine: {
      visionWasm: asset(files.visionWasm),
      barcodeWasm: asset(files.barcodeWasm),
      models: files.models.map((model) => ({ name: model.name, ...asset(model), ...(model.pad && { pad: model.pad }) })),
    },
  };
}
