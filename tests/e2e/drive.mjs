/**
 * Drives one verification in Chromium, as a visitor would, and tells what happens, one JSON line each.
 *
 *   node tests/e2e/drive.mjs CONFIG.json        (or the configuration on standard input)
 *
 * Configuration:
 *   startUrl          the start URL that the customer's server received
 *   scenario          approved | no-document | printed-face | screen-face | cut-between-people | other-person |
 *                     camera-denied | injected-camera | network-lost | worker-trap | card | licence | upload | otp |
 *                     otp-wrong | secret | secret-wrong | record | not-on-record | toss | toss-refused
 *   cameraLink        path for the camera's symbolic link, ending in .mjpeg
 *   recordings        { document, none }: recordings for the document camera
 *   specimenCommand   argv that renders the face recording; {actions} and {out} are filled in
 *   workDir           where rendered recordings go
 *   screenshotsDir?   where pictures of the screens go
 *   chromium?         the browser's path · flags? more of its flags · headless? false for a window
 *   viewport?         { width, height, deviceScaleFactor } · locale? · offlineMs? · timeoutMs?
 *
 * Ends with 0 when the page went to the return URL with the event that the scenario asks for; otherwise with 1, a line
 * `{"event":"failed","reason":…}`, and failure.png and trace.zip in `screenshotsDir` or `workDir`. Either way what the worker
 * saw of each step lies as `replay/*.idvreplay` in `workDir`, for `cargo xtask replay`: whether the outcome is the expected
 * one is known to the caller alone.
 */
import { mkdir, readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { launch, PHONE } from './lib/browser.mjs';
import { RecordedCamera } from './lib/camera.mjs';
import { recordSteps, saveSteps } from './lib/recording.mjs';
import { AnswerRenderer } from './lib/renderer.mjs';
import { SCENARIOS } from './lib/scenarios.mjs';
import { trapOnce } from './lib/trap.mjs';
import { Visitor } from './lib/visitor.mjs';

/** Default limit for everything, in ms: rendering and inference on two cores included. */
const TIMEOUT_MS = 420_000;

/** Default time without a network, in ms: longer than one retry of an upload. */
const OFFLINE_MS = 4_000;

/** Where captures are put. */
const UPLOADS = '**/relay/v1/captures/**';

/** What a plan without pictures must not fetch: worker, vision wasm, barcode wasm, models. */
const OF_ENGINE = /\/(worker\.js|(vision|barcode)[^/]*\.wasm|models\/.+)$/;

/** Longest message to a native host, in characters: ids and codes are short. */
const LONGEST_ENVELOPE = 2_000;

/** Time the last screen may stay before its link is pressed, in ms. */
const LEAVE_AFTER_MS = 6_000;

const began_ms = performance.now();
const note = (what) => console.log(JSON.stringify({ ...what, t_ms: Math.round(performance.now() - began_ms) }));

/** An address without its query: it may carry tokens. */
const bare = (url) => {
  const { origin, pathname, protocol } = new URL(url);
  return origin === 'null' ? `${protocol}${pathname}` : origin + pathname;
};

const config = JSON.parse(process.argv[2] ? await readFile(process.argv[2], 'utf8') : await text(process.stdin));
const scenario = SCENARIOS[config.scenario];
if (!scenario) throw new Error(`unknown scenario '${config.scenario}'; known: ${Object.keys(SCENARIOS).join(', ')}`);
for (const folder of [config.workDir, config.screenshotsDir]) if (folder) await mkdir(folder, { recursive: true });

const camera = new RecordedCamera(config.cameraLink, note);
if (config.recordings?.document) await camera.show('document', config.recordings.document);
const renderer = config.specimenCommand ? new AnswerRenderer(config.specimenCommand, config.workDir, note) : null;
const browser = await launch({
  ...(config.chromium ? { executablePath: config.chromium } : {}),
  headless: config.headless ?? true,
  flags: [...camera.flags({ denied: scenario.denied }), ...(config.flags ?? [])],
});
const { width, height, deviceScaleFactor } = config.viewport ?? PHONE;
const context = await browser.newContext({ viewport: { width, height }, deviceScaleFactor, locale: config.locale ?? 'en' });
await context.tracing.start({ screenshots: false, snapshots: false });
const page = await context.newPage();
const visitor = new Visitor({ context, page, camera, renderer, config, scenario, note });

/** Ends the run: with a failure, or with null when the page is back at the service. */
let finish;
const finished = new Promise((resolve) => (finish = resolve));
const attend = (work) => work.catch((error) => finish(error));

const state = { plan: null, screen: null, error: null, ending: null, returnUrl: null, lostOnce: false };
let screens = Promise.resolve();
/** What was written of a run that ended. */
let kept = null;

function onScreen(detail) {
  state.screen = detail.screen;
  note({ event: 'screen', name: detail.screen, step: detail.step, attempt: detail.attempt });
  // The error screen's code comes in the event right after.
  screens = screens.then(() => new Promise((next) => setTimeout(next, 50))).then(() => (detail.screen === state.screen ? visitor.see(detail.screen, state.error) : undefined));
  attend(screens);
}

function onEnd(type, { returnUrl }) {
  state.ending = type;
  state.returnUrl = returnUrl;
  note({ event: 'ended', by: type });
  if (type !== scenario.ending) return finish(new Error(`the page ended with ${type}, '${config.scenario}' ends with ${scenario.ending}`));
  if (returnUrl === null) return finish(new Error('the page has no return URL'));
  // With the page goes what it recorded, and whether the outcome is the expected one is known only later: it stays until that
  // is written.
  kept = saveReplays();
  attend(page.route((url) => bare(url.href) === bare(returnUrl), (route) => kept.then(() => route.fallback())));
  setTimeout(() => page.locator('[data-action="leave"]').click().catch(() => undefined), LEAVE_AFTER_MS).unref();
}

/** Writes the steps that the page recorded; gives their files. A page that cannot be asked has none. */
const saveReplays = () => saveSteps(page, join(config.workDir ?? config.screenshotsDir ?? '.', 'replay'), state.plan).catch(() => []);

const HANDLERS = {
  'idv-step': onScreen,
  'idv-hint': ({ hint }) => {
    note({ event: 'hint', hint });
    attend(visitor.hinted(state.screen, hint));
  },
  'idv-captured': ({ step, attempt }) => note({ event: 'captured', step, attempt }),
  'idv-error': ({ code, retryable }) => {
    state.error = code;
    note({ event: 'error', code, retryable });
  },
  'idv-submitted': (detail) => onEnd('idv-submitted', detail),
  'idv-cancel': (detail) => onEnd('idv-cancel', detail),
};

/** What a native host that embeds the page in a React Native WebView hears. */
const host = { types: new Set(), fault: null };
await page.exposeBinding('idvHost', (_, message) => {
  const envelope = JSON.parse(message);
  host.types.add(envelope.type);
  if (Object.keys(envelope).sort().join() !== 'id,payload,type,v' || envelope.v !== 1) host.fault = `a malformed envelope of type ${envelope.type}`;
  if (message.length > LONGEST_ENVELOPE) host.fault = `an envelope of ${message.length} characters: no picture may cross the bridge`;
  note({ event: 'bridge', type: envelope.type });
});
await page.addInitScript(() => {
  globalThis.ReactNativeWebView = { postMessage: (message) => globalThis.idvHost(message) };
});

await page.exposeBinding('idvDriver', (_, type, detail) => HANDLERS[type](detail));
await page.addInitScript((types) => {
  for (const type of types) document.addEventListener(type, (event) => globalThis.idvDriver(type, event.detail));
}, Object.keys(HANDLERS));

await recordSteps(page);

page.on('pageerror', (error) => note({ event: 'page_error', message: error.message }));
page.on('console', (message) => message.type() === 'error' && note({ event: 'console_error', message: message.text().replace(/\?\S*/g, '?…') }));
page.on('request', (request) => {
  const url = request.url();
  if (request.isNavigationRequest() && request.frame() === page.mainFrame()) {
    if (state.returnUrl !== null && bare(url) === bare(state.returnUrl)) {
      note({ event: 'returned', to: bare(url) });
      finish(hostFault());
    }
    return;
  }
  const { origin, protocol, pathname } = new URL(url);
  if (OF_ENGINE.test(pathname)) note({ event: 'engine', path: pathname });
  if (protocol.startsWith('http') && origin !== new URL(config.startUrl).origin) finish(new Error(`the page asked another origin: ${bare(url)}`));
});
page.on('response', (response) => {
  const { pathname } = new URL(response.url());
  const method = response.request().method();
  if (pathname.endsWith('/plan') && method === 'GET' && response.ok()) attend(readPlan(response));
  else if (pathname.includes('/relay/')) {
    if (method === 'PUT' && response.ok()) visitor.uploaded();
    note({ event: 'relay', method, path: pathname.replace(/^.*\/relay\/v\d+/, ''), status: response.status() });
  }
});

/** What the native host should have heard and did not, or null. */
function hostFault() {
  const missing = ['idv.ready', 'idv.step', scenario.ending.replace('-', '.')].filter((type) => !host.types.has(type));
  if (missing.length > 0) return new Error(`the native host did not hear ${missing.join(', ')}`);
  return host.fault ? new Error(host.fault) : null;
}

async function readPlan(response) {
  const plan = (state.plan = await response.json());
  const { attempt, challenge } = plan;
  const actions = challenge?.actions.map(({ kind, times }) => `${kind}:${times}`) ?? null;
  note({ event: 'plan', attempt, actions });
  visitor.planned(actions);
}

/** Cuts the first upload off and keeps the browser offline for a while. */
async function loseNetwork(route) {
  if (state.lostOnce) return route.fallback();
  state.lostOnce = true;
  note({ event: 'offline' });
  await route.abort('connectionreset');
  await context.setOffline(true);
  await new Promise((later) => setTimeout(later, config.offlineMs ?? OFFLINE_MS));
  await context.setOffline(false);
  note({ event: 'online' });
}

if (scenario.trapAtFrame) await trapOnce(page, scenario.trapAtFrame, note);
if (scenario.offlineAtFirstUpload) await page.route(UPLOADS, (route) => attend(loseNetwork(route)));
const limit = setTimeout(() => finish(new Error(`not finished after ${config.timeoutMs ?? TIMEOUT_MS} ms; the screen is '${state.screen}'`)), config.timeoutMs ?? TIMEOUT_MS);
note({ event: 'open', scenario: config.scenario, browser: browser.version() });
attend(page.goto(config.startUrl, { waitUntil: 'commit' }));
const failure = await finished;
clearTimeout(limit);
renderer?.stop();
const steps = await (kept ?? (failure ? saveReplays() : []));
if (failure) {
  const folder = config.screenshotsDir ?? config.workDir ?? '.';
  await page.screenshot({ path: join(folder, 'failure.png') }).catch(() => undefined);
  await context.tracing.stop({ path: join(folder, 'trace.zip') }).catch(() => undefined);
  if (steps.length > 0) note({ event: 'replay', files: steps });
  note({ event: 'failed', reason: failure.message.split('\n')[0].replace(/\?\S*/g, '?…'), screen: state.screen });
}
await browser.close();
if (!failure) note({ event: 'finished', scenario: config.scenario, by: state.ending });
process.exit(failure ? 1 : 0);
