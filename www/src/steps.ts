/** What the progress indicator and the events call the steps. */
import type { ScreenName, StepName, View } from './view.js';

/** Screens that come after the plan's steps. */
const AFTER_PLAN: readonly ScreenName[] = ['submitting', 'done'];

/** The steps of a session, sending included, and the one that runs. */
export interface Steps {
  names: readonly StepName[];
  /** From 0. */
  index: number;
}

/** The steps, or null before the plan is known. */
export function stepsOf({ steps, stepIndex, screen }: View): Steps | null {
  if (steps.length === 0) return null;
  const names: StepName[] = [...steps, 'submit'];
  const index = AFTER_PLAN.includes(screen) ? steps.length : Math.min(stepIndex, steps.length);
  return { names, index };
}
