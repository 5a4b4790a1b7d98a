/** What a screen is. One file for each in `screens/`. */
import type { Texts } from '../locales/index.js';
import type { Action, DocumentHint, ErrorCode, FaceHint, Reason, View } from '../view.js';
import { DOCUMENT_HINTS, ERROR_CODES, FACE_HINTS, REASONS } from '../view.js';
import type { Advice, DocumentFamily } from '../locales/texts.js';

/** What screens are made with. */
export interface ScreenContext {
  texts: Texts;
  /** Says something to screen readers, politely and not too often. */
  announce: (text: string) => void;
  act: (action: Action) => void;
  userAgent: string;
}

/** A screen that is shown. It is made anew each time its name comes up. */
export interface Screen {
  /** Placed in the page's main area. */
  element: HTMLElement;
  /** Gets the focus when the screen comes up; normally its heading. */
  focus: HTMLElement;
  update(view: View): void;
  dispose?(): void;
}

export type ScreenFactory = (context: ScreenContext, view: View) => Screen;

/** How to call what is asked for. */
export function familyOf(kinds: readonly string[]): DocumentFamily {
  if (kinds.length > 0 && kinds.every((kind) => kind === 'id3')) return 'passport';
  if (kinds.length > 0 && kinds.every((kind) => kind === 'id1')) return 'card';
  return 'any';
}

/** The hint's text on a camera screen, or null for a code this version does not know. */
export function hintText(texts: Texts, screen: View['screen'], hint: string | null): string | null {
  if (hint === null) return null;
  if (screen === 'face_capture') return includes(FACE_HINTS, hint) ? texts.faceHints[hint as FaceHint] : null;
  return includes(DOCUMENT_HINTS, hint) ? texts.documentHints[hint as DocumentHint] : null;
}

/** The texts for a reason; an unknown one is called what it is, a repetition. */
export function reasonAdvice(texts: Texts, reason: string): Advice {
  return includes(REASONS, reason) ? texts.reasons[reason as Reason] : texts.reasons.evidence_invalid;
}

/** The texts for an error; an unknown one is `internal`. */
export function errorAdvice(texts: Texts, code: string): Advice {
  return includes(ERROR_CODES, code) ? texts.errors[code as ErrorCode] : texts.errors.internal;
}

function includes(list: readonly string[], value: string): boolean {
  return list.includes(value);
}
