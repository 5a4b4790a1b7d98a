/** The fine interlaced lines of security print: the mark of this flow. Drawn, not downloaded. */
import { s } from '../dom.js';

/** Length of a line's pieces, and pieces of a rosette's line: finer ones are not seen at these sizes. */
const BAND_STEP = 4.5;
const ROSETTE_POINTS = 220;

/** A path along points. */
function pathOf(count: number, at: (t: number) => readonly [number, number], closed: boolean): string {
  const points = Array.from({ length: count + 1 }, (_, index) => at(index / count));
  const text = points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
  return closed ? `${text}Z` : text;
}

/** Interlaced waves across a box. Their form depends on the box's height alone. */
export function band(width: number, height: number, lines = 14): SVGGElement {
  const middle = height / 2;
  const paths = Array.from({ length: lines }, (_, line) => {
    const phase = (line / lines) * Math.PI * 2;
    const reach = height * 0.42;
    const d = pathOf(
      Math.round(width / BAND_STEP),
      (t) => {
        const u = (t - 0.5) * (width / height);
        const swell = 0.4 + 0.6 * Math.cos(u * 1.35) ** 2;
        const wave = Math.sin(u * 5.4 + phase) * 0.72 + Math.sin(u * 12.6 - phase) * 0.28;
        return [t * width, middle + wave * reach * swell];
      },
      false,
    );
    return s('path', { d });
  });
  return s('g', { class: 'guilloche' }, ...paths);
}

/** A rosette of interlaced petals around a centre. */
export function rosette(cx: number, cy: number, radius: number, petals = 12, layers = 6): SVGGElement {
  const paths = Array.from({ length: layers }, (_, layer) => {
    const phase = (layer / layers) * Math.PI * 2;
    const d = pathOf(
      ROSETTE_POINTS,
      (t) => {
        const angle = t * Math.PI * 2;
        const r = radius * (0.78 + 0.22 * Math.sin(petals * angle + phase));
        return [cx + Math.cos(angle) * r, cy + Math.sin(angle) * r];
      },
      true,
    );
    return s('path', { d });
  });
  return s('g', { class: 'guilloche' }, ...paths);
}
