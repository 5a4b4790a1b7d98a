/** Errors as the caller meets them. They hold nothing that was sent: no key, no token, no personal data. */

/** An error of this module. `code` is stable; `retryable` says whether the same call can succeed later. */
export class EdgeError extends Error {
  constructor({ code, message, retryable = false, status, refusal, retryAfterS }) {
    super(message);
    this.name = 'EdgeError';
    this.code = code;
    this.retryable = retryable;
    if (typeof status === 'number') this.status = status;
    if (typeof refusal === 'string') this.refusal = refusal;
    if (typeof retryAfterS === 'number') this.retryAfterS = retryAfterS;
  }
}

/** The error of an option that cannot be used. */
export function invalid(message, code = 'request_invalid') {
  return new EdgeError({ code, message });
}

/** What `work` gives; what Rust throws becomes an EdgeError. */
export function typed(work) {
  try {
    return work();
  } catch (thrown) {
    if (typeof thrown === 'string') throw new EdgeError(JSON.parse(thrown));
    if (thrown instanceof WebAssembly.RuntimeError) {
      throw new EdgeError({ code: 'internal', message: 'the module stopped' });
    }
    throw thrown;
  }
}

/** A secret as text; the error shows nothing of what it is instead. */
export function secretText(value, name) {
  if (typeof value !== 'string' || value === '') throw invalid(`${name} is no text`, 'key_invalid');
  return value;
}

/** Bytes from a Uint8Array, another view or an ArrayBuffer. */
export function bytes(value, name) {
  if (value instanceof Uint8Array) return value;
  if (value instanceof ArrayBuffer) return new Uint8Array(value);
  if (ArrayBuffer.isView(value)) return new Uint8Array(value.buffer, value.byteOffset, value.byteLength);
  throw invalid(`${name} is no Uint8Array`);
}

/** The same, where it may be absent. */
export function optionalBytes(value, name) {
  return value === undefined || value === null ? undefined : bytes(value, name);
}
