/** The screens in Chromium: accessibility, focus, language, layout, and a policy that forbids everything inline. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { join } from 'node:path';
import { after, before, test } from 'node:test';
import { findChromium, launch } from '../e2e/lib/browser.mjs';
import { scratch } from '../e2e/lib/scratch.mjs';
import { serve } from '../e2e/lib/static.mjs';
import { buildGallery } from '../../www/build/gallery.mjs';
import { ROOT } from './lib/package.mjs';

const skip = findChromium() ? false : 'no Chromium: set IDV_CHROMIUM';
const AXE = createRequire(join(ROOT, 'www/package.json')).resolve('axe-core/axe.min.js');

/** Smallest side of a control, in CSS px: Apple's guideline; WCAG 2.5.8 asks for 24. */
const MIN_TARGET_PX = 44;

let browser;
let server;
let names;
const problems = [];

before(async () => {
  if (skip) return;
  const built = await scratch('gallery');
  await buildGallery(built);
  server = await serve(built);
  browser = await launch();
  const page = await open('?list');
  names = await page.evaluate(() => globalThis.idvGallery.names);
  await page.context().close();
});
after(async () => {
  await browser?.close();
  server?.close();
});

async function open(query, { width = 390, height = 844, ...options } = {}) {
  const context = await browser.newContext({ viewport: { width, height }, reducedMotion: 'reduce', bypassCSP: false, ...options });
  const page = await context.newPage();
  page.on('console', (message) => message.type() === 'error' && problems.push(`${query}: ${message.text()}`));
  page.on('pageerror', (error) => problems.push(`${query}: ${error.message}`));
  await page.goto(`${server.origin}/${query}`);
  return page;
}

/** Runs `check` on every sample in one page. */
async function onEach(samples, parameters, options, check) {
  const page = await open(`?screen=${samples[0]}${parameters}`, options);
  for (const name of samples) {
    await page.goto(`${server.origin}/?screen=${name}${parameters}`);
    await page.locator('[part=app]').waitFor();
    await check(page, name);
  }
  await page.context().close();
}

for (const theme of ['light', 'dark']) {
  test(`axe finds nothing on any screen, ${theme}`, { skip }, async () => {
    const axe = await readFile(AXE, 'utf8');
    const samples = names.filter((name) => !/^(error|try_again)--/.test(name) || ['error--network_lost', 'error--token_used', 'try_again--face_mismatch'].includes(name));
    await onEach(samples, '', { colorScheme: theme, bypassCSP: true }, async (page, name) => {
      await page.evaluate(axe);
      const violations = await page.evaluate(async () => {
        const { violations } = await globalThis.axe.run(document, { runOnly: ['wcag2a', 'wcag2aa', 'wcag21a', 'wcag21aa', 'wcag22aa', 'best-practice'] });
        return violations.map(({ id, nodes }) => `${id}: ${nodes.map(({ target, failureSummary }) => `${target} ${failureSummary}`).join(' | ')}`);
      });
      assert.deepEqual(violations, [], name);
    });
  });
}

test('every control is at least 44 px high and wide', { skip }, async () => {
  await onEach(names.slice(0, 22), '', {}, async (page, name) => {
    const small = await page.locator('button, a').evaluateAll((controls, min) => controls.map((control) => control.getBoundingClientRect()).filter(({ width, height }) => width < min || height < min).length, MIN_TARGET_PX);
    assert.equal(small, 0, name);
  });
});

for (const [what, parameters, options] of [
  ['a small phone', '&locale=en', { width: 320, height: 568 }],
  ['a phone with twice as large text', '&locale=ko', { width: 195, height: 422 }],
  ['right to left', '&dir=rtl', {}],
  ['a phone on its side', '', { width: 844, height: 390 }],
]) {
  test(`nothing is cut off sideways on ${what}, and every action can be reached`, { skip }, async () => {
    await onEach(names.slice(0, 22), parameters, options, async (page, name) => {
      const { wide, buttons } = await page.evaluate(() => {
        const root = document.querySelector('#flow').shadowRoot;
        const main = root.querySelector('.main');
        const frame = root.querySelector('.app').getBoundingClientRect();
        const wide = main.scrollWidth > main.clientWidth + 1;
        const buttons = [...root.querySelectorAll('button, a')].map((button) => {
          button.scrollIntoView({ block: 'nearest' });
          const { left, right, top, bottom } = button.getBoundingClientRect();
          return left >= frame.left - 1 && right <= frame.right + 1 && top >= frame.top - 1 && bottom <= frame.bottom + 1;
        });
        return { wide, buttons };
      });
      assert.ok(!wide, `${name} scrolls sideways`);
      assert.ok(buttons.every(Boolean), `${name} hides a button`);
    });
  });
}

test('the heading takes the focus when another screen comes, but not when the page opens', { skip }, async () => {
  const page = await open('?play');
  const focused = () => page.evaluate(() => document.querySelector('#flow').shadowRoot.activeElement?.textContent ?? null);
  await page.locator('[data-action=agree]').waitFor();
  await page.locator('[data-action=agree]').press('Enter');
  await page.locator('[data-action=begin]').waitFor();
  assert.equal(await focused(), 'Have your passport ready');
  await page.context().close();
  const fresh = await open('?screen=loading');
  await fresh.locator('h1').waitFor();
  assert.equal(await fresh.evaluate(() => document.activeElement?.tagName), 'BODY');
  await fresh.context().close();
});

test('a begin button that is not ready does nothing, says how far it is, and keeps the focus', { skip }, async () => {
  const page = await open('?screen=document_intro--loading');
  const button = page.locator('[data-action=begin]');
  assert.equal(await button.getAttribute('aria-disabled'), 'true');
  assert.equal(await button.textContent(), 'Getting ready, 42%');
  await button.focus();
  await button.press('Enter');
  assert.equal(await page.locator('#flow').getAttribute('screen'), 'document_intro');
  await page.context().close();
});

test('hints are in a polite live region', { skip }, async () => {
  const page = await open('?screen=document_capture--glare');
  await assert.doesNotReject(page.locator('[role=status][aria-live=polite]', { hasText: 'Reflection. Turn away from the light' }).waitFor({ state: 'attached', timeout: 5000 }));
  await page.context().close();
});

test('a turn to the user\'s left points to the left of the screen, in left-to-right and right-to-left pages', { skip }, async () => {
  for (const direction of ['ltr', 'rtl']) {
    const page = await open(`?screen=face_capture--left&dir=${direction}`);
    const arc = page.locator('.turn [data-side=left] .turn-arc');
    await arc.waitFor();
    assert.equal(await page.locator('.turn').getAttribute('data-turn'), 'left');
    const { x, width } = await arc.boundingBox();
    assert.ok(x + width < 390 / 2, direction);
    assert.equal(await page.locator('.turn [data-side=right]').evaluate((side) => getComputedStyle(side).visibility), 'hidden');
    await page.context().close();
  }
});

test('the outline lies on the document that the video shows', { skip }, async () => {
  for (const size of [{ width: 390, height: 844 }, { width: 1280, height: 800 }, { width: 844, height: 390 }]) {
    const page = await open('?screen=document_capture--good', size);
    await page.waitForFunction(() => document.querySelector('#flow').shadowRoot.querySelector('.quad')?.points?.length === 4);
    const { drawn, expected } = await page.evaluate(() => {
      const root = document.querySelector('#flow').shadowRoot;
      const video = root.querySelector('video');
      const svg = root.querySelector('.overlay');
      const box = video.getBoundingClientRect();
      const scale = Math.max(box.width / video.videoWidth, box.height / video.videoHeight);
      const { left, top } = svg.getBoundingClientRect();
      const drawn = [...root.querySelector('.quad').points].map(({ x, y }) => [x + left, y + top]);
      // The gallery's scene: the same numbers as in scene.ts, seen through the browser's own object-fit.
      const w = Math.min(video.videoWidth * 0.7, video.videoHeight * 0.8);
      const x = (video.videoWidth - w) / 2 + 8;
      const y = (video.videoHeight - w * (88 / 125)) / 2 - video.videoHeight * 0.01 + 12;
      const expected = [box.left + box.width / 2 + (x - video.videoWidth / 2) * scale, box.top + box.height / 2 + (y - video.videoHeight / 2) * scale];
      return { drawn, expected };
    });
    for (const axis of [0, 1]) assert.ok(Math.abs(drawn[0][axis] - expected[axis]) < 1, `${JSON.stringify(size)}: ${drawn[0]} is not ${expected}`);
    await page.context().close();
  }
});

test('disposing leaves no track running and nothing in the page', { skip }, async () => {
  const page = await open('?screen=document_capture');
  const left = await page.evaluate(() => {
    const host = document.querySelector('#flow');
    globalThis.idvGallery.flow.dispose();
    globalThis.idvGallery.flow.dispose();
    return host.shadowRoot.childElementCount;
  });
  assert.equal(left, 0);
  await page.context().close();
});

test('forced colours and more contrast keep buttons and progress visible', { skip }, async () => {
  const page = await open('?screen=consent', { forcedColors: 'active', contrast: 'more' });
  const { border, color } = await page.locator('[data-action=agree]').evaluate((button) => ({ border: getComputedStyle(button).borderTopStyle, color: getComputedStyle(button).color }));
  assert.equal(border, 'solid');
  assert.ok(color);
  await page.context().close();
});

test('no screen broke the content security policy, Trusted Types included, or logged an error', { skip }, async () => {
  await onEach(names, '&locale=ko', {}, async () => undefined);
  assert.deepEqual(problems, []);
});
