/** TomoIDV: token, start, result, reset, deletion, health. */
import { secretText, typed } from './errors.js';
import { runner } from './run.js';
import { edge } from './wasm.js';

/** A client of TomoIDV. Keep one for each credential: it holds the access token. */
function createClient({ environment, issuedBy, clientId, secretKey, apiVersion, ...sending }) {
  const settings = JSON.stringify({ environment, issuedBy, clientId, apiVersion });
  const client = typed(() => new (edge().TomoClient)(settings, secretText(secretKey, 'secretKey')));
  const run = runner(client, sending);
  const value = async (makeCall, how) => (await run(makeCall, how)).value;
  return Object.freeze({
    startVerification: (start) => value(() => client.start(JSON.stringify(start))),
    result: (query) => value(() => client.result(JSON.stringify(query))),
    kycGet: (query) => value(() => client.kyc_get(JSON.stringify(query))),
    reset: (reset) => value(() => client.reset(JSON.stringify(reset))),
    deleteResult: (userId) => value(() => client.delete(String(userId))),
    bulkDelete: (userIds) => value(() => client.bulk_delete(JSON.stringify(userIds))),
    health: () => value(() => client.health(), { withoutToken: true }),
    close: () => client.free(),
  });
}

/** What the URL that a visitor came back with claims. */
function readReturn(url, { clientId, nowMs = Date.now() }) {
  return JSON.parse(typed(() => edge().read_return(String(url), String(clientId), nowMs)));
}

export const tomo = Object.freeze({ createClient, readReturn });
