//! Faults on demand.

use crate::support::{SELFIE_POLICY, TestSandbox, jpeg};
use idv_protocol::CaptureKind;
use idv_sandbox::faults::Faults;
use std::time::{Duration, Instant};

#[tokio::test]
async fn a_connection_breaks_in_mid_upload_and_the_same_upload_then_succeeds() {
    let faults = || Faults::parse(&["drop-capture=document_front".into()]).expect("faults");
    let sandbox = TestSandbox::start_with(|params| params.faults = faults()).await;
    let page = sandbox.page("u1", SELFIE_POLICY).await;
    page.consent().await;
    let picture = jpeg(1280, 720, 90);
    let error = page
        .put_request(1, CaptureKind::DocumentFront, &picture)
        .send()
        .await
        .expect_err("the connection breaks");
    assert!(error.is_request(), "{error}");
    assert_eq!(sandbox.events("fault_injected").len(), 1);
    assert!(page.plan().await.received.is_empty(), "nothing was stored");
    let (status, ack) = page.put(1, CaptureKind::DocumentFront, &picture).await;
    assert_eq!((status, &ack["already_held"]), (200, &false.into()));
    assert_eq!(sandbox.events("capture_received").len(), 1);
}

#[tokio::test]
async fn latency_delays_the_relay() {
    let faults = Faults::parse(&["latency-ms=300".into()]).expect("faults");
    let sandbox = TestSandbox::start_with(|params| params.faults = faults).await;
    let page = sandbox.page("u1", SELFIE_POLICY).await;
    let began = Instant::now();
    page.plan().await;
    assert!(began.elapsed() >= Duration::from_millis(300));
}
