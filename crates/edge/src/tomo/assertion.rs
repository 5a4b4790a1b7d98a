//! The client assertion of `private_key_jwt`, as TomoIDV's SDKs make it (tomo-idv-client-node 1.3.0).

use serde::{Deserialize, Serialize};
use uuid::Uuid;

/// `client_assertion_type` of RFC 7523.
pub const ASSERTION_TYPE: &str = "urn:ietf:params:oauth:client-assertion-type:jwt-bearer";

/// Life of an assertion in seconds: `exp` is `iat` + 300 in TomoIDV's SDKs.
pub const ASSERTION_LIFE_S: u64 = 300;

/// The scope asked for, TomoIDV's default.
pub const DEFAULT_SCOPE: &str = "idv.read";

/// Claims of a client assertion.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AssertionClaims {
    /// Issuer: the client id.
    pub iss: String,
    /// Subject: the client id.
    pub sub: String,
    /// Audience: the token endpoint's URL.
    pub aud: String,
    /// Issued at, in seconds since 1970.
    pub iat: u64,
    /// Expires, in seconds since 1970.
    pub exp: u64,
    /// Used once: a UUID v4.
    pub jti: String,
}

impl AssertionClaims {
    /// Claims of `client_id` for the token endpoint `aud`, issued at `now_s` (seconds since 1970).
    pub fn new(client_id: &str, aud: &str, now_s: u64, jti: Uuid) -> Self {
        Self {
            iss: client_id.to_owned(),
            sub: client_id.to_owned(),
            aud: aud.to_owned(),
            iat: now_s,
            exp: now_s.saturating_add(ASSERTION_LIFE_S),
            jti: jti.to_string(),
        }
    }
}
