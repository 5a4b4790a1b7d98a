/** From frame pixels to CSS pixels, and where the guides lie. Pure. */
import type { Point, Rect, Size } from '../view.js';

/**
 * Most of a frame's width or height that filling the stage may hide. What the user sees has to be near to what the
 * engine sees; 16:9 cameras still fill phones of up to 20:9.
 */
export const MAX_CROP_RATIO = 0.22;

/** Proportions of the documents' sides: width over height in mm (ISO/IEC 7810). */
const DOCUMENT_ASPECTS: Readonly<Record<string, number>> = {
  id1: 85.6 / 53.98,
  id2: 105 / 74,
  id3: 125 / 88,
};

/** Width over height of the face guide: an adult head with some room. */
const FACE_ASPECT = 0.74;

/** Room that a guide leaves to the sides of what is free, as a share. */
const GUIDE_MARGIN_RATIO = 0.06;

/** Largest guides in CSS px, so that on a large screen they do not ask for coming too close. */
const MAX_DOCUMENT_GUIDE_WIDTH_PX = 620;
const MAX_FACE_GUIDE_HEIGHT_PX = 460;

/** Insets of the stage that the controls cover, in CSS px. */
export interface Insets {
  top: number;
  bottom: number;
}

/** Frame to box: a point is scaled, moved, and mirrored at the box's vertical middle. */
export interface FrameMapping {
  scale: number;
  dx: number;
  dy: number;
  /** Width of the box where mirrored, else null. */
  mirrorWidth: number | null;
}

/**
 * The part of the stage the video fills (`object-fit: cover` inside it), in stage px. It is the whole stage unless
 * that hides more than `MAX_CROP_RATIO` of the frame's width or height; then it is shorter or narrower and centred.
 */
export function fitVideoBox(stage: Size, frame: Size): Rect {
  const stageAspect = stage.width / stage.height;
  const frameAspect = frame.width / frame.height;
  const shown = 1 - MAX_CROP_RATIO;
  if (!(stageAspect > 0) || !(frameAspect > 0)) return { x: 0, y: 0, ...stage };
  if (stageAspect < frameAspect * shown) {
    const height = stage.width / (frameAspect * shown);
    return { x: 0, y: (stage.height - height) / 2, width: stage.width, height };
  }
  if (stageAspect > frameAspect / shown) {
    const width = (stage.height * frameAspect) / shown;
    return { x: (stage.width - width) / 2, y: 0, width, height: stage.height };
  }
  return { x: 0, y: 0, ...stage };
}

/** How a frame lies in a box that it covers, as `object-fit: cover` does it, mirrored for a camera that faces the user. */
export function mapFrame(frame: Size, box: Size, mirrored: boolean): FrameMapping {
  const scale = Math.max(box.width / frame.width, box.height / frame.height);
  return {
    scale,
    dx: (box.width - frame.width * scale) / 2,
    dy: (box.height - frame.height * scale) / 2,
    mirrorWidth: mirrored ? box.width : null,
  };
}

/** A point of the frame, in px of the box. */
export function mapPoint([x, y]: Point, { scale, dx, dy, mirrorWidth }: FrameMapping): Point {
  const boxX = x * scale + dx;
  return [mirrorWidth === null ? boxX : mirrorWidth - boxX, y * scale + dy];
}

/** A rectangle of the frame, in px of the box. */
export function mapRect(rect: Rect, mapping: FrameMapping): Rect {
  const [x0, y0] = mapPoint([rect.x, rect.y], mapping);
  const [x1, y1] = mapPoint([rect.x + rect.width, rect.y + rect.height], mapping);
  return { x: Math.min(x0, x1), y: Math.min(y0, y1), width: Math.abs(x1 - x0), height: Math.abs(y1 - y0) };
}

/** The guide for a document of the first known kind, in stage px: centred in what box and insets leave free. */
export function documentGuide(stage: Size, box: Rect, insets: Insets, kinds: readonly string[]): Rect {
  const aspect = DOCUMENT_ASPECTS[kinds.find((kind) => kind in DOCUMENT_ASPECTS) ?? 'id3'] ?? 1;
  return centred(freeArea(stage, box, insets), aspect, { width: MAX_DOCUMENT_GUIDE_WIDTH_PX, height: Infinity });
}

/** The guide for a face, in stage px. */
export function faceGuide(stage: Size, box: Rect, insets: Insets): Rect {
  return centred(freeArea(stage, box, insets), FACE_ASPECT, { width: Infinity, height: MAX_FACE_GUIDE_HEIGHT_PX });
}

function freeArea(stage: Size, box: Rect, insets: Insets): Rect {
  const top = Math.max(box.y, insets.top);
  const bottom = Math.min(box.y + box.height, stage.height - insets.bottom);
  return { x: box.x, y: top, width: box.width, height: Math.max(0, bottom - top) };
}

function centred(area: Rect, aspect: number, max: Size): Rect {
  const room = 1 - 2 * GUIDE_MARGIN_RATIO;
  const width = Math.min(area.width * room, area.height * room * aspect, max.width, max.height * aspect);
  const height = width / aspect;
  return { x: area.x + (area.width - width) / 2, y: area.y + (area.height - height) / 2, width, height };
}
