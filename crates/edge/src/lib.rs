//! What runs on servers and at the edge, never in a browser: the customer's server as a client of TomoIDV,
//! the tokens of the operator, and the relay that the hosted page talks to.
//!
//! In: settings, requests, responses, the time, random bytes, all as arguments. Out: requests to send,
//! answers to give, state to store. Rule: no clock, no randomness and no network outside `native` and
//! `wasm`, which are features.
//!
//! - [`argos`]: steps, submissions, files, and how often a step may be repeated.
//! - [`tomo`]: client assertion, token, start, result; [`tomo::KycPolicy`] and its key.
//! - [`tokens`]: what an authorization server and the start URL need: verify assertions, mint and verify
//!   tokens.
//! - [`evidence`]: what a page sealed and signed, checked.
//! - [`relay`]: the page's API as a pure function from session and request to answer, session and effects.
//! - [`toss`]: signatures by Toss certificates: request, status, result, session encryption, verified PKCS#7.
//! - [`retry`]: whether, and when, a request may be sent again.
//! - [`runner`]: a call as a state machine, for whoever sends.
//! - `native`: runs the requests with reqwest and keeps the access token fresh.
//! - `wasm`: the bindings for JavaScript, whose `fetch` sends.

#![warn(missing_debug_implementations)]

pub mod argos;
mod dates;
pub mod error;
#[cfg(target_arch = "wasm32")]
mod es256;
pub mod evidence;
pub mod http;
pub mod keys;
#[cfg(feature = "native")]
pub mod native;
pub mod relay;
pub mod retry;
pub mod runner;
pub mod tokens;
pub mod tomo;
pub mod toss;
#[cfg(all(feature = "js", target_arch = "wasm32"))]
pub mod wasm;

pub use error::{Error, ErrorKind};
