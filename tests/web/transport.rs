use crate::support::{FetchStub, js};
use idv_protocol::CaptureKind;
use idv_protocol::seal::Jwk;
use idv_seal::jose::SealTo;
use idv_web::submission::{Body, Method, Request, TransportFailure, transport};
use sha2::{Digest, Sha256};
use wasm_bindgen_test::wasm_bindgen_test;

/// A request with three bytes, sealed to the key of RFC 7517 A.1.
fn put(timeout_ms: u32) -> Request {
    let verifier = Jwk::p256(
        "MKBCTNIcKUSDii11ySs3526iDZ8AiTo7Tu6KPAqv7D4",
        "4Etl6SRW2YiLUrN5vfvVHuhp7x8PxltmWWlbbM4IFyM",
    );
    let to = SealTo { verifier, session: "s-1".into(), attempt: 1, kind: Some(CaptureKind::Selfie) };
    Request {
        id: 1,
        method: Method::Put,
        path: "/captures/1/selfie".into(),
        bearer: Some("session-token".into()),
        key: None,
        body: Body::Sealed { to: Box::new(to), bytes: [1, 2, 3].into() },
        timeout_ms,
    }
}

#[wasm_bindgen_test]
async fn sends_bytes_with_digest_and_token_and_without_cookies_or_referrer() {
    let _stub = FetchStub::new(
        "const request = new Request(url, init);
         window.sent = { url: request.url, method: request.method, credentials: request.credentials,
           referrer: request.referrerPolicy, cache: request.cache, redirect: request.redirect,
           headers: Object.fromEntries(request.headers),
           body: await request.text() };
         return new Response('{\"ok\":1}', { status: 429, headers: { 'retry-after': '2' } })",
    );
    let answer =
        transport::send("https://idv.example/relay/v1", &put(1000), None).await.ok().expect("an answer");
    assert_eq!(
        (answer.status, answer.retry_after_ms, answer.body.as_str()),
        (429, Some(2000.0), r#"{"ok":1}"#)
    );
    let sent = js("return JSON.stringify(sent)").as_string().unwrap();
    let mut sent: serde_json::Value = serde_json::from_str(&sent).unwrap();
    let body = sent["body"].take().as_str().expect("text").to_owned();
    let digest = sent["headers"]["x-idv-sha256"].take();
    assert_eq!(digest, hex::encode(Sha256::digest(&body)), "of what is sent");
    let parts: Vec<usize> = body.split('.').skip(1).map(str::len).collect();
    assert_eq!(parts, [0, 16, 4, 22], "a compact JWE: no encrypted key, IV, three bytes, tag");
    assert_eq!(
        sent,
        serde_json::json!({
            "url": "https://idv.example/relay/v1/captures/1/selfie", "method": "PUT", "credentials": "omit",
            "referrer": "no-referrer", "cache": "no-store", "redirect": "error",
            "headers": {
                "accept": "application/json, application/problem+json", "authorization": "Bearer session-token",
                "content-type": "application/jose", "x-idv-sha256": null,
            },
            "body": null,
        })
    );
}

#[wasm_bindgen_test]
async fn an_answer_that_does_not_come_is_given_up_in_time() {
    let _stub = FetchStub::new(
        "return new Promise((_, refuse) => init.signal.addEventListener('abort', () => refuse(init.signal.reason)))",
    );
    let failure = transport::send("https://idv.example", &put(30), None).await.err();
    assert_eq!(failure, Some(TransportFailure::Timeout));
}

#[wasm_bindgen_test]
async fn a_port_where_nobody_listens_is_a_lost_network() {
    let failure = transport::send("http://127.0.0.1:9", &put(5000), None).await.err();
    assert_eq!(failure, Some(TransportFailure::Network));
}
