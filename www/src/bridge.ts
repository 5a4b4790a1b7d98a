/**
 * Messages to a host app: one JSON envelope, as a string, which every kind of host can take.
 * They tell how far the flow is. They complete nothing, and carry no image and no personal data.
 */
import type { IdvEvent } from './events.js';

/** Version of the envelope. */
export const BRIDGE_VERSION = 1;

/** What the host receives, as JSON text. */
export interface BridgeEnvelope {
  v: typeof BRIDGE_VERSION;
  type: 'idv.ready' | 'idv.step' | 'idv.submitted' | 'idv.error' | 'idv.cancel';
  /** Unique within the page. */
  id: string;
  payload: Record<string, string | number | boolean | null>;
}

/** The places in a page that lead to a host. */
export interface BridgeWindow {
  ReactNativeWebView?: { postMessage(message: string): void };
  webkit?: { messageHandlers?: { idv?: { postMessage(message: string): void } } };
  parent?: { postMessage(message: string, targetOrigin: string): void };
}

/** Sends events to every host that listens: React Native, WKWebView (`idv`), and the embedding page of `parentOrigin`. */
export class Bridge {
  #count = 0;

  /** `parentOrigin` is an exact origin; without it nothing is sent to an embedding page. */
  constructor(
    private readonly page: BridgeWindow,
    private readonly parentOrigin: string | null,
  ) {
    if (parentOrigin === '*') throw new TypeError("parentOrigin must be one origin, not '*'");
  }

  /** Sends what the event tells; events of no interest to a host are left out. */
  send(event: IdvEvent): void {
    const message = envelopeOf(event, String(this.#count + 1));
    if (!message) return;
    this.#count += 1;
    const text = JSON.stringify(message);
    this.page.ReactNativeWebView?.postMessage(text);
    this.page.webkit?.messageHandlers?.idv?.postMessage(text);
    const parent = this.page.parent;
    if (this.parentOrigin !== null && parent && parent !== (this.page as unknown)) {
      parent.postMessage(text, this.parentOrigin);
    }
  }
}

/** The envelope of an event, or null for hints and captures, which stay in the page. */
export function envelopeOf(event: IdvEvent, id: string): BridgeEnvelope | null {
  const v = BRIDGE_VERSION;
  switch (event.type) {
    case 'idv-ready':
      return { v, type: 'idv.ready', id, payload: { step_count: event.detail.stepCount } };
    case 'idv-step': {
      const { screen, step, stepIndex, stepCount, attempt } = event.detail;
      return { v, type: 'idv.step', id, payload: { screen, step, step_index: stepIndex, step_count: stepCount, attempt } };
    }
    case 'idv-submitted':
      return { v, type: 'idv.submitted', id, payload: { submission_id: event.detail.submissionId } };
    case 'idv-error':
      return { v, type: 'idv.error', id, payload: { code: event.detail.code, retryable: event.detail.retryable } };
    case 'idv-cancel':
      return { v, type: 'idv.cancel', id, payload: {} };
    case 'idv-hint':
    case 'idv-captured':
      return null;
  }
}
