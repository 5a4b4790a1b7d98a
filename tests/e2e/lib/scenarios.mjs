/** What the visitor does in each scenario, beyond what every visitor does. */

/**
 * `document`: which recording the document camera shows · `ending`: the event the page must end with ·
 * `denied`: the camera's permission is refused · `onDocumentTimeout`: what is pressed there ·
 * `file`: what is handed in place of a capture is a frame of the document's recording, after a file that is refused ·
 * `offlineAtFirstUpload`, `reloadInFace`, `trapAtFrame`: what happens to the network, the page and its first worker.
 */
export const SCENARIOS = {
  approved: { ending: 'idv-submitted' },
  'no-document': { ending: 'idv-cancel', document: 'none', onDocumentTimeout: 'cancel' },
  'printed-face': { ending: 'idv-submitted' },
  'other-person': { ending: 'idv-submitted' },
  'camera-denied': { ending: 'idv-cancel', denied: true },
  'network-lost': { ending: 'idv-submitted', offlineAtFirstUpload: true, reloadInFace: true },
  'worker-trap': { ending: 'idv-submitted', trapAtFrame: 5 },
  card: { ending: 'idv-submitted' },
  licence: { ending: 'idv-submitted' },
  upload: { ending: 'idv-submitted', document: 'none', file: true },
};
