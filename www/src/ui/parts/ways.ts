/** The other ways through the challenge, on the introduction of the face: a choice that is closed until it is wanted. */
import type { ChallengeSet, ChallengeView } from '../../view.js';
import { CHALLENGE_SETS } from '../../view.js';
import { h, setAttribute } from '../dom.js';
import type { ScreenContext } from '../screen.js';

export class Ways {
  readonly element: HTMLElement;
  readonly #inputs = new Map<ChallengeSet, HTMLInputElement>();

  constructor({ texts, act }: ScreenContext, { set, sets }: ChallengeView) {
    const words = texts.ways;
    const offered = CHALLENGE_SETS.filter((one) => sets.includes(one));
    const rows = offered.map((one) => {
      const input = h('input', { type: 'radio', name: 'idv-way', value: one });
      input.addEventListener('change', () => act(one));
      this.#inputs.set(one, input);
      const { title, body } = words[one];
      return h('label', { class: 'other-way', 'data-action': one }, input, h('span', { class: 'other-way-title' }, title), h('span', { class: 'other-way-body' }, body));
    });
    this.element = h(
      'details',
      { class: 'other-ways', part: 'ways', open: set !== offered[0] },
      h('summary', {}, words.title),
      h('div', { class: 'other-ways-list', role: 'radiogroup', 'aria-label': words.title }, ...rows),
    );
    this.update(set);
  }

  /** Marks the one that is chosen. */
  update(set: ChallengeSet): void {
    for (const [name, input] of this.#inputs) {
      input.checked = name === set;
      if (input.parentElement) setAttribute(input.parentElement, 'data-chosen', name === set);
    }
  }
}
