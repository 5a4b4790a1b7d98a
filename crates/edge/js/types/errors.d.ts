/** What went wrong. */
export type ErrorCode =
  /** A key or secret that is none of the expected form. */
  | 'key_invalid'
  /** A URL that cannot be read, or `http:` to another host than this machine. */
  | 'url_invalid'
  /** A client id of one of the vendor's environments used at the other. */
  | 'environment_mismatch'
  /** A policy that no verification can meet, or a policy key that is none. */
  | 'policy_invalid'
  /** A token that is malformed or signed by another key. */
  | 'token_invalid'
  /** A request that cannot be built: an option is missing, unknown or out of its limits. Nothing was sent. */
  | 'request_invalid'
  /** The other side answered with an error status; see `status` and `refusal`. */
  | 'refused'
  /** The other side answered with something this client does not understand. */
  | 'response_invalid'
  /** The answer is larger than any answer of this API. */
  | 'response_too_large'
  /** No answer in time. */
  | 'request_timeout'
  /** No connection, or it broke. */
  | 'network_lost'
  /** Our own fault. */
  | 'internal';

/** The one error of this module. */
export class EdgeError extends Error {
  /** Stable code. */
  readonly code: ErrorCode;
  /** Whether the same call can succeed later. What is safe to send again was sent again already. */
  readonly retryable: boolean;
  /** HTTP status of a refusal. */
  readonly status?: number;
  /** The other side's code: `error` of RFC 6749, a message of Argos as a code, a `CE…` code of Toss. */
  readonly refusal?: string;
  /** Seconds that the other side asked to wait, where that is longer than is waited here. */
  readonly retryAfterS?: number;
}

/** How requests are sent. */
export interface Sending {
  /** In place of the engine's `fetch`; its `signal` must be obeyed. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Time for a whole request in ms; 15 s without. */
  timeoutMs?: number;
}
