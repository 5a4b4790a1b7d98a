//! The webhook: a hint that something changed.
//!
//! In: the body of a POST. Out: which submission to read again. Rule: the vendor signs nothing that is
//! public, so anyone can send one. The hint has no status, no personal data and no code, and no type in
//! common with a submission: what it claims can be learnt only by reading `GET /submission`.

use super::client::Client;
use super::codes::WebhookTrigger;
use super::fields::SubmissionId;
use super::list::SubmissionQuery;
use crate::error::{Error, ErrorKind};
use crate::http::Request;
use serde::Deserialize;
use serde_json::Value;
use std::fmt;

/// Largest webhook read, in bytes. The published fields are some kilobytes; this limit is ours.
pub const MAX_WEBHOOK_BYTES: usize = 256 * 1024;

/// What a webhook tells without being believed.
#[derive(Clone, PartialEq, Eq)]
pub struct WebhookHint {
    trigger: Option<WebhookTrigger>,
    submission_id: Option<SubmissionId>,
    encrypted: bool,
}

impl fmt::Debug for WebhookHint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WebhookHint")
            .field("trigger", &self.trigger)
            .field("encrypted", &self.encrypted)
            .finish_non_exhaustive()
    }
}

#[derive(Deserialize)]
struct Wire {
    #[serde(default)]
    webhook_trigger: Option<WebhookTrigger>,
    #[serde(default)]
    submission_id: Option<String>,
    #[serde(default)]
    data: Option<Value>,
}

impl WebhookHint {
    /// Reads the body of a webhook. Fails with [`ErrorKind::ResponseTooLarge`] over 256 KiB, and with
    /// [`ErrorKind::ResponseInvalid`] on what is no JSON object with a trigger, or with an encrypted text, or
    /// on an id that cannot be one.
    pub fn read(body: &[u8]) -> Result<Self, Error> {
        let invalid = || Error::new(ErrorKind::ResponseInvalid, "not a webhook of the contract");
        if body.len() > MAX_WEBHOOK_BYTES {
            return Err(Error::new(ErrorKind::ResponseTooLarge, "a webhook over 256 KiB"));
        }
        let wire: Wire = serde_json::from_slice(body).map_err(|_| invalid())?;
        let encrypted = wire.webhook_trigger.is_none() && matches!(wire.data, Some(Value::String(_)));
        if wire.webhook_trigger.is_none() && !encrypted {
            return Err(invalid());
        }
        let submission_id = wire.submission_id.map(SubmissionId::new).transpose().map_err(|_| invalid())?;
        Ok(Self { trigger: wire.webhook_trigger, submission_id, encrypted })
    }

    /// What it claims to be about; `None` where it is encrypted. For counting and routing, not for deciding.
    pub fn claimed_trigger(&self) -> Option<&WebhookTrigger> {
        self.trigger.as_ref()
    }

    /// The submission to read again, where it names one.
    pub fn submission_id(&self) -> Option<&SubmissionId> {
        self.submission_id.as_ref()
    }

    /// Whether it is `{"data": "…"}`, which this client does not decrypt.
    pub fn is_encrypted(&self) -> bool {
        self.encrypted
    }

    /// The read that it leads to: of its submission, answered to [`Client::read_submission`]; of the list
    /// where it names none, answered to [`Client::read_list`] of the default query.
    pub fn reread_request(&self, client: &Client) -> Result<Request, Error> {
        match &self.submission_id {
            Some(id) => client.submission_request(id),
            None => client.list_request(&SubmissionQuery::default()),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::argos::client::tests::client;
    use proptest::prelude::*;

    /// Every published field of a webhook, with a made-up person.
    const APPROVED: &str = r#"{"webhook_trigger":"approved","kyc_result":{"status":"approved",
        "updated_at":"2024-01-01T00:00:00.000Z","created_at":"2024-01-01T00:00:00.000Z",
        "kyc_result_at":"","pending_at":"",
        "reviewer":"auto","comment":[]},"applicant_id":"ap1","submission_id":"s1","email":"test@example.com",
        "userid":"u1","tokenId":"t1","cf":{"cf1":"1","cf2":"2","cf3":"3"},"gender":"female",
        "date_of_birth":"1990-01-01","nationality":"SWE","ipAddress":"192.0.2.1","fullName":"Anna Eriksson",
        "idType":"passport","issuingCountry":"SWE","issueDate":"2016-08-16","expireDate":"2026-08-16",
        "identityNumber":"1","documentNumber":"2",
        "aml_result":{"currentstatus":"clear","risk_level_summary":"low"},
        "retryCode":[],"attempts":[]}"#;

    #[test]
    fn a_webhook_says_which_submission_to_read_again_and_no_result() {
        let hint = WebhookHint::read(APPROVED.as_bytes()).expect("reads");
        assert_eq!(hint.claimed_trigger(), Some(&WebhookTrigger::Approved));
        assert_eq!(hint.submission_id().map(SubmissionId::as_str), Some("s1"));
        let request = hint.reread_request(&client()).expect("request");
        assert!(request.url.as_str().ends_with("/v2/submission?submission_id=s1"));
        let shown = format!("{hint:?}");
        for secret in ["Anna", "1990", "test@", "s1", "192.0"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }

    #[test]
    fn every_trigger_is_read_and_an_unknown_one_too() {
        for trigger in WebhookTrigger::KNOWN.iter().map(WebhookTrigger::as_str).chain(["brand_new"]) {
            let body = format!(r#"{{"webhook_trigger":"{trigger}","submission_id":"s1"}}"#);
            let hint = WebhookHint::read(body.as_bytes()).expect("reads");
            assert_eq!(hint.claimed_trigger().map(WebhookTrigger::as_str), Some(trigger));
        }
    }

    #[test]
    fn an_encrypted_webhook_leads_to_a_read_of_the_list() {
        let hint = WebhookHint::read(br#"{"data":"bm90IG9wZW5lZA=="}"#).expect("reads");
        assert!(hint.is_encrypted() && hint.claimed_trigger().is_none());
        let request = hint.reread_request(&client()).expect("request");
        assert!(request.url.as_str().ends_with("/v2/submission"));
    }

    #[test]
    fn a_body_that_is_no_webhook_is_a_typed_error() {
        let bad = [
            "",
            "[]",
            "{}",
            r#"{"data":{}}"#,
            r#"{"webhook_trigger":7}"#,
            r#"{"webhook_trigger":"approved","submission_id":"a/../b"}"#,
        ];
        for body in bad {
            let error = WebhookHint::read(body.as_bytes()).expect_err(body);
            assert_eq!(error.kind(), ErrorKind::ResponseInvalid, "{body}");
        }
        let large = vec![b' '; MAX_WEBHOOK_BYTES + 1];
        assert_eq!(WebhookHint::read(&large).expect_err("large").kind(), ErrorKind::ResponseTooLarge);
    }

    proptest! {
        #[test]
        fn any_bytes_are_a_hint_or_a_typed_error(body in proptest::collection::vec(any::<u8>(), 0..300)) {
            let read = WebhookHint::read(&body);
            prop_assert!(read.is_ok() || read.is_err_and(|e| e.kind() == ErrorKind::ResponseInvalid));
        }

        #[test]
        fn a_changed_webhook_never_panics(at in 0_usize..900, byte in any::<u8>()) {
            let mut body = APPROVED.as_bytes().to_vec();
            let at = at.min(body.len() - 1);
            body[at] = byte;
            let _ = WebhookHint::read(&body);
        }
    }
}
