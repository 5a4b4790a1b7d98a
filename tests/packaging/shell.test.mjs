/** The shell's pure parts: mapping, smoothing, pacing, steps, events, texts. */
import assert from 'node:assert/strict';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { test } from 'node:test';
import { importShell } from './lib/compile.mjs';
import { ROOT } from './lib/package.mjs';

const geometry = await importShell('ui/geometry.ts');
const { QuadSmoother } = await importShell('ui/parts/quad-smoother.ts');
const { Pacer } = await importShell('ui/hints.ts');
const { permissionPlace } = await importShell('ui/permission.ts');
const { EventTracker } = await importShell('events.ts');
const { stepsOf } = await importShell('steps.ts');
const { safeReturnUrl, defaultRelayUrl } = await importShell('address.ts');
const { chooseTexts, LOCALES } = await importShell('locales/index.ts');
const codes = await importShell('view.ts');

const VIEW = { screen: 'loading', steps: ['consent', 'document', 'face'], stepIndex: 0, stepCount: 3, attempt: 1, hint: null, error: null, returnUrl: null, submissionId: null, cancelled: false };
const near = (actual, expected, message) => actual.forEach((value, index) => assert.ok(Math.abs(value - expected[index]) < 1e-6, `${message ?? ''} ${actual} is not ${expected}`));

test('a frame of the box\'s own proportions maps by scale alone', () => {
  const mapping = geometry.mapFrame({ width: 1280, height: 720 }, { width: 640, height: 360 }, false);
  near(geometry.mapPoint([1280, 720], mapping), [640, 360]);
  near(geometry.mapPoint([0, 0], mapping), [0, 0]);
});

test('a wide frame in a tall box loses its sides equally, and its middle stays the middle', () => {
  const box = { width: 390, height: 844 };
  const mapping = geometry.mapFrame({ width: 1280, height: 720 }, box, false);
  assert.equal(mapping.scale, 844 / 720);
  near(geometry.mapPoint([640, 360], mapping), [195, 422]);
  const [left] = geometry.mapPoint([0, 0], mapping);
  const [right] = geometry.mapPoint([1280, 0], mapping);
  assert.ok(left < 0 && Math.abs(-left - (right - 390)) < 1e-9);
});

test('a tall frame in a wide box loses top and bottom equally', () => {
  const mapping = geometry.mapFrame({ width: 720, height: 1280 }, { width: 1000, height: 600 }, false);
  near(geometry.mapPoint([0, 640], mapping), [0, 300]);
  near(geometry.mapPoint([720, 640], mapping), [1000, 300]);
});

test('mirroring exchanges left and right of the box and nothing else', () => {
  const box = { width: 390, height: 844 };
  const frame = { width: 720, height: 1280 };
  const plain = geometry.mapFrame(frame, box, false);
  const mirrored = geometry.mapFrame(frame, box, true);
  for (const point of [[0, 0], [100, 900], [720, 1280]]) {
    const [x, y] = geometry.mapPoint(point, plain);
    near(geometry.mapPoint(point, mirrored), [390 - x, y]);
  }
});

test('a mirrored rectangle keeps its size and a positive width', () => {
  const mapping = geometry.mapFrame({ width: 640, height: 480 }, { width: 640, height: 480 }, true);
  assert.deepEqual(geometry.mapRect({ x: 10, y: 20, width: 100, height: 50 }, mapping), { x: 530, y: 20, width: 100, height: 50 });
});

test('the video fills the stage as long as it hides little of the frame', () => {
  const phone = { width: 390, height: 844 };
  assert.deepEqual(geometry.fitVideoBox(phone, { width: 720, height: 1280 }), { x: 0, y: 0, ...phone });
});

test('a wide frame on a tall stage gets a shorter box, and at most the stated share is hidden', () => {
  const stage = { width: 390, height: 844 };
  const frame = { width: 1280, height: 720 };
  const box = geometry.fitVideoBox(stage, frame);
  assert.equal(box.width, 390);
  assert.ok(Math.abs(box.y - (844 - box.y - box.height)) < 1e-9, 'centred');
  const { scale } = geometry.mapFrame(frame, box, false);
  const hidden = 1 - box.width / (frame.width * scale);
  assert.ok(Math.abs(hidden - geometry.MAX_CROP_RATIO) < 1e-9, `${hidden}`);
});

test('a tall frame on a wide stage gets a narrower box', () => {
  const box = geometry.fitVideoBox({ width: 1000, height: 600 }, { width: 720, height: 1280 });
  assert.equal(box.height, 600);
  assert.ok(box.width < 1000 && Math.abs(box.x - (1000 - box.x - box.width)) < 1e-9);
});

test('guides keep the proportions of what they are for and stay inside what is free', () => {
  const stage = { width: 390, height: 844 };
  const box = { x: 0, y: 0, ...stage };
  const insets = { top: 120, bottom: 130 };
  const inside = (guide) => guide.x >= 0 && guide.x + guide.width <= 390 && guide.y >= 120 && guide.y + guide.height <= 714;
  const passport = geometry.documentGuide(stage, box, insets, ['id3']);
  assert.ok(Math.abs(passport.width / passport.height - 125 / 88) < 1e-9 && inside(passport));
  const card = geometry.documentGuide(stage, box, insets, ['id1', 'id3']);
  assert.ok(Math.abs(card.width / card.height - 85.6 / 53.98) < 1e-9 && inside(card));
  assert.ok(inside(geometry.faceGuide(stage, box, insets)));
});

test('an empty stage and an empty frame give numbers, not exceptions', () => {
  assert.deepEqual(geometry.fitVideoBox({ width: 0, height: 0 }, { width: 0, height: 0 }), { x: 0, y: 0, width: 0, height: 0 });
});

test('the outline glides to a near target, jumps to a far one and forgets a lost one', () => {
  const square = (x) => [[x, 0], [x + 100, 0], [x + 100, 100], [x, 100]];
  const smoother = new QuadSmoother();
  assert.deepEqual(smoother.next(square(0), 16, 1000), square(0));
  const [[x]] = smoother.next(square(50), 16, 1000);
  assert.ok(x > 0 && x < 50, `${x}`);
  for (let frame = 0; frame < 60; frame += 1) smoother.next(square(50), 16, 1000);
  assert.ok(Math.abs(smoother.next(square(50), 16, 1000)[0][0] - 50) < 0.5);
  assert.deepEqual(smoother.next(square(600), 16, 1000), square(600));
  assert.equal(smoother.next(null, 16, 1000), null);
  assert.deepEqual(smoother.next(square(10), 16, 1000), square(10));
});

/** A clock that a test turns. */
function testClock() {
  let now_ms = 0;
  let waiting = [];
  return {
    now: () => now_ms,
    after(ms, run) {
      const entry = { at: now_ms + ms, run };
      waiting.push(entry);
      return () => (waiting = waiting.filter((other) => other !== entry));
    },
    turn(ms) {
      now_ms += ms;
      const due = waiting.filter(({ at }) => at <= now_ms);
      waiting = waiting.filter(({ at }) => at > now_ms);
      for (const { run } of due) run();
    },
  };
}

test('a pacer passes the first value at once, the last one later, and nothing in between', () => {
  const clock = testClock();
  const passed = [];
  const pacer = new Pacer(600, (value) => passed.push(value), clock);
  pacer.offer('a');
  clock.turn(100);
  pacer.offer('b');
  pacer.offer('c');
  assert.deepEqual(passed, ['a']);
  clock.turn(500);
  assert.deepEqual(passed, ['a', 'c']);
});

test('a pacer that flickers back to what is shown passes nothing', () => {
  const clock = testClock();
  const passed = [];
  const pacer = new Pacer(600, (value) => passed.push(value), clock);
  for (const value of ['a', 'b', 'a']) pacer.offer(value);
  clock.turn(5000);
  assert.deepEqual(passed, ['a']);
});

test('what a pacer must pass is passed before newer values, and those come after it', () => {
  const clock = testClock();
  const passed = [];
  const pacer = new Pacer(600, (value) => passed.push(value), clock);
  pacer.offer('front');
  pacer.insist('now the back');
  pacer.offer('turn over');
  pacer.offer('hold still');
  assert.deepEqual(passed, ['front']);
  clock.turn(600);
  assert.deepEqual(passed, ['front', 'now the back']);
  clock.turn(600);
  assert.deepEqual(passed, ['front', 'now the back', 'hold still']);
});

test('a disposed pacer passes nothing any more', () => {
  const clock = testClock();
  const passed = [];
  const pacer = new Pacer(600, (value) => passed.push(value), clock);
  pacer.offer('a');
  pacer.offer('b');
  pacer.dispose();
  clock.turn(5000);
  assert.deepEqual(passed, ['a']);
});

test('each browser is told where its own camera permission is', () => {
  const webkit = 'AppleWebKit/605.1.15 (KHTML, like Gecko)';
  const chrome = 'AppleWebKit/537.36 (KHTML, like Gecko) Chrome/140.0.0.0';
  const table = {
    [`Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) ${webkit} Version/18.0 Mobile/15E148 Safari/604.1`]: 'ios_safari',
    [`Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) ${webkit} CriOS/140.0 Mobile/15E148 Safari/604.1`]: 'ios_other',
    [`Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) ${webkit} Mobile/15E148`]: 'ios_other',
    [`Mozilla/5.0 (iPhone; CPU iPhone OS 18_0 like Mac OS X) ${webkit} Mobile/15E148 KAKAOTALK 25.1.0`]: 'in_app',
    [`Mozilla/5.0 (Linux; Android 15; Pixel 9) ${chrome} Mobile Safari/537.36`]: 'android_chrome',
    [`Mozilla/5.0 (Linux; Android 15; Pixel 9; wv) ${chrome} Mobile Safari/537.36`]: 'in_app',
    [`Mozilla/5.0 (Linux; Android 15; SM-S921N) AppleWebKit/537.36 (KHTML, like Gecko) SamsungBrowser/28.0 Chrome/130.0.0.0 Mobile Safari/537.36`]: 'android_samsung',
    'Mozilla/5.0 (Android 15; Mobile; rv:140.0) Gecko/140.0 Firefox/140.0': 'android_firefox',
    [`Mozilla/5.0 (Windows NT 10.0; Win64; x64) ${chrome} Safari/537.36 Edg/140.0`]: 'desktop_chrome',
    'Mozilla/5.0 (X11; Linux x86_64; rv:140.0) Gecko/20100101 Firefox/140.0': 'desktop_firefox',
    [`Mozilla/5.0 (Macintosh; Intel Mac OS X 10_15_7) ${webkit} Version/18.0 Safari/605.1.15`]: 'desktop_safari',
    'curl/8.0': 'other',
  };
  for (const [agent, place] of Object.entries(table)) assert.equal(permissionPlace(agent), place, agent);
});

test('sending is the last step, and it runs on the screens after the plan', () => {
  assert.equal(stepsOf({ ...VIEW, steps: [] }), null);
  assert.deepEqual(stepsOf({ ...VIEW, screen: 'face_intro', stepIndex: 2 }), { names: ['consent', 'document', 'face', 'submit'], index: 2 });
  assert.equal(stepsOf({ ...VIEW, screen: 'submitting', stepIndex: 2 }).index, 3);
  assert.deepEqual(stepsOf({ ...VIEW, steps: ['consent', 'face'], screen: 'done', stepIndex: 1 }).index, 2);
});

test('a flow tells its host each thing once and in order', () => {
  const tracker = new EventTracker();
  const views = [
    { ...VIEW, steps: [] },
    { ...VIEW, screen: 'consent' },
    { ...VIEW, screen: 'document_intro', stepIndex: 1, hint: 'glare' },
    { ...VIEW, screen: 'document_capture', stepIndex: 1, hint: 'searching' },
    { ...VIEW, screen: 'document_capture', stepIndex: 1, hint: 'searching' },
    { ...VIEW, screen: 'document_capture', stepIndex: 1, hint: 'capturing' },
    { ...VIEW, screen: 'face_intro', stepIndex: 2 },
    { ...VIEW, screen: 'face_capture', stepIndex: 2, hint: 'turn_left' },
    { ...VIEW, screen: 'submitting', stepIndex: 2 },
    { ...VIEW, screen: 'done', stepIndex: 2, submissionId: 's1', returnUrl: 'https://a.example/' },
    { ...VIEW, screen: 'done', stepIndex: 2, submissionId: 's1', returnUrl: 'https://a.example/' },
  ];
  const events = views.flatMap((view) => tracker.next(view));
  const told = events.map(({ type, detail }) => (type === 'idv-step' ? `step ${detail.screen} ${detail.stepIndex}` : type === 'idv-hint' ? `hint ${detail.hint}` : type === 'idv-captured' ? `captured ${detail.step}` : type));
  assert.deepEqual(told, [
    'step loading 0',
    'idv-ready',
    'step consent 0',
    'step document_intro 1',
    'step document_capture 1',
    'hint searching',
    'hint capturing',
    'captured document',
    'step face_intro 2',
    'step face_capture 2',
    'hint turn_left',
    'captured face',
    'step submitting 3',
    'step done 3',
    'idv-submitted',
  ]);
  assert.deepEqual(events.at(-1).detail, { submissionId: 's1', returnUrl: 'https://a.example/' });
});

test('a timeout and an error are not captures, and an end without a submission is a cancellation', () => {
  const tracker = new EventTracker();
  const error = { code: 'camera_ended', retryable: true };
  const events = [
    { ...VIEW, screen: 'document_capture', stepIndex: 1 },
    { ...VIEW, screen: 'document_timeout', stepIndex: 1 },
    { ...VIEW, screen: 'document_capture', stepIndex: 1 },
    { ...VIEW, screen: 'error', stepIndex: 1, error },
    { ...VIEW, screen: 'error', stepIndex: 1, error: { code: 'camera_in_use', retryable: true } },
    { ...VIEW, screen: 'done', stepIndex: 1, cancelled: true, returnUrl: 'https://a.example/' },
  ].flatMap((view) => tracker.next(view));
  assert.equal(events.filter(({ type }) => type === 'idv-captured').length, 0);
  assert.deepEqual(events.filter(({ type }) => type === 'idv-error').map(({ detail }) => detail.code), ['camera_ended', 'camera_in_use']);
  assert.equal(events.at(-1).type, 'idv-cancel');
});

test('a document handed in as a file is captured, a refused file and an end are not', () => {
  const at = (...views) => {
    const tracker = new EventTracker();
    return views.flatMap((view) => tracker.next({ ...VIEW, stepIndex: 1, ...view })).filter(({ type }) => type === 'idv-captured').length;
  };
  assert.equal(at({ screen: 'document_file' }, { screen: 'face_intro', stepIndex: 2 }), 1);
  assert.equal(at({ screen: 'document_file' }, { screen: 'document_timeout' }), 0);
  assert.equal(at({ screen: 'document_file' }, { screen: 'document_capture', side: 'back' }), 0);
  assert.equal(at({ screen: 'document_capture' }, { screen: 'submitting', cancelled: true }), 0);
});

test('a return URL leads to a site or an app, never to a script', () => {
  for (const url of ['https://shop.example/return?a=1', 'myapp://done', 'http://127.0.0.1:8080/']) assert.equal(safeReturnUrl(url), new URL(url).href);
  for (const url of ['javascript:alert(1)', ' JavaScript:alert(1)', 'java\nscript:alert(1)', 'data:text/html,x', 'blob:https://a/1', '/path', '', null]) assert.equal(safeReturnUrl(url), null);
});

test('the relay lies beside the start URL', () => {
  assert.equal(defaultRelayUrl('https://idv.example/idv/start?token=t&key=k'), 'https://idv.example/relay/v1');
});

test('a language is found exactly, by its main part, or English stands in', () => {
  assert.equal(chooseTexts(['ko']).tag, 'ko');
  assert.equal(chooseTexts(['ko-KR']).tag, 'ko');
  assert.equal(chooseTexts(['fr-FR', 'ko']).tag, 'ko');
  assert.equal(chooseTexts(['fr']).tag, 'en');
  assert.equal(chooseTexts([]).tag, 'en');
});

/** Every text of a language, by its path; functions are called with a plausible number and a large one. */
function textsOf(value, path = '') {
  if (typeof value === 'string') return { [path]: value };
  if (typeof value === 'function') return { [`${path}(1)`]: value(1, 4), [`${path}(30)`]: value(30, 40) };
  return Object.assign({}, ...Object.entries(value).map(([key, inner]) => textsOf(inner, `${path}.${key}`)));
}

test('every language has the same texts, and none is empty', () => {
  const [reference, ...others] = LOCALES.map((texts) => textsOf(texts));
  for (const texts of [reference, ...others]) {
    for (const [path, text] of Object.entries(texts)) assert.ok(typeof text === 'string' && text.trim().length > 0, path);
  }
  const shape = (texts) => Object.keys(texts).filter((path) => !path.startsWith('.permission.')).sort();
  for (const texts of others) assert.deepEqual(shape(texts), shape(reference));
});

test('every hint, reason and error has a text in every language', () => {
  for (const texts of LOCALES) {
    for (const hint of codes.DOCUMENT_HINTS) assert.ok(texts.documentHints[hint], hint);
    for (const problem of codes.FILE_PROBLEMS) {
      const { title, ...byCase } = texts.fileProblems[problem];
      const advices = title ? [texts.fileProblems[problem]] : Object.values(byCase);
      assert.ok(advices.length > 0 && advices.every((advice) => advice.title && advice.remedy), problem);
    }
    for (const field of codes.PERSON_FIELDS) assert.ok(texts.fields[field], field);
    for (const problem of codes.FIELD_PROBLEMS) assert.ok(texts.fieldProblems[problem], problem);
    for (const problem of codes.ENTRY_PROBLEMS) assert.ok(texts.otp.problems[problem], problem);
    for (const hint of codes.FACE_HINTS) assert.ok(texts.faceHints[hint], hint);
    for (const reason of codes.REASONS) assert.ok(texts.reasons[reason].title && texts.reasons[reason].remedy, reason);
    for (const code of codes.ERROR_CODES) assert.ok(texts.errors[code].title && texts.errors[code].remedy, code);
  }
});

test('no Korean text is left in English, and no text promises a result', () => {
  const [english, korean] = LOCALES.map((texts) => textsOf(texts));
  const mayBeSame = new Set(['.direction']);
  for (const [path, text] of Object.entries(korean)) if (!mayBeSame.has(path)) assert.notEqual(text, english[path], path);
  for (const [path, text] of Object.entries(english)) assert.doesNotMatch(text, /\b(verified|approved|successful|passed)\b/i, path);
  for (const [path, text] of Object.entries(korean)) assert.doesNotMatch(text, /승인|인증되었|통과/, path);
});

/** The variants of a Rust enum, as serde's snake_case has them. */
async function variantsOf(file, name) {
  const source = await readFile(join(ROOT, 'crates/protocol/src', file), 'utf8');
  const [, body] = source.match(new RegExp(`pub enum ${name} \\{([\\s\\S]*?)\\n\\}`));
  return [...body.matchAll(/^ {4}([A-Z]\w*),$/gm)].map(([, variant]) => variant.replace(/\B[A-Z]/g, (letter) => `_${letter}`).toLowerCase());
}

test('hints, reasons and codes are those of the wire types', async () => {
  assert.deepEqual([...codes.DOCUMENT_HINTS], await variantsOf('document.rs', 'DocumentHint'));
  assert.deepEqual([...codes.FACE_HINTS], await variantsOf('face.rs', 'FaceHint'));
  assert.deepEqual([...codes.FILE_PROBLEMS], await variantsOf('document.rs', 'FileProblem'));
  assert.deepEqual([...codes.PERSON_FIELDS].sort(), (await variantsOf('person.rs', 'PersonField')).sort());
  assert.deepEqual([...codes.FIELD_PROBLEMS], await variantsOf('person.rs', 'FieldProblem'));
  assert.deepEqual([...codes.ENTRY_PROBLEMS], await variantsOf('entry.rs', 'EntryProblem'));
  assert.deepEqual([...codes.REASONS], await variantsOf('receipt.rs', 'Reason'));
  const wire = await variantsOf('problem.rs', 'Code');
  assert.deepEqual(wire.filter((code) => !codes.ERROR_CODES.includes(code)), []);
});
