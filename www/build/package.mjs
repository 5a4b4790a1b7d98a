/** The npm package's `dist/`. */
import { execFile } from 'node:child_process';
import { copyFile, mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';
import { bundle, cssText, glueModule, virtualModule, WWW } from './bundle.mjs';
import { assetsModule, copyHashed, copyModels } from './files.mjs';

const run = promisify(execFile);
const TSC = join(dirname(createRequire(import.meta.url).resolve('typescript/package.json')), 'bin/tsc');

/** Builds everything into `out`, an empty folder. Prints sizes unless `quiet`. */
export async function buildPackage({ page, vision, barcode, models, out, quiet = false }) {
  for (const [name, value] of Object.entries({ page, vision, barcode, models })) {
    if (!value) throw new Error(`--out needs --${name} DIR`);
  }
  const assets = {
    page_wasm: await copyHashed(join(page, 'page_bg.wasm'), out, 'page', '.wasm'),
    vision_wasm: await copyHashed(join(vision, 'vision_bg.wasm'), out, 'vision', '.wasm'),
    barcode_wasm: await copyHashed(join(barcode, 'barcode_bg.wasm'), out, 'barcode', '.wasm'),
    models: await copyModels(models, out),
  };
  await writeFile(join(out, 'assets.json'), `${JSON.stringify(assets, null, 2)}\n`);
  await bundle({
    entryPoints: [join(WWW, 'src/index.ts'), join(WWW, 'src/element.ts')],
    outdir: out,
    format: 'esm',
    splitting: true,
    chunkNames: 'flow-[hash]',
    plugins: [cssText, await glueModule('page', join(page, 'page.js')), virtualModule('assets', assetsModule(assets))],
  });
  await bundle({
    entryPoints: [join(WWW, 'src/worker.ts')],
    outdir: out,
    // Runs as a classic and as a module worker.
    format: 'iife',
    plugins: [await glueModule('vision', join(vision, 'vision.js')), await glueModule('barcode', join(barcode, 'barcode.js'))],
  });
  await writeTypes(out);
  if (!quiet) await report(out, assets);
}

/** Declarations of the two entries and of what they import, nothing else. */
async function writeTypes(out) {
  const folder = await mkdtemp(join(tmpdir(), 'idv-types-'));
  try {
    await run(process.execPath, [TSC, '-p', 'tsconfig.types.json', '--outDir', folder], { cwd: WWW }).catch((error) => {
      throw new Error(`tsc: ${error.stdout || error.message}`);
    });
    const wanted = ['index.d.ts', 'element.d.ts'];
    for (const file of wanted) {
      const text = await readFile(join(folder, file), 'utf8');
      for (const [, name] of text.matchAll(/from '\.\/([\w-]+)\.js'/g)) {
        if (!wanted.includes(`${name}.d.ts`)) wanted.push(`${name}.d.ts`);
      }
      await copyFile(join(folder, file), join(out, file));
    }
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Prints what a first visit downloads, uncompressed; `cargo xtask bench size` compresses. */
async function report(out, assets) {
  const scripts = (await readdir(out)).filter((name) => name.endsWith('.js'));
  const files = [...scripts, assets.page_wasm.file, assets.vision_wasm.file, ...assets.models.map(({ file }) => file)];
  for (const file of files) {
    const { size } = await stat(join(out, file));
    console.log(`${file.padEnd(44)} ${String(size).padStart(9)} bytes`);
  }
}
