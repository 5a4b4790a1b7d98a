//! What a webhook of a verification says. The vendor's public texts name `webhook_url` and no body: this one is this
//! project's sandbox's. Nobody signs it, so it is a hint: ask for the result.

use crate::error::{Error, ErrorKind};
use serde::{Deserialize, Serialize};

/// Largest webhook read, in bytes. One has some hundreds.
pub const MAX_WEBHOOK_BYTES: usize = 16 * 1024;

/// `event` of a verification that has ended, or whose review has.
pub const COMPLETED_EVENT: &str = "verification.completed";

/// A webhook: no personal data, and not how it ended.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WebhookHint {
    /// `verification.completed`.
    pub event: String,
    /// Id of this event; a repeated delivery has the same one.
    pub event_id: String,
    /// The verification. [`super::ResultRequest::user_id`] takes it.
    pub auth_id: String,
    /// When it happened, RFC 3339 in UTC.
    pub occurred_at: String,
}

impl WebhookHint {
    /// Reads a body. Fails with [`ErrorKind::ResponseTooLarge`] and [`ErrorKind::ResponseInvalid`].
    pub fn read(body: &[u8]) -> Result<Self, Error> {
        if body.len() > MAX_WEBHOOK_BYTES {
            return Err(Error::new(ErrorKind::ResponseTooLarge, "a webhook over 16 KiB"));
        }
        serde_json::from_slice(body).map_err(|_| Error::new(ErrorKind::ResponseInvalid, "not a webhook"))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_webhook_names_the_verification_and_nothing_of_the_person() {
        let body = br#"{"event":"verification.completed","event_id":"e1","auth_id":"sub_1",
                        "occurred_at":"2026-01-01T00:00:00Z"}"#;
        let hint = WebhookHint::read(body).expect("reads");
        assert_eq!((hint.event.as_str(), hint.auth_id.as_str()), (COMPLETED_EVENT, "sub_1"));
        assert_eq!(WebhookHint::read(b"[]").expect_err("none").kind(), ErrorKind::ResponseInvalid);
        let large = vec![b' '; MAX_WEBHOOK_BYTES + 1];
        assert_eq!(WebhookHint::read(&large).expect_err("large").kind(), ErrorKind::ResponseTooLarge);
    }
}
