/** What goes into a flow and what comes out: the public types of both entries. */

/** What `startVerification` and `<idv-flow>` have in common. */
export interface FlowSettings {
  /** The one-time start URL that your server received; default: the page's own address. */
  url?: string | undefined;
  /** Base of the relay; default: `/relay/v1` at the start URL's origin. */
  relayUrl?: string | undefined;
  /** BCP 47 tag; default: the browser's languages. Without a translation, English. */
  locale?: string | undefined;
  /** Where the package's `dist/` is served; default: where the bundler put the files. Of the page's own origin. */
  assetsBase?: string | undefined;
  /** Exact origin of an embedding page that is told how far the flow is; default: none. */
  parentOrigin?: string | undefined;
}

/** How a flow ended. It says nothing of the result of the verification. */
export interface FlowResult {
  status: 'submitted' | 'cancelled';
  /** Opaque; absent when nothing was submitted. */
  submissionId?: string;
  /** Where the service wants the user back; null when it named no place. */
  returnUrl: string | null;
}
