/** What the host is told: events derived from the sequence of views. Never an image, never personal data. */
import type { Action, ScreenName, StepName, View } from './view.js';
import { stepsOf } from './steps.js';

/** Event names and their details. */
export interface IdvEventMap {
  /** The session is known and the first screen shows. */
  'idv-ready': { stepCount: number };
  /** Another screen shows. */
  'idv-step': { screen: ScreenName; step: StepName; stepIndex: number; stepCount: number; attempt: number };
  /** Another hint shows on a camera screen: a `DocumentHint` or `FaceHint`. */
  'idv-hint': { hint: string };
  /** A step's pictures have been taken. */
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

const ENDING_ACTIONS: readonly Action[] = ['refuse', 'cancel', 'leave'];
const AFTER_DOCUMENT: readonly ScreenName[] = ['face_intro', 'face_capture', 'submitting', 'done'];
const AFTER_FACE: readonly ScreenName[] = ['submitting', 'try_again', 'done'];

/** True when a view shows the end of a session that submitted nothing. `lastAction` is what the user chose last. */
export function endedWithoutSubmission(view: View, lastAction: Action | null): boolean {
  return view.cancelled ?? (lastAction !== null && ENDING_ACTIONS.includes(lastAction));
}

/** Follows the views of one flow. */
export class EventTracker {
  #ready = false;
  #screen: ScreenName | null = null;
  #hint: string | null = null;
  #error: string | null = null;
  #lastAction: Action | null = null;

  /** Notes what the user chose. */
  acted(action: Action): void {
    if (this.#screen !== 'done') this.#lastAction = action;
  }

  /** Whether the flow has ended, or is ending, because the user stopped it. */
  cancelled(view: View): boolean {
    return endedWithoutSubmission(view, this.#lastAction);
  }

  /** The events this view brings, in order. */
  next(view: View): IdvEvent[] {
    const events: IdvEvent[] = [];
    const before = this.#screen;
    const changed = view.screen !== before;
    if (!this.#ready && view.screen !== 'loading' && view.screen !== 'error') {
      this.#ready = true;
      events.push({ type: 'idv-ready', detail: { stepCount: view.stepCount } });
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
    if (changed && view.screen === 'done') events.push(this.#end(view));
    return events;
  }

  #end(view: View): IdvEvent {
    const { returnUrl } = view;
    if (this.cancelled(view)) return { type: 'idv-cancel', detail: { returnUrl } };
    return { type: 'idv-submitted', detail: { submissionId: view.submissionId ?? null, returnUrl } };
  }
}

function captured(before: ScreenName | null, view: View): IdvEvent[] {
  const { attempt } = view;
  if (before === 'document_capture' && AFTER_DOCUMENT.includes(view.screen)) {
    return [{ type: 'idv-captured', detail: { step: 'document', attempt } }];
  }
  if (before === 'face_capture' && AFTER_FACE.includes(view.screen)) {
    return [{ type: 'idv-captured', detail: { step: 'face', attempt } }];
  }
  return [];
}

function stepOf(view: View): IdvEvent {
  const { screen, stepIndex, stepCount, attempt } = view;
  const steps = stepsOf(view);
  const step = steps[Math.min(stepIndex, steps.length - 1)] ?? 'consent';
  return { type: 'idv-step', detail: { screen, step, stepIndex, stepCount, attempt } };
}
