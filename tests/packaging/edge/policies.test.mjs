/** Policies without pictures, run by the relay in workerd: a code by text message, a signature by Toss. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { Operator } from './lib/operator.mjs';

const BY_CODE = 'us:personal_info:null:personal_info_verf:owner_verf:sms_otp';
const BY_TOSS = 'kr:eid:certificate:government_ci_verf:owner_verf:toss';
const KOREAN = { full_name: '김토스', birth_date: '1993-03-24', phone: '01000000000' };
const AMERICAN = {
  given_name: 'John', family_name: 'Smith', birth_date: '1975-08-25', street: '1 Main St', city: 'Springfield',
  region: 'IL', postal_code: '62701', phone: '+12025550143',
};

let operator;
before(async () => {
  operator = await Operator.start();
});
after(() => operator?.stop());

let presses = 0;
/** A press of a button: its key, used again where it is given. */
function press(page, path, body, key = `press-${(presses += 1)}`) {
  return page.ask('POST', path, body, { 'idempotency-key': key });
}

test('a code is sent once for each press, a wrong one is told, and the right one ends the step', async () => {
  const { page, sessionId } = await operator.opened(BY_CODE, 'otp');
  await page.consent();
  assert.deepEqual((await press(page, '/person', { fields: AMERICAN })).body, { state: 'accepted' });
  const [first, again] = [await press(page, '/otp/send', undefined, 'same-press'), await press(page, '/otp/send', undefined, 'same-press')];
  assert.deepEqual([first.body.state, again.body.sends_left], ['sent', first.body.sends_left]);
  const message = await operator.asked('message', { sessionId });
  assert.equal(message.to, '+12025550143');
  const wrong = String((Number(message.code) + 1) % 1e6).padStart(6, '0');
  const told = await press(page, '/otp/verify', { code: wrong });
  assert.deepEqual([told.body.state, told.body.problem], ['wrong', 'wrong']);
  await operator.run();
  assert.deepEqual((await press(page, '/otp/verify', { code: message.code })).body, { state: 'accepted' });
  assert.equal((await page.complete([])).body.state, 'received');
  assert.equal((await operator.asked('end', { sessionId })).outcome, 'approved');
});

test('a signature counts once it was signed in the app, read and verified up to the root', async () => {
  const { page, sessionId } = await operator.opened(BY_TOSS, 'signed');
  await page.consent();
  assert.deepEqual((await press(page, '/person', { fields: KOREAN })).body, { state: 'accepted' });
  const { body: started } = await press(page, '/signature/start', { trigger: 'app_scheme' });
  assert.equal(started.state, 'waiting');
  const txId = /txId=([\w-]+)/.exec(decodeURIComponent(started.links.app_scheme))[1];
  assert.equal((await page.ask('POST', '/signature/check')).body.state, 'waiting');
  const early = await page.complete([]);
  assert.deepEqual([early.status, early.body.code], [409, 'out_of_order']);
  await fetch(`${operator.sandbox.toss.base_url}/app/decide`, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ txId, decision: 'sign' }) });
  assert.deepEqual((await page.ask('POST', '/signature/check')).body, { state: 'accepted' });
  assert.equal((await page.complete([])).body.state, 'received');
  const end = await operator.asked('end', { sessionId });
  assert.deepEqual([end.outcome, end.name], ['approved', '김토스']);
  assert.ok(end.signed > 1000, 'the operator is given the signed document to store');
});

test('a refusal in the app, and a person of no record, end the attempt', async () => {
  const { page } = await operator.opened(BY_TOSS, 'refused');
  await page.consent();
  const unknown = await press(page, '/person', { fields: { ...KOREAN, full_name: '아무도' } });
  assert.deepEqual([unknown.body.state, unknown.body.reason], ['retry', 'not_on_record']);
  await press(page, '/person', { fields: KOREAN });
  const { body: started } = await press(page, '/signature/start', { trigger: 'app_scheme' });
  const txId = /txId=([\w-]+)/.exec(decodeURIComponent(started.links.app_scheme))[1];
  await fetch(`${operator.sandbox.toss.base_url}/app/decide`, { method: 'POST', redirect: 'manual', body: new URLSearchParams({ txId, decision: 'refuse' }) });
  const { body } = await page.ask('POST', '/signature/check');
  assert.deepEqual([body.state, body.reason], ['retry', 'signature_refused']);
});
