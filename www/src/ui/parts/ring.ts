/** A small ring that fills, for the progress of an automatic capture. */
import { h, s, setAttribute } from '../dom.js';

/** The ring and its setter, 0 to 1. */
export function progressRing(label: string): { element: HTMLElement; update: (ratio: number) => void } {
  const value = s('circle', { class: 'ring-value', cx: 14, cy: 14, r: 11.5, pathLength: 100, 'stroke-dasharray': '0 100' });
  const element = h(
    'span',
    { class: 'ring', role: 'progressbar', 'aria-label': label, 'aria-valuemin': 0, 'aria-valuemax': 100, 'aria-valuenow': 0 },
    s('svg', { viewBox: '0 0 28 28', 'aria-hidden': 'true', focusable: 'false' }, s('circle', { class: 'ring-track', cx: 14, cy: 14, r: 11.5 }), value),
  );
  const update = (ratio: number) => {
    const percent = Math.min(1, Math.max(0, ratio)) * 100;
    setAttribute(value, 'stroke-dasharray', `${percent.toFixed(1)} 100`);
    // In steps of ten: a screen reader may speak each change.
    setAttribute(element, 'aria-valuenow', Math.round(percent / 10) * 10);
  };
  return { element, update };
}
