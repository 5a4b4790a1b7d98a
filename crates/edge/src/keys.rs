//! P-256 keys as JWK, and ES256 tokens made and read with them.

use crate::error::{Error, ErrorKind};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use jsonwebtoken::{Algorithm, DecodingKey, EncodingKey, Header, Validation};
use p256::elliptic_curve::sec1::ToEncodedPoint;
use p256::pkcs8::EncodePrivateKey;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;
use zeroize::Zeroizing;

/// Longest token this crate reads, in characters: several times what its own tokens need.
pub const MAX_TOKEN_CHARS: usize = 4096;

/// A private P-256 key. Wiped from memory when dropped; `Debug` shows the thumbprint of its public half.
#[derive(Clone)]
pub struct SigningKey {
    secret: p256::SecretKey,
    encoding: EncodingKey,
    public: VerifyingKey,
}

impl SigningKey {
    /// Reads TomoIDV's secret key format: base64url of the JSON of a private EC P-256 JWK
    /// (tomo-idv-client-node 1.3.0). Padding is tolerated. Fails with [`ErrorKind::KeyInvalid`].
    pub fn from_secret_key_text(text: &str) -> Result<Self, Error> {
        let invalid = || Error::new(ErrorKind::KeyInvalid, "not base64url of a private P-256 JWK");
        let bytes = URL_SAFE_NO_PAD.decode(text.trim().trim_end_matches('=')).map_err(|_| invalid())?;
        let json = Zeroizing::new(String::from_utf8(bytes).map_err(|_| invalid())?);
        Self::from_secret(p256::SecretKey::from_jwk_str(&json).map_err(|_| invalid())?)
    }

    /// Makes a key of 32 random bytes. Fails with [`ErrorKind::KeyInvalid`] on the few values (about 1 in 2^32)
    /// that are no P-256 scalar; draw again then.
    pub fn from_random(random: &[u8; 32]) -> Result<Self, Error> {
        let invalid = |_| Error::new(ErrorKind::KeyInvalid, "not a P-256 scalar");
        Self::from_secret(p256::SecretKey::from_slice(random).map_err(invalid)?)
    }

    fn from_secret(secret: p256::SecretKey) -> Result<Self, Error> {
        let invalid = |_| Error::new(ErrorKind::KeyInvalid, "a key that cannot be encoded");
        #[cfg(target_arch = "wasm32")]
        crate::es256::install();
        let encoding = EncodingKey::from_ec_der(secret.to_pkcs8_der().map_err(invalid)?.as_bytes());
        let public = VerifyingKey::from_public(&secret.public_key())?;
        Ok(Self { secret, encoding, public })
    }

    /// The secret key format that [`Self::from_secret_key_text`] reads.
    pub fn to_secret_key_text(&self) -> Zeroizing<String> {
        Zeroizing::new(URL_SAFE_NO_PAD.encode(self.secret.to_jwk_string().as_bytes()))
    }

    /// The public half.
    pub fn public(&self) -> &VerifyingKey {
        &self.public
    }

    /// A compact JWS over `claims` with the header `{"alg":"ES256","typ":"JWT"}`, without `kid`.
    pub fn sign<T: Serialize>(&self, claims: &T) -> Result<String, Error> {
        jsonwebtoken::encode(&Header::new(Algorithm::ES256), claims, &self.encoding)
            .map_err(|_| Error::new(ErrorKind::RequestInvalid, "the token could not be signed"))
    }
}

impl fmt::Debug for SigningKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SigningKey").field("thumbprint", &self.public.thumbprint()).finish_non_exhaustive()
    }
}

/// A public P-256 key.
#[derive(Clone, Debug)]
pub struct VerifyingKey {
    x: String,
    y: String,
    decoding: DecodingKey,
}

/// A public EC JWK, as RFC 7517 and RFC 7518 6.2 have it. Other members are ignored.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct PublicJwk {
    /// `EC`.
    pub kty: String,
    /// `P-256`.
    pub crv: String,
    /// Abscissa, base64url of 32 bytes.
    pub x: String,
    /// Ordinate, base64url of 32 bytes.
    pub y: String,
    /// RFC 7638 thumbprint.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kid: Option<String>,
    /// `ES256`.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub alg: Option<String>,
    /// `sig`.
    #[serde(default, rename = "use", skip_serializing_if = "Option::is_none")]
    pub usage: Option<String>,
}

impl VerifyingKey {
    fn from_public(public: &p256::PublicKey) -> Result<Self, Error> {
        let invalid = || Error::new(ErrorKind::KeyInvalid, "not a point on P-256");
        let point = public.to_encoded_point(false);
        let x = URL_SAFE_NO_PAD.encode(point.x().ok_or_else(invalid)?);
        let y = URL_SAFE_NO_PAD.encode(point.y().ok_or_else(invalid)?);
        #[cfg(target_arch = "wasm32")]
        crate::es256::install();
        let decoding = DecodingKey::from_ec_components(&x, &y).map_err(|_| invalid())?;
        Ok(Self { x, y, decoding })
    }

    /// Reads a public JWK. Fails with [`ErrorKind::KeyInvalid`] unless it is a point on P-256.
    pub fn from_jwk(jwk: &PublicJwk) -> Result<Self, Error> {
        let invalid = || Error::new(ErrorKind::KeyInvalid, "not a public P-256 JWK");
        if jwk.kty != "EC" || jwk.crv != "P-256" {
            return Err(invalid());
        }
        let json = serde_json::json!({ "kty": "EC", "crv": "P-256", "x": jwk.x, "y": jwk.y }).to_string();
        Self::from_public(&p256::PublicKey::from_jwk_str(&json).map_err(|_| invalid())?)
    }

    /// As JWK, with `kid` (thumbprint), `alg` and `use`, as clients are registered at TomoIDV.
    pub fn to_jwk(&self) -> PublicJwk {
        PublicJwk {
            kty: "EC".into(),
            crv: "P-256".into(),
            x: self.x.clone(),
            y: self.y.clone(),
            kid: Some(self.thumbprint()),
            alg: Some("ES256".into()),
            usage: Some("sig".into()),
        }
    }

    /// The `key` of a start or return URL: base64url of the JSON of the public JWK.
    pub fn to_url_key(&self) -> String {
        let json = format!(r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#, self.x, self.y);
        URL_SAFE_NO_PAD.encode(json)
    }

    /// RFC 7638 thumbprint with SHA-256, base64url.
    pub fn thumbprint(&self) -> String {
        let json = format!(r#"{{"crv":"P-256","kty":"EC","x":"{}","y":"{}"}}"#, self.x, self.y);
        URL_SAFE_NO_PAD.encode(Sha256::digest(json))
    }

    /// The claims of `token` where this key signed it with ES256. Times and audiences are **not** checked:
    /// callers hold them against their own `now`. Fails with [`ErrorKind::TokenInvalid`].
    pub fn verify<T: DeserializeOwned>(&self, token: &str) -> Result<T, Error> {
        let invalid = || Error::new(ErrorKind::TokenInvalid, "not a token of this key signed with ES256");
        if token.len() > MAX_TOKEN_CHARS {
            return Err(invalid());
        }
        let mut validation = Validation::new(Algorithm::ES256);
        validation.validate_exp = false;
        validation.validate_aud = false;
        validation.required_spec_claims.clear();
        let data = jsonwebtoken::decode::<T>(token, &self.decoding, &validation).map_err(|_| invalid())?;
        Ok(data.claims)
    }
}

/// The claims of `token` without any check of who signed it. Only to find out which key to check it with.
pub(crate) fn unverified_claims<T: DeserializeOwned>(token: &str) -> Option<T> {
    if token.len() > MAX_TOKEN_CHARS {
        return None;
    }
    let payload = URL_SAFE_NO_PAD.decode(token.split('.').nth(1)?).ok()?;
    serde_json::from_slice(&payload).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_random(&[seed; 32]).expect("scalar")
    }

    #[test]
    fn the_secret_key_text_reads_back_as_the_same_key() {
        let text = key(7).to_secret_key_text();
        let again = SigningKey::from_secret_key_text(&text).expect("reads");
        assert_eq!(again.public().thumbprint(), key(7).public().thumbprint());
    }

    #[test]
    fn refuses_what_is_no_private_p256_jwk() {
        let public = URL_SAFE_NO_PAD.encode(serde_json::to_string(&key(7).public().to_jwk()).expect("json"));
        let rsa = URL_SAFE_NO_PAD.encode(r#"{"kty":"RSA","n":"AQAB","e":"AQAB","d":"AQAB"}"#);
        for bad in ["", "not base64!", "e30", &public, &rsa] {
            let error = SigningKey::from_secret_key_text(bad).expect_err("refused");
            assert_eq!(error.kind(), ErrorKind::KeyInvalid);
            assert_eq!(error.code(), "key_invalid");
        }
        assert!(SigningKey::from_random(&[0; 32]).is_err());
        assert!(SigningKey::from_random(&[0xff; 32]).is_err());
    }

    #[test]
    fn debug_shows_no_key_material() {
        let key = key(7);
        let shown = format!("{key:?}");
        let jwk = key.secret.to_jwk_string();
        let jwk: serde_json::Value = serde_json::from_str(&jwk).expect("json");
        assert!(!shown.contains(jwk["d"].as_str().expect("d")));
        assert!(!shown.contains(key.to_secret_key_text().as_str()));
        assert!(shown.contains(&key.public().thumbprint()));
    }

    #[test]
    fn the_thumbprint_is_that_of_rfc_7638_for_an_ec_key() {
        // Key of RFC 7517 appendix A.1; the thumbprint is SHA-256 over RFC 7638's canonical form, computed with Python's hashlib.
        let jwk = PublicJwk {
            kty: "EC".into(),
            crv: "P-256".into(),
            x: "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4".into(),
            y: "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM".into(),
            kid: None,
            alg: None,
            usage: None,
        };
        let key = VerifyingKey::from_jwk(&jwk).expect("key");
        assert_eq!(key.thumbprint(), "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s");
    }

    #[test]
    fn a_token_of_another_key_or_algorithm_is_refused() {
        let claims = serde_json::json!({ "sub": "a" });
        let token = key(7).sign(&claims).expect("signs");
        assert!(key(7).public().verify::<serde_json::Value>(&token).is_ok());
        assert!(key(8).public().verify::<serde_json::Value>(&token).is_err());

        let none = format!(
            "{}.{}.",
            URL_SAFE_NO_PAD.encode(r#"{"alg":"none","typ":"JWT"}"#),
            URL_SAFE_NO_PAD.encode(claims.to_string())
        );
        assert!(key(7).public().verify::<serde_json::Value>(&none).is_err());

        let secret = EncodingKey::from_secret(key(7).public().to_url_key().as_bytes());
        let hs256 = jsonwebtoken::encode(&Header::new(Algorithm::HS256), &claims, &secret).expect("signs");
        assert!(key(7).public().verify::<serde_json::Value>(&hs256).is_err());

        assert!(key(7).public().verify::<serde_json::Value>(&"a".repeat(MAX_TOKEN_CHARS + 1)).is_err());
    }
}
