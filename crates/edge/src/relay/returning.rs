//! Where the flow returns to once a session has ended.

use super::session::Settled;
use crate::error::Error;
use crate::keys::SigningKey;
use crate::tokens::{Claims, RETURN_TOKEN_LIFE_MS, return_url};
use idv_protocol::{Outcome, Reason};
use serde::{Deserialize, Serialize};
use std::fmt;

/// What the return of a verification needs besides its session. `Debug` shows the client only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Returning {
    /// The person's id for this client.
    pub ppid: String,
    /// The customer.
    pub client_id: String,
    /// Where the flow returns to when it succeeded.
    pub redirect_success: String,
    /// Where it returns to otherwise.
    pub redirect_fail: String,
}

impl fmt::Debug for Returning {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Returning").field("client_id", &self.client_id).finish_non_exhaustive()
    }
}

impl Returning {
    /// The URL for a session that ended as `settled`, its token signed by the operator `origin` at `now_ms`
    /// (ms since 1970) with a fresh `jti`. Fails with [`crate::ErrorKind::UrlInvalid`].
    pub fn url(
        &self,
        settled: &Settled,
        origin: &str,
        key: &SigningKey,
        now_ms: u64,
        jti: String,
    ) -> Result<String, Error> {
        let claims = Claims::issued(origin, &self.ppid, &self.client_id, now_ms, RETURN_TOKEN_LIFE_MS, jti);
        // Neither is a failure of the visitor's; only the result says which.
        let succeeded = matches!(settled.outcome, Outcome::Approved | Outcome::PendingReview);
        let redirect = if succeeded { &self.redirect_success } else { &self.redirect_fail };
        let code = settled.reason.map_or("", Reason::code);
        let description = match settled.outcome {
            Outcome::Approved | Outcome::PendingReview => "",
            Outcome::Rejected => "the verification was not approved",
            Outcome::Expired => "the verification ran out of time",
            Outcome::Canceled => "the verification was given up",
        };
        return_url(redirect, key, &claims, (!succeeded).then_some((code, description)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_success_and_a_failure_return_to_their_own_urls() {
        let key = SigningKey::from_random(&[9; 32]).expect("key");
        let returning = Returning {
            ppid: "ppid.geheim".into(),
            client_id: "c".into(),
            redirect_success: "https://shop.example/done".into(),
            redirect_fail: "https://shop.example/again".into(),
        };
        let url = |outcome, reason| {
            let settled = Settled { outcome, reason, attempt: 1, at_ms: 1000 };
            returning.url(&settled, "https://a", &key, 1000, "j".into()).expect("url")
        };
        for outcome in [Outcome::Approved, Outcome::PendingReview] {
            assert!(url(outcome, None).starts_with("https://shop.example/done?token="));
        }
        let failed = url(Outcome::Rejected, Some(Reason::FaceMismatch));
        assert!(failed.starts_with("https://shop.example/again?token="), "{failed}");
        assert!(failed.contains("error=face_mismatch") && !format!("{returning:?}").contains("geheim"));
    }
}
