/** Chromium by playwright-core, which is a dev dependency of www/. */
import { existsSync } from 'node:fs';
import { createRequire } from 'node:module';

const require = createRequire(new URL('../../../www/package.json', import.meta.url));

/** Where an installed browser is looked for, besides IDV_CHROMIUM. */
const PLACES = ['/usr/bin/chromium', '/usr/bin/chromium-browser', '/usr/bin/google-chrome', '/Applications/Google Chrome.app/Contents/MacOS/Google Chrome'];

/** Flags for a browser without a screen, also as root, which asks nothing of the network by itself. */
export const FLAGS = ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'];

/** A phone's screen in CSS px, at two device px each. */
export const PHONE = { width: 390, height: 844, deviceScaleFactor: 2 };

/** The browser's path, or null. */
export function findChromium() {
  return [process.env.IDV_CHROMIUM, ...PLACES].find((path) => path && existsSync(path)) ?? null;
}

/** Starts it. */
export function launch({ executablePath = findChromium(), flags = [], headless = true, ...options } = {}) {
  const { chromium } = require('playwright-core');
  if (!executablePath) throw new Error('no Chromium found: install one, or set IDV_CHROMIUM to its path');
  return chromium.launch({ executablePath, headless, args: [...FLAGS, ...flags], ...options });
}
