/** An operator's Worker: the relay, and what its tests ask it besides. Bundled and run in workerd. */
import { argos, createRelayWorker, decideByArgos, EdgeError, r2Captures, signByToss, tomo, toss } from 'idv-web/edge';

const relay = createRelayWorker((env) => {
  const { base_url: baseUrl, api_key: apiKey } = JSON.parse(env.ARGOS);
  const client = argos.createClient({ environment: { baseUrl }, apiKey });
  return {
    origin: env.ORIGIN,
    secretKey: env.RELAY_KEY,
    origins: ['https://shop.example'],
    terms: { version: 't1', recipients: [{ name: 'Operator', country: 'kr', purpose: 'Checks your document.' }], retentionDays: 1 },
    limits: JSON.parse(env.LIMITS),
    sessions: env.SESSIONS,
    addresses: env.ADDRESSES,
    captures: r2Captures(env.CAPTURES),
    decide: decideByArgos(client, ({ applicant: { email, userid } }) => ({ issuingCountry: 'USA', idType: 'passport', email, custom: { userid } })),
    entries: {
      checkRecord: async ({ person }) => person.full_name !== '아무도',
      sendOtp: async ({ sessionId, code, person }) => env.ENDS.put(`message/${sessionId}`, JSON.stringify({ to: person.phone, code })),
      ...signByToss(tossOf(env), ({ applicant: { userid } }) => ({ serviceName: 'idv-web', docTitle: userid, text: '본인 확인에 동의합니다.' })),
    },
    onSettled: ({ sessionId, outcome, reason, attempt, person, signature }) =>
      env.ENDS.put(sessionId, JSON.stringify({ outcome, reason, attempt, name: person?.full_name, signed: signature?.signedDoc?.length })),
    onError: (error) => console.error(String(error)),
  };
});

/** The operator's account at Toss. */
function tossOf(env) {
  const { base_url: base, client_id: clientId, client_secret: clientSecret, publicKey, root, issuing } = JSON.parse(env.TOSS);
  const trust = { root, intermediates: [issuing] };
  return toss.createClient({ environment: 'sandbox', clientId, clientSecret, publicKey, hosts: { tokenBase: base, apiBase: base }, trust });
}

export const { RelaySession, RelayAddress } = relay;

/** What the tests ask besides. Not part of a relay. */
const ASKED = {
  start: async (env, options) => relay.start(env, options),
  end: async (env, { sessionId }) => JSON.parse((await (await env.ENDS.get(sessionId))?.text()) ?? 'null'),
  message: async (env, { sessionId }) => JSON.parse(await (await env.ENDS.get(`message/${sessionId}`)).text()),
  captures: async (env) => (await env.CAPTURES.list()).objects.map(({ key }) => key),
  customer: async (env, { clientId, secretKey, baseUrl, start, userId }) => {
    const client = tomo.createClient({ environment: { baseUrl }, clientId, secretKey });
    const [started, ...results] = await Promise.all([client.startVerification(start), client.result({ userId }), client.result({ userId })]);
    return { ...started, health: await client.health(), records: results.map(({ records }) => records.length) };
  },
};

export default {
  async fetch(request, env) {
    const { pathname } = new URL(request.url);
    const ask = ASKED[pathname.slice('/asked/'.length)];
    if (!pathname.startsWith('/asked/') || ask === undefined) return relay.fetch(request, env);
    try {
      return Response.json(await ask(env, await request.json()));
    } catch (error) {
      const { code, retryable, message, status } = error;
      return Response.json({ isEdgeError: error instanceof EdgeError, code, retryable, message, status }, { status: 500 });
    }
  },
};
