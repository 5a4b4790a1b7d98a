/** `loading` and `document_file`: something is on its way, and takes a moment. */
import type { Texts } from '../../locales/index.js';
import { h } from '../dom.js';
import { actionButton, heading } from '../parts/controls.js';
import { sealArt } from '../parts/illustrations.js';
import type { Screen, ScreenFactory } from '../screen.js';

/** The session is being opened. */
export const loading: ScreenFactory = ({ texts }) => waiting(texts.loading);

/** A file is being read. */
export const documentFile: ScreenFactory = (context) => waiting(context.texts.documentFile, actionButton(context, 'cancel', context.texts.cancel, 'secondary'));

function waiting(words: Texts['loading'], button?: HTMLElement): Screen {
  const title = heading(words.title);
  const element = h(
    'section',
    { class: 'page page-message', 'aria-busy': 'true' },
    h('div', { class: 'page-body' }, sealArt('wait'), title, h('p', { class: 'lead' }, words.body)),
    button && h('div', { class: 'page-actions', part: 'actions' }, button),
  );
  return { element, focus: title, update() {} };
}
