import type { Sending } from './errors.js';

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
  /** Who is told that the verification has ended: `https:`, or `http:` on this machine. Nobody signs it: ask for the result. */
  webhookUrl?: string;
};

/** Personal data of contract 1.3. What is not known is empty, or absent where it may be. */
export interface PersonFields {
  dateOfBirth: string;
  fullName: string;
  country: string;
  fullAddress: string;
  givenName?: string;
  familyName?: string;
  sex?: string;
  street?: string;
  city?: string;
  region?: string;
  postalCode?: string;
  phoneNumber?: string;
  emailAddress?: string;
}

/** A verified policy of a user. What is null on the wire is absent here. */
export interface ResultRecord {
  authId: string;
  policyKey: string;
  country: string;
  /** Contract 1.3. */
  result: PersonFields;
  /** Contract 1.4. */
  kyc?: {
    schemaVersion: string;
    status: 'approved' | 'rejected' | 'pending_review' | 'expired' | 'canceled';
    completedAt?: string;
    person: { fullName?: string; givenName?: string; familyName?: string; dateOfBirth?: string; sex?: string; nationality?: string; governmentId?: { type?: string; value: string }; nameVariants: { kind: string; value: string }[] };
    contact: { emailAddress?: string; phoneNumber?: string };
    address: { full?: string; street?: string; street2?: string; city?: string; region?: string; postalCode?: string; country?: string };
    document: { category?: string; number?: string; issuingCountry?: string; issuingRegion?: string; expirationDate?: string; extracted?: Record<string, string>; residencePermit?: Record<string, unknown> };
    checks: Record<'biometric' | 'certificate' | 'dataSource' | 'document' | 'phoneVerification' | 'risk' | 'watchlist', { outcome: string } & Record<string, unknown>>;
    process: { steps: Partial<Record<'termsAcceptance' | 'documentCheck' | 'biometricCheck' | 'dataSourceCheck' | 'phoneVerification' | 'riskCheck' | 'watchlistScreening', string>> };
    /** Each picture asks for the access token that the result asks for. */
    media: { kind: string; url: string }[];
    fieldProvenance: { derivedFields: string[]; missingFields: string[]; notCollectedFields: string[] };
    statusReason?: string;
    submissionId?: string;
  };
}

export interface TomoClient {
  /** Starts a verification. `startIdvUri` is opened once, by the visitor; it holds a token. Sent again only if it never left. */
  startVerification(start: StartOptions): Promise<{ startIdvUri: string }>;
  /** The results of a user: the only place where a verification is known to have succeeded. */
  result(query: CountryAndPolicy & { userId: string }): Promise<{ ppid?: string; records: ResultRecord[] }>;
  /** The older form of a result: what is known of a user who was approved in a country. Anyone else is `refused`. */
  kycGet(query: { userId: string; country: string }): Promise<PersonFields>;
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
