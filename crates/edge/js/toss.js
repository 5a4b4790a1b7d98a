/** Toss certificates: request, status, result with its signature verified; user authentication likewise. */
import { secretText, typed } from './errors.js';
import { runner } from './run.js';
import { edge } from './wasm.js';

/** A client of Toss. Keep one for each credential: it holds the access token. */
function createClient({ environment, clientId, clientSecret, publicKey, hosts, trust, ...sending }) {
  const settings = JSON.stringify({ environment, clientId, publicKey, hosts, trust });
  const client = typed(() => new (edge().TossClient)(settings, secretText(clientSecret, 'clientSecret')));
  const run = runner(client, sending);
  return Object.freeze({
    request: async (sign) => (await run(() => client.request(JSON.stringify(sign)))).value,
    status: async (txId) => (await run(() => client.status(String(txId)))).value,
    result: async ({ reads, document }) => {
      const { value, bytes } = await run(() => client.result(String(reads), JSON.stringify(document)));
      return { ...value, signedDoc: bytes };
    },
    authenticate: async (auth) => (await run(() => client.authenticate(JSON.stringify(auth)))).value,
    authStatus: async ({ kind, txId }) => (await run(() => client.auth_status(String(kind), String(txId)))).value,
    authResult: async ({ kind, reads }) => {
      const { value, bytes } = await run(() => client.auth_result(String(kind), String(reads)));
      return { ...value, signature: bytes };
    },
    close: () => client.free(),
  });
}

/** The reads of a transaction whose status said `completed` now. */
function seenCompleted(reads, nowMs = Date.now()) {
  return typed(() => edge().toss_seen_completed(String(reads), nowMs));
}

export const toss = Object.freeze({ createClient, seenCompleted });
