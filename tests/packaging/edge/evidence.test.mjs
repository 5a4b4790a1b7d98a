/** Sealed and signed evidence, checked by the edge module of the packed package in Node. */
import assert from 'node:assert/strict';
import { randomBytes } from 'node:crypto';
import { before, test } from 'node:test';
import { makeBundle } from './lib/bundle.mjs';
import { importEdge } from './lib/sandbox.mjs';

let edge;
let made;
before(async () => {
  ({ edge } = await importEdge());
  made = await makeBundle(edge);
});

const check = ({ secret = made.secret, bundle = {}, context = {} } = {}) =>
  edge.checkEvidence({ secret, bundle: { ...made.bundle, ...bundle }, context: { ...made.context, ...context } });

test('evidence of this session and attempt holds, sealed or opened before', () => {
  const sealed = check();
  assert.deepEqual([sealed.state, sealed.captures, sealed.evidence.sessionId], ['valid', ['document_front', 'selfie'], made.context.sessionId]);
  const opened = check({ bundle: { captures: made.opened } });
  assert.deepEqual([opened.state, opened.evidenceSha256], ['valid', sealed.evidenceSha256]);
});

test('the first thing that does not hold is named', () => {
  const flip = (text, at = -8) => `${text.slice(0, at)}${text.at(at) === 'A' ? 'B' : 'A'}${text.slice(text.length + at + 1)}`;
  const [front, selfie] = made.bundle.captures;
  const rows = [
    ['signature', { bundle: { evidence: flip(made.bundle.evidence) } }],
    ['key', { context: { deviceKey: undefined } }],
    ['another session', { context: { sessionId: 'sess_other' } }],
    ['another attempt', { context: { attempt: 2 } }],
    ['another nonce', { context: { nonce: 'f'.repeat(64) } }],
    ['taken before', { context: { seen: [check().evidenceSha256] } }],
    ['too early', { context: { nowMs: made.context.nowMs - 600_000 } }],
    ['before the session', { context: { openedAtMs: made.context.nowMs + 600_000 } }],
    ['a changed capture', { bundle: { captures: [{ ...front, jwe: flip(front.jwe, -40) }, selfie] } }],
    ['swapped captures', { bundle: { captures: [{ ...front, jwe: selfie.jwe }, selfie] } }],
    ['a capture too few', { bundle: { captures: [front] } }],
    ['another configuration', { context: { configurationSha256: '0'.repeat(64) } }],
    ['another secret', { secret: randomBytes(32) }],
  ];
  const codes = rows.map(([name, change]) => {
    const verdict = check(change);
    assert.equal(verdict.state, 'refused', name);
    return verdict.code;
  });
  assert.ok(codes.every((code) => /^[a-z_]+$/.test(code)), codes.join());
  assert.equal(codes[5], 'replayed');
  assert.ok(new Set(codes).size >= 8, codes.join());
});

test('what is no bundle is an error, and a verdict never is', () => {
  for (const bundle of [{ evidence: 7 }, { captures: [{}] }]) assert.throws(() => check({ bundle }), { name: 'EdgeError', code: 'request_invalid' });
  assert.throws(() => check({ secret: randomBytes(31) }), { code: 'key_invalid' });
  assert.equal(check({ bundle: { evidence: 'a.b.c' } }).state, 'refused');
});
