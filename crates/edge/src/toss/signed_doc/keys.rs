//! RSA keys of certificates, and what they signed.

use crate::toss::oids;
use der::Encode;
use rsa::pkcs1v15::{Signature, VerifyingKey};
use rsa::signature::Verifier;
use rsa::traits::PublicKeyParts;
use rsa::{BigUint, RsaPublicKey};
use x509_cert::spki::{AlgorithmIdentifierOwned, SubjectPublicKeyInfoOwned};

/// Smallest and largest modulus, in bytes: 2048 bits of signers, 4096 of authorities.
const MODULUS_BYTES: std::ops::RangeInclusive<usize> = 256..=512;
/// The only exponent in use.
const EXPONENT: u32 = 65_537;

/// The RSA key, if it is one that this verifier uses.
pub(super) fn rsa_key(info: &SubjectPublicKeyInfoOwned) -> Option<RsaPublicKey> {
    let der = info.to_der().ok()?;
    let key: RsaPublicKey = rsa::pkcs8::DecodePublicKey::from_public_key_der(&der).ok()?;
    let odd = key.n().to_bytes_le().first().is_some_and(|low| low & 1 == 1);
    let usable = odd && MODULUS_BYTES.contains(&key.size()) && key.e() == &BigUint::from(EXPONENT);
    usable.then_some(key)
}

/// Whether `signature` is that of `key` over `bytes`, by PKCS#1 v1.5 with SHA-256.
pub(super) fn is_signed(key: &RsaPublicKey, bytes: &[u8], signature: &[u8]) -> bool {
    let Ok(signature) = Signature::try_from(signature) else { return false };
    VerifyingKey::<rsa::sha2::Sha256>::new(key.clone()).verify(bytes, &signature).is_ok()
}

/// Whether a signer's algorithm is RSA with SHA-256; the digest algorithm is named beside it.
pub(super) fn is_rsa(algorithm: &AlgorithmIdentifierOwned) -> bool {
    [oids::RSA, oids::SHA256_WITH_RSA].contains(&algorithm.oid) && no_parameters(algorithm)
}

/// Whether a certificate's algorithm is RSA with SHA-256.
pub(super) fn is_sha256_with_rsa(algorithm: &AlgorithmIdentifierOwned) -> bool {
    algorithm.oid == oids::SHA256_WITH_RSA && no_parameters(algorithm)
}

/// NULL or nothing, the two forms in use.
pub(super) fn no_parameters(algorithm: &AlgorithmIdentifierOwned) -> bool {
    algorithm.parameters.as_ref().is_none_or(der::asn1::Any::is_null)
}
