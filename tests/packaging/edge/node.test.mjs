/** The edge module of the packed package in Node: the real clients against the real sandbox process. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { inspect } from 'node:util';
import { jpeg, Page } from './lib/page.mjs';
import { importEdge, startSandbox } from './lib/sandbox.mjs';

const POLICY = 'unknown:document:passport:document_ocr_check:owner_check:submitted_doc_selfie_match';
const REDIRECTS = { redirectUrlSuccess: 'https://shop.example/ok?ref=1', redirectUrlFail: 'https://shop.example/fail?ref=1' };

let edge;
let sandbox;
before(async () => {
  ({ edge } = await importEdge());
  sandbox = await startSandbox();
});
after(() => sandbox?.stop());

function tomo(more = {}) {
  const { client_id: clientId, secret_key: secretKey } = sandbox.client;
  return edge.tomo.createClient({ environment: { baseUrl: sandbox.origin }, clientId, secretKey, ...more });
}

function argos(more = {}) {
  return edge.argos.createClient({ environment: { baseUrl: sandbox.argos.base_url }, apiKey: sandbox.argos.api_key, ...more });
}

/** A fetch that counts what it sends, by path. */
function counting(send = fetch) {
  const seen = [];
  const counted = (url, init) => {
    seen.push(new URL(url).pathname);
    return send(url, init);
  };
  return { seen, fetch: counted };
}

/** The error of a promise, which holds none of the secrets. */
async function errorOf(promise) {
  const error = await promise.then(() => assert.fail('it should fail'), (error) => error);
  assert.ok(error instanceof edge.EdgeError, inspect(error));
  const shown = `${inspect(error)} ${JSON.stringify(error)} ${error.stack}`;
  for (const secret of [sandbox.client.secret_key, sandbox.argos.api_key, sandbox.toss.client_secret]) assert.ok(!shown.includes(secret));
  return error;
}

/** The error of a call that throws at once. */
async function thrownBy(call) {
  return errorOf(new Promise((resolve) => resolve(call())));
}

test('a verification is started, given up by the visitor, and only the result tells the server so', async () => {
  const client = tomo();
  assert.equal(typeof (await client.health()), 'string');
  const { startIdvUri } = await client.startVerification({ userId: 'u1', policyKey: POLICY, ...REDIRECTS });
  assert.ok(startIdvUri.startsWith(`${sandbox.origin}/`));
  assert.deepEqual((await client.result({ userId: 'u1' })).records, []);
  const page = new Page(startIdvUri);
  assert.equal((await page.open()).status, 200);
  const { body: receipt } = await page.ask('POST', '/cancel', { reason: 'user_canceled' });
  const hint = edge.tomo.readReturn(receipt.return_url, { clientId: sandbox.client.client_id });
  assert.deepEqual(hint, { parameters: { ...hint.parameters, ref: '1', error: 'user_canceled' }, claimedError: 'user_canceled', finding: 'consistent_with_itself' });
  assert.equal('token' in hint.parameters, false);
  const { ppid, records } = await client.result({ userId: 'u1', policyKey: POLICY });
  assert.ok(ppid.startsWith('ppid.'));
  assert.equal(records.length, 1);
  const [{ policyKey, authId, kyc }] = records;
  assert.deepEqual([policyKey, authId, kyc.status, kyc.statusReason, kyc.schemaVersion], [POLICY, receipt.submission_id, 'canceled', 'user_canceled', 'kyc_result.v1']);
  assert.deepEqual([kyc.process.steps, kyc.media], [{ termsAcceptance: 'passed' }, []]);
  assert.deepEqual((await client.result({ userId: authId })).records.length, 1, 'by the id of the verification');
  const nobody = await errorOf(client.kycGet({ userId: 'u1', country: 'unknown' }));
  assert.deepEqual([nobody.code, nobody.refusal], ['refused', 'invalid_request'], 'the older form tells of approved people only');
  assert.equal(await client.reset({ userId: 'u1', policyKey: POLICY }), 'reset');
  assert.equal(await client.deleteResult('nobody'), 'not_deletable');
  const [deleted, unknown] = await client.bulkDelete(['u1', 'nobody']);
  assert.deepEqual([deleted.status, unknown.status], ['deleted', 'not_deletable']);
  client.close();
});

test('a policy in parts is the policy of its key', async () => {
  const kycPolicy = { subject: { kind: 'document', idType: 'passport' }, method: 'document_ocr_check', ownerAssurance: { kind: 'no_owner_assurance' } };
  const { startIdvUri } = await tomo().startVerification({ userId: 'u2', country: 'jp', kycPolicy, ...REDIRECTS });
  const page = new Page(startIdvUri);
  await page.open();
  assert.equal((await page.plan()).body.policy_key, 'jp:document:passport:document_ocr_check:no_owner_assurance');
});

test('one access token is asked for, however many calls wait for it, and a refused one is replaced once', async () => {
  const counted = counting();
  const client = tomo(counted);
  await Promise.all(Array.from({ length: 8 }, (_, i) => client.result({ userId: `n${i}` })));
  const tokens = () => counted.seen.filter((path) => path === '/v1/oauth2/token').length;
  assert.deepEqual([tokens(), counted.seen.length], [1, 9]);
  let refused = 0;
  const flaky = counting((url, init) => {
    if (url.endsWith('/result') && refused++ === 0) return Response.json({ error: 'invalid_token' }, { status: 401 });
    return fetch(url, init);
  });
  assert.deepEqual((await tomo(flaky).result({ userId: 'n0' })).records, []);
  assert.deepEqual(flaky.seen, ['/v1/oauth2/token', '/v1/idv/result', '/v1/oauth2/token', '/v1/idv/result']);
});

test('what cannot be meant is refused before anything is sent', async () => {
  const { seen, fetch } = counting();
  const client = tomo({ fetch });
  const { client_id: clientId, secret_key: secretKey } = sandbox.client;
  const create = (options) => thrownBy(() => edge.tomo.createClient({ clientId, secretKey, ...options }));
  const refusals = [
    ['environment_mismatch', () => create({ environment: 'production', issuedBy: 'sandbox' })],
    ['environment_mismatch', () => create({ environment: { baseUrl: 'https://api.tomopayment.com' } })],
    ['url_invalid', () => create({ environment: { baseUrl: 'http://idv.example' } })],
    ['request_invalid', () => create({ environment: 'staging' })],
    ['key_invalid', () => create({ environment: 'sandbox', secretKey: `${secretKey}x` })],
    ['key_invalid', () => create({ environment: 'sandbox', secretKey: undefined })],
    ['policy_invalid', () => errorOf(client.startVerification({ policyKey: 'kr:eid:certificate:document_ocr_check:no_owner_assurance' }))],
    ['request_invalid', () => errorOf(client.startVerification({ userid: 'u' }))],
    ['request_invalid', () => errorOf(client.result({}))],
    ['request_invalid', () => errorOf(client.result({ userId: 'u', policyKey: POLICY, country: 'kr' }))],
    ['request_invalid', () => errorOf(client.bulkDelete([]))],
    ['request_invalid', () => errorOf(argos({ fetch }).step1({ issuingCountry: 'KR', email: 'a@b.c', idType: 'passport', idImage: jpeg(1) }))],
    ['request_invalid', () => errorOf(argos({ fetch }).step1({ issuingCountry: 'KOR', email: 'a@b.c', idType: 'passport', idImage: new Uint8Array(2_000_001).fill(0xff) }))],
    ['key_invalid', () => thrownBy(() => argos({ apiKey: 'a b' }))],
    ['url_invalid', () => thrownBy(() => argos({ environment: { baseUrl: 'https://rest-api.argoskyc.com/v2' } }))],
  ];
  for (const [code, refused] of refusals) {
    const error = await refused();
    assert.equal(error.code, code, error.message);
  }
  // The client that is good asked for its access token; nothing else left.
  assert.deepEqual(seen.filter((path) => path !== '/v1/oauth2/token'), []);
  assert.equal((await errorOf(client.startVerification({ userid: 'geheim' }))).message, 'an unknown option: userid');
});

test('a refusal says its code and whether another try helps', async () => {
  const stranger = tomo({ clientId: 'client_of_nobody' });
  const { code, refusal, status, retryable } = await errorOf(stranger.result({ userId: 'u' }));
  assert.deepEqual([code, refusal, status, retryable], ['refused', 'invalid_client', 400, false]);
  const wrong = await errorOf(argos({ apiKey: 'wrong' }).list());
  assert.deepEqual([wrong.code, wrong.status, wrong.retryable], ['refused', 403, false]);
});

test('only what is safe is sent again, after the wait that is asked for', async () => {
  const answers = (...list) => counting((url, init) => (url.endsWith('/token') ? fetch(url, init) : list.shift()?.() ?? fetch(url, init)));
  const busy = (retryAfter) => () => new Response('', { status: 503, headers: retryAfter ? { 'retry-after': retryAfter } : {} });
  const broken = () => Promise.reject(new TypeError('fetch failed', { cause: { code: 'ECONNRESET' } }));
  const unsent = () => Promise.reject(new TypeError('fetch failed', { cause: { code: 'ECONNREFUSED' } }));
  const start = (client) => client.startVerification({ userId: 'u3', policyKey: POLICY, ...REDIRECTS });

  const read = answers(busy(), broken);
  assert.deepEqual((await tomo(read).result({ userId: 'x' })).records, []);
  assert.equal(read.seen.filter((path) => path.endsWith('/result')).length, 3);

  const began = performance.now();
  await tomo(answers(busy('2'))).result({ userId: 'x' });
  assert.ok(performance.now() - began >= 1990, 'Retry-After is obeyed');
  const late = await errorOf(tomo(answers(busy('60'))).result({ userId: 'x' }));
  assert.deepEqual([late.code, late.retryable, late.retryAfterS], ['refused', true, 60]);

  for (const failure of [busy(), broken]) {
    const writing = answers(failure);
    assert.equal((await errorOf(start(tomo(writing)))).retryable, true);
    assert.equal(writing.seen.filter((path) => path.endsWith('/start')).length, 1, 'a start may have arrived');
  }
  const never = answers(unsent);
  assert.ok((await start(tomo(never))).startIdvUri);
  assert.equal(never.seen.filter((path) => path.endsWith('/start')).length, 2);
});

test('an answer that does not come, one that is too large and one that is none are named', async () => {
  const after = (answer) => (url, init) => (url.endsWith('/token') ? fetch(url, init) : answer(init));
  const silent = after(({ signal }) => new Promise((_, reject) => signal.addEventListener('abort', () => reject(signal.reason))));
  const start = { policyKey: POLICY, ...REDIRECTS };
  assert.equal((await errorOf(tomo({ fetch: silent, timeoutMs: 300 }).startVerification(start))).code, 'request_timeout');
  const endless = new ReadableStream({ pull: (controller) => controller.enqueue(new Uint8Array(65536)) });
  assert.equal((await errorOf(tomo({ fetch: after(() => new Response(endless)) }).result({ userId: 'u' }))).code, 'response_too_large');
  assert.equal((await errorOf(tomo({ fetch: after(() => new Response('<html>')) }).result({ userId: 'u' }))).code, 'response_invalid');
});

test('a submission goes through both steps, is read, listed, shown and deleted', async () => {
  const client = argos();
  const custom = { userid: 'scenario:approve:edge', cf1: 'one' };
  const step1 = await client.step1({ issuingCountry: 'USA', email: 'edge@example.com', idType: 'passport', idImage: jpeg(1), custom });
  assert.deepEqual(step1.retry, []);
  const { submissionId, ocr } = step1;
  const step2 = await client.step2({ submissionId, name: ocr.name, dateOfBirth: ocr.birthDate, faceImage: jpeg(2) });
  assert.equal(step2.kycStatus, 'approved');
  const submission = await client.submission(submissionId);
  assert.deepEqual([submission.kyc.result, submission.userid, submission.data.cf1], ['approved', custom.userid, 'one']);
  const { items } = await client.list({ userid: custom.userid, count: 1 });
  assert.deepEqual(items.map((item) => item.submissionId), [submissionId]);
  const { format, bytes } = await client.image(submissionId, 'selfieImage');
  assert.deepEqual([format, [...bytes]], ['jpeg', [...jpeg(2)]]);
  assert.equal(await client.delete(submissionId), 'deleted');
  assert.equal(await client.submission(submissionId), null);
  const gone = await errorOf(client.delete(submissionId));
  assert.ok(gone.refusal.startsWith('submission'), gone.refusal);
});

test('a retry code comes with what the visitor can do about it', async () => {
  const custom = { userid: 'scenario:retry:invalid_back_document' };
  const { retry } = await argos().step1({ issuingCountry: 'USA', email: 'retry@example.com', idType: 'government_id', idImage: jpeg(1), custom });
  assert.deepEqual(retry.map(({ code, nextAction }) => [code, nextAction]), [['invalid_back_document', 'retake_back']]);
});

test('an address has codes, a webhook none of the answers', async () => {
  const codes = await argos().addressCode({ address: '1 Sejongno, Jongno-gu, Seoul, South Korea', language: 'en' });
  assert.equal(codes.globalCode, '8Q98HXPG+MP');
  const hint = edge.argos.readWebhook('{"webhook_trigger":"approved","submission_id":"s1","fullName":"Anna"}');
  assert.deepEqual(hint, { claimedTrigger: 'approved', submissionId: 's1', isEncrypted: false });
  assert.equal((await thrownBy(() => edge.argos.readWebhook('{}'))).code, 'response_invalid');
});

test('a user is authenticated by both siblings, and each result is read twice', async () => {
  const { base_url: base, client_id: clientId, client_secret: clientSecret } = sandbox.toss;
  const file = async (path) => String(Buffer.from(await (await fetch(`${base}${path}`)).arrayBuffer()));
  const publicKey = await file('/public-key.pem');
  const trust = { root: await file('/ca/root.pem'), intermediates: [await file('/ca/issuing.pem')] };
  const client = edge.toss.createClient({ environment: 'sandbox', clientId, clientSecret, publicKey, hosts: { tokenBase: base, apiBase: base }, trust });
  const person = { name: '홍길동', phone: '01098765432', birthday: '19850607' };
  for (const [kind, who] of [['identity', { person }], ['simple', {}]]) {
    const { txId, links, reads } = await client.authenticate({ kind, ...who, requestUrl: 'shop://back' });
    assert.equal(links !== undefined, 'person' in who, 'one touch has no links');
    assert.equal(await client.authStatus({ kind, txId }), 'requested');
    await fetch(`${base}/app/decide`, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ txId, decision: 'sign' }) });
    const first = await client.authResult({ kind, reads });
    assert.deepEqual([first.verification.holds, first.personal.name, first.personal.ageGroup], [true, '김토스', 'ADULT']);
    assert.deepEqual([first.readsLeft, first.signature[0]], [1, 0x30]);
    const second = await client.authResult({ kind, reads: first.reads });
    assert.equal((await errorOf(client.authResult({ kind, reads: second.reads }))).code, 'request_invalid');
  }
  assert.equal((await errorOf(client.authenticate({ kind: 'identity', person, requestUrl: 'javascript:alert(1)' }))).code, 'request_invalid');
});

test('a signature is asked for, waited for, read twice and verified up to the root', async () => {
  const { base_url: base, client_id: clientId, client_secret: clientSecret } = sandbox.toss;
  const file = async (path) => Buffer.from(await (await fetch(`${base}${path}`)).arrayBuffer());
  const publicKey = String(await file('/public-key.pem'));
  const trust = { root: String(await file('/ca/root.pem')), intermediates: [String(await file('/ca/issuing.pem'))] };
  const hosts = { tokenBase: base, apiBase: base };
  const counted = counting();
  const options = { environment: 'sandbox', clientId, clientSecret, publicKey, hosts, trust, ...counted };
  const client = edge.toss.createClient(options);
  const document = { text: '동의합니다' };
  const person = { name: '김토스', phone: '01000000000', birthday: '19930324' };
  const sign = { person, serviceName: 'idv-web', docTitle: 'Consent', document, encryptDocument: true, appScheme: {} };
  const { txId, links, reads } = await client.request(sign);
  assert.ok(links.appScheme.includes(txId));
  assert.equal(await client.status(txId), 'requested');
  const early = await errorOf(client.result({ reads, document }));
  assert.deepEqual([early.code, early.refusal], ['refused', 'CE3102']);
  await fetch(`${base}/app/decide`, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ txId, decision: 'sign' }) });
  assert.equal(await client.status(txId), 'completed');
  const first = await client.result({ reads: edge.toss.seenCompleted(reads), document });
  assert.deepEqual([first.verification.holds, first.verification.chain, first.personal.name], [true, 'trusted', '김토스']);
  assert.deepEqual([first.document, first.readsLeft, first.signedDoc[0]], [document.text, 1, 0x30]);
  const second = await client.result({ reads: first.reads, document: { text: 'another' } });
  assert.deepEqual([second.verification.holds, second.verification.failure, second.readsLeft], [false, 'content_other', 0]);
  const sent = counted.seen.length;
  assert.equal((await errorOf(client.result({ reads: second.reads, document }))).code, 'request_invalid');
  assert.equal(counted.seen.length, sent, 'a third read is not sent');
  assert.equal(counted.seen.filter((path) => path.endsWith('/token')).length, 1);
  const production = { ...options, environment: 'production' };
  assert.equal((await thrownBy(() => edge.toss.createClient(production))).code, 'request_invalid');
});
