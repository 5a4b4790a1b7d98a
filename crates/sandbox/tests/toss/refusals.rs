//! Every code that a call can be refused with.

use crate::bench::{Bench, fail_code, push, scenario};
use idv_edge::toss::{
    Advice, Document, FailCode, Person, Requested, SignRequest, StatusHint, Timestamp, TxId,
};
use serde_json::{Value, json};

async fn refused(bench: &Bench, sign: &SignRequest) -> FailCode {
    let error = bench.side.runner.sign(sign).await.expect_err("refused");
    assert_eq!(error.status(), Some(400), "{error}");
    FailCode::of(&error).expect("a code")
}

fn unknown() -> Requested {
    let tx_id = TxId::parse("60940525-9a59-47db-b0eb-4f029b9faf1e").expect("id");
    Requested { tx_id, links: None, requested_at: Timestamp::from_unix_s(1_900_000_000).expect("time") }
}

#[tokio::test]
async fn a_transaction_that_nobody_started_is_unknown() {
    let bench = Bench::start().await;
    let error = bench.side.runner.status(&unknown().tx_id).await.expect_err("refused");
    assert_eq!((error.status(), FailCode::of(&error)), (Some(400), Some(FailCode::RequestUnknown)));
    assert_eq!(error.refusal_description(), Some("존재하지 않는 요청입니다"));
    assert_eq!(bench.refusal(&unknown()).await, FailCode::RequestUnknown);
}

#[tokio::test]
async fn a_result_before_the_signature_is_refused_as_not_completed() {
    let bench = Bench::start().await;
    let requested = bench.sign(&push()).await;
    let code = bench.refusal(&requested).await;
    assert_eq!((&code, code.advice()), (&FailCode::NotCompleted, Advice::WaitForUser));
}

#[tokio::test]
async fn a_refused_signature_can_no_longer_be_signed_or_read() {
    let bench = Bench::start().await;
    let requested = bench.sign(&push()).await;
    assert_eq!(bench.decide(&requested.tx_id, "refuse").await.0, 303);
    assert_eq!(bench.status(&requested).await, StatusHint::Expired);
    assert_eq!(bench.decide(&requested.tx_id, "sign").await.0, 409);
    assert_eq!(bench.refusal(&requested).await, FailCode::Expired);
}

#[tokio::test]
async fn scenarios_end_as_they_are_named() {
    let bench = Bench::start().await;
    for name in ["toss-expired", "expire", "toss-refused:x", "reject"] {
        let requested = bench.sign(&scenario(name)).await;
        assert_eq!(bench.status(&requested).await, StatusHint::Expired, "{name}");
        assert_eq!(bench.refusal(&requested).await, FailCode::Expired, "{name}");
    }
    assert_eq!(refused(&bench, &scenario("under-age")).await, FailCode::AgeRefused);
    let code = refused(&bench, &scenario("toss-unavailable")).await;
    assert_eq!((code.as_str(), code.advice()), ("CE0001", Advice::RetryLater));
    let requested = bench.sign(&scenario("toss-unavailable:result")).await;
    assert_eq!(bench.decide(&requested.tx_id, "sign").await.0, 303);
    assert_eq!(bench.refusal(&requested).await, FailCode::Unavailable("CE0002".into()));
}

#[tokio::test]
async fn who_is_under_fourteen_is_refused() {
    let bench = Bench::start().await;
    let at_s = |years_ago: u64| bench.now_s() - years_ago * 31_556_952;
    let born = |years_ago| {
        let day = Timestamp::from_unix_s(at_s(years_ago)).expect("time").as_str()[..10].replace('-', "");
        SignRequest { person: Person::personal("홍길동", "01012345678", &day).expect("person"), ..push() }
    };
    assert_eq!(refused(&bench, &born(13)).await, FailCode::AgeRefused);
    bench.sign(&born(15)).await;
}

#[tokio::test]
async fn a_request_that_is_not_of_the_contract_is_refused() {
    let bench = Bench::start().await;
    let rows: [(&str, Value); 17] = [
        ("requestType", json!("USER_NONE")),
        ("requestType", json!("")),
        ("triggerType", json!("SMS")),
        ("triggerType", json!("")),
        ("userName", Value::Null),
        ("userPhone", Value::Null),
        ("userBirthday", Value::Null),
        ("sessionKey", json!("")),
        ("serviceName", json!("")),
        ("serviceName", json!("가".repeat(51))),
        ("docTitle", json!(" ")),
        ("doc", json!("")),
        ("docType", json!("WORD")),
        ("docType", json!("PDF")),
        ("docEncrypted", json!("maybe")),
        ("signatureType", json!("PKCS1")),
        ("signatureType", json!("PKCS7_NO_CONTENT_WITH_ATTR")),
    ];
    for (name, value) in rows {
        let answer = bench.send_changed(&push(), |body| body[name] = value.clone()).await;
        assert_eq!((answer.0, fail_code(&answer)), (400, "CE9001"), "{name} {value}");
    }
    let (status, _) = bench.send_changed(&push(), |body| body["serviceName"] = "가".repeat(50).into()).await;
    assert_eq!(status, 200);
    for bad in ["javascript:alert(1)", "http://shop.example", "shop"] {
        let answer = bench
            .send_changed(&push(), |body| {
                body["triggerType"] = "APP_SCHEME".into();
                body["successCallbackUrl"] = bad.into();
            })
            .await;
        assert_eq!((answer.0, fail_code(&answer)), (400, "CE9001"), "{bad}");
    }
}

#[tokio::test]
async fn a_missing_ci_and_one_of_another_length_are_refused() {
    let bench = Bench::start().await;
    let by_ci = SignRequest { person: Person::ci(&"A".repeat(88)).expect("CI"), ..push() };
    let answer = bench.send_changed(&by_ci, |body| body["userCi"] = Value::Null).await;
    assert_eq!((answer.0, fail_code(&answer)), (400, "CE9001"));
    let answer = bench
        .send_changed(&push(), |body| {
            body["requestType"] = "USER_CI".into();
            body["userCi"] = body["userPhone"].clone();
        })
        .await;
    assert_eq!(fail_code(&answer), "CE9001");
}

#[tokio::test]
async fn doc_encrypted_is_a_boolean_or_its_text() {
    let bench = Bench::start().await;
    for value in [json!("false"), json!(false), Value::Null] {
        let (status, body) = bench.send_changed(&push(), |body| body["docEncrypted"] = value.clone()).await;
        assert_eq!(status, 200, "{value} {body}");
    }
    let encrypted = SignRequest { encrypt_document: true, ..push() };
    let (status, _) = bench.send_changed(&encrypted, |body| body["docEncrypted"] = "true".into()).await;
    assert_eq!(status, 200);
}

#[tokio::test]
async fn bodies_that_are_none_of_the_call_are_refused() {
    let bench = Bench::start().await;
    let token = bench.token().await;
    let request = bench.client().status_request(&token, &unknown().tx_id).expect("request");
    let bearer = request.headers.iter().find(|(name, _)| *name == "authorization").expect("token").1.clone();
    for (content_type, body, status) in [
        ("application/json", "{}".to_owned(), 400),
        ("application/json", "[".to_owned(), 400),
        ("text/plain", r#"{"txId":"a"}"#.to_owned(), 400),
        ("application/json", format!(r#"{{"txId":"{}"}}"#, "a".repeat(300_000)), 413),
    ] {
        let answer = crate::support::answer(
            bench
                .sandbox
                .http
                .post(request.url.clone())
                .header("authorization", &bearer)
                .header("content-type", content_type)
                .body(body),
        )
        .await;
        assert_eq!((answer.0, fail_code(&answer)), (status, "CE9001"), "{content_type}");
    }
    let long = SignRequest { document: Document::Text("가".repeat(2001)), ..push() };
    assert!(long.document.is_longer_than_recommended());
    bench.sign(&long).await;
}

#[tokio::test]
async fn unknown_paths_of_the_section_answer_with_an_envelope() {
    let bench = Bench::start().await;
    let url = bench.sandbox.url("/toss/api/v2/sign/user/auth/ask");
    let answer = crate::support::answer(bench.sandbox.http.post(url)).await;
    assert_eq!((answer.0, fail_code(&answer)), (404, "CE9001"));
}
