/** What the camera screens share: title, hint and picture. What is their own is in `document-capture.ts` and `face-capture.ts`. */
import type { Rect, View } from '../../view.js';
import { h, setAttribute, setText } from '../dom.js';
import { shownPacer } from '../hints.js';
import type { CameraStage, StageMode } from '../parts/camera-stage.js';
import type { Screen, ScreenContext } from '../screen.js';
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
  /** Stands before the words of the hint. */
  figure?: HTMLElement;
  update(view: View): void;
  /** Where the guide lies, in px of the screen's element. */
  place?(guide: Rect): void;
  dispose?(): void;
}

/** A camera screen with these parts. */
export function capture({ texts, announce }: ScreenContext, stage: CameraStage, mode: StageMode, parts: CameraParts): Screen {
  const { title, bottom } = parts;
  const words = h('span', { class: 'hint-text' });
  const hint = h('p', { class: 'hint', part: 'hint', hidden: true, 'aria-hidden': 'true' }, parts.figure, words);
  const top = h('div', { class: 'camera-top' }, title, h('div', { class: 'hint-room' }));
  const element = h('section', { class: 'camera', 'data-mode': mode }, top, parts.over, hint, bottom);
  const pacer = shownPacer((text) => {
    setText(words, text);
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
