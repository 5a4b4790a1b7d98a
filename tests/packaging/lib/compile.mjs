/** Modules of the shell, compiled for Node. */
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { bundle, cssText, WWW } from '../../../www/build/bundle.mjs';

/** Imports `www/src/…` as it stands. */
export async function importShell(path) {
  const out = join(await mkdtemp(join(tmpdir(), 'idv-shell-')), 'module.mjs');
  await bundle({ entryPoints: [join(WWW, 'src', path)], outfile: out, format: 'esm', minify: false, plugins: [cssText] });
  return import(pathToFileURL(out).href);
}
