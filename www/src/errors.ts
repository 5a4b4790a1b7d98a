/** The one error class of the package. */
import type { ErrorCode } from './view.js';

/** An `ErrorCode`, or `disposed`: the flow was taken away before its end. */
export type IdvErrorCode = ErrorCode | 'disposed';

/** What `finished` rejects with. The message is for developers; the texts for users are in the locales. */
export class IdvError extends Error {
  override readonly name = 'IdvError' as const;
  /** Stable. */
  readonly code: IdvErrorCode;
  /** Whether starting again can help. */
  readonly retryable: boolean;

  constructor(code: IdvErrorCode, message: string, retryable = false, options?: ErrorOptions) {
    super(message, options);
    this.code = code;
    this.retryable = retryable;
  }
}

/** True for an `IdvError`, also for one of another copy of this package. */
export function isIdvError(value: unknown): value is IdvError {
  return value instanceof Error && value.name === 'IdvError' && 'code' in value;
}
