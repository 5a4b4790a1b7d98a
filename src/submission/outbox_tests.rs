use super::*;
use idv_protocol::seal::Jwk;
use idv_protocol::{CaptureKind, CaptureMeta, CaptureMethod, QualityReport, Size};
use idv_seal::jose::SealTo;

fn capture(kind: CaptureKind) -> Errand {
    let meta = CaptureMeta {
        kind,
        attempt: 1,
        sha256: format!("digest of {}", kind.code()),
        bytes: 4,
        size: Size { width: 1280, height: 720 },
        at_ms: 0.0,
        frame: None,
        quad: None,
        quality: QualityReport::default(),
        reading: None,
        barcode: None,
        method: CaptureMethod::Automatic,
    };
    let to = SealTo { verifier: Jwk::p256("x", "y"), session: "s".into(), attempt: 1, kind: Some(kind) };
    Errand::Capture { meta, jpeg: [1, 2, 3, 4].into(), to: Box::new(to) }
}

fn response(status: u16, body: &str) -> Result<Response, TransportFailure> {
    Ok(Response { status, retry_after_ms: None, body: body.to_owned() })
}

fn ack(kind: CaptureKind) -> Result<Response, TransportFailure> {
    let code = kind.code();
    response(200, &format!(r#"{{"kind":"{code}","sha256":"digest of {code}","already_held":false}}"#))
}

fn plan_holding(kinds: &[CaptureKind]) -> Result<Response, TransportFailure> {
    let received: Vec<_> = kinds
        .iter()
        .map(|kind| serde_json::json!({"kind": kind, "sha256": format!("digest of {}", kind.code())}))
        .collect();
    let plan = serde_json::json!({
        "protocol_version": "3.0", "session_id": "s", "policy_key": "p", "attempt": 1, "max_attempts": 3,
        "nonce": "n", "verifier": {"kty": "EC", "crv": "P-256", "x": "x", "y": "y"},
        "steps": [], "consent": {"version": "1", "text": "", "recipients": [], "retention_days": 1},
        "challenge": null, "received": received, "consent_given": true,
        "issued_at_ms": 0, "expires_at_ms": 1, "test_camera": false,
    });
    response(200, &plan.to_string())
}

fn two_captures() -> Outbox {
    let mut outbox = Outbox::new(true);
    outbox.push(capture(CaptureKind::Selfie));
    outbox.push(capture(CaptureKind::Action1));
    outbox
}

#[test]
fn sends_one_request_at_a_time_in_order() {
    let mut outbox = two_captures();
    let first = outbox.due(0.0).unwrap();
    assert_eq!((first.method.as_str(), first.path.as_str()), ("PUT", "/captures/1/selfie"));
    assert_eq!(outbox.due(0.0), None);
    assert_eq!(
        outbox.answered(first.id, ack(CaptureKind::Selfie), 0.5, 10.0),
        Settled::Delivered(Delivery::Capture(CaptureKind::Selfie))
    );
    assert_eq!(outbox.due(10.0).unwrap().path, "/captures/1/action_1");
}

#[test]
fn after_a_broken_upload_asks_what_arrived_and_does_not_send_it_again() {
    let mut outbox = two_captures();
    let put = outbox.due(0.0).unwrap();
    assert_eq!(outbox.answered(put.id, Err(TransportFailure::Network), 0.0, 0.0), Settled::Nothing);
    assert_eq!(outbox.due(0.0), None, "waits before it tries again");
    let wait = outbox.wait_ms(0.0).unwrap();
    let ask = outbox.due(wait).unwrap();
    assert_eq!((ask.method.as_str(), ask.path.as_str()), ("GET", "/plan"));
    assert_eq!(
        outbox.answered(ask.id, plan_holding(&[CaptureKind::Selfie]), 0.0, wait),
        Settled::Delivered(Delivery::Capture(CaptureKind::Selfie))
    );
    assert_eq!(outbox.due(wait).unwrap().path, "/captures/1/action_1");
}

#[test]
fn after_a_broken_upload_sends_again_what_did_not_arrive() {
    let mut outbox = two_captures();
    let put = outbox.due(0.0).unwrap();
    outbox.answered(put.id, Err(TransportFailure::Timeout), 0.0, 0.0);
    let ask = outbox.due(1000.0).unwrap();
    assert_eq!(outbox.answered(ask.id, plan_holding(&[]), 0.0, 1000.0), Settled::Nothing);
    assert_eq!(outbox.due(1000.0).unwrap().path, "/captures/1/selfie");
}

#[test]
fn gives_up_after_its_tries_and_starts_again_when_told_to() {
    let mut outbox = Outbox::new(true);
    outbox.push(Errand::Plan);
    let mut now_ms = 0.0;
    for _ in 1..MAX_TRIES {
        let request = outbox.due(now_ms).unwrap();
        assert_eq!(outbox.answered(request.id, response(503, ""), 1.0, now_ms), Settled::Nothing);
        now_ms += outbox.wait_ms(now_ms).unwrap();
    }
    let request = outbox.due(now_ms).unwrap();
    let Settled::Failed(error) = outbox.answered(request.id, response(503, ""), 1.0, now_ms) else {
        panic!("expected a failure")
    };
    assert_eq!(error.code(), "server_unavailable");
    assert_eq!((outbox.due(now_ms + 1e6), outbox.wait_ms(now_ms)), (None, None));
    outbox.resume();
    assert!(outbox.due(now_ms).is_some());
}

#[test]
fn waits_as_long_as_the_relay_asks() {
    let mut outbox = Outbox::new(true);
    outbox.push(Errand::Plan);
    let request = outbox.due(0.0).unwrap();
    let answer = Response { status: 429, retry_after_ms: Some(7000.0), body: String::new() };
    assert_eq!(outbox.answered(request.id, Ok(answer), 0.0, 0.0), Settled::Nothing);
    assert_eq!(outbox.wait_ms(0.0), Some(7000.0));
    assert_eq!(outbox.due(6999.0), None);
    assert!(outbox.due(7000.0).is_some());
}

#[test]
fn offline_is_no_try_and_going_online_sends_at_once() {
    let mut outbox = two_captures();
    let put = outbox.due(0.0).unwrap();
    outbox.set_online(false);
    assert_eq!(outbox.answered(put.id, Err(TransportFailure::Network), 1.0, 0.0), Settled::Nothing);
    assert_eq!((outbox.due(1e6), outbox.wait_ms(0.0)), (None, None));
    outbox.set_online(true);
    assert_eq!(outbox.due(1.0).unwrap().path, "/plan");
}

#[test]
fn a_refusal_is_not_tried_again() {
    let mut outbox = Outbox::new(true);
    outbox.push(Errand::Plan);
    let request = outbox.due(0.0).unwrap();
    let problem = r#"{"status":401,"code":"session_expired","detail":""}"#;
    let Settled::Failed(error) = outbox.answered(request.id, response(401, problem), 0.0, 0.0) else {
        panic!("expected a failure")
    };
    assert_eq!(error.code(), "session_expired");
}

#[test]
fn damaged_bytes_are_sent_again() {
    let mut outbox = two_captures();
    let put = outbox.due(0.0).unwrap();
    let problem = r#"{"status":400,"code":"digest_mismatch","detail":""}"#;
    assert_eq!(outbox.answered(put.id, response(400, problem), 0.0, 0.0), Settled::Nothing);
    assert_eq!(outbox.due(1000.0).unwrap().path, "/captures/1/selfie");
}

#[test]
fn a_late_answer_to_a_dropped_request_changes_nothing() {
    let mut outbox = two_captures();
    let put = outbox.due(0.0).unwrap();
    outbox.replace_with(Errand::Cancel(idv_protocol::Reason::UserCanceled));
    let cancel = outbox.due(0.0).unwrap();
    assert_eq!(outbox.answered(put.id, ack(CaptureKind::Selfie), 0.0, 5.0), Settled::Nothing);
    let receipt = r#"{"state":"received","submission_id":"x","return_url":"https://a.example/"}"#;
    assert!(matches!(
        outbox.answered(cancel.id, response(200, receipt), 0.0, 6.0),
        Settled::Delivered(Delivery::Receipt(_))
    ));
}

#[test]
fn progress_counts_bytes() {
    let mut outbox = two_captures();
    assert_eq!(outbox.progress_ratio(), 0.0);
    let put = outbox.due(0.0).unwrap();
    outbox.answered(put.id, ack(CaptureKind::Selfie), 0.0, 0.0);
    assert_eq!(outbox.progress_ratio(), 0.5);
}
