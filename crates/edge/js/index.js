/** What both engines export. */
export { argos } from './argos.js';
export { EdgeError } from './errors.js';
export { checkEvidence, verifierKey } from './evidence.js';
export { createRelay, memoryStore } from './relay.js';
export { decideByArgos } from './deciding.js';
export { signByToss } from './signing.js';
export { tomo } from './tomo.js';
export { toss } from './toss.js';
