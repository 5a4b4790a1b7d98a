/** `document_capture` and `face_capture`: the controls over the camera's picture. */
import type { Rect } from '../../view.js';
import { h, setAttribute, setText } from '../dom.js';
import { shownPacer } from '../hints.js';
import type { CameraStage, StageMode } from '../parts/camera-stage.js';
import { actionButton, heading } from '../parts/controls.js';
import { progressRing } from '../parts/ring.js';
import type { Screen, ScreenContext, ScreenFactory } from '../screen.js';
import { familyOf, hintText } from '../screen.js';

/** Time after which a camera that has shown nothing is taken to wait for the user's permission, in ms. */
const OPENING_HINT_AFTER_MS = 900;

/** Room between the hint and the guide, in CSS px. */
const HINT_GAP_PX = 16;

export function documentCapture(stage: CameraStage): ScreenFactory {
  return (context, view) => {
    const { documentCapture: words } = context.texts;
    return capture(context, stage, 'document', words.title[familyOf(view.documentKinds)], words.note);
  };
}

export function faceCapture(stage: CameraStage): ScreenFactory {
  return (context) => capture(context, stage, 'face', context.texts.faceCapture.title, context.texts.faceCapture.note);
}

function capture(context: ScreenContext, stage: CameraStage, mode: StageMode, titleText: string, note: string): Screen {
  const { texts, announce } = context;
  const title = heading(titleText);
  const hint = h('p', { class: 'hint', part: 'hint', hidden: true, 'aria-hidden': 'true' });
  const ring = progressRing(texts.captureProgress);
  const top = h('div', { class: 'camera-top' }, title, h('div', { class: 'hint-room' }));
  const bottom = h(
    'div',
    { class: 'camera-bottom', part: 'actions' },
    h('p', { class: 'camera-note' }, ring.element, note),
    actionButton(context, 'cancel', texts.cancel, 'camera'),
  );
  const element = h('section', { class: 'camera', 'data-mode': mode }, top, hint, bottom);
  const pacer = shownPacer((text) => {
    setText(hint, text);
    setAttribute(hint, 'hidden', null);
  });
  const placeHint = (guide: Rect) => {
    const shift = stage.element.getBoundingClientRect().top - element.getBoundingClientRect().top;
    hint.style.setProperty('--_bottom', `${guide.y + shift - HINT_GAP_PX}px`);
  };
  const tell = (text: string) => {
    pacer.offer(text);
    announce(text);
  };
  const opening = setTimeout(() => tell(texts.openingCamera), OPENING_HINT_AFTER_MS);
  stage.open(mode, { top, bottom }, placeHint);
  return {
    element,
    focus: title,
    update(view) {
      stage.update(view);
      const text = hintText(texts, view.screen, view.hint);
      setAttribute(hint, 'data-turn', view.turn);
      if (view.frame !== null) clearTimeout(opening);
      if (text !== null) tell(text);
      ring.update(view.progress);
    },
    dispose() {
      clearTimeout(opening);
      pacer.dispose();
      stage.close();
    },
  };
}
