//! Toss's public key: configuration, never built in.

use super::armor::der_of;
use crate::error::{Error, ErrorKind};
use rsa::RsaPublicKey;
use rsa::pkcs8::DecodePublicKey;
use rsa::traits::PublicKeyParts;
use sha2::{Digest, Sha256};
use std::fmt;

/// SHA-256 of the DER of the public key that Toss publishes: the copy in its Java SDK and the one in its
/// apps-in-toss document have it.
pub const PRODUCTION_KEY_SHA256: &str = "3c9b95d619baa27623d5509d68e2c48df2330abac55e69de5a0a5b9c555ff9e3";

/// Bytes of the modulus: RSA-4096.
pub const MODULUS_BYTES: usize = 512;

/// An RSA-4096 public key that session keys are encrypted to.
#[derive(Clone, PartialEq, Eq)]
pub struct TossPublicKey {
    key: RsaPublicKey,
    sha256: [u8; 32],
}

impl fmt::Debug for TossPublicKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_tuple("TossPublicKey").field(&self.fingerprint()).finish()
    }
}

impl TossPublicKey {
    /// Reads a SubjectPublicKeyInfo: DER, its PEM, or its base64 alone. Fails with [`ErrorKind::KeyInvalid`]
    /// unless it is RSA with 4096 bits.
    pub fn read(bytes: &[u8]) -> Result<Self, Error> {
        let invalid = |why: &str| Error::new(ErrorKind::KeyInvalid, why);
        let der = der_of(bytes).ok_or_else(|| invalid("neither DER nor PEM nor base64"))?;
        let key = RsaPublicKey::from_public_key_der(&der).map_err(|_| invalid("not an RSA public key"))?;
        if key.size() != MODULUS_BYTES {
            return Err(invalid("not an RSA key with 4096 bits"));
        }
        Ok(Self { key, sha256: Sha256::digest(&der).into() })
    }

    /// SHA-256 of the key's DER, in hex.
    pub fn fingerprint(&self) -> String {
        hex::encode(self.sha256)
    }

    /// Whether this is the key that Toss publishes.
    pub fn is_of_production(&self) -> bool {
        self.fingerprint() == PRODUCTION_KEY_SHA256
    }

    pub(super) fn key(&self) -> &RsaPublicKey {
        &self.key
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_published_key_is_known_where_a_file_holds_it() {
        let Some(path) = std::env::var_os("IDV_TOSS_PUBLIC_KEY") else {
            return eprintln!("skipped: IDV_TOSS_PUBLIC_KEY names no file");
        };
        let bytes = std::fs::read(path).expect("file");
        assert!(TossPublicKey::read(&bytes).expect("key").is_of_production());
    }

    #[test]
    fn what_is_no_rsa_4096_key_is_refused() {
        let p256 = "MFkwEwYHKoZIzj0CAQYIKoZIzj0DAQcDQgAEEVs/o5+uQbTjL3chynL4wXgUg2R9q9UU8I5m\
            EovUf86QZ7kOBIjJwqnzD1omageEHWwHdBO6B+dFabmdT9POxg==";
        for bad in [&b""[..], b"-----BEGIN PUBLIC KEY-----", b"AAAA", b"\x30\x00", p256.as_bytes()] {
            assert_eq!(TossPublicKey::read(bad).expect_err("refused").kind(), ErrorKind::KeyInvalid);
        }
    }
}
