/**
 * Files of recorded steps, as `crates/vision/src/replay` reads and writes them: a head in JSON, then the frames.
 *
 * Sealed with AES-256-GCM where there is a key: a file that shows a person is never written without one.
 */
import { webcrypto as crypto } from 'node:crypto';

const MAGIC = Buffer.from('IDVREPLAY1\n');
const [PLAIN, SEALED] = [0, 1];
const NONCE_BYTES = 12;

/** A key from its 64 hex digits; null for nothing. */
export function keyOf(hex) {
  if (!hex) return null;
  if (!/^[0-9a-f]{64}$/.test(hex)) throw new Error('a replay key is 32 bytes as 64 lower-case hex digits');
  return Buffer.from(hex, 'hex');
}

/** The file of a recorded step; `plan` is the session's, where it is known. */
export async function write({ step, models, frames, decisions, report }, { plan = null, key = null, moduleVersion = '' } = {}) {
  const head = {
    module_version: moduleVersion,
    ...(plan ? { plan } : {}),
    models,
    ...step,
    frames: frames.map(({ at_ms, jpeg }) => ({ at_ms, bytes: jpeg.length })),
    decisions,
    ...(report ? { report } : {}),
  };
  const json = Buffer.from(JSON.stringify(head));
  const length = Buffer.alloc(4);
  length.writeUInt32LE(json.length);
  const body = Buffer.concat([length, json, ...frames.map(({ jpeg }) => jpeg)]);
  if (!key) return Buffer.concat([MAGIC, Buffer.of(PLAIN), body]);
  const start = Buffer.concat([MAGIC, Buffer.of(SEALED)]);
  const nonce = crypto.getRandomValues(new Uint8Array(NONCE_BYTES));
  return Buffer.concat([start, nonce, Buffer.from(await crypto.subtle.encrypt({ name: 'AES-GCM', iv: nonce, additionalData: start }, await imported(key), body))]);
}

/** Head and frames of a file. */
export async function read(bytes, key = null) {
  const start = bytes.subarray(0, MAGIC.length + 1);
  if (!start.subarray(0, MAGIC.length).equals(MAGIC)) throw new Error('this is no replay');
  let body = bytes.subarray(start.length);
  if (start.at(-1) === SEALED) {
    if (!key) throw new Error('this replay is sealed: set IDV_REPLAY_KEY to its key');
    const [nonce, sealed] = [body.subarray(0, NONCE_BYTES), body.subarray(NONCE_BYTES)];
    body = Buffer.from(await crypto.subtle.decrypt({ name: 'AES-GCM', iv: nonce, additionalData: start }, await imported(key), sealed));
  }
  const length = body.readUInt32LE(0);
  const head = JSON.parse(body.subarray(4, 4 + length).toString());
  let at = 4 + length;
  const frames = head.frames.map(({ bytes: size }) => body.subarray(at, (at += size)));
  return { head, frames };
}

function imported(key) {
  return crypto.subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt', 'decrypt']);
}
