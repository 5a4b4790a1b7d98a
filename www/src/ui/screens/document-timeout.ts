/** `document_timeout`: a side was not captured in time, or a file for it was not taken. */
import type { Advice } from '../../locales/texts.js';
import type { View } from '../../view.js';
import { h } from '../dom.js';
import { actionButton, filePicker, heading, tipList } from '../parts/controls.js';
import { icon } from '../parts/icons.js';
import { sealArt } from '../parts/illustrations.js';
import type { ScreenFactory } from '../screen.js';
import { fileAdvice } from '../screen.js';

export const documentTimeout: ScreenFactory = (context, view) => {
  const { texts } = context;
  const words = texts.documentTimeout;
  const problem = fileAdvice(texts, view);
  const side = words[view.side ?? 'front'];
  const title = heading(problem ? words.fileTitle : side.title);
  const body = problem ? [title, alertOf(problem)] : [title, h('p', { class: 'lead' }, side.remedy), tipList(texts, ['page', 'flat', 'light'])];
  const element = h(
    'section',
    { class: problem ? 'page page-message page-problem' : 'page page-message' },
    h('div', { class: 'page-body' }, sealArt('again'), ...body),
    h(
      'div',
      { class: 'page-actions', part: 'actions' },
      actionButton(context, 'retry', view.upload ? texts.openCamera : texts.tryAgain, 'primary'),
      view.upload && filePicker(context, words.upload, 'tonal'),
      actionButton(context, 'cancel', texts.leave, 'secondary'),
    ),
  );
  return { element, focus: title, update() {} };
};

/** Whether the screen for this view has to be made anew: another file was not taken, or other ways are open. */
export function sameTimeout(before: View, after: View): boolean {
  return before.fileProblem === after.fileProblem && before.upload === after.upload && before.side === after.side;
}

function alertOf({ title, remedy }: Advice): HTMLElement {
  return h('div', { class: 'alert', part: 'alert', role: 'alert' }, icon('warn'), h('div', {}, h('p', { class: 'alert-title' }, title), h('p', {}, remedy)));
}
