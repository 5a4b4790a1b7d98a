/** Modules of the shell, compiled for Node. */
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { scratch } from '../../e2e/lib/scratch.mjs';
import { bundle, cssText, WWW } from '../../../www/build/bundle.mjs';

/** Imports `www/src/…` as it stands. */
export async function importShell(path) {
  const out = join(await scratch('shell'), 'module.mjs');
  await bundle({ entryPoints: [join(WWW, 'src', path)], outfile: out, format: 'esm', minify: false, plugins: [cssText] });
  return import(pathToFileURL(out).href);
}
