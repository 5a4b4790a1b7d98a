/** What a screen is. One file for each in `screens/`. */
import type { Texts } from '../locales/index.js';
import type { Action, DocumentHint, Entry, EntryProblem, ErrorCode, FaceHint, FieldProblem, FileProblem, Reason, View } from '../view.js';
import { DOCUMENT_HINTS, ENTRY_PROBLEMS, ERROR_CODES, FACE_HINTS, FIELD_PROBLEMS, FILE_PROBLEMS, REASONS } from '../view.js';
import type { Advice, DocumentFamily, TwoSidedFamily } from '../locales/texts.js';

/** What screens are made with. */
export interface ScreenContext {
  texts: Texts;
  /** Says something to screen readers, politely and not too often. */
  announce: (text: string) => void;
  /** Says something that must not be lost among what is announced. */
  insist: (text: string) => void;
  act: (action: Action) => void;
  /** Hands in what was typed or chosen. */
  enter: (entry: Entry) => void;
  /** Hands in a file for the picture of the document's side. */
  takeFile: (file: Blob) => void;
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

/** How to call a document whose back will be asked for; null where only one side is. */
export function twoSidedFamilyOf({ twoSided, documentKinds }: View): TwoSidedFamily | null {
  const family = familyOf(documentKinds);
  return twoSided && family !== 'passport' ? family : null;
}

/** The hint's text on a camera screen, or null for a code this version does not know. */
export function hintText(texts: Texts, { screen, hint, documentKinds, challenge }: View): string | null {
  if (hint === null) return null;
  const times = challenge?.action?.times ?? 1;
  if (screen === 'face_capture' && hint === 'blink' && times > 1) return texts.challenge.blink(times);
  if (screen === 'face_capture') return includes(FACE_HINTS, hint) ? texts.faceHints[hint as FaceHint] : null;
  if (!includes(DOCUMENT_HINTS, hint)) return null;
  const code = hint as DocumentHint;
  return code === 'wrong_kind' ? texts.documentHints.wrong_kind[familyOf(documentKinds)] : texts.documentHints[code];
}

/** Why a file was not taken, and the way out; an unknown problem is that its format is not read. */
export function fileAdvice(texts: Texts, { fileProblem, side, documentKinds }: View): Advice | null {
  if (fileProblem === null) return null;
  const problem = includes(FILE_PROBLEMS, fileProblem) ? (fileProblem as FileProblem) : 'unsupported_format';
  if (problem === 'wrong_kind') return texts.fileProblems.wrong_kind[familyOf(documentKinds)];
  if (problem === 'wrong_side') return texts.fileProblems.wrong_side[side ?? 'front'];
  return texts.fileProblems[problem];
}

/** Whether the plan takes pictures. */
export function takesPictures({ steps }: View): boolean {
  return steps.includes('document') || steps.includes('face');
}

/** What is wrong with a field; an unknown problem is that it is not of the form that is asked for. */
export function fieldProblemText(texts: Texts, problem: string): string {
  return texts.fieldProblems[includes(FIELD_PROBLEMS, problem) ? (problem as FieldProblem) : 'wrong_form'];
}

/** Why a code or a secret was not taken; an unknown problem is that it is another one. */
export function entryProblemOf(problem: string): EntryProblem {
  return includes(ENTRY_PROBLEMS, problem) ? (problem as EntryProblem) : 'wrong';
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
