/** Fields of a form: a label above, a hint and an error below, all of them tied to the input for screen readers. */
import { h, setAttribute, setText } from '../dom.js';
import { icon } from './icons.js';

type Attributes = Readonly<Record<string, string | number | boolean | null | undefined>>;

/** What the inputs of a form have in common: nothing is corrected for the user, and all of it is needed. */
const PLAIN: Attributes = { class: 'input', part: 'input', spellcheck: 'false', autocorrect: 'off', required: true };

/** A field that is shown. */
export interface Field {
  element: HTMLElement;
  /** What was typed. */
  value(): string;
  /** Shows an error, or takes it away. */
  fail(text: string | null): void;
  /** Puts the focus where the error is mended. */
  focus(): void;
  /** Forgets what was typed. */
  clear(): void;
}

export interface FieldOptions {
  /** Unique in the flow's shadow root. */
  id: string;
  label: string;
  hint?: string | null;
  /** Of the input: `type`, `inputmode`, `autocomplete` and others. */
  attributes: Attributes;
  /** Takes no whole line where there is room for two. */
  short?: boolean;
}

/** A field of one line. */
export function textField({ id, label, hint = null, attributes, short = false }: FieldOptions): Field & { input: HTMLInputElement } {
  const input = h('input', { ...PLAIN, id, ...attributes });
  const error = errorLine(id);
  const element = h(
    'div',
    { class: short ? 'field field-short' : 'field', part: 'field', 'data-field': id },
    h('label', { class: 'field-label', for: id }, label),
    hint !== null && h('p', { class: 'field-hint', id: `${id}-hint` }, hint),
    input,
    error.element,
  );
  const describe = (failed: boolean) => describeBy(input, hint === null ? null : `${id}-hint`, failed ? error.element.id : null);
  describe(false);
  return {
    element,
    input,
    value: () => input.value,
    fail(text) {
      error.say(text);
      describe(text !== null);
    },
    focus: () => input.focus(),
    clear: () => (input.value = ''),
  };
}

/** The parts of a date, and how they are called. */
export type DateLabels = Readonly<Record<'year' | 'month' | 'day', string>>;

/** A date as three fields, in the order that the language has; its value is YYYY-MM-DD, or empty. */
export function dateField(id: string, legend: string, labels: DateLabels, locale: string): Field {
  const error = errorLine(id);
  const part = (name: 'year' | 'month' | 'day') => {
    const digits = name === 'year' ? 4 : 2;
    const input = h('input', { ...PLAIN, id: `${id}-${name}`, type: 'text', inputmode: 'numeric', autocomplete: `bday-${name}`, maxlength: digits, size: digits });
    return { name, input, element: h('div', { class: `date-part date-${name}` }, h('label', { class: 'date-label', for: input.id }, labels[name]), input) };
  };
  const parts = dateOrder(locale).map(part);
  const element = h(
    'fieldset',
    { class: 'field', part: 'field', 'data-field': id },
    h('legend', { class: 'field-label' }, legend),
    h('div', { class: 'date' }, ...parts.map(({ element }) => element)),
    error.element,
  );
  const text = (name: string) => parts.find((part) => part.name === name)?.input.value.trim() ?? '';
  return {
    element,
    value() {
      const [year, month, day] = [text('year'), text('month'), text('day')];
      return year === '' && month === '' && day === '' ? '' : `${year}-${month}-${day}`;
    },
    fail(message) {
      error.say(message);
      for (const { input } of parts) describeBy(input, null, message === null ? null : error.element.id);
    },
    focus: () => (parts.find(({ input }) => input.value.trim() === '') ?? parts[0])?.input.focus(),
    clear: () => parts.forEach(({ input }) => (input.value = '')),
  };
}

/** Year, month and day as the language writes them. */
export function dateOrder(locale: string): ('year' | 'month' | 'day')[] {
  const order = new Intl.DateTimeFormat(locale, { year: 'numeric', month: 'numeric', day: 'numeric' })
    .formatToParts(0)
    .map(({ type }) => type)
    .filter((type): type is 'year' | 'month' | 'day' => type === 'year' || type === 'month' || type === 'day');
  return order.length === 3 ? order : ['year', 'month', 'day'];
}

function errorLine(id: string): { element: HTMLElement; say: (text: string | null) => void } {
  const words = h('span', {});
  const element = h('p', { class: 'field-error', id: `${id}-error`, hidden: true }, icon('warn', 18), words);
  return {
    element,
    say(text) {
      setText(words, text ?? '');
      setAttribute(element, 'hidden', text === null);
    },
  };
}

function describeBy(input: HTMLInputElement, hint: string | null, error: string | null): void {
  const ids = [error, hint].filter((id) => id !== null).join(' ');
  setAttribute(input, 'aria-describedby', ids === '' ? null : ids);
  setAttribute(input, 'aria-invalid', error === null ? null : 'true');
}
