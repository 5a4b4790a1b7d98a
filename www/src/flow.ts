/**
 * One flow in one shadow root: page module, screens, events. What the element and `startVerification` share.
 *
 * In: a way to make the page module's `Verification`. Out: events, and `finished`.
 */
import type { Verification } from 'idv:page';
import { IdvError, isIdvError } from './errors.js';
import type { IdvEvent } from './events.js';
import { EventTracker } from './events.js';
import { safeReturnUrl } from './address.js';
import { chooseTexts } from './locales/index.js';
import type { FlowResult } from './settings.js';
import type { Action, Entry, ErrorCode, View } from './view.js';
import { ERROR_CODES } from './view.js';
import { App } from './ui/app.js';

export interface FlowOptions {
  /** BCP 47 tag; without it the browser's languages count. */
  locale?: string | undefined;
  onEvent: (event: IdvEvent) => void;
  /** Makes the page module's object; called again when its download failed and the user tries again. */
  connect: (locale: string) => Promise<Verification>;
}

const FIRST_VIEW: View = {
  screen: 'loading',
  steps: [],
  stepIndex: 0,
  stepCount: 0,
  attempt: 1,
  maxAttempts: 1,
  progress: 0,
  engineReady: false,
  online: true,
  hint: null,
  challenge: null,
  mirrored: false,
  frame: null,
  quad: null,
  face: null,
  documentKinds: [],
  side: null,
  twoSided: false,
  manual: false,
  busy: false,
  person: null,
  otp: null,
  secret: null,
  signature: null,
  upload: false,
  fileProblem: null,
  consent: null,
  retry: null,
  error: null,
  returnUrl: null,
  submissionId: null,
  cancelled: false,
};

/** Answers that end the session. */
const ENDING_ACTIONS: readonly Action[] = ['refuse', 'cancel', 'leave'];

export class Flow {
  /** Settles once: with the result, or with an `IdvError` when the flow was disposed of before its end. */
  readonly finished: Promise<FlowResult>;
  readonly #tracker = new EventTracker();
  readonly #app: App;
  readonly #locale: string;
  readonly #abort = new AbortController();
  #settle!: { resolve: (result: FlowResult) => void; reject: (error: IdvError) => void };
  #verification: Verification | null = null;
  #ending = false;

  constructor(
    root: ShadowRoot,
    host: HTMLElement,
    private readonly options: FlowOptions,
  ) {
    this.finished = new Promise((resolve, reject) => (this.#settle = { resolve, reject }));
    // A host that does not look at `finished` must not see an unhandled rejection.
    this.finished.catch(() => undefined);
    const texts = chooseTexts(options.locale === undefined ? navigator.languages : [options.locale]);
    this.#locale = texts.tag;
    this.#app = new App(root, host, {
      texts,
      userAgent: navigator.userAgent,
      act: (action) => this.act(action),
      enter: (entry) => this.#enter(entry),
      takeFile: (file) => this.#verification?.takeFile(file) ?? Promise.resolve(),
    });
    const { signal } = this.#abort;
    for (const name of ['online', 'offline']) {
      window.addEventListener(name, () => this.#verification?.online(navigator.onLine), { signal });
    }
    this.#take({ ...FIRST_VIEW, online: navigator.onLine });
    void this.#connect();
  }

  /** Passes on the user's answer. */
  act(action: Action): void {
    this.#ending = ENDING_ACTIONS.includes(action);
    if (this.#verification) this.#verification.act(action);
    else if (action === 'retry') void this.#connect();
    // Without a page module there is no session to end.
    else if (action === 'leave') this.#take({ ...FIRST_VIEW, screen: 'done', cancelled: true });
  }

  /** Passes on what the user typed or chose. */
  #enter(entry: Entry): void {
    this.#verification?.enter(entry);
  }

  /** Takes the flow away: camera off, worker ended, nothing left in the root. Harmless when repeated. */
  dispose(): void {
    if (this.#abort.signal.aborted) return;
    this.#abort.abort();
    this.#verification?.dispose();
    this.#verification = null;
    this.#app.dispose();
    this.#settle.reject(new IdvError('disposed', 'the flow was taken away before its end'));
  }

  async #connect(): Promise<void> {
    this.#take({ ...FIRST_VIEW, online: navigator.onLine });
    let verification: Verification;
    try {
      verification = await this.options.connect(this.#locale);
    } catch (cause) {
      const code = isIdvError(cause) ? cause.code : 'engine_load_failed';
      console.error('idv-web: the page module could not be loaded', cause);
      return this.#take({ ...FIRST_VIEW, screen: 'error', error: { code, retryable: true } });
    }
    if (this.#abort.signal.aborted) return verification.dispose();
    this.#verification = verification;
    verification.onView((view) => this.#take(view));
    verification.setVideo(this.#app.video);
    verification.online(navigator.onLine);
    try {
      await verification.start();
    } catch (cause) {
      const code = errorCodeOf(cause);
      console.error(`idv-web: ${code}`);
      this.#take({ ...FIRST_VIEW, screen: 'error', error: { code, retryable: false } });
    }
  }

  #take(given: View): void {
    if (this.#abort.signal.aborted) return;
    // What is on its way then is the cancellation, not the pictures.
    const view = this.#ending && given.screen === 'submitting' ? { ...given, cancelled: true } : given;
    const events = this.#tracker.next(view);
    this.#app.render(view);
    for (const event of events) this.options.onEvent(event);
    if (view.screen === 'done') this.#finish(view);
  }

  #finish(view: View): void {
    const returnUrl = safeReturnUrl(view.returnUrl);
    if (view.cancelled) return this.#settle.resolve({ status: 'cancelled', returnUrl });
    this.#settle.resolve({ status: 'submitted', returnUrl, ...(view.submissionId ? { submissionId: view.submissionId } : {}) });
  }
}

function errorCodeOf(cause: unknown): ErrorCode {
  const code = (cause as { code?: unknown } | null)?.code;
  return ERROR_CODES.find((known) => known === code) ?? 'internal';
}
