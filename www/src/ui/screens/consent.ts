/** `consent`: what is taken, who receives it, for how long, and what happens on refusal. */
import type { ConsentTerms } from '../../view.js';
import { h } from '../dom.js';
import { actionButton, heading } from '../parts/controls.js';
import type { IconName } from '../parts/icons.js';
import { icon } from '../parts/icons.js';
import type { ScreenContext, ScreenFactory } from '../screen.js';
import { takesPictures } from '../screen.js';

export const consent: ScreenFactory = (context, view) => {
  const { texts } = context;
  const title = heading(texts.consent.title);
  const terms = view.consent;
  const pictures = takesPictures(view);
  const taken = [
    view.steps.includes('document') && fact('document', texts.consent.document.title, texts.consent.document.body),
    view.steps.includes('face') && fact('face', texts.consent.face.title, texts.consent.face.body),
    view.steps.includes('person') && fact('details', texts.consent.person.title, texts.consent.person.body),
    view.steps.includes('otp') && fact('phone', texts.consent.otp.title, texts.consent.otp.body),
    view.steps.includes('secret') && fact('card', texts.consent.secret.title, texts.consent.secret.body),
    view.steps.includes('signature') && fact('sign', texts.consent.signature.title, texts.consent.signature.body),
    fact('choice', texts.consent.choice.title, pictures ? texts.consent.choice.body : texts.consent.choice.withoutPictures),
  ];
  const element = h(
    'section',
    { class: 'page page-consent' },
    h(
      'div',
      { class: 'page-body' },
      title,
      h('p', { class: 'lead' }, pictures ? texts.consent.lead : texts.consent.leadWithoutPictures),
      terms && terms.text.trim() !== '' && h('div', { class: 'note', part: 'note' }, terms.text.trim()),
      h('h2', { class: 'subheading' }, texts.consent.takenTitle),
      h('ul', { class: 'facts', part: 'card', role: 'list' }, ...taken),
      ...(terms ? termsOf(context, terms, pictures) : []),
    ),
    h(
      'div',
      { class: 'page-actions', part: 'actions' },
      actionButton(context, 'agree', texts.consent.agree, 'primary'),
      actionButton(context, 'refuse', texts.consent.refuse, 'secondary'),
    ),
  );
  return { element, focus: title, update() {} };
};

function fact(name: IconName, title: string, body: string): HTMLLIElement {
  return h('li', { class: 'fact' }, icon(name), h('div', {}, h('h3', {}, title), h('p', {}, body)));
}

function termsOf({ texts }: ScreenContext, terms: ConsentTerms, pictures: boolean): HTMLElement[] {
  const kept = (pictures ? texts.consent.retention : texts.consent.retentionWithoutPictures)(terms.retentionDays);
  const retention = h(
    'ul',
    { class: 'facts', part: 'card', role: 'list' },
    h('li', { class: 'fact' }, icon('clock'), h('div', {}, h('h3', {}, texts.consent.retentionTitle), h('p', {}, `${kept} ${pictures ? texts.consent.device : texts.consent.deviceWithoutPictures}`))),
  );
  const version = h('p', { class: 'fine' }, texts.consent.version(terms.version));
  if (terms.recipients.length === 0) return [retention, version];
  const rows = terms.recipients.map(({ name, country, purpose }) =>
    h('li', { class: 'recipient' }, h('div', { class: 'recipient-head' }, h('h3', {}, name), h('span', { class: 'country' }, countryName(country, texts.tag))), h('p', {}, purpose)),
  );
  return [
    h('h2', { class: 'subheading' }, texts.consent.recipientsTitle),
    h('ul', { class: 'facts', part: 'card', role: 'list' }, ...rows),
    retention,
    version,
  ];
}

/** The country's name in the user's language; the code itself where it is not known. */
export function countryName(code: string, locale: string): string {
  const upper = code.toUpperCase();
  try {
    return new Intl.DisplayNames([locale], { type: 'region' }).of(upper) ?? upper;
  } catch {
    return upper;
  }
}
