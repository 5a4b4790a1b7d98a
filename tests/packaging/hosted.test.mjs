/** The hosted page and the element from the unpacked package, in Chromium, under the policy the README asks for. */
import assert from 'node:assert/strict';
import { copyFile, cp, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { findChromium, launch } from '../e2e/lib/browser.mjs';
import { scratch } from '../e2e/lib/scratch.mjs';
import { serve } from '../e2e/lib/static.mjs';
import { buildDemo } from '../../www/build/demo.mjs';
import { install, IS_REAL } from './lib/package.mjs';

const skip = findChromium() ? false : 'no Chromium: set IDV_CHROMIUM';
const skipReal = skip || (IS_REAL ? false : 'no pkg/dist: needs the real page module');
const skipScript = skip || (IS_REAL ? 'pkg/dist is the real page module' : false);

const POLICY = [
  "default-src 'none'; script-src 'self' 'wasm-unsafe-eval'; worker-src 'self'; style-src 'self'; img-src 'self' data:",
  "connect-src 'self'; media-src 'self' blob: mediastream:; base-uri 'none'; form-action 'none'",
  "require-trusted-types-for 'script'; trusted-types idv-web",
].join('; ');

let browser;
let server;

before(async () => {
  if (skip) return;
  const { package: unpacked } = await install();
  const site = await scratch('hosted');
  await cp(unpacked, join(site, 'package'), { recursive: true });
  await mkdir(join(site, 'package/demo'));
  await buildDemo(join(site, 'package/demo'));
  await mkdir(join(site, 'idv/start'), { recursive: true });
  await copyFile(join(site, 'package/demo/index.html'), join(site, 'idv/start/index.html'));
  server = await serve(site, { 'content-security-policy': POLICY });
  browser = await launch();
});
after(async () => {
  await browser?.close();
  server?.close();
});

/** Opens the start URL; `relay` answers what goes to the relay. Returns the page and what went wrong in it. */
async function open(query, { relay, before: prepare } = {}) {
  const page = await browser.newPage();
  const problems = [];
  page.on('pageerror', (error) => problems.push(error.message));
  page.on('console', (message) => /content security policy|trusted/i.test(message.text()) && problems.push(message.text()));
  await page.route('https://service.example/**', (route) => route.fulfill({ contentType: 'text/html', body: 'back' }));
  if (relay) await page.route('**/relay/v1/**', relay);
  if (prepare) await page.addInitScript(prepare);
  await page.goto(`${server.origin}/idv/start/${query}`);
  return { page, problems };
}

const problem = (status, code) => (route) => route.fulfill({ status, contentType: 'application/problem+json', body: JSON.stringify({ status, code, detail: 'made for a test' }) });

test('the hosted page runs the flow, and leaves for the return URL when it has ended', { skip: skipScript }, async () => {
  const { page, problems } = await open('?token=t&key=k');
  await page.locator('[data-action=refuse]').click();
  await page.waitForURL('https://service.example/return?state=sample');
  assert.deepEqual(problems, []);
  await page.close();
});

test('the hosted page speaks the language it is asked for', { skip: skipScript }, async () => {
  const { page } = await open('?lang=ko');
  assert.equal(await page.locator('[data-action=agree]').textContent(), '동의하고 계속하기');
  assert.equal(await page.title(), '본인 확인');
  assert.equal(await page.locator('html').getAttribute('lang'), 'ko');
  await page.close();
});

test('without scripts the hosted page says why nothing happens', { skip }, async () => {
  const context = await browser.newContext({ javaScriptEnabled: false });
  const page = await context.newPage();
  await page.goto(`${server.origin}/idv/start/`);
  assert.match(await page.locator('body').innerText(), /needs JavaScript[\s\S]*자바스크립트/);
  await context.close();
});

test('a page module that cannot be fetched is an error the user can act on, and trying again helps', { skip }, async () => {
  const { page } = await open('', {});
  let broken = true;
  await page.route('**/package/dist/page-*.wasm', (route) => (broken ? route.abort() : route.fallback()));
  await page.reload();
  await page.locator('idv-flow[screen=error]').waitFor();
  assert.match(await page.locator('.code').textContent(), /network_lost/);
  broken = false;
  await page.locator('[data-action=retry]').click();
  await page.waitForFunction(() => !document.querySelector('idv-flow').shadowRoot.textContent.includes('network_lost'));
  await page.close();
});

test('the element tells its host with events that cross shadow roots', { skip: skipScript }, async () => {
  const { page } = await open('', {
    before: () => {
      globalThis.heard = [];
      for (const type of ['idv-ready', 'idv-step', 'idv-cancel']) document.addEventListener(type, ({ detail, composed }) => globalThis.heard.push([type, detail.screen ?? null, composed]));
    },
  });
  await page.locator('[data-action=refuse]').click();
  await page.waitForFunction(() => globalThis.heard.some(([type]) => type === 'idv-cancel'));
  const heard = await page.evaluate(() => globalThis.heard);
  assert.deepEqual(heard, [['idv-step', 'loading', true], ['idv-ready', null, true], ['idv-step', 'consent', true], ['idv-step', 'done', true], ['idv-cancel', null, true]]);
  await page.close();
});

test('an element that is moved goes on, and one that is removed ends', { skip: skipScript }, async () => {
  const { page } = await open('');
  await page.locator('[data-action=agree]').waitFor();
  const { moved, removed } = await page.evaluate(async () => {
    const flow = document.querySelector('idv-flow');
    const { finished } = flow;
    const place = document.body.appendChild(document.createElement('section'));
    place.append(flow);
    await new Promise((later) => setTimeout(later, 50));
    const moved = flow.finished === finished && flow.getAttribute('screen') === 'consent';
    flow.remove();
    const removed = await finished.then(() => 'resolved', ({ code }) => code);
    return { moved, removed };
  });
  assert.equal(moved, true);
  assert.equal(removed, 'disposed');
  await page.close();
});

test('properties that were set before the element was defined count', { skip: skipScript }, async () => {
  const page = await browser.newPage();
  await page.route(`${server.origin}/early`, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><main><idv-flow style="height:100vh"></idv-flow></main>' }));
  await page.goto(`${server.origin}/early`);
  const locale = await page.evaluate(async () => {
    const flow = document.querySelector('idv-flow');
    Object.assign(flow, { locale: 'ko', url: location.href });
    await import('/package/dist/element.js');
    return [flow.getAttribute('locale'), flow.locale];
  });
  assert.deepEqual(locale, ['ko', 'ko']);
  await page.locator('[data-action=agree]', { hasText: '동의하고 계속하기' }).waitFor();
  await page.close();
});

test('startVerification shows the flow in a container and takes it away again', { skip: skipScript }, async () => {
  const page = await browser.newPage();
  await page.route(`${server.origin}/function`, (route) => route.fulfill({ contentType: 'text/html', body: '<!doctype html><main id="check" style="height:100vh"></main>' }));
  await page.goto(`${server.origin}/function`);
  const result = await page.evaluate(async () => {
    const { startVerification, isIdvError } = await import('/package/dist/index.js');
    const first = startVerification({ container: '#check', locale: 'en' });
    first.dispose();
    first.dispose();
    const code = await first.finished.catch((error) => isIdvError(error) && error.code);
    const left = document.querySelector('#check').childElementCount;
    const types = [];
    const second = startVerification({ container: '#check', locale: 'en', theme: 'dark', onEvent: ({ type }) => types.push(type) });
    const host = document.querySelector('#check').firstElementChild;
    while (!host.shadowRoot.querySelector('[data-action=refuse]')) await new Promise((later) => setTimeout(later, 50));
    host.shadowRoot.querySelector('[data-action=refuse]').click();
    return { code, left, types, end: await second.finished, theme: host.getAttribute('theme') };
  });
  assert.equal(result.code, 'disposed');
  assert.equal(result.left, 0);
  assert.equal(result.theme, 'dark');
  assert.deepEqual(result.end, { status: 'cancelled', returnUrl: 'https://service.example/return?state=sample' });
  assert.ok(result.types.includes('idv-cancel'));
  await page.close();
});

test('a React Native host gets the envelope, and the token has left the address bar', { skip: skipReal }, async () => {
  const { page, problems } = await open('?token=one-time&key=k&lang=en', {
    relay: problem(401, 'token_used'),
    before: () => {
      globalThis.posted = [];
      globalThis.ReactNativeWebView = { postMessage: (message) => globalThis.posted.push(message) };
    },
  });
  await page.locator('idv-flow[screen=error]').waitFor();
  const posted = await page.evaluate(() => globalThis.posted);
  assert.ok(posted.every((message) => typeof message === 'string'));
  const envelopes = posted.map((message) => JSON.parse(message));
  const { v, type, id, payload } = envelopes.at(-1);
  assert.deepEqual([v, type, typeof id, payload.code, payload.retryable], [1, 'idv.error', 'string', 'token_used', false]);
  assert.doesNotMatch(page.url(), /one-time|key=/);
  assert.match(page.url(), /lang=en/);
  assert.ok(!posted.join('').includes('one-time'));
  assert.deepEqual(problems, []);
  await page.close();
});
