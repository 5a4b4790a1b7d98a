import type { Sending } from './errors.js';

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

/** Who is authenticated, and where the app goes back to. Without a person it is "one touch": whoever opens the app. */
export type TossAuth = { kind: 'identity' | 'simple' } & (
  | { person: { name: string; phone: string; birthday: string }; push: true; requestUrl?: string }
  | { person: { name: string; phone: string; birthday: string }; push?: false; requestUrl: string }
  | { person?: undefined; push?: false; requestUrl: string }
);

export interface TossAuthResult {
  txId: string;
  /** Holds only where the signature is over a statement of this transaction. */
  verification: TossVerification;
  /** The signature, DER: Toss obliges its customers to store it with the transaction id. */
  signature: Uint8Array;
  completedAtS: number;
  requestedAtS: number;
  personal: TossResult['personal'] & { ageGroup?: 'ADULT' | 'MINOR' | (string & {}) };
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
  /** Asks for an authentication. Store `txId` and `reads`; sent again only if it never left. */
  authenticate(auth: TossAuth): Promise<{ txId: string; links?: { appScheme: string; androidAppUri: string; iosAppUri: string }; requestedAtS: number; reads: string }>;
  /** As `status`, of an authentication. */
  authStatus(options: { kind: 'identity' | 'simple'; txId: string }): Promise<string>;
  /** Reads the result of an authentication and verifies its signature. */
  authResult(options: { kind: 'identity' | 'simple'; reads: string }): Promise<TossAuthResult>;
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
