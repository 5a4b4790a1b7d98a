/**
 * idv-web: identity verification in the browser. Importing this module touches no browser global.
 *
 * ```ts
 * import { startVerification } from 'idv-web';
 * const { finished } = startVerification({ url: startIdvUri, container: '#check' });
 * const { returnUrl } = await finished; // then ask your server: it alone learns the result
 * ```
 */
import type { IdvEvent } from './events.js';
import type { FlowResult, FlowSettings } from './settings.js';
import { openFlow } from './start.js';

export { IdvError, isIdvError } from './errors.js';
export type { IdvErrorCode } from './errors.js';
export type { IdvEvent, IdvEventMap, IdvEventName } from './events.js';
export type { FlowResult, FlowSettings } from './settings.js';
export type { DocumentHint, ErrorCode, FaceHint, PlanStep, Reason, ScreenName, StepName } from './view.js';

/** Options of `startVerification`. */
export interface StartOptions extends FlowSettings {
  /** Where the flow is put, an element or a selector; default: the body. It takes the container's whole size. */
  container?: HTMLElement | string;
  /** `light` or `dark` whatever the system says. */
  theme?: 'light' | 'dark';
  /** Called for each event. */
  onEvent?: (event: IdvEvent) => void;
}

/** A flow that runs. */
export interface VerificationHandle {
  /** Resolves when everything was received or the user left; rejects with an `IdvError` when disposed of before. */
  readonly finished: Promise<FlowResult>;
  /** Switches the camera off and takes the flow out of the page. Harmless when repeated. */
  dispose(): void;
}

/** Shows the flow in the page. Call it in a browser, with the one-time URL that your server received. */
export function startVerification(options: StartOptions = {}): VerificationHandle {
  const { container = document.body, theme, onEvent, ...settings } = options;
  const parent = typeof container === 'string' ? document.querySelector(container) : container;
  if (!parent) throw new TypeError(`no element fits the container '${String(container)}'`);
  const host = document.createElement('div');
  if (theme) host.setAttribute('theme', theme);
  parent.append(host);
  const flow = openFlow(host.attachShadow({ mode: 'open' }), host, settings, (event) => onEvent?.(event));
  return {
    finished: flow.finished,
    dispose() {
      flow.dispose();
      host.remove();
    },
  };
}
