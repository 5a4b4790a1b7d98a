//! How many requests the relay takes, and of whose pages.

use crate::support::{SELFIE_POLICY, TestSandbox, answer};
use idv_edge::relay::limits::{BucketParams, LimitParams};

fn few(session: u32, address: u32) -> LimitParams {
    let bucket = |burst| BucketParams { burst, per_minute: 30 };
    LimitParams { session: bucket(session), address: bucket(address) }
}

#[tokio::test]
async fn a_session_that_asks_too_often_waits_and_no_other_does() {
    // A page asks twice before it is here: for its plan, and for its key to be registered.
    let sandbox = TestSandbox::start_with(|params| params.limits = Some(few(4, 100))).await;
    let (page, other) = (sandbox.page("u1", SELFIE_POLICY).await, sandbox.page("u2", SELFIE_POLICY).await);
    let plan = |token: &str| sandbox.http.get(sandbox.url("/relay/v1/plan")).bearer_auth(token);
    for _ in 0..2 {
        assert_eq!(answer(plan(&page.session.session_token)).await.0, 200);
    }
    let refused = plan(&page.session.session_token).send().await.expect("answer");
    assert_eq!(refused.status(), 429);
    assert_eq!(refused.headers()["retry-after"], "2");
    assert_eq!(refused.headers()["content-type"], "application/problem+json");
    let problem: serde_json::Value = refused.json().await.expect("json");
    assert_eq!(problem["code"], "rate_limited");
    assert_eq!(answer(plan(&other.session.session_token)).await.0, 200);
    sandbox.pass_ms(2000);
    assert_eq!(answer(plan(&page.session.session_token)).await.0, 200);
}

#[tokio::test]
async fn an_address_that_guesses_tokens_waits() {
    let sandbox = TestSandbox::start_with(|params| params.limits = Some(few(100, 3))).await;
    let guess = || answer(sandbox.http.get(sandbox.url("/relay/v1/plan")).bearer_auth("guess"));
    for _ in 0..3 {
        assert_eq!(guess().await.0, 401);
    }
    let (status, problem) = guess().await;
    assert_eq!((status, problem["code"].as_str()), (429, Some("rate_limited")));
}

#[tokio::test]
async fn a_page_of_an_origin_that_is_not_configured_is_refused_before_anything_happens() {
    let configured = "https://shop.example";
    let sandbox = TestSandbox::start_with(|params| params.allowed_origins = vec![configured.into()]).await;
    let page = sandbox.page("u1", SELFIE_POLICY).await;
    let own = sandbox.running.origin.clone();
    for (origin, status) in [
        (configured, 200),
        (own.as_str(), 200),
        ("https://shop.example.attacker.example", 403),
        ("http://shop.example", 403),
        ("null", 403),
    ] {
        let request = sandbox.http.get(sandbox.url("/relay/v1/plan")).header("origin", origin);
        assert_eq!(answer(request.bearer_auth(&page.session.session_token)).await.0, status, "{origin}");
    }
    let shared = sandbox.http.get(sandbox.url("/relay/v1/plan")).header("origin", configured);
    let shared = shared.send().await.expect("answer");
    assert_eq!(shared.headers()["access-control-allow-origin"], configured);
    assert_eq!(shared.headers()["access-control-expose-headers"], "retry-after");
}
