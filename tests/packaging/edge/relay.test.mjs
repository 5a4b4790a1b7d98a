/** The relay of the packed package in Node, its sessions in memory. */
import assert from 'node:assert/strict';
import { before, test } from 'node:test';
import { jpeg, Page } from './lib/page.mjs';
import { importEdge } from './lib/sandbox.mjs';

const ORIGIN = 'https://idv.example';
const POLICY = 'unknown:document:passport:document_ocr_check:owner_check:submitted_doc_selfie_match';
const START = { policyKey: POLICY, redirectUrlSuccess: 'https://shop.example/ok', redirectUrlFail: 'https://shop.example/fail', clientId: 'c1', ppid: 'ppid.x' };
const TERMS = { version: 't1', recipients: [{ name: 'Operator', country: 'kr', purpose: 'Checks your document.' }], retentionDays: 1 };

let edge;
let secretKey;
before(async () => {
  ({ edge } = await importEdge());
  const { privateKey } = await crypto.subtle.generateKey({ name: 'ECDSA', namedCurve: 'P-256' }, true, ['sign', 'verify']);
  const { kty, crv, x, y, d } = await crypto.subtle.exportKey('jwk', privateKey);
  secretKey = Buffer.from(JSON.stringify({ kty, crv, x, y, d })).toString('base64url');
});

function memoryCaptures() {
  const held = new Map();
  const name = ({ sessionId, attempt, kind, sha256 }) => `${sessionId}/${attempt}/${kind}/${sha256}`;
  return {
    held,
    put: async (key, bytes) => void held.set(name(key), Uint8Array.from(bytes)),
    get: async (key) => held.get(name(key)),
    delete: async (sessionId) => [...held.keys()].filter((key) => key.startsWith(`${sessionId}/`)).forEach((key) => held.delete(key)),
  };
}

function relayWith(more = {}) {
  const captures = memoryCaptures();
  const ends = [];
  const settings = { origin: ORIGIN, secretKey, origins: ['https://shop.example'], terms: TERMS, store: edge.memoryStore(), captures, decide: async () => ({ approved: true }), onSettled: (end) => void ends.push(end), ...more };
  const relay = edge.createRelay(settings);
  const send = (url, init) => relay.fetch(new Request(url, { duplex: 'half', ...init }), { address: '192.0.2.1' });
  const open = async (start = START, options = {}) => {
    const { startIdvUri, submissionId } = await relay.start(start);
    const page = new Page(startIdvUri, { fetch: send, ...options });
    assert.equal((await page.open()).status, 200);
    return { page, submissionId };
  };
  return { relay, captures, ends, open, send, store: settings.store };
}

/** Both pictures of a plan with a passport and a face. */
const PICTURES = [['document_front', jpeg(1)], ['selfie', jpeg(2)]];

async function filled(page) {
  assert.equal((await page.consent()).status, 204);
  for (const [kind, bytes] of PICTURES) assert.equal((await page.put(1, kind, bytes)).status, 200, kind);
}

test('a session runs from its start token to its end, and the captures go with it', async () => {
  const seen = [];
  const decide = async ({ attempt, steps, capture, applicant }) => {
    seen.push([attempt, steps, (await capture('selfie')).bytes.length, await capture('document_back'), applicant]);
    return { approved: true };
  };
  const { open, captures, ends } = relayWith({ decide });
  const { page, submissionId } = await open({ ...START, email: 'a@b.example' });
  await filled(page);
  assert.equal(captures.held.size, 2);
  const { status, body } = await page.complete(PICTURES);
  assert.deepEqual([status, body.state, body.submission_id], [200, 'received', submissionId]);
  assert.ok(body.return_url.startsWith('https://shop.example/ok?token='));
  assert.deepEqual(seen, [[1, ['consent', 'document', 'face'], jpeg(2).length, undefined, { email: 'a@b.example' }]]);
  assert.deepEqual(ends.map(({ outcome, attempt }) => [outcome, attempt]), [['approved', 1]]);
  assert.equal(captures.held.size, 0, 'once the operator knows, nothing is held');
});

test('a capture sent again is answered again and stored once', async () => {
  const { open, captures } = relayWith();
  const { page } = await open();
  await page.consent();
  const [first, second] = [await page.put(1, 'document_front', jpeg(1)), await page.put(1, 'document_front', jpeg(1))];
  assert.deepEqual([first.body.already_held, second.body.already_held, captures.held.size], [false, true, 1]);
});

test('two completions at once are judged once and answered alike', async () => {
  let judged = 0;
  const decide = async () => {
    judged += 1;
    await new Promise((resolve) => setTimeout(resolve, 50));
    return { reason: 'face_mismatch' };
  };
  const { open } = relayWith({ decide });
  const { page } = await open();
  await filled(page);
  const { plan, frame, jws } = await page.signed(PICTURES);
  const [one, other] = await Promise.all([page.finish(plan, frame, jws), page.finish(plan, frame, jws)]);
  assert.deepEqual(one.body, { state: 'retry', reason: 'face_mismatch', attempts_left: 2 });
  assert.deepEqual(other.body, one.body);
  assert.equal(judged, 1);
});

test('an operator that fails is asked again, and one that does not hear of the end is told again', async () => {
  let failures = 2;
  const errors = [];
  const told = [];
  const decide = async () => {
    if (failures-- > 1) throw new Error('the vendor does not answer');
    return { approved: true };
  };
  const onSettled = (end) => {
    told.push(end.outcome);
    if (told.length === 1) throw new Error('the database does not answer');
  };
  const { open } = relayWith({ decide, onSettled, onError: (error) => errors.push(error.message) });
  const { page } = await open();
  await filled(page);
  const { plan, frame, jws } = await page.signed(PICTURES);
  const refused = await page.finish(plan, frame, jws);
  assert.deepEqual([refused.status, refused.body.code], [500, 'internal']);
  assert.equal((await page.finish(plan, frame, jws)).body.state, 'received');
  assert.deepEqual(errors, ['the vendor does not answer', 'the database does not answer']);
  assert.deepEqual(told, ['approved']);
  // Any later request finds that the operator was not told, and tells it.
  assert.equal((await page.ask('POST', '/cancel', { reason: 'user_canceled' })).body.state, 'received');
  assert.deepEqual(told, ['approved', 'approved']);
});

test('evidence of another key, or changed on its way, is not taken and costs the page nothing', async () => {
  const { open } = relayWith();
  const { page } = await open();
  await filled(page);
  const { plan, frame, jws } = await page.signed(PICTURES);
  const [header, claims, signature] = jws.split('.');
  const changed = `${header}.${claims}.${signature.slice(0, -4)}AAAA`;
  assert.equal((await page.finish(plan, frame, changed)).status, 400);
  assert.equal((await page.finish(plan, frame, jws)).body.state, 'received');
});

test('only configured origins may ask', async () => {
  const { open, send } = relayWith();
  const { page } = await open();
  for (const [origin, status] of [['https://shop.example', 200], [ORIGIN, 200], ['https://attacker.example', 403], ['null', 403]]) {
    const answer = await page.ask('GET', '/plan', undefined, { origin });
    assert.equal(answer.status, status, origin);
    assert.equal(answer.headers.get('access-control-allow-origin'), status === 200 ? origin : null);
  }
  const preflight = (origin) => send(`${ORIGIN}/relay/v1/captures/1/selfie`, { method: 'OPTIONS', headers: { origin, 'access-control-request-method': 'PUT' } });
  const good = await preflight('https://shop.example');
  assert.deepEqual([good.status, good.headers.get('access-control-allow-methods')], [204, 'GET, POST, PUT']);
  assert.equal((await preflight('https://attacker.example')).status, 403);
});

test('a session and an address that ask too often wait', async () => {
  const { open } = relayWith({ limits: { session: { burst: 2, perMinute: 30 } } });
  const { page } = await open();
  const { page: other } = await open();
  const statuses = [];
  for (let i = 0; i < 3; i += 1) statuses.push((await page.plan()).status);
  assert.deepEqual(statuses, [200, 200, 429]);
  const refused = await page.plan();
  assert.deepEqual([refused.body.code, refused.headers.get('retry-after')], ['rate_limited', '2']);
  assert.equal((await other.plan()).status, 200);
  const { open: openFew, relay } = relayWith({ limits: { address: { burst: 1, perMinute: 1 } } });
  await openFew();
  const elsewhere = (address) => relay.fetch(new Request(`${ORIGIN}/relay/v1/plan`), { address });
  assert.deepEqual([(await elsewhere('192.0.2.1')).status, (await elsewhere('192.0.2.2')).status], [429, 401]);
});

test('bodies over their limit, unknown paths, other methods and strangers are refused', async () => {
  const { open } = relayWith();
  const { page } = await open();
  const large = 'x'.repeat(4 * 1024 * 1024);
  assert.deepEqual([(await page.putSealed(1, 'selfie', large)).body.code, (await page.ask('POST', '/consent', { text: 'x'.repeat(300_000) })).body.code], ['body_too_large', 'body_too_large']);
  assert.equal((await page.ask('GET', '/nothing')).status, 404);
  assert.equal((await page.ask('POST', '/plan', {})).status, 405);
  for (const authorization of ['Bearer x', 'Bearer sess_x.y', 'Basic x']) {
    assert.equal((await page.ask('GET', '/plan', undefined, { authorization })).body.code, 'session_unknown', authorization);
  }
});

test('a start token opens its session once, and for one page only', async () => {
  const { relay, send } = relayWith();
  const { startIdvUri } = await relay.start(START);
  const [mine, other] = [new Page(startIdvUri, { fetch: send }), new Page(startIdvUri, { fetch: send })];
  assert.equal((await mine.open()).status, 200);
  assert.equal((await other.open()).body.code, 'token_used');
  const forged = new URL(startIdvUri);
  forged.searchParams.set('token', `${forged.searchParams.get('token').slice(0, -6)}AAAAAA`);
  assert.equal((await new Page(forged, { fetch: send }).open()).body.code, 'token_invalid');
});

test('what is stored holds no token, no picture and no evidence', async () => {
  const { open, store } = relayWith({ decide: async () => ({ reason: 'face_mismatch' }) });
  const { page } = await open();
  await filled(page);
  await page.complete(PICTURES);
  const { body: plan } = await page.plan();
  const record = JSON.stringify(await store.load(plan.session_id));
  assert.ok(record.length < 16_384, `${record.length} characters`);
  const { token } = Object.fromEntries(page.start.searchParams);
  for (const secret of [token, secretKey, Buffer.from(jpeg(2)).toString('base64'), 'module_version', 'idv-evidence']) assert.ok(!record.includes(secret));
});
