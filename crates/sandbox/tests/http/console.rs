//! The console.

use crate::support::{SELFIE_POLICY, TestSandbox, answer, jpeg};
use idv_edge::toss::{Document, Person, SignRequest, Trigger};
use idv_protocol::CaptureKind;
use serde_json::json;

async fn page(sandbox: &TestSandbox) -> String {
    let (status, page) = answer(sandbox.http.get(sandbox.url("/console"))).await;
    assert_eq!(status, 200);
    page.as_str().expect("a page").to_owned()
}

fn signature(title: &str) -> SignRequest {
    SignRequest {
        person: Person::personal("홍길동", "01012345678", "19850607").expect("person"),
        trigger: Trigger::Push,
        service_name: "<b>".into(),
        doc_title: title.into(),
        document: Document::Text("d".into()),
        encrypt_document: false,
        expire_s: None,
    }
}

#[tokio::test]
async fn an_empty_sandbox_says_so() {
    let sandbox = TestSandbox::start().await;
    let page = page(&sandbox).await;
    for nothing in [
        "Nobody has started a verification yet.",
        "Nothing was submitted to Argos yet.",
        "Nobody was asked to sign anything yet.",
        "No text message was sent yet.",
        "No webhook was sent yet.",
    ] {
        assert!(page.contains(nothing), "{nothing}: {page}");
    }
}

#[tokio::test]
async fn a_session_is_shown_with_its_pictures_which_come_from_here() {
    let sandbox = TestSandbox::start().await;
    let flow = sandbox.page("scenario:approve:<i>", SELFIE_POLICY).await;
    flow.consent().await;
    let picture = jpeg(640, 480, 90);
    flow.put(1, CaptureKind::DocumentFront, &picture).await;
    let shown = page(&sandbox).await;
    let policy = SELFIE_POLICY.replace(':', ":<wbr>");
    assert!(shown.contains(&policy) && shown.contains("under way"), "{shown}");
    assert!(shown.contains("scenario:approve:&lt;i&gt;"), "text of customers is escaped");
    let at = shown.find("/console/captures/").expect("a picture");
    let path = shown[at..].split('"').next().expect("path");
    assert!(path.ends_with("/1/document_front"), "{path}");
    let response = sandbox.http.get(sandbox.url(path)).send().await.expect("an answer");
    assert_eq!(response.headers()["content-type"], "image/jpeg");
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert_eq!(response.headers()["cross-origin-resource-policy"], "same-origin");
    assert_eq!(response.bytes().await.expect("picture"), picture);
    let other = path.replace("document_front", "selfie");
    assert_eq!(answer(sandbox.http.get(sandbox.url(&other))).await.0, 404);

    flow.cancel("user_canceled").await;
    assert!(page(&sandbox).await.contains("class=\"mark bad\">canceled<"));
}

#[tokio::test]
async fn the_page_runs_nothing_and_is_not_stored() {
    let sandbox = TestSandbox::start().await;
    let response = sandbox.http.get(sandbox.url("/console")).send().await.expect("an answer");
    let headers = response.headers().clone();
    assert_eq!(headers["cache-control"], "no-store");
    let policy = headers["content-security-policy"].to_str().expect("policy");
    assert!(policy.starts_with("default-src 'none'; style-src 'self'; img-src 'self';"), "{policy}");
    assert!(!policy.contains("script-src"), "{policy}");
    let page = response.text().await.expect("page");
    assert!(!page.contains("<script") && !page.contains("style=\""), "{page}");
}

#[tokio::test]
async fn open_signatures_lead_to_the_app_and_decided_ones_do_not() {
    let sandbox = TestSandbox::start().await;
    let runner = &sandbox.running.vendors.toss.connect().await.expect("connects").runner;
    let requested = runner.sign(&signature("scenario:pending")).await.expect("requested");
    let app = format!("/toss/app?txId={}", requested.tx_id.as_str());
    let pushes = || answer(sandbox.http.get(sandbox.url("/console/pushes")));
    let (status, waiting) = pushes().await;
    assert_eq!((status, waiting.as_array().map(Vec::len)), (200, Some(1)));
    assert_eq!((&waiting[0]["app"], &waiting[0]["doc_title"]), (&json!(app), &json!("scenario:pending")));
    let shown = page(&sandbox).await;
    assert!(shown.contains(&format!("href=\"{app}\"")) && shown.contains("&lt;b&gt;"), "{shown}");

    let body = format!("txId={}&decision=refuse", requested.tx_id.as_str());
    let form = "application/x-www-form-urlencoded";
    let decide = sandbox.http.post(sandbox.url("/toss/app/decide")).header("content-type", form).body(body);
    assert_eq!(answer(decide).await.0, 303);
    assert_eq!(pushes().await.1, json!([]));
    let shown = page(&sandbox).await;
    assert!(shown.contains("refused") && !shown.contains(&app), "{shown}");
}

#[tokio::test]
async fn another_sites_name_for_this_machine_is_turned_away() {
    let sandbox = TestSandbox::start().await;
    for path in ["/console", "/console/pushes", "/console/style.css", "/console/captures/a/1/selfie"] {
        let request = sandbox.http.get(sandbox.url(path)).header("host", "rebound.example");
        let (status, body) = answer(request).await;
        assert_eq!(
            (status, body.as_str()),
            (404, Some("The console is shown on this machine only.")),
            "{path}"
        );
    }
}
