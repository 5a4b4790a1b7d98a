/** The pictures of the flow, in the page's own colours. Colours come from the stylesheet by class. */
import { h, s } from '../dom.js';
import type { DocumentFamily } from '../../locales/texts.js';
import type { DocumentSide } from '../../view.js';
import { band, rosette } from './guilloche.js';

const WIDTH = 320;
const HEIGHT = 190;

/** A panel with security print, `label`led for screen readers, or decoration without a label. */
function panel(label: string | null, ...content: Node[]): HTMLElement {
  const svg = s(
    'svg',
    { viewBox: `0 0 ${WIDTH} ${HEIGHT}`, role: label === null ? null : 'img', 'aria-label': label, 'aria-hidden': label === null ? 'true' : null, preserveAspectRatio: 'xMidYMid meet' },
    backdrop(),
    ...content,
  );
  return h('div', { class: 'art', part: 'illustration' }, svg);
}

/** Security print that goes on to both sides, for panels wider than the picture. */
function backdrop(): SVGGElement {
  return s('g', { transform: `translate(${-WIDTH} 0)` }, band(WIDTH * 3, HEIGHT, 16));
}

function corners(x: number, y: number, width: number, height: number, arm: number, radius: number): SVGPathElement {
  return s('path', { class: 'art-frame', d: cornerPath(x, y, width, height, arm, radius) });
}

/** Four rounded corner brackets. */
export function cornerPath(x: number, y: number, width: number, height: number, arm: number, r: number): string {
  const right = x + width;
  const bottom = y + height;
  return [
    `M${x} ${y + arm}V${y + r}Q${x} ${y} ${x + r} ${y}H${x + arm}`,
    `M${right - arm} ${y}H${right - r}Q${right} ${y} ${right} ${y + r}V${y + arm}`,
    `M${right} ${bottom - arm}V${bottom - r}Q${right} ${bottom} ${right - r} ${bottom}H${right - arm}`,
    `M${x + arm} ${bottom}H${x + r}Q${x} ${bottom} ${x} ${bottom - r}V${bottom - arm}`,
  ].join('');
}

function thumb(x: number, y: number, degrees: number): SVGGElement {
  return s(
    'g',
    { transform: `translate(${x} ${y}) rotate(${degrees})` },
    s('path', { class: 'art-hand', d: 'M-17 130c2-50 4-76 4-108C-13 8-8 0 0 0s13 8 13 22c0 32 3 58 6 108Z' }),
    s('path', { class: 'art-nail', d: 'M-7 16c0-7 2-11 7-11s7 4 7 11c0 3-14 3-14 0Z' }),
  );
}

/** The page or side with the portrait. */
function documentPage(x: number, y: number, width: number, height: number, zone: boolean): SVGGElement {
  const left = x + 14;
  const top = y + 15;
  const photoHeight = height * 0.5;
  const photoWidth = photoHeight * 0.78;
  const text = left + photoWidth + 14;
  const lines = [0.86, 0.52, 0.7, 0.4].map((share, index) =>
    s('path', { class: index === 0 ? 'art-text-strong' : 'art-text', d: `M${text} ${top + 5 + index * 15}h${(x + width - 16 - text) * share}` }),
  );
  const zoneLines = zone
    ? [0, 1].map((row) => s('path', { class: 'art-zone', d: `M${left} ${y + height - 25 + row * 11}h${width - 28}` }))
    : [s('path', { class: 'art-text', d: `M${left} ${y + height - 18}h${width * 0.42}` })];
  return s(
    'g',
    {},
    s('rect', { class: 'art-sheet', x, y, width, height, rx: 9 }),
    s('g', { class: 'art-seal' }, rosette(x + width - 40, y + height * 0.45, 24, 9, 5)),
    s('rect', { class: 'art-photo', x: left, y: top, width: photoWidth, height: photoHeight, rx: 5 }),
    s('circle', { class: 'art-person', cx: left + photoWidth / 2, cy: top + photoHeight * 0.38, r: photoHeight * 0.175 }),
    s('path', {
      class: 'art-person',
      d: `M${left + 4} ${top + photoHeight}c1-${photoHeight * 0.4} ${photoWidth - 9}-${photoHeight * 0.4} ${photoWidth - 8} 0Z`,
    }),
    ...lines,
    ...zoneLines,
  );
}

/** The side of a card without the portrait: a code, some text, and a zone. */
function cardBack(x: number, y: number, width: number, height: number): SVGGElement {
  const left = x + 14;
  const room = width - 28;
  const bars = [0, 1, 2].map((row) => s('path', { class: 'art-code', d: `M${left} ${y + 18 + row * 7}h${room * 0.56}`, 'stroke-dashoffset': row * 4.3 }));
  const lines = [0.7, 0.44].map((share, index) => s('path', { class: 'art-text', d: `M${left} ${y + 47 + index * 12}h${room * share}` }));
  const zone = [0, 1, 2].map((row) => s('path', { class: 'art-zone', d: `M${left} ${y + height - 31 + row * 9}h${room}` }));
  return s('g', {}, s('rect', { class: 'art-sheet', x, y, width, height, rx: 9 }), s('g', { class: 'art-seal' }, rosette(x + width - 34, y + 32, 20, 9, 5)), ...bars, ...lines, ...zone);
}

/** Size of a drawn card; its proportions are near those of ISO/IEC 7810 ID-1. */
const CARD = { width: 170, height: 107 };

/** Width over height of a drawn card. */
export const CARD_ASPECT = CARD.width / CARD.height;

function cardSide(side: DocumentSide, x: number, y: number): SVGGElement {
  return side === 'front' ? documentPage(x, y, CARD.width, CARD.height, false) : cardBack(x, y, CARD.width, CARD.height);
}

/** One side of a card on its own, as decoration. */
export function cardFace(side: DocumentSide): SVGSVGElement {
  return s('svg', { class: 'card-face', viewBox: `-1 -1 ${CARD.width + 2} ${CARD.height + 2}`, 'aria-hidden': 'true', focusable: 'false' }, cardSide(side, 0, 0));
}

/** Both sides of a card, in their order. */
export function twoSidesArt(label: string): HTMLElement {
  const scale = 0.8;
  const at = (side: DocumentSide, number: number, x: number, y: number) =>
    s(
      'g',
      { transform: `translate(${x} ${y}) scale(${scale})` },
      cardSide(side, 0, 0),
      s('circle', { class: 'art-badge', cx: 0, cy: 0, r: 15 }),
      s('text', { class: 'art-number', x: 0, y: 6, 'text-anchor': 'middle' }, String(number)),
    );
  return panel(
    label,
    at('front', 1, 20, 34),
    at('back', 2, 164, 78),
    s('path', { class: 'art-arrow', d: 'M172 48C200 34 232 38 246 60M249 45l-3 16-15-5' }),
  );
}

/** How to hold the document. */
export function documentArt(family: DocumentFamily, label: string): HTMLElement {
  const passport = family !== 'card';
  const width = passport ? 166 : 170;
  const height = passport ? 117 : 107;
  const x = (WIDTH - width) / 2;
  const y = passport ? 26 : 38;
  const frame = corners(x - 11, y - 11, width + 22, height + 22, 24, 13);
  const page = documentPage(x, y, width, height, true);
  if (!passport) return panel(label, thumb(x - 2, y + 66, 62), thumb(x + width + 2, y + 66, -62), page, frame);
  const behind = s('rect', { class: 'art-sheet-behind', x, y: y + height - 4, width, height: 70, rx: 9 });
  return panel(label, behind, thumb(x + 6, y + height + 24, 40), thumb(x + width - 6, y + height + 24, -40), page, frame);
}

/** How to look at the camera. */
export function faceArt(label: string): HTMLElement {
  const cx = WIDTH / 2;
  return panel(
    label,
    s('ellipse', { class: 'art-sheet', cx, cy: 95, rx: 57, ry: 76 }),
    s('path', { class: 'art-person', d: `M${cx - 45} 139c9-22 27-27 45-27s36 5 45 27c-12 18-28 29-45 29s-33-11-45-29Z` }),
    s('path', { class: 'art-head', d: `M${cx} 46c17 0 27 13 27 32 0 22-12 40-27 40s-27-18-27-40c0-19 10-32 27-32Z` }),
    s('path', { class: 'art-line', d: `M${cx - 10} 78v4M${cx + 10} 78v4M${cx} 82v10M${cx - 8} 101c5 4 11 4 16 0` }),
    s('ellipse', { class: 'art-frame', cx, cy: 95, rx: 57, ry: 76 }),
    s('path', { class: 'art-arrow', d: `M${cx - 76} 70c-9 14-9 30 0 44M${cx - 92} 84l-11 8 11 8M${cx - 103} 92h20` }),
    s('path', { class: 'art-arrow', d: `M${cx + 76} 70c9 14 9 30 0 44M${cx + 92} 84l11 8-11 8M${cx + 103} 92h-20` }),
  );
}

/** Which sign the seal carries. */
export type SealSign = 'wait' | 'sent' | 'again' | 'stop' | 'camera' | 'network' | 'lock' | 'end';

const SIGNS: Readonly<Record<SealSign, string>> = {
  wait: 'M-17-13h34v26h-34ZM-11 7c0-7 11-7 11 0M-5.5-1a3 3 0 1 0 0-6 3 3 0 0 0 0 6ZM5-5h7M5 2h7',
  sent: 'M-17-11h34v24h-34ZM-17-11l17 13 17-13',
  again: 'M15-4A16 16 0 1 0 15 7M15-15V-4H4',
  stop: 'M0-15v17M0 12v.1',
  camera: 'M-16-9h7l3-5h12l3 5h7v22h-32ZM0 8a6 6 0 1 0 0-12 6 6 0 0 0 0 12ZM-19-17 19 19',
  network: 'M-18-5a26 26 0 0 1 36 0M-11 3a16 16 0 0 1 22 0M0 12v.1M-17-17 17 17',
  lock: 'M-12-2h24v17h-24ZM-7-2v-6a7 7 0 0 1 14 0v6M0 5v4',
  end: 'M-11-11 11 11M11-11-11 11',
};

/** A rosette with a sign in its middle, for screens that tell what happened. */
export function sealArt(sign: SealSign): HTMLElement {
  const cx = WIDTH / 2;
  const cy = HEIGHT / 2;
  return panel(
    null,
    s('g', { class: sign === 'wait' ? 'art-rosette art-turning' : 'art-rosette' }, rosette(cx, cy, 74, 16, 7)),
    s('circle', { class: 'art-seal-field', cx, cy, r: 41 }),
    s('g', { class: 'art-seal-rim' }, s('circle', { cx, cy, r: 41 }), s('circle', { cx, cy, r: 36.5 })),
    s('path', { class: 'art-sign', d: SIGNS[sign], transform: `translate(${cx} ${cy})` }),
  );
}

/** The front of a card with the place of its security code marked below the portrait. */
export function secretArt(label: string): HTMLElement {
  const [x, y] = [75, 41];
  return panel(
    label,
    cardSide('front', x, y),
    s('rect', { class: 'art-mark', x: x + 8, y: y + CARD.height - 31, width: 62, height: 24, rx: 6 }),
    s('path', { class: 'art-arrow', d: `M${x - 34} ${y + CARD.height + 16}c10 6 26 0 36-16m-13 4 13-4 3 13` }),
  );
}

/** A phone that shows a document, and a signature on it. */
export function signArt(label: string): HTMLElement {
  const [x, y, width, height] = [118, 18, 84, 154];
  const lines = [0.8, 0.62, 0.74, 0.4].map((share, index) => s('path', { class: index === 0 ? 'art-text-strong' : 'art-text', d: `M${x + 18} ${y + 34 + index * 13}h${48 * share}` }));
  return panel(
    label,
    s('rect', { class: 'art-sheet', x, y, width, height, rx: 14 }),
    s('path', { class: 'art-line', d: `M${x + 34} ${y + 11}h16` }),
    ...lines,
    s('path', { class: 'art-text', d: `M${x + 18} ${y + 118}h48` }),
    s('path', { class: 'art-line', d: `M${x + 21} ${y + 110}c6-20 12-20 11-6-1 9 5 9 10-2 3-7 8-5 7 2 0 4 5 4 12-3` }),
    s('circle', { class: 'art-badge', cx: x + width - 2, cy: y + 132, r: 17 }),
    s('path', { class: 'art-tick', d: `M${x + width - 9} ${y + 132}l5 5.5 10-11` }),
  );
}
