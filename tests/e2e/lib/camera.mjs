/** The recorded camera: a symbolic link that Chromium reads anew at every getUserMedia. */
import { rename, symlink } from 'node:fs/promises';
import { resolve } from 'node:path';

/** Points at one recording at a time. */
export class RecordedCamera {
  #link;
  #showing = null;
  #note;

  /** `link` is the path Chromium was started with; `note` is told of every change. */
  constructor(link, note) {
    this.#link = resolve(link);
    this.#note = note;
  }

  /** Flags that make Chromium show it, or refuse the permission. */
  flags({ denied = false } = {}) {
    const permission = denied ? '--use-fake-ui-for-media-stream=deny' : '--use-fake-ui-for-media-stream';
    return [permission, '--use-fake-device-for-media-stream', `--use-file-for-fake-video-capture=${this.#link}`];
  }

  /** Shows `recording` from its first frame at the next opening. The camera must be closed. */
  async show(name, recording) {
    if (!recording) throw new Error(`no recording '${name}' in the configuration`);
    if (this.#showing === recording) return;
    const next = `${this.#link}.next`;
    await symlink(resolve(recording), next);
    await rename(next, this.#link);
    this.#showing = recording;
    this.#note({ event: 'camera', recording: name });
  }
}
