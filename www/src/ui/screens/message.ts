/** `face_timeout`, `try_again`, `submitting` and `done`: what happened, and what to do. */
import { safeReturnUrl } from '../../address.js';
import type { Advice, TipName } from '../../locales/texts.js';
import { h, setAttribute, setText } from '../dom.js';
import { actionButton, bar, heading, tipList } from '../parts/controls.js';
import { sealArt } from '../parts/illustrations.js';
import type { Screen, ScreenContext, ScreenFactory } from '../screen.js';
import { reasonAdvice, takesPictures } from '../screen.js';

/** Tips that fit a reason for repeating. */
const TIPS_BY_REASON: Readonly<Record<string, readonly TipName[]>> = {
  document_not_found: ['page', 'flat', 'light'],
  document_mismatch: ['flat', 'light', 'fingers'],
  document_unreadable: ['flat', 'light', 'fingers'],
  portrait_not_found: ['light', 'fingers'],
  face_not_found: ['bare', 'front_light', 'alone'],
  liveness_failed: ['front_light', 'alone'],
  face_mismatch: ['bare', 'front_light'],
};

export const faceTimeout: ScreenFactory = (context) => pause(context, context.texts.faceTimeout, ['bare', 'front_light', 'alone']);

export const tryAgain: ScreenFactory = (context, view) => {
  const reason = view.retry?.reason ?? 'evidence_invalid';
  const left = view.retry?.attemptsLeft ?? Math.max(0, view.maxAttempts - view.attempt + 1);
  const attempts = h('p', { class: 'attempts', part: 'attempts' }, context.texts.attemptsLeft(left));
  return pause(context, reasonAdvice(context.texts, reason), TIPS_BY_REASON[reason] ?? [], attempts);
};

/** A screen that asks whether to go on. */
function pause(context: ScreenContext, advice: Advice, tips: readonly TipName[], extra?: HTMLElement): Screen {
  const { texts } = context;
  const title = heading(advice.title);
  const element = h(
    'section',
    { class: 'page page-message' },
    h('div', { class: 'page-body' }, sealArt('again'), extra, title, h('p', { class: 'lead' }, advice.remedy), tips.length > 0 && tipList(texts, tips)),
    h('div', { class: 'page-actions', part: 'actions' }, actionButton(context, 'retry', texts.tryAgain, 'primary'), actionButton(context, 'cancel', texts.leave, 'secondary')),
  );
  return { element, focus: title, update() {} };
}

/** Pictures, or the message that the user stopped, are on their way. */
export const submitting: ScreenFactory = (context, first) => {
  const { texts, announce } = context;
  const ending = first.cancelled;
  const pictures = takesPictures(first);
  const words = pictures ? texts.submitting : { ...texts.submitting, ...texts.submitting.withoutPictures };
  const title = heading(words.title);
  const body = h('p', { class: 'lead' });
  const progress = bar(words.progress);
  const element = h('section', { class: 'page page-message', 'aria-busy': 'true' }, h('div', { class: 'page-body' }, sealArt(ending ? 'end' : 'sent'), title, body, !ending && pictures && progress.element));
  return {
    element,
    focus: title,
    update(view) {
      const waiting = !view.online && !ending;
      setText(title, ending ? words.endingTitle : waiting ? words.offlineTitle : words.title);
      setText(body, ending ? words.endingBody : waiting ? words.offlineBody : words.body);
      setAttribute(progress.element, 'data-paused', waiting);
      if (waiting) announce(words.offlineTitle);
      progress.update(view.progress);
    },
  };
};

/** The end of the page's part. It tells no result: only the service knows it. */
export const done: ScreenFactory = (context, view) => {
  const { texts } = context;
  const words = texts.done;
  const { cancelled } = view;
  const title = heading(cancelled ? words.cancelledTitle : takesPictures(view) ? words.title : words.titleWithoutPictures);
  const href = safeReturnUrl(view.returnUrl);
  const body = cancelled ? words.cancelledBody : words.body;
  const link = href === null ? null : h('a', { class: 'button button-primary', part: 'button button-primary', href, 'data-action': 'leave', rel: 'noreferrer' }, h('span', { class: 'button-text' }, words.goOn));
  link?.addEventListener('click', () => context.act('leave'));
  const element = h(
    'section',
    { class: 'page page-message' },
    h('div', { class: 'page-body' }, sealArt(cancelled ? 'end' : 'sent'), title, h('p', { class: 'lead' }, href === null ? words.noReturn : body)),
    h('div', { class: 'page-actions', part: 'actions' }, link),
  );
  return { element, focus: title, update() {} };
};
