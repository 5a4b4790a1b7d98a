/** What the host is told: events derived from the sequence of views. Never an image, never personal data. */
import type { ScreenName, StepName, View } from './view.js';
import { stepsOf } from './steps.js';

/** Event names and their details. */
export interface IdvEventMap {
  /** The session is known and the first screen shows. */
  'idv-ready': { steps: readonly StepName[] };
  /** Another screen shows. */
  'idv-step': { screen: ScreenName; step: StepName | null; stepIndex: number; stepCount: number; attempt: number };
  /** Another hint shows on a camera screen: a `DocumentHint` or `FaceHint`. */
  'idv-hint': { hint: string };
  /** A step's pictures have been taken, or handed in as files. */
  'idv-captured': { step: 'document' | 'face'; attempt: number };
  /** Everything was received. Says nothing of the result: only your server's own call does. */
  'idv-submitted': { submissionId: string | null; returnUrl: string | null };
  /** The error screen shows. */
  'idv-error': { code: string; retryable: boolean };
  /** The session ended without a submission. */
  'idv-cancel': { returnUrl: string | null };
}
export type IdvEventName = keyof IdvEventMap;

/** One event, told apart by `type`. */
export type IdvEvent = { [Name in IdvEventName]: { type: Name; detail: IdvEventMap[Name] } }[IdvEventName];

/** Where the document's pictures come from. */
const AT_DOCUMENT: readonly ScreenName[] = ['document_capture', 'document_file'];
const AFTER_DOCUMENT: readonly ScreenName[] = ['face_intro', 'face_capture', 'submitting', 'done'];
const AFTER_FACE: readonly ScreenName[] = ['submitting', 'try_again', 'done'];

/** Follows the views of one flow. */
export class EventTracker {
  #ready = false;
  #screen: ScreenName | null = null;
  #hint: string | null = null;
  #error: string | null = null;

  /** The events this view brings, in order. */
  next(view: View): IdvEvent[] {
    const events: IdvEvent[] = [];
    const before = this.#screen;
    const changed = view.screen !== before;
    const steps = stepsOf(view);
    if (!this.#ready && steps && view.screen !== 'loading') {
      this.#ready = true;
      events.push({ type: 'idv-ready', detail: { steps: steps.names } });
    }
    if (changed) {
      events.push(...captured(before, view), stepOf(view));
      this.#screen = view.screen;
      this.#hint = null;
      this.#error = null;
    }
    if (view.screen.endsWith('_capture') && view.hint !== null && view.hint !== this.#hint) {
      this.#hint = view.hint;
      events.push({ type: 'idv-hint', detail: { hint: view.hint } });
    }
    if (view.screen === 'error' && view.error && view.error.code !== this.#error) {
      this.#error = view.error.code;
      events.push({ type: 'idv-error', detail: { ...view.error } });
    }
    if (changed && view.screen === 'done') events.push(end(view));
    return events;
  }
}

function end({ cancelled, submissionId, returnUrl }: View): IdvEvent {
  if (cancelled) return { type: 'idv-cancel', detail: { returnUrl } };
  return { type: 'idv-submitted', detail: { submissionId, returnUrl } };
}

function captured(before: ScreenName | null, view: View): IdvEvent[] {
  const { attempt, cancelled } = view;
  if (before === null || cancelled) return [];
  if (AT_DOCUMENT.includes(before) && AFTER_DOCUMENT.includes(view.screen)) {
    return [{ type: 'idv-captured', detail: { step: 'document', attempt } }];
  }
  if (before === 'face_capture' && AFTER_FACE.includes(view.screen)) {
    return [{ type: 'idv-captured', detail: { step: 'face', attempt } }];
  }
  return [];
}

function stepOf(view: View): IdvEvent {
  const { screen, attempt } = view;
  const { names, index } = stepsOf(view) ?? { names: [], index: 0 };
  return { type: 'idv-step', detail: { screen, step: names[index] ?? null, stepIndex: index, stepCount: names.length, attempt } };
}
