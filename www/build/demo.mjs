/** The hosted page: what an operator serves at the start URL. */
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle, WWW } from './bundle.mjs';

/** Builds index.html, demo.js and demo.css into `out`. */
export async function buildDemo(out) {
  const folder = join(WWW, 'demo');
  await bundle({ entryPoints: [join(folder, 'demo.ts'), join(folder, 'demo.css')], outdir: out, format: 'esm' });
  await copyFile(join(folder, 'index.html'), join(out, 'index.html'));
}
