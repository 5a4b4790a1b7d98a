//! How many requests the relay takes of one session and of one address.
//!
//! In: a key, the time. Out: whether the request is taken, or after what time it would be. Rule: token
//! buckets, pure: no clock of their own, and whoever keeps them passes the time in ms. A request that is
//! refused costs nothing; memory is bounded, whoever knocks.

use core::net::{IpAddr, Ipv6Addr};
use serde::{Deserialize, Serialize};
use std::collections::HashMap;

/// Ms in a minute: a token is kept in so many parts, so that refilling by the ms is exact.
const PARTS: u64 = 60_000;

/// Most keys that one [`Limiter`] tells apart; those beyond share one bucket. A bucket takes about 100 bytes.
pub const MAX_KEYS: usize = 50_000;

/// A bucket's size and how quickly it fills.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BucketParams {
    /// Requests taken at once when none came for a while.
    pub burst: u32,
    /// Requests taken in a minute in the long run.
    pub per_minute: u32,
}

/// The limits of the page's API.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct LimitParams {
    /// Of one session. A flow with all its retries takes about 60 requests, and one that waits for a signature
    /// asks every few seconds.
    pub session: BucketParams,
    /// Of one address. Behind a carrier's or a company's address there can be dozens of visitors at once.
    pub address: BucketParams,
}

impl Default for LimitParams {
    fn default() -> Self {
        Self {
            session: BucketParams { burst: 90, per_minute: 60 },
            address: BucketParams { burst: 600, per_minute: 600 },
        }
    }
}

/// A bucket as it was when something was last taken: state for a store.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Bucket {
    /// What is in it, in 1/60000 of a request.
    parts: u64,
    /// When that was so, in ms since 1970.
    at_ms: u64,
}

impl Bucket {
    /// A full bucket at `now_ms`.
    pub fn full(params: BucketParams, now_ms: u64) -> Self {
        Self { parts: capacity(params), at_ms: now_ms }
    }

    /// Takes one request out at `now_ms`. Where there is none, the error is the time in ms after which there
    /// will be (`u64::MAX` where the bucket never fills). A clock that went back fills nothing.
    pub fn take(&mut self, params: BucketParams, now_ms: u64) -> Result<(), u64> {
        self.fill(params, now_ms);
        match self.parts.checked_sub(PARTS) {
            Some(rest) => {
                self.parts = rest;
                Ok(())
            }
            None => {
                let missing = PARTS - self.parts;
                let per_minute = u64::from(params.per_minute);
                Err(if per_minute == 0 || params.burst == 0 {
                    u64::MAX
                } else {
                    missing.div_ceil(per_minute)
                })
            }
        }
    }

    /// Whether nothing is known any more that a new bucket would not say, at `now_ms`.
    pub fn is_full(&self, params: BucketParams, now_ms: u64) -> bool {
        let mut later = *self;
        later.fill(params, now_ms);
        later.parts >= capacity(params)
    }

    fn fill(&mut self, params: BucketParams, now_ms: u64) {
        let passed_ms = now_ms.saturating_sub(self.at_ms);
        let more = passed_ms.saturating_mul(u64::from(params.per_minute));
        self.parts = self.parts.saturating_add(more).min(capacity(params));
        self.at_ms = now_ms;
    }
}

fn capacity(params: BucketParams) -> u64 {
    u64::from(params.burst) * PARTS
}

/// The buckets of one process, by key.
#[derive(Clone, Debug)]
pub struct Limiter {
    params: BucketParams,
    buckets: HashMap<String, Bucket>,
    max_keys: usize,
    overflow: Option<Bucket>,
}

impl Limiter {
    /// No key has knocked yet.
    pub fn new(params: BucketParams) -> Self {
        Self { params, buckets: HashMap::new(), max_keys: MAX_KEYS, overflow: None }
    }

    /// Takes a request of `key` at `now_ms`; else the error is the time to wait in ms.
    pub fn take(&mut self, key: &str, now_ms: u64) -> Result<(), u64> {
        let params = self.params;
        if !self.buckets.contains_key(key) && self.buckets.len() >= self.max_keys {
            self.buckets.retain(|_, bucket| !bucket.is_full(params, now_ms));
        }
        let fresh = Bucket::full(params, now_ms);
        let bucket = if self.buckets.len() < self.max_keys || self.buckets.contains_key(key) {
            self.buckets.entry(key.to_owned()).or_insert(fresh)
        } else {
            self.overflow.get_or_insert(fresh)
        };
        bucket.take(params, now_ms)
    }
}

/// The key under which an address is counted: an IPv4 address as it is, of an IPv6 address the first 64 bits,
/// which one subscriber has whole (RFC 6177).
pub fn address_key(address: IpAddr) -> String {
    match address.to_canonical() {
        IpAddr::V4(address) => address.to_string(),
        IpAddr::V6(address) => {
            let [a, b, c, d, ..] = address.segments();
            format!("{}/64", Ipv6Addr::new(a, b, c, d, 0, 0, 0, 0))
        }
    }
}

/// `Retry-After` of a wait in ms: whole seconds, at least one.
pub fn retry_after_header_s(wait_ms: u64) -> u64 {
    wait_ms.div_ceil(1000).clamp(1, 3600)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    const PARAMS: BucketParams = BucketParams { burst: 3, per_minute: 30 };
    const NOW_MS: u64 = 1_700_000_000_000;

    #[test]
    fn a_burst_is_taken_and_then_one_request_as_each_token_comes() {
        let mut bucket = Bucket::full(PARAMS, NOW_MS);
        for _ in 0..3 {
            assert_eq!(bucket.take(PARAMS, NOW_MS), Ok(()));
        }
        assert_eq!(bucket.take(PARAMS, NOW_MS), Err(2000));
        assert_eq!(bucket.take(PARAMS, NOW_MS + 1999), Err(1));
        assert_eq!(bucket.take(PARAMS, NOW_MS + 2000), Ok(()));
        assert_eq!(bucket.take(PARAMS, NOW_MS + 2000), Err(2000));
        assert!(!bucket.is_full(PARAMS, NOW_MS + 7999) && bucket.is_full(PARAMS, NOW_MS + 8000));
    }

    #[test]
    fn a_clock_that_goes_back_fills_nothing_and_a_closed_bucket_never_opens() {
        let mut bucket = Bucket::full(BucketParams { burst: 1, per_minute: 1 }, NOW_MS);
        let params = BucketParams { burst: 1, per_minute: 1 };
        assert_eq!(bucket.take(params, NOW_MS), Ok(()));
        assert_eq!(bucket.take(params, 0), Err(60_000));
        for closed in [BucketParams { burst: 0, per_minute: 9 }, BucketParams { burst: 0, per_minute: 0 }] {
            assert_eq!(Bucket::full(closed, 0).take(closed, u64::MAX), Err(u64::MAX));
        }
        assert_eq!(retry_after_header_s(u64::MAX), 3600);
        assert_eq!([retry_after_header_s(0), retry_after_header_s(1001)], [1, 2]);
    }

    #[test]
    fn keys_do_not_take_from_each_other() {
        let mut limiter = Limiter::new(PARAMS);
        for _ in 0..3 {
            assert_eq!(limiter.take("a", NOW_MS), Ok(()));
        }
        assert_eq!(limiter.take("a", NOW_MS), Err(2000));
        assert_eq!(limiter.take("b", NOW_MS), Ok(()));
    }

    #[test]
    fn keys_beyond_the_table_share_one_bucket_until_there_is_room() {
        let mut limiter = Limiter { max_keys: 2, ..Limiter::new(PARAMS) };
        for key in ["a", "b", "c", "d", "e"] {
            assert_eq!(limiter.take(key, NOW_MS), Ok(()), "{key}");
        }
        assert_eq!(limiter.take("f", NOW_MS), Err(2000));
        assert_eq!(limiter.take("a", NOW_MS), Ok(()), "a known key keeps its own");
        assert_eq!(limiter.buckets.len(), 2);
        assert_eq!(limiter.take("f", NOW_MS + 60_000), Ok(()));
        assert!(limiter.buckets.contains_key("f") && limiter.buckets.len() == 1);
    }

    #[test]
    fn an_address_is_counted_by_what_one_subscriber_has() {
        let key = |text: &str| address_key(text.parse().expect("address"));
        assert_eq!(key("192.0.2.1"), "192.0.2.1");
        assert_eq!(key("::ffff:192.0.2.1"), "192.0.2.1");
        assert_eq!(key("2001:db8:1:2:3:4:5:6"), "2001:db8:1:2::/64");
        assert_eq!(key("2001:db8:1:2:ffff::1"), "2001:db8:1:2::/64");
    }

    proptest! {
        #[test]
        fn never_more_than_burst_and_rate_allow(
            burst in 0_u32..20, per_minute in 0_u32..200,
            steps in proptest::collection::vec(0_u64..5_000, 1..200),
        ) {
            let params = BucketParams { burst, per_minute };
            let mut bucket = Bucket::full(params, NOW_MS);
            let (mut now_ms, mut taken) = (NOW_MS, 0_u64);
            for step in steps {
                now_ms += step;
                match bucket.take(params, now_ms) {
                    Ok(()) => taken += 1,
                    Err(wait_ms) if wait_ms < 1_000_000 => {
                        let mut later = bucket;
                        prop_assert_eq!(later.take(params, now_ms + wait_ms), Ok(()));
                    }
                    Err(_) => {}
                }
            }
            let most = u64::from(burst) + (now_ms - NOW_MS) * u64::from(per_minute) / 60_000;
            prop_assert!(taken <= most, "{taken} of {most}");
        }
    }
}
