//! POST /v1/idv/start and /v1/idv/result, and the contract's versions.

use crate::support::{SELFIE_POLICY, TestSandbox, answer};
use idv_edge::ErrorKind;
use idv_edge::tomo::{ApiVersion, PolicyKey, ResetRequest, ResetStatus, ResultRequest, StartRequest};
use idv_protocol::{Outcome, Reason};
use serde_json::{Value, json};

fn about(user_id: &str) -> ResultRequest {
    ResultRequest { user_id: user_id.into(), country: None, policy: None }
}

async fn start(sandbox: &TestSandbox, body: Value) -> (u16, Value) {
    let token = sandbox.access_token().await;
    answer(sandbox.http.post(sandbox.url("/v1/idv/start")).bearer_auth(token).json(&body)).await
}

#[tokio::test]
async fn a_verification_starts_with_a_url_of_this_origin() {
    let sandbox = TestSandbox::start().await;
    let url = sandbox.start_url("u1", SELFIE_POLICY).await;
    assert_eq!(url.path(), "/idv/start");
    assert!(url.as_str().starts_with(&sandbox.running.origin));
    let names: Vec<String> = url.query_pairs().map(|(name, _)| name.into_owned()).collect();
    assert_eq!(names, ["token", "key"]);
    assert_eq!(sandbox.events("session_started")[0]["policy_key"], SELFIE_POLICY);
}

#[tokio::test]
async fn the_default_of_unknown_is_the_demo_policy() {
    let sandbox = TestSandbox::start().await;
    assert_eq!(start(&sandbox, json!({ "country": "unknown" })).await.0, 200);
    assert_eq!(sandbox.events("session_started")[0]["policy_key"], "unknown:default");
}

#[tokio::test]
async fn policies_that_cannot_run_are_refused_by_name() {
    let sandbox = TestSandbox::start().await;
    let policy = |subject: Value, method: &str, owner: Value| json!({ "subject": subject, "method": method, "owner_assurance": owner });
    let passport = json!({ "kind": "document", "id_type": "passport" });
    let nobody = json!({ "kind": "no_owner_assurance" });
    let selfie = json!({ "kind": "owner_check", "type": "submitted_doc_selfie_match" });
    let cases = [
        json!({ "country": "kr", "kyc_policy": policy(passport.clone(), "government_id_verf", selfie) }),
        json!({ "country": "kr", "kyc_policy": policy(json!({ "kind": "eid", "id_type": "certificate" }),
            "government_ci_verf", nobody.clone()) }),
        json!({ "country": "kr", "kyc_policy": policy(passport.clone(), "telepathy", nobody.clone()) }),
        json!({ "country": "kr", "kyc_policy": { "method": "document_ocr_check" } }),
        json!({ "country": "kr", "kyc_policy": "document" }),
        json!({ "country": "fr" }),
        json!({ "country": "Korea" }),
        json!({}),
        json!({ "kyc_policy": policy(passport, "document_ocr_check", nobody) }),
    ];
    for body in cases {
        let (status, answer) = start(&sandbox, body.clone()).await;
        let description = answer["error_description"].as_str().unwrap_or_default();
        assert_eq!(status, 400, "{body}: {answer}");
        assert!(description.starts_with("Unsupported kyc_policy"), "{body}: {answer}");
    }
}

#[tokio::test]
async fn a_redirect_that_a_browser_would_run_is_refused() {
    let sandbox = TestSandbox::start().await;
    for url in ["javascript:alert(1)", "data:text/html,x", "http://shop.example", "/back"] {
        for name in ["redirect_url_success", "redirect_url_fail", "callback_url"] {
            let (status, body) = start(&sandbox, json!({ "country": "unknown", (name): url })).await;
            assert_eq!((status, &body["error"]), (400, &json!("invalid_request")), "{name}: {url}");
        }
    }
    let app = json!({ "country": "unknown", "callback_url": "idvexpo://verify" });
    assert_eq!(start(&sandbox, app).await.0, 200);
}

#[tokio::test]
async fn without_a_good_access_token_nothing_is_answered() {
    let sandbox = TestSandbox::start().await;
    let request = || sandbox.http.post(sandbox.url("/v1/idv/result")).json(&json!({ "user_id": "u1" }));
    let response = request().send().await.expect("an answer");
    assert_eq!(response.status(), 401);
    assert_eq!(response.headers()["www-authenticate"], "Bearer");
    let token = sandbox.access_token().await;
    let start_token = crate::support::query(&sandbox.start_url("u1", SELFIE_POLICY).await, "token");
    for bad in ["x", &format!("{token}x"), &start_token] {
        let response = request().bearer_auth(bad).send().await.expect("an answer");
        assert_eq!(response.status(), 401);
        assert_eq!(response.headers()["www-authenticate"], r#"Bearer error="invalid_token""#);
    }
    assert_eq!(answer(request().bearer_auth(&token)).await.0, 200);
    sandbox.pass_ms(600_000);
    assert_eq!(answer(request().bearer_auth(&token)).await.0, 401, "expired");
}

#[tokio::test]
async fn the_version_header_is_settled_before_anything_else() {
    let sandbox = TestSandbox::start().await;
    let result = |versions: &'static [&'static str]| {
        let request = sandbox.http.post(sandbox.url("/v1/idv/result"));
        versions.iter().fold(request, |request, version| request.header("Tomo-API-Version", *version))
    };
    for bad in [&["1.3"][..], &["1.3.20"], &["1.4.0"], &["latest"], &[""], &["1.4", "1.4"], &["1.4, 1.4"]] {
        let response = result(bad).send().await.expect("an answer");
        assert_eq!(response.status(), 400, "{bad:?}");
        assert!(response.headers().get("tomo-api-version").is_none(), "{bad:?}");
        assert_eq!(response.headers()["vary"], "Tomo-API-Version");
        let body: Value = serde_json::from_slice(&response.bytes().await.expect("body")).expect("JSON");
        assert_eq!(body["error"], "unsupported_api_version");
        assert_eq!(body["error_description"], "Unsupported Tomo-API-Version; supported version: 1.4");
    }
    let version = async |request: reqwest::RequestBuilder| {
        let response = request.send().await.expect("an answer");
        response.headers().get("tomo-api-version").map(|value| value.to_str().expect("text").to_owned())
    };
    assert_eq!(version(result(&[])).await.as_deref(), Some("1.3"));
    assert_eq!(version(result(&["1.4"])).await.as_deref(), Some("1.4"));
    let health = || sandbox.http.get(sandbox.url("/v1/idv/health"));
    assert_eq!(version(health()).await, None);
    assert_eq!(version(health().header("Tomo-API-Version", "1.4")).await.as_deref(), Some("1.4"));
    assert_eq!(answer(health()).await, (200, json!("ok")));
}

#[tokio::test]
async fn the_outcome_is_told_to_the_client_that_asked_and_to_no_other() {
    let sandbox = TestSandbox::start().await;
    let runner = sandbox.runner(ApiVersion::V1_4);
    let page = sandbox.page("u1", SELFIE_POLICY).await;
    assert_eq!(runner.result(&about("u1")).await.expect("answer").records().count(), 0, "not finished");
    let (_, receipt) = page.cancel("camera_denied").await;

    let answer = runner.result(&about("u1")).await.expect("answer");
    let record = answer.record(SELFIE_POLICY).expect("record");
    let kyc = record.kyc.as_ref().expect("1.4");
    assert_eq!((kyc.status, kyc.status_reason), (Outcome::Canceled, Some(Reason::CameraDenied)));
    assert_eq!(kyc.submission_id.as_deref(), receipt["submission_id"].as_str());
    assert_eq!(kyc.schema_version, "kyc_result.v1");
    assert_eq!(kyc.checks.biometric.outcome, "not_performed");
    assert_eq!(kyc.process.steps.ran(), ["terms_acceptance"]);
    let auth_id = record.auth_id.clone();
    let ppid = answer.user_id.expect("ppid");
    assert_eq!((ppid.len(), &ppid[..5]), (101, "ppid."));
    assert_eq!(runner.result(&about(&ppid)).await.expect("answer").records().count(), 1, "by ppid");
    assert_eq!(runner.result(&about(&auth_id)).await.expect("answer").records().count(), 1, "by auth_id");
    assert_eq!(runner.result(&about("u2")).await.expect("answer").records().count(), 0);

    let old = sandbox.runner(ApiVersion::V1_3).result(&about("u1")).await.expect("answer");
    assert_eq!(old.records().count(), 0, "1.3 has no status, so it tells of successes only");
    assert_eq!(old.user_id, None);

    // Another country or policy is another question.
    let elsewhere = ResultRequest { country: Some("kr".parse().expect("country")), ..about("u1") };
    assert_eq!(runner.result(&elsewhere).await.expect("answer").records().count(), 0);
}

#[tokio::test]
async fn a_verification_that_nobody_finishes_expires() {
    let sandbox = TestSandbox::start().await;
    sandbox.start_url("u1", SELFIE_POLICY).await;
    sandbox.pass_ms(15 * 60 * 1000);
    // The token cache of a runner uses the system's clock, so a new runner asks for a token of this time.
    let token = sandbox.access_token().await;
    let request = sandbox
        .http
        .post(sandbox.url("/v1/idv/result"))
        .bearer_auth(token)
        .header("Tomo-API-Version", "1.4")
        .json(&json!({ "user_id": "u1" }));
    let (_, body) = answer(request).await;
    let kyc = &body["result"]["kyc"];
    assert_eq!((&kyc["status"], &kyc["status_reason"]), (&json!("expired"), &json!("session_expired")));
    assert_eq!(sandbox.events("settled").len(), 1);
}

#[tokio::test]
async fn a_refused_start_reaches_the_customers_server_as_a_typed_error() {
    let sandbox = TestSandbox::start().await;
    let request = StartRequest { country: Some("fr".parse().expect("country")), ..StartRequest::default() };
    let error = sandbox.runner(ApiVersion::V1_4).start(&request).await.expect_err("refused");
    assert_eq!((error.kind(), error.status()), (ErrorKind::Refused, Some(400)));
    assert!(error.refusal_description().is_some_and(|text| text.contains("Unsupported kyc_policy")));
    assert!(!error.retryable());
}

#[tokio::test]
async fn a_person_can_be_deleted_with_everything() {
    let sandbox = TestSandbox::start().await;
    let page = sandbox.page("u1", SELFIE_POLICY).await;
    let delete = async |user_id: &str| {
        let token = sandbox.access_token().await;
        let request = sandbox.http.post(sandbox.url("/v1/idv/result/delete")).bearer_auth(token);
        answer(request.json(&json!({ "user_id": user_id }))).await.1["status"].clone()
    };
    assert_eq!(delete("u1").await, "not_deletable", "under way");
    page.cancel("user_canceled").await;
    assert_eq!(delete("u1").await, "deleted");
    assert_eq!(delete("u1").await, "not_deletable");
    let runner = sandbox.runner(ApiVersion::V1_4);
    assert_eq!(runner.result(&about("u1")).await.expect("answer").records().count(), 0);
}

#[tokio::test]
async fn one_policy_of_a_person_can_be_reset_once_it_has_ended() {
    let sandbox = TestSandbox::start().await;
    let runner = sandbox.runner(ApiVersion::V1_4);
    let page = sandbox.page("u1", SELFIE_POLICY).await;
    let key: PolicyKey = SELFIE_POLICY.parse().expect("key");
    let reset = ResetRequest {
        user_id: "u1".into(),
        country: key.country,
        kyc_policy: key.policy.expect("a policy"),
    };
    assert_eq!(runner.reset(&reset).await.expect("answer"), ResetStatus::NotResettable, "under way");
    page.cancel("user_canceled").await;
    let other = sandbox.page("u1", "us:document:passport:document_ocr_check:no_owner_assurance").await;
    other.cancel("user_canceled").await;
    assert_eq!(runner.reset(&reset).await.expect("answer"), ResetStatus::Reset);
    assert_eq!(runner.reset(&reset).await.expect("answer"), ResetStatus::NotResettable, "nothing is left");
    let left = runner.result(&about("u1")).await.expect("answer");
    assert_eq!(left.records().count(), 1, "the other policy stays");
    let stranger = ResetRequest { user_id: "nobody".into(), ..reset };
    assert_eq!(runner.reset(&stranger).await.expect("answer"), ResetStatus::NotResettable);
}

#[tokio::test]
async fn many_people_are_deleted_each_for_itself() {
    let sandbox = TestSandbox::start().await;
    let runner = sandbox.runner(ApiVersion::V1_4);
    sandbox.page("ended", SELFIE_POLICY).await.cancel("user_canceled").await;
    let _running = sandbox.page("running", SELFIE_POLICY).await;
    let asked = ["ended", "running", "nobody"].map(str::to_owned);
    let answer = runner.bulk_delete(&asked).await.expect("answer");
    let statuses: Vec<_> = answer.results.iter().map(|one| one["status"].clone()).collect();
    assert_eq!(statuses, ["deleted", "not_deletable", "not_deletable"]);
    assert_eq!(runner.result(&about("ended")).await.expect("answer").records().count(), 0);
    assert_eq!(runner.health().await.expect("answer"), "ok");
}
