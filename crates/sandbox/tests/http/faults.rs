//! Faults on demand, and how the clients of customers' servers take them.

use crate::support::{SELFIE_POLICY, TestSandbox, answer, jpeg};
use idv_edge::ErrorKind;
use idv_edge::native::{Runner, RunnerParams, TossRunner};
use idv_edge::retry::RetryPolicy;
use idv_edge::tomo::{ApiVersion, Client, ResultRequest, StartRequest};
use idv_edge::toss::{Document, FailCode, Person, ResultReads, SignRequest, Trigger};
use idv_protocol::CaptureKind;
use idv_sandbox::faults::Faults;
use std::time::{Duration, Instant};

async fn start(faults: &[&str]) -> TestSandbox {
    let faults = faults.iter().map(|fault| (*fault).to_owned()).collect::<Vec<_>>();
    let faults = Faults::parse(&faults).expect("faults");
    TestSandbox::start_with(|params| params.faults = faults).await
}

/// A runner that waits short times between tries.
fn runner(sandbox: &TestSandbox) -> Runner {
    let client = Client::new(&sandbox.running.origin, sandbox.client_id(), sandbox.key()).expect("client");
    let retry = RetryPolicy { first_wait_ms: 1, ..RetryPolicy::default() };
    let params = RunnerParams { retry, ..RunnerParams::default() };
    Runner::new(client.with_version(ApiVersion::V1_4), &params).expect("runner")
}

async fn toss(sandbox: &TestSandbox) -> TossRunner {
    sandbox.running.vendors.toss.connect().await.expect("connects").runner.clone()
}

fn query() -> ResultRequest {
    ResultRequest { user_id: "u1".into(), country: None, policy: None }
}

fn begin() -> StartRequest {
    let country = "unknown".parse().ok();
    StartRequest { user_id: Some("u1".into()), country, ..StartRequest::default() }
}

fn signature() -> SignRequest {
    SignRequest {
        person: Person::personal("홍길동", "01012345678", "19850607").expect("person"),
        trigger: Trigger::Push,
        service_name: "s".into(),
        doc_title: "scenario:approve".into(),
        document: Document::Text("d".into()),
        encrypt_document: false,
        expire_s: None,
    }
}

fn injected(sandbox: &TestSandbox) -> usize {
    sandbox.events("fault_injected").len()
}

#[tokio::test]
async fn a_connection_breaks_in_mid_upload_and_the_same_upload_then_succeeds() {
    let sandbox = start(&["drop-capture=document_front"]).await;
    let page = sandbox.page("u1", SELFIE_POLICY).await;
    page.consent().await;
    let picture = jpeg(1280, 720, 90);
    let error = page
        .put_request(1, CaptureKind::DocumentFront, &picture)
        .send()
        .await
        .expect_err("the connection breaks");
    assert!(error.is_request(), "{error}");
    assert_eq!(injected(&sandbox), 1);
    assert!(page.plan().await.received.is_empty(), "nothing was stored");
    let (status, ack) = page.put(1, CaptureKind::DocumentFront, &picture).await;
    assert_eq!((status, &ack["already_held"]), (200, &false.into()));
    assert_eq!(sandbox.events("capture_received").len(), 1);
}

#[tokio::test]
async fn latency_delays_every_section() {
    let sandbox = start(&["latency-ms=120"]).await;
    for path in ["/v1/idv/health", "/toss/app", "/relay/v1/plan", "/idv/start", "/", "/console"] {
        let began = Instant::now();
        answer(sandbox.http.get(sandbox.url(path))).await;
        assert!(began.elapsed() >= Duration::from_millis(120), "{path}");
    }
}

#[tokio::test]
async fn an_injected_status_is_answered_below_its_path_and_nothing_is_done() {
    let sandbox = start(&["status=503:/v1/idv/start", "status=500:/relay:1"]).await;
    let response = sandbox.http.post(sandbox.url("/v1/idv/start")).send().await.expect("an answer");
    assert_eq!(
        (response.status().as_u16(), &response.headers()["retry-after"]),
        (503, &"1".parse().expect("value"))
    );
    let relay = || answer(sandbox.http.get(sandbox.url("/relay/v1/plan")));
    assert_eq!((relay().await.0, relay().await.0), (500, 401), "once, then as ever");
    assert_eq!(answer(sandbox.http.get(sandbox.url("/v1/idv/health"))).await.0, 200);
    assert_eq!(injected(&sandbox), 2);
}

#[tokio::test]
async fn a_read_is_repeated_over_an_outage_and_a_start_is_not() {
    let sandbox = start(&["status=502:/v1/idv/result:2", "status=502:/v1/idv/start:1"]).await;
    let runner = runner(&sandbox);
    runner.result(&query()).await.expect("the third try");
    assert_eq!(injected(&sandbox), 2);
    let error = runner.start(&begin()).await.expect_err("refused");
    assert_eq!(error.status(), Some(502));
    assert_eq!((injected(&sandbox), sandbox.events("session_started").len()), (3, 0));
    runner.start(&begin()).await.expect("by the caller's own second try");
}

#[tokio::test]
async fn a_lost_answer_to_a_read_is_asked_for_again_and_to_a_start_is_not() {
    let sandbox = start(&["drop-connection=/v1/idv/result:2", "drop-connection=/v1/idv/start"]).await;
    let runner = runner(&sandbox);
    runner.result(&query()).await.expect("the third try");
    let error = runner.start(&begin()).await.expect_err("lost");
    assert_eq!(error.kind(), ErrorKind::NetworkLost);
    assert_eq!(sandbox.events("session_started").len(), 1, "carried out once, and not sent again");
    assert_eq!(injected(&sandbox), 3);
}

#[tokio::test]
async fn a_lost_answer_of_the_token_endpoint_is_asked_for_again_with_another_assertion() {
    let sandbox = start(&["drop-connection=/v1/oauth2/token"]).await;
    runner(&sandbox).result(&query()).await.expect("the second assertion is not used yet");
    assert_eq!(injected(&sandbox), 1);
}

#[tokio::test]
async fn a_status_at_toss_is_repeated_and_neither_a_request_nor_a_result_is() {
    let sandbox = start(&[
        "drop-connection=/toss/token",
        "drop-connection=/toss/api/v2/sign/doc/status",
        "drop-connection=/toss/api/v2/sign/doc/result",
        "status=503:/toss/api/v2/sign/doc/request:1",
    ])
    .await;
    let runner = toss(&sandbox).await;
    let error = runner.sign(&signature()).await.expect_err("refused");
    assert_eq!((error.status(), error.retry_after_s()), (Some(503), Some(1)));
    let requested = runner.sign(&signature()).await.expect("requested");
    runner.status(&requested.tx_id).await.expect("the second try");

    let permit = || ResultReads::new(&requested, None).permit(0).expect("permit");
    let error = runner.result(permit()).await.expect_err("lost");
    assert_eq!(error.kind(), ErrorKind::NetworkLost);
    runner.result(permit()).await.expect("the second read");
    let error = runner.result(permit()).await.expect_err("refused");
    assert_eq!(FailCode::of(&error), Some(FailCode::ResultReadTwice), "the lost answer was counted");
    assert_eq!(injected(&sandbox), 4);
}

#[tokio::test]
async fn a_request_for_a_signature_whose_answer_is_lost_asks_the_person_once() {
    let faults =
        Faults::parse(&["drop-connection=/toss/api/v2/sign/doc/request".to_owned()]).expect("faults");
    let sandbox = TestSandbox::start_on_file_with(|params| params.faults = faults).await;
    let error = toss(&sandbox).await.sign(&signature()).await.expect_err("lost");
    assert_eq!(error.kind(), ErrorKind::NetworkLost);
    let file = sandbox.folder.join("sandbox.sqlite");
    let db = sqlx::SqlitePool::connect(&format!("sqlite://{}", file.display())).await.expect("database");
    let asked: i64 =
        sqlx::query_scalar("SELECT count(*) FROM toss_transactions").fetch_one(&db).await.expect("count");
    assert_eq!(asked, 1);
}

#[tokio::test]
async fn a_clock_that_is_off_refuses_assertions_and_one_that_is_nearly_right_does_not() {
    for (skew_ms, taken) in [(5_000, true), (-5_000, true), (400_000, false), (-400_000, false)] {
        let sandbox = start(&[&format!("clock-skew-ms={skew_ms}")]).await;
        let outcome = runner(&sandbox).result(&query()).await;
        match outcome {
            Ok(_) => assert!(taken, "{skew_ms}"),
            Err(error) => {
                assert_eq!(
                    (error.refusal_code(), taken),
                    (Some("invalid_client"), false),
                    "{skew_ms}: {error}"
                );
            }
        }
    }
}
