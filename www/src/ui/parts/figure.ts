/**
 * A head that shows what to do, beside its words. It is decoration: the words say the same.
 *
 * Rule: directions are the user's own, as in a mirror, also in right-to-left texts. Where less motion is asked for, the
 * head shows the end of the movement.
 */
import type { Move } from '../move.js';
import { h, s, setAttribute } from '../dom.js';

const HEAD = 'M32 7c12 0 19 9 19 22 0 15-8 28-19 28S13 44 13 29C13 16 20 7 32 7Z';

/** Where the arrow beside the head lies, by the movement that it shows. */
const ARROWS: Readonly<Partial<Record<Move, string>>> = {
  left: 'M8 24 2 31l6 7',
  right: 'M56 24l6 7-6 7',
  up: 'M25 4l7-4 7 4',
  down: 'M25 60l7 4 7-4',
  closer: 'M11 11 4 4M53 11l7-7M11 53l-7 7M53 53l7 7',
  back: 'M4 4l7 7M60 4l-7 7M4 60l7-7M60 60l-7-7',
};

/** The figure, hidden while there is nothing to do. */
export class Figure {
  readonly element: HTMLElement;
  readonly #arrow = s('path', { class: 'figure-arrow' });
  readonly #dots = h('span', { class: 'figure-dots' });

  constructor() {
    const eye = (x: number) => s('ellipse', { class: 'figure-eye', cx: x, cy: 29, rx: 2.8, ry: 3.4 });
    const face = s(
      'g',
      { class: 'figure-face' },
      eye(24.5),
      eye(39.5),
      s('path', { class: 'figure-nose', d: 'M32 32v6' }),
      s('path', { class: 'figure-rest', d: 'M26 45h12' }),
      s('path', { class: 'figure-smile', d: 'M23 43c4 7 14 7 18 0' }),
    );
    const head = s('g', { class: 'figure-head' }, s('path', { class: 'figure-outline', d: HEAD }), face);
    const svg = s('svg', { viewBox: '-2 -4 68 72', focusable: 'false' }, head, this.#arrow);
    this.element = h('span', { class: 'figure', 'aria-hidden': 'true', hidden: true }, svg, this.#dots);
  }

  /** Shows a movement; of one that is done several times, also how often it was. */
  show(move: Move | null, times = 1, done = 0): void {
    setAttribute(this.element, 'hidden', move === null);
    setAttribute(this.element, 'data-move', move);
    setAttribute(this.#arrow, 'd', (move && ARROWS[move]) ?? '');
    const wanted = times > 1 ? times : 0;
    while (this.#dots.childElementCount < wanted) this.#dots.append(h('i', {}));
    while (this.#dots.childElementCount > wanted) this.#dots.lastElementChild?.remove();
    [...this.#dots.children].forEach((dot, at) => setAttribute(dot, 'data-done', at < done));
  }
}
