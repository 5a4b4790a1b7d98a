//! Bringing consent, captures and evidence to the relay. What is to be sealed or signed is named in a request and done
//! where it is sent.
//!
//! In: errands, answers, times and jitter. Out: requests as data and what they brought back. Rule: one request
//! at a time, in order; nothing the relay already holds is sent again. Only `transport` talks to the network.

mod backoff;
mod outbox;
mod request;
mod response;
mod session;
#[cfg(target_arch = "wasm32")]
pub mod transport;

pub use backoff::{BASE_DELAY_MS, MAX_DELAY_MS, MAX_RETRY_AFTER_MS, MAX_TRIES, delay_ms};
pub use outbox::{Outbox, Settled};
pub use request::{
    Body, CAPTURE_TIMEOUT_MS, COMPLETE_TIMEOUT_MS, Errand, JSON_TIMEOUT_MS, Jpeg, Method, Request, ToSign,
    VENDOR_TIMEOUT_MS,
};
pub use response::{Delivery, Response, TransportFailure};
pub use session::{Kept, PendingExchange, SavedSession, token_digest};
