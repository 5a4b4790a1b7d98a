/**
 * The visitor: looks at each screen and does what a person would do there.
 *
 * In: the screens as they come up. Out: presses, camera changes, screenshots. One screen after the other.
 */
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fillPerson, signElsewhere, typeCodes, typeSecrets } from './forms.mjs';
import { jpegsOf } from './mjpeg.mjs';

/** Time for a screen's arrival to be drawn, in ms. */
const SETTLE_MS = 450;

/** How long a control may stay away or unready, in ms: the engine may still be loading. */
const CONTROL_TIMEOUT_MS = 120_000;

/** How often one screen may come up: three attempts, two steps, and room for what went wrong on the way. */
const MAX_VISITS = 12;

/** Time in the face step before the page is reloaded, in ms: the selfie may have been taken by then. */
const RELOAD_AFTER_MS = 2_500;

/** Errors that trying again mends. */
const MENDABLE = ['network_lost', 'server_unavailable', 'request_timeout', 'camera_timeout', 'engine_trapped', 'engine_load_failed', 'rate_limited', 'internal'];

/** Where in a recording its document is sharp and still, as a share of the recording. */
const SHARP_AT = 0.6;

/** Hints worth a picture of their own. */
const NOTABLE_HINTS = ['turn_over', 'glare', 'blurred', 'hold_still', 'capturing', 'turn_left', 'turn_right'];

export class Visitor {
  #context;
  #page;
  #camera;
  #renderer;
  #config;
  #scenario;
  #note;
  #actions = null;
  #visits = {};
  #pictures = new Set();
  #picture = Promise.resolve();
  #reloaded = false;
  #uploaded;
  #resolveUploaded;

  constructor({ context, page, camera, renderer, config, scenario, note }) {
    this.#context = context;
    this.#page = page;
    this.#camera = camera;
    this.#renderer = renderer;
    this.#config = config;
    this.#scenario = scenario;
    this.#note = note;
    this.#uploaded = new Promise((resolve) => (this.#resolveUploaded = resolve));
  }

  /** A capture has arrived at the relay. */
  uploaded() {
    this.#resolveUploaded();
  }

  /** A plan came with these actions, or without a challenge. */
  planned(actions) {
    this.#actions = actions;
    if (actions && this.#renderer) this.#renderer.prepare(actions);
  }

  /** A hint shows. */
  async hinted(screen, hint) {
    if (NOTABLE_HINTS.includes(hint)) await this.shoot(`${screen}-${hint}`);
  }

  /** A screen came up; `error` is the code shown on the error screen. */
  async see(screen, error) {
    this.#visits[screen] = (this.#visits[screen] ?? 0) + 1;
    if (this.#visits[screen] > MAX_VISITS) throw new Error(`the screen '${screen}' came up ${MAX_VISITS} times`);
    await this.shoot(screen);
    switch (screen) {
      case 'consent':
        return this.#press('agree');
      case 'document_intro':
        await this.#showDocument();
        return this.#press('begin');
      case 'document_capture':
        return this.#handInRefused();
      case 'document_timeout': {
        if (this.#scenario.file) return this.#handIn('document.jpg', 'image/jpeg', await frameOf(this.#config.recordings.document));
        const answer = this.#scenario.onDocumentTimeout ?? 'retry';
        if (answer === 'retry') await this.#showDocument();
        return this.#press(answer);
      }
      case 'face_intro':
        await this.#waitForUpload();
        await this.#showFace();
        return this.#press('begin');
      case 'face_capture':
        return this.#reloadOnce();
      case 'face_timeout':
        await this.#showFace();
        return this.#press('retry');
      case 'person':
        await fillPerson(this.#page, this.#scenario.person);
        await this.shoot('person-filled');
        return this.#press('continue');
      case 'otp':
        return typeCodes(this.#page, this.#context, (action) => this.#press(action));
      case 'secret':
        return typeSecrets(this.#page, this.#scenario.secret, (action) => this.#press(action));
      case 'signature':
        return this.#press('sign-app_scheme');
      case 'signature_wait':
        return signElsewhere(this.#page, this.#context, this.#scenario.decision, this.#note);
      case 'try_again':
        return this.#press('retry');
      case 'error':
        return this.#mend(error);
      default:
        return undefined;
    }
  }

  /** A picture of the page, once for each name. */
  shoot(name) {
    const folder = this.#config.screenshotsDir;
    if (!folder || this.#pictures.has(name)) return this.#picture;
    this.#pictures.add(name);
    const number = String(this.#pictures.size).padStart(2, '0');
    this.#picture = this.#picture.then(async () => {
      await this.#page.waitForTimeout(SETTLE_MS);
      await this.#page.screenshot({ path: join(folder, `${number}-${name}.png`) });
    });
    // A page on its way elsewhere has no picture; that is no failure of the flow.
    this.#picture = this.#picture.catch(() => undefined);
    return this.#picture;
  }

  async #press(action) {
    const button = this.#page.locator(`[data-action="${action}"]:not([aria-disabled])`).first();
    await button.waitFor({ timeout: CONTROL_TIMEOUT_MS });
    this.#note({ event: 'press', action });
    await button.click({ timeout: CONTROL_TIMEOUT_MS });
  }

  /** Hands in an iPhone's photo as it is: the first bytes of a HEIC file. */
  async #handInRefused() {
    if (!this.#scenario.file) return;
    await this.#handIn('photo.heic', 'image/heic', Buffer.from('\0\0\0\x18ftypheic\0\0\0\0mif1heic', 'latin1'));
  }

  async #handIn(name, mimeType, buffer) {
    const input = this.#page.locator('input[type="file"]').first();
    await input.waitFor({ state: 'attached', timeout: CONTROL_TIMEOUT_MS });
    await this.shoot(`file-${name}`);
    this.#note({ event: 'file', name });
    await input.setInputFiles({ name, mimeType, buffer });
  }

  #showDocument() {
    const name = this.#scenario.document ?? 'document';
    return this.#camera.show(name, this.#config.recordings?.[name]);
  }

  async #showFace() {
    if (!this.#renderer) return;
    if (!this.#actions) throw new Error('the face step begins, but no plan with a challenge was seen');
    await this.#camera.show('face', await this.#renderer.prepare(this.#actions));
  }

  /** Where the network is lost: it comes back before the face step begins, which is reloaded later on. */
  async #waitForUpload() {
    if (!this.#scenario.offlineAtFirstUpload || this.#reloaded) return;
    await this.shoot('face_intro-offline');
    await this.#uploaded;
  }

  async #reloadOnce() {
    if (!this.#scenario.reloadInFace || this.#reloaded) return;
    this.#reloaded = true;
    await this.#page.waitForTimeout(RELOAD_AFTER_MS);
    this.#note({ event: 'reload' });
    await this.#page.reload();
  }

  async #mend(code) {
    if (this.#scenario.denied && code === 'camera_denied') return this.#press('leave');
    if (MENDABLE.includes(code)) return this.#press('retry');
    throw new Error(`the page shows the error '${code}'`);
  }
}

/** A frame of a recording, in which the document is sharp. */
async function frameOf(recording) {
  const frames = jpegsOf(await readFile(recording));
  return frames[Math.floor(frames.length * SHARP_AT)];
}
