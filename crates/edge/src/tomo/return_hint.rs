//! The return of the visitor to the customer's page or app.

use std::fmt;
use url::Url;

/// What a return URL claims. Anyone can make one, token and key included, so it is a hint to go and ask for
/// the result, and carries no way to learn one. It has no outcome, no user id and no verified claim on purpose.
#[derive(Clone, PartialEq, Eq)]
pub struct ReturnHint {
    pairs: Vec<(String, String)>,
}

impl ReturnHint {
    /// Reads the URL that the visitor came back with.
    pub fn from_url(url: &Url) -> Self {
        Self { pairs: url.query_pairs().into_owned().collect() }
    }

    /// Reads the query string (without `?`) that the visitor came back with.
    pub fn from_query(query: &str) -> Self {
        Self { pairs: url::form_urlencoded::parse(query.as_bytes()).into_owned().collect() }
    }

    /// The first value of `name`: the caller's own id, put into the redirect URL at the start, is found here.
    pub fn parameter(&self, name: &str) -> Option<&str> {
        self.pairs.iter().find(|(key, _)| key == name).map(|(_, value)| value.as_str())
    }

    /// The `error` that the return claims, where it claims one. Not a result either.
    pub fn claimed_error(&self) -> Option<&str> {
        self.parameter("error")
    }
}

impl fmt::Debug for ReturnHint {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("ReturnHint").finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn finds_the_callers_own_id_and_shows_no_token() {
        let url = Url::parse("https://shop.example/back?ref=r1&token=geheim&key=k&error=face_mismatch");
        let hint = ReturnHint::from_url(&url.expect("url"));
        assert_eq!(hint.parameter("ref"), Some("r1"));
        assert_eq!(hint.claimed_error(), Some("face_mismatch"));
        assert_eq!(hint.parameter("absent"), None);
        assert!(!format!("{hint:?}").contains("geheim"));
        assert_eq!(ReturnHint::from_query("ref=a%20b").parameter("ref"), Some("a b"));
    }
}
