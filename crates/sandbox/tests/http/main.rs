//! The sandbox over real HTTP on 127.0.0.1, each test with a server, a database and a clock of its own.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod approved;
mod console;
mod entries;
mod faults;
mod limits;
mod older;
mod pages;
mod relay;
#[allow(unused_imports, reason = "what the other tests of the server need")]
mod support;
mod token;
mod tomo;
mod transport;
mod vendor;
mod webhooks;
