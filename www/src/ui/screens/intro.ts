/** `document_intro` and `face_intro`: what comes, and how to do it well. The engine loads meanwhile. */
import type { TipName } from '../../locales/texts.js';
import { h } from '../dom.js';
import { actionButton, heading, showReadiness, tipList } from '../parts/controls.js';
import { documentArt, faceArt, twoSidesArt } from '../parts/illustrations.js';
import { Ways } from '../parts/ways.js';
import type { Screen, ScreenContext, ScreenFactory } from '../screen.js';
import { familyOf, twoSidedFamilyOf } from '../screen.js';

const DOCUMENT_TIPS: readonly TipName[] = ['page', 'flat', 'light', 'fingers'];
const TWO_SIDED_TIPS: readonly TipName[] = ['sides', 'page', 'light', 'fingers'];
const FACE_TIPS: readonly TipName[] = ['bare', 'front_light', 'alone'];

export const documentIntro: ScreenFactory = (context, view) => {
  const { documentIntro: words } = context.texts;
  const family = familyOf(view.documentKinds);
  const twoSided = twoSidedFamilyOf(view);
  if (twoSided) return intro(context, twoSidesArt(words.twoSidedIllustration), words.title[family], words.twoSidedLead[twoSided], TWO_SIDED_TIPS);
  return intro(context, documentArt(family, words.illustration), words.title[family], words.lead[family], DOCUMENT_TIPS);
};

export const faceIntro: ScreenFactory = (context, view) => {
  const { faceIntro: words } = context.texts;
  const { challenge } = view;
  const ways = challenge && challenge.sets.length > 1 ? new Ways(context, challenge) : null;
  return intro(context, faceArt(words.illustration), words.title, words.lead, FACE_TIPS, ways);
};

function intro(context: ScreenContext, art: HTMLElement, title: string, lead: string, tips: readonly TipName[], ways: Ways | null = null): Screen {
  const { texts } = context;
  const top = heading(title);
  const begin = actionButton(context, 'begin', texts.openCamera, 'primary');
  const element = h(
    'section',
    { class: 'page page-intro' },
    h('div', { class: 'page-body' }, art, top, h('p', { class: 'lead' }, lead), tipList(texts, tips), ways?.element),
    h('div', { class: 'page-actions', part: 'actions' }, begin, actionButton(context, 'cancel', texts.cancel, 'secondary')),
  );
  return {
    element,
    focus: top,
    update(view) {
      showReadiness(begin, texts, view);
      if (view.challenge) ways?.update(view.challenge.set);
    },
  };
}
