import type { Sending } from './errors.js';

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
