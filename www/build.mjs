/**
 * Builds the npm package's `dist/`, the hosted page and the gallery of screens.
 *
 *   node www/build.mjs --page DIR --vision DIR --barcode DIR --models DIR --out pkg/dist [--demo-out DIR]
 *   node www/build.mjs --edge DIR --edge-out pkg/edge
 *   node www/build.mjs --gallery-out DIR
 *
 * `--page` has page.js and page_bg.wasm, `--vision` has vision.js and vision_bg.wasm, `--barcode` has barcode.js and
 * barcode_bg.wasm (wasm-bindgen, target web), `--edge` has edge.js and edge_bg.wasm, `--models` has models.json and the
 * files it names. Each can be given as IDV_PAGE, IDV_VISION, IDV_BARCODE, IDV_EDGE, IDV_MODELS too.
 */
import { mkdir, rm } from 'node:fs/promises';
import { parseArgs } from 'node:util';
import { buildDemo } from './build/demo.mjs';
import { buildEdge } from './build/edge.mjs';
import { buildGallery } from './build/gallery.mjs';
import { buildPackage } from './build/package.mjs';

const { values } = parseArgs({
  options: {
    page: { type: 'string', default: process.env.IDV_PAGE },
    vision: { type: 'string', default: process.env.IDV_VISION },
    barcode: { type: 'string', default: process.env.IDV_BARCODE },
    models: { type: 'string', default: process.env.IDV_MODELS },
    edge: { type: 'string', default: process.env.IDV_EDGE },
    out: { type: 'string' },
    'demo-out': { type: 'string' },
    'edge-out': { type: 'string' },
    'gallery-out': { type: 'string' },
  },
});

const jobs = [
  [values.out, (out) => buildPackage({ ...values, out })],
  [values['demo-out'], buildDemo],
  [values['edge-out'], (out) => buildEdge({ ...values, out })],
  [values['gallery-out'], buildGallery],
];
if (jobs.every(([out]) => out === undefined)) {
  console.error('nothing to build: give --out, --demo-out, --edge-out or --gallery-out');
  process.exit(2);
}
for (const [out, build] of jobs) {
  if (out === undefined) continue;
  await rm(out, { recursive: true, force: true });
  await mkdir(out, { recursive: true });
  await build(out);
}
