/**
 * What the page module tells the shell. `View` mirrors the Rust side's view (camelCase); the code lists mirror the
 * closed enums of `crates/protocol`, and the locales are typed by them, so that a code without a text does not compile.
 */

/** Every screen of the flow, in the order they usually come. */
export const SCREENS = [
  'loading',
  'consent',
  'document_intro',
  'document_capture',
  'document_timeout',
  'document_file',
  'face_intro',
  'face_capture',
  'face_timeout',
  'person',
  'otp',
  'secret',
  'signature',
  'signature_wait',
  'submitting',
  'try_again',
  'error',
  'done',
] as const;
export type ScreenName = (typeof SCREENS)[number];

/** Hints of the document step: `idv_protocol::DocumentHint`. */
export const DOCUMENT_HINTS = [
  'searching',
  'move_closer',
  'move_back',
  'hold_flat',
  'hold_still',
  'blurred',
  'glare',
  'too_dark',
  'too_bright',
  'wrong_kind',
  'wrong_side',
  'turn_over',
  'covered',
  'unreadable',
  'capturing',
] as const;
export type DocumentHint = (typeof DOCUMENT_HINTS)[number];

/** Why a file is not taken for a document's picture: `idv_protocol::FileProblem`. */
export const FILE_PROBLEMS = [
  'heic',
  'pdf',
  'unsupported_format',
  'animated',
  'too_large',
  'too_many_pixels',
  'too_small',
  'damaged',
  'no_document',
  'wrong_kind',
  'wrong_side',
] as const;
export type FileProblem = (typeof FILE_PROBLEMS)[number];

/** Hints of the face step: `idv_protocol::FaceHint`. */
export const FACE_HINTS = [
  'no_face',
  'several_faces',
  'move_closer',
  'move_back',
  'center',
  'look_straight',
  'blurred',
  'too_dark',
  'too_bright',
  'backlit',
  'covered',
  'open_eyes',
  'relax_face',
  'hold_still',
  'turn_left',
  'turn_right',
  'look_up',
  'look_down',
  'turn_back',
  'blink',
  'smile',
  'come_closer',
  'go_back',
  'done',
] as const;
export type FaceHint = (typeof FACE_HINTS)[number];

/** Fields of the form: `idv_protocol::PersonField`. */
export const PERSON_FIELDS = ['full_name', 'given_name', 'family_name', 'birth_date', 'document_number', 'street', 'city', 'region', 'postal_code', 'phone'] as const;
export type PersonField = (typeof PERSON_FIELDS)[number];

/** Why a field cannot be right: `idv_protocol::FieldProblem`. */
export const FIELD_PROBLEMS = ['missing', 'too_long', 'bad_characters', 'not_a_date', 'date_out_of_range', 'not_a_phone', 'wrong_form', 'wrong_check_digit'] as const;
export type FieldProblem = (typeof FIELD_PROBLEMS)[number];

/** Why a code or a secret is not taken: `idv_protocol::EntryProblem`. */
export const ENTRY_PROBLEMS = ['wrong', 'expired'] as const;
export type EntryProblem = (typeof ENTRY_PROBLEMS)[number];

/** Why an attempt has to be repeated: `idv_protocol::Reason`. */
export const REASONS = [
  'document_not_found',
  'document_unreadable',
  'document_expired',
  'document_mismatch',
  'document_not_authentic',
  'portrait_not_found',
  'face_not_found',
  'liveness_failed',
  'face_mismatch',
  'not_on_record',
  'otp_failed',
  'secret_wrong',
  'signature_refused',
  'signature_expired',
  'signature_invalid',
  'vendor_rejected',
  'evidence_invalid',
  'camera_not_genuine',
  'camera_denied',
  'camera_unavailable',
  'consent_refused',
  'user_canceled',
  'session_expired',
] as const;
export type Reason = (typeof REASONS)[number];

/** Codes that end or interrupt the flow: the page module's own and those of `idv_protocol::problem::Code`. */
export const ERROR_CODES = [
  'insecure_context',
  'camera_denied',
  'camera_not_found',
  'camera_in_use',
  'camera_overconstrained',
  'camera_timeout',
  'camera_aborted',
  'camera_failed',
  'camera_ended',
  'engine_load_failed',
  'model_digest_mismatch',
  'engine_trapped',
  'network_lost',
  'server_unavailable',
  'request_timeout',
  'token_invalid',
  'token_used',
  'token_expired',
  'session_unknown',
  'session_expired',
  'session_closed',
  'unsupported_version',
  'storage_blocked',
  'invalid_request',
  'out_of_order',
  'in_progress',
  'fields_invalid',
  'body_too_large',
  'not_an_image',
  'digest_mismatch',
  'rate_limited',
  'vendor_unavailable',
  'internal',
] as const;
export type ErrorCode = (typeof ERROR_CODES)[number];

/** Sets of actions that a challenge may be drawn from: `idv_protocol::ChallengeSet`. */
export const CHALLENGE_SETS = ['standard', 'no_head_movement', 'no_precise_sight'] as const;
export type ChallengeSet = (typeof CHALLENGE_SETS)[number];

/** The user's answers, as the page module takes them; a set's name chooses it. */
export type Action = 'agree' | 'refuse' | 'begin' | 'shoot' | 'resend' | 'correct' | 'check' | 'change' | 'retry' | 'cancel' | 'leave' | ChallengeSet;

/** The ways to the app that signs: `idv_protocol::SignatureTrigger`. */
export type SignatureTrigger = 'push' | 'app_scheme';

/** What the user hands in at a step without pictures. */
export type Entry =
  | { step: 'person'; fields: Partial<Record<PersonField, string>> }
  | { step: 'otp'; code: string }
  | { step: 'secret'; secret: string }
  | { step: 'signature'; trigger: SignatureTrigger };

/** A side of a document: the one with the portrait, and the other one of a card. */
export type DocumentSide = 'front' | 'back';

/** Steps of a plan. */
export type PlanStep = 'consent' | 'document' | 'face' | 'person' | 'otp' | 'secret' | 'signature';

/** Steps the progress indicator shows: the plan's, then sending. */
export type StepName = PlanStep | 'submit';

/** A size in pixels. */
export interface Size {
  width: number;
  height: number;
}

/** A rectangle in pixels of the frame it belongs to. */
export interface Rect extends Size {
  x: number;
  y: number;
}

/** A point in pixels: x to the right, y down. */
export type Point = [x: number, y: number];

/** Who receives the user's data. */
export interface Recipient {
  name: string;
  /** ISO 3166 alpha-2, lower case. */
  country: string;
  /** In the user's language. */
  purpose: string;
}

/** What the user is asked to agree to. */
export interface ConsentTerms {
  version: string;
  /** The integrator's own text; may be empty. */
  text: string;
  recipients: Recipient[];
  retentionDays: number;
}

/** The form, on `person`. */
export interface PersonView {
  /** ISO 3166 alpha-2, lower case: what numbers and codes look like there. */
  country: string;
  fields: PersonField[];
  /** `problem` is a `FieldProblem`. */
  errors: { field: PersonField; problem: string }[];
}

/** The code, on `otp`. Times are those of `performance.now()`. */
export interface OtpView {
  digits: number;
  sent: boolean;
  /** The phone's last digits; null after a reload. */
  phoneEnd: string | null;
  expiresAtMs: number;
  resendAtMs: number;
  triesLeft: number;
  sendsLeft: number;
  /** An `EntryProblem`. */
  problem: string | null;
}

/** The document's secret, on `secret`. */
export interface SecretView {
  digits: number;
  country: string;
  triesLeft: number;
  /** An `EntryProblem`. */
  problem: string | null;
}

/** The signature, on `signature` and `signature_wait`. */
export interface SignatureView {
  provider: string;
  triggers: SignatureTrigger[];
  wait: {
    trigger: SignatureTrigger;
    /** Opened unchanged when the user taps, and by nothing else. */
    uri: string | null;
    expiresAtMs: number;
    /** Whether it is being looked at just now. */
    looking: boolean;
  } | null;
}

/** The challenge of the face step. */
export interface ChallengeView {
  /** The set that its actions are of. */
  set: ChallengeSet;
  /** The sets that the user may choose from, this one among them. */
  sets: ChallengeSet[];
  /** Actions in all, and those that are done. */
  count: number;
  done: number;
  /** Draws before this one: a break begins the challenge anew, with other actions. */
  draw: number;
  /** The action that is asked for; null before the first, and on the way back from one. */
  action: {
    /** `turn_left`, `turn_right`, `look_up`, `look_down`, `blink`, `smile` or `come_closer`. */
    kind: string;
    /** How often it is to be done, and how often it was. */
    times: number;
    done: number;
    /** Time left for it, and in all, in ms. */
    leftMs: number;
    windowMs: number;
  } | null;
}

/** Everything a screen needs; a new one comes with every change. */
export interface View {
  screen: ScreenName;
  /** The plan's steps in order; empty before the plan is known. */
  steps: PlanStep[];
  /** Of the plan's step that runs, from 0. */
  stepIndex: number;
  stepCount: number;
  /** From 1. */
  attempt: number;
  maxAttempts: number;
  /** 0 to 1: engine download on intro screens, capture on capture screens, uploads while submitting. */
  progress: number;
  engineReady: boolean;
  online: boolean;
  /** A `DocumentHint` or `FaceHint`; a code this version does not know shows no hint. */
  hint: string | null;
  /** The challenge, on `face_intro` and `face_capture`. */
  challenge: ChallengeView | null;
  /** True for a camera that faces the user. */
  mirrored: boolean;
  /** Size of the frames that `quad` and `face` are measured in, in pixels. */
  frame: Size | null;
  /** Corners in frame pixels: top left, top right, bottom right, bottom left of the document. */
  quad: Point[] | null;
  /** The largest face in frame pixels. */
  face: Rect | null;
  /** `id1`, `id2`, `id3`; empty outside the document step. */
  documentKinds: string[];
  /** Side of the document that the step is at; null outside the document step. */
  side: DocumentSide | null;
  /** Whether the document's back will be asked for. */
  twoSided: boolean;
  /** On `document_capture`: the user may take the picture by hand, from now on for this side. */
  manual: boolean;
  /** Whether the answer to what was handed in is waited for. */
  busy: boolean;
  person: PersonView | null;
  otp: OtpView | null;
  secret: SecretView | null;
  signature: SignatureView | null;
  /** On `document_capture` and `document_timeout`: a file may be handed in now. */
  upload: boolean;
  /** On `document_timeout`: why the last file was not taken, a `FileProblem`. */
  fileProblem: string | null;
  consent: ConsentTerms | null;
  retry: { reason: string; attemptsLeft: number } | null;
  error: { code: string; retryable: boolean } | null;
  returnUrl: string | null;
  /** Opaque id of the submission, once there is one. */
  submissionId: string | null;
  /** True on `done` when the session ended without a submission, on `submitting` while that is being told. */
  cancelled: boolean;
}
