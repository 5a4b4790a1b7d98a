/** What a page seals and signs, in plain WebCrypto: JWE by ECDH-ES and A256GCM, JWS by ES256, one committed frame. */
import { createHash } from 'node:crypto';

const { subtle } = globalThis.crypto;
const text = new TextEncoder();
const base64url = (bytes) => Buffer.from(bytes).toString('base64url');
const part = (value) => base64url(text.encode(JSON.stringify(value)));
export const sha256 = (...parts) => parts.reduce((hash, bytes) => hash.update(bytes), createHash('sha256')).digest();

/** RFC 7638 thumbprint of a public P-256 key. */
export function thumbprint({ x, y }) {
  return base64url(sha256(JSON.stringify({ crv: 'P-256', kty: 'EC', x, y })));
}

async function publicJwk(key) {
  const { kty, crv, x, y } = await subtle.exportKey('jwk', key);
  return { kty, crv, x, y };
}

const uint32 = (value) => Buffer.from(Uint8Array.of(value >>> 24, value >>> 16, value >>> 8, value));

/** A compact JWE of `bytes` to the verifier's key, for a capture of `kind` or, without one, for frames. */
export async function seal({ verifier, session, attempt, kind }, bytes) {
  const { privateKey, publicKey } = await subtle.generateKey({ name: 'ECDH', namedCurve: 'P-256' }, false, ['deriveBits']);
  const to = await subtle.importKey('jwk', verifier, { name: 'ECDH', namedCurve: 'P-256' }, false, []);
  const shared = Buffer.from(await subtle.deriveBits({ name: 'ECDH', public: to }, privateKey, 256));
  const typ = kind === undefined ? 'idv-frames+jwe' : 'idv-capture+jwe';
  const header = { alg: 'ECDH-ES', enc: 'A256GCM', typ, kid: thumbprint(verifier), epk: await publicJwk(publicKey), session, attempt, ...(kind && { kind }) };
  // Concat KDF, one round: no apu, no apv (RFC 7518 4.6.2).
  const key = sha256(uint32(1), shared, uint32(7), text.encode('A256GCM'), uint32(0), uint32(0), uint32(256));
  const content = await subtle.importKey('raw', key, 'AES-GCM', false, ['encrypt']);
  const iv = crypto.getRandomValues(new Uint8Array(12));
  const head = part(header);
  const sealed = Buffer.from(await subtle.encrypt({ name: 'AES-GCM', iv, additionalData: text.encode(head) }, content, bytes));
  return `${head}..${base64url(iv)}.${base64url(sealed.subarray(0, -16))}.${base64url(sealed.subarray(-16))}`;
}

/** A device's key, which never leaves WebCrypto. */
export class DeviceKey {
  static async make() {
    const { privateKey, publicKey } = await subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, false, ['sign']);
    const device = new DeviceKey();
    device.key = privateKey;
    device.jwk = await publicJwk(publicKey);
    device.thumbprint = thumbprint(device.jwk);
    return device;
  }

  /** The JWS that registers it for the open attempt of a session. */
  registration(sessionId, nonce) {
    const header = { alg: 'ES256', typ: 'idv-device-key+jws', kid: this.thumbprint, jwk: this.jwk };
    return this.#signed(header, { session_id: sessionId, nonce, thumbprint: this.thumbprint });
  }

  /** The JWS over evidence. */
  sign(evidence) {
    return this.#signed({ alg: 'ES256', typ: 'idv-evidence+jws', kid: this.thumbprint }, evidence);
  }

  async #signed(header, claims) {
    const input = `${part(header)}.${part(claims)}`;
    const signature = await subtle.sign({ name: 'ECDSA', hash: 'SHA-256' }, this.key, text.encode(input));
    return `${input}.${base64url(signature)}`;
  }
}

/** The one frame of a face, black: its head, its pixels, and the commitment of a tree with this leaf alone. */
export function faceFrame() {
  const head = { step: 'face', at_us: 0, frame: { width: 32, height: 24 }, part: [0, 0, 32, 24] };
  const pixels = new Uint8Array(3 * 320 * 320);
  const numbers = Buffer.concat([Uint8Array.of(3), Buffer.alloc(8), ...[32, 24, 0, 0, 32, 24].map(uint32)]);
  const entry = sha256('idv-frame-1', numbers, pixels);
  const root = sha256(Uint8Array.of(0), entry).toString('hex');
  return { head, pixels, commitment: { root, count: 1, openable: [[0, 0]] } };
}

/** That frame opened, as bytes. */
export function opening({ head, pixels }) {
  const json = text.encode(JSON.stringify([{ index: 0, head, path: [] }]));
  return Buffer.concat([uint32(json.length), json, pixels]);
}

/** SHA-256 of what a plan asks of the page. */
export function configurationOf({ policy_key, attempt, max_attempts, steps, challenge }) {
  return sha256(JSON.stringify([policy_key, attempt, max_attempts, steps, challenge ?? null])).toString('hex');
}
