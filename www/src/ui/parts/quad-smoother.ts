/** Makes an outline that arrives some ten times a second glide. Pure. */
import type { Point } from '../../view.js';

/** Time in which the outline covers about two thirds of its way, in ms: near the gap between two answers of the engine. */
const FOLLOW_MS = 80;

/** Way of a corner, as a share of the frame's diagonal, beyond which it is another object: no gliding across the picture. */
const JUMP_RATIO = 0.2;

/** Follows a target. */
export class QuadSmoother {
  #shown: Point[] | null = null;

  /** The outline to show `elapsed_ms` after the last one. `diagonal_px` is the frame's. */
  next(target: readonly Point[] | null, elapsed_ms: number, diagonal_px: number): Point[] | null {
    const shown = this.#shown;
    if (!target) return (this.#shown = null);
    const far = shown?.some(([x, y], index) => {
      const [tx, ty] = target[index] ?? [x, y];
      return Math.hypot(tx - x, ty - y) > JUMP_RATIO * diagonal_px;
    });
    if (!shown || far || shown.length !== target.length) return (this.#shown = target.map(([x, y]) => [x, y]));
    const share = 1 - Math.exp(-Math.max(0, elapsed_ms) / FOLLOW_MS);
    this.#shown = target.map(([tx, ty], index) => {
      const [x, y] = shown[index] ?? [tx, ty];
      return [x + (tx - x) * share, y + (ty - y) * share];
    });
    return this.#shown;
  }
}
