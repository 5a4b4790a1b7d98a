//! Argos on the console.

use crate::support::{TestArgos, grey};
use axum::Router;
use axum::http::StatusCode;
use axum::routing::post;
use idv_sandbox::scenario::Scenario;
use std::time::Duration;

async fn console(sandbox: &TestArgos) -> String {
    let url = format!("{}/console", sandbox.running.origin);
    sandbox.http.get(url).send().await.expect("an answer").text().await.expect("page")
}

/// Someone who takes every webhook.
async fn recipient() -> String {
    let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let url = format!("http://{}/hook", listener.local_addr().expect("address"));
    let app = Router::new().route("/hook", post(|| async { StatusCode::NO_CONTENT }));
    tokio::spawn(async move { axum::serve(listener, app).await });
    url
}

#[tokio::test]
async fn submissions_are_shown_with_scores_and_pictures_and_webhooks_with_their_delivery() {
    let url = recipient().await;
    let sandbox = TestArgos::start_with(|params| params.argos.webhook = Some(url)).await;
    assert!(console(&sandbox).await.contains("Nothing was submitted to Argos yet."));
    let (id, _) = sandbox.run(Scenario::Approve, "a").await;
    let mut shown = console(&sandbox).await;
    for _ in 0..200 {
        if shown.contains(">delivered<") {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
        shown = console(&sandbox).await;
    }
    assert!(shown.contains(id.as_str()) && shown.contains("class=\"mark good\">approved<"), "{shown}");
    assert!(shown.contains("Attempt 1") && shown.contains("of 100"), "{shown}");
    assert!(shown.contains(">delivered<"), "{shown}");
    for (kind, seed) in [("idImage", 1), ("selfieImage", 2)] {
        let path = format!("/console/submissions/{}/{kind}", id.as_str());
        assert!(shown.contains(&format!("src=\"{path}\"")), "{kind}: {shown}");
        let picture = sandbox.http.get(format!("{}{path}", sandbox.running.origin)).send().await;
        let picture = picture.expect("an answer");
        assert_eq!(picture.headers()["content-type"], "image/jpeg");
        assert_eq!(picture.bytes().await.expect("picture"), grey(seed));
    }

    sandbox.argos.delete(&id).await.expect("deleted");
    let shown = console(&sandbox).await;
    assert!(!shown.contains("/console/submissions/"), "a deleted submission is shown no more: {shown}");
    assert!(!shown.contains("John Smith"), "nor in its webhooks");
}
