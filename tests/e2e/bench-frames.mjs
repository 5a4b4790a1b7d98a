// Times the package's own worker, frame by frame, in headless Chromium.
// In: one JSON object on standard input {chromium, flags, dist, document, face}. Out: {document: [ms], face: [ms],
// face_without_passive: [ms]}: the face step also without its optional network, so that its share is seen.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { text } from 'node:stream/consumers';
import { launch } from './lib/browser.mjs';
import { jpegsOf } from './lib/mjpeg.mjs';

/** Frames of each step: enough for a median, few enough for a minute. */
const FRAMES = 60;
/** Frames before the clock counts: the engine compiles and its buffers grow. */
const WARM_UP = 8;

const TYPES = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.json': 'application/json', '.html': 'text/html' };

const config = JSON.parse(await text(process.stdin));
const recordings = {
  document: jpegsOf(await readFile(config.document)),
  face: jpegsOf(await readFile(config.face)),
};

const server = createServer(async (request, response) => {
  const path = normalize(new URL(request.url, 'http://localhost').pathname);
  try {
    const frame = path.match(/^\/frame\/(document|face)\/(\d+)$/);
    if (path === '/') return send(response, 'text/html', '<!doctype html><title>bench</title>');
    if (frame) return send(response, 'image/jpeg', recordings[frame[1]][Number(frame[2])]);
    return send(response, TYPES[extname(path)] ?? 'application/octet-stream', await readFile(join(config.dist, path)));
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

const browser = await launch({ executablePath: config.chromium, flags: config.flags });
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const counts = { document: recordings.document.length, face: recordings.face.length };
  const measured = await page.evaluate(measure, { frames: FRAMES, warmUp: WARM_UP, counts });
  process.stdout.write(`${JSON.stringify(measured)}\n`);
} finally {
  await browser.close();
  server.close();
}

function send(response, type, body) {
  response.writeHead(200, { 'content-type': type }).end(body);
}

/** Runs in the page. */
async function measure({ frames, warmUp, counts }) {
  const assets = await (await fetch('/assets.json')).json();
  const absolute = (file) => new URL(file, location.href).href;
  const waiting = [];
  const answer = (type) => new Promise((resolve, reject) => waiting.push({ type, resolve, reject }));
  let worker;
  const load = async (wanted) => {
    worker?.terminate();
    worker = new Worker('/worker.js', { type: 'module' });
    worker.onmessage = ({ data }) => {
      if (data.type === 'failed') {
        for (const { reject } of waiting.splice(0)) reject(new Error(`${data.code}: ${data.message}`));
        return;
      }
      const index = waiting.findIndex(({ type }) => type === data.type);
      if (index >= 0) waiting.splice(index, 1)[0].resolve(data);
    };
    const ready = answer('ready');
    worker.postMessage({
      type: 'init',
      wasm_url: absolute(assets.vision_wasm.file),
      wasm_bytes: assets.vision_wasm.bytes,
      models: assets.models.filter(wanted).map((model) => ({ ...model, pad: undefined, url: absolute(model.file) })),
    });
    await ready;
  };

  const result = {};
  // What follows from this nonce: a turn to the left, then one to the right.
  const turn = (kind, window_ms) => ({ kind, times: 1, window_ms });
  const actions = [turn('turn_left', 24000), turn('turn_right', 25500)];
  const challenge = { nonce: '07'.repeat(32), set: 'no_precise_sight', actions, tolerance_ms: 1000, max_draws: 3 };
  const today = { year: 2026, month: 1, day: 1 };
  const task = { attempt: 1, today, side: 'front', kinds: [], manual_after_ms: 20_000, manual_after_failures: 3, barcode: false };
  let seq = 0;
  for (const measured of ['document', 'face', 'face_without_passive']) {
    const step = measured === 'document' ? 'document' : 'face';
    if (measured !== 'face') await load(({ name }) => measured === 'document' || !name.startsWith('passive_pad'));
    const begin = () => worker.postMessage(step === 'document' ? { type: 'begin_document', task } : { type: 'begin_face', attempt: 1, challenge });
    begin();
    const times = [];
    for (let i = 0; times.length < frames; i++) {
      // A face is followed at the camera's rate, a document looked at ten times a second.
      const [index, at_ms] = step === 'face' ? [i, i * (1000 / 30)] : [i * 3, i * 100];
      const blob = await (await fetch(`/frame/${step}/${index % counts[step]}`)).blob();
      const bitmap = await createImageBitmap(blob);
      const done = answer(step);
      worker.postMessage({ type: 'frame', seq: ++seq, at_ms, bitmap }, [bitmap]);
      const { elapsed_ms, captures, status } = await done;
      // The last frame of a step encodes its pictures; a step that has ended looks at no further frame.
      if (captures > 0 || status.phase === 'done') begin();
      else if (i >= warmUp) times.push(elapsed_ms);
    }
    result[measured] = times;
  }
  worker.terminate();
  return result;
}
