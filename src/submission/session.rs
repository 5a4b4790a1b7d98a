//! What the page keeps for a reload: the session, where it stands, and measurements of what the relay holds.

use idv_protocol::{CaptureMeta, ConsentRecord, DocumentKind};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

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
        let text = format!("{saved:?}");
        assert!(text.contains("s-1") && !text.contains("secret"), "{text}");
    }
}
