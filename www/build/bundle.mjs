/** What all bundles share: esbuild settings and the modules the build puts in. */
import { readFile } from 'node:fs/promises';
import { dirname, resolve } from 'node:path';
import { fileURLToPath } from 'node:url';
import * as esbuild from 'esbuild';

/** Folder of this project's TypeScript. */
export const WWW = resolve(dirname(fileURLToPath(import.meta.url)), '..');

/** The oldest browsers: those with wasm SIMD, OffscreenCanvas in workers and container queries. */
const TARGET = ['chrome105', 'firefox110', 'safari16.4'];

/** wasm-bindgen's default place of the wasm. It is always given here, and bundlers would look for the file. */
const DEFAULT_WASM_URL = /new URL\(['"][^'"]+_bg\.wasm['"],\s*import\.meta\.url\)/g;

/** Bundles with the shared settings. */
export function bundle(options) {
  return esbuild.build({
    bundle: true,
    minify: true,
    legalComments: 'none',
    charset: 'utf8',
    target: TARGET,
    logLevel: 'warning',
    absWorkingDir: WWW,
    tsconfigRaw: {},
    ...options,
  });
}

/** Minifies stylesheets that are imported as text. */
export const cssText = {
  name: 'css-text',
  setup(build) {
    build.onLoad({ filter: /src\/ui\/styles\/.*\.css$/ }, async ({ path }) => {
      const { code } = await esbuild.transform(await readFile(path, 'utf8'), { loader: 'css', minify: true, target: TARGET });
      return { contents: code, loader: 'text' };
    });
  },
};

/** Resolves `idv:name` to source text. */
export function virtualModule(name, contents, resolveDir = WWW) {
  return {
    name: `virtual-${name}`,
    setup(build) {
      build.onResolve({ filter: new RegExp(`^idv:${name}$`) }, ({ path }) => ({ path, namespace: name }));
      build.onLoad({ filter: /.*/, namespace: name }, () => ({ contents, loader: 'js', resolveDir }));
    },
  };
}

/** Resolves `idv:name` to wasm-bindgen's glue at `file`. */
export async function glueModule(name, file) {
  const text = (await readFile(file, 'utf8')).replace(DEFAULT_WASM_URL, 'undefined');
  return virtualModule(name, text, dirname(resolve(file)));
}
