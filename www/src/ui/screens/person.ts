/** `person`: personal data, field by field. What was typed stays in the fields until it is accepted, and nowhere else. */
import type { FieldHint } from '../../locales/texts.js';
import type { PersonField, PersonView } from '../../view.js';
import { h } from '../dom.js';
import { heading } from '../parts/controls.js';
import type { Field } from '../parts/field.js';
import { dateField, textField } from '../parts/field.js';
import { formFrame } from '../parts/form.js';
import type { ScreenContext, ScreenFactory } from '../screen.js';
import { fieldProblemText } from '../screen.js';

type Attributes = Record<string, string | number>;

/** What browsers and keyboards need to know of a field (WHATWG HTML, autofill). */
const ATTRIBUTES: Readonly<Record<Exclude<PersonField, 'birth_date'>, Attributes>> = {
  full_name: { type: 'text', autocomplete: 'name', autocapitalize: 'words' },
  given_name: { type: 'text', autocomplete: 'given-name', autocapitalize: 'words' },
  family_name: { type: 'text', autocomplete: 'family-name', autocapitalize: 'words' },
  // A document's number is no business of the browser's memory.
  document_number: { type: 'text', autocomplete: 'off', autocapitalize: 'characters' },
  street: { type: 'text', autocomplete: 'address-line1', autocapitalize: 'words' },
  city: { type: 'text', autocomplete: 'address-level2', autocapitalize: 'words' },
  region: { type: 'text', autocomplete: 'address-level1', autocapitalize: 'characters' },
  postal_code: { type: 'text', autocomplete: 'postal-code', autocapitalize: 'characters' },
  phone: { type: 'tel', autocomplete: 'tel', inputmode: 'tel' },
};

/** Where a country's own form asks for another keyboard. */
const BY_COUNTRY: Readonly<Record<string, Attributes>> = {
  document_number_jp: { inputmode: 'numeric' },
  postal_code_us: { inputmode: 'numeric' },
  region_us: { maxlength: 2 },
};

/** Fields that share a line where there is room. */
const SHORT: readonly PersonField[] = ['given_name', 'family_name', 'region', 'postal_code'];

export const person: ScreenFactory = (context, first) => {
  const { texts, insist } = context;
  const words = texts.person;
  const title = heading(words.title);
  const { fields: names, country } = first.person ?? { fields: [], country: '' };
  const fields = new Map<PersonField, Field>(names.map((name) => [name, fieldOf(context, name, country)]));
  let shown = '';

  const submit = () => {
    const typed: Partial<Record<PersonField, string>> = {};
    for (const [name, field] of fields) typed[name] = field.value();
    context.enter({ step: 'person', fields: typed });
    // The view with what is wrong has come by now, if anything is; the same errors bring no other view.
    const wrong = [...fields.values()].find(({ element }) => element.querySelector('[aria-invalid]'));
    if (wrong) {
      wrong.focus();
      insist(words.wrongFields(JSON.parse(shown || '[]').length));
    }
  };
  const grid = h('div', { class: 'fields' }, ...[...fields.values()].map(({ element }) => element));
  const frame = formFrame(context, 'person', words.goOn, submit, [title, h('p', { class: 'lead' }, words.lead), grid]);
  // An error stands until its field is touched again.
  for (const field of fields.values()) field.element.addEventListener('input', () => field.fail(null));

  const showErrors = (errors: PersonView['errors']) => {
    const now = JSON.stringify(errors);
    if (now === shown) return;
    shown = now;
    for (const [name, field] of fields) {
      const error = errors.find((error) => error.field === name);
      field.fail(error ? fieldProblemText(texts, error.problem) : null);
    }
  };
  return {
    element: frame.element,
    focus: title,
    update(view) {
      frame.busy(view.busy);
      showErrors(view.person?.errors ?? []);
    },
    dispose() {
      for (const field of fields.values()) field.clear();
    },
  };
};

function fieldOf({ texts }: ScreenContext, name: PersonField, country: string): Field {
  const labels: Readonly<Record<string, string>> = texts.fields;
  const label = labels[`${name}_${country}`] ?? texts.fields[name];
  if (name === 'birth_date') return dateField(name, label, texts.birthDate, texts.tag);
  const attributes = { ...ATTRIBUTES[name], ...BY_COUNTRY[`${name}_${country}`] };
  return textField({ id: name, label, hint: hintOf(texts.fieldHints, name, country), attributes, short: SHORT.includes(name) });
}

/** The hint of a field in its country, or of the field anywhere. */
function hintOf(hints: Readonly<Record<FieldHint, string>>, name: PersonField, country: string): string | null {
  const known: Readonly<Record<string, string>> = hints;
  return known[`${name}_${country}`] ?? known[name] ?? null;
}
