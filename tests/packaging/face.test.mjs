/** The challenge on the screen: each movement with its own picture, the restart, the other ways, and what is spoken. */
import assert from 'node:assert/strict';
import { after, before, test } from 'node:test';
import { findChromium, launch } from '../e2e/lib/browser.mjs';
import { keyOf, read, write } from '../e2e/lib/replay-file.mjs';
import { scratch } from '../e2e/lib/scratch.mjs';
import { serve } from '../e2e/lib/static.mjs';
import { buildGallery } from '../../www/build/gallery.mjs';

const skip = findChromium() ? false : 'no Chromium: set IDV_CHROMIUM';

let browser;
let server;

before(async () => {
  if (skip) return;
  const built = await scratch('face');
  await buildGallery(built);
  server = await serve(built);
  browser = await launch();
});
after(async () => {
  await browser?.close();
  server?.close();
});

async function open(query, options = {}) {
  const context = await browser.newContext({ viewport: { width: 390, height: 844 }, ...options });
  const page = await context.newPage();
  await page.goto(`${server.origin}/${query}`);
  await page.locator('[part=app]').waitFor();
  return page;
}

const spoken = (page) => page.locator('[role=status][aria-live=polite]');

test('every movement has its words, its figure, and marks where it has a direction', { skip }, async () => {
  const rows = [
    ['left', 'Turn your head slowly to the left', true],
    ['right', 'Turn your head slowly to the right', true],
    ['up', 'Raise your head slowly', true],
    ['down', 'Lower your head slowly', true],
    ['closer', 'Slowly bring your face closer', true],
    ['blink', 'Close your eyes and open them, 3 times', false],
    ['smile', 'Smile', false],
    ['back', 'Now move back to where you were', false],
    ['front', 'Now look straight ahead again', false],
  ];
  for (const [move, words, marked] of rows) {
    const page = await open(`?screen=face_capture--${move}`);
    await page.locator('.hint-text', { hasText: words }).waitFor();
    assert.equal(await page.locator('.figure').getAttribute('data-move'), move);
    assert.equal(await page.locator('.figure svg').isVisible(), true, move);
    const shown = await page.locator('.turn > g').evaluateAll((groups) => groups.filter((group) => getComputedStyle(group).visibility === 'visible').map((group) => group.dataset.side));
    assert.deepEqual(shown, marked ? [move] : [], move);
    await page.context().close();
  }
});

test('of several blinks each is counted, and the action that runs shows the time that is left', { skip }, async () => {
  const page = await open('?screen=face_capture--blink');
  assert.deepEqual(await page.locator('.figure-dots > i').evaluateAll((dots) => dots.map((dot) => dot.hasAttribute('data-done'))), [true, false, false]);
  assert.deepEqual(await page.locator('.pip').evaluateAll((pips) => pips.map((pip) => pip.dataset.state)), ['current', 'next']);
  // 6.2 of 8 seconds.
  assert.equal(await page.locator('.pip[data-state=current] .pip-left').getAttribute('stroke-dasharray'), '78 100');
  await page.context().close();
});

test('a head that turns to the user\'s left turns to the screen\'s left, in right-to-left pages too', { skip }, async () => {
  for (const direction of ['ltr', 'rtl']) {
    const page = await open(`?screen=face_capture--left&dir=${direction}`, { reducedMotion: 'reduce' });
    await page.locator('.figure[data-move=left]').waitFor();
    const [face, head] = await Promise.all(['.figure-face', '.figure-outline'].map((part) => page.locator(part).boundingBox()));
    assert.ok(face.x + face.width / 2 < head.x + head.width / 2 - 3, direction);
    await page.context().close();
  }
});

test('where less motion is asked for nothing moves, and each figure shows the end of its movement', { skip }, async () => {
  for (const move of ['left', 'blink', 'smile', 'closer']) {
    const page = await open(`?screen=face_capture--${move}`, { reducedMotion: 'reduce' });
    await page.locator(`.figure[data-move=${move}]`).waitFor();
    const running = await page.evaluate(() => document.querySelector('#flow').shadowRoot.getAnimations().length);
    assert.equal(running, 0, move);
    if (move === 'smile') assert.equal(await page.locator('.figure-rest').evaluate((mouth) => getComputedStyle(mouth).opacity), '0');
    if (move === 'blink') assert.ok((await page.locator('.figure-eye').first().boundingBox()).height < 2);
    await page.context().close();
  }
});

test('a restart is said to the eye for a moment, and to the ear', { skip }, async () => {
  const page = await open('?screen=face_capture--restarted');
  await page.locator('.restarted', { hasText: 'We lost you. Once more from the start' }).waitFor();
  await spoken(page).filter({ hasText: 'We lost sight of you. It begins once more' }).waitFor({ state: 'attached', timeout: 8000 });
  await page.locator('.restarted').waitFor({ state: 'hidden', timeout: 8000 });
  await page.context().close();
});

test('an action that is done is told before the next prompt', { skip }, async () => {
  const page = await open('?screen=face_capture--left');
  await spoken(page).filter({ hasText: 'Turn your head slowly to the left' }).waitFor({ state: 'attached', timeout: 8000 });
  await page.evaluate(() => {
    const { module } = globalThis.idvGallery;
    module.show('face_capture--right', {});
  });
  await spoken(page).filter({ hasText: '1 of 2 done' }).waitFor({ state: 'attached', timeout: 8000 });
  await spoken(page).filter({ hasText: 'Turn your head slowly to the right' }).waitFor({ state: 'attached', timeout: 8000 });
  await page.context().close();
});

test('another way is chosen by keyboard, and only where the plan leaves the choice', { skip }, async () => {
  const page = await open('?screen=face_intro');
  const summary = page.locator('.other-ways > summary');
  assert.equal(await page.locator('.other-way input').first().isVisible(), false, 'closed until it is wanted');
  await summary.focus();
  await page.keyboard.press('Enter');
  const radio = (name) => page.getByRole('radio', { name });
  assert.equal(await radio(/Any movement/).isChecked(), true);
  await radio(/Any movement/).focus();
  await page.keyboard.press('ArrowDown');
  assert.deepEqual(await page.evaluate(() => globalThis.idvGallery.module.actions), ['no_head_movement']);
  await page.context().close();

  const without = await open('?screen=face_intro--one-way');
  assert.equal(await without.locator('.other-ways').count(), 0);
  await without.context().close();
});

test('a recorded step comes back from its file, and from a sealed one with its key alone', async () => {
  const step = { step: { step: 'face', attempt: 1, challenge: { nonce: '00' } }, models: [], frames: [{ at_ms: 1.5, jpeg: Buffer.from('one') }, { at_ms: 2, jpeg: Buffer.from('2') }], decisions: [], report: null };
  const key = keyOf('07'.repeat(32));
  for (const sealing of [null, key]) {
    const file = await write(step, { key: sealing });
    const { head, frames } = await read(file, sealing);
    assert.deepEqual(frames.map(String), ['one', '2']);
    assert.deepEqual([head.step, head.attempt, head.frames[0].at_ms], ['face', 1, 1.5]);
  }
  const sealed = await write(step, { key });
  assert.equal(sealed.includes('nonce'), false);
  await assert.rejects(read(sealed), /sealed/);
  await assert.rejects(read(sealed, keyOf('08'.repeat(32))));
  assert.throws(() => keyOf('short'), /64/);
});
