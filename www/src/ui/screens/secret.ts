/** `secret`: a short code that is printed on the document, hidden while it is typed unless the user wants to see it. */
import { h, setAttribute, setText } from '../dom.js';
import { heading } from '../parts/controls.js';
import { textField } from '../parts/field.js';
import { formFrame } from '../parts/form.js';
import { icon } from '../parts/icons.js';
import { secretArt } from '../parts/illustrations.js';
import type { ScreenFactory } from '../screen.js';

export const secret: ScreenFactory = (context, first) => {
  const { texts, insist } = context;
  const words = texts.secret;
  const { digits, country } = first.secret ?? { digits: 4, country: '' };
  const where = country === 'jp' ? words.where.jp : words.where.other;
  const title = heading(words.title);
  const field = textField({
    id: 'secret',
    label: words.label,
    hint: where,
    attributes: { type: 'password', class: 'input input-code', inputmode: 'numeric', autocomplete: 'off', pattern: '[0-9]*', maxlength: digits },
  });
  const label = h('span', { class: 'button-text' }, words.show);
  const show = h('button', { type: 'button', class: 'button button-secondary reveal', part: 'button button-secondary', 'aria-pressed': 'false', 'data-action': 'reveal' }, icon('eye', 20), label);
  const tries = h('p', { class: 'fine tries' });
  let failed = '';

  show.addEventListener('click', () => {
    const shown = field.input.type === 'text';
    field.input.type = shown ? 'password' : 'text';
    setAttribute(show, 'aria-pressed', shown ? 'false' : 'true');
    setText(label, shown ? words.show : words.hide);
  });
  const submit = () => {
    const typed = field.value().replace(/\D/g, '');
    if (typed.length !== digits) {
      field.fail(texts.fieldProblems.wrong_form);
      field.focus();
      return;
    }
    context.enter({ step: 'secret', secret: typed });
  };
  const frame = formFrame(context, 'secret', texts.person.goOn, submit, [secretArt(words.illustration), title, h('p', { class: 'lead' }, words.lead(digits)), field.element, show, tries]);
  field.element.addEventListener('input', () => field.fail(null));
  return {
    element: frame.element,
    focus: title,
    update(view) {
      if (!view.secret) return;
      frame.busy(view.busy);
      const { triesLeft, problem } = view.secret;
      setText(tries, words.triesLeft(triesLeft));
      // The error says it too, where there is one.
      setAttribute(tries, 'hidden', problem !== null);
      setAttribute(tries, 'data-last', triesLeft === 1);
      const now = problem === null ? '' : `${problem} ${triesLeft}`;
      if (now !== '' && now !== failed && !view.busy) {
        field.clear();
        field.fail(`${words.problem} ${words.triesLeft(triesLeft)}`);
        field.focus();
        insist(`${words.problem} ${words.triesLeft(triesLeft)}`);
      }
      failed = now;
    },
    dispose() {
      field.clear();
    },
  };
};
