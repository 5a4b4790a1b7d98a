//! The token of the start URL: signed by the operator, bound to one session, dead after its first use.

use crate::error::Error;
use crate::keys::{SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

/// Life of a start token in ms. The visitor opens the URL at once or by a link in a message read minutes later;
/// a quarter of an hour is this project's choice.
pub const START_TOKEN_LIFE_MS: u64 = 15 * 60 * 1000;

/// Claims of a start token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct StartClaims {
    /// The operator's origin.
    pub iss: String,
    /// Session it opens.
    pub sub: String,
    /// The relay's base URL.
    pub aud: String,
    /// Issued at, in seconds since 1970.
    pub iat: u64,
    /// Expires, in seconds since 1970.
    pub exp: u64,
    /// Unique.
    pub jti: String,
}

/// Why a start token is refused. That it was used before, only the session's store knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum StartRefusal {
    /// Not one of ours.
    Invalid,
    /// Too old.
    Expired,
}

fn audience(origin: &str) -> String {
    format!("{origin}/relay/v1")
}

/// Mints the start token of a session at the operator `origin`, at `now_ms` (ms since 1970).
pub fn mint_start_token(
    key: &SigningKey,
    origin: &str,
    session_id: &str,
    now_ms: u64,
    jti: String,
) -> Result<String, Error> {
    key.sign(&StartClaims {
        iss: origin.to_owned(),
        sub: session_id.to_owned(),
        aud: audience(origin),
        iat: now_ms / 1000,
        exp: now_ms.saturating_add(START_TOKEN_LIFE_MS) / 1000,
        jti,
    })
}

/// The claims of a start token that is good at `now_ms` (ms since 1970). The `key` of the start URL plays no
/// part: a key that comes with the token proves nothing.
pub fn verify_start_token(
    token: &str,
    key: &VerifyingKey,
    origin: &str,
    now_ms: u64,
) -> Result<StartClaims, StartRefusal> {
    let claims: StartClaims = key.verify(token).map_err(|_| StartRefusal::Invalid)?;
    if claims.iss != origin || claims.aud != audience(origin) {
        return Err(StartRefusal::Invalid);
    }
    if claims.exp <= now_ms / 1000 {
        return Err(StartRefusal::Expired);
    }
    Ok(claims)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_start_token_opens_the_session_it_was_made_for() {
        let key = SigningKey::from_random(&[9; 32]).expect("key");
        let token = mint_start_token(&key, "https://a", "s1", 5_000, "j".into()).expect("token");
        let verify = |origin, now_ms| verify_start_token(&token, key.public(), origin, now_ms);
        assert_eq!(verify("https://a", 5_000).expect("good").sub, "s1");
        assert_eq!(verify("https://b", 5_000), Err(StartRefusal::Invalid));
        assert_eq!(verify("https://a", 5_000 + START_TOKEN_LIFE_MS), Err(StartRefusal::Expired));
        let other = SigningKey::from_random(&[8; 32]).expect("key");
        let forged = mint_start_token(&other, "https://a", "s1", 5_000, "j".into()).expect("token");
        let refused = verify_start_token(&forged, key.public(), "https://a", 5_000);
        assert_eq!(refused, Err(StartRefusal::Invalid));
    }

    #[test]
    fn an_access_token_is_no_start_token() {
        let key = SigningKey::from_random(&[9; 32]).expect("key");
        let access = crate::tokens::mint_access_token(&key, "https://a", "s1", "idv.read", 5, "j".into());
        let refused = verify_start_token(&access.expect("token"), key.public(), "https://a", 5_000);
        assert_eq!(refused, Err(StartRefusal::Invalid));
    }
}
