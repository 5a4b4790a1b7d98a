/** A form's frame: heading, what goes into it, and the buttons. Nothing of it is ever sent by the browser itself. */
import type { Texts } from '../../locales/index.js';
import { h, setAttribute, setText } from '../dom.js';
import { actionButton } from './controls.js';
import type { ScreenContext } from '../screen.js';

export interface FormFrame {
  element: HTMLFormElement;
  /** Shows that an answer is waited for: the button stays where it is and says so. */
  busy(is: boolean): void;
}

/** A form with its body and a button to go on. `submit` is called when the user goes on and nothing is waited for. */
export function formFrame(context: ScreenContext, name: string, goOn: string, submit: () => void, body: readonly (Node | null | false)[], extra: readonly (Node | null | false)[] = []): FormFrame {
  const { texts } = context;
  const label = h('span', { class: 'button-text' }, goOn);
  const button = h('button', { type: 'submit', class: 'button button-primary', part: 'button button-primary', 'data-action': 'continue' }, label);
  // Escape from the browser's own bubbles: they are in its language, not the page's, and vanish.
  const element = h(
    'form',
    { class: `page page-form page-${name}`, novalidate: true, autocomplete: 'on', 'data-form': name },
    h('div', { class: 'page-body' }, ...body),
    h('div', { class: 'page-actions', part: 'actions' }, button, ...extra, actionButton(context, 'cancel', texts.cancel, 'secondary')),
  );
  let waiting = false;
  element.addEventListener('submit', (event) => {
    event.preventDefault();
    if (!waiting) submit();
  });
  return {
    element,
    busy(is) {
      waiting = is;
      setAttribute(element, 'aria-busy', is ? 'true' : null);
      setAttribute(button, 'aria-disabled', is ? 'true' : null);
      setText(label, is ? texts.person.working : goOn);
    },
  };
}

/** How many fields need a change, for screen readers. */
export function wrongFields(texts: Texts, count: number): string {
  return texts.person.wrongFields(count);
}
