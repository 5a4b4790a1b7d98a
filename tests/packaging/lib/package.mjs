/**
 * The npm package, packed and unpacked as a user gets it.
 *
 * `pkg/dist` (or IDV_DIST) is taken when it is there: the real build. Without it the shell is built around the gallery's
 * script and empty wasm files, which is enough for everything but running a verification.
 */
import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { cp, mkdir, readdir, writeFile } from 'node:fs/promises';
import { existsSync } from 'node:fs';
import { join, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import { bundle, WWW } from '../../../www/build/bundle.mjs';
import { scratch } from '../../e2e/lib/scratch.mjs';
import { buildPackage } from '../../../www/build/package.mjs';

export const ROOT = resolve(fileURLToPath(import.meta.url), '../../../..');
const DIST = resolve(process.env.IDV_DIST ?? join(ROOT, 'pkg/dist'));

/** True when the real wasm modules are in the package. */
export const IS_REAL = existsSync(join(DIST, 'index.js'));

/** True when the server's part is in the package. */
export const IS_EDGE_BUILT = existsSync(join(ROOT, 'pkg/edge/edge.wasm'));

/** The smallest wasm module: its header. */
const EMPTY_WASM = Uint8Array.of(0, 0x61, 0x73, 0x6d, 1, 0, 0, 0);

/** Unpacks the package into `node_modules/idv-web` of a new folder. Returns that folder. */
export async function install() {
  const work = await scratch('package');
  const pkg = join(work, 'pkg');
  await cp(join(ROOT, 'pkg'), pkg, { recursive: true, filter: (path) => !path.startsWith(join(ROOT, 'pkg/dist')) });
  if (IS_REAL) await cp(DIST, join(pkg, 'dist'), { recursive: true });
  else await buildPackage({ ...(await scriptedModules(work)), out: join(pkg, 'dist'), quiet: true });
  const [{ filename }] = JSON.parse(execFileSync('npm', ['pack', '--json', '--pack-destination', work], { cwd: pkg, stdio: ['ignore', 'pipe', 'ignore'] }));
  const target = join(work, 'user/node_modules/idv-web');
  await mkdir(target, { recursive: true });
  execFileSync('tar', ['-xzf', join(work, filename), '-C', target, '--strip-components', '1']);
  await writeFile(join(work, 'user/package.json'), '{"type":"module"}');
  return { user: join(work, 'user'), package: target };
}

/** Every file under a folder, as relative paths. */
export async function filesOf(folder) {
  const entries = await readdir(folder, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => join(entry.parentPath, entry.name).slice(folder.length + 1));
}

async function scriptedModules(work) {
  const folder = join(work, 'scripted');
  await bundle({ entryPoints: [join(WWW, 'gallery/page-module.ts')], outfile: join(folder, 'page.js'), format: 'esm' });
  await writeFile(join(folder, 'vision.js'), 'export default function init() {}\nexport class VisionWorker {}\n');
  await writeFile(join(folder, 'barcode.js'), 'export default function init() {}\nexport function readBarcode() {}\n');
  for (const name of ['page', 'vision', 'barcode']) await writeFile(join(folder, `${name}_bg.wasm`), EMPTY_WASM);
  const model = new TextEncoder().encode('a model');
  const sha256 = createHash('sha256').update(model).digest('hex');
  await writeFile(join(folder, 'face_mesh.nnef.tar'), model);
  const listed = { name: 'face_mesh', file: 'face_mesh.nnef.tar', sha256, bytes: model.length, optional: false };
  await writeFile(join(folder, 'models.json'), JSON.stringify([{ ...listed, runs_in: 'browser' }, { ...listed, name: 'face_embedding', runs_in: 'server' }]));
  return { page: folder, vision: folder, barcode: folder, models: folder };
}
