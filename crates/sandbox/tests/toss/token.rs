//! POST /toss/token, and what its tokens open.

use crate::bench::{Bench, fail_code, push};
use crate::support::{TestSandbox, answer};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use serde_json::{Value, json};

async fn ask(sandbox: &TestSandbox, change: impl FnOnce(&mut Vec<(&str, String)>)) -> (u16, Value) {
    let toss = &sandbox.running.vendors.toss;
    let mut form = vec![
        ("grant_type", "client_credentials".to_owned()),
        ("client_id", toss.client_id.clone()),
        ("client_secret", toss.client_secret.to_string()),
        ("scope", "ca".to_owned()),
    ];
    change(&mut form);
    let body = url::form_urlencoded::Serializer::new(String::new()).extend_pairs(form).finish();
    let request = sandbox
        .http
        .post(sandbox.url("/toss/token"))
        .header("content-type", "application/x-www-form-urlencoded")
        .body(body);
    answer(request).await
}

#[tokio::test]
async fn a_client_gets_a_token_of_the_contracts_form() {
    let sandbox = TestSandbox::start().await;
    let (status, body) = ask(&sandbox, |_| {}).await;
    assert_eq!(status, 200, "{body}");
    assert_eq!(
        (&body["scope"], &body["token_type"], &body["expires_in"]),
        (&json!("ca"), &json!("Bearer"), &json!(31_536_000))
    );
    let token = body["access_token"].as_str().expect("token");
    let part = |at: usize| {
        let part = URL_SAFE_NO_PAD.decode(token.split('.').nth(at).expect("part")).expect("base64url");
        serde_json::from_slice::<Value>(&part).expect("JSON")
    };
    assert_eq!(part(0), json!({ "kid": "cert", "alg": "RS256" }));
    let (claims, now_s) = (part(1), sandbox.now_ms() / 1000);
    let client_id = &sandbox.running.vendors.toss.client_id;
    assert!(client_id.starts_with("test_"));
    assert_eq!((&claims["sub"], &claims["aud"]), (&json!(client_id), &json!(client_id)));
    assert_eq!((&claims["iat"], &claims["nbf"]), (&json!(now_s), &json!(now_s)));
    assert_eq!((&claims["exp"], &claims["scope"]), (&json!(now_s + 31_536_000), &json!(["ca"])));
    assert_eq!(claims["iss"], "https://cert.toss.im");
    assert!(uuid::Uuid::parse_str(claims["jti"].as_str().expect("jti")).is_ok());
}

#[tokio::test]
async fn a_token_request_that_is_not_of_the_contract_is_refused_as_oauth_says() {
    let sandbox = TestSandbox::start().await;
    let rows: [(&str, &str, u16, &str); 7] = [
        ("grant_type", "password", 400, "unsupported_grant_type"),
        ("grant_type", "", 400, "invalid_request"),
        ("client_id", "test_other", 401, "invalid_client"),
        ("client_secret", "test_other", 401, "invalid_client"),
        ("client_secret", "", 400, "invalid_request"),
        ("scope", "idv.read", 400, "invalid_scope"),
        ("scope", "", 400, "invalid_request"),
    ];
    for (name, value, status, error) in rows {
        let (got, body) = ask(&sandbox, |form| {
            form.iter_mut().filter(|(key, _)| *key == name).for_each(|pair| pair.1 = value.to_owned());
        })
        .await;
        assert_eq!((got, &body["error"]), (status, &json!(error)), "{name}={value}");
    }
}

#[tokio::test]
async fn a_call_without_a_good_token_is_refused_with_401() {
    let bench = Bench::start().await;
    let token = bench.token().await;
    let tx_id = bench.sign(&push()).await.tx_id;
    let request = bench.client().status_request(&token, &tx_id).expect("request");
    let bearer = request.headers.iter().find(|(name, _)| *name == "authorization").expect("token").1.clone();
    let send = |value: Option<String>| {
        let mut builder = bench.sandbox.http.post(request.url.clone()).body(request.body.clone());
        builder = builder.header("content-type", "application/json");
        if let Some(value) = value {
            builder = builder.header("authorization", value);
        }
        answer(builder)
    };
    assert_eq!(send(Some(bearer.clone())).await.0, 200);
    let cut = bearer[..bearer.len() - 4].to_owned();
    for bad in [None, Some("Bearer a.b.c".to_owned()), Some(bearer.replace("Bearer", "Basic")), Some(cut)] {
        let answer = send(bad).await;
        assert_eq!((answer.0, fail_code(&answer)), (401, "CE1000"));
    }
    bench.sandbox.pass_ms(31_536_000 * 1000);
    let answer = send(Some(bearer)).await;
    assert_eq!((answer.0, fail_code(&answer)), (401, "CE1000"), "after a year");
}

#[tokio::test]
async fn a_runner_replaces_a_token_that_the_server_no_longer_takes() {
    let bench = Bench::start().await;
    let requested = bench.signed(&push()).await;
    // The year is over for the server only: the runner's clock is this machine's.
    bench.sandbox.pass_ms(31_536_000 * 1000);
    let again = bench.side.runner.sign(&push()).await.expect("with a new token");
    assert_eq!(bench.decide(&again.tx_id, "sign").await.0, 303);
    assert!(bench.result(&again).await.is_ok());
    assert_eq!(bench.refusal(&requested).await.as_str(), "CE3103");
}
