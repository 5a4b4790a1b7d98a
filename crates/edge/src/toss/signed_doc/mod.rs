//! A signed document of Toss, verified step by step.
//!
//! In: the DER, the document that was sent, the configured certificates, the time. Out: who signed when, and
//! how far that was checked, or the first [`Failure`]. Rule: without a configured root the chain is
//! [`Chain::NotChecked`]: the signature is then valid for some certificate, and nobody vouches for its names.
//!
//! Steps: shape; the signer's certificate; the signature over the signed attributes; their digest against the
//! content; the content against the document; signing time; the certificate's validity at that time,
//! extensions, usage and policy; the chain to the root; revocation. The signature comes before the digest, so
//! that a changed attribute and a changed content have different names.

mod chain;
mod failure;
mod keys;
mod parts;
mod signer;

pub use chain::{Chain, MAX_INTERMEDIATES, Revocation, TOSS_POLICY, Trust};
pub use failure::Failure;
pub use signer::Signer;

use parts::Parts;
use sha2::{Digest, Sha256};

/// Largest document read, in bytes: that of an answer.
pub const MAX_DER_BYTES: usize = 1024 * 1024;
/// How far a signer's clock may be ahead, in seconds.
pub const CLOCK_SKEW_S: u64 = 300;

/// What must have been signed.
#[derive(Clone, Copy, Debug)]
pub enum Expected<'a> {
    /// PKCS7: these bytes, inside.
    Content(&'a [u8]),
    /// PKCS7_NO_CONTENT_WITH_ATTR: something with this SHA-256, not inside. That the signed digest is the
    /// hash that was sent is this crate's choice: the contract does not say.
    Sha256(&'a [u8; 32]),
}

/// A signature that holds, and how far it was checked.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Verified {
    /// When it was signed by the signer's own statement, seconds since 1970.
    pub signed_at_s: u64,
    /// Who signed, as the certificate has it.
    pub signer: Signer,
    /// Whether the certificate leads to the configured root.
    pub chain: Chain,
    /// Whether the certificate was looked for in a revocation list.
    pub revocation: Revocation,
}

/// What is inside of `der`, unverified; None where nothing is.
pub fn content(der: &[u8]) -> Result<Option<Vec<u8>>, Failure> {
    Ok(Parts::read(der)?.content().map(<[u8]>::to_vec))
}

/// Verifies `der` at `now_s`, seconds since 1970. Fails with the first step that does not hold.
pub fn verify(der: &[u8], expected: Expected<'_>, trust: &Trust, now_s: u64) -> Result<Verified, Failure> {
    let parts = Parts::read(der)?;
    let certificate = parts.signer_certificate()?;
    let key = keys::rsa_key(&certificate.tbs_certificate.subject_public_key_info)
        .ok_or(Failure::SignerKeyUnusable)?;
    let attributes = parts.attributes()?;
    if !keys::is_signed(&key, &attributes.der, parts.signature()) {
        return Err(Failure::SignatureInvalid);
    }
    let (digest, signed_at_s) = (attributes.message_digest()?, attributes.signing_time_s()?);
    attributes.check_content_type()?;

    match (parts.content(), expected) {
        (Some(content), Expected::Content(sent)) => {
            if Sha256::digest(content)[..] != digest {
                return Err(Failure::DigestOther);
            }
            if content != sent {
                return Err(Failure::ContentOther);
            }
        }
        (None, Expected::Sha256(sha256)) => {
            if sha256[..] != digest {
                return Err(Failure::DigestOther);
            }
        }
        _ => return Err(Failure::ContentPresence),
    }

    if signed_at_s > now_s.saturating_add(CLOCK_SKEW_S) {
        return Err(Failure::SignedInFuture);
    }
    signer::check(certificate, signed_at_s, TOSS_POLICY)?;
    let (chain, revocation) = trust.check(certificate, signed_at_s, now_s)?;
    Ok(Verified { signed_at_s, signer: Signer::of(certificate)?, chain, revocation })
}

#[cfg(test)]
#[cfg(feature = "toss-issuing")]
mod tests;
#[cfg(test)]
#[cfg(feature = "toss-issuing")]
mod witness_tests;
