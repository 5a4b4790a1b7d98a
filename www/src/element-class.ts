/** The class behind `<idv-flow>`. Made by a function, because `HTMLElement` is not there on a server. */
import type { IdvEventMap } from './events.js';
import type { Flow } from './flow.js';
import type { FlowResult } from './settings.js';
import { openFlow } from './start.js';

/**
 * `<idv-flow url="…">`: the whole flow as an element.
 *
 * Attributes (properties in camelCase): `url` the one-time start URL, starts the flow · `relay-url` · `locale` ·
 * `assets-base` · `parent-origin` · `theme` (`light`, `dark`). Reflected: `screen`, the screen that shows.
 * Slot `logo`. Parts: `app`, `header`, `progress`, `screen`, `heading`, `card`, `note`, `tips`, `illustration`,
 * `attempts`, `alert`, `offline`, `bar`, `actions`, `button`, `button-primary`, `button-secondary`, `button-tonal`,
 * `button-camera`, `shutter`, `stage`, `video`, `hint`. Custom properties: `--idv-accent`, `--idv-accent-ink`, `--idv-background`, `--idv-surface`,
 * `--idv-ink`, `--idv-muted`, `--idv-line`, `--idv-radius`, `--idv-font`, `--idv-max-width`.
 */
export interface IdvFlowElement extends HTMLElement {
  /** The one-time start URL. Setting it on a connected element starts the flow: set the others before. */
  url: string | null;
  relayUrl: string | null;
  locale: string | null;
  assetsBase: string | null;
  parentOrigin: string | null;
  theme: string | null;
  /** The running flow's end; null before it has started. */
  readonly finished: Promise<FlowResult> | null;
  addEventListener<Name extends keyof IdvEventMap>(type: Name, listener: (event: CustomEvent<IdvEventMap[Name]>) => void, options?: boolean | AddEventListenerOptions): void;
  addEventListener<Name extends keyof HTMLElementEventMap>(type: Name, listener: (event: HTMLElementEventMap[Name]) => void, options?: boolean | AddEventListenerOptions): void;
  addEventListener(type: string, listener: EventListenerOrEventListenerObject | null, options?: boolean | AddEventListenerOptions): void;
}

/** Attributes and the properties they stand for. `url` is last: setting it starts the flow with all the others. */
const PROPERTIES = {
  relayUrl: 'relay-url',
  locale: 'locale',
  assetsBase: 'assets-base',
  parentOrigin: 'parent-origin',
  theme: 'theme',
  url: 'url',
} as const;

/** Makes the class on top of the page's `HTMLElement`. */
export function createElementClass(Base: typeof HTMLElement): new () => IdvFlowElement {
  class FlowElement extends Base {
    static readonly observedAttributes = ['url'];
    #flow: Flow | null = null;

    get finished(): Promise<FlowResult> | null {
      return this.#flow?.finished ?? null;
    }

    connectedCallback(): void {
      this.#adoptProperties();
      this.#start();
    }

    attributeChangedCallback(): void {
      this.#stop();
      this.#start();
    }

    disconnectedCallback(): void {
      // An element that is only moved is connected again before the microtask runs.
      queueMicrotask(() => {
        if (!this.isConnected) this.#stop();
      });
    }

    /** Properties that were set before the element was defined hide the accessors: they are set again. */
    #adoptProperties(): void {
      const own = this as unknown as Record<string, string | null>;
      for (const property of Object.keys(PROPERTIES)) {
        if (!Object.hasOwn(own, property)) continue;
        const value = own[property] ?? null;
        delete own[property];
        own[property] = value;
      }
    }

    #start(): void {
      const read = (name: keyof typeof PROPERTIES) => this.getAttribute(PROPERTIES[name]) ?? undefined;
      const url = read('url');
      if (!this.isConnected || this.#flow || url === undefined) return;
      const settings = { url, relayUrl: read('relayUrl'), locale: read('locale'), assetsBase: read('assetsBase'), parentOrigin: read('parentOrigin') };
      const root = this.shadowRoot ?? this.attachShadow({ mode: 'open' });
      this.#flow = openFlow(root, this, settings, ({ type, detail }) => {
        this.dispatchEvent(new CustomEvent(type, { detail, bubbles: true, composed: true }));
      });
    }

    #stop(): void {
      this.#flow?.dispose();
      this.#flow = null;
      this.removeAttribute('screen');
    }
  }
  for (const [property, attribute] of Object.entries(PROPERTIES)) {
    Object.defineProperty(FlowElement.prototype, property, {
      configurable: true,
      enumerable: true,
      get(this: HTMLElement) {
        return this.getAttribute(attribute);
      },
      set(this: HTMLElement, value: string | null | undefined) {
        if (value === null || value === undefined) this.removeAttribute(attribute);
        else this.setAttribute(attribute, value);
      },
    });
  }
  return FlowElement as unknown as new () => IdvFlowElement;
}
