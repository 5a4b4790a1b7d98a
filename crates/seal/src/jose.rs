//! Compact JWS and JWE: what is signed, what is authenticated, and the parts of either, strictly read.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use idv_protocol::CaptureKind;
use idv_protocol::seal::{
    CAPTURE_TYP, DEVICE_KEY_TYP, EVIDENCE_TYP, FRAMES_TYP, Jwk, SEAL_ALG, SEAL_ENC, SIGNATURE_ALG,
    SealHeader, SignatureHeader,
};
use serde::Serialize;
use sha2::{Digest, Sha256};

/// Bytes of a coordinate of P-256.
pub const COORDINATE_BYTES: usize = 32;

/// Bytes of the IV of A256GCM.
pub const IV_BYTES: usize = 12;

/// Bytes of the tag of A256GCM.
pub const TAG_BYTES: usize = 16;

/// Bytes of an ES256 signature: r and s.
pub const SIGNATURE_BYTES: usize = 64;

/// What a JWE is sealed to, and what it says of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SealTo {
    /// The verifier's key, from the plan.
    pub verifier: Jwk,
    /// Session.
    pub session: String,
    /// Attempt, from 1.
    pub attempt: u32,
    /// What a capture shows; `None` for frames.
    pub kind: Option<CaptureKind>,
}

impl SealTo {
    /// The protected header with the page's key for this one body, as it is authenticated: base64url of its JSON.
    /// `None` where the verifier's key is no P-256 key by its form.
    pub fn protected(&self, epk: Jwk) -> Option<String> {
        let header = SealHeader {
            alg: SEAL_ALG.to_owned(),
            enc: SEAL_ENC.to_owned(),
            typ: if self.kind.is_some() { CAPTURE_TYP } else { FRAMES_TYP }.to_owned(),
            kid: thumbprint(&self.verifier)?,
            epk,
            session: self.session.clone(),
            attempt: self.attempt,
            kind: self.kind,
        };
        part(&header)
    }
}

/// A compact JWE. `protected` is also what was authenticated beside the text (RFC 7516 5.1, step 14); `sealed` is the
/// ciphertext followed by its tag, as WebCrypto and RustCrypto give it.
pub fn compact_jwe(protected: &str, iv: &[u8; IV_BYTES], sealed: &[u8]) -> String {
    let (ciphertext, tag) = sealed.split_at(sealed.len().saturating_sub(TAG_BYTES));
    let mut out = String::with_capacity(protected.len() + sealed.len() * 4 / 3 + 64);
    out.push_str(protected);
    // The encrypted key is empty: what ECDH agrees on is the content key itself.
    out.push_str("..");
    for bytes in [&iv[..], ciphertext] {
        URL_SAFE_NO_PAD.encode_string(bytes, &mut out);
        out.push('.');
    }
    URL_SAFE_NO_PAD.encode_string(tag, &mut out);
    out
}

/// What is signed to register the device key `jwk`. `None` where that is no P-256 key by its form.
pub fn device_key_input(jwk: &Jwk, claims: &impl Serialize) -> Option<String> {
    let header = signature_header(DEVICE_KEY_TYP, thumbprint(jwk)?, Some(jwk.clone()));
    Some(format!("{}.{}", part(&header)?, part(claims)?))
}

/// What the device key of this thumbprint signs of evidence, whose JSON is `evidence`.
pub fn evidence_input(thumbprint: &str, evidence: &str) -> Option<String> {
    let header = signature_header(EVIDENCE_TYP, thumbprint.to_owned(), None);
    Some(format!("{}.{}", part(&header)?, URL_SAFE_NO_PAD.encode(evidence)))
}

/// A compact JWS of what was signed and its signature: r and s, as WebCrypto gives them.
pub fn compact_jws(input: &str, signature: &[u8]) -> String {
    format!("{input}.{}", URL_SAFE_NO_PAD.encode(signature))
}

fn signature_header(typ: &str, kid: String, jwk: Option<Jwk>) -> SignatureHeader {
    SignatureHeader { alg: SIGNATURE_ALG.to_owned(), typ: typ.to_owned(), kid, jwk }
}

fn part(value: &impl Serialize) -> Option<String> {
    serde_json::to_vec(value).ok().map(|json| URL_SAFE_NO_PAD.encode(json))
}

/// RFC 7638 thumbprint with SHA-256, base64url. `None` unless the key has the form of one on P-256; whether its point
/// lies on the curve is not looked at.
pub fn thumbprint(jwk: &Jwk) -> Option<String> {
    let Jwk { kty, crv, x, y } = jwk;
    if kty != "EC" || crv != "P-256" || [x, y].into_iter().any(|text| coordinate(text).is_none()) {
        return None;
    }
    let json = format!(r#"{{"crv":"P-256","kty":"EC","x":"{x}","y":"{y}"}}"#);
    Some(URL_SAFE_NO_PAD.encode(Sha256::digest(json)))
}

/// A coordinate of a key.
pub fn coordinate(text: &str) -> Option<[u8; COORDINATE_BYTES]> {
    URL_SAFE_NO_PAD.decode(text).ok()?.try_into().ok()
}

/// A key from an uncompressed point (SEC 1, 2.3.3): 0x04, x, y, as WebCrypto exports it raw.
pub fn jwk_of_point(point: &[u8]) -> Option<Jwk> {
    let rest = point.strip_prefix(&[4])?;
    let (x, y) = (rest.get(..COORDINATE_BYTES)?, rest.get(COORDINATE_BYTES..)?);
    (y.len() == COORDINATE_BYTES).then(|| Jwk::p256(URL_SAFE_NO_PAD.encode(x), URL_SAFE_NO_PAD.encode(y)))
}

/// The uncompressed point of a key.
pub fn point_of_jwk(jwk: &Jwk) -> Option<[u8; 1 + 2 * COORDINATE_BYTES]> {
    thumbprint(jwk)?;
    let mut point = [4; 1 + 2 * COORDINATE_BYTES];
    point[1..=COORDINATE_BYTES].copy_from_slice(&coordinate(&jwk.x)?);
    point[1 + COORDINATE_BYTES..].copy_from_slice(&coordinate(&jwk.y)?);
    Some(point)
}

/// The bytes of one part of a compact form. `None` where it is not base64url without padding, to the last bit.
pub fn decode(part: &str) -> Option<Vec<u8>> {
    URL_SAFE_NO_PAD.decode(part).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn rfc_7517_key() -> Jwk {
        Jwk::p256(
            "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
            "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
        )
    }

    #[test]
    fn the_thumbprint_is_that_of_rfc_7638() {
        // The key of RFC 7517 A.1; SHA-256 over RFC 7638's canonical form, computed with Python's hashlib.
        assert_eq!(
            thumbprint(&rfc_7517_key()).as_deref(),
            Some("cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s")
        );
        for bad in [
            Jwk { crv: "P-384".into(), ..rfc_7517_key() },
            Jwk { x: "AAAA".into(), ..rfc_7517_key() },
            Jwk { y: rfc_7517_key().y + "=", ..rfc_7517_key() },
        ] {
            assert_eq!(thumbprint(&bad), None, "{bad:?}");
        }
    }

    #[test]
    fn a_key_comes_back_from_its_point() {
        let point = point_of_jwk(&rfc_7517_key()).expect("a point");
        assert_eq!(jwk_of_point(&point), Some(rfc_7517_key()));
        assert_eq!(jwk_of_point(&point[..64]), None);
        assert_eq!(jwk_of_point(&[2; 33]), None, "a compressed point");
    }

    #[test]
    fn a_jwe_has_five_parts_and_no_encrypted_key() {
        let to = SealTo {
            verifier: rfc_7517_key(),
            session: "s".into(),
            attempt: 2,
            kind: Some(CaptureKind::Action1),
        };
        let protected = to.protected(rfc_7517_key()).expect("a header");
        let jwe = compact_jwe(&protected, &[1; IV_BYTES], &[7; 20]);
        let parts: Vec<&str> = jwe.split('.').collect();
        assert_eq!(parts.len(), 5);
        assert_eq!((parts[0], parts[1]), (protected.as_str(), ""));
        assert_eq!((decode(parts[3]), decode(parts[4])), (Some(vec![7; 4]), Some(vec![7; 16])));
        let header: SealHeader = serde_json::from_slice(&decode(parts[0]).expect("base64url")).expect("JSON");
        assert_eq!((header.kind, header.attempt), (Some(CaptureKind::Action1), 2));
        assert_eq!(header.typ, CAPTURE_TYP);
    }
}
