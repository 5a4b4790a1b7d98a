/** Which steps a session has. */
import type { StepName, View } from './view.js';

const ALL_STEPS: readonly StepName[] = ['consent', 'document', 'face', 'submit'];

/** The steps in order. Where the module does not name them they follow from the screens it can show. */
export function stepsOf(view: View): readonly StepName[] {
  if (view.steps && view.steps.length > 0) return view.steps;
  if (view.stepCount >= ALL_STEPS.length) return ALL_STEPS;
  if (view.stepCount === 3 && view.documentKinds.length === 0) return ['consent', 'face', 'submit'];
  if (view.stepCount === 3) return ['consent', 'document', 'face'];
  return ALL_STEPS.slice(0, Math.max(1, view.stepCount));
}
