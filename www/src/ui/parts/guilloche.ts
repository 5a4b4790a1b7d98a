/** The fine interlaced lines of security print: the mark of this flow. Drawn, not downloaded. */
import { s } from '../dom.js';

/** Points per line; more are not seen at these sizes. */
const BAND_POINTS = 72;
const ROSETTE_POINTS = 220;

/** A path along points. */
function pathOf(count: number, at: (t: number) => readonly [number, number], closed: boolean): string {
  const points = Array.from({ length: count + 1 }, (_, index) => at(index / count));
  const text = points.map(([x, y], index) => `${index === 0 ? 'M' : 'L'}${x.toFixed(1)} ${y.toFixed(1)}`).join('');
  return closed ? `${text}Z` : text;
}

/** Interlaced waves across a box. */
export function band(width: number, height: number, lines = 14): SVGGElement {
  const middle = height / 2;
  const paths = Array.from({ length: lines }, (_, line) => {
    const phase = (line / lines) * Math.PI * 2;
    const reach = height * 0.42;
    const d = pathOf(
      BAND_POINTS,
      (t) => {
        const swell = 0.45 + 0.55 * Math.sin(Math.PI * t * 1.6 + 0.5) ** 2;
        const wave = Math.sin(t * Math.PI * 3.2 + phase) * 0.72 + Math.sin(t * Math.PI * 7.4 - phase) * 0.28;
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
