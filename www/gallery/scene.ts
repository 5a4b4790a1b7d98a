/** What the gallery's camera shows: drawn, no person and no document of anyone. */
import type { Point, Rect, Size } from '../src/view.js';

export type Shot = 'desk' | 'document' | 'card-front' | 'card-back' | 'face' | 'face-left' | 'face-right' | 'face-up' | 'face-down' | 'face-blink' | 'face-smile' | 'face-closer';

/** Like a phone's camera in portrait, like a webcam otherwise; `?frame=wide` is a webcam in any window. */
export function frameSize(): Size {
  const wide = new URL(location.href).searchParams.get('frame') === 'wide';
  return innerHeight > innerWidth && !wide ? { width: 720, height: 1280 } : { width: 1280, height: 720 };
}

/** Heights over widths of the drawn documents: a passport's page and a card (ISO/IEC 7810). */
const PAGE_RATIO = 88 / 125;
const CARD_RATIO = 53.98 / 85.6;

/** Corners of the drawn document. */
export function documentQuad(shot: Shot = 'document'): Point[] {
  const { width, height } = frameSize();
  const w = Math.min(width * 0.7, height * 0.8);
  const h = w * (shot.startsWith('card') ? CARD_RATIO : PAGE_RATIO);
  const x = (width - w) / 2;
  const y = (height - h) / 2 - height * 0.01;
  return [
    [x + 8, y + 12],
    [x + w - 2, y - 6],
    [x + w + 14, y + h + 4],
    [x - 12, y + h + 16],
  ];
}

/** Place of the drawn face. */
export function faceRect(): Rect {
  const { width, height } = frameSize();
  const h = Math.min(height * 0.5, width * 0.62);
  return { x: width / 2 - h * 0.36, y: height * 0.47 - h / 2, width: h * 0.72, height: h };
}

/** Draws a shot. */
export function drawShot(context: CanvasRenderingContext2D, shot: Shot): void {
  if (shot.startsWith('face')) return drawFace(context, shot);
  drawDesk(context);
  if (shot !== 'desk') drawDocument(context, shot);
}

function drawDesk(context: CanvasRenderingContext2D): void {
  const { width, height } = context.canvas;
  const wood = context.createLinearGradient(0, 0, width, height);
  wood.addColorStop(0, '#6d5a49');
  wood.addColorStop(1, '#47392e');
  context.fillStyle = wood;
  context.fillRect(0, 0, width, height);
  context.lineWidth = 2;
  for (let y = -40; y < height + 40; y += 17) {
    context.strokeStyle = `rgba(30, 20, 12, ${0.12 + 0.1 * Math.abs(Math.sin(y * 1.7))})`;
    context.beginPath();
    for (let x = 0; x <= width; x += 40) context.lineTo(x, y + Math.sin(x / 190 + y / 70) * 12);
    context.stroke();
  }
  context.fillStyle = '#cfd5d6';
  context.save();
  context.translate(width * 0.82, height * 0.12);
  context.rotate(0.3);
  context.fillRect(-90, -160, 240, 300);
  context.restore();
}

function drawDocument(context: CanvasRenderingContext2D, shot: Shot): void {
  const quad = documentQuad(shot);
  const at = (u: number, v: number): Point => {
    const mix = (i: 0 | 1) => {
      const [a, b, c, d] = quad.map((point) => point[i]) as [number, number, number, number];
      return (a * (1 - u) + b * u) * (1 - v) + (d * (1 - u) + c * u) * v;
    };
    return [mix(0), mix(1)];
  };
  const area = (u0: number, v0: number, u1: number, v1: number, style: string) => {
    context.fillStyle = style;
    context.beginPath();
    for (const [u, v] of [[u0, v0], [u1, v0], [u1, v1], [u0, v1]] as const) context.lineTo(...at(u, v));
    context.fill();
  };
  context.shadowColor = 'rgba(0, 0, 0, 0.5)';
  context.shadowBlur = 40;
  context.shadowOffsetY = 14;
  area(0, 0, 1, 1, '#e7ecdf');
  context.shadowColor = 'transparent';
  for (let line = 0; line < 26; line += 1) {
    context.strokeStyle = 'rgba(60, 130, 120, 0.18)';
    context.lineWidth = 1.5;
    context.beginPath();
    for (let u = 0; u <= 1.001; u += 0.02) context.lineTo(...at(u, 0.5 + 0.42 * Math.sin(u * 9 + line * 0.4) * Math.cos(line * 0.37)));
    context.stroke();
  }
  if (shot === 'card-back') {
    for (let u = 0.06; u < 0.6; u += 0.018) area(u, 0.1, u + 0.006 + 0.008 * Math.abs(Math.sin(u * 91)), 0.34, '#27302d');
    area(0.06, 0.43, 0.5, 0.47, '#33403c');
    for (const v of [0.62, 0.74, 0.86]) for (let u = 0.05; u < 0.95; u += 0.03) area(u, v, u + 0.019, v + 0.06, '#27302d');
    return;
  }
  area(0.05, 0.16, 0.29, 0.62, '#b9c6bd');
  context.fillStyle = '#5b6f68';
  const [hx, hy] = at(0.17, 0.33);
  const [ex] = at(0.225, 0.33);
  context.beginPath();
  context.arc(hx, hy, ex - hx, 0, 7);
  context.fill();
  area(0.09, 0.47, 0.25, 0.62, '#5b6f68');
  area(0.34, 0.08, 0.8, 0.12, '#2d4a46');
  [0.22, 0.34, 0.46, 0.58].forEach((v, index) => {
    area(0.34, v, 0.44, v + 0.022, '#8fa39b');
    area(0.34, v + 0.04, 0.56 + (index % 2) * 0.14, v + 0.08, '#33403c');
  });
  if (shot === 'document') for (const v of [0.79, 0.88]) for (let u = 0.05; u < 0.95; u += 0.0206) area(u, v, u + 0.013, v + 0.045, '#27302d');
}

/** How far the features move to the user's left and down, in shares of what a turned head shows. */
const LOOKS: Readonly<Partial<Record<Shot, readonly [number, number]>>> = { 'face-left': [1, 0], 'face-right': [-1, 0], 'face-up': [0, -1], 'face-down': [0, 1] };

function drawFace(context: CanvasRenderingContext2D, shot: Shot): void {
  const { width, height } = context.canvas;
  const wall = context.createRadialGradient(width / 2, height * 0.4, 20, width / 2, height * 0.4, height * 0.8);
  wall.addColorStop(0, '#b8c0bd');
  wall.addColorStop(1, '#6f7c79');
  context.fillStyle = wall;
  context.fillRect(0, 0, width, height);
  const rect = faceRect();
  const scale = shot === 'face-closer' ? 1.3 : 1;
  const [w, h] = [rect.width * scale, rect.height * scale];
  const cx = rect.x + rect.width / 2;
  const y = rect.y + rect.height / 2 - h / 2;
  const [turn, nod] = LOOKS[shot] ?? [0, 0];
  context.fillStyle = '#3b5552';
  context.beginPath();
  context.ellipse(cx, y + h * 1.75, w * 1.45, h * 0.8, 0, 0, 7);
  context.fill();
  context.fillStyle = '#c08f6f';
  context.fillRect(cx - w * 0.24, y + h * 0.8, w * 0.48, h * 0.32);
  context.fillStyle = '#3a2b23';
  context.beginPath();
  context.ellipse(cx, y + h * 0.36, w * 0.6, h * 0.48, 0, 0, 7);
  context.fill();
  context.fillStyle = '#d6a888';
  context.beginPath();
  context.ellipse(cx + turn * w * 0.05, y + h * (0.52 + nod * 0.03), w * 0.48, h * 0.48, 0, 0, 7);
  context.fill();
  const shift = turn * w * 0.2;
  const drop = nod * h * 0.1;
  context.fillStyle = '#2e231d';
  for (const side of [-1, 1]) {
    context.beginPath();
    context.ellipse(cx + shift + side * w * 0.18, y + drop + h * 0.44, w * 0.055, h * (shot === 'face-blink' ? 0.004 : 0.022), 0, 0, 7);
    context.fill();
  }
  context.strokeStyle = '#a9795c';
  context.lineWidth = 7;
  context.lineCap = 'round';
  context.beginPath();
  context.moveTo(cx + shift * 1.25, y + drop + h * 0.46);
  context.lineTo(cx + shift * 1.5, y + drop * 1.3 + h * 0.62);
  context.stroke();
  context.strokeStyle = '#9c4f46';
  const wide = shot === 'face-smile' ? 1.5 : 1;
  context.beginPath();
  context.moveTo(cx + shift - w * 0.12 * wide, y + drop + h * 0.76);
  context.quadraticCurveTo(cx + shift, y + drop + h * (shot === 'face-smile' ? 0.86 : 0.79), cx + shift + w * 0.12 * wide, y + drop + h * 0.76);
  context.stroke();
}
