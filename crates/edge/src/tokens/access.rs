//! Access tokens: ES256 JWT with `sub` = client id and `scope`, as TomoIDV's own tests show them. Opaque to clients.

use crate::error::{Error, ErrorKind};
use crate::keys::{SigningKey, VerifyingKey};
use serde::{Deserialize, Serialize};

/// Life of an access token in seconds. The contract names no value; ten minutes is this project's choice.
pub const ACCESS_TOKEN_LIFE_S: u64 = 600;

/// Claims of an access token.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AccessClaims {
    /// The operator's origin.
    pub iss: String,
    /// Client id.
    pub sub: String,
    /// What it opens.
    pub aud: String,
    /// Granted scope.
    pub scope: String,
    /// Issued at, in seconds since 1970.
    pub iat: u64,
    /// Expires, in seconds since 1970.
    pub exp: u64,
    /// Unique.
    pub jti: String,
}

fn audience(origin: &str) -> String {
    format!("{origin}/v1/idv")
}

/// Mints an access token of `client_id` at the operator `origin`, at `now_s` (seconds since 1970).
pub fn mint_access_token(
    key: &SigningKey,
    origin: &str,
    client_id: &str,
    scope: &str,
    now_s: u64,
    jti: String,
) -> Result<String, Error> {
    key.sign(&AccessClaims {
        iss: origin.to_owned(),
        sub: client_id.to_owned(),
        aud: audience(origin),
        scope: scope.to_owned(),
        iat: now_s,
        exp: now_s.saturating_add(ACCESS_TOKEN_LIFE_S),
        jti,
    })
}

/// The claims of an access token that is good at `now_s`. Fails with [`ErrorKind::TokenInvalid`].
pub fn verify_access_token(
    token: &str,
    key: &VerifyingKey,
    origin: &str,
    now_s: u64,
) -> Result<AccessClaims, Error> {
    let claims: AccessClaims = key.verify(token)?;
    if claims.iss != origin || claims.aud != audience(origin) || claims.exp <= now_s {
        return Err(Error::new(ErrorKind::TokenInvalid, "an access token of elsewhere, or one that expired"));
    }
    Ok(claims)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_access_token_opens_its_own_operator_until_it_expires() {
        let key = SigningKey::from_random(&[9; 32]).expect("key");
        let token = mint_access_token(&key, "https://a", "c", "idv.read", 100, "j".into()).expect("token");
        let verify = |origin, now_s| verify_access_token(&token, key.public(), origin, now_s);
        assert_eq!(verify("https://a", 100).expect("good").sub, "c");
        assert!(verify("https://b", 100).is_err());
        assert!(verify("https://a", 100 + ACCESS_TOKEN_LIFE_S).is_err());
    }
}
