/** The edge module of the packed package in workerd: the clients, and the relay on Durable Objects. */
import assert from 'node:assert/strict';
import { readdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { Operator, ORIGIN } from './lib/operator.mjs';
import { jpeg } from './lib/page.mjs';

const POLICY = 'unknown:document:passport:document_ocr_check:owner_check:submitted_doc_selfie_match';
const PICTURES = [['document_front', jpeg(1)], ['selfie', jpeg(2)]];

let operator;
before(async () => {
  operator = await Operator.start();
});
after(() => operator?.stop());

const opened = (userid, address) => operator.opened(POLICY, userid, address);

async function filled(page) {
  assert.equal((await page.consent()).status, 204);
  for (const [kind, bytes] of PICTURES) assert.equal((await page.put(1, kind, bytes)).status, 200, kind);
}

test('a customer is a client of TomoIDV from workerd', async () => {
  const { sandbox } = operator;
  const { client_id: clientId, secret_key: secretKey } = sandbox.client;
  const start = { userId: 'w1', policyKey: POLICY, redirectUrlSuccess: 'https://shop.example/ok', redirectUrlFail: 'https://shop.example/fail' };
  const customer = { clientId, secretKey, baseUrl: sandbox.origin, start, userId: 'w1' };
  const answer = await operator.asked('customer', customer);
  assert.ok(answer.startIdvUri?.startsWith(sandbox.origin), JSON.stringify(answer));
  assert.deepEqual(answer.records, [0, 0]);
  const refused = await operator.asked('customer', { ...customer, clientId: 'nobody' });
  assert.deepEqual([refused.isEdgeError, refused.code, refused.retryable, refused.status], [true, 'refused', false, 400]);
  const elsewhere = await operator.asked('customer', { ...customer, baseUrl: 'http://idv.example' });
  assert.deepEqual([elsewhere.code, elsewhere.retryable], ['url_invalid', false]);
});

test('two sessions at once run over a restart to the ends that Argos gives them', async () => {
  const [one, other] = await Promise.all([opened('scenario:approve:w1'), opened('scenario:reject:w2')]);
  await Promise.all([filled(one.page), filled(other.page)]);
  await operator.run();
  const { body: plan } = await one.page.plan();
  assert.deepEqual([plan.session_id, plan.consent_given, plan.received.length], [one.sessionId, true, 2]);
  const [approved, rejected] = await Promise.all([one.page.complete(PICTURES), other.page.complete(PICTURES)]);
  assert.deepEqual([approved.status, approved.body.state, approved.body.submission_id], [200, 'received', one.submissionId]);
  assert.ok(approved.body.return_url.startsWith('https://shop.example/ok?'));
  assert.ok(rejected.body.return_url.startsWith('https://shop.example/fail?'), 'what Argos rejects is not tried again');
  assert.deepEqual(await operator.asked('end', { sessionId: one.sessionId }), { outcome: 'approved', attempt: 1 });
  assert.equal((await operator.asked('end', { sessionId: other.sessionId })).outcome, 'rejected');
  const held = await operator.asked('captures');
  assert.ok(!held.some((key) => key.startsWith(one.sessionId)), 'the captures of an ended session are gone');
  const again = await one.page.ask('POST', '/cancel', { reason: 'user_canceled' });
  assert.deepEqual([again.body.state, again.body.submission_id], ['received', one.submissionId], 'its end does not change any more');
});

test('a request that comes twice is answered alike and does nothing twice', async () => {
  const { page } = await opened('scenario:approve:w3');
  await page.consent();
  const consents = await Promise.all([page.consent(), page.consent()]);
  assert.deepEqual(consents.map(({ status }) => status), [204, 204]);
  const puts = await Promise.all([1, 2, 3].map(() => page.put(1, 'document_front', jpeg(1))));
  assert.deepEqual(puts.map(({ status }) => status), [200, 200, 200]);
  assert.equal(puts.filter(({ body }) => !body.already_held).length, 1);
  const { status, body } = await page.open();
  assert.deepEqual([status, body.code], [401, 'token_used']);
  const { body: plan } = await page.plan();
  assert.equal(plan.received.length, 1);
});

test('two completions at once reach Argos once', async () => {
  const { page, sessionId } = await opened('scenario:approve:w4');
  await filled(page);
  const { plan, frame, jws } = await page.signed(PICTURES);
  const [one, two] = await Promise.all([page.finish(plan, frame, jws), page.finish(plan, frame, jws)]);
  assert.deepEqual([one.body.state, two.body.state], ['received', 'received']);
  assert.deepEqual(await operator.asked('end', { sessionId }), { outcome: 'approved', attempt: 1 });
  const { base_url: base, api_key: key } = operator.sandbox.argos;
  const list = await fetch(`${base}/submission?userid=scenario:approve:w4`, { headers: { 'x-api-key': key } });
  assert.equal((await list.json()).Items.length, 1);
});

test('a page of another origin, a body over its limit and a stranger are refused', async () => {
  const { page } = await opened('scenario:approve:w5');
  for (const [origin, status] of [['https://shop.example', 200], ['https://attacker.example', 403]]) {
    const answer = await page.ask('GET', '/plan', undefined, { origin });
    assert.deepEqual([answer.status, answer.headers.get('access-control-allow-origin')], [status, status === 200 ? origin : null]);
  }
  assert.equal((await page.putSealed(1, 'document_front', 'x'.repeat(4 * 1024 * 1024))).body.code, 'body_too_large');
  assert.equal((await page.ask('GET', '/plan', undefined, { authorization: 'Bearer sess_nobody.token' })).body.code, 'session_unknown');
  assert.equal((await page.ask('GET', '/nothing')).status, 404);
});

test('a session and an address that ask too often wait, over a restart too', async () => {
  const limits = { session: { burst: 3, perMinute: 1 }, address: { burst: 20, perMinute: 1 } };
  await operator.run(limits);
  const { page } = await opened('scenario:approve:w6', '192.0.2.7');
  const statuses = [];
  for (let i = 0; i < 4; i += 1) statuses.push((await page.plan()).status);
  assert.deepEqual(statuses, [200, 200, 200, 429]);
  const ask = async (address) => (await operator.fetch(`${ORIGIN}/relay/v1/plan`, { headers: { 'cf-connecting-ip': address } })).status;
  const guesses = [];
  for (let i = 0; i < 16; i += 1) guesses.push(await ask('192.0.2.7'));
  assert.deepEqual([guesses.filter((status) => status === 401).length, guesses.at(-1)], [15, 429]);
  assert.equal(await ask('192.0.2.8'), 401);
  await operator.run(limits);
  assert.equal(await ask('192.0.2.7'), 429);
  await operator.run();
});

test('what the objects store holds no picture, no token and no evidence', async () => {
  const { page } = await opened('scenario:approve:w7');
  await filled(page);
  const files = (await readdir(join(operator.folder, 'objects'), { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
  const contents = await Promise.all(files.map((entry) => readFile(join(entry.parentPath, entry.name), 'latin1')));
  const stored = contents.join('');
  assert.ok(stored.includes('document_front') && stored.includes('sha256'), 'the scan finds what is there');
  const pictures = PICTURES.map(([, bytes]) => Buffer.from(bytes).toString('latin1'));
  for (const secret of [page.start.searchParams.get('token'), operator.relayKey, operator.sandbox.argos.api_key, ...pictures]) assert.ok(!stored.includes(secret));
});
