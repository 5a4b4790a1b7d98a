/**
 * idv-web/edge: TomoIDV, Argos KYC and Toss certificates as a server uses them, and the relay that the hosted page talks
 * to. For Node 20 and workerd; browsers are refused it.
 *
 * Every call fails with an {@link EdgeError}. No error holds a key, a token or personal data, nor what the other side said
 * in its own words.
 */
export * from './types/errors.js';
export * from './types/tomo.js';
export * from './types/argos.js';
export * from './types/toss.js';
export * from './types/evidence.js';
export * from './types/relay.js';
export * from './types/workerd.js';
