/** workerd by miniflare, with a Worker that imports the packed package by its name. */
import { copyFile, readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import * as esbuild from '../../../../www/node_modules/esbuild/lib/main.js';

/** Folder whose node_modules has the engine. */
const ENGINE = process.env.IDV_EDGE_ENGINE ?? new URL('..', import.meta.url).pathname;

/** The wasm stays a module of its own, as the tools of the edge do it. */
const wasmIsAModule = {
  name: 'wasm-module',
  setup: (build) => build.onResolve({ filter: /\.wasm$/ }, () => ({ path: './edge.wasm', external: true })),
};

/** The modules of the Worker `file`, bundled in `user`, the folder where the package is installed; `alias` as esbuild's. */
export async function workerModules(user, file, alias = {}) {
  const entry = join(user, 'worker.mjs');
  await copyFile(file, entry);
  const { outputFiles } = await esbuild.build({
    entryPoints: [entry],
    absWorkingDir: user,
    bundle: true,
    write: false,
    format: 'esm',
    platform: 'neutral',
    conditions: ['workerd', 'worker', 'import'],
    alias,
    plugins: [wasmIsAModule],
    logLevel: 'error',
  });
  const wasm = await readFile(join(user, 'node_modules/idv-web/edge/edge.wasm'));
  return [
    { type: 'ESModule', path: 'worker.mjs', contents: outputFiles[0].text },
    { type: 'CompiledWasm', path: 'edge.wasm', contents: wasm },
  ];
}

/** A running engine. `folder` keeps what its objects and buckets store. */
export async function startWorkerd(modules, bindings, folder) {
  const entry = createRequire(join(ENGINE, 'package.json')).resolve('miniflare');
  const { Miniflare } = await import(pathToFileURL(entry).href);
  const engine = new Miniflare({
    modules,
    bindings,
    compatibilityDate: '2026-01-01',
    cf: false,
    durableObjects: { SESSIONS: { className: 'RelaySession', useSQLite: true }, ADDRESSES: { className: 'RelayAddress', useSQLite: true } },
    durableObjectsPersist: join(folder, 'objects'),
    r2Buckets: ['CAPTURES', 'ENDS'],
    r2Persist: join(folder, 'buckets'),
  });
  await engine.ready;
  return engine;
}
