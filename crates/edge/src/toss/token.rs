//! The access token and when to ask for another.

use super::environment::Hosts;
use crate::error::{Error, ErrorKind};
use crate::http::{Method, Request};
use serde::Deserialize;
use std::fmt;
use zeroize::Zeroizing;

/// Path of the token endpoint.
pub const TOKEN_PATH: &str = "/token";
/// The only scope.
pub const SCOPE: &str = "ca";
/// Seconds before a token's end at which another one is asked for: far more than one call takes.
pub const RENEW_BEFORE_S: u64 = 300;

/// An access token. Wiped from memory when dropped; `Debug` shows its times only.
#[derive(Clone, PartialEq, Eq)]
pub struct AccessToken {
    token: Zeroizing<String>,
    expires_at_s: u64,
    renew_at_s: u64,
}

impl fmt::Debug for AccessToken {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("AccessToken").field("expires_at_s", &self.expires_at_s).finish_non_exhaustive()
    }
}

impl AccessToken {
    /// Seconds since 1970 at which it ends. Its life is what Toss said, never a fixed year.
    pub fn expires_at_s(&self) -> u64 {
        self.expires_at_s
    }

    pub(super) fn bearer(&self) -> String {
        format!("Bearer {}", *self.token)
    }
}

/// What to do about the token before a call.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum TokenState<'a> {
    /// Use it. Toss asks not to fetch another one meanwhile.
    Fresh(&'a AccessToken),
    /// It still serves, but its end is near: fetch another one, once.
    Renew(&'a AccessToken),
    /// There is none: fetch one, once.
    Missing,
}

/// The token held, as data. Whoever runs requests keeps it behind one lock, so that only one fetch is under
/// way.
#[derive(Clone, Debug, Default)]
pub struct TokenCache {
    held: Option<AccessToken>,
}

impl TokenCache {
    /// The state at `now_s`, seconds since 1970.
    pub fn state(&self, now_s: u64) -> TokenState<'_> {
        match &self.held {
            Some(token) if now_s < token.renew_at_s => TokenState::Fresh(token),
            Some(token) if now_s < token.expires_at_s => TokenState::Renew(token),
            _ => TokenState::Missing,
        }
    }

    /// Holds `token` in place of the one held.
    pub fn store(&mut self, token: AccessToken) {
        self.held = Some(token);
    }

    /// Forgets `refused`, the token that Toss refused (CE1000 or 401); another one that came in meanwhile
    /// stays.
    pub fn forget(&mut self, refused: &AccessToken) {
        if self.held.as_ref() == Some(refused) {
            self.held = None;
        }
    }
}

#[derive(Deserialize)]
pub(super) struct TokenAnswer {
    access_token: String,
    token_type: String,
    expires_in: u64,
    #[serde(default)]
    scope: Option<String>,
}

impl TokenAnswer {
    /// The token, asked for at `asked_at_s`.
    pub(super) fn into_token(self, asked_at_s: u64) -> Result<AccessToken, Error> {
        let invalid = |why: &str| Err(Error::new(ErrorKind::ResponseInvalid, why));
        let printable = self.access_token.bytes().all(|byte| byte.is_ascii_graphic());
        if !self.token_type.eq_ignore_ascii_case("bearer") || self.access_token.is_empty() || !printable {
            return invalid("the token endpoint gave no bearer token");
        }
        if self.scope.is_some_and(|scope| !scope.split_whitespace().any(|one| one == SCOPE)) {
            return invalid("the token is of another scope");
        }
        let early_s = RENEW_BEFORE_S.min(self.expires_in / 2);
        let expires_at_s = asked_at_s.saturating_add(self.expires_in);
        let token = Zeroizing::new(self.access_token);
        Ok(AccessToken { token, expires_at_s, renew_at_s: expires_at_s - early_s })
    }
}

pub(super) fn token_request(hosts: &Hosts, client_id: &str, secret: &str) -> Result<Request, Error> {
    let body = url::form_urlencoded::Serializer::new(String::new())
        .append_pair("grant_type", "client_credentials")
        .append_pair("client_id", client_id)
        .append_pair("client_secret", secret)
        .append_pair("scope", SCOPE)
        .finish();
    let headers = vec![
        ("content-type", "application/x-www-form-urlencoded".to_owned()),
        ("accept", "application/json".to_owned()),
    ];
    Ok(Request { method: Method::Post, url: hosts.token_url(TOKEN_PATH)?, headers, body: body.into_bytes() })
}

#[cfg(test)]
mod tests {
    use super::*;

    fn token(text: &str, expires_in: u64, asked_at_s: u64) -> AccessToken {
        let answer = TokenAnswer {
            access_token: text.into(),
            token_type: "Bearer".into(),
            expires_in,
            scope: Some("ca".into()),
        };
        answer.into_token(asked_at_s).expect("token")
    }

    #[test]
    fn a_token_is_renewed_before_its_end_and_used_until_then() {
        let mut cache = TokenCache::default();
        assert_eq!(cache.state(0), TokenState::Missing);
        let year = token("t", 31_536_000, 1000);
        cache.store(year.clone());
        let end = 1000 + 31_536_000;
        assert_eq!(cache.state(1000), TokenState::Fresh(&year));
        assert_eq!(cache.state(end - 301), TokenState::Fresh(&year));
        assert_eq!(cache.state(end - 300), TokenState::Renew(&year));
        assert_eq!(cache.state(end), TokenState::Missing);
    }

    #[test]
    fn a_short_token_is_fresh_for_half_of_its_life() {
        let mut cache = TokenCache::default();
        cache.store(token("t", 60, 0));
        assert!(matches!(cache.state(29), TokenState::Fresh(_)));
        assert!(matches!(cache.state(30), TokenState::Renew(_)));
        cache.store(token("t", 0, 5));
        assert_eq!(cache.state(5), TokenState::Missing);
        cache.store(token("t", u64::MAX, 5));
        assert!(matches!(cache.state(6), TokenState::Fresh(_)));
    }

    #[test]
    fn only_the_refused_token_is_forgotten() {
        let mut cache = TokenCache::default();
        let old = token("old", 600, 0);
        cache.store(token("new", 600, 0));
        cache.forget(&old);
        assert!(matches!(cache.state(0), TokenState::Fresh(_)));
        cache.forget(&token("new", 600, 0));
        assert_eq!(cache.state(0), TokenState::Missing);
    }

    #[test]
    fn debug_shows_no_token() {
        let mut cache = TokenCache::default();
        cache.store(token("geheim", 600, 0));
        assert!(!format!("{cache:?}").contains("geheim"));
        assert!(!format!("{:?}", cache.state(0)).contains("geheim"));
    }
}
