/** The check of sealed and signed evidence. */
import { bytes, typed } from './errors.js';
import { edge } from './wasm.js';

/** Checks a bundle against what is known of its attempt. */
export function checkEvidence({ secret, bundle, context }) {
  const known = JSON.stringify({ nowMs: Date.now(), ...context });
  return JSON.parse(typed(() => edge().check_evidence(bytes(secret, 'secret'), JSON.stringify(bundle), known)));
}

/** The public key of a session, which pages seal to. */
export function verifierKey({ secret, sessionId }) {
  return JSON.parse(typed(() => edge().verifier_key(bytes(secret, 'secret'), String(sessionId))));
}
