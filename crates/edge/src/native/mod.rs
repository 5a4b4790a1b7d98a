//! Runs the customer's server's requests with reqwest. The only place of this crate with a clock, randomness
//! and a network.
//!
//! In: a client, how long to wait. Out: answers. Rule: a request is sent again only as [`crate::retry`]
//! allows; only one access token is asked for at a time, however many calls wait for it.

mod argos;
mod tomo;
mod toss;
mod transport;

pub use argos::ArgosRunner;
pub use tomo::Runner;
pub use toss::TossRunner;

use crate::retry::RetryPolicy;
use std::time::Duration;

/// How requests are run.
#[derive(Clone, Debug)]
pub struct RunnerParams {
    /// Time for a connection, TLS included. Five seconds: a slow handshake over a mobile network takes two.
    pub connect_timeout: Duration,
    /// Time for a whole request. Fifteen seconds: none of these calls computes anything long.
    pub timeout: Duration,
    /// PEM of a certificate to trust instead of the system's: for a self-signed test server only.
    pub only_root_pem: Option<Vec<u8>>,
    /// How often a request may be sent again where that is safe.
    pub retry: RetryPolicy,
}

impl Default for RunnerParams {
    fn default() -> Self {
        Self {
            connect_timeout: Duration::from_secs(5),
            timeout: Duration::from_secs(15),
            only_root_pem: None,
            retry: RetryPolicy::default(),
        }
    }
}

#[cfg(test)]
mod tests;
