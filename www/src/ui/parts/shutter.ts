/**
 * The place of the shutter: a ring that fills while the picture is taken by itself, and the button inside it once the
 * user may press it. The place is kept from the start, so that nothing moves when the button comes.
 */
import type { View } from '../../view.js';
import { h, setAttribute, setText } from '../dom.js';
import type { ScreenContext } from '../screen.js';
import { progressRing } from './ring.js';

/** Unique in the flow's shadow root. */
const NOTE_ID = 'shutter-note';

export class Shutter {
  readonly element: HTMLElement;
  /** What to do, in words; it stands above the row of buttons. */
  readonly note: HTMLElement;
  readonly #button: HTMLButtonElement;
  readonly #label = h('strong', {});
  readonly #more = h('span', { id: NOTE_ID });
  readonly #ring: ReturnType<typeof progressRing>;

  constructor(private readonly context: ScreenContext) {
    const { texts, act } = context;
    const { shoot } = texts.documentCapture;
    this.#ring = progressRing(texts.captureProgress);
    this.#button = h('button', { type: 'button', class: 'shutter', part: 'shutter', 'data-action': 'shoot', 'aria-label': shoot, 'aria-describedby': NOTE_ID });
    this.#button.addEventListener('click', () => act('shoot'));
    this.note = h('p', { class: 'camera-note shutter-note' }, this.#label, this.#more);
    this.element = h('div', { class: 'shutter-place' }, this.#ring.element);
  }

  update({ progress, manual }: View): void {
    const words = this.context.texts.documentCapture;
    this.#ring.update(progress);
    setText(this.#label, manual ? words.shoot : words.note);
    setText(this.#more, manual ? words.shootNote : '');
    setAttribute(this.element, 'data-manual', manual);
    setAttribute(this.note, 'data-manual', manual);
    const shown = this.#button.parentNode !== null;
    if (manual && !shown) this.element.append(this.#button);
    if (!manual && shown) this.#button.remove();
  }
}
