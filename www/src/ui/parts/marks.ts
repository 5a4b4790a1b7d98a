/** What is drawn around the oval for each movement. The user's left is the screen's left, as in a mirror. */
import type { Rect } from '../../view.js';
import { s } from '../dom.js';

/** Half the length of an arc, in radians. */
const SPREAD = 0.9;

/** Chevrons that lead the way, by their places between the oval's middle and its edge. */
const PLACES = [0.52, 0.67, 0.82];

/** How far the ovals for coming closer lie from the guide, in shares of it. */
const RINGS = [1.07, 1.14];

const SIDES = [
  { name: 'left', angle: Math.PI, x: -1, y: 0 },
  { name: 'right', angle: 0, x: 1, y: 0 },
  { name: 'up', angle: -Math.PI / 2, x: 0, y: -1 },
  { name: 'down', angle: Math.PI / 2, x: 0, y: 1 },
] as const;

/** A group for each movement, told apart by `data-side`. */
export function moveMarks(guide: Rect): SVGGElement[] {
  const cx = guide.x + guide.width / 2;
  const cy = guide.y + guide.height / 2;
  const rx = guide.width / 2;
  const ry = guide.height / 2;
  const at = (angle: number) => `${(cx + Math.cos(angle) * rx).toFixed(1)} ${(cy + Math.sin(angle) * ry).toFixed(1)}`;
  const size = Math.max(9, guide.width * 0.05);
  const sides = SIDES.map(({ name, angle, x, y }) => {
    const arc = s('path', { class: 'turn-arc', d: `M${at(angle - SPREAD)}A${rx} ${ry} 0 0 1 ${at(angle + SPREAD)}` });
    const chevrons = PLACES.map((place) => {
      const [px, py] = [cx + x * rx * place, cy + y * ry * place];
      // From one wing over the tip to the other.
      const [tipX, tipY] = [px + x * size * 0.8, py + y * size * 0.8];
      return s('path', { class: 'chevron', d: `M${px - y * size} ${py - x * size}L${tipX} ${tipY}L${px + y * size} ${py + x * size}` });
    });
    return s('g', { 'data-side': name }, arc, ...chevrons);
  });
  const ring = (scale: number) => s('ellipse', { class: 'closer-ring', cx, cy, rx: rx * scale, ry: ry * scale });
  return [...sides, s('g', { 'data-side': 'closer' }, ...RINGS.map(ring))];
}
