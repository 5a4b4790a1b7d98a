/**
 * The relay: the page's API over web-standard requests, wherever its sessions are stored. What a request means is
 * decided in Rust (`crates/edge/src/relay`); here are transport, storage and the operator's decision.
 */
import { invalid, secretText, typed } from './errors.js';
import { read } from './run.js';
import { edge } from './wasm.js';

/** Where the page's API is. */
export const BASE = '/relay/v1';

/** Tries over a session that other requests change meanwhile; a page sends at most a few at once. */
const MAX_TRIES = 8;

/** Largest stored session in characters. A Durable Object takes about 2 MB; ours have some thousand. */
const MAX_RECORD_CHARS = 256 * 1024;

/** Headers that a page may send, and the one it may read. */
const ASK_HEADERS = 'authorization, content-type, x-idv-sha256, idempotency-key';
const PREFLIGHT_LIFE_S = '600';

/** A relay whose sessions are in `store`. */
export function createRelay(settings) {
  const engine = new Engine(settings);
  const { store, limiter = memoryLimiter(engine.limits) } = settings;
  if (typeof store?.swap !== 'function') throw invalid('store is no session store');
  return Object.freeze({
    start: async (start) => {
      const { record, ...started } = engine.open(start);
      if (!(await store.swap(started.sessionId, undefined, record))) throw invalid('the session is there already');
      return started;
    },
    fetch: (request, { address = 'unknown' } = {}) => engine.serve(request, address, limiter, (asked) => engine.ask(asked, store, limiter)),
    expire: (sessionId) => engine.expire(sessionId, store),
  });
}

/** Sessions in memory: for tests, and for one process that may forget. */
export function memoryStore() {
  const records = new Map();
  const kept = new Map();
  return {
    kept: async (id) => structuredClone(kept.get(id)),
    keep: async (id, value) => void kept.set(id, structuredClone(value)),
    forget: async (id) => void kept.delete(id),
    load: async (id) => structuredClone(records.get(id)),
    swap: async (id, revision, record) => {
      if (records.get(id)?.revision !== revision) return false;
      records.set(id, structuredClone({ ...record, revision: (revision ?? 0) + 1 }));
      return true;
    },
  };
}

/** Buckets in memory, at most so many of each kind: `limits.rs` bounds them. */
function memoryLimiter({ session, address }) {
  const of = ({ burst, perMinute }) => new (edge().RelayLimiter)(burst, perMinute);
  const limiters = { session: of(session), address: of(address) };
  return async (kind, key) => limiters[kind].take(key, Date.now());
}

/** Takes a request out of a bucket: `{ bucket, retryAfterS }`, 0 s where it is taken. */
export function takeFrom(bucket, { burst, perMinute }) {
  return JSON.parse(edge().limit_take(bucket, burst, perMinute, Date.now()));
}

/** One request of the page, read so far that its session can carry it out. */
export class Engine {
  #core;
  #judging = new Map();

  constructor(settings) {
    const { origin, secretKey, origins = [], terms, plan, testCamera, limits = {} } = settings;
    const options = JSON.stringify({ origin, terms, plan, testCamera });
    this.#core = typed(() => new (edge().RelayCore)(options, secretText(secretKey, 'secretKey')));
    this.settings = settings;
    this.origins = new Set([new URL(origin).origin, ...origins]);
    this.limits = {
      session: { burst: 90, perMinute: 60, ...limits.session },
      address: { burst: 600, perMinute: 600, ...limits.address },
    };
  }

  /** A new session: its record, and what the visitor is sent to. */
  open({ policyKey, ppid = '', clientId = '', redirectUrlSuccess, redirectUrlFail, ...applicant }) {
    for (const url of [redirectUrlSuccess, redirectUrlFail]) if (typeof url !== 'string') throw invalid('a redirect URL is missing');
    const opened = JSON.parse(typed(() => this.#core.open(String(policyKey), Date.now())));
    const { session, sessionId, submissionId, startToken, startKey } = opened;
    const returning = JSON.stringify({ ppid, client_id: clientId, redirect_success: redirectUrlSuccess, redirect_fail: redirectUrlFail });
    const url = new URL(this.settings.startUrl ?? '/idv/start', this.settings.origin);
    url.searchParams.set('token', startToken);
    url.searchParams.set('key', startKey);
    return { record: { session, returning, applicant, sessionId, submissionId, policyKey }, sessionId, submissionId, startIdvUri: url.href };
  }

  /** Cross-origin rules, limits of the address and the path's own; then `ask` of the session. */
  async serve(request, address, limiter, ask) {
    const origin = request.headers.get('origin');
    if (origin !== null && !this.origins.has(origin)) return answered(problem('origin_refused'));
    if (request.method === 'OPTIONS') return preflight(origin);
    return shared(await this.#served(request, address, limiter, ask), origin);
  }

  async #served(request, address, limiter, ask) {
    const retryAfterS = await limiter('address', edge().limit_address_key(address));
    if (retryAfterS) return limited(retryAfterS);
    const { pathname } = new URL(request.url);
    const path = pathname.startsWith(`${BASE}/`) ? pathname.slice(BASE.length) : '/';
    const route = JSON.parse(edge().relay_route(request.method, path));
    if (route.problem) return answered(route);
    let session;
    if (route.needsSession) {
      session = JSON.parse(edge().relay_bearer(request.headers.get('authorization') ?? undefined) ?? 'null');
      if (session === null) return answered(problem('session_unknown'));
    }
    const body = await read(request, route.maxBodyBytes).catch(() => null);
    if (body === null) return answered(problem('invalid_request'));
    if (body === undefined) return answered(problem('body_too_large', route.maxBodyBytes));
    if (!route.needsSession) {
      session = JSON.parse(this.#core.session_of(body, Date.now()));
      if (session.problem) return answered(session);
    }
    const { sessionId, token } = session;
    const header = (name) => request.headers.get(name) ?? undefined;
    const asked = { method: request.method, path, digest: header('x-idv-sha256'), key: header('idempotency-key') };
    return ask({ sessionId, token, body, ...asked });
  }

  /** Carries a request out on its session in `store`. */
  async ask(asked, store, limiter) {
    const { sessionId, token, body } = asked;
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const record = await store.load(sessionId);
      if (record === undefined) return answered(problem(token === undefined ? 'token_invalid' : 'session_unknown'));
      if (token === undefined) {
        const answer = JSON.parse(typed(() => this.#core.exchange(record.session, body, Date.now())));
        if (await this.#kept(store, record, answer)) return answered(answer);
        continue;
      }
      if (!edge().relay_is_token_of(record.session, token)) return answered(problem('session_unknown'));
      if (tries === 0) {
        const retryAfterS = await limiter('session', sessionId);
        if (retryAfterS) return limited(retryAfterS);
      }
      await this.#expired(store, record);
      const { bytes, ...answer } = this.#step(record, asked);
      if (answer.problem) return answered(answer);
      await this.#storeCaptures(record, answer, bytes);
      await this.#storeEvidence(record, store, answer);
      if (!(await this.#kept(store, record, answer))) continue;
      if (answer.pending === 'decide') return this.#decided(asked, store, answer.attempt);
      if (answer.pending === 'work') return this.#worked(asked, store, answer.effects);
      if (!(await this.#sent(record, store, answer.effects))) return answered(problem('vendor_unavailable'));
      await this.deliver(sessionId, store);
      return answered(answer);
    }
    return answered(problem('internal'));
  }

  /** Settles an overdue session; whether it did. */
  async expire(sessionId, store) {
    const record = await store.load(sessionId);
    const done = record !== undefined && (await this.#expired(store, record));
    if (done) await this.deliver(sessionId, store);
    return done;
  }

  /** Tells the operator how a session ended, once; an operator that fails is told again by the next request or alarm. */
  async deliver(sessionId, store) {
    const record = await store.load(sessionId);
    if (record?.undelivered === undefined) return true;
    const { outcome, reason, attempt } = record.undelivered;
    try {
      const { person, signature } = (await store.kept(sessionId)) ?? {};
      await this.settings.onSettled?.({ ...about(record), outcome, reason: reason ?? undefined, attempt, person, signature });
      await this.settings.captures?.delete?.(sessionId);
      await store.forget(sessionId);
    } catch (error) {
      this.settings.onError?.(error);
      return false;
    }
    const { undelivered, revision, ...rest } = record;
    return store.swap(sessionId, revision, rest);
  }

  #step(record, { method, path, digest, key, body }) {
    const asked = JSON.stringify({ method, path, digest, key });
    return parsed(typed(() => this.#core.step(record.session, record.returning, asked, body, Date.now())));
  }

  /** Captures are put away before the session says that they are held. */
  async #storeCaptures({ sessionId }, { effects }, bytes) {
    for (const effect of effects) {
      if (effect.do !== 'store_capture') continue;
      const { attempt, kind, sha256 } = effect;
      await this.settings.captures.put({ sessionId, attempt, kind, sha256 }, bytes);
    }
  }

  /** Evidence is kept apart from the session until its attempt is judged; what does not hold is told to the operator. */
  async #storeEvidence(record, store, { effects }) {
    for (const effect of effects) {
      if (effect.do === 'store_evidence') await store.keep(record.sessionId, { ...(await store.kept(record.sessionId)), evidence: effect.evidence });
      if (effect.do === 'evidence_refused') this.settings.onRefused?.({ ...about(record), code: effect.code, subject: effect.subject ?? undefined });
    }
  }

  /** Stores what became of a session; false where somebody else changed it meanwhile. */
  async #kept(store, record, { session, effects = [] }) {
    if (session === undefined || session === null) return true;
    if (session.length > MAX_RECORD_CHARS) throw invalid('the session is too large to be stored');
    const { revision, ...rest } = record;
    const settled = effects.find((effect) => effect.do === 'settle');
    return store.swap(record.sessionId, revision, { ...rest, session, ...(settled && { undelivered: settled }) });
  }

  async #expired(store, record) {
    const text = typed(() => this.#core.expire(record.session, Date.now()));
    return text !== undefined && this.#kept(store, record, JSON.parse(text));
  }

  /** Has the attempt judged, once however many ask, and moves the session on. */
  async #decided(asked, store, attempt) {
    const key = `${asked.sessionId}:${attempt}`;
    let judging = this.#judging.get(key);
    if (judging === undefined) {
      judging = this.#judge(asked, store, attempt).finally(() => this.#judging.delete(key));
      this.#judging.set(key, judging);
    }
    let verdict;
    try {
      verdict = JSON.stringify(await judging);
    } catch (error) {
      // The session waits: the page asks again.
      this.settings.onError?.(error);
      return answered(problem('internal'));
    }
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const record = await store.load(asked.sessionId);
      const answer = parsed(typed(() => this.#core.decided(record.session, record.returning, attempt, verdict, Date.now())));
      if (answer.problem) return answered(answer);
      if (!(await this.#kept(store, record, answer))) continue;
      await this.deliver(asked.sessionId, store);
      return answered(answer);
    }
    return answered(problem('internal'));
  }

  /** Sends the code of an effect, where there is one; whether that did not fail. */
  async #sent(record, store, effects) {
    const effect = effects.find((effect) => effect.do === 'send_otp');
    if (effect === undefined) return true;
    try {
      const { person } = (await store.kept(record.sessionId)) ?? {};
      await workOf(this.settings, 'sendOtp')({ ...about(record), person, code: effect.code });
      return true;
    } catch (error) {
      this.settings.onError?.(error);
      return false;
    }
  }

  /** Has the work of an entry done, and moves the session on by what came of it. */
  async #worked(asked, store, [effect]) {
    const { sessionId, key } = asked;
    const found = await this.#find(await store.load(sessionId), store, effect).catch((error) => {
      this.settings.onError?.(error);
      return { unavailable: true };
    });
    for (let tries = 0; tries < MAX_TRIES; tries += 1) {
      const record = await store.load(sessionId);
      const answer = parsed(typed(() => this.#core.concluded(record.session, record.returning, key, JSON.stringify(found), Date.now())));
      if (answer.problem) return answered(answer);
      if (!(await this.#kept(store, record, answer))) continue;
      await this.deliver(sessionId, store);
      return answered(answer);
    }
    return answered(problem('internal'));
  }

  /** What an effect of an entry finds. What a person typed is kept apart from the session, until it has ended. */
  async #find(record, store, effect) {
    const { sessionId } = record;
    const kept = (await store.kept(sessionId)) ?? {};
    const asked = { ...about(record), person: kept.person, signature: kept.signature };
    switch (effect.do) {
      case 'check_record':
        await store.keep(sessionId, { ...kept, person: effect.person });
        return { record: await workOf(this.settings, 'checkRecord')({ ...asked, person: effect.person }) };
      case 'check_secret':
        return { secret: await workOf(this.settings, 'checkSecret')({ ...asked, secret: effect.secret }) };
      case 'start_signature': {
        const { signature, ...found } = await workOf(this.settings, 'startSignature')({ ...asked, trigger: effect.trigger });
        if (signature !== undefined) await store.keep(sessionId, { ...kept, signature });
        return found.refused ? { signature: 'refused' } : { asked: { trigger: effect.trigger, ...found } };
      }
      default: {
        const { seen, signature } = await workOf(this.settings, 'checkSignature')(asked);
        if (signature !== undefined) await store.keep(sessionId, { ...kept, signature });
        return { signature: seen };
      }
    }
  }

  async #judge({ sessionId }, store, attempt) {
    const record = await store.load(sessionId);
    const session = JSON.parse(record.session);
    const capture = async (kind) => {
      const held = session.captures.find((held) => held.kind === kind);
      if (held === undefined) return undefined;
      const bytes = await this.settings.captures.get({ sessionId, ...held });
      return { sha256: held.sha256, bytes };
    };
    const remember = async (memory) => {
      for (let tries = 0; tries < MAX_TRIES; tries += 1) {
        const { revision, ...rest } = await store.load(sessionId);
        if (await store.swap(sessionId, revision, { ...rest, memory })) return;
      }
      throw invalid('the session keeps changing');
    };
    const { evidence: signed } = (await store.kept(sessionId)) ?? {};
    const evidence = signed === undefined ? undefined : claimsOf(signed);
    const steps = session.steps.map(({ step }) => step);
    return this.settings.decide({ ...about(record), attempt, steps, evidence, capture, memory: record.memory, remember });
  }
}

/** An answer of the wasm: its JSON, and the picture to store. */
function parsed(answer) {
  const bytes = answer.bytes();
  const json = JSON.parse(answer.json());
  answer.free();
  return { ...json, bytes };
}

/** What a compact JWS says; it was verified before it was kept. */
function claimsOf(jws) {
  const text = atob(jws.split('.')[1].replaceAll('-', '+').replaceAll('_', '/'));
  return JSON.parse(new TextDecoder().decode(Uint8Array.from(text, (character) => character.charCodeAt(0))));
}

/** What the operator is told of a session with everything it is asked. */
function about({ sessionId, submissionId, policyKey, applicant }) {
  return { sessionId, submissionId, policyKey, applicant };
}

/** The operator's function for a step without pictures. */
function workOf({ entries }, name) {
  if (typeof entries?.[name] !== 'function') throw invalid(`entries.${name} is needed by this policy`);
  return entries[name];
}

/** The problem of a code. */
export function problem(code, limit = 0) {
  return JSON.parse(edge().relay_problem(code, limit));
}

/** An answer of the relay over HTTP. */
export function answered({ status, body, problem, isProblem }, headers = {}) {
  const type = problem || isProblem ? 'application/problem+json' : 'application/json';
  const always = { 'cache-control': 'no-store', pragma: 'no-cache' };
  if (status === 204) return new Response(null, { status, headers: always });
  return new Response(body, { status, headers: { ...always, 'content-type': type, ...headers } });
}

function limited(retryAfterS) {
  return answered(problem('rate_limited'), { 'retry-after': String(retryAfterS) });
}

function preflight(origin) {
  const headers = {
    'access-control-allow-methods': 'GET, POST, PUT',
    'access-control-allow-headers': ASK_HEADERS,
    'access-control-max-age': PREFLIGHT_LIFE_S,
  };
  return shared(new Response(null, { status: 204, headers }), origin);
}

/** The answer with leave for the origin to read it. */
function shared(response, origin) {
  const headers = new Headers(response.headers);
  headers.append('vary', 'origin');
  if (origin !== null) {
    headers.set('access-control-allow-origin', origin);
    headers.set('access-control-expose-headers', 'retry-after');
  }
  return new Response(response.body, { status: response.status, headers });
}
