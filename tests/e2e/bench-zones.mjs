// Times the reading of whole zones by the package's own vision module, in headless Chromium.
// In: one JSON object on standard input {chromium, flags, dist, glue, zones: [{file, lines}]}; `glue` is the module
// with the bindings of the vision wasm in `dist`. Out: {zones: [{file, turned, expected, found, exact, ms: [ms]}]},
// each picture the right way up and upside down. A time is that of one call of `read_zone`: from the frame in the
// buffer to the reading.
import { createServer } from 'node:http';
import { readFile } from 'node:fs/promises';
import { extname, join, normalize } from 'node:path';
import { text } from 'node:stream/consumers';
import { launch } from './lib/browser.mjs';

/** Readings of each picture that count: enough for one that nothing else on the machine interrupts. */
const READS = 12;
/** Readings before the clock counts: the module is compiled in earnest and its buffers grow. */
const WARM_UP = 3;

const TYPES = { '.js': 'text/javascript', '.wasm': 'application/wasm', '.json': 'application/json', '.png': 'image/png' };

const config = JSON.parse(await text(process.stdin));

const server = createServer(async (request, response) => {
  const path = normalize(new URL(request.url, 'http://localhost').pathname);
  try {
    const zone = path.match(/^\/zone\/(\d+)$/);
    if (path === '/') return send(response, 'text/html', '<!doctype html><title>bench</title>');
    if (path === '/glue.js') return send(response, 'text/javascript', await readFile(config.glue));
    if (zone) return send(response, 'image/png', await readFile(config.zones[Number(zone[1])].file));
    return send(response, TYPES[extname(path)] ?? 'application/octet-stream', await readFile(join(config.dist, path)));
  } catch {
    response.writeHead(404).end();
  }
});
await new Promise((resolve) => server.listen(0, '127.0.0.1', resolve));

const browser = await launch({ executablePath: config.chromium, flags: config.flags });
try {
  const page = await browser.newPage();
  await page.goto(`http://127.0.0.1:${server.address().port}/`);
  const lines = config.zones.map((zone) => zone.lines);
  const measured = await page.evaluate(measure, { lines, reads: READS, warmUp: WARM_UP });
  for (const zone of measured) zone.file = config.zones[zone.index].file;
  process.stdout.write(`${JSON.stringify({ zones: measured })}\n`);
} finally {
  await browser.close();
  server.close();
}

function send(response, type, body) {
  response.writeHead(200, { 'content-type': type }).end(body);
}

/** Runs in the page. */
async function measure({ lines, reads, warmUp }) {
  const assets = await (await fetch('/assets.json')).json();
  const { default: init, VisionWorker } = await import('/glue.js');
  const { memory } = await init({ module_or_path: `/${assets.vision_wasm.file}` });
  const engine = new VisionWorker();
  const model = assets.models.find(({ name }) => name === 'mrz_reader');
  engine.load_model(model.name, new Uint8Array(await (await fetch(`/${model.file}`)).arrayBuffer()), model.sha256);

  const zones = [];
  for (const [index, expected] of lines.entries()) {
    const bitmap = await createImageBitmap(await (await fetch(`/zone/${index}`)).blob());
    const { width, height } = bitmap;
    for (const turned of [false, true]) {
      const context = new OffscreenCanvas(width, height).getContext('2d', { willReadFrequently: true });
      if (turned) context.setTransform(-1, 0, 0, -1, width, height);
      context.drawImage(bitmap, 0, 0);
      const { data } = context.getImageData(0, 0, width, height);
      const times = [];
      let [exact, found] = [true, null];
      for (let i = 0; i < warmUp + reads; i++) {
        const at = engine.frame_buffer(width, height);
        new Uint8Array(memory.buffer, at, data.length).set(data);
        const began_ms = performance.now();
        const reading = engine.read_zone(width, height, 2026, 1, 1);
        if (i >= warmUp) times.push(performance.now() - began_ms);
        found = reading?.lines ?? null;
        exact &&= found?.join() === expected.join();
      }
      zones.push({ index, turned, expected, found, exact, ms: times });
    }
  }
  return zones;
}
