/**
 * The camera's picture with everything drawn over it. One video element for the whole flow.
 *
 * In: views of a camera screen. Out: video, dimmed surroundings, guide, outline, marks of a movement.
 * Rule: what lies over the video is mapped by `geometry.ts`; directions are the user's own, also in right-to-left texts.
 */
import type { Rect, Size, View } from '../../view.js';
import { h, s, setAttribute } from '../dom.js';
import type { Insets } from '../geometry.js';
import { documentGuide, faceGuide, fitVideoBox, mapFrame, mapPoint } from '../geometry.js';
import { isAction, moveOf } from '../move.js';
import { cornerPath } from './illustrations.js';
import { moveMarks } from './marks.js';
import { QuadSmoother } from './quad-smoother.js';

/** Which guide lies over the picture. */
export type StageMode = 'document' | 'face';

/** Radius of the document guide's corners in CSS px. */
const CORNER_RADIUS_PX = 14;

/** Size of frames until the first answer tells it: the common camera stream. */
const ASSUMED_FRAME: Size = { width: 1280, height: 720 };

export class CameraStage {
  readonly element: HTMLElement;
  readonly video: HTMLVideoElement;
  readonly #svg = s('svg', { class: 'overlay', 'aria-hidden': 'true', focusable: 'false' });
  readonly #scrim = s('path', { class: 'scrim', 'fill-rule': 'evenodd' });
  readonly #guide = s('path', { class: 'guide' });
  readonly #ring = s('path', { class: 'guide-ring', pathLength: 100 });
  readonly #quad = s('polygon', { class: 'quad' });
  readonly #turn = s('g', { class: 'turn' });
  readonly #smoother = new QuadSmoother();
  readonly #observer: ResizeObserver;
  readonly #calm = matchMedia('(prefers-reduced-motion: reduce)');
  #mode: StageMode | null = null;
  #view: View | null = null;
  #covers: { top: HTMLElement; bottom: HTMLElement } | null = null;
  #onGuide: ((guide: Rect) => void) | null = null;
  #box: Rect = { x: 0, y: 0, width: 0, height: 0 };
  #shape = '';
  #painting = 0;
  #painted_ms = 0;

  constructor() {
    this.video = h('video', { part: 'video', playsinline: true, autoplay: true, muted: true, 'aria-hidden': 'true', tabindex: -1, disablepictureinpicture: true });
    // The attribute alone does not mute a video made by script.
    this.video.muted = true;
    this.#svg.append(this.#scrim, this.#quad, this.#guide, this.#ring, this.#turn);
    this.element = h('div', { class: 'stage', part: 'stage' }, this.video, this.#svg);
    this.#observer = new ResizeObserver(() => this.#layout());
    this.video.addEventListener('resize', () => this.#layout());
  }

  /** Shows the camera under a screen's controls. `onGuide` is told where the guide lies, in px of the stage. */
  open(mode: StageMode, covers: { top: HTMLElement; bottom: HTMLElement }, onGuide: (guide: Rect) => void): void {
    this.#mode = mode;
    this.#covers = covers;
    this.#onGuide = onGuide;
    this.#shape = '';
    setAttribute(this.element, 'data-mode', mode);
    for (const element of [this.element, covers.top, covers.bottom]) this.#observer.observe(element);
    if (mode === 'document') this.#paint();
  }

  /** Hides it. */
  close(): void {
    this.#observer.disconnect();
    cancelAnimationFrame(this.#painting);
    this.#mode = null;
    this.#view = null;
    this.#smoother.next(null, 0, 1);
    setAttribute(this.element, 'data-mode', null);
    setAttribute(this.#quad, 'points', '');
  }

  update(view: View): void {
    this.#view = view;
    setAttribute(this.element, 'data-mirrored', view.mirrored);
    setAttribute(this.element, 'data-good', isGood(view));
    setAttribute(this.#turn, 'data-turn', moveOf(view));
    const ratio = Math.min(1, Math.max(0, view.progress)) * 100;
    setAttribute(this.#ring, 'stroke-dasharray', `${ratio.toFixed(1)} 100`);
    // Measuring costs a layout of the page: only when what it depends on has changed.
    const shape = JSON.stringify([view.frame, view.documentKinds, view.side]);
    if (shape !== this.#shape) this.#layout();
    this.#shape = shape;
  }

  #frame(): Size {
    const { videoWidth: width, videoHeight: height } = this.video;
    return this.#view?.frame ?? (width > 0 && height > 0 ? { width, height } : ASSUMED_FRAME);
  }

  #layout(): void {
    const covers = this.#covers;
    if (!this.#mode || !covers) return;
    const stage = { width: this.element.clientWidth, height: this.element.clientHeight };
    if (stage.width < 1 || stage.height < 1) return;
    const frame = this.#frame();
    const bounds = this.element.getBoundingClientRect();
    const bottom = covers.bottom.getBoundingClientRect();
    const insets: Insets = {
      top: covers.top.getBoundingClientRect().bottom - bounds.top,
      // On a phone that lies on its side the controls stand beside the guide.
      bottom: bottom.width > stage.width / 2 ? bounds.bottom - bottom.top : 0,
    };
    // A passport has no back.
    const kinds = (this.#view?.documentKinds ?? []).filter((kind) => this.#view?.side !== 'back' || kind !== 'id3');
    const box = (this.#box = fitVideoBox(stage, frame));
    Object.assign(this.video.style, { left: `${box.x}px`, top: `${box.y}px`, width: `${box.width}px`, height: `${box.height}px` });
    setAttribute(this.#svg, 'viewBox', `0 0 ${stage.width} ${stage.height}`);
    const face = this.#mode === 'face';
    const guide = face ? faceGuide(stage, box, insets) : documentGuide(stage, box, insets, kinds);
    const hole = face ? ovalPath(guide) : roundedPath(guide, CORNER_RADIUS_PX);
    setAttribute(this.#scrim, 'd', `M0 0H${stage.width}V${stage.height}H0Z${hole}`);
    const arm = Math.min(guide.width, guide.height) * 0.2;
    setAttribute(this.#guide, 'd', face ? hole : cornerPath(guide.x, guide.y, guide.width, guide.height, arm, CORNER_RADIUS_PX));
    setAttribute(this.#ring, 'd', face ? hole : '');
    this.#turn.replaceChildren(...(face ? moveMarks(guide) : []));
    this.#onGuide?.(guide);
  }

  #paint = (now_ms = performance.now()): void => {
    if (!this.#mode) return;
    this.#painting = requestAnimationFrame(this.#paint);
    const frame = this.#frame();
    const elapsed_ms = this.#calm.matches ? Infinity : now_ms - this.#painted_ms;
    const quad = this.#smoother.next(this.#view?.quad ?? null, elapsed_ms, Math.hypot(frame.width, frame.height));
    this.#painted_ms = now_ms;
    setAttribute(this.#quad, 'hidden', quad === null);
    if (!quad) return setAttribute(this.#quad, 'points', '');
    const mapping = mapFrame(frame, this.#box, this.#view?.mirrored ?? false);
    const points = quad.map((point) => {
      const [x, y] = mapPoint(point, mapping);
      return `${(x + this.#box.x).toFixed(1)},${(y + this.#box.y).toFixed(1)}`;
    });
    setAttribute(this.#quad, 'points', points.join(' '));
  };
}

/** True while nothing has to be mended. */
function isGood(view: View): boolean {
  const { hint } = view;
  return hint === 'capturing' || hint === 'hold_still' || hint === 'done' || isAction(moveOf(view));
}

function roundedPath({ x, y, width, height }: Rect, r: number): string {
  return `M${x + r} ${y}h${width - 2 * r}a${r} ${r} 0 0 1 ${r} ${r}v${height - 2 * r}a${r} ${r} 0 0 1-${r} ${r}h-${width - 2 * r}a${r} ${r} 0 0 1-${r}-${r}v-${height - 2 * r}a${r} ${r} 0 0 1 ${r}-${r}Z`;
}

/** An ellipse, from its top, clockwise. */
function ovalPath({ x, y, width, height }: Rect): string {
  const rx = width / 2;
  const ry = height / 2;
  return `M${x + rx} ${y}a${rx} ${ry} 0 0 1 0 ${height}a${rx} ${ry} 0 0 1 0-${height}Z`;
}
