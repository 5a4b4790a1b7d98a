//! The verifier's key of a session, and what was sealed to it.

use super::failure::{Failure, Part};
use super::jose::{header, parts};
use crate::error::{Error, ErrorKind};
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use hkdf::Hkdf;
use idv_protocol::CaptureKind;
use idv_protocol::seal::{CAPTURE_TYP, FRAMES_TYP, Jwk, SEAL_ALG, SEAL_ENC, SealHeader};
use idv_seal::jose::{IV_BYTES, TAG_BYTES, decode, jwk_of_point, point_of_jwk, thumbprint};
use idv_seal::kdf::content_key;
use p256::elliptic_curve::sec1::ToEncodedPoint;
use sha2::Sha256;
use std::fmt;
use std::sync::Arc;
use zeroize::Zeroizing;

/// Fewest bytes of an operator's secret: as many as the keys that are made of it.
const MIN_SECRET_BYTES: usize = 32;

/// What the keys are made for, so that the same secret may serve for other things.
const KEY_INFO: &[u8] = b"idv-web verifier key 1";

/// Draws of a key: one in 2^32 is no scalar of P-256, and the next is taken.
const DRAWS: u8 = 4;

/// The operator's secret, of which each session's key is made: no private key is stored anywhere. Wiped from memory
/// when dropped; `Debug` shows nothing of it.
#[derive(Clone)]
pub struct VerifierSecret(Arc<Zeroizing<Vec<u8>>>);

impl fmt::Debug for VerifierSecret {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("VerifierSecret(..)")
    }
}

impl VerifierSecret {
    /// A secret of at least 32 random bytes. Fails with [`ErrorKind::KeyInvalid`].
    pub fn new(secret: &[u8]) -> Result<Self, Error> {
        if secret.len() < MIN_SECRET_BYTES {
            return Err(Error::new(ErrorKind::KeyInvalid, "the operator's secret has less than 32 bytes"));
        }
        Ok(Self(Arc::new(Zeroizing::new(secret.to_vec()))))
    }

    /// The key of a session: HKDF-SHA256 (RFC 5869) over the secret, with the session's id as salt. Fails with
    /// [`ErrorKind::KeyInvalid`] where no draw is a scalar of P-256, which does not happen.
    pub fn of_session(&self, session_id: &str) -> Result<Verifier, Error> {
        let hkdf = Hkdf::<Sha256>::new(Some(session_id.as_bytes()), &self.0);
        let mut bytes = Zeroizing::new([0; 32]);
        for draw in 0..DRAWS {
            if hkdf.expand_multi_info(&[KEY_INFO, &[draw]], &mut bytes[..]).is_ok()
                && let Ok(key) = p256::SecretKey::from_slice(&bytes[..])
            {
                return Verifier::new(key);
            }
        }
        Err(Error::new(ErrorKind::KeyInvalid, "no verifier key for this session"))
    }
}

/// The verifier's key of one session. Wiped from memory when dropped; `Debug` shows the thumbprint of its public half.
#[derive(Clone)]
pub struct Verifier {
    key: p256::SecretKey,
    jwk: Jwk,
    thumbprint: String,
}

impl fmt::Debug for Verifier {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Verifier").field("thumbprint", &self.thumbprint).finish_non_exhaustive()
    }
}

/// A capture that was opened. `Debug` shows no content.
#[derive(Clone, PartialEq, Eq)]
pub struct OpenedCapture {
    /// What it says that it shows.
    pub kind: CaptureKind,
    /// The attempt that it says it belongs to.
    pub attempt: u32,
    /// Its bytes.
    pub bytes: Vec<u8>,
}

impl fmt::Debug for OpenedCapture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenedCapture").field("kind", &self.kind).finish_non_exhaustive()
    }
}

impl Verifier {
    fn new(key: p256::SecretKey) -> Result<Self, Error> {
        let invalid = || Error::new(ErrorKind::KeyInvalid, "a key without a public half");
        let jwk = jwk_of_point(key.public_key().to_encoded_point(false).as_bytes()).ok_or_else(invalid)?;
        let thumbprint = thumbprint(&jwk).ok_or_else(invalid)?;
        Ok(Self { key, jwk, thumbprint })
    }

    /// Its public half, for the plan.
    pub fn jwk(&self) -> &Jwk {
        &self.jwk
    }

    /// Opens a capture that was handed in as `kind` for `attempt` of `session_id`.
    pub fn open_capture(
        &self,
        jwe: &str,
        session_id: &str,
        attempt: u32,
        kind: CaptureKind,
    ) -> Result<OpenedCapture, Failure> {
        let part = Part::Capture(kind);
        let (header, bytes) = self.open(jwe, part)?;
        if header.session != session_id {
            return Err(Failure::Session(part));
        }
        if header.attempt != attempt {
            return Err(Failure::Attempt(part));
        }
        match header.kind {
            Some(found) if found == kind => Ok(OpenedCapture { kind, attempt, bytes }),
            _ => Err(Failure::CaptureSwapped(kind)),
        }
    }

    /// Opens frames of `attempt` of `session_id`.
    pub(super) fn open_frames(&self, jwe: &str, session_id: &str, attempt: u32) -> Result<Vec<u8>, Failure> {
        let (header, bytes) = self.open(jwe, Part::Frames)?;
        if header.session != session_id {
            return Err(Failure::Session(Part::Frames));
        }
        if header.attempt != attempt {
            return Err(Failure::Attempt(Part::Frames));
        }
        Ok(bytes)
    }

    fn open(&self, jwe: &str, part: Part) -> Result<(SealHeader, Vec<u8>), Failure> {
        let malformed = Failure::Malformed(part);
        let [head, encrypted_key, iv, ciphertext, tag] = parts::<5>(jwe, part, &[1])?;
        let typ = if matches!(part, Part::Frames) { FRAMES_TYP } else { CAPTURE_TYP };
        let header: SealHeader = header(head, part, &[("alg", SEAL_ALG), ("enc", SEAL_ENC)], typ)?;
        if !encrypted_key.is_empty() {
            return Err(malformed);
        }
        if header.kid != self.thumbprint {
            return Err(Failure::VerifierOther(part));
        }
        let unusable = Failure::KeyUnusable(part);
        let point = point_of_jwk(&header.epk).ok_or(unusable)?;
        let public = p256::PublicKey::from_sec1_bytes(&point).map_err(|_| unusable)?;
        let iv: [u8; IV_BYTES] = decode(iv).and_then(|iv| iv.try_into().ok()).ok_or(malformed)?;
        let mut sealed = decode(ciphertext).ok_or(malformed)?;
        let tag = decode(tag).filter(|tag| tag.len() == TAG_BYTES).ok_or(malformed)?;
        sealed.extend(tag);
        let shared = p256::ecdh::diffie_hellman(self.key.to_nonzero_scalar(), public.as_affine());
        let key = Zeroizing::new(content_key(shared.raw_secret_bytes()));
        let bytes = Aes256Gcm::new(&(*key).into())
            .decrypt(&Nonce::from(iv), Payload { msg: &sealed, aad: head.as_bytes() })
            .map_err(|_| Failure::Integrity(part))?;
        Ok((header, bytes))
    }
}
