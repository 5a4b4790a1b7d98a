//! The return of the visitor to the customer's page or app.

use crate::keys::{MAX_TOKEN_CHARS, PublicJwk, VerifyingKey};
use crate::tokens::CLOCK_SKEW_S;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::Value;
use std::fmt;
use url::Url;

/// What a return URL claims. Anyone can make one, token and key included, so it is a hint to go and ask for
/// the result, and carries no way to learn one. It has no outcome, no user id and no verified claim on
/// purpose.
#[derive(Clone, PartialEq, Eq)]
pub struct ReturnHint {
    pairs: Vec<(String, String)>,
}

/// What is wrong with the token of a return, for a developer to look at. That nothing is wrong says nothing:
/// the key came in the same URL, so whoever made the one made the other. There is no way from here to a
/// result.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum TokenFinding {
    /// The return has no token.
    TokenAbsent,
    /// The return has no key.
    KeyAbsent,
    /// The key is no public P-256 JWK.
    KeyInvalid,
    /// The token is no JWT, or not signed with ES256 by the key beside it.
    SignatureInvalid,
    /// The token names another audience than the client id.
    OtherAudience,
    /// `exp` or `iat` is missing or no number.
    TimesAbsent,
    /// `exp` has passed.
    Expired,
    /// `iat` or `nbf` is in the future by more than the clocks' tolerance.
    NotYetValid,
    /// Signed by the key beside it, in time, for this client. Not a proof of anything.
    ConsistentWithItself,
}

impl ReturnHint {
    /// Reads the URL that the visitor came back with: `token` and `key` from the query, or from a path that
    /// ends in `token/{token}/{key}`.
    pub fn from_url(url: &Url) -> Self {
        let mut pairs: Vec<(String, String)> = url.query_pairs().into_owned().collect();
        let parts: Vec<&str> = url.path_segments().map(Iterator::collect).unwrap_or_default();
        let first = url.host_str().filter(|host| *host == "token");
        let in_path = match (first, parts.as_slice()) {
            (_, [.., "token", token, key]) | (Some(_), [token, key]) => Some((*token, *key)),
            _ => None,
        };
        if let Some((token, key)) = in_path.filter(|_| !pairs.iter().any(|(name, _)| name == "token")) {
            pairs.push(("token".to_owned(), token.to_owned()));
            pairs.push(("key".to_owned(), key.to_owned()));
        }
        Self { pairs }
    }

    /// Reads the query string (without `?`) that the visitor came back with.
    pub fn from_query(query: &str) -> Self {
        Self { pairs: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect() }
    }

    /// The first value of `name`: the caller's own id, put into the redirect URL at the start, is found here.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The `error` that the return claims, where it claims one. Not a result either.
    pub fn claimed_error(&self) -> Option<&str> {
        self.parameter("error")
    }

    /// What is wrong with the token at `now_s` (seconds since 1970) for the client `client_id`: the first
    /// thing found.
    pub fn diagnose(&self, client_id: &str, now_s: u64) -> TokenFinding {
        let Some(token) = self.parameter("token") else { return TokenFinding::TokenAbsent };
        let Some(key) = self.parameter("key") else { return TokenFinding::KeyAbsent };
        let Some(key) = read_key(key) else { return TokenFinding::KeyInvalid };
        let Ok(claims) = key.verify::<Value>(token) else { return TokenFinding::SignatureInvalid };
        let audience = match claims.get("aud") {
            Some(Value::String(aud)) => aud == client_id,
            Some(Value::Array(auds)) => auds.iter().any(|aud| aud.as_str() == Some(client_id)),
            _ => false,
        };
        let time = |name: &str| claims.get(name).and_then(Value::as_u64);
        let latest = now_s.saturating_add(CLOCK_SKEW_S);
        match (time("exp"), time("iat")) {
            _ if !audience => TokenFinding::OtherAudience,
            (None, _) | (_, None) => TokenFinding::TimesAbsent,
            (Some(exp), _) if exp <= now_s => TokenFinding::Expired,
            (_, Some(iat)) if iat.max(time("nbf").unwrap_or_default()) > latest => TokenFinding::NotYetValid,
            _ => TokenFinding::ConsistentWithItself,
        }
    }
}

/// The key of a return URL: base64 or base64url, padded or not, of the JSON of a public JWK. A `+` that a
/// query turned into a space is one again.
fn read_key(text: &str) -> Option<VerifyingKey> {
    if text.len() > MAX_TOKEN_CHARS {
        return None;
    }
    let text: String = text
        .trim_end_matches('=')
        .chars()
        .map(|c| match c {
            '+' | ' ' => '-',
            '/' => '_',
            other => other,
        })
        .collect();
    let jwk: PublicJwk = serde_json::from_slice(&URL_SAFE_NO_PAD.decode(text).ok()?).ok()?;
    VerifyingKey::from_jwk(&jwk).ok()
}

impl fmt::Debug for ReturnHint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReturnHint").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::keys::SigningKey;
    use proptest::prelude::*;
    use serde_json::json;

    const NOW_S: u64 = 1_700_000_000;

    #[test]
    fn finds_the_callers_own_id_and_shows_no_token() {
        let url = Url::parse("https://shop.example/back?ref=r1&token=geheim&key=k&error=face_mismatch");
        let hint = ReturnHint::from_url(&url.expect("url"));
        assert_eq!(hint.parameter("ref"), Some("r1"));
        assert_eq!(hint.claimed_error(), Some("face_mismatch"));
        assert_eq!(hint.parameter("absent"), None);
        assert!(!format!("{hint:?}").contains("geheim"));
        assert_eq!(ReturnHint::from_query("ref=a%20b").parameter("ref"), Some("a b"));
    }

    fn key(seed: u8) -> SigningKey {
        SigningKey::from_random(&[seed; 32]).expect("key")
    }

    fn finding(signer: &SigningKey, beside: &SigningKey, claims: &Value) -> TokenFinding {
        let token = signer.sign(claims).expect("token");
        let query = format!("token={token}&key={}", beside.public().to_url_key());
        ReturnHint::from_query(&query).diagnose("client-1", NOW_S)
    }

    #[test]
    fn the_token_of_a_return_is_looked_at_and_proves_nothing() {
        let good =
            json!({ "sub": "ppid.x", "aud": "client-1", "iat": NOW_S, "exp": NOW_S + 300, "jti": "j" });
        let with = |name: &str, value: Value| {
            let mut claims = good.clone();
            claims[name] = value;
            finding(&key(9), &key(9), &claims)
        };
        assert_eq!(finding(&key(9), &key(9), &good), TokenFinding::ConsistentWithItself);
        assert_eq!(
            finding(&key(8), &key(8), &good),
            TokenFinding::ConsistentWithItself,
            "anyone can make one"
        );
        assert_eq!(with("aud", json!(["x", "client-1"])), TokenFinding::ConsistentWithItself);
        assert_eq!(with("iat", json!(NOW_S + CLOCK_SKEW_S)), TokenFinding::ConsistentWithItself);
        assert_eq!(finding(&key(8), &key(9), &good), TokenFinding::SignatureInvalid);
        assert_eq!(with("aud", json!("client-2")), TokenFinding::OtherAudience);
        assert_eq!(with("aud", Value::Null), TokenFinding::OtherAudience);
        assert_eq!(with("exp", json!(NOW_S)), TokenFinding::Expired);
        assert_eq!(with("exp", json!("soon")), TokenFinding::TimesAbsent);
        assert_eq!(with("iat", Value::Null), TokenFinding::TimesAbsent);
        assert_eq!(with("iat", json!(NOW_S + CLOCK_SKEW_S + 1)), TokenFinding::NotYetValid);
        assert_eq!(with("nbf", json!(NOW_S + CLOCK_SKEW_S + 1)), TokenFinding::NotYetValid);
        let bare = |query: &str| ReturnHint::from_query(query).diagnose("client-1", NOW_S);
        assert_eq!(bare("key=k"), TokenFinding::TokenAbsent);
        assert_eq!(bare("token=t"), TokenFinding::KeyAbsent);
        assert_eq!(bare("token=t&key=e30"), TokenFinding::KeyInvalid);
        let url_key = key(9).public().to_url_key();
        assert_eq!(bare(&format!("token=a.b.c&key={url_key}")), TokenFinding::SignatureInvalid);
    }

    #[test]
    fn token_and_key_are_found_in_the_path_form_too() {
        let claims =
            json!({ "aud": "client-1", "iat": NOW_S, "exp": NOW_S + 300, "sub_type": "encrypted_ppid" });
        let token = key(9).sign(&claims).expect("token");
        let url_key = key(9).public().to_url_key();
        for base in ["https://shop.example/back/token", "idvexpo://verify/token", "idvexpo://token"] {
            let url = Url::parse(&format!("{base}/{token}/{url_key}?ref=r1")).expect("url");
            let hint = ReturnHint::from_url(&url);
            assert_eq!(hint.diagnose("client-1", NOW_S), TokenFinding::ConsistentWithItself, "{base}");
            assert_eq!(hint.parameter("ref"), Some("r1"));
        }
    }

    proptest! {
        #[test]
        fn any_query_is_a_hint_without_a_panic(query in ".{0,200}", token in "[a-zA-Z0-9_.-]{0,80}") {
            let _ = ReturnHint::from_query(&query).diagnose("c", NOW_S);
            let url_key = key(9).public().to_url_key();
            let found = ReturnHint::from_query(&format!("token={token}&key={url_key}")).diagnose("c", NOW_S);
            prop_assert_ne!(found, TokenFinding::ConsistentWithItself);
        }
    }
}
