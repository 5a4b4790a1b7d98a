//! The session encryption of personal data, as Toss's examples have it.
//!
//! In: 60 random bytes, plaintexts, encrypted fields. Out: `v1$id$base64` fields and what they hold. Rule:
//! one session serves one HTTP request and its answer. The vendor's format uses one key and one IV for every
//! field of a session, so a session that lives longer, or serves twice, would give plaintexts away.

use super::public_key::{MODULUS_BYTES, TossPublicKey};
use crate::error::{Error, ErrorKind};
use aes_gcm::aead::{Aead, KeyInit, Payload};
use aes_gcm::{Aes256Gcm, Nonce};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use rsa::Oaep;
use rsa::rand_core::{CryptoRng, RngCore};
use sha1::Sha1;
use std::fmt;
use uuid::Uuid;
use zeroize::{Zeroize, Zeroizing};

/// Bytes of the AES-256 key.
pub const KEY_BYTES: usize = 32;
/// Bytes of the GCM nonce.
pub const IV_BYTES: usize = 12;
/// Bytes that GCM adds to a plaintext.
pub const TAG_BYTES: usize = 16;
/// Bytes of the RSA-OAEP seed: one SHA-1.
pub const SEED_BYTES: usize = 20;
/// Random bytes that one session takes: key, IV, session id, OAEP seed.
pub const SESSION_RANDOM_BYTES: usize = KEY_BYTES + IV_BYTES + 16 + SEED_BYTES;
/// What the plaintext of a session key begins with.
const KEY_PREFIX: &str = "AES_GCM$";
/// Characters of the plaintext of a session key.
pub const KEY_TEXT_CHARS: usize = 69;
/// Characters of a session id.
const ID_CHARS: usize = 36;
/// Longest number in a version tag, in digits.
const MAX_VERSION_DIGITS: usize = 5;

/// Why a field or a session key cannot be opened.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum FieldFailure {
    /// Not `version$id$base64`; the CBC form with its fourth part is not supported.
    Form,
    /// A version tag other than `v1` and `v1_x.y.z`.
    VersionUnknown,
    /// The version tag of another request.
    VersionOther,
    /// No session id.
    SessionInvalid,
    /// The session id of another request.
    SessionOther,
    /// Not standard base64 with padding.
    Base64,
    /// Shorter than the tag, or a session key that is not as long as the modulus.
    Length,
    /// The tag or the OAEP padding does not fit: another key, or a changed value.
    Integrity,
    /// The plaintext is not UTF-8, or no session key text.
    Plaintext,
}

impl fmt::Display for FieldFailure {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Form => "not version, id and base64",
            Self::VersionUnknown => "an unknown version tag",
            Self::VersionOther => "the version tag of another request",
            Self::SessionInvalid => "no session id",
            Self::SessionOther => "the session id of another request",
            Self::Base64 => "not base64",
            Self::Length => "a wrong length",
            Self::Integrity => "the integrity check fails",
            Self::Plaintext => "a plaintext that is none of this format",
        })
    }
}

impl std::error::Error for FieldFailure {}

/// A version tag: `v1` as the examples send it, or `v1_x.y.z` as the Java SDK does.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VersionTag(String);

impl VersionTag {
    /// `v1`, which this crate's client sends.
    pub fn v1() -> Self {
        Self("v1".to_owned())
    }

    /// Reads a tag. None on any other text.
    pub fn parse(text: &str) -> Option<Self> {
        let number = |part: &str| {
            (1..=MAX_VERSION_DIGITS).contains(&part.len()) && part.bytes().all(|byte| byte.is_ascii_digit())
        };
        let known = match text.strip_prefix("v1") {
            Some("") => true,
            Some(rest) => rest
                .strip_prefix('_')
                .is_some_and(|rest| rest.split('.').count() == 3 && rest.split('.').all(number)),
            None => false,
        };
        known.then(|| Self(text.to_owned()))
    }

    /// The tag.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// A session: AES-256-GCM with one key and one IV. Wiped from memory when dropped; `Debug` shows its id only.
pub struct Session {
    version: VersionTag,
    id: String,
    key: Zeroizing<[u8; KEY_BYTES]>,
    iv: Zeroizing<[u8; IV_BYTES]>,
}

impl fmt::Debug for Session {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Session")
            .field("version", &self.version)
            .field("id", &self.id)
            .finish_non_exhaustive()
    }
}

impl Session {
    /// A client's session and its encrypted session key for `public_key`, made of fresh random bytes: 32 of
    /// the key, 12 of the IV, 16 of the id, 20 of the OAEP seed. Fails with [`ErrorKind::RequestInvalid`] on
    /// bytes that are all the same, which no generator gives.
    pub(super) fn make(
        random: &[u8; SESSION_RANDOM_BYTES],
        public_key: &TossPublicKey,
    ) -> Result<(Self, String), Error> {
        if random.iter().all(|byte| byte == &random[0]) {
            return Err(Error::new(
                ErrorKind::RequestInvalid,
                "the random bytes of a session are not random",
            ));
        }
        let (mut key, mut iv) = (Zeroizing::new([0; KEY_BYTES]), Zeroizing::new([0; IV_BYTES]));
        let (mut id, mut seed) = ([0; 16], Zeroizing::new([0; SEED_BYTES]));
        let mut rest = random.iter().copied();
        let parts: [&mut [u8]; 4] = [&mut key[..], &mut iv[..], &mut id, &mut seed[..]];
        parts.into_iter().flatten().zip(&mut rest).for_each(|(to, from)| *to = from);
        let id = uuid::Builder::from_random_bytes(id).into_uuid().to_string();
        let session = Self { version: VersionTag::v1(), id, key, iv };
        let session_key = session.encrypted_key(public_key, &seed)?;
        Ok((session, session_key))
    }

    /// A session of known parts, as the side that opens a session key has them.
    #[cfg(any(test, feature = "toss-issuing"))]
    pub(super) fn from_key_text(version: VersionTag, id: String, text: &str) -> Result<Self, FieldFailure> {
        let mut parts = text.strip_prefix(KEY_PREFIX).ok_or(FieldFailure::Plaintext)?.split('$');
        let mut part = || {
            let text = parts.next().ok_or(FieldFailure::Plaintext)?;
            STANDARD.decode(text).map(Zeroizing::new).map_err(|_| FieldFailure::Plaintext)
        };
        let (key, iv) = (part()?, part()?);
        if parts.next().is_some() {
            return Err(FieldFailure::Plaintext);
        }
        let key = Zeroizing::new(key.as_slice().try_into().map_err(|_| FieldFailure::Plaintext)?);
        let iv = Zeroizing::new(iv.as_slice().try_into().map_err(|_| FieldFailure::Plaintext)?);
        Ok(Self { version, id, key, iv })
    }

    /// The session id, a UUID.
    pub fn id(&self) -> &str {
        &self.id
    }

    /// The version tag that fields of this session carry.
    pub fn version(&self) -> &VersionTag {
        &self.version
    }

    /// The plaintext of the session key: `AES_GCM$key$iv`, both in base64.
    fn key_text(&self) -> Zeroizing<String> {
        let (key, iv) = (STANDARD.encode(*self.key), STANDARD.encode(*self.iv));
        let (key, iv) = (Zeroizing::new(key), Zeroizing::new(iv));
        let mut text = Zeroizing::new(String::with_capacity(KEY_TEXT_CHARS));
        for part in [KEY_PREFIX, &key, "$", &iv] {
            text.push_str(part);
        }
        text
    }

    fn encrypted_key(&self, public_key: &TossPublicKey, seed: &[u8; SEED_BYTES]) -> Result<String, Error> {
        let failed = || Error::new(ErrorKind::RequestInvalid, "the session key cannot be encrypted");
        let mut seed = GivenBytes { rest: seed, short: false };
        let encrypted = public_key
            .key()
            .encrypt(&mut seed, Oaep::new::<Sha1>(), self.key_text().as_bytes())
            .map_err(|_| failed())?;
        if seed.short || encrypted.len() != MODULUS_BYTES {
            return Err(failed());
        }
        Ok(self.tagged(&encrypted))
    }

    fn tagged(&self, body: &[u8]) -> String {
        format!("{}${}${}", self.version.as_str(), self.id, STANDARD.encode(body))
    }

    fn cipher(&self) -> Aes256Gcm {
        Aes256Gcm::new(&(*self.key).into())
    }

    /// The field that holds `plaintext`: its UTF-8 and 16 bytes of tag, the raw key as associated data. Fails
    /// with [`ErrorKind::RequestInvalid`] on more than GCM can take.
    pub fn seal(&self, plaintext: &str) -> Result<String, Error> {
        let payload = Payload { msg: plaintext.as_bytes(), aad: &self.key[..] };
        self.cipher()
            .encrypt(&Nonce::from(*self.iv), payload)
            .map(|sealed| self.tagged(&sealed))
            .map_err(|_| Error::new(ErrorKind::RequestInvalid, "a plaintext that is too long"))
    }

    /// What `field` holds, if it is of this session. Fails with the first thing that does not hold.
    pub fn open(&self, field: &str) -> Result<Zeroizing<String>, FieldFailure> {
        let field = Tagged::parse(field)?;
        if field.version != self.version {
            return Err(FieldFailure::VersionOther);
        }
        if field.id != self.id {
            return Err(FieldFailure::SessionOther);
        }
        if field.body.len() < TAG_BYTES {
            return Err(FieldFailure::Length);
        }
        let payload = Payload { msg: &field.body, aad: &self.key[..] };
        let plaintext =
            self.cipher().decrypt(&Nonce::from(*self.iv), payload).map_err(|_| FieldFailure::Integrity)?;
        String::from_utf8(plaintext).map(Zeroizing::new).map_err(|error| {
            error.into_bytes().zeroize();
            FieldFailure::Plaintext
        })
    }
}

/// `version$id$base64`, taken apart.
pub(super) struct Tagged {
    pub(super) version: VersionTag,
    pub(super) id: String,
    pub(super) body: Vec<u8>,
}

impl Tagged {
    pub(super) fn parse(text: &str) -> Result<Self, FieldFailure> {
        let mut parts = text.split('$');
        let (Some(version), Some(id), Some(body), None) =
            (parts.next(), parts.next(), parts.next(), parts.next())
        else {
            return Err(FieldFailure::Form);
        };
        let version = VersionTag::parse(version).ok_or(FieldFailure::VersionUnknown)?;
        if id.len() != ID_CHARS || Uuid::try_parse(id).is_err() {
            return Err(FieldFailure::SessionInvalid);
        }
        let body = STANDARD.decode(body).map_err(|_| FieldFailure::Base64)?;
        Ok(Self { version, id: id.to_owned(), body })
    }
}

/// Hands out the caller's random bytes, each once.
struct GivenBytes<'a> {
    rest: &'a [u8],
    short: bool,
}

impl RngCore for GivenBytes<'_> {
    fn next_u32(&mut self) -> u32 {
        rsa::rand_core::impls::next_u32_via_fill(self)
    }

    fn next_u64(&mut self) -> u64 {
        rsa::rand_core::impls::next_u64_via_fill(self)
    }

    fn fill_bytes(&mut self, to: &mut [u8]) {
        match self.rest.split_at_checked(to.len()) {
            Some((now, later)) => {
                to.copy_from_slice(now);
                self.rest = later;
            }
            None => self.short = true,
        }
    }

    fn try_fill_bytes(&mut self, to: &mut [u8]) -> Result<(), rsa::rand_core::Error> {
        self.fill_bytes(to);
        Ok(())
    }
}

impl CryptoRng for GivenBytes<'_> {}

#[cfg(test)]
#[path = "session_tests.rs"]
mod tests;
