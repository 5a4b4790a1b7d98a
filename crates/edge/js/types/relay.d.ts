import type { ArgosClient, ArgosStep1, ArgosStep2 } from './argos.js';
import type { CaptureKind } from './evidence.js';
import type { TossClient } from './toss.js';

/** Why an attempt failed; the codes of the page. */
export type Reason =
  | 'document_not_found' | 'document_unreadable' | 'document_expired' | 'document_mismatch' | 'document_not_authentic'
  | 'portrait_not_found' | 'face_not_found' | 'liveness_failed' | 'face_mismatch'
  | 'not_on_record' | 'otp_failed' | 'secret_wrong'
  | 'signature_refused' | 'signature_expired' | 'signature_invalid'
  | 'vendor_rejected' | 'evidence_invalid' | 'camera_not_genuine'
  | 'camera_denied' | 'camera_unavailable' | 'consent_refused' | 'user_canceled' | 'session_expired';

/** `final` offers no other attempt; `pending` waits for a person: the visitor is done. */
export type Verdict = { approved: true } | { reason: Reason; final?: boolean } | { pending: true };

/** The session that an operator's function is asked about. */
export interface About {
  sessionId: string;
  submissionId: string;
  policyKey: string;
  /** What {@link Relay.start} was given besides. */
  applicant: Record<string, unknown>;
}

/** What a person typed, by the field's code (`full_name`, `birth_date`, `phone`, …). Kept with the session until it has ended. */
export type PersonForm = Record<string, string>;

/** A signature that was asked for: what `checkSignature` needs, and in the end the signed document to store. */
export interface KeptSignature { txId: string; reads: string; text: string; expiresAtMs: number; signedDoc?: number[] }

/** The operator's work at the steps without pictures. Where a function fails, the page is told that nobody answers, and no try is used. */
export interface Entries {
  /** Whether the records know this person; true where the policy has none to ask. */
  checkRecord?(asked: About & { person: PersonForm }): Promise<boolean>;
  /** Sends the code to the person's phone. */
  sendOtp?(asked: About & { person?: PersonForm; code: string }): Promise<void>;
  /** Whether it is the secret of the person's document. */
  checkSecret?(asked: About & { person?: PersonForm; secret: string }): Promise<boolean>;
  /** Asks for a signature; `refused` where nobody will sign. See {@link signByToss}. */
  startSignature?(asked: About & { person?: PersonForm; trigger: 'push' | 'app_scheme' }): Promise<{ refused: true } | { links?: { appScheme: string; androidAppUri: string; iosAppUri: string }; expiresAtMs: number; signature?: KeptSignature }>;
  /** Where the signature stands. `signed` only once the result was read and holds. */
  checkSignature?(asked: About & { person?: PersonForm; signature?: KeptSignature }): Promise<{ seen: 'waiting' | 'signed' | 'refused' | 'expired' | 'invalid'; signature?: KeptSignature }>;
}

/** A completed attempt that the operator judges. */
export interface Attempt extends About {
  /** From 1. */
  attempt: number;
  /** `consent`, `document`, `face`. */
  steps: string[];
  /** The page's evidence, signed by its device and checked against the session. What it measured are hints, never a proof. */
  evidence?: Record<string, unknown>;
  /** A held capture. */
  capture(kind: CaptureKind): Promise<{ sha256: string; bytes: Uint8Array } | undefined>;
  /** What an earlier attempt of this session remembered. */
  memory?: Record<string, unknown>;
  /** Remembers something for the next attempt: ids, never personal data. */
  remember(memory: Record<string, unknown>): Promise<void>;
}

/** Where captures go. They are never kept in a session. */
export interface CaptureStore {
  put(key: { sessionId: string; attempt: number; kind: string; sha256: string }, bytes: Uint8Array): Promise<void>;
  get(key: { sessionId: string; attempt: number; kind: string; sha256: string }): Promise<Uint8Array | undefined>;
  /** Called once the operator knows how the session ended. */
  delete?(sessionId: string): Promise<void>;
}

/** What the plans of sessions are made of. */
export interface PlanSettings {
  /** Time without a capture of the document after which the visitor is asked how to go on; 30 s without. */
  documentTimeoutMs?: number;
  /** The same for the face; 30 s without. */
  faceTimeoutMs?: number;
  /** What the challenge is drawn from; `standard` without. */
  challengeSet?: 'standard' | 'no_head_movement' | 'no_precise_sight';
  /** The visitor may have it drawn from another set. Without a movement of the head no depth is measured: off without. */
  challengeAlternatives?: boolean;
  /** Allowance on each window of the challenge; 1 s without. */
  challengeToleranceMs?: number;
  /** Draws in all: the first, and those after breaks of continuity; 3 without. */
  challengeMaxDraws?: number;
  /** Time on a side of the document after which the visitor may take the picture. */
  manualAfterMs?: number;
  /** A file may take the place of a capture of the document; off without. */
  upload?: boolean;
  /** The documents have a barcode that is read. */
  barcode?: boolean;
}

export interface RelaySettings {
  /** Scheme, host and port that the page is served from. */
  origin: string;
  /** Signs start and return tokens: the text form of a private JWK, as TomoIDV's secret keys. */
  secretKey: string;
  /** Other origins whose pages may call the relay. Every other origin is refused. */
  origins?: string[];
  /** Path or URL of the hosted page; `/idv/start` without. */
  startUrl?: string;
  /** What the user is asked to agree to. */
  terms: { version: string; text?: string; recipients: { name: string; country: string; purpose: string }[]; retentionDays: number };
  plan?: PlanSettings;
  /** A recorded camera is expected: signs of an injection are recorded and not weighed. For tests. */
  testCamera?: boolean;
  /** Token buckets; 90 and 60 a minute for a session, 600 and 600 for an address without. */
  limits?: { session?: { burst?: number; perMinute?: number }; address?: { burst?: number; perMinute?: number } };
  captures: CaptureStore;
  /** Judges an attempt. Where it fails, the page asks again and so does the relay. */
  decide(attempt: Attempt): Promise<Verdict>;
  /** Needed by policies with personal data, codes, secrets or signatures. */
  entries?: Entries;
  /** How a session ended; told until it returns. What was typed and signed is forgotten here then. */
  onSettled?(end: About & { outcome: 'approved' | 'rejected' | 'pending_review' | 'expired' | 'canceled'; reason?: string; attempt: number; person?: PersonForm; signature?: KeptSignature }): Promise<void> | void;
  /** Evidence that does not hold, for a log: the first thing found. */
  onRefused?(refused: About & { code: string; subject?: string }): void;
  /** What failed inside, for a log: errors of `decide`, `captures` and `onSettled`. */
  onError?(error: unknown): void;
}

export interface RelayStart {
  /** Country and policy. */
  policyKey: string;
  redirectUrlSuccess: string;
  redirectUrlFail: string;
  /** The person's id for this client, and the client: claims of the return token. */
  ppid?: string;
  clientId?: string;
  /** Anything more is handed to `decide` and `onSettled` as `applicant`. */
  [applicant: string]: unknown;
}

export interface RelayStarted { sessionId: string; submissionId: string; startIdvUri: string }

/** A stored session and what goes with it; opaque. */
export interface SessionRecord { revision?: number; [member: string]: unknown }

/**
 * Sessions by id. `swap` stores only where the revision is still the one that was loaded (undefined: none), as
 * `revision + 1`. Beside the session, personal data are kept until it has ended: one value for each session.
 */
export interface SessionStore {
  load(sessionId: string): Promise<SessionRecord | undefined>;
  swap(sessionId: string, revision: number | undefined, record: SessionRecord): Promise<boolean>;
  kept(sessionId: string): Promise<Record<string, unknown> | undefined>;
  keep(sessionId: string, value: Record<string, unknown>): Promise<void>;
  forget(sessionId: string): Promise<void>;
}

export interface Relay {
  start(start: RelayStart): Promise<RelayStarted>;
  /** Answers a request under `/relay/v1/`; `address` is the visitor's, for the limits. */
  fetch(request: Request, from?: { address?: string }): Promise<Response>;
  /** Ends a session whose time is over: whether it did. */
  expire(sessionId: string): Promise<boolean>;
}

/** The relay over a session store of yours, on any server with web-standard requests. */
export function createRelay(settings: RelaySettings & { store: SessionStore; limiter?: (kind: 'session' | 'address', key: string) => Promise<number> }): Relay;

/** Sessions in memory: for tests, and for one process that may forget. */
export function memoryStore(): SessionStore;

/** A `decide` by Argos: the document to step1, the face to step2, the end by a read of the submission. */
export function decideByArgos(
  client: ArgosClient,
  document: (attempt: Attempt) => Pick<ArgosStep1, 'issuingCountry' | 'idType' | 'email' | 'custom' | 'options'> & Pick<ArgosStep2, 'identity'> | Promise<Pick<ArgosStep1, 'issuingCountry' | 'idType' | 'email' | 'custom' | 'options'> & Pick<ArgosStep2, 'identity'>>,
): (attempt: Attempt) => Promise<Verdict>;

/** `startSignature` and `checkSignature` by Toss, for `entries`. A signature counts only with a configured root. */
export function signByToss(
  client: TossClient,
  document: (asked: About) => { serviceName: string; docTitle: string; text: string } | Promise<{ serviceName: string; docTitle: string; text: string }>,
): Required<Pick<Entries, 'startSignature' | 'checkSignature'>>;
