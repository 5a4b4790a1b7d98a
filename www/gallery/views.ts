/** One view for each screen, and for each of its states worth looking at. All of it is invented. */
import type { ChallengeView, OtpView, PersonView, SecretView, SignatureView, View } from '../src/view.js';
import { ERROR_CODES, FILE_PROBLEMS, REASONS } from '../src/view.js';
import type { Shot } from './scene.js';
import { documentQuad, faceRect, frameSize } from './scene.js';

export const BASE: View = {
  screen: 'loading',
  steps: ['consent', 'document', 'face'],
  stepIndex: 0,
  stepCount: 3,
  attempt: 1,
  maxAttempts: 3,
  progress: 0,
  engineReady: true,
  online: true,
  hint: null,
  challenge: null,
  mirrored: false,
  frame: null,
  quad: null,
  face: null,
  documentKinds: ['id3'],
  side: null,
  twoSided: false,
  manual: false,
  busy: false,
  person: null,
  otp: null,
  secret: null,
  signature: null,
  upload: false,
  fileProblem: null,
  consent: null,
  retry: null,
  error: null,
  returnUrl: 'https://service.example/return?state=sample',
  submissionId: null,
  cancelled: false,
};

/** A state of a screen; `shot` is what the camera shows. */
export interface Sample {
  view: View;
  shot?: Shot;
}

const consent: View['consent'] = {
  version: '2026-08-01',
  text: 'Hana Travel Pay asks you to confirm your identity before your first payment in Korea.',
  recipients: [
    { name: 'Tomo Sandbox', country: 'kr', purpose: 'Runs the identity check and gives the result to Hana Travel Pay' },
    { name: 'Argos Sandbox', country: 'sg', purpose: 'Compares the face with the document' },
  ],
  retentionDays: 30,
};

const consentKo: View['consent'] = {
  version: '2026-08-01',
  text: '하나트래블페이에서 한국 내 첫 결제 전에 본인 확인을 요청했습니다.',
  recipients: [
    { name: 'Tomo Sandbox', country: 'kr', purpose: '본인 확인을 진행하고 그 결과를 하나트래블페이에 알립니다' },
    { name: 'Argos Sandbox', country: 'sg', purpose: '얼굴과 신분증 사진을 비교합니다' },
  ],
  retentionDays: 30,
};

/** What is asked for in the United States. */
const US_FIELDS: PersonView['fields'] = ['given_name', 'family_name', 'birth_date', 'street', 'city', 'region', 'postal_code', 'phone'];

/** Every sample by name: the screen's name, or `screen--state`. */
export function samples(locale: string): Readonly<Record<string, Sample>> {
  const make = (part: Partial<View>, shot?: Shot): Sample => ({ view: { ...BASE, ...part }, ...(shot ? { shot } : {}) });
  const frame = frameSize();
  const document = (part: Partial<View>, shot: Shot = 'document') => make({ screen: 'document_capture', stepIndex: 1, frame, quad: shot === 'desk' ? null : documentQuad(shot), side: 'front', ...part }, shot);
  const card = (part: Partial<View>, shot: Shot) => document({ documentKinds: ['id1'], twoSided: true, ...part }, shot);
  const timeout = (part: Partial<View>) => make({ screen: 'document_timeout', stepIndex: 1, side: 'front', ...part });
  const now_ms = performance.now();
  const person = (country: string, fields: PersonView['fields'], errors: PersonView['errors'] = []) =>
    make({ screen: 'person', steps: ['consent', 'person', country === 'us' ? 'otp' : 'secret'], stepIndex: 1, documentKinds: [], person: { country, fields, errors } });
  const otp = (part: Partial<OtpView>) =>
    make({
      screen: 'otp',
      steps: ['consent', 'person', 'otp'],
      stepIndex: 2,
      documentKinds: [],
      otp: { digits: 6, sent: true, phoneEnd: '43', expiresAtMs: now_ms + 171_000, resendAtMs: now_ms + 21_000, triesLeft: 5, sendsLeft: 2, problem: null, ...part },
    });
  const secret = (part: Partial<SecretView>) =>
    make({ screen: 'secret', steps: ['consent', 'person', 'secret'], stepIndex: 2, documentKinds: [], secret: { digits: 4, country: 'jp', triesLeft: 3, problem: null, ...part } });
  const signature = (wait: SignatureView['wait']) =>
    make({
      screen: wait ? 'signature_wait' : 'signature',
      steps: ['consent', 'person', 'signature'],
      stepIndex: 2,
      documentKinds: [],
      signature: { provider: 'toss', triggers: ['push', 'app_scheme'], wait: wait && { ...wait, expiresAtMs: now_ms + 571_000 } },
    });
  const face = (part: Partial<View>, shot: Shot = 'face') => make({ screen: 'face_capture', stepIndex: 2, frame, face: faceRect(), mirrored: true, ...part }, shot);
  const challenge = (part: Partial<ChallengeView>): ChallengeView => ({ set: 'standard', sets: ['standard', 'no_head_movement', 'no_precise_sight'], count: 2, done: 0, draw: 0, action: null, ...part });
  const asked = (kind: string, shot: Shot, part: Partial<ChallengeView> = {}, action: Partial<NonNullable<ChallengeView['action']>> = {}) =>
    face({ hint: kind, progress: part.done ? 0.7 : 0.4, challenge: challenge({ action: { kind, times: 1, done: 0, leftMs: 6200, windowMs: 8000, ...action }, ...part }) }, shot);
  const all: Record<string, Sample> = {
    loading: make({ screen: 'loading', steps: [], stepCount: 0 }),
    consent: make({ screen: 'consent', consent: locale === 'ko' ? consentKo : consent }),
    'consent--face-only': make({ screen: 'consent', steps: ['consent', 'face'], stepCount: 2, documentKinds: [], consent: { version: '1', text: '', recipients: [], retentionDays: 0 } }),
    document_intro: make({ screen: 'document_intro', stepIndex: 1 }),
    'document_intro--loading': make({ screen: 'document_intro', stepIndex: 1, engineReady: false, progress: 0.42 }),
    'document_intro--two-sides': make({ screen: 'document_intro', stepIndex: 1, documentKinds: ['id1'], side: 'front', twoSided: true }),
    'document_intro--card': make({ screen: 'document_intro', stepIndex: 1, documentKinds: ['id1'], online: false }),
    document_capture: document({ hint: 'searching' }, 'desk'),
    'document_capture--opening': document({ hint: null, frame: null }, 'desk'),
    'document_capture--glare': document({ hint: 'glare' }),
    'document_capture--good': document({ hint: 'capturing', progress: 0.7 }),
    'document_capture--front': card({ hint: 'hold_flat', progress: 0.1 }, 'card-front'),
    'document_capture--back': card({ side: 'back', hint: 'hold_still', progress: 0.3 }, 'card-back'),
    'document_capture--turn-over': card({ side: 'back', hint: 'turn_over' }, 'card-front'),
    'document_capture--manual': card({ hint: 'unreadable', manual: true }, 'card-front'),
    'document_capture--upload': card({ hint: 'covered', manual: true, upload: true, progress: 0.4 }, 'card-front'),
    'document_capture--wrong-kind': document({ hint: 'wrong_kind', manual: true, upload: true }),
    document_timeout: timeout({}),
    'document_timeout--back': timeout({ documentKinds: ['id1'], twoSided: true, side: 'back' }),
    'document_timeout--upload': timeout({ upload: true }),
    document_file: make({ screen: 'document_file', stepIndex: 1, side: 'front' }),
    face_intro: make({ screen: 'face_intro', stepIndex: 2, challenge: challenge({}) }),
    'face_intro--ways': make({ screen: 'face_intro', stepIndex: 2, challenge: challenge({ set: 'no_head_movement' }) }),
    'face_intro--one-way': make({ screen: 'face_intro', stepIndex: 2, challenge: challenge({ sets: ['standard'] }) }),
    face_capture: face({ hint: 'hold_still', progress: 0.2, challenge: challenge({}) }),
    'face_capture--left': asked('turn_left', 'face-left'),
    'face_capture--right': asked('turn_right', 'face-right', { done: 1 }, { leftMs: 2100 }),
    'face_capture--up': asked('look_up', 'face-up'),
    'face_capture--down': asked('look_down', 'face-down', { done: 1 }),
    'face_capture--blink': asked('blink', 'face-blink', {}, { times: 3, done: 1 }),
    'face_capture--smile': asked('smile', 'face-smile', { done: 1 }),
    'face_capture--closer': asked('come_closer', 'face-closer'),
    'face_capture--back': face({ hint: 'go_back', progress: 0.6, challenge: challenge({ done: 1 }) }, 'face-closer'),
    'face_capture--front': face({ hint: 'turn_back', progress: 0.6, challenge: challenge({ done: 1 }) }, 'face-left'),
    'face_capture--restarted': face({ hint: 'look_straight', progress: 0.1, challenge: challenge({}) }),
    'face_capture--none': face({ hint: 'no_face', face: null }, 'desk'),
    face_timeout: make({ screen: 'face_timeout', stepIndex: 2 }),
    'consent--details': make({ screen: 'consent', steps: ['consent', 'person', 'otp'], documentKinds: [], consent: locale === 'ko' ? consentKo : consent }),
    'consent--signature': make({ screen: 'consent', steps: ['consent', 'person', 'signature'], documentKinds: [], consent: locale === 'ko' ? consentKo : consent }),
    person: person('us', US_FIELDS),
    'person--errors': person('us', US_FIELDS, [
      { field: 'given_name', problem: 'missing' },
      { field: 'birth_date', problem: 'not_a_date' },
      { field: 'region', problem: 'wrong_form' },
      { field: 'phone', problem: 'not_a_phone' },
    ]),
    'person--jp': person('jp', ['full_name', 'birth_date', 'document_number']),
    'person--cn': person('cn', ['full_name', 'document_number'], [{ field: 'document_number', problem: 'wrong_check_digit' }]),
    'person--busy': { view: { ...person('kr', ['full_name', 'birth_date', 'phone']).view, steps: ['consent', 'person', 'signature'], busy: true } },
    otp: otp({}),
    'otp--wrong': otp({ problem: 'wrong', triesLeft: 3, resendAtMs: 0 }),
    'otp--expired': otp({ problem: 'expired', triesLeft: 0, resendAtMs: 0, expiresAtMs: 0, sendsLeft: 1 }),
    'otp--sending': otp({ sent: false }),
    secret: secret({}),
    'secret--last': secret({ triesLeft: 1, problem: 'wrong' }),
    signature: signature(null),
    'signature--busy': { view: { ...signature(null).view, busy: true } },
    signature_wait: signature({ trigger: 'app_scheme', uri: 'supertoss://toss-cert/v2/sign/doc?txId=sample', expiresAtMs: 0, looking: false }),
    'signature_wait--push': signature({ trigger: 'push', uri: null, expiresAtMs: 0, looking: false }),
    'submitting--details': make({ screen: 'submitting', steps: ['consent', 'person', 'otp'], stepIndex: 2 }),
    'done--details': make({ screen: 'done', steps: ['consent', 'person', 'otp'], stepIndex: 2, submissionId: 'sample' }),
    submitting: make({ screen: 'submitting', stepIndex: 2, progress: 0.6 }),
    'submitting--offline': make({ screen: 'submitting', stepIndex: 2, progress: 0.6, online: false }),
    'submitting--ending': make({ screen: 'submitting', stepIndex: 1, cancelled: true }),
    done: make({ screen: 'done', stepIndex: 2, submissionId: 'sample' }),
    'done--cancelled': make({ screen: 'done', stepIndex: 1, cancelled: true }),
    try_again: make({ screen: 'try_again', stepIndex: 2, attempt: 2, retry: { reason: 'liveness_failed', attemptsLeft: 2 } }),
    error: make({ screen: 'error', stepIndex: 1, error: { code: 'camera_denied', retryable: true } }),
  };
  for (const fileProblem of FILE_PROBLEMS) all[`document_timeout--${fileProblem}`] = timeout({ documentKinds: ['id1'], twoSided: true, upload: true, fileProblem });
  for (const reason of REASONS) all[`try_again--${reason}`] = make({ screen: 'try_again', stepIndex: 1, attempt: 2, retry: { reason, attemptsLeft: 1 } });
  for (const code of ERROR_CODES) all[`error--${code}`] = make({ screen: 'error', stepIndex: 1, error: { code, retryable: !/^(token|session)_|insecure|storage|version/.test(code) } });
  return all;
}
