//! The token of the start URL: signed by the operator, bound to one session, dead after its first use.

use crate::error::Error;
use crate::keys::{SigningKey, VerifyingKey};
use crate::tokens::{Claims, Refusal};

/// Life of a start token in ms. The visitor opens the URL at once or by a link in a message read minutes later;
/// a quarter of an hour is this project's choice.
pub const START_TOKEN_LIFE_MS: u64 = 15 * 60 * 1000;

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
    key.sign(&Claims::issued(origin, session_id, &audience(origin), now_ms, START_TOKEN_LIFE_MS, jti))
}

/// The claims of a start token that is good at `now_ms` (ms since 1970). The `key` of the start URL plays no
/// part: a key that comes with the token proves nothing.
pub fn verify_start_token(
    token: &str,
    key: &VerifyingKey,
    origin: &str,
    now_ms: u64,
) -> Result<Claims, Refusal> {
    let claims: Claims = key.verify(token).map_err(|_| Refusal::Invalid)?;
    claims.checked(origin, &audience(origin), now_ms)
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
        assert_eq!(verify("https://b", 5_000), Err(Refusal::Invalid));
        assert_eq!(verify("https://a", 5_000 + START_TOKEN_LIFE_MS), Err(Refusal::Expired));
        let other = SigningKey::from_random(&[8; 32]).expect("key");
        let forged = mint_start_token(&other, "https://a", "s1", 5_000, "j".into()).expect("token");
        let refused = verify_start_token(&forged, key.public(), "https://a", 5_000);
        assert_eq!(refused, Err(Refusal::Invalid));
    }

    #[test]
    fn an_access_token_is_no_start_token() {
        let key = SigningKey::from_random(&[9; 32]).expect("key");
        let access = crate::tokens::mint_access_token(&key, "https://a", "s1", "idv.read", 5, "j".into());
        let refused = verify_start_token(&access.expect("token"), key.public(), "https://a", 5_000);
        assert_eq!(refused, Err(Refusal::Invalid));
    }
}
