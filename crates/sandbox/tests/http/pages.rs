//! The hosted page, the package's files, the demo customer.

use crate::support::{SELFIE_POLICY, TestSandbox, query};
use std::path::Path;
use url::Url;

fn package(folder: &Path) {
    for (file, text) in [
        ("demo/index.html", "<!doctype html><title>The package's page</title><idv-flow></idv-flow>"),
        ("dist/worker.js", "postMessage('a')"),
        ("dist/vision-1a2b3c4d.wasm", "\0asm\x01\0\0\0"),
    ] {
        let path = folder.join(file);
        std::fs::create_dir_all(path.parent().expect("folder")).expect("folder");
        std::fs::write(path, text.repeat(if file.ends_with("js") { 200 } else { 1 })).expect("file");
    }
}

async fn get(sandbox: &TestSandbox, path: &str) -> reqwest::Response {
    sandbox.http.get(sandbox.url(path)).send().await.expect("an answer")
}

#[tokio::test]
async fn the_hosted_page_runs_only_what_this_origin_serves() {
    let folder = std::env::temp_dir().join(format!("idv-package-{}", std::process::id()));
    package(&folder);
    let sandbox = TestSandbox::start_with(|params| params.package = Some(folder.clone())).await;
    let url = sandbox.start_url("u1", SELFIE_POLICY).await;
    let response = sandbox.http.get(url).send().await.expect("an answer");
    assert_eq!(response.status(), 200);
    let headers = response.headers().clone();
    let policy = headers["content-security-policy"].to_str().expect("text");
    for part in [
        "default-src 'none'",
        "script-src 'self' 'wasm-unsafe-eval'",
        "require-trusted-types-for 'script'",
        "trusted-types idv-web",
        "connect-src 'self'",
        "frame-ancestors 'none'",
    ] {
        assert!(policy.split("; ").any(|directive| directive == part), "{part} in {policy}");
    }
    assert_eq!(headers["cache-control"], "no-store");
    assert_eq!(headers["referrer-policy"], "no-referrer");
    assert_eq!(headers["x-content-type-options"], "nosniff");
    assert!(headers["permissions-policy"].to_str().expect("text").starts_with("camera=(self)"));
    assert_eq!(headers["content-type"], "text/html; charset=utf-8");
    assert!(response.text().await.expect("text").contains("The package's page"));

    let wasm = get(&sandbox, "/package/dist/vision-1a2b3c4d.wasm").await;
    assert_eq!(wasm.headers()["content-type"], "application/wasm");
    assert_eq!(wasm.headers()["cache-control"], "public, max-age=31536000, immutable");
    let request = sandbox.http.get(sandbox.url("/package/dist/worker.js")).header("accept-encoding", "br");
    let worker = request.send().await.expect("an answer");
    assert_eq!(worker.headers()["cache-control"], "no-cache");
    assert_eq!(worker.headers()["content-encoding"], "br");
    assert!(worker.headers()["content-type"].to_str().expect("text").starts_with("text/javascript"));
    assert!(worker.headers()["content-security-policy"].to_str().expect("text").contains("wasm-unsafe-eval"));
    for path in ["/package/dist/absent.js", "/package/../Cargo.toml", "/package/%2e%2e/x", "/nothing"] {
        assert_eq!(get(&sandbox, path).await.status(), 404, "{path}");
    }
    std::fs::remove_dir_all(folder).expect("removed");
}

#[tokio::test]
async fn without_a_package_a_bare_page_is_shown() {
    let sandbox = TestSandbox::start().await;
    let page = get(&sandbox, "/idv/start").await;
    assert_eq!(page.status(), 200);
    let text = page.text().await.expect("text");
    assert!(text.contains("started without the package") && !text.contains("<script"));
}

#[tokio::test]
async fn the_demo_customer_starts_a_verification_and_fetches_its_outcome() {
    let sandbox = TestSandbox::start().await;
    assert!(get(&sandbox, "/").await.text().await.expect("text").contains(r#"action="/demo/start""#));
    let started = sandbox.http.post(sandbox.url("/demo/start")).send().await.expect("an answer");
    assert_eq!(started.status(), 303);
    let start: Url = started.headers()["location"].to_str().expect("text").parse().expect("URL");
    let (_, session) = sandbox.exchange(&query(&start, "token")).await;
    let cancel = sandbox
        .http
        .post(sandbox.url("/relay/v1/cancel"))
        .bearer_auth(session["session_token"].as_str().expect("token"))
        .json(&serde_json::json!({ "reason": "camera_denied" }));
    let (_, receipt) = crate::support::answer(cancel).await;
    let back = receipt["return_url"].as_str().expect("URL");
    let page = sandbox.http.get(back).send().await.expect("an answer").text().await.expect("text");
    assert!(page.contains("<dd>canceled</dd>") && page.contains("<dd>camera_denied</dd>"), "{page}");
    assert!(page.contains("only a hint"));
    assert_eq!(sandbox.events("returned")[0]["error"], "camera_denied");
}

#[tokio::test]
async fn a_forged_return_shows_the_hint_and_nothing_else() {
    let sandbox = TestSandbox::start().await;
    let forged = "/customer/return?ref=ref_x&token=a&key=b&error=%3Cscript%3E";
    let page = get(&sandbox, forged).await;
    assert_eq!(page.headers()["cache-control"], "no-store");
    let text = page.text().await.expect("text");
    assert!(text.contains("only a hint") && !text.contains("<script>") && !text.contains("Status"));
    assert_eq!(sandbox.events("returned")[0]["error"], serde_json::Value::Null);
}

#[tokio::test]
async fn only_configured_origins_may_call_the_relay_from_their_own_pages() {
    let origin = "https://shop.example";
    let sandbox = TestSandbox::start_with(|params| params.allowed_origins = vec![origin.into()]).await;
    let preflight = async |origin: &str| {
        let request = sandbox
            .http
            .request(reqwest::Method::OPTIONS, sandbox.url("/relay/v1/captures/1/selfie"))
            .header("origin", origin)
            .header("access-control-request-method", "PUT")
            .header("access-control-request-headers", "authorization,x-idv-sha256");
        let response = request.send().await.expect("an answer");
        response.headers().get("access-control-allow-origin").cloned()
    };
    assert_eq!(preflight(origin).await.expect("allowed"), origin);
    assert_eq!(preflight("https://evil.example").await, None);
}

#[tokio::test]
async fn https_with_a_certificate_of_its_own_serves_a_phone_and_the_demo_customer() {
    let sandbox = TestSandbox::start_with(|params| params.lan = true).await;
    assert!(sandbox.running.origin.starts_with("https://"));
    let trusting = reqwest::Client::builder()
        .tls_danger_accept_invalid_certs(true)
        .redirect(reqwest::redirect::Policy::none())
        .build()
        .expect("client");
    // The demo customer's own client trusts exactly this certificate.
    let started = trusting.post(sandbox.url("/demo/start")).send().await.expect("an answer");
    assert_eq!(started.status(), 303);
    let start = started.headers()["location"].to_str().expect("text");
    assert!(start.starts_with(&sandbox.running.origin));
    let refused = sandbox.http.get(sandbox.url("/")).send().await.expect_err("not trusted by others");
    assert!(refused.is_connect() || refused.is_request());
}
