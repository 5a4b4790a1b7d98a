/** Movements that a face is asked for, as they are drawn. */
import type { View } from '../view.js';

export type Move = 'left' | 'right' | 'up' | 'down' | 'front' | 'blink' | 'smile' | 'closer' | 'back';

const MOVES: Readonly<Record<string, Move>> = {
  turn_left: 'left',
  turn_right: 'right',
  look_up: 'up',
  look_down: 'down',
  turn_back: 'front',
  blink: 'blink',
  smile: 'smile',
  come_closer: 'closer',
  go_back: 'back',
};

/** What the hint asks the face to do; null while it asks for something else. */
export function moveOf({ screen, hint }: View): Move | null {
  return screen === 'face_capture' && hint !== null ? (MOVES[hint] ?? null) : null;
}

/** Whether an action of the challenge is asked for, not the way back from it. */
export function isAction(move: Move | null): boolean {
  return move !== null && move !== 'front' && move !== 'back';
}
