//! Access tokens of the shape that Toss gives: RS256, `kid` "cert", one client in `sub` and `aud`.

use super::key::RsaKey;
use crate::toss::token::SCOPE;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde::{Deserialize, Serialize};

/// Issuer that Toss's tokens name.
pub const ISSUER: &str = "https://cert.toss.im";
/// Life of a token of Toss's test environment, in seconds: 365 days.
pub const TEST_TOKEN_LIFE_S: u64 = 31_536_000;
/// Largest token looked at, in characters. The vendor's have 696.
const MAX_TOKEN_CHARS: usize = 4096;

#[derive(Serialize, Deserialize, PartialEq, Eq)]
struct Header {
    kid: String,
    alg: String,
}

#[derive(Serialize, Deserialize)]
struct Claims {
    sub: String,
    aud: String,
    nbf: u64,
    scope: Vec<String>,
    iss: String,
    exp: u64,
    iat: u64,
    jti: String,
}

impl RsaKey {
    /// An access token of `client_id`, good for `life_s` from `now_s` (seconds since 1970). `jti` is its id.
    pub fn mint_token(&self, client_id: &str, now_s: u64, life_s: u64, jti: &str) -> String {
        let claims = Claims {
            sub: client_id.to_owned(),
            aud: client_id.to_owned(),
            nbf: now_s,
            scope: vec![SCOPE.to_owned()],
            iss: ISSUER.to_owned(),
            exp: now_s.saturating_add(life_s),
            iat: now_s,
            jti: jti.to_owned(),
        };
        let signed = format!("{}.{}", encoded(&header()), encoded(&claims));
        let signature = URL_SAFE_NO_PAD.encode(self.sign(signed.as_bytes()));
        format!("{signed}.{signature}")
    }

    /// The client of `token`, if this key signed it and it is good at `now_s` (seconds since 1970). None
    /// says no more: Toss has one code for every bad token.
    pub fn client_of_token(&self, token: &str, now_s: u64) -> Option<String> {
        if token.len() > MAX_TOKEN_CHARS {
            return None;
        }
        let (signed, signature) = token.rsplit_once('.')?;
        let (head, claims) = signed.split_once('.')?;
        if decoded::<Header>(head)? != header()
            || !self.has_signed(signed.as_bytes(), &URL_SAFE_NO_PAD.decode(signature).ok()?)
        {
            return None;
        }
        let claims: Claims = decoded(claims)?;
        let good = claims.sub == claims.aud
            && claims.iss == ISSUER
            && claims.scope.iter().any(|scope| scope == SCOPE)
            && claims.nbf <= now_s
            && now_s < claims.exp;
        good.then_some(claims.sub)
    }
}

fn header() -> Header {
    Header { kid: "cert".to_owned(), alg: "RS256".to_owned() }
}

/// JSON as a part of a token. These types always have a JSON form.
fn encoded(value: &impl Serialize) -> String {
    URL_SAFE_NO_PAD.encode(serde_json::to_vec(value).unwrap_or_default())
}

fn decoded<T: for<'de> Deserialize<'de>>(part: &str) -> Option<T> {
    serde_json::from_slice(&URL_SAFE_NO_PAD.decode(part).ok()?).ok()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::toss::fixture::{NOW_S, person_key, toss_key};

    fn minted() -> String {
        person_key().mint_token("test_shop", NOW_S, 600, "803c40c8-b351-4f8b-a214-b6792cc30aa7")
    }

    #[test]
    fn a_token_has_the_parts_of_the_vendors_samples() {
        let token = minted();
        let parts: Vec<_> = token.split('.').collect();
        assert_eq!(URL_SAFE_NO_PAD.decode(parts[0]).expect("header"), br#"{"kid":"cert","alg":"RS256"}"#);
        let claims: serde_json::Value =
            serde_json::from_slice(&URL_SAFE_NO_PAD.decode(parts[1]).expect("claims")).expect("JSON");
        assert_eq!(
            claims,
            serde_json::json!({
                "sub": "test_shop", "aud": "test_shop", "nbf": NOW_S, "scope": ["ca"],
                "iss": "https://cert.toss.im", "exp": NOW_S + 600, "iat": NOW_S,
                "jti": "803c40c8-b351-4f8b-a214-b6792cc30aa7"
            })
        );
        assert_eq!((parts.len(), parts[0].len(), parts[2].len()), (3, 38, 342), "as the samples");
    }

    #[test]
    fn a_token_serves_its_client_in_its_time_only() {
        let token = minted();
        let of = |token: &str, now_s| person_key().client_of_token(token, now_s);
        assert_eq!(of(&token, NOW_S).as_deref(), Some("test_shop"));
        assert_eq!(of(&token, NOW_S + 599).as_deref(), Some("test_shop"));
        assert_eq!((of(&token, NOW_S - 1), of(&token, NOW_S + 600)), (None, None));
        assert_eq!(toss_key().client_of_token(&token, NOW_S), None, "another key");
    }

    #[test]
    fn a_changed_token_serves_nobody() {
        let token = minted();
        let (signed, signature) = token.rsplit_once('.').expect("parts");
        let (head, claims) = signed.split_once('.').expect("parts");
        let other = encoded(&serde_json::json!({ "kid": "cert", "alg": "none" }));
        let longer = claims.replacen('c', "d", 1);
        for bad in [
            format!("{other}.{claims}."),
            format!("{other}.{claims}.{signature}"),
            format!("{head}.{longer}.{signature}"),
            format!("{head}.{claims}.{}", signature.replacen('A', "B", 1)),
            signed.to_owned(),
            "a.b.c".repeat(2000),
            String::new(),
        ] {
            if bad != token {
                assert_eq!(person_key().client_of_token(&bad, NOW_S), None, "{}", bad.len());
            }
        }
    }
}
