/** How many of the challenge's actions are done, which one runs, and how much of its time is left. */
import type { Texts } from '../../locales/index.js';
import type { ChallengeView } from '../../view.js';
import { h, s, setAttribute, setText } from '../dom.js';

const TICK = 'M7.5 12.4l3 3.1 6-6.6';

export class Moves {
  readonly element: HTMLElement;
  readonly #pips = h('span', { class: 'pips', 'aria-hidden': 'true' });
  readonly #words = h('span', {});

  constructor(private readonly texts: Texts) {
    this.element = h('p', { class: 'moves', part: 'moves' }, this.#pips, this.#words);
  }

  update(challenge: ChallengeView | null): void {
    const { count = 0, done = 0, action = null } = challenge ?? {};
    setText(this.#words, done > 0 && count > 0 ? this.texts.challenge.done(done, count) : this.texts.faceCapture.note);
    while (this.#pips.childElementCount < count) this.#pips.append(pip());
    while (this.#pips.childElementCount > count) this.#pips.lastElementChild?.remove();
    [...this.#pips.children].forEach((one, at) => {
      const state = at < done ? 'done' : at === done && action ? 'current' : 'next';
      setAttribute(one, 'data-state', state);
      const left = state === 'current' && action ? Math.min(1, Math.max(0, action.leftMs / action.windowMs)) * 100 : 0;
      const ring = one.querySelector('.pip-left');
      if (ring) setAttribute(ring, 'stroke-dasharray', `${left.toFixed(0)} 100`);
    });
  }
}

function pip(): SVGSVGElement {
  return s(
    'svg',
    { class: 'pip', viewBox: '0 0 24 24', width: 24, height: 24, focusable: 'false' },
    s('circle', { class: 'pip-field', cx: 12, cy: 12, r: 9.5 }),
    s('circle', { class: 'pip-left', cx: 12, cy: 12, r: 9.5, pathLength: 100, 'stroke-dasharray': '0 100' }),
    s('path', { class: 'pip-tick', d: TICK }),
  );
}
