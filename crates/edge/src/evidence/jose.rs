//! Compact forms read strictly: what is not understood is refused, and each refusal has its name.

use super::failure::{Failure, Part};
use idv_protocol::relay::MAX_SIGNED_BYTES;
use idv_protocol::seal::{DEVICE_KEY_TYP, DeviceKeyClaims, Jwk, SIGNATURE_ALG, SignatureHeader};
use idv_seal::jose::{SIGNATURE_BYTES, decode, point_of_jwk, thumbprint};
use p256::ecdsa::signature::Verifier as _;
use p256::ecdsa::{Signature, VerifyingKey};
use serde::de::DeserializeOwned;

/// The `N` parts of a compact form. Those at `may_be_empty` may be empty.
pub(super) fn parts<'a, const N: usize>(
    text: &'a str,
    part: Part,
    may_be_empty: &[usize],
) -> Result<[&'a str; N], Failure> {
    let parts: Vec<&str> = text.split('.').collect();
    let empty = |(index, text): (usize, &&str)| text.is_empty() && !may_be_empty.contains(&index);
    if parts.len() < N || parts.iter().enumerate().any(empty) {
        return Err(Failure::Truncated(part));
    }
    parts.try_into().map_err(|_| Failure::Malformed(part))
}

/// A header, whose algorithms are looked at before anything else. `typ` is the one that is expected.
pub(super) fn header<T: DeserializeOwned>(
    text: &str,
    part: Part,
    algorithms: &[(&str, &str)],
    typ: &str,
) -> Result<T, Failure> {
    let malformed = Failure::Malformed(part);
    let value: serde_json::Value =
        serde_json::from_slice(&decode(text).ok_or(malformed)?).map_err(|_| malformed)?;
    if algorithms
        .iter()
        .any(|(name, expected)| value.get(name).and_then(|found| found.as_str()) != Some(expected))
    {
        return Err(Failure::AlgorithmDowngrade(part));
    }
    if value.get("typ").and_then(|found| found.as_str()) != Some(typ) {
        return Err(Failure::TypeOther(part));
    }
    serde_json::from_value(value).map_err(|_| malformed)
}

/// A signed text, its parts read and its signature not yet looked at.
pub(super) struct Signed<'a> {
    pub header: SignatureHeader,
    pub payload: Vec<u8>,
    /// What was signed.
    pub input: &'a str,
    signature: Vec<u8>,
    part: Part,
}

impl<'a> Signed<'a> {
    pub fn read(text: &'a str, part: Part, typ: &str) -> Result<Self, Failure> {
        let malformed = Failure::Malformed(part);
        if text.len() > MAX_SIGNED_BYTES {
            return Err(malformed);
        }
        let [head, payload, signature] = parts::<3>(text, part, &[])?;
        Ok(Self {
            header: header(head, part, &[("alg", SIGNATURE_ALG)], typ)?,
            payload: decode(payload).ok_or(malformed)?,
            input: text.get(..head.len() + 1 + payload.len()).ok_or(malformed)?,
            signature: decode(signature).ok_or(malformed)?,
            part,
        })
    }

    /// Fails unless `key` signed it.
    pub fn verify(&self, key: &Jwk) -> Result<(), Failure> {
        let unusable = Failure::KeyUnusable(self.part);
        let point = point_of_jwk(key).ok_or(unusable)?;
        let key = VerifyingKey::from_sec1_bytes(&point).map_err(|_| unusable)?;
        if self.signature.len() < SIGNATURE_BYTES {
            return Err(Failure::Truncated(self.part));
        }
        let refused = Failure::Signature(self.part);
        let signature = Signature::from_slice(&self.signature).map_err(|_| refused)?;
        key.verify(self.input.as_bytes(), &signature).map_err(|_| refused)
    }

    pub fn claims<T: DeserializeOwned>(&self) -> Result<T, Failure> {
        serde_json::from_slice(&self.payload).map_err(|_| Failure::Malformed(self.part))
    }
}

/// The device key that `text`, a compact JWS, registers for the open attempt of a session: signed by that very key, over
/// the session and the attempt's nonce.
pub fn registered_key(text: &str, session_id: &str, nonce: &str) -> Result<Jwk, Failure> {
    let part = Part::DeviceKey;
    let signed = Signed::read(text, part, DEVICE_KEY_TYP)?;
    let key = signed.header.jwk.clone().ok_or(Failure::Malformed(part))?;
    let thumbprint = thumbprint(&key).ok_or(Failure::KeyUnusable(part))?;
    if signed.header.kid != thumbprint {
        return Err(Failure::KeyUnusable(part));
    }
    signed.verify(&key)?;
    let claims: DeviceKeyClaims = signed.claims()?;
    if claims.thumbprint != thumbprint {
        return Err(Failure::KeyUnusable(part));
    }
    if claims.session_id != session_id {
        return Err(Failure::Session(part));
    }
    if claims.nonce != nonce {
        return Err(Failure::Nonce(part));
    }
    Ok(key)
}
