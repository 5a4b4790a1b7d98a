/** An operator: the Worker of worker.mjs in workerd, and behind it the sandbox's vendors. */
import assert from 'node:assert/strict';
import { fileURLToPath } from 'node:url';
import { scratch } from '../../../e2e/lib/scratch.mjs';
import { install } from '../../lib/package.mjs';
import { Page } from './page.mjs';
import { startSandbox } from './sandbox.mjs';
import { startWorkerd, workerModules } from './workerd.mjs';

export const ORIGIN = 'https://idv.example';

/** A private P-256 JWK as text. */
async function secretKey() {
  const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', privateKey);
  return Buffer.from(JSON.stringify({ kty, crv, x, y, d })).toString('base64url');
}

export class Operator {
  #engine;
  #modules;
  #bindings;

  /** Starts sandbox and engine. */
  static async start() {
    const operator = new Operator();
    const { user } = await install();
    operator.#modules = await workerModules(user, fileURLToPath(new URL('../worker.mjs', import.meta.url)));
    const sandbox = await startSandbox();
    const file = async (path) => (await fetch(`${sandbox.toss.base_url}${path}`)).text();
    operator.sandbox = sandbox;
    operator.folder = await scratch('workerd');
    operator.relayKey = await secretKey();
    operator.#bindings = {
      ORIGIN,
      RELAY_KEY: operator.relayKey,
      ARGOS: JSON.stringify(sandbox.argos),
      TOSS: JSON.stringify({ ...sandbox.toss, publicKey: await file('/public-key.pem'), root: await file('/ca/root.pem'), issuing: await file('/ca/issuing.pem') }),
    };
    await operator.run();
    return operator;
  }

  /** Runs the engine, with `limits` of the relay, over what is stored; one that runs is ended first. */
  async run(limits = {}) {
    await this.#engine?.dispose();
    this.#engine = await startWorkerd(this.#modules, { ...this.#bindings, LIMITS: JSON.stringify(limits) }, this.folder);
  }

  async stop() {
    await this.#engine?.dispose();
    this.sandbox?.stop();
  }

  /** One request to the Worker. */
  fetch = (url, init) => this.#engine.dispatchFetch(url, init);

  /** Asks the Worker something that is no page's request. */
  async asked(what, body = {}) {
    return (await this.fetch(`${ORIGIN}/asked/${what}`, { method: 'POST', body: JSON.stringify(body) })).json();
  }

  /** A page of a new session, opened by a visitor at `address`. */
  async opened(policyKey, userid, address = '192.0.2.1') {
    const redirects = { redirectUrlSuccess: 'https://shop.example/ok', redirectUrlFail: 'https://shop.example/fail' };
    const applicant = { userid, email: `${userid.replaceAll(':', '-')}@example.com` };
    const started = await this.asked('start', { policyKey, ...redirects, clientId: 'c1', ppid: 'ppid.x', ...applicant });
    const page = new Page(started.startIdvUri, { fetch: this.fetch, headers: { 'cf-connecting-ip': address } });
    const { status, body } = await page.open();
    assert.equal(status, 200, JSON.stringify(body));
    return { page, ...started };
  }
}
