//! POST /v1/oauth2/token.

use crate::support::{TestSandbox, answer};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use idv_edge::keys::SigningKey;
use idv_edge::tomo::{ASSERTION_TYPE, TOKEN_PATH};
use serde_json::{Value, json};

fn claims(sandbox: &TestSandbox) -> Value {
    let now_s = sandbox.now_ms() / 1000;
    json!({
        "iss": sandbox.client_id(),
        "sub": sandbox.client_id(),
        "aud": sandbox.url(TOKEN_PATH),
        "iat": now_s,
        "exp": now_s + 300,
        "jti": uuid::Uuid::new_v4().to_string(),
    })
}

async fn ask(sandbox: &TestSandbox, assertion: &str) -> (u16, Value) {
    let form = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", assertion),
    ];
    ask_with(sandbox, &form).await
}

async fn ask_with(sandbox: &TestSandbox, form: &[(&str, &str)]) -> (u16, Value) {
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let request = sandbox
        .http
        .post(sandbox.url(TOKEN_PATH))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body);
    answer(request).await
}

#[tokio::test]
async fn an_assertion_of_the_contract_gets_a_bearer_token_that_no_cache_keeps() {
    let sandbox = TestSandbox::start().await;
    let assertion = sandbox.key().sign(&claims(&sandbox)).expect("signs");
    let form = format!(
        "grant_type=client_credentials&client_assertion_type={}&client_assertion={assertion}&resource=null",
        ASSERTION_TYPE.replace(':', "%3A")
    );
    let response = sandbox
        .http
        .post(sandbox.url(TOKEN_PATH))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(form)
        .send()
        .await
        .expect("an answer");
    assert_eq!(response.status(), 200);
    assert_eq!(response.headers()["cache-control"], "no-store");
    assert_eq!(response.headers()["pragma"], "no-cache");
    let token: Value = serde_json::from_slice(&response.bytes().await.expect("body")).expect("JSON");
    assert_eq!((&token["token_type"], &token["expires_in"]), (&json!("Bearer"), &json!(600)));
    assert_eq!(token["scope"], "idv.read");
}

#[tokio::test]
async fn every_bad_assertion_is_an_invalid_client() {
    let sandbox = TestSandbox::start().await;
    let now_s = sandbox.now_ms() / 1000;
    let cases = [
        ("aud", json!("https://api.tomopayment.com/v1/oauth2/token")),
        ("aud", json!(sandbox.running.origin)),
        ("exp", json!(now_s)),
        ("exp", json!(now_s - 3600)),
        ("exp", json!(now_s + 400)),
        ("iss", json!("another")),
        ("sub", json!("another")),
        ("iat", json!(now_s + 100)),
        ("jti", Value::Null),
    ];
    for (name, value) in cases {
        let mut claims = claims(&sandbox);
        claims[name] = value.clone();
        let (status, body) = ask(&sandbox, &sandbox.key().sign(&claims).expect("signs")).await;
        assert_eq!((status, &body["error"]), (400, &json!("invalid_client")), "{name}: {value}: {body}");
        assert!(body["error_description"].is_string());
    }
}

#[tokio::test]
async fn another_algorithm_or_key_is_an_invalid_client() {
    let sandbox = TestSandbox::start().await;
    let claims = claims(&sandbox);
    let part = |value: Value| URL_SAFE_NO_PAD.encode(value.to_string());
    let none = format!("{}.{}.", part(json!({ "alg": "none", "typ": "JWT" })), part(claims.clone()));
    // HS256 with the public key as the secret: the classic confusion.
    let public = serde_json::to_vec(&sandbox.key().public().to_jwk()).expect("JWK");
    let hs256 = jsonwebtoken::encode(
        &jsonwebtoken::Header::new(jsonwebtoken::Algorithm::HS256),
        &claims,
        &jsonwebtoken::EncodingKey::from_secret(&public),
    )
    .expect("signs");
    let stranger = SigningKey::from_random(&[7; 32]).expect("key").sign(&claims).expect("signs");
    let mut cut = sandbox.key().sign(&claims).expect("signs");
    cut.truncate(cut.len() - 4);
    for assertion in [none.as_str(), &hs256, &stranger, &cut, "a.b.c", "..", "not a token"] {
        let (status, body) = ask(&sandbox, assertion).await;
        assert_eq!((status, &body["error"]), (400, &json!("invalid_client")), "{body}");
    }
}

#[tokio::test]
async fn an_assertion_is_used_once() {
    let sandbox = TestSandbox::start().await;
    let assertion = sandbox.key().sign(&claims(&sandbox)).expect("signs");
    assert_eq!(ask(&sandbox, &assertion).await.0, 200);
    let (status, body) = ask(&sandbox, &assertion).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_client")));
    // Also after its row could be cleaned away: by then it has expired.
    sandbox.pass_ms(301_000);
    let fresh = sandbox.key().sign(&claims(&sandbox)).expect("signs");
    assert_eq!(ask(&sandbox, &fresh).await.0, 200);
    assert_eq!(ask(&sandbox, &assertion).await.0, 400);
}

#[tokio::test]
async fn a_request_that_is_none_has_the_code_of_rfc_6749() {
    let sandbox = TestSandbox::start().await;
    let assertion = sandbox.key().sign(&claims(&sandbox)).expect("signs");
    let good = [
        ("grant_type", "client_credentials"),
        ("client_assertion_type", ASSERTION_TYPE),
        ("client_assertion", assertion.as_str()),
    ];
    let with = |name: &'static str, value: &'static str| {
        let mut form = good.to_vec();
        form.retain(|(key, _)| *key != name);
        form.push((name, value));
        form
    };
    let cases = [
        (with("grant_type", "authorization_code"), "unsupported_grant_type"),
        (with("grant_type", ""), "invalid_request"),
        (with("client_assertion_type", "jwt"), "invalid_request"),
        (with("client_assertion", ""), "invalid_request"),
        (with("client_id", "another"), "invalid_client"),
        ([&good[..], &good[..1]].concat(), "invalid_request"),
        (vec![], "invalid_request"),
    ];
    for (form, error) in cases {
        let (status, body) = ask_with(&sandbox, &form).await;
        assert_eq!((status, &body["error"]), (400, &json!(error)), "{form:?}");
    }
    let (status, body) = ask_with(&sandbox, &with("scope", "idv.write")).await;
    assert_eq!((status, &body["error"]), (400, &json!("invalid_scope")));

    let as_json = sandbox.http.post(sandbox.url(TOKEN_PATH)).json(&json!({}));
    assert_eq!(answer(as_json).await.1["error"], "invalid_request");
    let large = sandbox
        .http
        .post(sandbox.url(TOKEN_PATH))
        .header("content-type", "application/x-www-form-urlencoded")
        .body("a".repeat(100_000));
    assert_eq!(answer(large).await.0, 413);
}
