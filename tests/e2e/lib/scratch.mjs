/** Folders that live as long as this process. */
import { rmSync } from 'node:fs';
import { mkdtemp } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

const made = [];
process.on('exit', () => made.forEach((folder) => rmSync(folder, { recursive: true, force: true })));

/** A new empty folder. */
export async function scratch(name) {
  const folder = await mkdtemp(join(tmpdir(), `idv-${name}-`));
  made.push(folder);
  return folder;
}
