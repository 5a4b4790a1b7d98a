//! The claims that start and return tokens have in common.

use serde::{Deserialize, Serialize};

/// Claims of a token that the operator signs for one subject and one audience.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Claims {
    /// The operator's origin.
    pub iss: String,
    /// Whom or what it is about: the session of a start token, the ppid of a return token.
    pub sub: String,
    /// Whom it is for: the relay's base URL, or the customer's client id.
    pub aud: String,
    /// Issued at, in seconds since 1970.
    pub iat: u64,
    /// Expires, in seconds since 1970.
    pub exp: u64,
    /// Unique.
    pub jti: String,
}

/// Why a token is refused. That it was used before, only the caller's store knows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Refusal {
    /// Not one of ours.
    Invalid,
    /// Too old.
    Expired,
}

impl Claims {
    /// Claims issued at `now_ms` (ms since 1970) that are good for `life_ms`.
    pub fn issued(iss: &str, sub: &str, aud: &str, now_ms: u64, life_ms: u64, jti: String) -> Self {
        Self {
            iss: iss.to_owned(),
            sub: sub.to_owned(),
            aud: aud.to_owned(),
            iat: now_ms / 1000,
            exp: now_ms.saturating_add(life_ms) / 1000,
            jti,
        }
    }

    /// The same claims, if they are of `iss` for `aud` and good at `now_ms` (ms since 1970).
    pub(super) fn checked(self, iss: &str, aud: &str, now_ms: u64) -> Result<Self, Refusal> {
        if self.iss != iss || self.aud != aud {
            return Err(Refusal::Invalid);
        }
        if self.exp <= now_ms / 1000 { Err(Refusal::Expired) } else { Ok(self) }
    }
}
