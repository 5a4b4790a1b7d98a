/** The real sandbox as a process, and the real package, for the tests of the edge module. */
import { spawn } from 'node:child_process';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { pathToFileURL } from 'node:url';
import { scratch } from '../../../e2e/lib/scratch.mjs';
import { install } from '../../lib/package.mjs';

/** Program of the sandbox, given by `cargo xtask test`. */
const PROGRAM = process.env.IDV_SANDBOX;

/** Starts a sandbox with more `options`. Gives what its first line says (origin, client, argos, toss) and `stop`. */
export async function startSandbox(...options) {
  if (PROGRAM === undefined) throw new Error('IDV_SANDBOX names no program: run `cargo xtask test --only package`');
  const folder = await scratch('sandbox');
  const child = spawn(PROGRAM, ['serve', '--db', join(folder, 'sandbox.sqlite'), ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
  const lines = createInterface({ input: child.stdout });
  const first = await new Promise((resolve, reject) => {
    lines.once('line', resolve);
    child.once('exit', (code) => reject(new Error(`the sandbox ended with ${code}`)));
  });
  const stop = () => child.kill();
  process.once('exit', stop);
  return { ...JSON.parse(first), stop };
}

/** The package unpacked, and its edge module imported by its name, as a server's own code does. */
export async function importEdge() {
  const installed = await install();
  const file = join(installed.user, 'edge.mjs');
  await writeFile(file, "export * from 'idv-web/edge';\n");
  return { installed, edge: await import(pathToFileURL(file).href) };
}
