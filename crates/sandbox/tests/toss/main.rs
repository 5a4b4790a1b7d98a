//! The stand-in of Toss, by the real client over real HTTP on 127.0.0.1, each test with a server, a database
//! and a clock of its own.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod app;
mod auth;
mod bench;
mod journeys;
mod limits;
mod privacy;
mod refusals;
mod sessions;
#[path = "../http/support.rs"]
#[allow(dead_code, unused_imports, reason = "what the other tests of the server need")]
mod support;
mod token;
