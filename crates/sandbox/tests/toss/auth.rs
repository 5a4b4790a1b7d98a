//! User authentication, the sibling of the signature.

use crate::bench::{Bench, NAME, PHONE, fail_code, person, push, random};
use idv_edge::Error;
use idv_edge::toss::signed_doc::Chain;
use idv_edge::toss::{
    AgeGroup, AuthKind, AuthRequest, AuthResult, AuthWho, FailCode, Gender, Requested, ResultReads,
    StatusHint,
};
use serde_json::{Value, json};

fn auth(kind: AuthKind, who: AuthWho) -> AuthRequest {
    AuthRequest { kind, who, request_url: Some("shop://back?order=1".into()) }
}

fn scenario(name: &str) -> AuthRequest {
    let request_url = Some(format!("shop://back?scenario={name}"));
    AuthRequest { request_url, ..auth(AuthKind::Identity, AuthWho::OneTouch) }
}

async fn ask(bench: &Bench, auth: &AuthRequest) -> Requested {
    bench.side.runner.authenticate(auth).await.expect("requested")
}

async fn status(bench: &Bench, kind: AuthKind, requested: &Requested) -> StatusHint {
    bench.side.runner.auth_status(kind, &requested.tx_id).await.expect("status")
}

/// One read of the result, by a customer who counts none.
async fn result(bench: &Bench, kind: AuthKind, requested: &Requested) -> Result<AuthResult, Error> {
    let permit = ResultReads::new(requested, None).permit(0).expect("permit");
    bench.side.runner.auth_result(kind, permit).await
}

async fn refusal(bench: &Bench, kind: AuthKind, requested: &Requested) -> FailCode {
    let error = result(bench, kind, requested).await.expect_err("refused");
    assert_eq!(error.status(), Some(400), "{error}");
    FailCode::of(&error).expect("a code")
}

/// Sends a request after `change` of its body.
async fn send(bench: &Bench, auth: &AuthRequest, change: impl FnOnce(&mut Value)) -> (u16, Value) {
    let token = bench.token().await;
    let mut request = bench.client().auth_request(&token, auth, &random()).expect("request");
    let mut body: Value = serde_json::from_slice(&request.body).expect("JSON");
    change(&mut body);
    request.body = serde_json::to_vec(&body).expect("JSON");
    let answer = bench.send(request).await;
    (answer.status, serde_json::from_slice(&answer.body).expect("JSON"))
}

#[tokio::test]
async fn both_authentications_are_shown_confirmed_read_and_verified() {
    let bench = Bench::start().await;
    for (kind, title) in [(AuthKind::Identity, "본인확인"), (AuthKind::Simple, "간편인증")] {
        let requested = ask(&bench, &auth(kind, AuthWho::AppScheme(person()))).await;
        let links = requested.links.clone().expect("links");
        assert!(
            links.app_scheme.starts_with("supertoss://toss-cert/v2/sign/user?txId="),
            "{}",
            links.app_scheme
        );
        assert_eq!(status(&bench, kind, &requested).await, StatusHint::Requested);
        assert_eq!(refusal(&bench, kind, &requested).await.as_str(), "CE3102");

        let (code, page) = bench.page(&format!("/toss/app?txId={}", requested.tx_id.as_str()), "ko").await;
        assert_eq!(code, 200);
        assert!(
            page.contains("본인 인증 요청") && page.contains(title) && page.contains("인증하기"),
            "{page}"
        );
        assert!(!page.contains("partnerCode"), "the statement is nothing for people");
        assert_eq!(status(&bench, kind, &requested).await, StatusHint::InProgress);
        bench.sandbox.pass_ms(60_000);
        assert_eq!(bench.decide(&requested.tx_id, "sign").await, (303, "shop://back?order=1".to_owned()));
        assert_eq!(status(&bench, kind, &requested).await, StatusHint::Completed);

        let read = result(&bench, kind, &requested).await.expect("result");
        let personal = &read.personal;
        assert_eq!(personal.name.as_deref().map(String::as_str), Some("김토스"));
        assert_eq!((&personal.age_group, &personal.gender), (&Some(AgeGroup::Adult), &Some(Gender::Female)));
        assert!(personal.ci.as_ref().is_some_and(|ci| ci.starts_with("CI0110000000001")));
        assert_eq!(read.completed_at.unix_s(), requested.requested_at.unix_s() + 60);
        let verified = read.verify(&bench.side.trust, bench.now_s()).expect("verified");
        assert!(matches!(verified.chain, Chain::Trusted { .. }));
        let der = String::from_utf8_lossy(&read.signature).into_owned();
        assert!(der.contains(requested.tx_id.as_str()) && !der.contains(NAME) && !der.contains(PHONE));
    }
}

#[tokio::test]
async fn one_touch_asks_nobody_in_particular_and_answers_the_transaction_alone() {
    let bench = Bench::start().await;
    let touch = auth(AuthKind::Identity, AuthWho::OneTouch);
    let (status, body) = send(&bench, &touch, |_| {}).await;
    assert_eq!((status, &body["resultType"]), (200, &json!("SUCCESS")));
    for link in ["appScheme", "androidAppUri", "iosAppUri"] {
        assert_eq!(body["success"][link], Value::Null, "{link}");
    }
    let requested = ask(&bench, &touch).await;
    assert_eq!(requested.links, None);
    assert_eq!(bench.decide(&requested.tx_id, "sign").await.0, 303);
    assert!(result(&bench, AuthKind::Identity, &requested).await.expect("result").personal.ci.is_some());
}

#[tokio::test]
async fn a_result_has_the_contracts_members_and_everything_personal_is_encrypted() {
    let bench = Bench::start().await;
    let requested = ask(&bench, &scenario("approve")).await;
    let permit = ResultReads::new(&requested, None).permit(0).expect("permit");
    let token = bench.token().await;
    let (request, _) =
        bench.client().auth_result_request(&token, AuthKind::Identity, permit, &random()).expect("request");
    let answer = bench.send(request).await;
    let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
    let success = &body["success"];
    for name in ["userIdentifier", "userCiToken", "randomValue"] {
        assert!(success.get(name).is_some_and(Value::is_null), "{name}");
    }
    assert!(success.get("signedDoc").is_none() && success["signature"].is_string());
    for (name, value) in success["personalData"].as_object().expect("personal data") {
        assert!(value.is_null() || value.as_str().is_some_and(|text| text.starts_with("v1$")), "{name}");
    }
    assert!(success["personalData"]["ageGroup"].is_string());
}

#[tokio::test]
async fn an_authentication_is_read_twice_within_the_hour_and_by_its_own_path_only() {
    let bench = Bench::start().await;
    let requested = ask(&bench, &scenario("approve")).await;
    assert_eq!(refusal(&bench, AuthKind::Simple, &requested).await.as_str(), "CE3100", "the other sibling");
    assert_eq!(bench.refusal(&requested).await.as_str(), "CE3100", "no signature");
    for _ in 0..2 {
        result(&bench, AuthKind::Identity, &requested).await.expect("a read");
    }
    assert_eq!(refusal(&bench, AuthKind::Identity, &requested).await.as_str(), "CE3101");
    let late = ask(&bench, &scenario("approve")).await;
    bench.sandbox.pass_ms(60 * 60 * 1000 + 1);
    assert_eq!(refusal(&bench, AuthKind::Identity, &late).await.as_str(), "CE3103");
    let signed = bench.signed(&push()).await;
    assert_eq!(refusal(&bench, AuthKind::Identity, &signed).await.as_str(), "CE3100", "a signature is none");
}

#[tokio::test]
async fn a_session_serves_one_request_of_an_authentication_too() {
    let bench = Bench::start().await;
    let asked = auth(AuthKind::Identity, AuthWho::AppScheme(person()));
    let (token, random) = (bench.token().await, random());
    for (round, expected) in [(1, 200), (2, 400)] {
        let request = bench.client().auth_request(&token, &asked, &random).expect("request");
        let answer = bench.send(request).await;
        assert_eq!(answer.status, expected, "round {round}");
        if expected == 400 {
            let body: Value = serde_json::from_slice(&answer.body).expect("JSON");
            assert_eq!(fail_code(&(400, body)), "CE9003");
        }
    }
}

#[tokio::test]
async fn every_refusal_and_scenario_of_an_authentication_has_its_code() {
    let bench = Bench::start().await;
    let asked = auth(AuthKind::Identity, AuthWho::AppScheme(person()));
    for (member, value) in [
        ("requestType", json!("USER_CI")),
        ("triggerType", json!("SMS")),
        ("requestUrl", json!("javascript:alert(1)")),
        ("requestUrl", Value::Null),
        ("userName", Value::Null),
        ("sessionKey", Value::Null),
    ] {
        let (status, body) = send(&bench, &asked, |body| body[member] = value.clone()).await;
        assert_eq!((status, fail_code(&(status, body))), (400, "CE9001"), "{member} {value}");
    }
    let (status, body) = send(&bench, &asked, |body| body["userName"] = json!("v1$x$y")).await;
    assert_eq!((status, fail_code(&(status, body))), (400, "CE9002"));
    for (name, code) in [("toss-unavailable", "CE0001"), ("under-age", "CE3006")] {
        let error = bench.side.runner.authenticate(&scenario(name)).await.expect_err(name);
        assert_eq!(FailCode::of(&error).expect("code").as_str(), code);
    }
    for name in ["toss-expired", "toss-refused"] {
        let requested = ask(&bench, &scenario(name)).await;
        assert_eq!(status_of(&bench, &requested).await, StatusHint::Expired, "{name}");
        assert_eq!(refusal(&bench, AuthKind::Identity, &requested).await.as_str(), "CE3103", "{name}");
    }
    assert_eq!(status_of(&bench, &ask(&bench, &scenario("pending")).await).await, StatusHint::InProgress);
}

async fn status_of(bench: &Bench, requested: &Requested) -> StatusHint {
    status(bench, AuthKind::Identity, requested).await
}
