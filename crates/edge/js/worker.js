/**
 * The relay in workerd: a Worker in front, a Durable Object for each session, one for each address. A session's object
 * keeps its record and nothing else; requests over one session meet there and nowhere else.
 */
import { answered, Engine, problem, takeFrom } from './relay.js';
import { edge } from './wasm.js';

/** Time between two tries to tell the operator how a session ended, in ms. */
const DELIVER_AGAIN_MS = 60_000;
/** Time for which an ended session still answers a repeated request, in ms: a day. */
const KEPT_MS = 24 * 60 * 60 * 1000;

/** Time between two looks whether an address can be forgotten, in ms. */
const FORGET_ADDRESS_MS = 10 * 60 * 1000;

/** Header in which the Worker hands a request on to its session's object. */
const ASKED = 'x-idv-asked';

const RECORD = 'record';
const KEPT = 'kept';
const BUCKET = 'bucket';

/**
 * A Worker's relay. `settingsOf(env)` gives the settings with the bindings: `sessions` and `addresses` (Durable Object
 * namespaces of the two classes) and `captures`. No key and no random value is read before the first request.
 */
export function createRelayWorker(settingsOf) {
  const engines = new WeakMap();
  const engineOf = (env) => {
    let engine = engines.get(env);
    if (engine === undefined) engines.set(env, (engine = new Engine(settingsOf(env))));
    return engine;
  };
  const stub = (namespace, name) => namespace.get(namespace.idFromName(name));

  async function fetch(request, env) {
    const engine = engineOf(env);
    const { sessions, addresses, addressOf = (request) => request.headers.get('cf-connecting-ip') ?? 'unknown' } = engine.settings;
    const limiter = async (kind, key) => {
      const answer = await stub(addresses, key).fetch('https://address/take', { method: 'POST' });
      return Number(await answer.text());
    };
    const ask = ({ body, ...asked }) =>
      stub(sessions, asked.sessionId).fetch('https://session/ask', { method: 'POST', headers: { [ASKED]: encodeURIComponent(JSON.stringify(asked)) }, body });
    return engine.serve(request, addressOf(request), limiter, ask);
  }

  async function start(env, options) {
    const engine = engineOf(env);
    const { record, ...started } = engine.open(options);
    const answer = await stub(engine.settings.sessions, started.sessionId).fetch('https://session/open', { method: 'POST', body: JSON.stringify(record) });
    if (!answer.ok) throw new Error('the session could not be opened');
    return started;
  }

  /** The Durable Object of one session. Only the Worker reaches it. */
  class RelaySession {
    #storage;
    #engine;
    #bucket;

    constructor(state, env) {
      this.#storage = state.storage;
      this.#engine = engineOf(env);
    }

    async fetch(request) {
      const { pathname } = new URL(request.url);
      if (pathname === '/open') {
        const record = await request.json();
        const opened = await this.#store.swap(record.sessionId, undefined, record);
        return new Response(null, { status: opened ? 204 : 409 });
      }
      const asked = JSON.parse(decodeURIComponent(request.headers.get(ASKED)));
      asked.body = new Uint8Array(await request.arrayBuffer());
      try {
        return await this.#engine.ask(asked, this.#store, this.#limiter);
      } catch (error) {
        this.#engine.settings.onError?.(error);
        return answered(problem('internal'));
      }
    }

    /** Ends an overdue session, tells the operator what it does not know yet, and at last forgets everything. */
    async alarm() {
      const record = await this.#storage.get(RECORD);
      if (record === undefined) return;
      await this.#engine.expire(record.sessionId, this.#store);
      if (!(await this.#engine.deliver(record.sessionId, this.#store))) {
        await this.#storage.setAlarm(Date.now() + DELIVER_AGAIN_MS);
        return;
      }
      const { settled } = JSON.parse((await this.#storage.get(RECORD)).session);
      if (settled !== null && Date.now() >= settled.at_ms + KEPT_MS) await this.#storage.deleteAll();
    }

    #store = {
      load: () => this.#storage.get(RECORD),
      kept: () => this.#storage.get(KEPT),
      keep: (sessionId, value) => this.#storage.put(KEPT, value),
      forget: () => this.#storage.delete(KEPT),
      swap: (sessionId, revision, record) =>
        this.#storage.transaction(async (storage) => {
          const before = await storage.get(RECORD);
          if (before?.revision !== revision) return false;
          await storage.put(RECORD, { ...record, revision: (revision ?? 0) + 1 });
          await storage.setAlarm(alarmOf(record));
          return true;
        }),
    };

    #limiter = async () => {
      const taken = takeFrom(this.#bucket ?? (await this.#storage.get(BUCKET)), this.#engine.limits.session);
      this.#bucket = taken.bucket;
      await this.#storage.put(BUCKET, taken.bucket);
      return taken.retryAfterS;
    };
  }

  /** The Durable Object of one address: its bucket. */
  class RelayAddress {
    #storage;
    #limits;

    constructor(state, env) {
      this.#storage = state.storage;
      this.#limits = engineOf(env).limits.address;
    }

    async fetch() {
      const taken = takeFrom(await this.#storage.get(BUCKET), this.#limits);
      await this.#storage.put(BUCKET, taken.bucket);
      if ((await this.#storage.getAlarm()) === null) await this.#storage.setAlarm(Date.now() + FORGET_ADDRESS_MS);
      return new Response(String(taken.retryAfterS));
    }

    /** Forgets an address once its bucket says no more than a new one would. */
    async alarm() {
      const { burst, perMinute } = this.#limits;
      const bucket = (await this.#storage.get(BUCKET)) ?? '';
      if (edge().limit_is_full(bucket, burst, perMinute, Date.now())) await this.#storage.deleteAll();
      else await this.#storage.setAlarm(Date.now() + FORGET_ADDRESS_MS);
    }
  }

  return Object.freeze({ fetch, start, RelaySession, RelayAddress });
}

/** When a session's object is to wake: at its end, or once its answer need not be repeated any more. */
function alarmOf({ session, undelivered }) {
  const { settled, expires_at_ms } = JSON.parse(session);
  if (settled === null) return expires_at_ms;
  return undelivered === undefined ? settled.at_ms + KEPT_MS : Date.now() + DELIVER_AGAIN_MS;
}
