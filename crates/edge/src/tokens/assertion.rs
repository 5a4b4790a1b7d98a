//! Client assertions, as an authorization server checks them: RFC 7523 section 3, OIDC Core 9 (`jti` required,
//! used once), and the 300 s of TomoIDV's own SDKs.

use crate::keys::{VerifyingKey, unverified_claims};
use crate::tomo::ASSERTION_LIFE_S;
use serde::Deserialize;

/// Clock difference tolerated towards the future, in seconds. Half a minute is the usual allowance between
/// servers that keep time; nothing is tolerated past `exp`.
pub const CLOCK_SKEW_S: u64 = 30;

/// Longest `jti` remembered, in characters; a UUID has 36.
const MAX_JTI_CHARS: usize = 128;

/// Why an assertion is refused. All of them are `invalid_client` on the wire.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum AssertionRefusal {
    /// Not a JWT, another algorithm than ES256, or signed by none of the client's keys.
    SignatureInvalid,
    /// `iss` or `sub` is not the client.
    NotTheClient,
    /// `aud` is not this token endpoint.
    WrongAudience,
    /// `exp` has passed.
    Expired,
    /// `exp` is more than 300 s ahead.
    TooLongLived,
    /// `iat` or `nbf` is in the future.
    NotYetValid,
    /// No `jti`, or one that is too long.
    JtiInvalid,
}

impl AssertionRefusal {
    /// One sentence for `error_description`.
    pub const fn description(self) -> &'static str {
        match self {
            Self::SignatureInvalid => "client_assertion is not a JWT that this client signed with ES256",
            Self::NotTheClient => "iss and sub must both be the client id",
            Self::WrongAudience => "aud must be this token endpoint's URL",
            Self::Expired => "exp has passed; make a new assertion for each request",
            Self::TooLongLived => "exp must be at most 300 seconds ahead",
            Self::NotYetValid => "iat or nbf is in the future; check the clock",
            Self::JtiInvalid => "jti is required: a fresh UUID for each assertion",
        }
    }
}

/// An assertion that is good but for its `jti`, which the caller must not have seen before.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VerifiedAssertion {
    /// Remember it until `exp_s`, and refuse it a second time.
    pub jti: String,
    /// Expiry, in seconds since 1970.
    pub exp_s: u64,
}

#[derive(Deserialize)]
struct Claims {
    iss: String,
    sub: String,
    aud: String,
    exp: u64,
    #[serde(default)]
    iat: Option<u64>,
    #[serde(default)]
    nbf: Option<u64>,
    #[serde(default)]
    jti: Option<String>,
}

#[derive(Deserialize)]
struct Subject {
    sub: String,
}

/// The client that an assertion claims to come from, unchecked: to look its keys up.
pub fn claimed_client_id(assertion: &str) -> Option<String> {
    unverified_claims::<Subject>(assertion).map(|claims| claims.sub)
}

/// Checks `assertion` of `client_id`, whose registered keys are `keys`, for the token endpoint `audience` at
/// `now_s` (seconds since 1970).
pub fn verify_client_assertion(
    assertion: &str,
    client_id: &str,
    keys: &[VerifyingKey],
    audience: &str,
    now_s: u64,
) -> Result<VerifiedAssertion, AssertionRefusal> {
    let claims = keys
        .iter()
        .find_map(|key| key.verify::<Claims>(assertion).ok())
        .ok_or(AssertionRefusal::SignatureInvalid)?;
    if claims.iss != client_id || claims.sub != client_id {
        return Err(AssertionRefusal::NotTheClient);
    }
    if claims.aud != audience {
        return Err(AssertionRefusal::WrongAudience);
    }
    if claims.exp <= now_s {
        return Err(AssertionRefusal::Expired);
    }
    if claims.exp > now_s.saturating_add(ASSERTION_LIFE_S + CLOCK_SKEW_S) {
        return Err(AssertionRefusal::TooLongLived);
    }
    let latest_start = now_s.saturating_add(CLOCK_SKEW_S);
    if [claims.iat, claims.nbf].into_iter().flatten().any(|start| start > latest_start) {
        return Err(AssertionRefusal::NotYetValid);
    }
    match claims.jti {
        Some(jti) if !jti.is_empty() && jti.len() <= MAX_JTI_CHARS => {
            Ok(VerifiedAssertion { jti, exp_s: claims.exp })
        }
        _ => Err(AssertionRefusal::JtiInvalid),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::SigningKey;
    use serde_json::{Value, json};

    const AUDIENCE: &str = "http://127.0.0.1:1/v1/oauth2/token";
    const NOW_S: u64 = 1_700_000_000;

    fn verify(claims: &Value) -> Result<VerifiedAssertion, AssertionRefusal> {
        let key = SigningKey::from_random(&[5; 32]).expect("key");
        let assertion = key.sign(claims).expect("signs");
        assert_eq!(claimed_client_id(&assertion).as_deref(), claims["sub"].as_str());
        verify_client_assertion(&assertion, "c", &[key.public().clone()], AUDIENCE, NOW_S)
    }

    fn good() -> Value {
        json!({ "iss": "c", "sub": "c", "aud": AUDIENCE, "iat": NOW_S, "exp": NOW_S + 300, "jti": "j" })
    }

    fn with(name: &str, value: Value) -> Value {
        let mut claims = good();
        claims[name] = value;
        claims
    }

    #[test]
    fn an_assertion_of_the_contract_is_taken() {
        let verified = verify(&good()).expect("taken");
        assert_eq!(verified, VerifiedAssertion { jti: "j".into(), exp_s: NOW_S + 300 });
        assert!(verify(&with("exp", json!(NOW_S + 330))).is_ok(), "clock skew");
        assert!(verify(&with("scope", json!("idv.read"))).is_ok(), "the SDK's extra claims");
    }

    #[test]
    fn each_wrong_claim_has_its_own_refusal() {
        let cases = [
            (with("iss", json!("d")), AssertionRefusal::NotTheClient),
            (with("sub", json!("d")), AssertionRefusal::NotTheClient),
            (with("aud", json!("http://127.0.0.1:1/v1/oauth2/token/")), AssertionRefusal::WrongAudience),
            (with("exp", json!(NOW_S)), AssertionRefusal::Expired),
            (with("exp", json!(NOW_S + 331)), AssertionRefusal::TooLongLived),
            (with("exp", json!(u64::MAX)), AssertionRefusal::TooLongLived),
            (with("iat", json!(NOW_S + 31)), AssertionRefusal::NotYetValid),
            (with("nbf", json!(NOW_S + 31)), AssertionRefusal::NotYetValid),
            (with("jti", json!("")), AssertionRefusal::JtiInvalid),
            (with("jti", Value::Null), AssertionRefusal::JtiInvalid),
            (with("jti", json!("j".repeat(129))), AssertionRefusal::JtiInvalid),
            (with("aud", json!([AUDIENCE])), AssertionRefusal::SignatureInvalid),
            (with("exp", json!("soon")), AssertionRefusal::SignatureInvalid),
        ];
        for (claims, refusal) in cases {
            assert_eq!(verify(&claims), Err(refusal), "{claims}");
        }
    }

    #[test]
    fn a_key_that_is_not_registered_signs_nothing() {
        let key = SigningKey::from_random(&[5; 32]).expect("key");
        let other = SigningKey::from_random(&[6; 32]).expect("key");
        let assertion = key.sign(&good()).expect("signs");
        let keys = [other.public().clone()];
        let refused = verify_client_assertion(&assertion, "c", &keys, AUDIENCE, NOW_S);
        assert_eq!(refused, Err(AssertionRefusal::SignatureInvalid));
        let refused = verify_client_assertion(&assertion, "c", &[], AUDIENCE, NOW_S);
        assert_eq!(refused, Err(AssertionRefusal::SignatureInvalid));
    }
}
