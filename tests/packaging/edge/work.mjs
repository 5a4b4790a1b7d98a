/** What is measured of the edge module, the same in Node and in workerd: each gives a function that does it once. */
import { checkEvidence, createRelay, memoryStore, tomo } from 'idv-web/edge';

const ORIGIN = 'https://idv.example';
const POLICY = 'unknown:document:passport:document_ocr_check:owner_check:submitted_doc_selfie_match';
const TERMS = { version: 't1', recipients: [{ name: 'Operator', country: 'kr', purpose: 'Checks your document.' }], retentionDays: 1 };

/** A private P-256 JWK of nobody, as a console writes it: made by WebCrypto, for measuring only. */
async function secretKey() {
  const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', privateKey);
  return btoa(JSON.stringify({ kty, crv, x, y, d })).replaceAll('+', '-').replaceAll('/', '_').replaceAll('=', '');
}

const answer = (json) => Promise.resolve(Response.json(json));

/** A refused token: another assertion is signed, and the call sent again. */
async function assertion() {
  const client = tomo.createClient({
    environment: { baseUrl: 'https://api.example' },
    clientId: 'client',
    secretKey: await secretKey(),
    fetch: (url) => {
      if (url.endsWith('/token')) return answer({ access_token: 't', token_type: 'Bearer', expires_in: 600 });
      return Promise.resolve(Response.json({ error: 'invalid_token' }, { status: 401 }));
    },
  });
  // Two tries and one assertion for each call.
  return () => client.result({ userId: 'u' }).catch(() => undefined);
}

/** A plan asked for: the request routed, the session read, the step made, the answer written. */
async function relayStep() {
  const captures = { put: async () => undefined, get: async () => undefined };
  const limits = { session: { burst: 1e9, perMinute: 1e9 }, address: { burst: 1e9, perMinute: 1e9 } };
  const relay = createRelay({ origin: ORIGIN, secretKey: await secretKey(), terms: TERMS, limits, captures, store: memoryStore(), decide: async () => ({ approved: true }) });
  const { startIdvUri } = await relay.start({ policyKey: POLICY, redirectUrlSuccess: 'https://a.example', redirectUrlFail: 'https://a.example' });
  const body = JSON.stringify({ token: new URL(startIdvUri).searchParams.get('token'), page_key: 'A'.repeat(43) });
  const opened = await relay.fetch(new Request(`${ORIGIN}/relay/v1/session`, { method: 'POST', body }));
  const { session_token: token } = await opened.json();
  const headers = { authorization: `Bearer ${token}` };
  return async () => {
    const answer = await relay.fetch(new Request(`${ORIGIN}/relay/v1/plan`, { headers }));
    if (answer.status !== 200) throw new Error(`the plan was answered with ${answer.status}`);
    await answer.text();
  };
}

/** One evidence checked, made beforehand: `{ secret, bundle, context }`. */
function evidenceCheck(made) {
  const secret = Uint8Array.from(made.secret);
  return () => {
    const { state, code } = checkEvidence({ ...made, secret });
    if (state !== 'valid') throw new Error(`the evidence was refused: ${code}`);
  };
}

/** Name of the measurement, and what makes it ready. */
export const WORK = {
  assertion_ms: assertion,
  relay_step_ms: relayStep,
  evidence_check_ms: (inputs) => evidenceCheck(inputs.opened),
  sealed_evidence_check_ms: (inputs) => evidenceCheck(inputs.sealed),
};

/** Does a measurement `times` times. */
export async function repeat(name, times, inputs) {
  const once = await WORK[name](inputs);
  for (let i = 0; i < times; i += 1) await once();
}
