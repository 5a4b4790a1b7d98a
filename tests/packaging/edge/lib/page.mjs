/** The hosted page's side of a session, without a page: what the browser would send. */
import { createHash, randomBytes } from 'node:crypto';

/** The smallest picture that the relay takes for a JPEG of 32 x 24 px: start, frame header, scan, end. */
export function jpeg(seed) {
  const frame = [0xff, 0xc0, 0, 17, 8, 0, 24, 0, 32, 3, 1, 0x22, 0, 2, 0x11, 1, 3, 0x11, 1];
  const scan = [0xff, 0xda, 0, 12, 3, 1, 0, 2, 0x11, 3, 0x11, 0, 63, 0, seed, seed];
  return Uint8Array.from([0xff, 0xd8, ...frame, ...scan, 0xff, 0xd9]);
}

const digest = (bytes) => createHash('sha256').update(bytes).digest('hex');

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
    const isBytes = body instanceof Uint8Array;
    const type = body === undefined ? {} : { 'content-type': isBytes ? 'image/jpeg' : 'application/json' };
    const response = await this.#fetch(`${this.#origin}/relay/v1${path}`, {
      method,
      headers: { ...this.headers, ...token, ...type, ...headers },
      body: body === undefined || isBytes ? body : JSON.stringify(body),
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

  put(attempt, kind, bytes) {
    return this.ask('PUT', `/captures/${attempt}/${kind}`, bytes, { 'x-idv-sha256': digest(bytes) });
  }

  /** Completes the plan's attempt with these captures, `[[kind, bytes], …]`, all of them already sent. */
  async complete(captures) {
    const { body: plan } = await this.plan();
    return this.ask('POST', '/complete', evidence(plan, this.consented, captures));
  }
}

/** Evidence of the plan's attempt: a report of a challenge that was not met, as of a camera that nobody moved for. */
export function evidence(plan, consent, captures) {
  const { attempt, challenge, session_id } = plan;
  return {
    protocol_version: plan.protocol_version,
    module_version: 'test',
    session_id,
    attempt,
    nonce: challenge?.nonce ?? session_id,
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
      quad: null,
      quality: { checks: [] },
      reading: null,
      method: 'automatic',
    })),
    liveness: challenge ? { nonce: challenge.nonce, turns: [], challenge_met: false, passive: { state: 'not_run' }, poses: [], frames: 1, duration_ms: 1 } : null,
    timings_ms: { document_frame: 0, face_frame: 0 },
  };
}
