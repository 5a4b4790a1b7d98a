/** Time that runs down, told once a second to the eye and never to the ear. */
import type { Texts } from '../../locales/index.js';

/** Time between two tellings, in ms. */
const TICK_MS = 1000;

/** Whole seconds that are left until `at_ms` of the page's clock, at least 0; a second that has begun counts. */
export function secondsUntil(at_ms: number, now_ms = performance.now()): number {
  return Math.max(0, Math.ceil((at_ms - now_ms) / 1000));
}

/** The seconds as the language writes them. */
export function timeText(texts: Texts, seconds: number): string {
  return texts.timeLeft(Math.floor(seconds / 60), seconds % 60);
}

/** Calls `tick` now and every second until it is stopped. */
export function everySecond(tick: () => void): () => void {
  tick();
  const timer = setInterval(tick, TICK_MS);
  return () => clearInterval(timer);
}
