/**
 * A card that turns over, drawn over the guide for a moment when the back is asked for.
 *
 * Rule: it is only drawn. Frames go on being read below it, and it takes neither focus nor touches.
 */
import type { Rect } from '../../view.js';
import { h, s, setAttribute } from '../dom.js';
import { CARD_ASPECT, cardFace } from './illustrations.js';

/** Time it shows, in ms: long enough to be understood, over before most people have turned their card. */
export const TURN_OVER_MS = 2500;

/** Largest share of the guide's width and height that the card takes. */
const CARD_WIDTH_RATIO = 0.62;
const CARD_HEIGHT_RATIO = 0.58;

export class TurnOver {
  readonly element: HTMLElement;
  #timer: ReturnType<typeof setTimeout> | null = null;

  constructor(caption: string) {
    const arrow = s('svg', { class: 'flip-arrow', viewBox: '0 0 32 24', width: 32, height: 24 }, s('path', { d: 'M3 12h24M19 4l8 8-8 8' }));
    const card = h('div', { class: 'flip-card' }, h('div', { class: 'flip-face' }, cardFace('front')), arrow, h('div', { class: 'flip-face flip-back' }, cardFace('back')));
    this.element = h('div', { class: 'flip', 'aria-hidden': 'true', hidden: true }, card, h('p', { class: 'flip-caption' }, caption));
    this.element.style.setProperty('--_flip', `${TURN_OVER_MS}ms`);
  }

  /** Plays it from its beginning. */
  show(): void {
    this.hide();
    setAttribute(this.element, 'hidden', null);
    this.#timer = setTimeout(() => this.hide(), TURN_OVER_MS);
  }

  hide(): void {
    if (this.#timer !== null) clearTimeout(this.#timer);
    this.#timer = null;
    setAttribute(this.element, 'hidden', true);
  }

  /** Lays it over the guide, given in px of the screen's element. */
  place({ x, y, width, height }: Rect): void {
    const card = Math.min(width * CARD_WIDTH_RATIO, height * CARD_HEIGHT_RATIO * CARD_ASPECT);
    Object.assign(this.element.style, { left: `${x}px`, top: `${y}px`, width: `${width}px`, height: `${height}px` });
    this.element.style.setProperty('--_card', `${card}px`);
  }
}
