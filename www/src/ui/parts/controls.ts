/** Buttons, headings, tips and the steps' indicator. */
import type { Texts } from '../../locales/index.js';
import type { TipName } from '../../locales/texts.js';
import { stepsOf } from '../../steps.js';
import type { Action, View } from '../../view.js';
import { h, setAttribute, setText } from '../dom.js';
import type { ScreenContext } from '../screen.js';
import { icon } from './icons.js';

/** Files that may be chosen. Other formats are refused with a reason where a browser offers them nevertheless. */
const ACCEPTED_FILES = 'image/jpeg,image/png';

/** A button that answers with `action`. `data-action` is what tests and drivers find it by. */
export function actionButton(context: ScreenContext, action: Action, text: string, kind: 'primary' | 'secondary' | 'camera'): HTMLButtonElement {
  const button = h('button', { type: 'button', class: `button button-${kind}`, part: `button button-${kind}`, 'data-action': action }, h('span', { class: 'button-text' }, text));
  button.addEventListener('click', () => {
    if (button.getAttribute('aria-disabled') !== 'true') context.act(action);
  });
  return button;
}

/** A button that opens the browser's file dialog for one photo, which goes to the page module. */
export function filePicker(context: ScreenContext, text: string, kind: 'tonal' | 'camera'): HTMLLabelElement {
  const input = h('input', { type: 'file', accept: ACCEPTED_FILES });
  input.addEventListener('change', () => {
    const file = input.files?.[0];
    // Without this, choosing the same file again would change nothing and tell nothing.
    input.value = '';
    if (file) context.takeFile(file);
  });
  return h('label', { class: `button button-${kind} picker`, part: `button button-${kind}`, 'data-action': 'upload' }, icon('photo', 20), h('span', { class: 'button-text' }, text), input);
}

/** Shows on a begin button that the engine is still loading; it stays focusable and says so. */
export function showReadiness(button: HTMLButtonElement, texts: Texts, view: View): void {
  const percent = Math.floor(Math.min(1, Math.max(0, view.progress)) * 100);
  const label = button.querySelector('.button-text');
  setAttribute(button, 'aria-disabled', view.engineReady ? null : 'true');
  button.style.setProperty('--_loaded', view.engineReady ? '1' : String(percent / 100));
  if (label) setText(label, view.engineReady ? texts.openCamera : texts.preparing(percent));
}

/** A screen's heading: it takes the focus when the screen comes up. */
export function heading(text: string): HTMLHeadingElement {
  return h('h1', { class: 'heading', part: 'heading', tabindex: -1 }, text);
}

/** Tips with icons. */
export function tipList(texts: Texts, names: readonly TipName[]): HTMLUListElement {
  return h('ul', { class: 'tips', part: 'tips', role: 'list' }, ...names.map((name) => h('li', {}, icon(name), h('span', {}, texts.tips[name]))));
}

/** A bar that fills; named for screen readers. */
export function bar(label: string): { element: HTMLElement; update: (ratio: number) => void } {
  const element = h('div', { class: 'bar', part: 'bar', role: 'progressbar', 'aria-label': label, 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': 0 }, h('span', {}));
  const update = (ratio: number) => {
    const bounded = Math.min(1, Math.max(0, ratio));
    setAttribute(element, 'aria-valuenow', Math.round(bounded * 100));
    element.style.setProperty('--_filled', String(bounded));
  };
  return { element, update };
}

/** Which step of how many. */
export class StepIndicator {
  readonly element: HTMLElement;
  readonly #count = h('span', { class: 'steps-count' });
  readonly #name = h('span', { class: 'steps-name' });
  readonly #track = h('span', { class: 'steps-track', 'aria-hidden': 'true' });

  constructor(private readonly texts: Texts) {
    this.element = h('div', { class: 'steps', part: 'progress' }, h('p', { class: 'steps-label' }, this.#name, this.#count), this.#track);
  }

  update(view: View): void {
    const steps = stepsOf(view);
    const ended = view.screen === 'done';
    const shown = steps !== null && view.screen !== 'loading' && !view.cancelled;
    setAttribute(this.element, 'data-unknown', !shown);
    if (!shown) return;
    const { names, index } = steps;
    setText(this.#count, ended ? '' : this.texts.stepOf(index + 1, names.length));
    setText(this.#name, ended ? this.texts.flowLabel : this.texts.steps[names[index] ?? 'submit']);
    while (this.#track.childElementCount < names.length) this.#track.append(h('i', {}));
    while (this.#track.childElementCount > names.length) this.#track.lastElementChild?.remove();
    [...this.#track.children].forEach((part, at) => setAttribute(part, 'data-state', at < index || ended ? 'done' : at === index ? 'current' : 'next'));
  }
}
