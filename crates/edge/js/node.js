/** Node 20 and newer: the wasm is a file beside this one. */
import { readFileSync } from 'node:fs';
import { provide } from './wasm.js';

provide(() => new WebAssembly.Module(readFileSync(new URL('./edge.wasm', import.meta.url))));

export * from './index.js';
