/** Line icons on a 24 px grid. They are decoration: the text beside them says the same. */
import { s } from '../dom.js';

const PATHS = {
  document: 'M5 3.75h14A1.25 1.25 0 0 1 20.25 5v14A1.25 1.25 0 0 1 19 20.25H5A1.25 1.25 0 0 1 3.75 19V5A1.25 1.25 0 0 1 5 3.75ZM7.5 13.5a2.5 2.5 0 0 1 5 0M10 10a1.35 1.35 0 1 0 0-2.7 1.35 1.35 0 0 0 0 2.7ZM15 8.5h2M15 11.5h2M7.5 17h9',
  face: 'M12 20.25c-3.6 0-6-3.4-6-8 0-5 2.5-8.5 6-8.5s6 3.5 6 8.5c0 4.6-2.4 8-6 8ZM9.6 10.6v.9M14.4 10.6v.9M9.8 15.4c1.3 1 3.1 1 4.4 0',
  choice: 'M12 3.5 5 6v5.6c0 4.2 2.9 7.4 7 8.9 4.1-1.5 7-4.7 7-8.9V6l-7-2.5ZM9.2 12.1l2 2 3.7-4',
  recipient: 'M4.5 20.25h15M6 20V9.5M18 20V9.5M10 20v-7.5M14 20v-7.5M12 3.75 4.5 8v1.5h15V8L12 3.75Z',
  clock: 'M12 20.25a8.25 8.25 0 1 0 0-16.5 8.25 8.25 0 0 0 0 16.5ZM12 7.5V12l3 2',
  page: 'M4 8.5V5.5A1.5 1.5 0 0 1 5.5 4h3M15.5 4h3A1.5 1.5 0 0 1 20 5.5v3M20 15.5v3a1.5 1.5 0 0 1-1.5 1.5h-3M8.5 20h-3A1.5 1.5 0 0 1 4 18.5v-3M8 9h8v6H8Z',
  flat: 'M3.5 16.5h17M5.5 20h13M6 13l2.2-6.5h7.6L18 13Z',
  light: 'M12 16.2a4.2 4.2 0 1 0 0-8.4 4.2 4.2 0 0 0 0 8.4ZM12 2.8v2M12 19.2v2M2.8 12h2M19.2 12h2M5.5 5.5l1.4 1.4M17.1 17.1l1.4 1.4M18.5 5.5l-1.4 1.4M6.9 17.1l-1.4 1.4',
  fingers: 'M8 12.5V6.2a1.45 1.45 0 0 1 2.9 0v5M10.9 11V4.9a1.45 1.45 0 0 1 2.9 0V11M13.8 11V6.2a1.45 1.45 0 0 1 2.9 0v7.3c0 4-2.3 6.75-5.6 6.75-2.4 0-3.7-1-4.9-3l-2-3.4c-.9-1.7 1.1-2.9 2.3-1.5L8 14',
  bare: 'M3 10.5h2.5M18.5 10.5H21M10.5 11.2c1-.7 2-.7 3 0M8 14a2.75 2.75 0 1 0 0-5.5A2.75 2.75 0 0 0 8 14ZM16 14a2.75 2.75 0 1 0 0-5.5A2.75 2.75 0 0 0 16 14Z',
  front_light: 'M9.5 18.5h5M10.25 21h3.5M12 3.5a6 6 0 0 0-3.7 10.7c.8.65 1.2 1.3 1.2 2.3h5c0-1 .4-1.65 1.2-2.3A6 6 0 0 0 12 3.5Z',
  alone: 'M12 11.25a3.75 3.75 0 1 0 0-7.5 3.75 3.75 0 0 0 0 7.5ZM4.75 20.25c.6-3.7 3.5-5.75 7.25-5.75s6.65 2.05 7.25 5.75',
  close: 'M6.5 6.5l11 11M17.5 6.5l-11 11',
  offline: 'M3.5 3.5l17 17M12 19h.01M8.6 15.6a4.9 4.9 0 0 1 5-1.15M5.6 12.3a9.3 9.3 0 0 1 3.3-2.05M12.7 9.3a9.3 9.3 0 0 1 5.7 3M2.8 9a13.5 13.5 0 0 1 3.3-2.2M10 5.3A13.6 13.6 0 0 1 21.2 9',
} as const;

export type IconName = keyof typeof PATHS;

/** The icon, hidden from screen readers. */
export function icon(name: IconName, size_px = 24): SVGSVGElement {
  return s(
    'svg',
    { class: 'icon', viewBox: '0 0 24 24', width: size_px, height: size_px, 'aria-hidden': 'true', focusable: 'false' },
    s('path', { d: PATHS[name], fill: 'none', stroke: 'currentColor', 'stroke-width': 1.6, 'stroke-linecap': 'round', 'stroke-linejoin': 'round' }),
  );
}
