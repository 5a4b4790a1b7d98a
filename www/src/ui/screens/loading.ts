/** `loading`: the session is being opened. */
import { h } from '../dom.js';
import { heading } from '../parts/controls.js';
import { sealArt } from '../parts/illustrations.js';
import type { ScreenFactory } from '../screen.js';

export const loading: ScreenFactory = ({ texts }) => {
  const title = heading(texts.loading.title);
  const element = h('section', { class: 'page page-message', 'aria-busy': 'true' }, h('div', { class: 'page-body' }, sealArt('wait'), title, h('p', { class: 'lead' }, texts.loading.body)));
  return { element, focus: title, update() {} };
};
