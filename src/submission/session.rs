//! What the page keeps for a reload: the exchange it waits for, or the session, where it stands, and measurements
//! of what the relay holds.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use idv_protocol::relay::PAGE_KEY_BYTES;
use idv_protocol::{CaptureMeta, ConsentRecord, DocumentKind};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// What lies in the tab's session storage.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Kept {
    /// From just before the start token is sent until the answer to it.
    Exchange(PendingExchange),
    /// From then until the end.
    Session(SavedSession),
}

/// An exchange whose answer has not come. `Debug` shows neither token nor key.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct PendingExchange {
    /// The one-time token of the start URL.
    pub start_token: String,
    /// What shows the relay that the same page asks again, base64url without padding.
    pub page_key: String,
}

impl PendingExchange {
    /// An exchange of `start_token` with a new key of random bytes.
    pub fn new(start_token: String, page_key: &[u8; PAGE_KEY_BYTES]) -> Self {
        Self { start_token, page_key: URL_SAFE_NO_PAD.encode(page_key) }
    }
}

impl fmt::Debug for PendingExchange {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("PendingExchange").finish_non_exhaustive()
    }
}

/// A session as it lies in the tab's session storage. It holds no picture and no personal data: of the
/// captures, only digest, size and quality of those the relay has taken in.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct SavedSession {
    /// Session id; opaque.
    pub session_id: String,
    /// Bearer token of the session.
    pub session_token: String,
    /// SHA-256 of the one-time start token it came from, lower-case hex.
    pub start_token_sha256: String,
    /// Consent, where it was given.
    pub consent: Option<ConsentRecord>,
    /// Shape of the captured document.
    pub document_kind: Option<DocumentKind>,
    /// Captures that outlive a reload: those of the document.
    pub captures: Vec<CaptureMeta>,
}

impl SavedSession {
    /// Whether it came from this start token.
    pub fn is_from(&self, start_token: &str) -> bool {
        self.start_token_sha256 == token_digest(start_token)
    }
}

impl fmt::Debug for SavedSession {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("SavedSession").field("session_id", &self.session_id).finish_non_exhaustive()
    }
}

/// SHA-256 of a start token, lower-case hex.
pub fn token_digest(start_token: &str) -> String {
    hex::encode(Sha256::digest(start_token.as_bytes()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn belongs_to_the_start_token_it_came_from_and_prints_no_token() {
        let saved = SavedSession {
            session_id: "s-1".into(),
            session_token: "secret".into(),
            start_token_sha256: token_digest("one-time"),
            consent: None,
            document_kind: None,
            captures: Vec::new(),
        };
        assert!(saved.is_from("one-time"));
        assert!(!saved.is_from("another"));
        let text = format!("{:?}", Kept::Session(saved));
        assert!(text.contains("s-1") && !text.contains("secret"), "{text}");
    }

    #[test]
    fn a_pending_exchange_comes_back_as_it_was_and_prints_nothing() {
        let pending = Kept::Exchange(PendingExchange::new("one-time".into(), &[255; 32]));
        let text = serde_json::to_string(&pending).unwrap();
        assert!(text.contains(&("_".repeat(42) + "8")), "{text}");
        assert_eq!(serde_json::from_str::<Kept>(&text).unwrap(), pending);
        assert_eq!(format!("{pending:?}"), "Exchange(PendingExchange { .. })");
    }
}
