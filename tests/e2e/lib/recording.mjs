/** What a page's worker saw, for the folder of a run that failed. */
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { bundle, WWW } from '../../../www/build/bundle.mjs';
import { keyOf, write } from './replay-file.mjs';
import { scratch } from './scratch.mjs';

/** Has `page` record its steps; to be called before it is opened. */
export async function recordSteps(page) {
  const folder = await scratch('record');
  await bundle({ entryPoints: [join(WWW, 'src/testing/record.ts')], outdir: folder, format: 'iife' });
  await page.addInitScript({ content: await readFile(join(folder, 'record.js'), 'utf8') });
}

/** Writes what was recorded since the page was loaded to `folder`, a file a step; gives their paths. */
export async function saveSteps(page, folder, plan) {
  const steps = await page.evaluate(async () => {
    const base64 = (bytes) => new Promise((resolve) => {
      const reader = new FileReader();
      reader.onload = () => resolve(reader.result.slice(reader.result.indexOf(',') + 1));
      reader.readAsDataURL(new Blob([bytes]));
    });
    const taken = (await globalThis.idvRecorder?.take()) ?? [];
    return Promise.all(taken.map(async (step) => ({ ...step, frames: await Promise.all(step.frames.map(async ({ at_ms, jpeg }) => ({ at_ms, jpeg: await base64(jpeg) }))) })));
  });
  await mkdir(folder, { recursive: true });
  const paths = [];
  for (const [index, step] of steps.entries()) {
    const frames = step.frames.map(({ at_ms, jpeg }) => ({ at_ms, jpeg: Buffer.from(jpeg, 'base64') }));
    const path = join(folder, `${String(index + 1).padStart(2, '0')}-${step.step.step}.idvreplay`);
    await writeFile(path, await write({ ...step, frames }, { plan, key: keyOf(process.env.IDV_REPLAY_KEY) }));
    paths.push(path);
  }
  return paths;
}
