// Detectors of others on the pictures of the bench.
// In: one JSON object on standard input {modules, network, cases: [{width, height, rgba, expected}]}: the folder of
// their npm packages, the file of a published network or null, files of raw pixels and the corners of the document.
// Out: {name: [record]}, a record {found: [[x, y] x4] or null, accepted, iou, ms} for each case.
import { readFile } from 'node:fs/promises';
import Module, { createRequire } from 'node:module';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { pathToFileURL } from 'node:url';

const { modules, network, cases } = JSON.parse(await text(process.stdin));
const requirePeer = createRequire(join(modules, 'package.json'));

/** What the packages expect of a browser: a canvas that is not shown. */
const { createCanvas, ImageData } = requirePeer('@napi-rs/canvas');
globalThis.ImageData = ImageData;
globalThis.OffscreenCanvas = function OffscreenCanvas(width, height) {
  return createCanvas(width, height);
};

const detectors = { scanic: await scanic(), jscanify: await jscanify() };
if (network) detectors.doccornernet = await doccornernet();
const results = Object.fromEntries(Object.keys(detectors).map((name) => [name, []]));
for (const { width, height, rgba, expected } of cases) {
  const bytes = await readFile(rgba);
  for (const [name, detect] of Object.entries(detectors)) {
    const image = new ImageData(new Uint8ClampedArray(bytes), width, height);
    const start = performance.now();
    const found = await detect(image);
    const ms = performance.now() - start;
    results[name].push({ found, accepted: found !== null, iou: found && expected ? overlap(found, expected) : 0, ms });
  }
}
// OpenCV writes to standard output when it ends badly; the result is the last line.
process.stdout.write(`\n${JSON.stringify(results)}\n`);
process.exit(0);

/** Intersection over union of two quads, the first cut by each side of the second; quads that cross themselves count
 * as what remains. */
function overlap(found, expected) {
  const area = (points) =>
    points.reduce((sum, [x, y], i) => {
      const [u, v] = points[(i + 1) % points.length];
      return sum + (x * v - u * y) / 2;
    }, 0);
  const clockwise = (points) => (area(points) < 0 ? [...points].reverse() : points);
  const [first, second] = [clockwise(found), clockwise(expected)];
  let polygon = first;
  second.forEach(([px, py], k) => {
    const [qx, qy] = second[(k + 1) % 4];
    const side = ([x, y]) => (qx - px) * (y - py) - (qy - py) * (x - px);
    polygon = polygon.flatMap((point, i) => {
      const next = polygon[(i + 1) % polygon.length];
      const [s, t] = [side(point), side(next)];
      const kept = s >= 0 ? [point] : [];
      if ((s > 0 && t < 0) || (s < 0 && t > 0)) {
        const share = s / (s - t);
        kept.push([point[0] + share * (next[0] - point[0]), point[1] + share * (next[1] - point[1])]);
      }
      return kept;
    });
  });
  const common = polygon.length > 2 ? Math.abs(area(polygon)) : 0;
  const union = Math.abs(area(first)) + Math.abs(area(second)) - common;
  return union > 0 ? common / union : 0;
}

/** Corners as an array, or null where one is missing. */
function corners(named, names) {
  const points = named && names.map((name) => named[name]);
  return points?.every(Boolean) ? points.map(({ x, y }) => [x, y]) : null;
}

async function scanic() {
  const entry = pathToFileURL(requirePeer.resolve('scanic')).href.replace('scanic.umd.cjs', 'scanic.js');
  const { scanDocument } = await import(entry);
  return async (image) => {
    const result = await scanDocument(image, { mode: 'detect' });
    return result.success ? corners(result.corners, ['topLeft', 'topRight', 'bottomRight', 'bottomLeft']) : null;
  };
}

/** Detection needs OpenCV alone; the drawing packages that its entry asks for are left out. */
async function jscanify() {
  const load = Module._load;
  Module._load = function (name, ...rest) {
    if (name === 'canvas') return { Canvas: class {}, Image: class {}, ImageData };
    if (name === 'jsdom') return { JSDOM: class { window = { document: {} }; } };
    return load.call(this, name, ...rest);
  };
  const Scanner = requirePeer('jscanify');
  const scanner = new Scanner();
  let cv;
  // OpenCV's module has a `then` that gives itself: it must not be what a promise resolves to.
  await new Promise((resolve) => scanner.loadOpenCV((module) => { cv = module; resolve(); }));
  delete globalThis.document;
  return async (image) => {
    const picture = cv.matFromImageData(image);
    try {
      const contour = scanner.findPaperContour(picture);
      if (!contour) return null;
      const points = scanner.getCornerPoints(contour, picture);
      return corners(points, ['topLeftCorner', 'topRightCorner', 'bottomRightCorner', 'bottomLeftCorner']);
    } finally {
      picture.delete();
    }
  };
}

/** DocCornerNet: 224x224 RGB by ImageNet's mean and deviation -> corners of 0 to 1, and the logit of a document. */
async function doccornernet() {
  const SIDE = 224;
  const ort = requirePeer('onnxruntime-web');
  ort.env.wasm.numThreads = 1;
  const session = await ort.InferenceSession.create(await readFile(network));
  const [mean, deviation] = [[0.485, 0.456, 0.406], [0.229, 0.224, 0.225]];
  return async (image) => {
    const from = createCanvas(image.width, image.height);
    from.getContext('2d').putImageData(image, 0, 0);
    const to = createCanvas(SIDE, SIDE).getContext('2d');
    to.imageSmoothingQuality = 'high';
    to.drawImage(from, 0, 0, SIDE, SIDE);
    const { data } = to.getImageData(0, 0, SIDE, SIDE);
    const input = Float32Array.from({ length: SIDE * SIDE * 3 }, (_, i) => {
      const channel = i % 3;
      return (data[((i - channel) / 3) * 4 + channel] / 255 - mean[channel]) / deviation[channel];
    });
    const outputs = Object.values(
      await session.run({ [session.inputNames[0]]: new ort.Tensor('float32', input, [1, SIDE, SIDE, 3]) }),
    );
    const values = outputs.find(({ data: { length } }) => length === 8).data;
    const [logit] = outputs.find(({ data: { length } }) => length === 1).data;
    if (logit < 0) return null;
    return [0, 1, 2, 3].map((k) => [values[2 * k] * image.width, values[2 * k + 1] * image.height]);
  };
}
