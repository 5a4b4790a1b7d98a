/** What the camera screens share: title, hint and picture. `face_capture`; `document-capture.ts` has the other one. */
import type { Rect, View } from '../../view.js';
import { h, setAttribute, setText } from '../dom.js';
import { shownPacer } from '../hints.js';
import type { CameraStage, StageMode } from '../parts/camera-stage.js';
import { actionButton, heading } from '../parts/controls.js';
import { progressRing } from '../parts/ring.js';
import type { Screen, ScreenContext, ScreenFactory } from '../screen.js';
import { hintText } from '../screen.js';

/** Time after which a camera that has shown nothing is taken to wait for the user's permission, in ms. */
const OPENING_HINT_AFTER_MS = 900;

/** Room between the hint and the guide, in CSS px. */
const HINT_GAP_PX = 16;

/** What a camera screen shows of its own. */
export interface CameraParts {
  title: HTMLElement;
  bottom: HTMLElement;
  /** Lies over the guide. */
  over?: HTMLElement;
  update(view: View): void;
  /** Where the guide lies, in px of the screen's element. */
  place?(guide: Rect): void;
  dispose?(): void;
}

export function faceCapture(stage: CameraStage): ScreenFactory {
  return (context) => {
    const { texts } = context;
    const ring = progressRing(texts.captureProgress);
    const note = h('p', { class: 'camera-note' }, ring.element, texts.faceCapture.note);
    const bottom = h('div', { class: 'camera-bottom', part: 'actions' }, note, actionButton(context, 'cancel', texts.cancel, 'camera'));
    return capture(context, stage, 'face', { title: heading(texts.faceCapture.title), bottom, update: (view) => ring.update(view.progress) });
  };
}

/** A camera screen with these parts. */
export function capture({ texts, announce }: ScreenContext, stage: CameraStage, mode: StageMode, parts: CameraParts): Screen {
  const { title, bottom } = parts;
  const hint = h('p', { class: 'hint', part: 'hint', hidden: true, 'aria-hidden': 'true' });
  const top = h('div', { class: 'camera-top' }, title, h('div', { class: 'hint-room' }));
  const element = h('section', { class: 'camera', 'data-mode': mode }, top, parts.over, hint, bottom);
  const pacer = shownPacer((text) => {
    setText(hint, text);
    setAttribute(hint, 'hidden', null);
  });
  const place = (guide: Rect) => {
    const here = element.getBoundingClientRect();
    const there = stage.element.getBoundingClientRect();
    const moved = { ...guide, x: guide.x + there.left - here.left, y: guide.y + there.top - here.top };
    hint.style.setProperty('--_bottom', `${moved.y - HINT_GAP_PX}px`);
    parts.place?.(moved);
  };
  const tell = (text: string) => {
    pacer.offer(text);
    announce(text);
  };
  const opening = setTimeout(() => tell(texts.openingCamera), OPENING_HINT_AFTER_MS);
  stage.open(mode, { top, bottom }, place);
  return {
    element,
    focus: title,
    update(view) {
      stage.update(view);
      parts.update(view);
      const text = hintText(texts, view);
      setAttribute(hint, 'data-turn', view.turn);
      if (view.frame !== null) clearTimeout(opening);
      if (text !== null) tell(text);
    },
    dispose() {
      clearTimeout(opening);
      pacer.dispose();
      parts.dispose?.();
      stage.close();
    },
  };
}
