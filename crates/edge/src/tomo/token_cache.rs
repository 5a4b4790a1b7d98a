//! The access token that is in use, as data.
//!
//! In: tokens and the time, in ms of any clock that only moves forward. Out: the token to use, or none. Rule:
//! a token is given out only while a request with it can still arrive before its end. Who asks for a new one,
//! and that nobody else does meanwhile, is the runner's matter.

use super::client::AccessToken;

/// Time before a token's end from which a new one is fetched, in ms: longer than a request may take.
pub const RENEW_BEFORE_MS: u64 = 30_000;

/// At most one token. `Debug` shows its life only.
#[derive(Clone, Debug, Default)]
pub struct TokenCache(Option<Held>);

#[derive(Clone, Debug)]
struct Held {
    token: AccessToken,
    renew_at_ms: u64,
}

impl TokenCache {
    /// The token to use at `now_ms`; `None` when a new one is to be fetched.
    pub fn usable(&self, now_ms: u64) -> Option<&AccessToken> {
        self.0.as_ref().filter(|held| now_ms < held.renew_at_ms).map(|held| &held.token)
    }

    /// Keeps a token that was asked for at `asked_at_ms`; its life counts from there, for the answer took
    /// time. One that lives less than twice [`RENEW_BEFORE_MS`] is used for half its life.
    pub fn store(&mut self, token: AccessToken, asked_at_ms: u64) {
        let life_ms = token.expires_in_s.saturating_mul(1000);
        let use_ms = life_ms - RENEW_BEFORE_MS.min(life_ms / 2);
        let renew_at_ms = asked_at_ms.saturating_add(use_ms);
        self.0 = Some(Held { token, renew_at_ms });
    }

    /// Forgets `token`, which the server did not take. A newer one, fetched by somebody else meanwhile,
    /// stays.
    pub fn discard(&mut self, token: &AccessToken) {
        if self.0.as_ref().is_some_and(|held| held.token == *token) {
            self.0 = None;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::http::Response;
    use crate::keys::SigningKey;
    use crate::tomo::Client;
    use proptest::prelude::*;

    fn token(name: &str, expires_in_s: u64) -> AccessToken {
        let key = SigningKey::from_random(&[3; 32]).expect("key");
        let client = Client::new("https://sandbox.example", "c", key).expect("client");
        let body =
            format!(r#"{{"access_token":"{name}","token_type":"Bearer","expires_in":{expires_in_s}}}"#);
        client.read_token(&Response { status: 200, body: body.into_bytes() }).expect("token")
    }

    #[test]
    fn a_token_is_renewed_half_a_minute_before_its_end() {
        let mut cache = TokenCache::default();
        assert!(cache.usable(0).is_none());
        cache.store(token("geheim", 600), 1_000);
        assert!(cache.usable(1_000).is_some() && cache.usable(570_999).is_some());
        assert!(cache.usable(571_000).is_none());
        assert!(!format!("{cache:?}").contains("geheim"));
    }

    #[test]
    fn a_short_lived_token_is_used_for_half_its_life_and_a_dead_one_never() {
        let mut cache = TokenCache::default();
        cache.store(token("a", 10), 0);
        assert!(cache.usable(4_999).is_some() && cache.usable(5_000).is_none());
        cache.store(token("a", 0), 0);
        assert!(cache.usable(0).is_none());
    }

    #[test]
    fn a_refused_token_is_forgotten_but_not_the_one_that_replaced_it() {
        let mut cache = TokenCache::default();
        cache.store(token("new", 600), 0);
        cache.discard(&token("old", 600));
        assert!(cache.usable(0).is_some());
        cache.discard(&token("new", 600));
        assert!(cache.usable(0).is_none());
    }

    proptest! {
        #[test]
        fn no_token_is_given_out_after_its_end(
            life_s in any::<u64>(), asked in any::<u64>(), now in any::<u64>(),
        ) {
            let mut cache = TokenCache::default();
            cache.store(token("a", life_s), asked);
            if cache.usable(now).is_some() {
                prop_assert!(now < asked.saturating_add(life_s.saturating_mul(1000)));
            }
        }
    }
}
