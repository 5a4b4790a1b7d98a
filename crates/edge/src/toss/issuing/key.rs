//! RSA private keys: made of a seed, stored as PKCS#8, opening sessions.

use crate::error::{Error, ErrorKind};
use crate::toss::session::{FieldFailure, Session, Tagged};
use rsa::pkcs1v15::{Signature, SigningKey, VerifyingKey};
use rsa::pkcs8::{DecodePrivateKey, EncodePrivateKey, EncodePublicKey};
use rsa::rand_core::{CryptoRng, RngCore, impls};
use rsa::signature::{SignatureEncoding, Signer, Verifier};
use rsa::traits::PublicKeyParts;
use rsa::{Oaep, RsaPrivateKey};
use sha1::Sha1;
use sha2::{Digest, Sha256};
use std::fmt;
use zeroize::{Zeroize, Zeroizing};

/// A private RSA key. Wiped from memory when dropped; `Debug` shows its size.
#[derive(Clone)]
pub struct RsaKey(RsaPrivateKey);

impl fmt::Debug for RsaKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("RsaKey").field("bits", &(self.0.size() * 8)).finish_non_exhaustive()
    }
}

impl RsaKey {
    /// The key of `seed` with `bits`: 4096 for Toss's session keys and authorities, 2048 for people. Takes
    /// seconds. Fails with [`ErrorKind::KeyInvalid`] on a size that gives no key.
    pub fn from_seed(seed: &[u8; 32], bits: usize) -> Result<Self, Error> {
        let mut random = Seeded { seed: Zeroizing::new(*seed), count: 0 };
        RsaPrivateKey::new(&mut random, bits)
            .map(Self)
            .map_err(|_| Error::new(ErrorKind::KeyInvalid, "no RSA key of this size"))
    }

    /// Reads what [`Self::to_pkcs8_der`] wrote. Fails with [`ErrorKind::KeyInvalid`].
    pub fn from_pkcs8_der(der: &[u8]) -> Result<Self, Error> {
        RsaPrivateKey::from_pkcs8_der(der)
            .map(Self)
            .map_err(|_| Error::new(ErrorKind::KeyInvalid, "not a private RSA key in PKCS#8"))
    }

    /// The key for a store.
    pub fn to_pkcs8_der(&self) -> Result<Zeroizing<Vec<u8>>, Error> {
        self.0.to_pkcs8_der().map(|document| document.to_bytes()).map_err(|_| unwritable())
    }

    /// SubjectPublicKeyInfo, which [`crate::toss::TossPublicKey::read`] reads.
    pub fn public_key_der(&self) -> Result<Vec<u8>, Error> {
        self.0
            .to_public_key()
            .to_public_key_der()
            .map(|document| document.into_vec())
            .map_err(|_| unwritable())
    }

    /// The session of an encrypted session key. Answers sealed with it carry the version and id of the
    /// request.
    pub fn open_session(&self, session_key: &str) -> Result<Session, FieldFailure> {
        let tagged = Tagged::parse(session_key)?;
        if tagged.body.len() != self.0.size() {
            return Err(FieldFailure::Length);
        }
        let plaintext =
            self.0.decrypt(Oaep::new::<Sha1>(), &tagged.body).map_err(|_| FieldFailure::Integrity)?;
        let plaintext = Zeroizing::new(plaintext);
        let text = std::str::from_utf8(&plaintext).map_err(|_| FieldFailure::Plaintext)?;
        Session::from_key_text(tagged.version, tagged.id, text)
    }

    /// PKCS#1 v1.5 with SHA-256.
    pub(super) fn sign(&self, bytes: &[u8]) -> Vec<u8> {
        SigningKey::<rsa::sha2::Sha256>::new(self.0.clone()).sign(bytes).to_vec()
    }

    /// Whether `signature` is this key's over `bytes`.
    pub(super) fn has_signed(&self, bytes: &[u8], signature: &[u8]) -> bool {
        let key = VerifyingKey::<rsa::sha2::Sha256>::new(self.0.to_public_key());
        Signature::try_from(signature).is_ok_and(|signature| key.verify(bytes, &signature).is_ok())
    }
}

fn unwritable() -> Error {
    Error::new(ErrorKind::KeyInvalid, "a key that cannot be written")
}

/// SHA-256 of seed and counter, for ever.
struct Seeded {
    seed: Zeroizing<[u8; 32]>,
    count: u64,
}

impl RngCore for Seeded {
    fn next_u32(&mut self) -> u32 {
        impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        impls::next_u64_via_fill(self)
    }

    fn fill_bytes(&mut self, to: &mut [u8]) {
        for chunk in to.chunks_mut(32) {
            let mut block: [u8; 32] = Sha256::new()
                .chain_update(*self.seed)
                .chain_update(self.count.to_be_bytes())
                .finalize()
                .into();
            self.count += 1;
            chunk.iter_mut().zip(&block).for_each(|(to, from)| *to = *from);
            block.zeroize();
        }
    }

    fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), rsa::rand_core::Error> {
        self.fill_bytes(to);
        Ok(())
    }
}

impl CryptoRng for Seeded {}
