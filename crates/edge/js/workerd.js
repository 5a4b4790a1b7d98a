/** workerd: the wasm is a module that was compiled beforehand. */
import module from './edge.wasm';
import { provide } from './wasm.js';

provide(() => module);

export * from './index.js';
export { r2Captures, upstreamCaptures } from './captures.js';
export { createRelayWorker } from './worker.js';
