/**
 * Carries calls out with the engine's fetch. What to send, whether to send it again and what an answer means is
 * decided in Rust (`crates/edge/src/runner.rs`).
 */
import { EdgeError, typed } from './errors.js';

/** Time for a whole request, in ms: none of these calls computes anything long. */
const TIMEOUT_MS = 15_000;

const DONE = -1;
const RENEW_TOKEN = -2;

/** Causes of Node's fetch that say that nothing left the machine. workerd names none: there it may have left. */
const NOT_SENT = new Set(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'EHOSTUNREACH', 'ENETUNREACH', 'UND_ERR_CONNECT_TIMEOUT']);

const sleep = (ms) => new Promise((resolve) => setTimeout(resolve, ms));

/**
 * A function that carries calls of `client` out: `run(() => client.call(…))` gives `{ value, bytes }`. Where the client
 * has access tokens, at most one is asked for at a time.
 */
export function runner(client, { fetch: send = (...args) => globalThis.fetch(...args), timeoutMs = TIMEOUT_MS } = {}) {
  let pending;

  async function carryOut(call, renew) {
    try {
      for (;;) {
        const wait = await once(call, send, timeoutMs);
        if (wait === DONE) return { value: JSON.parse(call.json()), bytes: call.bytes() };
        if (wait === RENEW_TOKEN) await renew();
        else await sleep(wait);
      }
    } finally {
      call.free();
    }
  }

  const ask = () => carryOut(client.token());

  async function token() {
    while (!client.has_token(Date.now())) {
      if (pending === undefined) {
        pending = ask().finally(() => (pending = undefined));
        await pending;
        return;
      }
      // The one that asks may be ended with its own request in some engines: nobody waits for it longer than it can take.
      let timer;
      const late = new Promise((resolve) => (timer = setTimeout(resolve, timeoutMs, 'late')));
      const outcome = await Promise.race([pending, late]).finally(() => clearTimeout(timer));
      if (outcome === 'late') return void (await ask());
    }
  }

  return async function run(makeCall, { withoutToken = false } = {}) {
    const call = typed(makeCall);
    if (withoutToken || typeof client.has_token !== 'function') return carryOut(call);
    try {
      await token();
    } catch (error) {
      // Where the held token is near its end and no new one comes, the held one serves.
      if (client.holds_token?.(Date.now()) !== true) {
        call.free();
        throw error;
      }
    }
    return carryOut(call, token);
  };
}

/** One try: DONE, RENEW_TOKEN, or the ms to wait. */
async function once(call, send, timeoutMs) {
  const outgoing = typed(() => call.request(Date.now()));
  let request;
  try {
    const method = outgoing.method();
    const body = outgoing.body();
    const init = { method, headers: JSON.parse(outgoing.headers()), redirect: 'manual', signal: AbortSignal.timeout(timeoutMs) };
    request = [outgoing.url(), method === 'GET' || body.length === 0 ? init : { ...init, body }];
  } finally {
    outgoing.free();
  }
  let response;
  let body;
  try {
    response = await send(...request);
    body = await read(response, call.limit());
  } catch (error) {
    return typed(() => call.failed(how(error)));
  }
  if (body === undefined) return typed(() => call.failed('too_large'));
  const retryAfter = response.headers.get('retry-after') ?? undefined;
  return typed(() => call.answered(response.status, body, retryAfter, Date.now()));
}

/** How a request failed. */
function how(error) {
  if (error instanceof EdgeError) throw error;
  if (error?.name === 'TimeoutError' || error?.name === 'AbortError') return 'timed_out';
  const causes = error?.cause?.errors ?? [error?.cause];
  return causes.every((cause) => NOT_SENT.has(cause?.code)) ? 'not_sent' : 'broken';
}

/** The whole body of a request or an answer; undefined where it is over `limit` bytes. */
export async function read(message, limit) {
  if (message.body === null) return new Uint8Array();
  const declared = Number(message.headers.get('content-length') ?? 0);
  const reader = message.body.getReader();
  const chunks = [];
  let length = 0;
  for (;;) {
    const { done, value } = declared > limit ? { value: { length: declared } } : await reader.read();
    if (done) break;
    length += value.length;
    if (length > limit) {
      await reader.cancel().catch(() => undefined);
      return undefined;
    }
    chunks.push(value);
  }
  const whole = new Uint8Array(length);
  let at = 0;
  for (const chunk of chunks) {
    whole.set(chunk, at);
    at += chunk.length;
  }
  return whole;
}
