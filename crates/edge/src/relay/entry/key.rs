//! What names one press of a button.

use super::super::wire::problem;
use idv_protocol::relay::MAX_KEY_CHARS;
use idv_protocol::{Code, Problem};
use sha2::{Digest, Sha256};
use std::fmt;

/// An idempotency key of the page.
#[derive(Clone, PartialEq, Eq)]
pub struct Key(String);

impl Key {
    /// Reads a key: 1 to 64 visible ASCII characters. Fails with `invalid_request`.
    pub fn parse(text: &str) -> Result<Self, Problem> {
        let good = (1..=MAX_KEY_CHARS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        if !good {
            let detail = "idempotency-key must be 1 to 64 visible characters.";
            return Err(problem(Code::InvalidRequest, detail));
        }
        Ok(Self(text.to_owned()))
    }

    /// SHA-256 of the key, lower-case hex, as it is kept.
    pub(super) fn digest(&self) -> String {
        hex::encode(Sha256::digest(self.0.as_bytes()))
    }
}

impl fmt::Debug for Key {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Key(..)")
    }
}
