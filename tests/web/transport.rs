use crate::support::{FetchStub, js};
use idv_web::submission::{Body, Method, Request, TransportFailure, transport};
use wasm_bindgen_test::wasm_bindgen_test;

fn put(timeout_ms: u32) -> Request {
    Request {
        id: 1,
        method: Method::Put,
        path: "/captures/1/selfie".into(),
        bearer: Some("session-token".into()),
        digest: Some("ab".into()),
        body: Body::Jpeg([1, 2, 3].into()),
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
           body: Array.from(new Uint8Array(await request.arrayBuffer())) };
         return new Response('{\"ok\":1}', { status: 429, headers: { 'retry-after': '2' } })",
    );
    let answer = transport::send("https://idv.example/relay/v1", &put(1000)).await.ok().expect("an answer");
    assert_eq!(
        (answer.status, answer.retry_after_ms, answer.body.as_str()),
        (429, Some(2000.0), r#"{"ok":1}"#)
    );
    let sent = js("return JSON.stringify(sent)").as_string().unwrap();
    let sent: serde_json::Value = serde_json::from_str(&sent).unwrap();
    assert_eq!(
        sent,
        serde_json::json!({
            "url": "https://idv.example/relay/v1/captures/1/selfie", "method": "PUT", "credentials": "omit",
            "referrer": "no-referrer", "cache": "no-store", "redirect": "error",
            "headers": {
                "accept": "application/json, application/problem+json", "authorization": "Bearer session-token",
                "content-type": "image/jpeg", "x-idv-sha256": "ab",
            },
            "body": [1, 2, 3],
        })
    );
}

#[wasm_bindgen_test]
async fn an_answer_that_does_not_come_is_given_up_in_time() {
    let _stub = FetchStub::new(
        "return new Promise((_, refuse) => init.signal.addEventListener('abort', () => refuse(init.signal.reason)))",
    );
    let failure = transport::send("https://idv.example", &put(30)).await.err();
    assert_eq!(failure, Some(TransportFailure::Timeout));
}

#[wasm_bindgen_test]
async fn a_port_where_nobody_listens_is_a_lost_network() {
    let failure = transport::send("http://127.0.0.1:9", &put(5000)).await.err();
    assert_eq!(failure, Some(TransportFailure::Network));
}
