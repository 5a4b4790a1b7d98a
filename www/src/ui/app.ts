/**
 * The screens inside a shadow root: shows the one the view names, keeps header, camera and live region around it.
 *
 * In: views. Out: the user's answers. Rule: it decides nothing; the page module does.
 */
import type { Texts } from '../locales/index.js';
import type { Action, Entry, ScreenName, View } from '../view.js';
import { h, setAttribute, setText } from './dom.js';
import type { Pacer } from './hints.js';
import { spokenPacer } from './hints.js';
import { CameraStage } from './parts/camera-stage.js';
import { StepIndicator } from './parts/controls.js';
import { icon } from './parts/icons.js';
import type { Screen, ScreenContext, ScreenFactory } from './screen.js';
import { consent } from './screens/consent.js';
import { documentCapture } from './screens/document-capture.js';
import { documentTimeout, sameTimeout } from './screens/document-timeout.js';
import { error, sameError } from './screens/error.js';
import { faceCapture } from './screens/face-capture.js';
import { documentIntro, faceIntro } from './screens/intro.js';
import { documentFile, loading } from './screens/loading.js';
import { done, faceTimeout, submitting, tryAgain } from './screens/message.js';
import { otp } from './screens/otp.js';
import { person } from './screens/person.js';
import { secret } from './screens/secret.js';
import { signature, signatureWait } from './screens/signature.js';
import { adoptStyles } from './styles/index.js';

export interface AppOptions {
  texts: Texts;
  userAgent: string;
  act: (action: Action) => void;
  enter: (entry: Entry) => void;
  /** Resolves when the file has been read; what came of it is in a view. */
  takeFile: (file: Blob) => Promise<void>;
}

export class App {
  readonly element: HTMLElement;
  readonly #stage = new CameraStage();
  readonly #steps: StepIndicator;
  readonly #main = h('div', { class: 'main', part: 'screen' });
  readonly #offline: HTMLElement;
  readonly #live = h('div', { class: 'unseen', role: 'status', 'aria-live': 'polite' });
  readonly #speech: Pacer;
  readonly #context: ScreenContext;
  readonly #factories: Readonly<Record<ScreenName, ScreenFactory>>;
  #screen: Screen | null = null;
  #view: View | null = null;

  constructor(
    root: ShadowRoot,
    private readonly host: HTMLElement,
    private readonly options: AppOptions,
  ) {
    const { texts } = options;
    this.#steps = new StepIndicator(texts);
    this.#speech = spokenPacer((text) => setText(this.#live, text));
    this.#context = {
      ...options,
      takeFile: (file) => void this.#takeFile(file),
      announce: (text) => this.#speech.offer(text),
      insist: (text) => this.#speech.insist(text),
    };
    this.#offline = h('p', { class: 'offline', part: 'offline', role: 'status', hidden: true }, icon('offline', 20), h('span', {}, texts.offline));
    this.#factories = {
      loading,
      consent,
      document_intro: documentIntro,
      document_capture: documentCapture(this.#stage),
      document_timeout: documentTimeout,
      document_file: documentFile,
      face_intro: faceIntro,
      face_capture: faceCapture(this.#stage),
      face_timeout: faceTimeout,
      person,
      otp,
      secret,
      signature,
      signature_wait: signatureWait,
      submitting,
      try_again: tryAgain,
      error,
      done,
    };
    const header = h('div', { class: 'header', part: 'header' }, h('slot', { name: 'logo' }), this.#steps.element);
    const direction = host.closest('[dir]')?.getAttribute('dir') ?? texts.direction;
    this.element = h(
      'div',
      { class: 'app', part: 'app', role: 'region', 'aria-label': texts.flowLabel, lang: texts.tag, dir: direction },
      this.#stage.element,
      header,
      this.#offline,
      this.#main,
      this.#live,
    );
    adoptStyles(root);
    root.append(h('div', { class: 'frame' }, this.element));
  }

  get video(): HTMLVideoElement {
    return this.#stage.video;
  }

  /** Shows a view. */
  render(view: View): void {
    const before = this.#view;
    this.#view = view;
    this.#steps.update(view);
    setAttribute(this.#offline, 'hidden', view.online || view.screen === 'submitting' || view.screen === 'loading');
    if (!before || !sameScreen(before, view)) this.#show(view);
    this.#screen?.update(view);
  }

  /** Another file refused for the same reason brings no other view: the screen that tells it is made anew. */
  async #takeFile(file: Blob): Promise<void> {
    const screen = this.#screen;
    await this.options.takeFile(file);
    const view = this.#view;
    if (!screen || screen !== this.#screen || view?.screen !== 'document_timeout') return;
    this.#show(view);
    this.#screen.update(view);
  }

  #show(view: View): void {
    const first = this.#screen === null;
    this.#screen?.dispose?.();
    const camera = view.screen.endsWith('_capture');
    setAttribute(this.element, 'data-camera', camera);
    setAttribute(this.host, 'screen', view.screen);
    // Anything still waiting to be spoken belongs to the screen that goes.
    this.#speech.dispose();
    setText(this.#live, '');
    const screen = (this.#screen = this.#factories[view.screen](this.#context, view));
    this.#main.replaceChildren(screen.element);
    this.#main.scrollTop = 0;
    // The page's focus is not taken before the user has come to this part of the page.
    if (!first) screen.focus.focus({ preventScroll: true });
  }

  dispose(): void {
    this.#speech.dispose();
    this.#screen?.dispose?.();
    this.#screen = null;
    this.element.parentElement?.remove();
  }
}

/** Whether the screen that shows can go on with this view; otherwise it is made anew. */
function sameScreen(before: View, after: View): boolean {
  if (before.screen !== after.screen) return false;
  if (after.screen === 'error') return sameError(before, after);
  return after.screen !== 'document_timeout' || sameTimeout(before, after);
}
