/** Invented people, whom the sandbox's records know; `crates/sandbox/src/records.rs`, and of Toss its published one. */
const AMERICAN = { given_name: 'Alex', family_name: 'Sample', birth_date: [1990, 1, 2], street: '1 Main Street', city: 'Springfield', region: 'il', postal_code: '62701', phone: '(202) 555-0143' };
const JAPANESE = { full_name: '山田 太郎', birth_date: [1985, 5, 5], document_number: '1234 5678 9012' };
const CHINESE = { full_name: '张三', document_number: '11010519491231002x' };
const KOREAN = { full_name: '김토스', birth_date: [1993, 3, 24], phone: '010-0000-0000' };

/** What the visitor does in each scenario, beyond what every visitor does. */

/**
 * `document`: which recording the document camera shows · `ending`: the event the page must end with ·
 * `denied`: the camera's permission is refused · `onDocumentTimeout`: what is pressed there ·
 * `file`: what is handed in place of a capture is a frame of the document's recording, after a file that is refused ·
 * `person`, `secret`, `decision`: who types, which secret, and what is done in the app that signs ·
 * `offlineAtFirstUpload`, `reloadInFace`, `trapAtFrame`: what happens to the network, the page and its first worker.
 */
export const SCENARIOS = {
  approved: { ending: 'idv-submitted' },
  'no-document': { ending: 'idv-cancel', document: 'none', onDocumentTimeout: 'cancel' },
  'printed-face': { ending: 'idv-submitted' },
  'screen-face': { ending: 'idv-submitted' },
  'cut-between-people': { ending: 'idv-submitted' },
  'other-person': { ending: 'idv-submitted' },
  'camera-denied': { ending: 'idv-cancel', denied: true },
  'network-lost': { ending: 'idv-submitted', offlineAtFirstUpload: true, reloadInFace: true },
  'worker-trap': { ending: 'idv-submitted', trapAtFrame: 5 },
  card: { ending: 'idv-submitted' },
  licence: { ending: 'idv-submitted' },
  otp: { ending: 'idv-submitted', person: AMERICAN },
  'otp-wrong': { ending: 'idv-submitted', person: AMERICAN },
  secret: { ending: 'idv-submitted', person: JAPANESE, secret: '4096' },
  'secret-wrong': { ending: 'idv-submitted', person: JAPANESE, secret: '4096' },
  record: { ending: 'idv-submitted', person: CHINESE },
  'not-on-record': { ending: 'idv-submitted', person: CHINESE },
  toss: { ending: 'idv-submitted', person: KOREAN, decision: 'sign' },
  'toss-refused': { ending: 'idv-submitted', person: KOREAN, decision: 'refuse' },
  upload: { ending: 'idv-submitted', document: 'none', file: true },
};
