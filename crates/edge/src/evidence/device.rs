//! What a page does, natively: for tests of the verifier and for apps without a browser. In a browser the device key
//! lives in WebCrypto and is not extractable; here it lives in memory.

use crate::error::{Error, ErrorKind};
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use idv_protocol::seal::{DeviceKeyClaims, Jwk};
use idv_seal::jose::{
    IV_BYTES, SealTo, compact_jwe, compact_jws, device_key_input, evidence_input, jwk_of_point, point_of_jwk,
    thumbprint,
};
use idv_seal::kdf::content_key;
use p256::ecdsa::signature::Signer as _;
use p256::ecdsa::{Signature, SigningKey};
use p256::elliptic_curve::sec1::ToEncodedPoint;
use std::fmt;
use zeroize::Zeroizing;

/// A key that signs for one device. Wiped from memory when dropped; `Debug` shows its thumbprint.
#[derive(Clone)]
pub struct DeviceKey {
    key: SigningKey,
    jwk: Jwk,
    thumbprint: String,
}

impl fmt::Debug for DeviceKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeviceKey").field("thumbprint", &self.thumbprint).finish_non_exhaustive()
    }
}

fn no_scalar() -> Error {
    Error::new(ErrorKind::KeyInvalid, "not a P-256 scalar")
}

impl DeviceKey {
    /// Makes a key of 32 random bytes. Fails with [`ErrorKind::KeyInvalid`] on the few values (about 1 in 2^32) that are
    /// no P-256 scalar; draw again then.
    pub fn from_random(random: &[u8; 32]) -> Result<Self, Error> {
        let key = SigningKey::from_slice(random).map_err(|_| no_scalar())?;
        let point = key.verifying_key().to_encoded_point(false);
        let jwk = jwk_of_point(point.as_bytes()).ok_or_else(no_scalar)?;
        let thumbprint = thumbprint(&jwk).ok_or_else(no_scalar)?;
        Ok(Self { key, jwk, thumbprint })
    }

    /// Its public half.
    pub fn jwk(&self) -> &Jwk {
        &self.jwk
    }

    /// RFC 7638 thumbprint of its public half.
    pub fn thumbprint(&self) -> &str {
        &self.thumbprint
    }

    /// The compact JWS that registers it for the open attempt of a session.
    pub fn registration(&self, session_id: &str, nonce: &str) -> Result<String, Error> {
        let claims = DeviceKeyClaims {
            session_id: session_id.to_owned(),
            nonce: nonce.to_owned(),
            thumbprint: self.thumbprint.clone(),
        };
        self.signed(device_key_input(&self.jwk, &claims))
    }

    /// The compact JWS over evidence, whose JSON is `evidence`.
    pub fn sign_evidence(&self, evidence: &str) -> Result<String, Error> {
        self.signed(evidence_input(&self.thumbprint, evidence))
    }

    fn signed(&self, input: Option<String>) -> Result<String, Error> {
        let input =
            input.ok_or_else(|| Error::new(ErrorKind::RequestInvalid, "cannot be written as JSON"))?;
        let signature: Signature = self.key.sign(input.as_bytes());
        Ok(compact_jws(&input, &signature.to_bytes()))
    }
}

/// Seals `bytes` with a key for this one body, of 32 random bytes, and a random IV. Fails with
/// [`ErrorKind::KeyInvalid`].
pub fn seal(to: &SealTo, bytes: &[u8], key: &[u8; 32], iv: &[u8; IV_BYTES]) -> Result<String, Error> {
    let key = p256::SecretKey::from_slice(key).map_err(|_| no_scalar())?;
    let invalid = || Error::new(ErrorKind::KeyInvalid, "the verifier's key is not on P-256");
    let point = point_of_jwk(&to.verifier).ok_or_else(invalid)?;
    let verifier = p256::PublicKey::from_sec1_bytes(&point).map_err(|_| invalid())?;
    let epk = jwk_of_point(key.public_key().to_encoded_point(false).as_bytes()).ok_or_else(invalid)?;
    let protected = to.protected(epk).ok_or_else(invalid)?;
    let shared = p256::ecdh::diffie_hellman(key.to_nonzero_scalar(), verifier.as_affine());
    let content_key = Zeroizing::new(content_key(shared.raw_secret_bytes()));
    let sealed = Aes256Gcm::new(&(*content_key).into())
        .encrypt(&Nonce::from(*iv), Payload { msg: bytes, aad: protected.as_bytes() })
        .map_err(|_| Error::new(ErrorKind::RequestInvalid, "too long to be sealed"))?;
    Ok(compact_jwe(&protected, iv, &sealed))
}
