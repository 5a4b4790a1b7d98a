// A recorded step through the package's own worker, in headless Chromium.
// In: one JSON object on standard input {chromium, flags, dist, file}; IDV_REPLAY_KEY opens a sealed file.
// Out: one JSON object {decisions, report, captures}.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { text } from 'node:stream/consumers';
import { bundle, WWW } from '../../www/build/bundle.mjs';
import { launch } from './lib/browser.mjs';
import { keyOf, read } from './lib/replay-file.mjs';
import { scratch } from './lib/scratch.mjs';

const TYPES = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.json': 'application/json' };

const config = JSON.parse(await text(process.stdin));
const { head, frames } = await read(await readFile(config.file), keyOf(process.env.IDV_REPLAY_KEY));
const folder = await scratch('replay');
await bundle({ entryPoints: [join(WWW, 'src/testing/replay.ts')], outdir: folder, format: 'iife' });
const script = await readFile(join(folder, 'replay.js'), 'utf8');

const server = createServer(async (request, response) => {
  const path = normalize(new URL(request.url, 'http://localhost').pathname);
  const send = (type, body) => response.writeHead(200, { 'content-type': type }).end(body);
  try {
    const frame = path.match(/^\/frame\/(\d+)$/);
    if (path === '/') return send('text/html', '<!doctype html><title>replay</title>');
    if (frame) return send('image/jpeg', frames[Number(frame[1])]);
    return send(TYPES[extname(path)] ?? 'application/octet-stream', await readFile(join(config.dist, path)));
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

const browser = await launch({ executablePath: config.chromium, flags: config.flags });
try {
  const page = await browser.newPage();
  await page.addInitScript({ content: script });
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const { step, task, attempt, challenge } = head;
  const begun = step === 'document' ? { step, task } : { step, attempt, challenge };
  const played = await page.evaluate(
    ({ begun, times_ms }) => globalThis.idvReplay(location.href, begun, times_ms, async (index) => (await fetch(`/frame/${index}`)).blob()),
    { begun, times_ms: head.frames.map(({ at_ms }) => at_ms) },
  );
  process.stdout.write(`${JSON.stringify(played)}\n`);
} finally {
  await browser.close();
  server.close();
}
