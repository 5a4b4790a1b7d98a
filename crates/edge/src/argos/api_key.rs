//! The key that opens the API.

use crate::error::{Error, ErrorKind};
use std::fmt;
use zeroize::Zeroizing;

/// Longest key, in characters: AWS API Gateway's own limit, the gateway whose header this is.
const MAX_KEY_CHARS: usize = 128;

/// An API key. Wiped from memory when dropped; `Debug` shows nothing of it. A request that is built holds a
/// copy in its `x-api-key` header; the native runner wipes that one once the request is handed over.
#[derive(Clone)]
pub struct ApiKey(Zeroizing<String>);

impl ApiKey {
    /// Takes a key: 1 to 128 visible ASCII characters. Fails with [`ErrorKind::KeyInvalid`].
    pub fn new(text: impl Into<String>) -> Result<Self, Error> {
        let text = Zeroizing::new(text.into());
        let fits = (1..=MAX_KEY_CHARS).contains(&text.len()) && text.bytes().all(|b| b.is_ascii_graphic());
        if fits {
            Ok(Self(text))
        } else {
            Err(Error::new(ErrorKind::KeyInvalid, "an API key is 1 to 128 visible ASCII characters"))
        }
    }

    /// The value of the `x-api-key` header.
    pub(super) fn header_value(&self) -> String {
        self.0.as_str().to_owned()
    }
}

impl fmt::Debug for ApiKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ApiKey(…)")
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_key_is_visible_ascii_and_is_never_shown() {
        let key = ApiKey::new("geheim-123").expect("key");
        assert_eq!(key.header_value(), "geheim-123");
        assert!(!format!("{key:?}").contains("geheim"));
        for bad in ["", "geheim 1", "geheim\r\nx: y", "gehéim", &"g".repeat(MAX_KEY_CHARS + 1)] {
            let error = ApiKey::new(bad).expect_err("refused");
            assert_eq!(error.kind(), ErrorKind::KeyInvalid);
            assert!(!format!("{error} {error:?}").contains("geh"));
        }
    }
}
