//! Random sequences of legal and illegal calls against each vendor's stand-in, over real HTTP: what must hold
//! whatever is called in whatever order.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

mod argos;
#[path = "../toss/bench.rs"]
#[allow(dead_code, reason = "what the tests of Toss need")]
mod bench;
#[path = "../http/support.rs"]
#[allow(dead_code, unused_imports, reason = "what the other tests of the server need")]
mod support;
mod tomo;
mod toss;

use proptest::prelude::*;
use proptest::test_runner::{Config, TestRunner};
use std::fmt::Debug;

/// Sequences that are tried of each vendor; each has a server of its own.
const CASES: u32 = 24;
/// Longest sequence.
const MAX_CALLS: usize = 40;

/// Plays sequences of `call` by `play`, and shows the shortest one that breaks a rule.
fn holds<T: Debug + Clone, F: Future<Output = Result<(), TestCaseError>>>(
    call: impl Strategy<Value = T>,
    play: impl Fn(Vec<T>) -> F,
) {
    let runtime = tokio::runtime::Runtime::new().expect("runtime");
    let config =
        Config { cases: CASES, max_shrink_iters: 64, failure_persistence: None, ..Config::default() };
    let outcome = TestRunner::new(config)
        .run(&prop::collection::vec(call, 1..MAX_CALLS), |calls| runtime.block_on(play(calls)));
    if let Err(error) = outcome {
        panic!("{error}");
    }
}
