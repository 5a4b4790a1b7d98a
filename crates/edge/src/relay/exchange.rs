//! The start token becomes a session token.
//!
//! In: a session, the page's key, time and random bytes. Out: the session token and the session from now on. Rule:
//! a start token opens its session for one page only; that page may ask again while it cannot have the answer.

use super::session::{Exchanged, SESSION_LIFE_MS, Session};
use super::step::Context;
use super::wire::problem;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use idv_protocol::relay::{PAGE_KEY_BYTES, SessionResponse};
use idv_protocol::{Code, Problem};
use sha2::{Digest, Sha256};
use std::fmt;

/// Time in ms after the first exchange in which it may be repeated. The page tries six times, each for 15 s, with
/// about 15 s of waits in all: what comes later than that is not the page that lost its answer.
pub const EXCHANGE_REPEAT_MS: u64 = 2 * 60 * 1000;

/// The secret by which a page shows that it is the one that exchanged the start token. `Debug` does not show it.
#[derive(Clone, PartialEq, Eq)]
pub struct PageKey([u8; PAGE_KEY_BYTES]);

impl PageKey {
    /// The key in a request, base64url without padding. Fails with `invalid_request`.
    pub fn from_text(text: &str) -> Result<Self, Problem> {
        URL_SAFE_NO_PAD.decode(text).ok().and_then(|bytes| bytes.try_into().ok()).map(Self).ok_or_else(|| {
            problem(Code::InvalidRequest, "page_key must be 32 bytes as base64url without padding.")
        })
    }

    fn digest(&self) -> String {
        hex::encode(Sha256::digest(self.0))
    }
}

impl fmt::Debug for PageKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("PageKey(..)")
    }
}

/// SHA-256 of a session token as it is stored, lower-case hex.
pub fn session_token_digest(token: &str) -> String {
    hex::encode(Sha256::digest(token.as_bytes()))
}

/// Gives the session its token, made of the context's 32 random bytes: the answer, and the session from now on.
/// The start token is one of ours and names this session; whether it is too old, the session says.
///
/// The second time it fails with `token_used`, unless the same page asks within [`EXCHANGE_REPEAT_MS`] and nothing
/// was granted to the session token yet: then it gets a new one, and the old one is dead.
pub fn exchange(
    session: &Session,
    page_key: &PageKey,
    context: &Context,
) -> Result<(SessionResponse, Session), Problem> {
    let page_key_sha256 = page_key.digest();
    let exchanged = match &session.exchanged {
        // Digests of random keys: the time of this comparison says nothing about a key that fits.
        Some(first)
            if first.page_key_sha256 == page_key_sha256
                && context.now_ms < first.at_ms.saturating_add(EXCHANGE_REPEAT_MS) =>
        {
            first.clone()
        }
        None if session.token_sha256.is_none() => Exchanged { page_key_sha256, at_ms: context.now_ms },
        _ => return Err(problem(Code::TokenUsed, "This link was opened before. Ask for a new one.")),
    };
    if session.settled.is_some() || context.now_ms >= session.expires_at_ms {
        return Err(problem(Code::TokenExpired, "This link is too old. Ask for a new one."));
    }
    let token = URL_SAFE_NO_PAD.encode(context.random);
    let expires_at_ms = exchanged.at_ms.saturating_add(SESSION_LIFE_MS);
    let next = Session {
        token_sha256: Some(session_token_digest(&token)),
        exchanged: Some(exchanged),
        expires_at_ms,
        ..session.clone()
    };
    Ok((SessionResponse { session_id: session.id.clone(), session_token: token, expires_at_ms }, next))
}

#[cfg(test)]
mod tests {
    use super::super::step::tests::{SELFIE_POLICY, context, page_key, waiting};
    use super::super::{Request, step};
    use super::*;

    fn at(after_ms: u64, fill: u8) -> Context {
        Context { now_ms: context().now_ms + after_ms, random: [fill; 32], ..context() }
    }

    fn opened() -> (SessionResponse, Session) {
        exchange(&waiting(SELFIE_POLICY), &page_key(1), &at(0, 7)).expect("opens")
    }

    #[test]
    fn a_start_token_opens_its_session_for_one_page() {
        let (response, session) = opened();
        assert_eq!(session.token_sha256, Some(session_token_digest(&response.session_token)));
        assert_eq!(session.expires_at_ms, context().now_ms + SESSION_LIFE_MS);
        let other = exchange(&session, &page_key(2), &at(1, 8)).expect_err("another page");
        assert_eq!(other.code, Code::TokenUsed);
        let late = exchange(&waiting(SELFIE_POLICY), &page_key(1), &at(1000, 7)).expect_err("late");
        assert_eq!(late.code, Code::TokenExpired);
    }

    #[test]
    fn the_page_that_lost_its_answer_gets_another_token_for_a_short_time() {
        let (first, session) = opened();
        let (second, after) =
            exchange(&session, &page_key(1), &at(EXCHANGE_REPEAT_MS - 1, 8)).expect("opens again");
        assert_ne!(first.session_token, second.session_token);
        assert_eq!(
            after.token_sha256,
            Some(session_token_digest(&second.session_token)),
            "the old one is dead"
        );
        assert_eq!(second.expires_at_ms, first.expires_at_ms, "the session lives no longer by that");
        for session in [session, after] {
            let late = exchange(&session, &page_key(1), &at(EXCHANGE_REPEAT_MS, 9)).expect_err("late");
            assert_eq!(late.code, Code::TokenUsed);
        }
    }

    #[test]
    fn once_the_session_token_was_used_the_exchange_is_over() {
        let (_, session) = opened();
        let step = step(&session, &Request::Plan, &at(0, 8)).expect("a plan");
        let used = step.session.expect("changed by its first use");
        assert_eq!(exchange(&used, &page_key(1), &at(1, 9)).expect_err("used").code, Code::TokenUsed);
        let again = super::super::step(&used, &Request::Plan, &at(1, 8)).expect("a plan");
        assert_eq!(again.session, None);
    }

    #[test]
    fn what_is_stored_holds_neither_token_nor_key() {
        let key = page_key(5);
        let (response, session) = exchange(&waiting(SELFIE_POLICY), &key, &at(0, 7)).expect("opens");
        let stored = serde_json::to_string(&session).expect("json");
        for secret in [response.session_token, URL_SAFE_NO_PAD.encode([5; 32]), hex::encode([5; 32])] {
            assert!(!stored.contains(&secret));
        }
        assert_eq!(format!("{key:?}"), "PageKey(..)");
    }
}
