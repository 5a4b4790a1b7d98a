/**
 * CPU ms per call of the edge module in Node and in workerd, the median of several batches; one line of JSON.
 *
 *   node tests/packaging/edge/bench.mjs pkg/edge
 */
import { readdirSync, readFileSync } from 'node:fs';
import { copyFile, cp, mkdir } from 'node:fs/promises';
import { dirname, join, resolve } from 'node:path';
import { fileURLToPath, pathToFileURL } from 'node:url';
import { scratch } from '../../e2e/lib/scratch.mjs';
import { makeBundle } from './lib/bundle.mjs';
import { startWorkerd, workerModules } from './lib/workerd.mjs';

const HERE = dirname(fileURLToPath(import.meta.url));
/** Bytes of a sealed capture that is measured: a picture of a document at the quality that pages send. */
const CAPTURE_BYTES = 400_000;

/** Calls of a batch, and batches; the first one warms up. */
const CALLS = 60;
const BATCHES = 9;

const [edge] = process.argv.slice(2);
const user = await scratch('bench-edge');
const installed = join(user, 'node_modules/idv-web');
await mkdir(installed, { recursive: true });
await copyFile(join(dirname(resolve(edge)), 'package.json'), join(installed, 'package.json'));
await cp(edge, join(installed, 'edge'), { recursive: true });
await copyFile(join(HERE, 'work.mjs'), join(user, 'work.mjs'));

const { repeat, WORK } = await import(pathToFileURL(join(user, 'work.mjs')).href);

/** The same evidence with captures that were opened when they came, as the relay has them, and with sealed ones. */
const edgeModule = await import(pathToFileURL(join(installed, 'edge/node.js')).href);
const made = await makeBundle(edgeModule, CAPTURE_BYTES);
const known = { secret: [...made.secret], context: made.context };
const inputs = { sealed: { ...known, bundle: made.bundle }, opened: { ...known, bundle: { ...made.bundle, captures: made.opened } } };

const median = (values) => values.sort((a, b) => a - b)[Math.floor(values.length / 2)];

/** Median ms of a call, by `batch(times)` which gives the ms of so many. What a batch costs besides is taken off. */
async function perCall(batch) {
  const times = [];
  for (let i = 0; i <= BATCHES; i += 1) {
    const empty = await batch(0);
    const full = await batch(CALLS);
    if (i > 0) times.push(Math.max(full - empty, 0) / CALLS);
  }
  return median(times);
}

/** What a measurement needs, without what another one does. */
const inputsOf = (name) => ({ evidence_check_ms: { opened: inputs.opened }, sealed_evidence_check_ms: { sealed: inputs.sealed } })[name];

const inNode = (name) => async (times) => {
  const before = process.cpuUsage();
  await repeat(name, times, inputs);
  const { user, system } = process.cpuUsage(before);
  return (user + system) / 1000;
};

const report = {};
for (const name of Object.keys(WORK)) report[`node_${name}`] = await perCall(inNode(name));

const modules = await workerModules(user, join(HERE, 'bench-worker.mjs'), { 'idv-web/edge-work': join(user, 'work.mjs') });
const engine = await startWorkerd(modules, {}, await scratch('bench-workerd'));
/** CPU time of the engine's processes in ms where the system tells it; else the time that passes. */
function engineCpuMs() {
  try {
    const children = readdirSync('/proc').filter((name) => /^\d+$/.test(name)).filter((pid) => {
      const stat = read(`/proc/${pid}/stat`);
      return stat.includes('(workerd)') && Number(stat.slice(stat.lastIndexOf(')') + 2).split(' ')[1]) === process.pid;
    });
    if (children.length === 0) return performance.now();
    const threads = children.flatMap((pid) => readdirSync(`/proc/${pid}/task`).map((thread) => `/proc/${pid}/task/${thread}/schedstat`));
    // Time on the CPU, in ns, is the first number.
    return threads.reduce((sum, path) => sum + Number(read(path).split(' ')[0]) / 1e6, 0);
  } catch {
    return performance.now();
  }
}

function read(path) {
  try {
    return readFileSync(path, 'latin1');
  } catch {
    // A process or thread that has ended meanwhile.
    return '';
  }
}

const inWorkerd = (name) => async (times) => {
  const began = engineCpuMs();
  const answer = await engine.dispatchFetch('https://bench.example', { method: 'POST', body: JSON.stringify({ name, times, inputs: inputsOf(name) }) });
  if (!answer.ok) throw new Error(await answer.text());
  await answer.arrayBuffer();
  return engineCpuMs() - began;
};
try {
  for (const name of Object.keys(WORK)) report[`workerd_${name}`] = await perCall(inWorkerd(name));
} finally {
  await engine.dispose();
}
console.log(JSON.stringify(report));
