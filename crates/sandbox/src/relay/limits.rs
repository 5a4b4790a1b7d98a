//! How many requests the relay takes, of this process.

use crate::error::Error;
use idv_edge::relay::limits::{LimitParams, Limiter, address_key, retry_after_header_s};
use std::net::IpAddr;
use std::sync::{Mutex, PoisonError};

/// The buckets of sessions and addresses.
#[derive(Debug)]
pub(crate) struct RateLimits(Option<Mutex<Buckets>>);

#[derive(Debug)]
struct Buckets {
    sessions: Limiter,
    addresses: Limiter,
}

impl RateLimits {
    /// Full buckets; `None` takes any number.
    pub(crate) fn new(params: Option<LimitParams>) -> Self {
        Self(params.map(|params| {
            Mutex::new(Buckets {
                sessions: Limiter::new(params.session),
                addresses: Limiter::new(params.address),
            })
        }))
    }

    /// Takes a request from `address` at `now_ms`, or refuses it with `rate_limited`.
    pub(super) fn take_of_address(&self, address: IpAddr, now_ms: u64) -> Result<(), Error> {
        self.take(|buckets| buckets.addresses.take(&address_key(address), now_ms))
    }

    /// Takes a request over the session `id` at `now_ms`, or refuses it with `rate_limited`.
    pub(super) fn take_of_session(&self, id: &str, now_ms: u64) -> Result<(), Error> {
        self.take(|buckets| buckets.sessions.take(id, now_ms))
    }

    fn take(&self, take: impl FnOnce(&mut Buckets) -> Result<(), u64>) -> Result<(), Error> {
        let Some(buckets) = &self.0 else { return Ok(()) };
        // Buckets are whole after every change: one that panicked has left nothing half done.
        let mut buckets = buckets.lock().unwrap_or_else(PoisonError::into_inner);
        take(&mut buckets)
            .map_err(|wait_ms| Error::RateLimited { retry_after_s: retry_after_header_s(wait_ms) })
    }
}
