//! The stand-in for Argos over real HTTP on 127.0.0.1, by the client that customers' servers use.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod clocks;
mod console;
mod deletion;
mod files;
mod lists;
mod outages;
mod pictures;
mod refusals;
mod scenarios;
mod support;
mod webhooks;
