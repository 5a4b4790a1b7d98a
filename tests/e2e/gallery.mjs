/**
 * Screenshots of every screen of the gallery.
 *
 *   node tests/e2e/gallery.mjs --out DIR [--only consent,done] [--sizes phone,desktop] [--themes light,dark]
 *                              [--locales en,ko] [--dirs ltr,rtl] [--wait MS] [--calm]
 *
 * Without `--all` the states of errors and reasons are left out: they differ by their texts only. `--wait` is the time
 * from a screen's arrival to its picture, `--calm` asks for less motion.
 */
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { parseArgs } from 'node:util';
import { buildGallery } from '../../www/build/gallery.mjs';
import { launch, PHONE } from './lib/browser.mjs';
import { scratch } from './lib/scratch.mjs';
import { serve } from './lib/static.mjs';

const SIZES = { phone: PHONE, desktop: { width: 1280, height: 860, deviceScaleFactor: 1 }, small: { width: 320, height: 568, deviceScaleFactor: 2 }, compact: { width: 360, height: 640, deviceScaleFactor: 2 }, side: { width: 740, height: 360, deviceScaleFactor: 1 } };

/** Time for the last transition to end, in ms. */
const SETTLE_MS = 450;

const { values } = parseArgs({
  options: {
    out: { type: 'string', default: 'target/gallery' },
    only: { type: 'string' },
    all: { type: 'boolean', default: false },
    sizes: { type: 'string', default: 'phone,desktop' },
    themes: { type: 'string', default: 'light,dark' },
    locales: { type: 'string', default: 'en,ko' },
    dirs: { type: 'string', default: 'ltr,rtl' },
    wait: { type: 'string', default: String(SETTLE_MS) },
    calm: { type: 'boolean', default: false },
  },
});

/** Every combination of the given lists. */
function* combinations(lists) {
  const [[name, list] = [], ...rest] = lists;
  if (!name) return yield {};
  for (const value of list.split(',')) for (const tail of combinations(rest)) yield { [name]: value, ...tail };
}

const built = await scratch('gallery');
await buildGallery(built);
await mkdir(values.out, { recursive: true });
const server = await serve(built);
const browser = await launch();
let count = 0;
for (const { size, theme, locale, dir } of combinations([['size', values.sizes], ['theme', values.themes], ['locale', values.locales], ['dir', values.dirs]])) {
  const { width, height, deviceScaleFactor } = SIZES[size];
  const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor, colorScheme: theme, locale, reducedMotion: values.calm ? 'reduce' : 'no-preference' });
  const page = await context.newPage();
  page.on('pageerror', (error) => console.error(`page error: ${error.message}`));
  page.on('console', (message) => message.type() === 'error' && console.error(`console: ${message.text()}`));
  await page.goto(`${server.origin}/?list`);
  const names = (await page.evaluate(() => globalThis.idvGallery.names)).filter((name) =>
    values.only ? values.only.split(',').includes(name) : values.all || !/^(error|try_again)--/.test(name),
  );
  for (const name of names) {
    await page.goto(`${server.origin}/?screen=${name}&locale=${locale}&dir=${dir}`);
    await page.waitForTimeout(Number(values.wait));
    await page.screenshot({ path: join(values.out, `${size}-${theme}-${locale}-${dir}-${name}.png`) });
    count += 1;
  }
  await context.close();
}
await browser.close();
server.close();
console.log(`${count} screenshots in ${values.out}`);
