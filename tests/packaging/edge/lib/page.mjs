/** The hosted page's side of a session, without a page: what the browser would seal, sign and send. */
import { randomBytes } from 'node:crypto';
import { configurationOf, DeviceKey, faceFrame, opening, seal, sha256 } from './seal.mjs';

/** The smallest picture that the relay takes for a JPEG of 32 x 24 px: start, frame header, scan, end. */
export function jpeg(seed) {
  const frame = [0xff, 0xc0, 0, 17, 8, 0, 24, 0, 32, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1];
  const scan = [0xff, 0xda, 0, 12, 3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0, seed, seed];
  return Uint8Array.from([0xff, 0xd8, ...frame, ...scan, 0xff, 0xd9]);
}

const digest = (bytes) => sha256(bytes).toString('hex');

/** A page that opens `startIdvUri`; `fetch` reaches the relay at `origin`. */
export class Page {
  #fetch;
  #origin;
  #key = randomBytes(32).toString('base64url');
  #token;
  /** Headers of every request. */
  headers;

  constructor(startIdvUri, { fetch = globalThis.fetch, origin = new URL(startIdvUri).origin, headers = {} } = {}) {
    this.start = new URL(startIdvUri);
    this.#fetch = fetch;
    this.#origin = origin;
    this.headers = headers;
  }

  /** One request: status, parsed body, headers. */
  async ask(method, path, body, headers = {}) {
    const token = this.#token === undefined ? {} : { authorization: `Bearer ${this.#token}` };
    const isText = typeof body === 'string';
    const type = body === undefined ? {} : { 'content-type': isText ? 'application/jose' : 'application/json' };
    const response = await this.#fetch(`${this.#origin}/relay/v1${path}`, {
      method,
      headers: { ...this.headers, ...token, ...type, ...headers },
      body: body === undefined || isText ? body : JSON.stringify(body),
    });
    const text = await response.text();
    return { status: response.status, body: text === '' ? undefined : JSON.parse(text), headers: response.headers };
  }

  /** Exchanges the start token. */
  async open() {
    const answer = await this.ask('POST', '/session', { token: this.start.searchParams.get('token'), page_key: this.#key });
    if (answer.status === 200) this.#token = answer.body.session_token;
    return answer;
  }

  plan() {
    return this.ask('GET', '/plan');
  }

  async consent() {
    const { body: plan } = await this.plan();
    this.consented = { version: plan.consent.version, locale: 'en', given_at_ms: Date.now() };
    return this.ask('POST', '/consent', this.consented);
  }

  /** Registers the device's key for the open attempt. */
  async register() {
    const { body: plan } = await this.plan();
    this.device ??= await DeviceKey.make();
    return this.ask('POST', '/device-key', await this.device.registration(plan.session_id, plan.nonce));
  }

  /** Seals a capture and sends it. */
  async put(attempt, kind, bytes) {
    this.sealTo ??= (({ verifier, session_id: session }) => ({ verifier, session }))((await this.plan()).body);
    return this.putSealed(attempt, kind, await seal({ ...this.sealTo, attempt, kind }, bytes));
  }

  putSealed(attempt, kind, sealed) {
    return this.ask('PUT', `/captures/${attempt}/${kind}`, sealed, { 'x-idv-sha256': digest(sealed) });
  }

  /** Signs the evidence of the plan's attempt with these captures, `[[kind, bytes], …]`, all of them already sent. */
  async signed(captures) {
    const { body: plan } = await this.plan();
    if ((await this.register()).status !== 204) throw new Error('the device key was not registered');
    const frame = plan.challenge ? faceFrame() : undefined;
    const said = { ...evidence(plan, this.consented, captures, frame), device_key: this.device.thumbprint };
    return { plan, frame, jws: await this.device.sign(said) };
  }

  /** Completes the plan's attempt, and opens the frames that are asked for. */
  async complete(captures) {
    const { plan, frame, jws } = await this.signed(captures);
    return this.finish(plan, frame, jws);
  }

  async finish(plan, frame, jws) {
    const answer = await this.ask('POST', '/complete', jws);
    if (answer.body?.state !== 'frames') return answer;
    const { session_id: session, verifier, attempt } = plan;
    const frames = await seal({ verifier, session, attempt }, opening(frame));
    return this.ask('POST', `/frames/${attempt}`, frames, { 'x-idv-sha256': digest(frames) });
  }
}

/** Evidence of the plan's attempt: a report of a challenge that was not met, as of a camera that nobody moved for. */
export function evidence(plan, consent, captures, frame) {
  const { attempt, challenge, session_id, nonce } = plan;
  return {
    protocol_version: plan.protocol_version,
    module_version: 'test',
    session_id,
    attempt,
    nonce,
    issued_at_ms: Date.now(),
    build: { vision_wasm_sha256: '0'.repeat(64), barcode_wasm_sha256: '0'.repeat(64) },
    configuration_sha256: configurationOf(plan),
    consent,
    models: [],
    cameras: [],
    document_kind: null,
    captures: captures.map(([kind, bytes]) => ({
      kind,
      attempt,
      sha256: digest(bytes),
      bytes: bytes.length,
      size: { width: 32, height: 24 },
      at_ms: 0,
      frame: kind === 'selfie' ? 0 : undefined,
      quad: null,
      quality: { checks: [] },
      reading: null,
      method: 'automatic',
    })),
    frames: frame?.commitment,
    liveness: challenge ? { nonce: challenge.nonce, set: challenge.set, draw: 0, actions: [], challenge_met: false, depth: null, breaks: [], passive: { state: 'not_run' }, cues: [], poses: [], frames: 1, duration_ms: 1 } : null,
    timings_ms: { document_frame: 0, face_frame: 0 },
  };
}
