/** The package as its users meet it: packed, unpacked, imported on a server, compiled against. */
import assert from 'node:assert/strict';
import { execFileSync, spawnSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import { readFile, stat, writeFile } from 'node:fs/promises';
import { createRequire } from 'node:module';
import { dirname, join } from 'node:path';
import { before, test } from 'node:test';
import * as esbuild from '../../www/node_modules/esbuild/lib/main.js';
import { filesOf, install, IS_EDGE_BUILT, IS_REAL, ROOT } from './lib/package.mjs';

const TSC = join(dirname(createRequire(join(ROOT, 'www/package.json')).resolve('typescript/package.json')), 'bin/tsc');

/** Words of the server's part: they must not be in what a browser downloads. */
const SERVER_WORDS = ['client_assertion', 'client_secret', 'secret_key', 'x-api-key', 'private_key_jwt', 'BEGIN PRIVATE KEY', 'BEGIN EC PRIVATE KEY'];

/** Why tests of the server part are left out. */
const NO_EDGE = IS_EDGE_BUILT ? false : 'no pkg/edge: the shell was built without it';

let installed;
before(async () => {
  installed = await install();
});

/** Runs a module in a new Node in the user's folder and returns what it prints, parsed. */
async function run(source, ...flags) {
  const file = join(installed.user, `run-${createHash('sha256').update(source).digest('hex').slice(0, 8)}.mjs`);
  await writeFile(file, source);
  return JSON.parse(execFileSync(process.execPath, [...flags, file], { cwd: installed.user, encoding: 'utf8' }));
}

/** Defines every browser global as a trap that notes its name. */
const TRAPS = `
  const touched = [];
  for (const name of ['window', 'document', 'navigator', 'location', 'history', 'self', 'HTMLElement', 'HTMLVideoElement', 'CSSStyleSheet', 'ResizeObserver', 'Worker', 'sessionStorage', 'localStorage', 'customElements', 'matchMedia', 'requestAnimationFrame']) {
    Object.defineProperty(globalThis, name, { configurable: true, get() { touched.push(name); return undefined; } });
  }
`;

test('importing the main entry on a server touches no browser global', async () => {
  const { touched, names } = await run(`${TRAPS}
    const names = Object.keys(await import('idv-web')).sort();
    console.log(JSON.stringify({ touched, names }));`);
  assert.deepEqual(touched, []);
  assert.deepEqual(names, ['IdvError', 'isIdvError', 'startVerification']);
});

test('importing the element on a server asks only whether there is a registry', async () => {
  const { touched, defined } = await run(`${TRAPS}
    const { defineIdvFlow } = await import('idv-web/element');
    const asked = [...touched];
    console.log(JSON.stringify({ touched: asked, defined: defineIdvFlow() }));`);
  assert.deepEqual(touched, ['customElements']);
  assert.equal(defined, false);
});

test('importing both entries on a plain server neither throws nor leaves a global behind', async () => {
  const { added } = await run(`
    const before = new Set(Object.getOwnPropertyNames(globalThis));
    await import('idv-web'); await import('idv-web/element');
    console.log(JSON.stringify({ added: Object.getOwnPropertyNames(globalThis).filter((name) => !before.has(name)) }));`);
  assert.deepEqual(added, []);
});

test('every path of the exports map leads to a file', async () => {
  const { exports } = JSON.parse(await readFile(join(installed.package, 'package.json'), 'utf8'));
  const targets = Object.values(exports).flatMap((target) => (typeof target === 'string' ? [target] : Object.values(target)));
  const built = (target) => IS_EDGE_BUILT || !target.startsWith('./edge/');
  for (const target of targets.filter((target) => target !== null && !target.includes('*') && built(target))) {
    assert.ok((await stat(join(installed.package, target))).isFile(), target);
  }
});

test('files to copy and the server part are reachable on a server, inner files are not', async () => {
  const answers = await run(`
    const codes = {};
    for (const path of ['idv-web/assets.json', 'idv-web/assets/worker.js', 'idv-web/edge', 'idv-web/edge/edge.wasm', 'idv-web/dist/index.js', 'idv-web/src/index.ts']) {
      try { import.meta.resolve(path); codes[path] = 'resolved'; } catch (error) { codes[path] = error.code; }
    }
    console.log(JSON.stringify(codes));`);
  assert.equal(answers['idv-web/assets.json'], 'resolved');
  assert.equal(answers['idv-web/assets/worker.js'], 'resolved');
  assert.equal(answers['idv-web/edge'], 'resolved');
  for (const path of ['idv-web/edge/edge.wasm', 'idv-web/dist/index.js', 'idv-web/src/index.ts']) {
    assert.equal(answers[path], 'ERR_PACKAGE_PATH_NOT_EXPORTED', path);
  }
});

test('a browser build is refused the server part, also one for a worker', async () => {
  const code = `try { import.meta.resolve('idv-web/edge'); console.log('"resolved"'); } catch (error) { console.log(JSON.stringify(error.code)); }`;
  assert.equal(await run(code, '--conditions=browser'), 'ERR_PACKAGE_PATH_NOT_EXPORTED');
  assert.equal(await run(code, '--conditions=browser', '--conditions=workerd'), 'ERR_PACKAGE_PATH_NOT_EXPORTED');
});

test('a bundler for browsers, and one that says nothing of where its output runs, finds no server part', async () => {
  const entry = join(installed.user, 'leak.mjs');
  await writeFile(entry, "import { tomo } from 'idv-web/edge';\nconsole.log(tomo);\n");
  for (const options of [{ platform: 'browser' }, { platform: 'neutral' }, { platform: 'browser', conditions: ['worker', 'import'] }]) {
    await assert.rejects(esbuild.build({ entryPoints: [entry], bundle: true, write: false, format: 'esm', logLevel: 'silent', ...options }), /Could not resolve "idv-web\/edge"/);
  }
});

test('a server of five lines compiles against the types of the server part', { skip: NO_EDGE }, async () => {
  const source = `
import { tomo } from 'idv-web/edge';
const client = tomo.createClient({ environment: 'sandbox', clientId: 'c', secretKey: 'k' });
export const start = (userId: string) => client.startVerification({ userId, policyKey: 'us:default', redirectUrlSuccess: 'https://shop.example/done' });
export const passed = async (userId: string): Promise<boolean> => (await client.result({ userId })).records.some(({ kyc }) => kyc?.status === 'approved');
`;
  assert.equal(await compile('server', source), '');
  assert.match(await compile('bad-server', source.replace('userId, policyKey', 'userid: userId, policyKey')), /userid/);
});

test('the tarball holds the build and its papers, nothing else', async () => {
  const files = await filesOf(installed.package);
  const kinds = [/^package\.json$/, /^README\.md$/, /^LICENSE-(MIT|APACHE)$/, /^NOTICE$/, /^dist\/(index|element)\.(js|d\.ts)$/, /^dist\/[\w-]+\.d\.ts$/, /^dist\/flow-[A-Z0-9]{8}\.js$/, /^dist\/worker\.js$/, /^dist\/assets\.json$/, /^dist\/(page|vision|barcode)-[0-9a-f]{8}\.wasm$/, /^dist\/models\/[a-z_]+-[0-9a-f]{8}\.nnef\.tar$/, /^edge\/(node|workerd|shared-[A-Z0-9]{8})\.js$/, /^edge\/edge\.wasm$/, /^edge\/(index|types\/[a-z]+)\.d\.ts$/];
  assert.deepEqual(files.filter((file) => !kinds.some((kind) => kind.test(file))), []);
});

test('assets.json tells size and digest of each file as it is', async () => {
  const dist = join(installed.package, 'dist');
  const { page_wasm, vision_wasm, models } = JSON.parse(await readFile(join(dist, 'assets.json'), 'utf8'));
  assert.ok(models.length > 0);
  for (const { file, sha256, bytes } of [page_wasm, vision_wasm, ...models]) {
    const content = await readFile(join(dist, file));
    assert.equal(content.length, bytes, file);
    assert.equal(createHash('sha256').update(content).digest('hex'), sha256, file);
  }
});

test('models of the server are not in the package', async () => {
  const files = await filesOf(join(installed.package, 'dist/models'));
  assert.deepEqual(files.filter((file) => file.includes('embedding')), []);
});

test('nothing of the server part is in what a browser downloads', async () => {
  const dist = join(installed.package, 'dist');
  for (const file of await filesOf(dist)) {
    const content = await readFile(join(dist, file), 'latin1');
    for (const word of SERVER_WORDS) assert.ok(!content.includes(word), `${file} contains ${word}`);
  }
});

test('scripts hold no eval, no inline markup and no address of another host', async () => {
  const dist = join(installed.package, 'dist');
  for (const file of (await filesOf(dist)).filter((file) => file.endsWith('.js'))) {
    const content = await readFile(join(dist, file), 'utf8');
    assert.doesNotMatch(content, /\beval\(|new Function\(|\.innerHTML|\.outerHTML|insertAdjacentHTML|document\.write/, file);
    const hosts = [...content.matchAll(/https?:\/\/[\w.-]+/g)].map(([host]) => host).filter((host) => host !== 'http://www.w3.org' && !host.endsWith('.example'));
    assert.deepEqual(hosts, [], file);
  }
});

test('a consumer of five lines compiles against the types', async () => {
  const source = `
import { IdvError, startVerification } from 'idv-web';
import type { IdvFlowElement } from 'idv-web/element';
const flow: IdvFlowElement = document.createElement('idv-flow');
flow.addEventListener('idv-submitted', ({ detail }) => location.assign(detail.returnUrl ?? '/'));
startVerification({ url: 'https://idv.example/idv/start?token=t', container: '#check', locale: 'ko' }).finished.catch((error: unknown) => error instanceof IdvError && error.code satisfies string);
`;
  assert.equal(await compile('good', source), '');
});

test('a consumer that misspells an option or an event detail does not compile', async () => {
  const option = await compile('bad-option', `import { startVerification } from 'idv-web';\nstartVerification({ langauge: 'ko' });\n`);
  assert.match(option, /langauge/);
  const detail = await compile('bad-detail', `import 'idv-web/element';\ndocument.createElement('idv-flow').addEventListener('idv-submitted', ({ detail }) => detail.result);\n`);
  assert.match(detail, /result/);
});

test('public types say nothing as any', async () => {
  const dist = join(installed.package, 'dist');
  for (const file of (await filesOf(dist)).filter((file) => file.endsWith('.d.ts'))) {
    const code = (await readFile(join(dist, file), 'utf8')).replace(/\/\*[\s\S]*?\*\//g, '');
    assert.doesNotMatch(code, /\bany\b/, file);
    assert.doesNotMatch(code, /from ['"](idv:|\.\.)/, file);
  }
});

test('the real wasm modules are in the package', { skip: IS_REAL ? false : 'no pkg/dist: the shell was built around a script' }, async () => {
  const dist = join(installed.package, 'dist');
  const { page_wasm, vision_wasm } = JSON.parse(await readFile(join(dist, 'assets.json'), 'utf8'));
  for (const { file } of [page_wasm, vision_wasm]) await WebAssembly.compile(await readFile(join(dist, file)));
});

/** What tsc says of a module in the user's folder. */
async function compile(name, source) {
  const file = `${name}.ts`;
  await writeFile(join(installed.user, file), source);
  const options = ['--noEmit', '--strict', '--module', 'esnext', '--moduleResolution', 'bundler', '--target', 'es2022', '--lib', 'es2022,dom'];
  const { stdout } = spawnSync(process.execPath, [TSC, ...options, file], { cwd: installed.user, encoding: 'utf8' });
  return stdout.trim();
}
