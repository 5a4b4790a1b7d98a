/** Keeps hints readable: not too short on the screen, not too often in the ear. */

/** Shortest time a hint stays, in ms: below, a change reads as flicker. */
const MIN_SHOWN_MS = 600;

/** Shortest time between two announcements, in ms: a short sentence takes about two seconds to speak. */
const MIN_SPOKEN_GAP_MS = 2500;

/** What it needs of the page. */
export interface Clock {
  now(): number;
  after(ms: number, run: () => void): () => void;
}

/** The page's clock. */
export const pageClock: Clock = {
  now: () => performance.now(),
  after: (ms, run) => {
    const timer = setTimeout(run, ms);
    return () => clearTimeout(timer);
  },
};

/** Passes on the newest value, at most once per gap; the last one always arrives, and so does each that must. */
export class Pacer {
  #wanted: string | null = null;
  #must: string[] = [];
  #passed: string | null = null;
  #at_ms = -Infinity;
  #cancel: (() => void) | null = null;

  constructor(
    private readonly gap_ms: number,
    private readonly pass: (value: string) => void,
    private readonly clock: Clock = pageClock,
  ) {}

  /** Gives it the current value. */
  offer(value: string): void {
    this.#wanted = value;
    if (value !== this.#passed) this.#pass();
  }

  /** Gives it a value that no later one may take the place of. */
  insist(value: string): void {
    this.#must.push(value);
    this.#pass();
  }

  /** Drops what waits. */
  dispose(): void {
    this.#cancel?.();
    this.#cancel = null;
    this.#must = [];
    this.#wanted = null;
    this.#passed = null;
  }

  /** Passes the next value, now or when its time has come. */
  #pass(): void {
    const next = this.#must[0] ?? this.#wanted;
    if (next === null || this.#cancel) return;
    if (this.#must.length === 0 && next === this.#passed) return;
    const wait_ms = this.#at_ms + this.gap_ms - this.clock.now();
    if (wait_ms > 0) {
      this.#cancel = this.clock.after(wait_ms, () => {
        this.#cancel = null;
        this.#pass();
      });
      return;
    }
    this.#must.shift();
    this.#passed = next;
    this.#at_ms = this.clock.now();
    this.pass(next);
    this.#pass();
  }
}

/** Paces what is shown. */
export function shownPacer(show: (text: string) => void, clock?: Clock): Pacer {
  return new Pacer(MIN_SHOWN_MS, show, clock);
}

/** Paces what is spoken. */
export function spokenPacer(speak: (text: string) => void, clock?: Clock): Pacer {
  return new Pacer(MIN_SPOKEN_GAP_MS, speak, clock);
}
