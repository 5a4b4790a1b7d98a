/**
 * idv-web/edge: TomoIDV, Argos KYC and Toss certificates as a server uses them, and the relay that the hosted page talks
 * to. For Node 20 and workerd; browsers are refused it.
 *
 * Every call fails with an {@link EdgeError}. No error holds a key, a token or personal data, nor what the other side said
 * in its own words.
 */

/** What went wrong. */
export type ErrorCode =
  /** A key or secret that is none of the expected form. */
  | 'key_invalid'
  /** A URL that cannot be read, or `http:` to another host than this machine. */
  | 'url_invalid'
  /** A client id of one of the vendor's environments used at the other. */
  | 'environment_mismatch'
  /** A policy that no verification can meet, or a policy key that is none. */
  | 'policy_invalid'
  /** A token that is malformed or signed by another key. */
  | 'token_invalid'
  /** A request that cannot be built: an option is missing, unknown or out of its limits. Nothing was sent. */
  | 'request_invalid'
  /** The other side answered with an error status; see `status` and `refusal`. */
  | 'refused'
  /** The other side answered with something this client does not understand. */
  | 'response_invalid'
  /** The answer is larger than any answer of this API. */
  | 'response_too_large'
  /** No answer in time. */
  | 'request_timeout'
  /** No connection, or it broke. */
  | 'network_lost'
  /** Our own fault. */
  | 'internal';

/** The one error of this module. */
export class EdgeError extends Error {
  /** Stable code. */
  readonly code: ErrorCode;
  /** Whether the same call can succeed later. What is safe to send again was sent again already. */
  readonly retryable: boolean;
  /** HTTP status of a refusal. */
  readonly status?: number;
  /** The other side's code: `error` of RFC 6749, a message of Argos as a code, a `CE…` code of Toss. */
  readonly refusal?: string;
  /** Seconds that the other side asked to wait, where that is longer than is waited here. */
  readonly retryAfterS?: number;
}

/** How requests are sent. */
export interface Sending {
  /** In place of the engine's `fetch`; its `signal` must be obeyed. */
  fetch?: (url: string, init: RequestInit) => Promise<Response>;
  /** Time for a whole request in ms; 15 s without. */
  timeoutMs?: number;
}

// ---------------------------------------------------------------- TomoIDV

/** Where TomoIDV runs: the vendor's environments, or a server with the same contract (`https:`, or `http:` on this machine). */
export type TomoEnvironment = 'sandbox' | 'production' | { baseUrl: string };

/** What is verified, how, and how sure one is of the owner. Parts that exclude each other are refused before sending. */
export interface KycPolicy {
  subject:
    | { kind: 'personal_info'; idType: 'null' }
    | { kind: 'document'; idType: 'id_card' | 'passport' | 'residential_card' }
    | { kind: 'eid'; idType: 'certificate' };
  method: 'personal_info_verf' | 'government_id_verf' | 'document_ocr_check' | 'document_authenticity_check' | 'government_ci_verf';
  ownerAssurance:
    | { kind: 'no_owner_assurance' }
    | { kind: 'owner_verf'; type: 'sms_otp' | 'document_secret' | 'toss' }
    | { kind: 'owner_check'; type: 'submitted_doc_selfie_match' };
}

/** Country and policy: by their canonical key (`kr:eid:certificate:government_ci_verf:owner_verf:toss`, `us:default`), or apart. */
export type CountryAndPolicy =
  | { policyKey: string; country?: undefined; kycPolicy?: undefined }
  | { policyKey?: undefined; country?: string; kycPolicy?: KycPolicy };

export type StartOptions = CountryAndPolicy & {
  /** Your own user id. */
  userId?: string;
  /** Used by some countries' paths. */
  email?: string;
  /** Where the flow returns to when it succeeded. Put an own unguessable id into its query. */
  redirectUrlSuccess?: string;
  /** Where it returns to otherwise. */
  redirectUrlFail?: string;
};

/** A verified policy of a user. Personal data that were not read are empty. */
export interface ResultRecord {
  authId: string;
  policyKey: string;
  country: string;
  /** Contract 1.3. */
  result: { dateOfBirth: string; fullName: string; country: string; fullAddress: string; givenName?: string; familyName?: string; sex?: string };
  /** Contract 1.4. */
  kyc?: {
    schemaVersion: string;
    status: 'approved' | 'rejected' | 'pending_review' | 'expired' | 'canceled';
    completedAt: string;
    person: { fullName: string; givenName: string; familyName: string; dateOfBirth: string; sex: string; nationality: string };
    document: { category: string; number: string; issuingCountry: string; expirationDate: string };
    checks: Record<string, Record<string, string | number>>;
    process: { steps: string[] };
    statusReason?: string;
    submissionId?: string;
  };
}

export interface TomoClient {
  /** Starts a verification. `startIdvUri` is opened once, by the visitor; it holds a token. Sent again only if it never left. */
  startVerification(start: StartOptions): Promise<{ startIdvUri: string }>;
  /** The results of a user: the only place where a verification is known to have succeeded. */
  result(query: CountryAndPolicy & { userId: string }): Promise<{ ppid?: string; records: ResultRecord[] }>;
  /** Makes a verification start anew: `reset` or `not_resettable`. */
  reset(reset: CountryAndPolicy & { userId: string }): Promise<string>;
  /** Deletes the results of a user: `deleted` or `not_deletable`. */
  deleteResult(userId: string): Promise<string>;
  /** Deletes the results of 1 to 1000 users; the elements are as the server sends them. */
  bulkDelete(userIds: string[]): Promise<unknown[]>;
  /** What the service says of its health. */
  health(): Promise<string>;
  /** Wipes the key and the access token. The client cannot be used any more. */
  close(): void;
}

export const tomo: {
  /**
   * A client of TomoIDV. `secretKey` is the text that the console gives (base64url of a private JWK); `issuedBy` names the
   * console that issued the client id, where that is to be held against `environment`. Fails with `key_invalid`,
   * `url_invalid`, `environment_mismatch`, `request_invalid`.
   */
  createClient(options: Sending & { environment: TomoEnvironment; issuedBy?: 'sandbox' | 'production'; clientId: string; secretKey: string; apiVersion?: '1.3' | '1.4' }): TomoClient;
  /** What the URL that a visitor came back with claims. Anyone can make one: ask for the result. `finding` is for developers. */
  readReturn(url: string | URL, options: { clientId: string; nowMs?: number }): { parameters: Record<string, string>; claimedError?: string; finding: string };
};

// ---------------------------------------------------------------- Argos KYC

/** Fields of your own that come back with the submission. */
export interface ArgosCustom { userid?: string; cf1?: string; cf2?: string; cf3?: string }

/** Why another picture is asked for. Codes that are not known are kept. */
export interface ArgosRetry {
  code: string;
  message: string;
  nextAction: 'retake_document' | 'retake_back' | 'other_document' | 'retake_selfie' | 'repeat_step';
}

export interface ArgosStep1 {
  /** ISO 3166 alpha-3. */
  issuingCountry: string;
  email: string;
  idType: 'passport' | 'government_id' | 'drivers_license';
  /** JPEG or PNG of at most 2 MB. */
  idImage: Uint8Array;
  idBackImage?: Uint8Array;
  /** The earlier step1 that this one repeats, within 4 hours. */
  submissionId?: string;
  custom?: ArgosCustom;
  options?: { withoutCountryBlacklist?: boolean; withoutApprovePeriod?: boolean; withoutRejectPeriod?: boolean; withoutAgeLimit?: boolean; rejectDuplicateUser?: boolean };
}

export interface ArgosStep2 {
  submissionId: string;
  faceImage: Uint8Array;
  name: string;
  /** YYYY-MM-DD. */
  dateOfBirth: string;
  gender?: 'male' | 'female';
  nationality?: string;
  identity?: { identityNumber?: string; licenseNumber?: string; serialNumber?: string; documentNumber?: string; dateOfIssue?: string; dateOfExpiry?: string };
  /** One of the three forms, and what the visitor typed. */
  address?: { globalCode?: string; compoundCode?: string; formattedAddress?: string; input?: string; detail?: string };
  addressImage?: Uint8Array;
  /** With it a Korean document's required number is asked for before sending. */
  document?: { issuingCountry: string; idType: string };
}

export interface ArgosSubmission {
  submissionId: string;
  email?: string;
  userid?: string;
  applicantId?: string;
  createdAtMs?: number;
  /** `approved`, `rejected`, `pending`, `incomplete`, or a word that is not known. */
  kyc: { result: string; comment: string[]; commentCodes: string[]; attempts: Record<string, unknown>[] };
  data: Partial<Record<'name' | 'gender' | 'nationality' | 'dateOfBirth' | 'cf1' | 'cf2' | 'cf3' | 'ipAddress' | 'issuingCountry' | 'issueDate' | 'expireDate' | 'idType' | 'identityNumber' | 'documentNumber', string>>;
}

export interface ArgosClient {
  /** Sends the document. Each arrival may use up a try: sent again only if it never left. */
  step1(step: ArgosStep1): Promise<{ submissionId: string; ocr: { name?: string; gender?: string; nationality?: string; birthDate?: string; issueDate?: string }; fileUpload?: boolean; retry: ArgosRetry[] }>;
  /** Sends the face. Only {@link submission} tells how it ended. */
  step2(step: ArgosStep2): Promise<{ kycStatus: string; verificationResult?: string; faceSimilarityScore?: number; livenessScore?: number; retryCount: number; retry: ArgosRetry[] }>;
  /** A page of submissions; pass `next` as `page` for the one after. */
  list(query?: { userid?: string; email?: string; count?: number; startDate?: string; endDate?: string; requestType?: 'kyc' | 'aml' | 'data' | 'others'; page?: unknown }): Promise<{ items: ArgosSubmission[]; next?: unknown }>;
  /** One submission; null where there is none. */
  submission(submissionId: string): Promise<ArgosSubmission | null>;
  /** The approved submissions of one person. */
  applicant(applicantId: string): Promise<ArgosSubmission[]>;
  image(submissionId: string, type: 'idImage' | 'idBackImage' | 'selfieImage' | 'addressImage'): Promise<{ format: 'jpeg' | 'png'; bytes: Uint8Array }>;
  amlReport(resourceId: string): Promise<{ format: 'pdf'; bytes: Uint8Array }>;
  addressCode(query: { address: string; language?: string }): Promise<{ formattedAddress: string; compoundCode: string; globalCode: string }>;
  /** Deletes a submission, its data and its images, for good. */
  delete(submissionId: string): Promise<'deleted'>;
  /** Wipes the key. */
  close(): void;
}

export const argos: {
  /** A client of Argos v2. Fails with `key_invalid`, `url_invalid`, `request_invalid`. */
  createClient(options: Sending & { environment: 'production' | { baseUrl: string }; apiKey: string }): ArgosClient;
  /** What a webhook claims. The vendor signs none: read the submission again. */
  readWebhook(body: string | Uint8Array): { claimedTrigger?: string; submissionId?: string; isEncrypted: boolean };
};

// ---------------------------------------------------------------- Toss

/** What is signed; of a PDF its SHA-256 in hex. */
export type TossDocument = { text: string } | { html: string } | { pdfSha256: string };

export interface TossRequest {
  /** By name, phone (digits) and birthday (YYYYMMDD), or by CI. They go over the wire encrypted. */
  person: { name: string; phone: string; birthday: string } | { ci: string };
  /** Links that the caller opens; without it Toss pushes to the person's app. */
  appScheme?: { successCallbackUrl?: string; failCallbackUrl?: string };
  /** Up to 50 characters. */
  serviceName: string;
  docTitle: string;
  document: TossDocument;
  /** Must be set where the document holds personal data. */
  encryptDocument?: boolean;
  /** Seconds to sign in, 1 to 1800. */
  expireS?: number;
}

/** How the signature came out. Without a configured root `chain` is `not_checked`: nobody vouches for the signer's name then. */
export type TossVerification =
  | { holds: false; failure: string; message: string }
  | {
      holds: true;
      signedAtS: number;
      chain: 'trusted' | 'not_checked';
      rootSha256?: string;
      revocation: 'not_listed' | 'not_checked';
      revocationListOfS?: number;
      signer: { commonName?: string; uid?: string; issuer: string; serial: string; certificateSha256: string; revocationListUrls: string[] };
    };

export interface TossResult {
  txId: string;
  verification: TossVerification;
  /** The signature, DER: Toss obliges its customers to store it with the transaction id. */
  signedDoc: Uint8Array;
  signatureType: string;
  completedAtS: number;
  requestedAtS: number;
  document?: string;
  personal: Partial<Record<'ci' | 'di' | 'name' | 'birthday' | 'gender' | 'nationality' | 'ci2' | 'ciUpdate', string>>;
  /** Store it in the place of the one before: a result can be read twice, within an hour. */
  reads: string;
  readsLeft: number;
}

export interface TossClient {
  /** Asks for a signature. Store `txId` and `reads`; sent again only if it never left. */
  request(sign: TossRequest): Promise<{ txId: string; links?: { appScheme: string; androidAppUri: string; iosAppUri: string }; requestedAtS: number; reads: string }>;
  /** `requested`, `in_progress`, `completed`, `expired`: a hint for waiting, never a proof. */
  status(txId: string): Promise<string>;
  /** Reads the result and verifies it over the document that was sent. A third read and one after an hour are refused here. */
  result(options: { reads: string; document: TossDocument }): Promise<TossResult>;
  /** Wipes the secret and the access token. */
  close(): void;
}

export const toss: {
  /**
   * A client of Toss. `publicKey` (PEM or base64) is Toss's own, held against its published hash in production; `hosts` is
   * for a stand-in, in the sandbox only. Fails with `key_invalid`, `url_invalid`, `request_invalid`.
   */
  createClient(options: Sending & {
    environment: 'sandbox' | 'production';
    clientId: string;
    clientSecret: string;
    publicKey: string;
    hosts?: { tokenBase: string; apiBase: string };
    /** Certificates and revocation lists, PEM or base64 of DER. */
    trust?: { root: string; intermediates?: string[]; revocationLists?: string[] };
  }): TossClient;
  /** `reads` once the status said `completed`, so that the hour counts from there. */
  seenCompleted(reads: string, nowMs?: number): string;
};

// ---------------------------------------------------------------- Evidence

/** A public P-256 key. */
export interface Jwk { kty: string; crv: string; x: string; y: string }

export type CaptureKind = 'document_front' | 'document_back' | 'selfie' | 'action_1' | 'action_2';

/** What a page handed in for an attempt: the signed evidence (compact JWS), its captures (compact JWE, or digests of those opened before), the frames that were drawn (compact JWE). */
export interface EvidenceBundle {
  evidence: string;
  captures: ({ kind: CaptureKind; attempt: number } & ({ jwe: string } | { sha256: string; bytes?: number }))[];
  frames?: string;
}

/** What the operator knows of the attempt. */
export interface EvidenceContext {
  sessionId: string;
  attempt: number;
  nonce: string;
  /** The key that the page registered; without it nothing holds. */
  deviceKey?: Jwk;
  openedAtMs: number;
  /** Now, without. */
  nowMs?: number;
  required?: CaptureKind[];
  configurationSha256?: string;
  /** `evidenceSha256` of evidence that was taken before. */
  seen?: string[];
  /** Frames that were drawn. */
  drawn?: number[];
}

/** Everything holds, or the first thing that does not. It proves that nobody changed anything between page and verifier, not that the page was ours. */
export type EvidenceVerdict =
  | { state: 'valid'; evidenceSha256: string; captures: CaptureKind[]; frames: number[]; evidence: Record<string, unknown> }
  | { state: 'refused'; code: string; subject?: string };

/** Checks a bundle. `secret`: at least 32 random bytes of the operator, of which each session's verifier key is made. */
export function checkEvidence(options: { secret: Uint8Array; bundle: EvidenceBundle; context: EvidenceContext }): EvidenceVerdict;

/** The public key of a session, which its page seals to. */
export function verifierKey(options: { secret: Uint8Array; sessionId: string }): Jwk;

// ---------------------------------------------------------------- Relay

/** Why an attempt failed; the codes of the page. */
export type Reason =
  | 'document_not_found' | 'document_unreadable' | 'document_expired' | 'document_mismatch' | 'portrait_not_found'
  | 'face_not_found' | 'liveness_failed' | 'face_mismatch' | 'evidence_invalid';

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
  plan?: { documentTimeoutMs?: number; faceTimeoutMs?: number; challengeSet?: 'standard' | 'no_head_movement' | 'no_precise_sight'; challengeToleranceMs?: number; challengeMaxDraws?: number; manualAfterMs?: number; upload?: boolean; barcode?: boolean };
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

// ---------------------------------------------------------------- workerd only

/** The parts of a Durable Object namespace that are used. */
export interface ObjectNamespace { idFromName(name: string): unknown; get(id: never): { fetch(url: string, init?: RequestInit): Promise<Response> } }

export type RelayWorkerSettings = RelaySettings & {
  /** Durable Object namespace of `RelaySession`. */
  sessions: ObjectNamespace;
  /** Durable Object namespace of `RelayAddress`. */
  addresses: ObjectNamespace;
  /** The visitor's address; the header `cf-connecting-ip` without. */
  addressOf?(request: Request): string;
};

export interface RelayWorker<Env> {
  /** The Worker's own `fetch`, for paths under `/relay/v1/`. */
  fetch(request: Request, env: Env): Promise<Response>;
  start(env: Env, start: RelayStart): Promise<RelayStarted>;
  /** Export both from the Worker's main module. */
  RelaySession: new (state: never, env: Env) => { fetch(request: Request): Promise<Response>; alarm(): Promise<void> };
  RelayAddress: new (state: never, env: Env) => { fetch(): Promise<Response>; alarm(): Promise<void> };
}

/** workerd only: the relay as a Worker, with a Durable Object for each session and one for each address. */
export function createRelayWorker<Env>(settingsOf: (env: Env) => RelayWorkerSettings): RelayWorker<Env>;

/** workerd only: captures in an R2 bucket, until the session has ended. */
export function r2Captures(bucket: { put(key: string, bytes: Uint8Array, options?: object): Promise<unknown>; get(key: string): Promise<{ arrayBuffer(): Promise<ArrayBuffer> } | null>; delete(keys: string[]): Promise<unknown>; list(options: object): Promise<{ objects: { key: string }[]; truncated: boolean; cursor?: string }> }): CaptureStore;

/** workerd only: captures forwarded to a server of yours (PUT and GET `base/NAME`, DELETE `base/SESSION`) with a bearer token. */
export function upstreamCaptures(options: Sending & { base: string; token: string }): CaptureStore;
