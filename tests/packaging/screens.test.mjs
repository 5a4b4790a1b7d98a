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
import { importShell } from './lib/compile.mjs';
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

/** Samples whose layout is their own: those of errors, reasons and file problems differ by their texts only. */
const layouts = () => names.filter((name) => !/^(error|try_again)--/.test(name) && (!name.startsWith('document_timeout--') || /--(back|upload|heic)$/.test(name)));

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
    const samples = [...layouts(), 'error--network_lost', 'error--token_used', 'try_again--face_mismatch'];
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
  await onEach(layouts(), '', {}, async (page, name) => {
    const small = await page.locator('button:not([hidden]), a, .picker').evaluateAll((controls, min) => controls.map((control) => control.getBoundingClientRect()).filter(({ width, height }) => width < min || height < min).length, MIN_TARGET_PX);
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
    await onEach(layouts(), parameters, options, async (page, name) => {
      const { wide, buttons } = await page.evaluate(() => {
        const root = document.querySelector('#flow').shadowRoot;
        const main = root.querySelector('.main');
        const frame = root.querySelector('.app').getBoundingClientRect();
        const wide = main.scrollWidth > main.clientWidth + 1;
        const buttons = [...root.querySelectorAll('button, a, .picker')].map((button) => {
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

/** Shows a sample in an open gallery, with changes to it: the next view of the same flow. */
const show = (page, name, change = {}) => page.evaluate(([name, change]) => globalThis.idvGallery.module.show(name, change), [name, change]);

/** What the screens have told the page module. */
const told = (page) => page.evaluate(() => ({ actions: globalThis.idvGallery.module.actions, files: globalThis.idvGallery.module.files }));

/** `data-action` of what has the focus, or its tag. */
const focusOf = (page) =>
  page.evaluate(() => {
    const focused = document.querySelector('#flow').shadowRoot.activeElement;
    return focused?.closest('[data-action]')?.getAttribute('data-action') ?? focused?.tagName ?? null;
  });

const photo = { name: 'card.jpg', mimeType: 'image/jpeg', buffer: Buffer.from([0xff, 0xd8, 0xff, 0xd9]) };

test('the shutter comes without moving anything, is large and named, and asks for the picture', { skip }, async () => {
  for (const size of [{ width: 360, height: 640 }, { width: 740, height: 360 }, { width: 1280, height: 800 }]) {
    const page = await open('?screen=document_capture--front', size);
    const shutter = page.locator('[data-action=shoot]');
    const placesOf = () => page.evaluate(() => {
      const root = document.querySelector('#flow').shadowRoot;
      const { x, y } = root.querySelector('[data-action=cancel]').getBoundingClientRect();
      return { guide: root.querySelector('.guide').getAttribute('d'), cancel: [x, y] };
    });
    await page.waitForFunction(() => document.querySelector('#flow').shadowRoot.querySelector('.guide').getAttribute('d'));
    assert.equal(await shutter.count(), 0);
    const before = await placesOf();
    await show(page, 'document_capture--front', { manual: true });
    const { width, height } = await shutter.boundingBox();
    assert.ok(width >= 64 && height >= 64, `${width} x ${height}`);
    if (size.height > 500) assert.deepEqual(await placesOf(), before, JSON.stringify(size));
    await assert.doesNotReject(page.getByRole('button', { name: 'Take the picture yourself', description: 'Or wait: it is taken for you once it is sharp' }).click());
    assert.deepEqual((await told(page)).actions, ['shoot']);
    await page.context().close();
  }
});

test('a file can be chosen only where it may, goes to the page module, and may be the same one again', { skip }, async () => {
  const page = await open('?screen=document_capture--manual');
  const picker = page.locator('[data-action=upload]');
  for (const name of ['document_capture', 'document_capture--manual', 'document_timeout', 'document_file', 'document_intro--two-sides', 'face_timeout']) {
    await show(page, name);
    assert.equal(await page.locator('input').count(), 0, name);
  }
  for (const [index, name] of ['document_capture--upload', 'document_timeout--upload'].entries()) {
    await show(page, name);
    const input = picker.locator('input');
    assert.equal(await input.getAttribute('accept'), 'image/jpeg,image/png');
    assert.equal(await input.getAttribute('capture'), null);
    await input.setInputFiles(photo);
    await input.setInputFiles(photo);
    assert.equal(await input.evaluate((element) => element.files.length), 0);
    const { files } = await told(page);
    assert.deepEqual(files.slice(2 * index), [photo, photo].map(({ name, mimeType, buffer }) => ({ name, type: mimeType, size: buffer.length })));
  }
  await page.context().close();
});

test('the file dialog opens by touch and by keyboard, and its control is named', { skip }, async () => {
  for (const [name, label] of [['document_capture--upload', 'Use a photo instead'], ['document_timeout--upload', 'Choose a photo']]) {
    const page = await open(`?screen=${name}`);
    await Promise.all([page.waitForEvent('filechooser'), page.locator('[data-action=upload]').click()]);
    const input = page.getByLabel(label);
    await input.focus();
    await Promise.all([page.waitForEvent('filechooser'), input.press('Enter')]);
    const outline = await page.locator('[data-action=upload]').evaluate((element) => getComputedStyle(element).outlineStyle);
    assert.equal(outline, 'solid');
    await page.context().close();
  }
});

test('buttons that come at the camera leave the focus where it is, and one that goes gives it to the heading', { skip }, async () => {
  const page = await open('?screen=document_capture--front');
  await page.locator('[data-action=cancel]').focus();
  await show(page, 'document_capture--upload');
  assert.equal(await focusOf(page), 'cancel');
  await page.keyboard.press('Shift+Tab');
  assert.equal(await focusOf(page), 'upload');
  await show(page, 'document_capture--manual');
  assert.equal(await focusOf(page), 'H1');
  await page.locator('[data-action=shoot]').focus();
  await show(page, 'document_capture--manual', { hint: 'capturing' });
  assert.equal(await focusOf(page), 'shoot');
  await show(page, 'document_capture--back');
  assert.equal(await focusOf(page), 'H1');
  await page.context().close();
});

test('the back is asked for by heading, picture and speech, at the same step, without a pause', { skip }, async () => {
  for (const reducedMotion of ['no-preference', 'reduce']) {
    const page = await open('?screen=document_capture--front', { reducedMotion });
    const heading = page.locator('h1');
    const step = page.locator('.steps-count');
    const flip = page.locator('.flip');
    assert.match(await heading.textContent(), /^Front of your card/);
    assert.equal(await step.textContent(), 'Step 2 of 4');
    assert.equal(await flip.isVisible(), false);
    await show(page, 'document_capture--turn-over');
    assert.match(await heading.textContent(), /^Now the back/);
    assert.equal(await step.textContent(), 'Step 2 of 4');
    assert.equal(await flip.isVisible(), true);
    const { moving, arrow, over } = await page.evaluate(() => {
      const root = document.querySelector('#flow').shadowRoot;
      const { x, y, width, height } = root.querySelector('.flip').getBoundingClientRect();
      return {
        moving: root.querySelector('.flip-card').getAnimations().length > 0,
        arrow: getComputedStyle(root.querySelector('.flip-arrow')).display !== 'none',
        over: root.elementFromPoint(x + width / 2, y + height / 2)?.closest('.flip') !== null,
      };
    });
    assert.deepEqual({ moving, arrow }, reducedMotion === 'reduce' ? { moving: false, arrow: true } : { moving: true, arrow: false });
    assert.equal(over, false, 'it takes touches');
    await page.locator('[role=status][aria-live=polite]', { hasText: 'Now turn your document over' }).waitFor({ state: 'attached', timeout: 4000 });
    await page.locator('.hint', { hasText: 'Turn it over to the back' }).waitFor();
    await show(page, 'document_capture--back', { progress: 0.5 });
    assert.equal(await page.locator('[role=progressbar]').getAttribute('aria-valuenow'), '50');
    await flip.waitFor({ state: 'hidden', timeout: 4000 });
    await show(page, 'document_capture--back', { hint: 'capturing' });
    assert.equal(await flip.isVisible(), false, 'it came twice');
    await page.context().close();
  }
});

test('a refused file is told by an alert with the way out, anew for each, and the heading has the focus', { skip }, async () => {
  const page = await open('?screen=document_capture--upload');
  const alert = page.locator('[role=alert]');
  await page.locator('h1').waitFor();
  await show(page, 'document_file');
  assert.equal(await page.locator('section[aria-busy=true]').count(), 1);
  await page.locator('[data-action=cancel]').click();
  assert.deepEqual((await told(page)).actions, ['cancel']);
  await show(page, 'document_timeout--heic');
  assert.match(await alert.textContent(), /HEIC.*screenshot.*Most Compatible/s);
  assert.equal(await focusOf(page), 'H1');
  assert.equal(await page.locator('h1').textContent(), 'This photo cannot be used');
  await page.locator('[data-action=upload] input').focus();
  await show(page, 'document_timeout--heic', { online: false });
  assert.equal(await focusOf(page), 'upload', 'a view that changes nothing here takes the focus');
  await alert.evaluate((element) => element.setAttribute('data-old', ''));
  await page.locator('[data-action=upload] input').setInputFiles(photo);
  await page.locator('[role=alert]:not([data-old])').waitFor();
  assert.equal(await focusOf(page), 'H1', 'the same reason for another file is not told again');
  await show(page, 'document_timeout--pdf');
  assert.match(await alert.textContent(), /PDF.*screenshot/s);
  assert.equal(await focusOf(page), 'H1');
  await show(page, 'document_timeout--wrong_side', { side: 'back' });
  assert.match(await alert.textContent(), /the back/);
  await show(page, 'document_timeout--heic', { fileProblem: 'a_later_code' });
  assert.match(await alert.textContent(), /JPEG or PNG/);
  assert.deepEqual(await page.locator('.page-actions [data-action]').evaluateAll((controls) => controls.map((control) => control.getAttribute('data-action'))), ['retry', 'upload', 'cancel']);
  await show(page, 'document_timeout--upload');
  assert.equal(await alert.count(), 0);
  await page.context().close();
});

test('two sides are announced before the camera opens, and only where there are two', { skip }, async () => {
  const page = await open('?screen=document_intro--two-sides');
  await page.getByRole('img', { name: 'The front of a card, and an arrow to its back' }).waitFor();
  assert.match(await page.locator('.lead').textContent(), /first the front.*then the back/s);
  await page.context().close();
  const passport = await open('?screen=document_intro');
  assert.doesNotMatch(await passport.locator('.page').textContent(), /back/);
  await passport.context().close();
});

for (const size of [{ width: 360, height: 640 }, { width: 320, height: 568 }, { width: 390, height: 844 }, { width: 740, height: 360 }, { width: 667, height: 375 }, { width: 195, height: 422 }, { width: 1280, height: 800 }]) {
  test(`at the camera no control, hint or text lies over another at ${size.width} x ${size.height}`, { skip }, async () => {
    const { LOCALES } = await importShell('locales/index.ts');
    for (const texts of LOCALES) {
      const page = await open(`?screen=document_capture--upload&locale=${texts.tag}`, size);
      await page.locator('.hint:not([hidden])').waitFor();
      const hints = Object.values(texts.documentHints).flatMap((text) => (typeof text === 'string' ? [text] : Object.values(text)));
      const clashes = await page.evaluate((hints) => {
        const root = document.querySelector('#flow').shadowRoot;
        const frame = root.querySelector('.app').getBoundingClientRect();
        const hint = root.querySelector('.hint');
        const short = innerHeight <= 500;
        // Where there is no room for the heading it is there for screen readers only.
        const parts = [...(short ? [] : ['h1']), '.steps', '.hint', '.shutter-note', '.shutter-place', '[data-action=upload]', '[data-action=cancel]'];
        return hints.flatMap((text) => {
          hint.textContent = text;
          const boxes = parts.map((part) => ({ part, box: root.querySelector(part).getBoundingClientRect() }));
          const outside = boxes.filter(({ box }) => box.left < frame.left || box.right > frame.right || box.top < frame.top || box.bottom > frame.bottom).map(({ part }) => `${part} leaves the frame: ${text}`);
          const over = boxes.flatMap((a, index) =>
            boxes.slice(index + 1).filter((b) => a.box.left < b.box.right && b.box.left < a.box.right && a.box.top < b.box.bottom && b.box.top < a.box.bottom).map((b) => `${a.part} and ${b.part}: ${text}`),
          );
          return [...outside, ...over];
        });
      }, hints);
      assert.deepEqual(clashes, [], texts.tag);
      await page.context().close();
    }
  });
}

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
