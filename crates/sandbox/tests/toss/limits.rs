//! Time and counts.

use crate::bench::{Bench, fail_code, push};
use idv_edge::toss::{FailCode, MAX_EXPIRE_S, ReadRefusal, ResultReads, SignRequest, StatusHint};

const HOUR_MS: u64 = 60 * 60 * 1000;

#[tokio::test]
async fn the_result_can_be_read_twice() {
    let bench = Bench::start().await;
    let requested = bench.signed(&push()).await;
    let mut reads = ResultReads::new(&requested, Some(300));
    for _ in 0..2 {
        let permit = reads.permit(bench.now_s()).expect("permit");
        let result = bench.side.runner.result(permit).await.expect("result");
        assert!(result.verify(&push().document, &bench.side.trust, bench.now_s()).is_ok());
        reads.read(&result);
    }
    assert_eq!(reads.permit(bench.now_s()), Err(ReadRefusal::ReadTwice), "the client knows");
    assert_eq!(bench.refusal(&requested).await, FailCode::ResultReadTwice, "and the server does");
    bench.sandbox.pass_ms(2 * HOUR_MS);
    assert_eq!(bench.refusal(&requested).await, FailCode::ResultReadTwice);
}

#[tokio::test]
async fn refused_reads_are_not_counted() {
    let bench = Bench::start().await;
    let requested = bench.sign(&push()).await;
    for _ in 0..3 {
        assert_eq!(bench.refusal(&requested).await, FailCode::NotCompleted);
    }
    assert_eq!(bench.decide(&requested.tx_id, "sign").await.0, 303);
    assert!(bench.result(&requested).await.is_ok());
    assert!(bench.result(&requested).await.is_ok());
}

#[tokio::test]
async fn the_result_can_be_read_for_sixty_minutes_after_signing() {
    let bench = Bench::start().await;
    let requested = bench.signed(&push()).await;
    bench.sandbox.pass_ms(HOUR_MS);
    assert!(bench.result(&requested).await.is_ok(), "at 60 minutes");
    bench.sandbox.pass_ms(1);
    assert_eq!(bench.refusal(&requested).await, FailCode::Expired, "after 60 minutes");
}

#[tokio::test]
async fn a_request_can_be_signed_until_its_time_is_over() {
    let bench = Bench::start().await;
    let [in_time, late] = [bench.sign(&push()).await, bench.sign(&push()).await];
    bench.sandbox.pass_ms(299_999);
    assert_eq!(bench.decide(&in_time.tx_id, "sign").await.0, 303);
    bench.sandbox.pass_ms(1);
    assert_eq!(bench.decide(&late.tx_id, "sign").await.0, 409);
    assert_eq!(bench.status(&late).await, StatusHint::Expired);
    assert_eq!(bench.refusal(&late).await, FailCode::Expired);
    assert!(bench.result(&in_time).await.is_ok(), "signed in time, read after it");
}

#[tokio::test]
async fn without_a_time_the_longest_counts() {
    let bench = Bench::start().await;
    let requested = bench.sign(&SignRequest { expire_s: None, ..push() }).await;
    bench.sandbox.pass_ms(u64::from(MAX_EXPIRE_S) * 1000 - 1);
    assert_eq!(bench.status(&requested).await, StatusHint::Requested);
    bench.sandbox.pass_ms(1);
    assert_eq!(bench.status(&requested).await, StatusHint::Expired);
}

#[tokio::test]
async fn a_time_over_thirty_minutes_or_of_none_is_refused() {
    let bench = Bench::start().await;
    for seconds in [0, 1801, -1] {
        let answer = bench.send_changed(&push(), |body| body["expireSeconds"] = seconds.into()).await;
        assert_eq!((answer.0, fail_code(&answer)), (400, "CE9001"), "{seconds}");
    }
    let (status, _) = bench.send_changed(&push(), |body| body["expireSeconds"] = 1800.into()).await;
    assert_eq!(status, 200);
}
