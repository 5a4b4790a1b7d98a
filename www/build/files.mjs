/** Files of the package that carry their digest in their name. */
import { createHash } from 'node:crypto';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';

/** Characters of the digest in a file's name. */
const HASH_CHARACTERS = 8;

/** Copies a file to `out` under a name with its digest. Returns what assets.json says of it. */
export async function copyHashed(from, out, stem, extension) {
  const bytes = await readFile(from);
  const sha256 = createHash('sha256').update(bytes).digest('hex');
  const file = `${stem}-${sha256.slice(0, HASH_CHARACTERS)}${extension}`;
  await mkdir(dirname(join(out, file)), { recursive: true });
  await writeFile(join(out, file), bytes);
  return { file, sha256, bytes: bytes.length };
}

/** What a passive network takes and says, as TypeScript names it. */
function padSpec({ channels, range, crops, live_class }) {
  return { channels, range, crops, liveClass: live_class };
}

/** Copies the models that run in the browser, after checking their digests. */
export async function copyModels(folder, out) {
  const listed = JSON.parse(await readFile(join(folder, 'models.json'), 'utf8'));
  const models = [];
  for (const model of listed) {
    if (model.runs_in !== 'browser') continue;
    const name = basename(model.file);
    const dot = name.indexOf('.');
    const copied = await copyHashed(join(folder, model.file), out, `models/${name.slice(0, dot)}`, name.slice(dot));
    if (copied.sha256 !== model.sha256) {
      throw new Error(`${model.file} has digest ${copied.sha256}, models.json says ${model.sha256}`);
    }
    models.push({ name: model.name, ...copied, ...(model.pad && { pad: padSpec(model.pad) }) });
  }
  return models;
}

/**
 * The module `idv:assets`. Each file is a literal `new URL('./…', import.meta.url)`: what bundlers look for to copy
 * a file along.
 */
export function assetsModule({ page_wasm, vision_wasm, barcode_wasm, models }) {
  const entry = ({ name, file, sha256, bytes, pad }) =>
    `{${name ? `name:${JSON.stringify(name)},` : ''}file:${JSON.stringify(file)},url:new URL(${JSON.stringify(`./${file}`)},import.meta.url).href,sha256:${JSON.stringify(sha256)},bytes:${bytes}${pad ? `,pad:${JSON.stringify(pad)}` : ''}}`;
  return [
    `export const pageWasm=${entry(page_wasm)};`,
    `export const visionWasm=${entry(vision_wasm)};`,
    `export const barcodeWasm=${entry(barcode_wasm)};`,
    `export const models=[${models.map(entry).join(',')}];`,
    `export const workerUrl=new URL("./worker.js",import.meta.url).href;`,
  ].join('\n');
}
