//! Rate limits: a bucket as text for a store, or the buckets of one process.

use super::ms;
use crate::relay::limits::{Bucket, BucketParams, Limiter, address_key, retry_after_header_s};
use serde_json::json;
use std::net::IpAddr;
use wasm_bindgen::prelude::wasm_bindgen;

/// Takes a request out of `bucket` (none for a full one): `{bucket}`, and `retryAfterS` where it is refused.
#[wasm_bindgen]
pub fn limit_take(bucket: Option<String>, burst: u32, per_minute: u32, now_ms: f64) -> String {
    let (params, now_ms) = (BucketParams { burst, per_minute }, ms(now_ms));
    let known = bucket.and_then(|text| serde_json::from_str::<Bucket>(&text).ok());
    let mut bucket = known.unwrap_or_else(|| Bucket::full(params, now_ms));
    let refused = bucket.take(params, now_ms).err().map(retry_after_header_s);
    json!({ "bucket": json!(bucket).to_string(), "retryAfterS": refused.unwrap_or(0) }).to_string()
}

/// Whether `bucket` says no more than a new one would.
#[wasm_bindgen]
pub fn limit_is_full(bucket: &str, burst: u32, per_minute: u32, now_ms: f64) -> bool {
    let known = serde_json::from_str::<Bucket>(bucket);
    known.map_or(true, |bucket| bucket.is_full(BucketParams { burst, per_minute }, ms(now_ms)))
}

/// The buckets of one process.
#[wasm_bindgen]
#[derive(Debug)]
pub struct RelayLimiter(Limiter);

#[wasm_bindgen]
impl RelayLimiter {
    /// No key has knocked yet.
    #[wasm_bindgen(constructor)]
    pub fn new(burst: u32, per_minute: u32) -> Self {
        Self(Limiter::new(BucketParams { burst, per_minute }))
    }

    /// Takes a request of `key`: 0, or the seconds to wait.
    pub fn take(&mut self, key: &str, now_ms: f64) -> u32 {
        let refused = self.0.take(key, ms(now_ms)).err().map(retry_after_header_s);
        u32::try_from(refused.unwrap_or(0)).unwrap_or(u32::MAX)
    }
}

/// The key under which an address is counted; what is no address counts as itself.
#[wasm_bindgen]
pub fn limit_address_key(address: &str) -> String {
    address.parse::<IpAddr>().map_or_else(|_| address.chars().take(64).collect(), address_key)
}
