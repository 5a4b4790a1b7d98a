/**
 * Records what the vision worker is shown and what it answers, for a file that `cargo xtask replay` reads.
 *
 * In: a page, before its own scripts. Out: each step that ran: how it was begun, its frames as JPEG with their times, the
 * decision at each, the report. Rule: the package does not contain this; a test puts it into the page, and what it
 * records stays in that page until the test takes it.
 */

/** Steps that are kept: the last attempts of every kind. */
const MAX_STEPS = 6;

/** Frames that are kept in all; the oldest steps are let go first. Half a minute at 16 frames a second. */
const MAX_FRAMES = 480;

/** Quality of the frames, 0 to 1: what it changes is below a camera's noise. */
const JPEG_QUALITY = 0.95;

/** A step as it was begun: `idv_vision::replay::ReplayStep`. */
export type ReplayStep = { step: 'document'; task: unknown } | { step: 'face'; attempt: number; challenge: unknown };

/** What was decided at a frame: `idv_vision::replay::Decision`. */
export type Decision = { of: 'document'; hint: string; captured: boolean } | { of: 'face'; hint: string; phase: string; actions_done: number };

/** A step with its frames' bytes, to be written to a file. */
export interface RecordedStep {
  step: ReplayStep;
  models: { name: string; sha256: string }[];
  frames: { at_ms: number; jpeg: Uint8Array }[];
  decisions: Decision[];
  report: unknown;
}

interface Running {
  step: ReplayStep;
  frames: { at_ms: number; jpeg: Promise<Blob> }[];
  decisions: Decision[];
  report: unknown;
}

interface ToWorkerMessage {
  type: string;
  task?: unknown;
  attempt?: number;
  challenge?: unknown;
  at_ms?: number;
  bitmap?: ImageBitmap;
}

interface FromWorkerMessage {
  type: string;
  models?: RecordedStep['models'];
  status?: { hint: string; captured: boolean; phase: string; actions_done: number; report: unknown };
}

export class Recorder {
  readonly #steps: Running[] = [];
  readonly #known = new WeakSet<Worker>();
  #models: RecordedStep['models'] = [];

  /** Listens to every worker that is made from now on. */
  install(): void {
    const heard = (worker: Worker, message: unknown) => this.#sent(worker, message as ToWorkerMessage);
    const real = Worker.prototype.postMessage;
    Worker.prototype.postMessage = function (this: Worker, ...parameters: [unknown, never]): void {
      heard(this, parameters[0]);
      real.apply(this, parameters);
    };
  }

  /** Everything so far, the oldest step first. */
  async take(): Promise<RecordedStep[]> {
    return Promise.all(
      this.#steps.map(async ({ step, frames, decisions, report }) => ({
        step,
        models: this.#models,
        // The frame in flight has no answer.
        frames: await Promise.all(frames.slice(0, decisions.length).map(async ({ at_ms, jpeg }) => ({ at_ms, jpeg: new Uint8Array(await (await jpeg).arrayBuffer()) }))),
        decisions,
        report,
      })),
    );
  }

  #sent(worker: Worker, message: ToWorkerMessage): void {
    if (!this.#known.has(worker)) {
      this.#known.add(worker);
      worker.addEventListener('message', ({ data }: MessageEvent<FromWorkerMessage>) => this.#answered(data));
    }
    if (message.type === 'begin_document') this.#begin({ step: 'document', task: message.task });
    if (message.type === 'begin_face') this.#begin({ step: 'face', attempt: message.attempt ?? 1, challenge: message.challenge });
    if (message.type === 'frame' && message.bitmap) this.#frame(message.bitmap, message.at_ms ?? 0);
  }

  #begin(step: ReplayStep): void {
    this.#steps.push({ step, frames: [], decisions: [], report: null });
    const count = () => this.#steps.reduce((sum, { frames }) => sum + frames.length, 0);
    while (this.#steps.length > 1 && (this.#steps.length > MAX_STEPS || count() > MAX_FRAMES)) this.#steps.shift();
  }

  #frame(bitmap: ImageBitmap, at_ms: number): void {
    const step = this.#steps.at(-1);
    if (!step || step.frames.length >= MAX_FRAMES) return;
    const canvas = new OffscreenCanvas(bitmap.width, bitmap.height);
    canvas.getContext('2d')?.drawImage(bitmap, 0, 0);
    step.frames.push({ at_ms, jpeg: canvas.convertToBlob({ type: 'image/jpeg', quality: JPEG_QUALITY }) });
  }

  #answered({ type, models, status }: FromWorkerMessage): void {
    if (models) this.#models = models;
    const step = this.#steps.at(-1);
    if (!step || !status || step.decisions.length >= step.frames.length) return;
    const { hint, captured, phase, actions_done } = status;
    if (type === 'document') step.decisions.push({ of: 'document', hint, captured });
    if (type === 'face') step.decisions.push({ of: 'face', hint, phase, actions_done });
    step.report ??= status.report ?? null;
  }
}

declare global {
  /** What a test takes the recording from. */
  var idvRecorder: Recorder | undefined;
}
