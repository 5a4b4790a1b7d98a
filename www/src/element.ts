/** Defines `<idv-flow>`. On a server, where there is no registry of elements, importing it does nothing. */
import type { IdvFlowElement } from './element-class.js';
import { createElementClass } from './element-class.js';

export type { IdvFlowElement } from './element-class.js';
export type { IdvEvent, IdvEventMap, IdvEventName } from './events.js';
export type { FlowResult } from './settings.js';

/** The element's name. */
export const TAG = 'idv-flow';

/** Defines the element, unless there is a registry without a place for it or none at all. Returns whether it is defined. */
export function defineIdvFlow(): boolean {
  const registry = globalThis.customElements as CustomElementRegistry | undefined;
  if (!registry) return false;
  if (!registry.get(TAG)) registry.define(TAG, createElementClass(HTMLElement));
  return true;
}

defineIdvFlow();

declare global {
  interface HTMLElementTagNameMap {
    'idv-flow': IdvFlowElement;
  }
}
