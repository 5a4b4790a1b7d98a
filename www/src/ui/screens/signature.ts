/** `signature` and `signature_wait`: the way to the app that signs, and the time until it has. The page only asks. */
import { safeAppLink } from '../../address.js';
import type { SignatureTrigger } from '../../view.js';
import { h, setAttribute, setText } from '../dom.js';
import { actionButton, heading } from '../parts/controls.js';
import { everySecond, secondsUntil, timeText } from '../parts/countdown.js';
import type { IconName } from '../parts/icons.js';
import { icon } from '../parts/icons.js';
import { signArt } from '../parts/illustrations.js';
import type { ScreenContext, ScreenFactory } from '../screen.js';

const ICONS: Readonly<Record<SignatureTrigger, IconName>> = { push: 'phone', app_scheme: 'sign' };

/** Devices that the app runs on: there it is opened, elsewhere the phone is asked. */
const HAS_APPS = /Android|iPhone|iPad|iPod/;

export const signature: ScreenFactory = (context, first) => {
  const { texts, userAgent } = context;
  const words = texts.signature;
  const title = heading(words.title);
  const offered = first.signature?.triggers ?? [];
  const preferred: SignatureTrigger = HAS_APPS.test(userAgent) ? 'app_scheme' : 'push';
  const ways = [...offered].sort((a, b) => Number(b === preferred) - Number(a === preferred)).map((trigger) => way(context, trigger));
  const note = h('p', { class: 'fine', role: 'status' });
  const element = h(
    'section',
    { class: 'page page-form page-signature' },
    h('div', { class: 'page-body' }, title, h('p', { class: 'lead' }, words.lead), h('div', { class: 'ways' }, ...ways), note),
    h('div', { class: 'page-actions', part: 'actions' }, actionButton(context, 'cancel', texts.cancel, 'secondary')),
  );
  return {
    element,
    focus: title,
    update(view) {
      setAttribute(element, 'aria-busy', view.busy ? 'true' : null);
      for (const button of ways) setAttribute(button, 'aria-disabled', view.busy ? 'true' : null);
      setText(note, view.busy ? texts.person.working : '');
    },
  };
};

function way({ texts, enter }: ScreenContext, trigger: SignatureTrigger): HTMLButtonElement {
  const { title, body } = texts.signature.ways[trigger];
  const button = h(
    'button',
    { type: 'button', class: 'way', part: 'button', 'data-action': `sign-${trigger}` },
    icon(ICONS[trigger], 28),
    h('span', { class: 'way-text' }, h('strong', {}, title), h('span', {}, body)),
  );
  button.addEventListener('click', () => {
    if (button.getAttribute('aria-disabled') !== 'true') enter({ step: 'signature', trigger });
  });
  return button;
}

export const signatureWait: ScreenFactory = (context, first) => {
  const { texts, insist } = context;
  const words = texts.signatureWait;
  const trigger = first.signature?.wait?.trigger ?? 'push';
  const href = safeAppLink(first.signature?.wait?.uri ?? null);
  const title = heading(words.title[trigger]);
  const left = h('span', {});
  const note = h('p', { class: 'alert-line', hidden: true }, icon('warn', 18), h('span', {}, words.notYet));
  const check = actionButton(context, 'check', words.check, href === null ? 'primary' : 'secondary');
  const checkText = check.querySelector('.button-text') ?? check;
  if (href !== null) check.className = 'button button-tonal';
  let expiresAtMs = first.signature?.wait?.expiresAtMs ?? 0;
  // Whether the user asked for the look that is under way: only then is its answer told.
  let asked = false;
  // Before the button's own listener, whose view comes at once.
  check.addEventListener('click', () => (asked = check.getAttribute('aria-disabled') !== 'true'), { capture: true });

  const tick = () => {
    const seconds = secondsUntil(expiresAtMs);
    setText(left, seconds > 0 ? words.expires(timeText(texts, seconds)) : words.expired);
  };
  const stop = everySecond(tick);
  const element = h(
    'section',
    { class: 'page page-message page-signature-wait' },
    h('div', { class: 'page-body' }, signArt(words.illustration), title, h('p', { class: 'lead' }, words.lead[trigger]), h('p', { class: 'countdown' }, icon('clock', 18), left), note, h('div', { class: 'asides' }, actionButton(context, 'change', words.change, 'secondary'))),
    h(
      'div',
      { class: 'page-actions', part: 'actions' },
      href !== null && appLink(href, words.open),
      check,
      actionButton(context, 'cancel', texts.cancel, 'secondary'),
    ),
  );
  return {
    element,
    focus: title,
    update(view) {
      const wait = view.signature?.wait;
      if (!wait) return;
      expiresAtMs = wait.expiresAtMs;
      const looking = wait.looking && asked;
      setAttribute(check, 'aria-disabled', looking ? 'true' : null);
      setText(checkText, looking ? words.looking : words.check);
      if (asked && !wait.looking) {
        asked = false;
        setAttribute(note, 'hidden', false);
        insist(words.notYet);
      }
      tick();
    },
    dispose: stop,
  };
};

/** The link to the app, as it came. A page in the app's place opens beside this one, which goes on waiting. */
function appLink(href: string, text: string): HTMLAnchorElement {
  const isPage = /^https?:/i.test(href);
  return h(
    'a',
    { class: 'button button-primary', part: 'button button-primary', href, 'data-action': 'open-app', rel: 'noreferrer noopener', target: isPage ? '_blank' : null },
    h('span', { class: 'button-text' }, text),
  );
}
