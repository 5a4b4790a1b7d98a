/** The screens without pictures in Chromium: fields, errors, codes, and the way to the app that signs. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { findChromium, launch } from '../e2e/lib/browser.mjs';
import { scratch } from '../e2e/lib/scratch.mjs';
import { serve } from '../e2e/lib/static.mjs';
import { buildGallery } from '../../www/build/gallery.mjs';

const skip = findChromium() ? false : 'no Chromium: set IDV_CHROMIUM';

let browser;
let server;

before(async () => {
  if (skip) return;
  const built = await scratch('gallery');
  await buildGallery(built);
  server = await serve(built);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  server?.close();
});

async function open(name, { locale = 'en', ...options } = {}) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, reducedMotion: 'reduce', ...options });
  const page = await context.newPage();
  await page.goto(`${server.origin}/?screen=${name}&locale=${locale}`);
  await page.locator('h1').waitFor();
  return page;
}

/** The next view of the same flow: a sample with changes to it. */
const show = (page, name, change = {}) => page.evaluate(([name, change]) => globalThis.idvGallery.module.show(name, change), [name, change]);

/** What was handed in, and what was pressed. */
const told = (page) => page.evaluate(() => ({ entries: globalThis.idvGallery.module.entries, actions: globalThis.idvGallery.module.actions }));

/** Id of what has the focus. */
const focused = (page) => page.evaluate(() => document.querySelector('#flow').shadowRoot.activeElement?.id ?? null);

/** What a screen reader says of a field besides its name. */
const described = (page, id) =>
  page.evaluate((id) => {
    const root = document.querySelector('#flow').shadowRoot;
    const ids = root.getElementById(id).getAttribute('aria-describedby')?.split(' ') ?? [];
    return ids.map((id) => root.getElementById(id).textContent).join(' ');
  }, id);

test('every field has its label, its autocompletion and its keyboard', { skip }, async () => {
  const page = await open('person');
  const expected = {
    'First name': ['given-name', null],
    'Last name': ['family-name', null],
    Month: ['bday-month', 'numeric'],
    Day: ['bday-day', 'numeric'],
    Year: ['bday-year', 'numeric'],
    'Street address': ['address-line1', null],
    City: ['address-level2', null],
    'State (2 letters)': ['address-level1', null],
    'ZIP code': ['postal-code', 'numeric'],
    'Mobile number': ['tel', 'tel'],
  };
  for (const [label, [autocomplete, inputmode]] of Object.entries(expected)) {
    const input = page.getByLabel(label, { exact: true });
    assert.equal(await input.getAttribute('autocomplete'), autocomplete, label);
    assert.equal(await input.getAttribute('inputmode'), inputmode, label);
    assert.equal(await input.getAttribute('required'), '', label);
  }
  await page.context().close();
});

test('the date of birth has the order of the language', { skip }, async () => {
  for (const [locale, order] of [['en', ['month', 'day', 'year']], ['ko', ['year', 'month', 'day']]]) {
    const page = await open('person', { locale });
    assert.deepEqual(await page.locator('.date input').evaluateAll((inputs) => inputs.map(({ id }) => id.replace('birth_date-', ''))), order, locale);
    await page.context().close();
  }
});

test('what was typed is handed in at once, and errors are tied to their fields', { skip }, async () => {
  const page = await open('person--jp');
  await page.getByLabel('Full name').fill('Taro Yamada');
  await page.getByLabel('Year').fill('1985');
  await page.getByLabel('Month').fill('5');
  await page.getByLabel('Day').fill('5');
  await page.getByLabel('Document number').fill('1234 5678 901');
  await page.getByLabel('Document number').press('Enter');
  assert.deepEqual((await told(page)).entries, [{ step: 'person', fields: { full_name: 'Taro Yamada', birth_date: '1985-5-5', document_number: '1234 5678 901' } }]);
  assert.equal(await described(page, 'document_number'), '12 digits');
  const person = { country: 'jp', fields: ['full_name', 'birth_date', 'document_number'], errors: [{ field: 'birth_date', problem: 'not_a_date' }, { field: 'document_number', problem: 'wrong_form' }] };
  await show(page, 'person--jp', { person });
  assert.equal(await page.getByLabel('Document number').getAttribute('aria-invalid'), 'true');
  assert.match(await described(page, 'document_number'), /right form.*12 digits/);
  assert.match(await described(page, 'birth_date-year'), /no such day/);
  assert.equal(await page.getByLabel('Document number').inputValue(), '1234 5678 901', 'nothing that was typed is lost');
  await page.locator('[data-action=continue]').click();
  assert.equal(await focused(page), 'birth_date-month', 'the first wrong field has the focus');
  await page.locator('[role=status][aria-live=polite]', { hasText: '2 fields need a change.' }).waitFor({ state: 'attached', timeout: 8000 });
  await page.getByLabel('Document number').fill('123456789012');
  assert.equal(await page.getByLabel('Document number').getAttribute('aria-invalid'), null, 'an error goes when its field is mended');
  await page.context().close();
});

test('nothing that was typed is left when the screen goes', { skip }, async () => {
  const page = await open('person--cn');
  const input = await page.getByLabel('Full name').elementHandle();
  await page.getByLabel('Full name').fill('Somebody');
  await show(page, 'done--details');
  assert.equal(await input.evaluate((element) => element.value), '');
  await page.context().close();
});

test('while an answer is waited for nothing is handed in twice', { skip }, async () => {
  const page = await open('person--busy');
  const button = page.locator('[data-action=continue]');
  assert.equal(await button.getAttribute('aria-disabled'), 'true');
  await button.dispatchEvent('click');
  await page.getByLabel('Full name').press('Enter');
  assert.deepEqual((await told(page)).entries, []);
  await page.context().close();
});

test('a code is filled in by the phone, and only a whole one is handed in', { skip }, async () => {
  const page = await open('otp');
  const input = page.getByLabel('Code from the text message');
  assert.equal(await input.getAttribute('autocomplete'), 'one-time-code');
  assert.equal(await input.getAttribute('inputmode'), 'numeric');
  await input.fill('12345');
  await input.press('Enter');
  assert.deepEqual((await told(page)).entries, []);
  assert.equal(await focused(page), 'otp');
  await input.fill('123456');
  await input.press('Enter');
  assert.deepEqual((await told(page)).entries, [{ step: 'otp', code: '123456' }]);
  await page.context().close();
});

test('another code can be asked for after its time, which runs down in sight', { skip }, async () => {
  const page = await open('otp');
  const resend = page.locator('[data-action=resend]');
  assert.match(await resend.textContent(), /^New code in 0:[12]\d$/);
  await resend.dispatchEvent('click');
  assert.deepEqual((await told(page)).actions, []);
  const now = await page.evaluate(() => performance.now());
  const otp = { digits: 6, sent: true, phoneEnd: '43', expiresAtMs: now + 100_000, resendAtMs: now + 900, triesLeft: 4, sendsLeft: 1, problem: 'wrong' };
  await page.getByLabel('Code from the text message').fill('111111');
  await show(page, 'otp', { otp });
  assert.equal(await page.getByLabel('Code from the text message').inputValue(), '');
  assert.match(await described(page, 'otp'), /This is not the code\. 4 tries left\./);
  await page.locator('[data-action=resend]:not([aria-disabled])').click();
  await page.locator('[data-action=correct]').click();
  assert.deepEqual((await told(page)).actions, ['resend', 'correct']);
  await page.context().close();
});

test('the secret is hidden until its owner wants to see it, and the last try says what it is', { skip }, async () => {
  const page = await open('secret');
  const input = page.locator('#secret');
  assert.equal(await input.getAttribute('type'), 'password');
  assert.equal(await input.getAttribute('autocomplete'), 'off');
  assert.match(await described(page, 'secret'), /below your photo/);
  await page.locator('[data-action=reveal]').click();
  assert.equal(await input.getAttribute('type'), 'text');
  assert.equal(await page.locator('[data-action=reveal]').getAttribute('aria-pressed'), 'true');
  await input.fill('4096');
  await input.press('Enter');
  assert.deepEqual((await told(page)).entries, [{ step: 'secret', secret: '4096' }]);
  await show(page, 'secret--last');
  assert.match(await described(page, 'secret'), /last try/);
  assert.equal(await input.inputValue(), '');
  await page.context().close();
});

test('the way to the app that fits the device comes first', { skip }, async () => {
  const android = 'Mozilla/5.0 (Linux; Android 14; Pixel 8) AppleWebKit/537.36 Chrome/120.0 Mobile Safari/537.36';
  for (const [options, order] of [[{}, ['sign-push', 'sign-app_scheme']], [{ userAgent: android }, ['sign-app_scheme', 'sign-push']]]) {
    const page = await open('signature', options);
    assert.deepEqual(await page.locator('.way').evaluateAll((ways) => ways.map((way) => way.dataset.action)), order);
    await page.locator('[data-action=sign-push]').click();
    assert.deepEqual((await told(page)).entries, [{ step: 'signature', trigger: 'push' }]);
    await page.context().close();
  }
});

test('the link to the app is a link, opened unchanged, and one that runs a script is none', { skip }, async () => {
  const page = await open('signature_wait');
  const link = page.locator('a[data-action=open-app]');
  const intent = 'intent://toss-cert/v2/sign/doc?txId=a&_minVerAos=5.36.0#Intent;scheme=supertoss;package=viva.republica.toss;end';
  const waiting = (uri) => ({ signature: { provider: 'toss', triggers: ['push', 'app_scheme'], wait: { trigger: 'app_scheme', uri, expiresAtMs: 600_000, looking: false } } });
  for (const [uri, target] of [[intent, null], ['supertoss://toss-cert/v2/sign/doc?txId=a', null], ['https://ul.toss.im?scheme=supertoss%3A%2F%2Fa', '_blank']]) {
    await show(page, 'signature');
    await show(page, 'signature_wait', waiting(uri));
    assert.equal(await link.getAttribute('href'), uri);
    assert.equal(await link.getAttribute('target'), target);
  }
  for (const uri of ['javascript:alert(1)', 'JavaScript:alert(1)', 'data:text/html,x', '/toss', null]) {
    await show(page, 'signature');
    await show(page, 'signature_wait', waiting(uri));
    assert.equal(await link.count(), 0, `${uri}`);
  }
  await page.context().close();
});

test('who says to have signed is told when it is not so', { skip }, async () => {
  const page = await open('signature_wait--push');
  const wait = { trigger: 'push', uri: null, expiresAtMs: 600_000, looking: true };
  const signature = { provider: 'toss', triggers: ['push', 'app_scheme'], wait };
  await show(page, 'signature_wait--push', { signature });
  await show(page, 'signature_wait--push', { signature: { ...signature, wait: { ...wait, looking: false } } });
  assert.ok(await page.locator('.alert-line').isHidden(), 'a look by the timer says nothing');
  await page.locator('[data-action=check]').click();
  await show(page, 'signature_wait--push', { signature });
  assert.equal(await page.locator('[data-action=check]').textContent(), 'Looking…');
  await show(page, 'signature_wait--push', { signature: { ...signature, wait: { ...wait, looking: false } } });
  assert.ok(await page.locator('.alert-line').isVisible());
  assert.deepEqual((await told(page)).actions, ['check']);
  await page.context().close();
});

test('the consent names what such a plan takes, and no picture', { skip }, async () => {
  const page = await open('consent--signature');
  const text = await page.locator('.page-consent').textContent();
  for (const taken of ['Your details', 'Your signature']) assert.ok(text.includes(taken), taken);
  for (const word of ['picture', 'camera', 'mobile number']) assert.ok(!text.toLowerCase().includes(word), word);
  await page.context().close();
});
