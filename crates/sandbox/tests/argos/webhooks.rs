//! Webhooks: who is told what, and what becomes of a recipient that fails.

use crate::support::{TestArgos, face};
use axum::Router;
use axum::extract::State;
use axum::http::StatusCode;
use axum::routing::post;
use idv_edge::argos::{KycStatus, WebhookHint, WebhookTrigger};
use idv_sandbox::argos::deliveries;
use idv_sandbox::scenario::Scenario;
use serde_json::Value;
use sqlx::sqlite::SqlitePoolOptions;
use std::sync::{Arc, Mutex};
use std::time::Duration;

/// A recipient that refuses the first webhooks.
#[derive(Clone, Default)]
struct Recipient {
    taken: Arc<Mutex<Vec<Value>>>,
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

    fn triggers(&self) -> Vec<String> {
        let taken = self.taken.lock().expect("taken");
        taken.iter().filter_map(|body| body["webhook_trigger"].as_str().map(str::to_owned)).collect()
    }

    /// Waits until so many were taken.
    async fn wait_for(&self, count: usize) -> Vec<String> {
        for _ in 0..500 {
            if self.triggers().len() >= count {
                break;
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        self.triggers()
    }
}

async fn take(State(recipient): State<Recipient>, body: String) -> StatusCode {
    let mut refuse = recipient.refuse.lock().expect("refuse");
    if *refuse > 0 {
        *refuse -= 1;
        return StatusCode::SERVICE_UNAVAILABLE;
    }
    recipient.taken.lock().expect("taken").push(serde_json::from_str(&body).expect("JSON"));
    StatusCode::NO_CONTENT
}

async fn start(recipient: &Recipient) -> TestArgos {
    let url = recipient.listen().await;
    TestArgos::start_on_file_with(|params| {
        params.argos.webhook = Some(url);
        params.argos.webhook_waits_ms = Some([0, 5, 5]);
    })
    .await
}

#[tokio::test]
async fn each_change_is_told_with_the_published_fields() {
    let recipient = Recipient::default();
    let test = start(&recipient).await;
    let (id, _) = test.run(Scenario::Approve, "u1").await;
    // Each step tells what it changed by itself, so that two of them may arrive in either order.
    let mut told = recipient.wait_for(3).await;
    told.sort();
    assert_eq!(told, ["aml", "approved", "created"]);
    let taken = recipient.taken.lock().expect("taken").clone();
    let body = taken.into_iter().find(|body| body["webhook_trigger"] == "approved").expect("approved");
    assert_eq!(body["submission_id"], id.as_str());
    assert_eq!(body["kyc_result"]["status"], "approved");
    for field in ["updated_at", "created_at", "kyc_result_at"] {
        assert!(body["kyc_result"][field].as_str().is_some_and(|time| time.ends_with('Z')), "{field}");
    }
    for field in [
        "applicant_id",
        "email",
        "userid",
        "gender",
        "date_of_birth",
        "nationality",
        "ipAddress",
        "fullName",
        "idType",
        "issuingCountry",
        "issueDate",
    ] {
        assert!(body[field].is_string(), "{field}");
    }
    assert_eq!((&body["cf"]["cf1"], &body["aml_result"]["currentstatus"]), (&"test".into(), &"clear".into()));
    assert_eq!(body["attempts"][0]["attemptCnt"], 1);

    let hint = WebhookHint::read(body.to_string().as_bytes()).expect("the client reads it");
    assert_eq!(hint.submission_id(), Some(&id));
    test.argos.delete(&id).await.expect("deleted");
    assert_eq!(recipient.wait_for(4).await.last().map(String::as_str), Some("delete"));
    let last = recipient.taken.lock().expect("taken")[3].clone();
    assert_eq!(
        last.as_object().map(serde_json::Map::len),
        Some(2),
        "the id and nothing of the person: {last}"
    );
}

#[tokio::test]
async fn retries_waits_and_rejections_are_told() {
    let recipient = Recipient::default();
    let test = start(&recipient).await;
    test.run(Scenario::Pending, "u1").await;
    assert_eq!(recipient.wait_for(3).await, ["created", "submit", "aml"]);
    let begun = test.begin(Scenario::Retry, "u2").await;
    for _ in 0..3 {
        test.argos.step2(&face(&begun.submission_id)).await.expect("step2");
    }
    let mut told = recipient.wait_for(7).await.split_off(3);
    told.sort();
    assert_eq!(told, ["created", "rejected", "retry", "retry"]);
    let taken = recipient.taken.lock().expect("taken");
    let retry = taken.iter().find(|body| body["webhook_trigger"] == "retry").expect("retry");
    assert_eq!(retry["retryCode"], "face_compare_underscore");
}

#[tokio::test]
async fn a_recipient_that_fails_is_tried_three_times_and_each_try_is_noted() {
    let recipient = Recipient::default();
    *recipient.refuse.lock().expect("refuse") = 2;
    let test = start(&recipient).await;
    test.begin(Scenario::Approve, "u1").await;
    recipient.wait_for(1).await;
    let db = SqlitePoolOptions::new()
        .connect(&format!("sqlite://{}", test.folder.join("sandbox.sqlite").display()))
        .await
        .expect("database");
    let noted = async |delivered: bool| {
        for _ in 0..500 {
            let all = deliveries(&db, 10).await.expect("deliveries");
            if all[0].delivered == delivered && all[0].tries == 3 {
                return all[0].clone();
            }
            tokio::time::sleep(Duration::from_millis(10)).await;
        }
        panic!("not noted");
    };
    let first = noted(true).await;
    assert_eq!((first.trigger, first.last_status), (WebhookTrigger::Created, Some(204)));
    *recipient.refuse.lock().expect("refuse") = usize::MAX;
    test.begin(Scenario::Approve, "u2").await;
    let second = noted(false).await;
    assert_eq!((second.last_status, second.last_try_ms), (Some(503), Some(test.now_ms())));
}

#[tokio::test]
async fn a_person_at_the_vendors_desk_decides_what_waits_and_any_trigger_can_be_sent() {
    let recipient = Recipient::default();
    let test = start(&recipient).await;
    let (id, _) = test.run(Scenario::Pending, "u1").await;
    let desk = |path: &str, body: String| {
        let url = format!("{}/argos/desk/{path}", test.running.origin);
        let request = test.http.post(url).header("content-type", "application/x-www-form-urlencoded");
        crate::support::answer(request.body(body))
    };
    let id_text = id.as_str();
    let code = "address_image_badImage";
    let (status, _) = desk("review", format!("submission_id={id_text}&result=rejected&code={code}")).await;
    assert_eq!(status, 200);
    let read = test.read(&id).await;
    assert_eq!((read.kyc.result, read.kyc.comment_codes[0].as_str()), (KycStatus::Rejected, code));
    assert_eq!(desk("review", format!("submission_id={id_text}&result=pending")).await.0, 400);
    assert_eq!(desk("review", format!("submission_id={id_text}&result=approved")).await.0, 200);
    assert_eq!(test.status(&id).await, KycStatus::Approved);
    let sent: Vec<&WebhookTrigger> =
        WebhookTrigger::KNOWN.iter().filter(|trigger| **trigger != WebhookTrigger::Delete).collect();
    for trigger in &sent {
        let (status, _) =
            desk("webhook", format!("submission_id={id_text}&trigger={}", trigger.as_str())).await;
        assert_eq!(status, 200);
    }
    let told = recipient.wait_for(5 + sent.len()).await;
    for trigger in sent {
        assert!(told.contains(&trigger.as_str().to_owned()), "{trigger:?}");
    }
}
