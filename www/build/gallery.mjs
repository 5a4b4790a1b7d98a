/** The gallery: every screen with invented views, for looking at. Never part of the package. */
import { copyFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle, cssText, WWW } from './bundle.mjs';

/** Builds index.html and gallery.js into `out`. */
export async function buildGallery(out) {
  const folder = join(WWW, 'gallery');
  await bundle({ entryPoints: [join(folder, 'gallery.ts'), join(folder, 'gallery.css')], outdir: out, format: 'esm', plugins: [cssText] });
  await copyFile(join(folder, 'index.html'), join(out, 'index.html'));
}
