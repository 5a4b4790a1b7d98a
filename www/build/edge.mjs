/** The server's part of the package: `edge/`, outside `dist/`, which is all that a browser may get. */
import { copyFile, cp } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle, glueModule, WWW } from './bundle.mjs';

/** Sources of the edge module's JavaScript. */
const SOURCES = join(WWW, '../crates/edge/js');

/** Builds node.js, workerd.js, what they share, edge.wasm and the declarations into `out`, an empty folder. */
export async function buildEdge({ edge, out }) {
  if (!edge) throw new Error('--edge-out needs --edge DIR');
  await copyFile(join(edge, 'edge_bg.wasm'), join(out, 'edge.wasm'));
  await copyFile(join(SOURCES, 'index.d.ts'), join(out, 'index.d.ts'));
  await cp(join(SOURCES, 'types'), join(out, 'types'), { recursive: true });
  await bundle({
    entryPoints: [join(SOURCES, 'node.js'), join(SOURCES, 'workerd.js')],
    outdir: out,
    format: 'esm',
    splitting: true,
    chunkNames: 'shared-[hash]',
    target: ['node20'],
    external: ['node:*', './edge.wasm'],
    plugins: [await glueModule('edge', join(edge, 'edge.js'))],
  });
}
