/** A bundle of evidence as a page makes it, with what the operator knows of its attempt. */
import { randomBytes } from 'node:crypto';
import { evidence, jpeg } from './page.mjs';
import { DeviceKey, faceFrame, seal, sha256 } from './seal.mjs';

/** Makes one with captures of about `bytes` each. */
export async function makeBundle(edge, bytes = 0) {
  const secret = randomBytes(32);
  const sessionId = 'sess_bundle';
  const verifier = edge.verifierKey({ secret, sessionId });
  const device = await DeviceKey.make();
  const nonce = randomBytes(32).toString('hex');
  const nowMs = Date.now();
  const plan = {
    protocol_version: '3.0',
    policy_key: 'unknown:document:passport:document_ocr_check:owner_check:submitted_doc_selfie_match',
    session_id: sessionId,
    attempt: 1,
    max_attempts: 3,
    nonce,
    steps: [],
    challenge: {
      nonce,
      set: 'standard',
      actions: [{ kind: 'turn_left', times: 1, window_ms: 8000 }, { kind: 'blink', times: 2, window_ms: 8000 }],
      tolerance_ms: 1000,
      max_draws: 3,
    },
  };
  // Before the end of the picture: a comment of random bytes.
  const picture = (seed) => Buffer.concat([jpeg(seed).subarray(0, -2), randomBytes(bytes), jpeg(seed).subarray(-2)]);
  const pictures = [['document_front', picture(1)], ['selfie', picture(2)]];
  const consent = { version: 't1', locale: 'en', given_at_ms: nowMs };
  const said = { ...evidence(plan, consent, pictures, faceFrame()), device_key: device.thumbprint };
  const captures = [];
  for (const [kind, bytes] of pictures) captures.push({ kind, attempt: 1, jwe: await seal({ verifier, session: sessionId, attempt: 1, kind }, bytes) });
  const opened = pictures.map(([kind, bytes]) => ({ kind, attempt: 1, sha256: sha256(bytes).toString('hex'), bytes: bytes.length }));
  const context = { sessionId, attempt: 1, nonce, deviceKey: device.jwk, openedAtMs: nowMs - 60_000, nowMs: nowMs + 1000, required: ['document_front', 'selfie'] };
  return { secret, bundle: { evidence: await device.sign(said), captures }, opened, context };
}
