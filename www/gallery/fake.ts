/** A page module that follows a script: the same interface, no camera, no network. */
import type { Verification } from 'idv:page';
import type { Action, Entry, View } from '../src/view.js';
import type { Shot } from './scene.js';
import { drawShot, frameSize } from './scene.js';
import type { Sample } from './views.js';
import { samples } from './views.js';

type Surface = { [Member in keyof Verification]: Verification[Member] };

/** One moment of the script: the sample to show, changes to it, how long it stays (until an answer, without one). */
interface Moment {
  sample: string;
  change?: Partial<View>;
  stay_ms?: number;
}

/** The whole way through, with one repetition. */
const SCRIPT: readonly Moment[] = [
  { sample: 'loading', stay_ms: 900 },
  { sample: 'consent' },
  ...[0.1, 0.4, 0.8].map((progress) => ({ sample: 'document_intro--loading', change: { progress }, stay_ms: 400 })),
  { sample: 'document_intro' },
  { sample: 'document_capture', stay_ms: 2500 },
  { sample: 'document_timeout' },
  { sample: 'document_capture--front', stay_ms: 1500 },
  ...[0.2, 0.5, 0.8, 1].map((progress) => ({ sample: 'document_capture--front', change: { progress, hint: 'capturing' }, stay_ms: 300 })),
  { sample: 'document_capture--turn-over', stay_ms: 3500 },
  { sample: 'document_capture--back', stay_ms: 1500 },
  { sample: 'document_capture--manual', stay_ms: 2500 },
  { sample: 'document_capture--upload' },
  { sample: 'document_file', stay_ms: 1500 },
  { sample: 'document_timeout--no_document' },
  { sample: 'document_capture--back', change: { hint: 'capturing', progress: 0.8 }, stay_ms: 900 },
  { sample: 'face_intro' },
  { sample: 'face_capture--none', stay_ms: 2000 },
  { sample: 'face_capture', stay_ms: 2000 },
  { sample: 'face_capture--left', stay_ms: 2500 },
  { sample: 'face_capture--front', stay_ms: 1500 },
  { sample: 'face_capture--none', stay_ms: 1500 },
  { sample: 'face_capture', change: { challenge: { set: 'standard', sets: ['standard'], count: 2, done: 0, draw: 1, action: null } }, stay_ms: 4000 },
  ...['closer', 'back', 'blink', 'smile', 'up', 'down', 'right'].map((name) => ({ sample: `face_capture--${name}`, stay_ms: 2500 })),
  { sample: 'submitting', stay_ms: 1500 },
  { sample: 'submitting--offline', stay_ms: 2500 },
  { sample: 'try_again' },
  { sample: 'face_timeout' },
  { sample: 'person' },
  { sample: 'otp' },
  { sample: 'secret' },
  { sample: 'signature' },
  { sample: 'signature_wait', stay_ms: 3000 },
  { sample: 'submitting', change: { progress: 0.9 }, stay_ms: 1000 },
  { sample: 'done' },
];

export class FakeVerification implements Surface {
  /** What the screens have told it, in order. */
  readonly actions: Action[] = [];
  readonly entries: Entry[] = [];
  readonly files: { name: string | null; type: string; size: number }[] = [];
  readonly #canvas = document.createElement('canvas');
  readonly #samples: Readonly<Record<string, Sample>>;
  #callback: (view: View) => void = () => undefined;
  #at = 0;
  #timer = 0;
  #drawing = 0;
  #shot: Shot = 'desk';

  /** Without `sample` it plays the script. */
  constructor(
    locale: string,
    private readonly sample: string | null,
  ) {
    this.#samples = samples(locale);
  }

  onView(callback: (view: View) => void): void {
    this.#callback = callback;
  }

  setVideo(video: HTMLVideoElement): void {
    Object.assign(this.#canvas, frameSize());
    const context = this.#canvas.getContext('2d');
    if (!context) return;
    const draw = () => {
      drawShot(context, this.#shot);
      this.#drawing = setTimeout(draw, 100);
    };
    draw();
    video.srcObject = this.#canvas.captureStream(10);
    void video.play().catch(() => undefined);
  }

  start(): Promise<void> {
    if (this.sample === null) this.#play(0);
    else this.show(this.sample, {});
    // A restart is a change from one draw to the next.
    const { challenge } = this.#samples[this.sample ?? '']?.view ?? {};
    if (this.sample === 'face_capture--restarted' && challenge) this.show(this.sample, { challenge: { ...challenge, draw: 1 } });
    return Promise.resolve();
  }

  act(action: Action): void {
    this.actions.push(action);
    if (this.sample !== null) return;
    if (action === 'leave') return this.#play(0);
    if (action === 'refuse' || action === 'cancel') return this.show('done--cancelled', {});
    this.#play(this.#at + 1);
  }

  enter(entry: Entry): void {
    this.entries.push(entry);
    if (this.sample === null) this.#play(this.#at + 1);
  }

  takeFile(file: Blob): Promise<void> {
    this.files.push({ name: file instanceof File ? file.name : null, type: file.type, size: file.size });
    if (this.sample === null) this.#play(this.#at + 1);
    return Promise.resolve();
  }

  online(): void {}

  dispose(): void {
    clearTimeout(this.#timer);
    clearTimeout(this.#drawing);
  }

  #play(at: number): void {
    clearTimeout(this.#timer);
    this.#at = at % SCRIPT.length;
    const moment = SCRIPT[this.#at];
    if (!moment) return;
    this.show(moment.sample, moment.change ?? {});
    if (moment.stay_ms !== undefined) this.#timer = setTimeout(() => this.#play(this.#at + 1), moment.stay_ms);
  }

  /** Shows a sample, with changes to it. */
  show(name: string, change: Partial<View>): void {
    const sample = this.#samples[name];
    if (!sample) return;
    this.#shot = sample.shot ?? 'desk';
    this.#callback({ ...sample.view, ...change });
  }
}
