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
