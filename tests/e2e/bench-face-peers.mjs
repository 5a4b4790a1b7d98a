// Times others on the frames of the face step, in headless Chromium, one thread of wasm.
// In: one JSON object on standard input {chromium, flags, modules, detector, recording}: the folder of their npm packages,
// the published detector or null. Out: {peer: {metric: ms}}: the mean of a whole frame, and the median of each network.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { text } from 'node:stream/consumers';
import { launch } from './lib/browser.mjs';
import { jpegsOf } from './lib/mjpeg.mjs';

/** Frames of each peer, and frames before the clock counts. */
const FRAMES = 40;
const WARM_UP = 6;

const TYPES = { '.js': 'text/javascript', '.mjs': 'text/javascript', '.wasm': 'application/wasm', '.json': 'application/json' };

const config = JSON.parse(await text(process.stdin));
const recording = jpegsOf(await readFile(config.recording));
const detector = config.detector && resized(await readFile(config.detector));

const server = createServer(async (request, response) => {
  const path = normalize(new URL(request.url, 'http://localhost').pathname);
  try {
    const frame = path.match(/^\/frame\/(\d+)$/);
    if (path === '/') return send(response, 'text/html', '<!doctype html><title>bench</title>');
    if (path === '/detector.onnx') return send(response, 'application/octet-stream', detector);
    if (frame) return send(response, 'image/jpeg', recording[Number(frame[1])]);
    return send(response, TYPES[extname(path)] ?? 'application/octet-stream', await readFile(join(config.modules, path)));
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

const browser = await launch({ executablePath: config.chromium, flags: config.flags });
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const job = { frames: FRAMES, warmUp: WARM_UP, count: recording.length, detector: Boolean(detector) };
  const engine = await page.evaluate(engineTimes, job);
  const human = await page.evaluate(humanTimes, job);
  process.stdout.write(`${JSON.stringify({ 'onnxruntime-web': engine, human })}\n`);
} finally {
  await browser.close();
  server.close();
}

function send(response, type, body) {
  response.writeHead(200, { 'content-type': type }).end(body);
}

/**
 * The detector for an input of 320 px in place of 640: ONNX is a protocol buffer, in whose graph (field 7) the sizes within
 * (13) and those of the outputs (12) are left out and that of the input (11) is written anew.
 */
function resized(onnx) {
  const shapeless = (body) => edited(body, (field, type) => (field === 2 ? edited(type, (inner, tensor) => (inner === 1 ? edited(tensor, (part, shape) => (part === 2 ? null : shape)) : tensor)) : type));
  return edited(onnx, (model, graph) => (model !== 7 ? graph : edited(graph, (field, body) => {
    if (field === 13) return null;
    if (field === 12) return shapeless(body);
    return field === 11 ? halved(body) : body;
  })));
}

/** An input whose sides of 640 are 320: fields of two bytes in either. */
function halved(body) {
  const from = Buffer.from([0x08, 0x80, 0x05]);
  const input = Buffer.from(body);
  for (let at = input.indexOf(from); at >= 0; at = input.indexOf(from, at + 1)) input.set([0xc0, 0x02], at + 1);
  return input;
}

/** A message of a protocol buffer with each of its parts as `edit(field, part)` gives it, or without it for null. */
function edited(bytes, edit) {
  const parts = [];
  let at = 0;
  const number = () => {
    let [value, factor, byte] = [0, 1, 128];
    for (; byte & 128; factor *= 128) {
      byte = bytes[at++];
      value += (byte & 127) * factor;
    }
    return value;
  };
  while (at < bytes.length) {
    const begin = at;
    const key = number();
    if (key % 8 === 0) number();
    else if (key % 8 === 2) {
      const length = number();
      const part = bytes.subarray(at, at + length);
      at += length;
      const now = edit(key >> 3, part);
      if (now !== part) {
        if (now) parts.push(Buffer.from([...varint(key), ...varint(now.length)]), now);
        continue;
      }
    } else at += key % 8 === 1 ? 8 : 4;
    parts.push(bytes.subarray(begin, at));
  }
  return Buffer.concat(parts);
}

function varint(value) {
  const bytes = [];
  for (; value > 127; value = Math.floor(value / 128)) bytes.push((value & 127) | 128);
  return [...bytes, value];
}

/** Runs in the page: each network of ours that is published as ONNX, on noise, whose content changes no time. */
async function engineTimes({ frames, warmUp, detector }) {
  const ort = await import('/onnxruntime-web/dist/ort.wasm.min.mjs');
  ort.env.wasm.numThreads = 1;
  ort.env.wasm.wasmPaths = '/onnxruntime-web/dist/';
  ort.env.logLevel = 'error';
  const networks = { passive_pad_ms: ['/faceplugin-face-recognition-js/model/fr_liveness.onnx', 128, 2] };
  if (detector) networks.face_detector_ms = ['/detector.onnx', 320, 1];
  const result = {};
  for (const [metric, [url, side, runs]] of Object.entries(networks)) {
    const session = await ort.InferenceSession.create(new Uint8Array(await (await fetch(url)).arrayBuffer()), { executionProviders: ['wasm'] });
    const values = Float32Array.from({ length: 3 * side * side }, (_, i) => (i * 7919) % 256);
    const times = [];
    for (let i = 0; i < warmUp + frames; i++) {
      const began = performance.now();
      for (let run = 0; run < runs; run++) await session.run({ [session.inputNames[0]]: new ort.Tensor('float32', values, [1, 3, side, side]) });
      if (i >= warmUp) times.push(performance.now() - began);
    }
    result[metric] = times.sort((a, b) => a - b)[times.length >> 1];
  }
  return result;
}

/** Runs in the page: the package's detector, mesh, anti-spoofing and liveness on each frame, by its own cache's rates. */
async function humanTimes({ frames, warmUp, count }) {
  const { Human } = await import('/@vladmandic/human/dist/human.esm.js');
  const human = new Human({
    backend: 'wasm', wasmPath: '/@tensorflow/tfjs-backend-wasm/dist/', modelBasePath: '/@vladmandic/human/models/', debug: false,
    filter: { enabled: false }, gesture: { enabled: false }, body: { enabled: false }, hand: { enabled: false },
    object: { enabled: false }, segmentation: { enabled: false },
    face: {
      enabled: true, detector: { maxDetected: 1, rotation: false }, mesh: { enabled: true }, iris: { enabled: false },
      emotion: { enabled: false }, description: { enabled: false }, antispoof: { enabled: true }, liveness: { enabled: true },
    },
  });
  await human.load();
  const canvas = document.createElement('canvas');
  const context = canvas.getContext('2d', { willReadFrequently: true });
  const times = [];
  for (let i = 0; i < warmUp + frames; i++) {
    const bitmap = await createImageBitmap(await (await fetch(`/frame/${i % count}`)).blob());
    [canvas.width, canvas.height] = [bitmap.width, bitmap.height];
    context.drawImage(bitmap, 0, 0);
    const began = performance.now();
    const { face } = await human.detect(canvas);
    const took = performance.now() - began;
    if (i === 0 && face.length !== 1) throw new Error('human found no face');
    if (i >= warmUp) times.push(took);
  }
  return { ms_per_frame_wasm: times.reduce((sum, time) => sum + time, 0) / times.length };
}
