/**
 * The worker's loop in Chromium, around an engine of a few instructions: real wasm memory, real bitmaps, a real trap.
 */
import assert from 'node:assert/strict';
import { createHash } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { findChromium, launch } from '../e2e/lib/browser.mjs';
import { scratch } from '../e2e/lib/scratch.mjs';
import { serve } from '../e2e/lib/static.mjs';
import { bundle, glueModule, WWW } from '../../www/build/bundle.mjs';

const skip = findChromium() ? false : 'no Chromium: set IDV_CHROMIUM';

/** A module that exports 4 MiB of `memory`, and `trap`, whose body is `unreachable`. */
// prettier-ignore
const WASM = Uint8Array.of(
  0, 0x61, 0x73, 0x6d, 1, 0, 0, 0,
  1, 4, 1, 0x60, 0, 0,
  3, 2, 1, 0,
  5, 3, 1, 0, 64,
  7, 17, 2, 6, 0x6d, 0x65, 0x6d, 0x6f, 0x72, 0x79, 2, 0, 4, 0x74, 0x72, 0x61, 0x70, 0, 0,
  10, 5, 1, 3, 0, 0, 0x0b,
);

/**
 * Glue of the shape wasm-bindgen makes. Frame 7 is a capture, or the one after `shoot`; frame 50 is refused, frame 99
 * traps. The first capture without a barcode is given up. A file of one byte is no picture.
 */
const GLUE = `
let exports;
export default async function init({ module_or_path }) {
  exports = (await WebAssembly.instantiate(module_or_path)).exports;
  return exports;
}
const OFFSET = 4096;
export class VisionWorker {
  #models = []; #captures = []; #step = null; #shoot = false; #mayGiveUp = true;
  load_model(name, bytes, sha256) {
    if (bytes.length !== 5) throw Object.assign(new Error('other bytes'), { code: 'model_digest_mismatch' });
    this.#models.push({ name, sha256 });
  }
  models() { return this.#models; }
  begin_document({ attempt }) { this.#step = { type: 'document', attempt }; }
  begin_face(attempt, challenge) { this.#step = { type: 'face', attempt, challenge }; }
  frame_buffer() { return OFFSET; }
  frame(seq, at_ms, width, height) {
    if (seq === 50) throw Object.assign(new Error('refused'), { code: 'bad_frame' });
    if (seq === 99) exports.trap();
    if (seq === 7 || this.#shoot) this.#captures = [1, 2].map((kind) => ({ meta: { kind }, jpeg: new Uint8Array([255, 216, kind]) }));
    this.#shoot = false;
    const pixels = [...new Uint8Array(exports.memory.buffer, OFFSET, 8)];
    return { type: this.#step.type, seq, elapsed_ms: 0, captures: this.#captures.length, status: { step: this.#step, at_ms, width, height, pixels } };
  }
  open_frames(indices) { return { message: { type: 'frames', frames: [...indices].map((index) => ({ index })) }, pixels: Uint8Array.from(indices) }; }
  shoot() { this.#shoot = true; }
  document_file(bytes) {
    if (bytes.length === 1) return { type: 'file', problem: 'damaged', captures: 0, kind: null };
    this.#captures = [{ meta: { kind: 'document_front' }, jpeg: bytes }];
    return { type: 'file', problem: null, captures: 1, kind: 'id1' };
  }
  take_capture() { return this.#captures.shift(); }
  give_up_capture() {
    const may = this.#mayGiveUp;
    this.#mayGiveUp = false;
    if (may) this.#captures = [];
    return may;
  }
}
const unused = () => new URL('vision_bg.wasm', import.meta.url);
`;

/** Reads 'a code' off pictures that are lighter than black. */
const BARCODE_GLUE = `
export default async function init() {}
export function readBarcode(rgba, width, height) {
  if (rgba.length !== width * height * 4) throw new Error('another size');
  return rgba[0] > 128 ? { text: 'a code' } : undefined;
}
const unused = () => new URL('barcode_bg.wasm', import.meta.url);
`;

/** The worker's script, to which a frame without a bitmap comes with one that is closed: no other has 0x0 px. */
const CLOSED = `
importScripts('/worker.js');
const { onmessage } = self;
self.onmessage = ({ data }) => {
  if (data.bitmap === null) {
    const { canvas } = new OffscreenCanvas(1, 1).getContext('2d');
    data.bitmap = canvas.transferToImageBitmap();
    data.bitmap.close();
  }
  onmessage({ data });
};
`;

let browser;
let server;
let page;

before(async () => {
  if (skip) return;
  const folder = await scratch('worker');
  await writeFile(join(folder, 'vision.js'), GLUE);
  await writeFile(join(folder, 'vision.wasm'), WASM);
  await writeFile(join(folder, 'barcode.js'), BARCODE_GLUE);
  await writeFile(join(folder, 'closed.js'), CLOSED);
  await writeFile(join(folder, 'model.tar'), 'model');
  await writeFile(join(folder, 'other.tar'), 'mod');
  await writeFile(join(folder, 'index.html'), '<!doctype html><title>worker</title>');
  await bundle({ entryPoints: [join(WWW, 'src/worker.ts')], outdir: folder, format: 'iife', plugins: [await glueModule('vision', join(folder, 'vision.js')), await glueModule('barcode', join(folder, 'barcode.js'))] });
  // The policy that the package's README asks for.
  server = await serve(folder, { 'content-security-policy': "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; connect-src 'self'" });
  browser = await launch();
  page = await browser.newPage();
  await page.goto(server.origin);
});
after(async () => {
  await browser?.close();
  server?.close();
});

const MODEL = { name: 'face_mesh', file: 'model.tar', bytes: 5, sha256: createHash('sha256').update('model').digest('hex') };

/**
 * Runs a worker through `steps` and returns every message it posts. A step is a message; `{ bitmap: [w, h] }` in a
 * frame becomes a bitmap whose first two pixels are red and green. Waits until `until` messages have come.
 */
function play(steps, until, type = 'module', script = '/worker.js') {
  return page.evaluate(
    async ({ steps, until, type, script }) => {
      const worker = new Worker(script, { type });
      const received = [];
      const enough = new Promise((resolve, reject) => {
        setTimeout(() => reject(new Error(`only ${JSON.stringify(received)}`)), 10_000);
        worker.onerror = (event) => reject(new Error(event.message));
        worker.onmessage = ({ data }) => {
          const bytes = Object.entries(data).filter(([, value]) => value instanceof ArrayBuffer);
          received.push({ ...data, ...Object.fromEntries(bytes.map(([name, value]) => [name, [...new Uint8Array(value)]])) });
          if (received.filter(({ type }) => type !== 'progress').length === until) resolve();
        };
      });
      for (const step of steps) {
        if (!step.bitmap) {
          worker.postMessage(step.bytes ? { ...step, bytes: Uint8Array.from(step.bytes).buffer } : step);
          continue;
        }
        const [width, height] = step.bitmap;
        const context = new OffscreenCanvas(width, height).getContext('2d');
        context.fillStyle = '#ff0000';
        context.fillRect(0, 0, 1, 1);
        context.fillStyle = '#00ff00';
        context.fillRect(1, 0, 1, 1);
        const bitmap = context.canvas.transferToImageBitmap();
        worker.postMessage({ ...step, bitmap }, [bitmap]);
      }
      await enough;
      // Whatever comes after the last expected message would be one too many.
      await new Promise((later) => setTimeout(later, 200));
      worker.terminate();
      return received;
    },
    { steps, until, type, script },
  );
}

const init = (change = {}) => ({ type: 'init', wasm_url: `${server.origin}/vision.wasm`, wasm_bytes: WASM.length, models: [{ ...MODEL, url: `${server.origin}/model.tar` }], ...change });
const document = (change = {}) => ({ type: 'begin_document', task: { attempt: 1, barcode: false, ...change } });
const frame = (seq, bitmap = [64, 48]) => ({ type: 'frame', seq, at_ms: seq * 33, bitmap });
const said = (messages) => messages.filter(({ type }) => type !== 'progress');

for (const type of ['module', 'classic']) {
  test(`loads, tells progress up to the whole, and answers a frame, as a ${type} worker`, { skip }, async () => {
    const messages = await play([init(), document({ attempt: 2 }), frame(1)], 2, type);
    const progress = messages.filter(({ type }) => type === 'progress');
    assert.deepEqual(progress.at(-1), { type: 'progress', loaded: WASM.length + 5, total: WASM.length + 5 });
    const [ready, answer] = said(messages);
    assert.deepEqual(ready, { type: 'ready', models: [{ name: 'face_mesh', sha256: MODEL.sha256 }] });
    assert.equal(answer.type, 'document');
    assert.equal(answer.status.step.attempt, 2);
    assert.ok(answer.elapsed_ms >= 0);
  });
}

test('writes the pixels of the bitmap into wasm memory as RGBA', { skip }, async () => {
  const [, answer] = said(await play([init(), document(), frame(1)], 2));
  assert.deepEqual(answer.status.pixels, [255, 0, 0, 255, 0, 255, 0, 255]);
  assert.deepEqual([answer.status.width, answer.status.height], [64, 48]);
});

test('takes frames of another size after the camera changed', { skip }, async () => {
  const messages = said(await play([init(), document(), frame(1), frame(2, [48, 64]), frame(3)], 4));
  assert.deepEqual(messages.slice(1).map(({ status }) => [status.width, status.height]), [[64, 48], [48, 64], [64, 48]]);
  assert.ok(messages.slice(1).every(({ status }) => status.pixels[0] === 255));
});

test('hands over the frames that are asked for, with their pixels', { skip }, async () => {
  const [, answer] = said(await play([init(), document(), { type: 'open_frames', indices: [3, 8] }], 2));
  assert.deepEqual(answer, { type: 'frames', frames: [{ index: 3 }, { index: 8 }], pixels: [3, 8] });
});

test('passes the challenge on as it is', { skip }, async () => {
  const challenge = { nonce: 'ab', set: 'standard', actions: [{ kind: 'smile', times: 1, window_ms: 7000 }], tolerance_ms: 1000, max_draws: 3 };
  const [, answer] = said(await play([init(), { type: 'begin_face', attempt: 1, challenge }, frame(1)], 2));
  assert.deepEqual(answer.status.step.challenge, challenge);
});

test('posts every capture after the answer that announces them', { skip }, async () => {
  const messages = said(await play([init(), { type: 'begin_face', attempt: 1, challenge: {} }, frame(7), frame(8)], 5));
  assert.deepEqual(messages.map(({ type }) => type), ['ready', 'face', 'capture', 'capture', 'face']);
  assert.equal(messages[1].captures, 2);
  assert.deepEqual(messages[3], { type: 'capture', meta: { kind: 2 }, jpeg: [255, 216, 2] });
});

test('goes on after a frame that is refused', { skip }, async () => {
  const messages = said(await play([init(), document(), frame(50), frame(51)], 3));
  assert.deepEqual(messages.slice(1).map(({ type, code }) => code ?? type), ['bad_frame', 'document']);
});

test('refuses a frame of 0x0 px and goes on', { skip }, async () => {
  const messages = said(await play([init(), document(), { ...frame(1), bitmap: null }, frame(2)], 3, 'classic', '/closed.js'));
  assert.deepEqual(messages.slice(1).map(({ type, message }) => message ?? type), ['a frame of 0x0 px is not taken', 'document']);
});

test('refuses a frame of 8000 px without asking the engine', { skip }, async () => {
  const messages = said(await play([init(), document(), frame(1, [8000, 4]), frame(2)], 3));
  assert.deepEqual(messages.slice(1).map(({ type, code }) => code ?? type), ['bad_frame', 'document']);
});

test('reports a trap once and answers nothing more', { skip }, async () => {
  const messages = said(await play([init(), document(), frame(99), frame(100), frame(101)], 2));
  assert.deepEqual(messages.map(({ type, code }) => code ?? type), ['ready', 'engine_trapped']);
});

for (const [what, change, code] of [
  ['a wasm that is not there', () => ({ wasm_url: `${server.origin}/none.wasm` }), 'engine_load_failed'],
  ['a page in the place of the wasm', () => ({ wasm_url: `${server.origin}/index.html` }), 'engine_load_failed'],
  ['a model that is not there', () => ({ models: [{ ...MODEL, url: `${server.origin}/none.tar` }] }), 'engine_load_failed'],
  ['a model that the engine refuses', () => ({ models: [{ ...MODEL, url: `${server.origin}/other.tar` }] }), 'model_digest_mismatch'],
  ['a model longer than announced', () => ({ models: [{ ...MODEL, bytes: 3, url: `${server.origin}/model.tar` }] }), 'model_digest_mismatch'],
]) {
  test(`fails with a code for ${what}`, { skip }, async () => {
    const [failure, ...rest] = said(await play([init(change()), frame(1)], 1));
    assert.equal(failure.type, 'failed');
    assert.equal(failure.code, code);
    assert.deepEqual(rest, []);
  });
}

test('a picture is taken when the user takes it', { skip }, async () => {
  const messages = said(await play([init(), document(), { type: 'shoot' }, frame(1), frame(2)], 5));
  assert.deepEqual(messages.map(({ type }) => type), ['ready', 'document', 'capture', 'capture', 'document']);
});

test('a file is answered with what is wrong with it, or with its capture', { skip }, async () => {
  const [, damaged, taken, capture] = said(await play([init(), document(), { type: 'file', bytes: [1] }, { type: 'file', bytes: [255, 216, 9] }], 4));
  assert.deepEqual(damaged, { type: 'file', problem: 'damaged', captures: 0, kind: null });
  assert.deepEqual(taken, { type: 'file', problem: null, captures: 1, kind: 'id1' });
  assert.deepEqual(capture, { type: 'capture', meta: { kind: 'document_front' }, jpeg: [255, 216, 9] });
});

test('a capture goes with its barcode where it should have one', { skip }, async () => {
  const [black, white] = await page.evaluate(async () => {
    const jpeg = async (colour) => {
      const context = new OffscreenCanvas(32, 32).getContext('2d');
      context.fillStyle = colour;
      context.fillRect(0, 0, 32, 32);
      const blob = await context.canvas.convertToBlob({ type: 'image/jpeg' });
      return [...new Uint8Array(await blob.arrayBuffer())];
    };
    return Promise.all([jpeg('black'), jpeg('white')]);
  });
  const load = { type: 'load_barcode', wasm_url: `${server.origin}/vision.wasm` };
  const file = (bytes) => ({ type: 'file', bytes });
  const withCode = said(await play([init(), load, document({ barcode: true }), file(white)], 3));
  assert.deepEqual(withCode[2].meta, { kind: 'document_front', barcode: { text: 'a code' } });
  const without = said(await play([init(), load, document({ barcode: true }), file(black)], 3));
  assert.deepEqual(without[2].meta, { kind: 'document_front' }, 'the user chose this file');
  const unasked = said(await play([init(), load, document(), file(white)], 3));
  assert.deepEqual(unasked[2].meta, { kind: 'document_front' });
  const unreachable = { ...load, wasm_url: `${server.origin}/nowhere.wasm` };
  const lost = said(await play([init(), unreachable, document({ barcode: true }), file(white)], 3));
  assert.deepEqual(lost[2].meta, { kind: 'document_front' }, 'without its reader a capture goes without');
});

test('a frame whose barcode cannot be read is given up once, for a better one', { skip }, async () => {
  const load = { type: 'load_barcode', wasm_url: `${server.origin}/nowhere.wasm` };
  const shoot = { type: 'shoot' };
  const [, given, kept, ...captures] = said(await play([init(), load, document({ barcode: true }), shoot, frame(1), shoot, frame(2)], 5));
  assert.deepEqual([given.captures, given.status.captured, given.status.hint], [0, false, 'unreadable']);
  assert.deepEqual([kept.captures, captures.map(({ type }) => type)], [2, ['capture', 'capture']]);
});
