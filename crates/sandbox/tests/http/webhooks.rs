//! The customer is told that a verification has ended, and nothing else.

use crate::support::{SELFIE_POLICY, TestSandbox, answer};
use axum::Router;
use axum::extract::State;
use axum::http::{HeaderMap, StatusCode};
use axum::routing::post;
use idv_edge::tomo::{ApiVersion, COMPLETED_EVENT, PolicyKey, ResultRequest, StartRequest, WebhookHint};
use serde_json::json;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A customer's server that refuses the first webhooks.
#[derive(Clone, Default)]
struct Recipient {
    taken: Arc<Mutex<Vec<(HeaderMap, String)>>>,
    refuse: Arc<Mutex<usize>>,
}

impl Recipient {
    async fn listen(&self) -> String {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("bind");
        let url = format!("http://{}/hook", listener.local_addr().expect("address"));
        let app = Router::new().route("/hook", post(take)).with_state(self.clone());
        tokio::spawn(async move { axum::serve(listener, app).await });
        url
    }

    async fn wait_for(&self, count: usize) -> Vec<(HeaderMap, String)> {
        for _ in 0..500 {
            if self.taken.lock().expect("taken").len() >= count {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.taken.lock().expect("taken").clone()
    }
}

async fn take(State(recipient): State<Recipient>, headers: HeaderMap, body: String) -> StatusCode {
    let mut refuse = recipient.refuse.lock().expect("refuse");
    if *refuse > 0 {
        *refuse -= 1;
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    recipient.taken.lock().expect("taken").push((headers, body));
    StatusCode::NO_CONTENT
}

fn request(user_id: &str, webhook_url: &str) -> StartRequest {
    let key: PolicyKey = SELFIE_POLICY.parse().expect("key");
    StartRequest {
        user_id: Some(user_id.into()),
        country: Some(key.country),
        kyc_policy: key.policy,
        email: Some("anna@example.com".into()),
        redirect_url_success: Some("https://shop.example/ok".into()),
        webhook_url: Some(webhook_url.into()),
        ..StartRequest::default()
    }
}

/// Starts a verification and gives it up.
async fn cancel(sandbox: &TestSandbox, user_id: &str, webhook_url: &str) {
    let start = sandbox.runner(ApiVersion::V1_4).start(&request(user_id, webhook_url)).await.expect("starts");
    let url: url::Url = start.as_str().parse().expect("URL");
    let (status, session) = sandbox.exchange(&crate::support::query(&url, "token")).await;
    assert_eq!(status, 200, "{session}");
    let page = sandbox.page_of(serde_json::from_value(session).expect("session")).await;
    page.cancel("user_canceled").await;
}

/// What the console says of the webhooks, once it says `text`.
async fn console(sandbox: &TestSandbox, text: &str) -> String {
    for _ in 0..500 {
        let (_, page) = answer(sandbox.http.get(sandbox.url("/console"))).await;
        let page = page.as_str().expect("a page").to_owned();
        if page.contains(text) {
            return page;
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
    panic!("the console never said {text}");
}

#[tokio::test]
async fn the_end_of_a_verification_is_told_without_its_outcome_and_leads_to_the_result() {
    let sandbox = TestSandbox::start().await;
    let recipient = Recipient::default();
    let url = recipient.listen().await;
    cancel(&sandbox, "secret-user", &url).await;
    let (headers, body) = recipient.wait_for(1).await.pop().expect("told");
    assert_eq!(headers["content-type"], "application/json");
    assert!(!headers.contains_key("authorization"));
    let hint = WebhookHint::read(body.as_bytes()).expect("reads");
    assert_eq!(hint.event, COMPLETED_EVENT);
    assert!(hint.event_id.starts_with("evt_") && hint.occurred_at.ends_with('Z'));
    for told in ["secret-user", "anna@example.com", "cancel", "user_", SELFIE_POLICY, "ppid"] {
        assert!(!body.contains(told), "{told}: {body}");
    }
    let members: serde_json::Value = serde_json::from_str(&body).expect("JSON");
    assert_eq!(members.as_object().map(serde_json::Map::len), Some(4), "{members}");
    let query = ResultRequest { user_id: hint.auth_id.clone(), country: None, policy: None };
    let result = sandbox.runner(ApiVersion::V1_4).result(&query).await.expect("result");
    assert_eq!(result.records().next().expect("a record").auth_id, hint.auth_id);
    let page = console(&sandbox, "verification.completed").await;
    assert!(page.contains("TomoIDV") && page.contains(&url) && !page.contains("anna@example.com"));
}

#[tokio::test]
async fn a_customers_server_that_fails_is_tried_three_times_with_the_same_event() {
    let sandbox = TestSandbox::start_with(|params| params.webhook_waits_ms = Some([0, 5, 5])).await;
    let recipient = Recipient::default();
    let url = recipient.listen().await;
    *recipient.refuse.lock().expect("refuse") = 2;
    cancel(&sandbox, "u1", &url).await;
    assert_eq!(recipient.wait_for(1).await.len(), 1, "the third try arrives");
    assert!(console(&sandbox, "<dd>3</dd>").await.contains("<dd>204</dd>"));
    *recipient.refuse.lock().expect("refuse") = usize::MAX;
    cancel(&sandbox, "u2", &url).await;
    assert!(console(&sandbox, "not delivered").await.contains("<dd>503</dd>"));
    assert_eq!(recipient.taken.lock().expect("taken").len(), 1);
}

#[tokio::test]
async fn what_an_earlier_process_could_not_deliver_is_delivered_by_the_next_one() {
    let recipient = Recipient::default();
    let url = recipient.listen().await;
    *recipient.refuse.lock().expect("refuse") = 1;
    let sandbox =
        TestSandbox::start_on_file_with(|params| params.webhook_waits_ms = Some([0, 600_000, 600_000])).await;
    cancel(&sandbox, "u1", &url).await;
    console(&sandbox, "<dd>503</dd>").await;
    let file = sandbox.folder.join("sandbox.sqlite");
    let next = TestSandbox::start_with(|params| {
        params.db = file;
        params.webhook_waits_ms = Some([0, 5, 5]);
    })
    .await;
    assert_eq!(recipient.wait_for(1).await.len(), 1);
    drop((next, sandbox));
}

#[tokio::test]
async fn a_webhook_url_leads_to_the_public_internet_or_to_this_machine() {
    let sandbox = TestSandbox::start().await;
    let token = sandbox.access_token().await;
    for bad in [
        "http://shop.example/hook",
        "https://10.0.0.7/hook",
        "https://169.254.169.254/latest/meta-data",
        "https://[::ffff:192.168.0.1]/hook",
        "https://user:geheim@shop.example/hook",
        "file:///etc/passwd",
        "hook",
    ] {
        let body = json!({ "user_id": "u1", "country": "unknown", "webhook_url": bad });
        let (status, body) =
            answer(sandbox.http.post(sandbox.url("/v1/idv/start")).bearer_auth(&token).json(&body)).await;
        assert_eq!((status, &body["error"]), (400, &json!("invalid_request")), "{bad}");
    }
    let body = json!({ "country": "unknown", "email": "no address" });
    let started = sandbox.http.post(sandbox.url("/v1/idv/start")).bearer_auth(&token).json(&body);
    assert_eq!(answer(started).await.0, 400);
}
