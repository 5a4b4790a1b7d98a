//! The page's API.

use crate::support::{Page, SELFIE_POLICY, TestSandbox, answer, jpeg, query};
use idv_edge::keys::SigningKey;
use idv_edge::relay::{EXCHANGE_REPEAT_MS, JUDGING_MS};
use idv_edge::tokens::{START_TOKEN_LIFE_MS, mint_start_token};
use idv_edge::tomo::{ApiVersion, ResultRequest};
use idv_protocol::plan::Step;
use idv_protocol::relay::{MAX_CAPTURE_BYTES, MAX_SEALED_CAPTURE_BYTES};
use idv_protocol::{CaptureKind, Outcome, Plan, Reason, Size};
use serde_json::{Value, json};
use sha2::{Digest, Sha256};
use url::Url;

const SIZE: Size = Size { width: 320, height: 240 };

fn code(answer: &(u16, Value)) -> (u16, &str) {
    (answer.0, answer.1["code"].as_str().unwrap_or_default())
}

#[tokio::test]
async fn a_start_token_opens_its_own_session_once() {
    let sandbox = TestSandbox::start().await;
    let token = query(&sandbox.start_url("u1", SELFIE_POLICY).await, "token");
    let (status, session) = sandbox.exchange(&token).await;
    assert_eq!(status, 200);
    assert_eq!(code(&sandbox.exchange(&token).await), (401, "token_used"));

    let other = query(&sandbox.start_url("u2", SELFIE_POLICY).await, "token");
    let (_, other_session) = sandbox.exchange(&other).await;
    assert_ne!(session["session_id"], other_session["session_id"]);
}

#[tokio::test]
async fn two_exchanges_at_once_open_one_session() {
    let sandbox = TestSandbox::start().await;
    let token = query(&sandbox.start_url("u1", SELFIE_POLICY).await, "token");
    let (a, b) = tokio::join!(sandbox.exchange(&token), sandbox.exchange(&token));
    let mut statuses = [a.0, b.0];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 401]);
}

#[tokio::test]
async fn a_page_that_lost_the_answer_to_its_exchange_gets_another_token() {
    let sandbox = TestSandbox::start().await;
    let token = query(&sandbox.start_url("u1", SELFIE_POLICY).await, "token");
    let (mine, other) = ("A".repeat(43), "B".repeat(42) + "A");
    // Shortly before the token ends, so that the repetition comes after it.
    sandbox.pass_ms(START_TOKEN_LIFE_MS - 1000);
    let (_, lost) = sandbox.exchange_as(&mine, &token).await;
    sandbox.pass_ms(EXCHANGE_REPEAT_MS - 1);
    assert_eq!(code(&sandbox.exchange_as(&other, &token).await), (401, "token_used"));
    let (status, session) = sandbox.exchange_as(&mine, &token).await;
    assert_eq!((status, &session["session_id"]), (200, &lost["session_id"]));
    let plan_of = |session: &Value| {
        let token = session["session_token"].as_str().expect("token").to_owned();
        answer(sandbox.http.get(sandbox.url("/relay/v1/plan")).bearer_auth(token))
    };
    assert_eq!(code(&plan_of(&lost).await), (401, "session_unknown"), "the lost one is dead");
    assert_eq!(code(&sandbox.exchange_as(&mine, &token).await).0, 200, "nothing was granted yet");
    let (_, session) = sandbox.exchange_as(&mine, &token).await;
    assert_eq!(plan_of(&session).await.0, 200);
    assert_eq!(code(&sandbox.exchange_as(&mine, &token).await), (401, "token_used"));
}

#[tokio::test]
async fn an_exchange_is_not_repeated_after_its_time() {
    let sandbox = TestSandbox::start().await;
    let token = query(&sandbox.start_url("u1", SELFIE_POLICY).await, "token");
    let page_key = "A".repeat(43);
    assert_eq!(sandbox.exchange_as(&page_key, &token).await.0, 200);
    sandbox.pass_ms(EXCHANGE_REPEAT_MS);
    assert_eq!(code(&sandbox.exchange_as(&page_key, &token).await), (401, "token_used"));
}

#[tokio::test]
async fn an_exchange_without_a_good_page_key_is_an_invalid_request() {
    let sandbox = TestSandbox::start().await;
    let token = query(&sandbox.start_url("u1", SELFIE_POLICY).await, "token");
    for bad in ["", "AAAA", &"+".repeat(43), &"A".repeat(44)] {
        assert_eq!(code(&sandbox.exchange_as(bad, &token).await), (400, "invalid_request"), "{bad}");
    }
    let without = sandbox.http.post(sandbox.url("/relay/v1/session")).json(&json!({ "token": token }));
    assert_eq!(code(&answer(without).await), (400, "invalid_request"));
    assert_eq!(sandbox.exchange(&token).await.0, 200, "the token is still good");
}

#[tokio::test]
async fn a_token_of_another_key_or_time_opens_nothing() {
    let sandbox = TestSandbox::start().await;
    let url = sandbox.start_url("u1", SELFIE_POLICY).await;
    let mine = SigningKey::from_random(&[7; 32]).expect("key");
    let forged = mint_start_token(&mine, &sandbox.running.origin, "ses_x", sandbox.now_ms(), "j".into());
    let access = sandbox.access_token().await;
    for bad in [forged.expect("token"), access, "x".into(), String::new()] {
        assert_eq!(code(&sandbox.exchange(&bad).await), (401, "token_invalid"));
    }
    sandbox.pass_ms(15 * 60 * 1000);
    assert_eq!(code(&sandbox.exchange(&query(&url, "token")).await), (401, "token_expired"));
}

#[tokio::test]
async fn only_the_session_token_opens_the_session() {
    let sandbox = TestSandbox::start().await;
    let page = sandbox.page("u1", SELFIE_POLICY).await;
    let plan = || sandbox.http.get(sandbox.url("/relay/v1/plan"));
    assert_eq!(code(&answer(plan()).await), (401, "session_unknown"));
    let start = query(&sandbox.start_url("u2", SELFIE_POLICY).await, "token");
    for bad in [&page.session.session_id, &start, &format!("{}x", page.session.session_token)] {
        assert_eq!(code(&answer(plan().bearer_auth(bad)).await), (401, "session_unknown"));
    }
    let response = plan().send().await.expect("an answer");
    assert_eq!(response.headers()["content-type"], "application/problem+json");
    assert_eq!(code(&answer(page.request("GET", "/plans")).await), (404, "invalid_request"));
    assert_eq!(code(&answer(page.request("POST", "/plan")).await), (405, "invalid_request"));
}

#[tokio::test]
async fn the_plan_follows_the_policy_and_speaks_the_visitors_language() {
    let sandbox = TestSandbox::start_with(|params| params.test_camera = true).await;
    let page = sandbox.page("u1", SELFIE_POLICY).await;
    let plan = page.plan().await;
    assert!(matches!(plan.steps.as_slice(), [Step::Consent, Step::Document(_), Step::Face { .. }]));
    assert_eq!((plan.attempt, plan.max_attempts, plan.test_camera), (1, 3, true));
    let names: Vec<&str> = plan.consent.recipients.iter().map(|one| one.name.as_str()).collect();
    assert!(names.contains(&"IDV Sandbox") && names.contains(&"Demo Customer"), "{names:?}");
    let request = page.request("GET", "/plan").header("accept-language", "ko-KR,ko;q=0.9");
    let korean: Plan = serde_json::from_value(answer(request).await.1).expect("plan");
    assert_eq!(korean.consent.version, plan.consent.version);
    assert_ne!(korean.consent.recipients[0].purpose, plan.consent.recipients[0].purpose);
}

#[tokio::test]
async fn a_capture_is_held_once_however_often_it_comes() {
    let sandbox = TestSandbox::start().await;
    let page = sandbox.page("u1", SELFIE_POLICY).await;
    let picture = jpeg(320, 240, 90);
    assert_eq!(code(&page.put(1, CaptureKind::DocumentFront, &picture).await), (409, "out_of_order"));
    page.consent().await;
    let sent = || page.put(1, CaptureKind::DocumentFront, &picture);
    let (a, b, c) = tokio::join!(sent(), sent(), sent());
    let stored_now = [&a, &b, &c].into_iter().filter(|(_, ack)| ack["already_held"] == false).count();
    assert_eq!((a.0, b.0, c.0, stored_now), (200, 200, 200, 1));
    let received = page.plan().await.received;
    assert_eq!(received.len(), 1);
    assert_eq!(a.1["sha256"], json!(received[0].sha256));
}

#[tokio::test]
async fn another_picture_replaces_the_first_until_the_attempt_is_completed() {
    let sandbox = TestSandbox::start_on_file().await;
    let page = sandbox.page("u1", "us:document:passport:document_ocr_check:no_owner_assurance").await;
    page.consent().await;
    let kind = CaptureKind::DocumentFront;
    let [first, second, third] = [90, 91, 92].map(|grey| jpeg(320, 240, grey));
    page.put(1, kind, &first).await;
    let (status, ack) = page.put(1, kind, &second).await;
    assert_eq!((status, &ack["already_held"]), (200, &json!(false)));
    assert_eq!(page.plan().await.received[0].sha256, hex::encode(Sha256::digest(&second)));
    assert_eq!(stored_pictures(&sandbox).await, std::slice::from_ref(&second), "the first one is gone");

    let evidence = page.evidence(&page.plan().await, &[(kind, &second)], SIZE);
    assert_eq!(code(&page.complete(&evidence).await), (500, "internal"), "taken; no models judge it");
    assert_eq!(code(&page.put(1, kind, &third).await), (409, "out_of_order"));
    assert_eq!(page.put(1, kind, &second).await.1["already_held"], true);
    sandbox.pass_ms(JUDGING_MS);
    assert_eq!(code(&page.put(1, kind, &third).await), (409, "out_of_order"), "its frames are committed to");
    assert_eq!(page.plan().await.attempt, 1, "a page that is loaded again takes the attempt again");
    assert_eq!(page.put(1, kind, &third).await.0, 200);
    assert_eq!(stored_pictures(&sandbox).await, [third]);
}

async fn stored_pictures(sandbox: &TestSandbox) -> Vec<Vec<u8>> {
    let db = idv_sandbox::db::open(&sandbox.folder.join("sandbox.sqlite")).await.expect("opens");
    sqlx::query_scalar("SELECT jpeg FROM captures").fetch_all(&db).await.expect("rows")
}

#[tokio::test]
async fn what_is_no_whole_jpeg_within_the_limit_is_refused() {
    let sandbox = TestSandbox::start().await;
    let page = sandbox.page("u1", SELFIE_POLICY).await;
    page.consent().await;
    let kind = CaptureKind::DocumentFront;
    assert_eq!(code(&page.put(1, kind, b"GIF89a").await), (415, "not_an_image"));
    let wrong = page.put_request(1, kind, &jpeg(64, 64, 1)).body(jpeg(64, 64, 2));
    assert_eq!(code(&answer(wrong).await), (400, "digest_mismatch"));
    let without = page.request("PUT", "/captures/1/document_front").body(jpeg(64, 64, 1));
    assert_eq!(code(&answer(without).await), (400, "invalid_request"));

    let large = vec![0xff; MAX_CAPTURE_BYTES + 1];
    assert_eq!(code(&page.put(1, kind, &large).await), (413, "body_too_large"));
    let chunked = put_in_chunks(&page, &vec![0xff; MAX_SEALED_CAPTURE_BYTES + 1]).await;
    assert!(chunked.starts_with("HTTP/1.1 413 "), "without a declared length: {chunked}");
    assert!(chunked.contains("body_too_large"), "{chunked}");
    let evidence = page.request("POST", "/complete").body(vec![b' '; 400_000]);
    assert_eq!(code(&answer(evidence).await), (413, "body_too_large"));
    assert!(page.plan().await.received.is_empty());
}

/// Uploads without a declared length, by hand: the first bytes of the answer.
async fn put_in_chunks(page: &Page, body: &[u8]) -> String {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    let origin: Url = page.server.origin.parse().expect("URL");
    let address = ("127.0.0.1", origin.port().expect("port"));
    let (mut read, mut write) = tokio::net::TcpStream::connect(address).await.expect("connects").into_split();
    let head = format!(
        "PUT /relay/v1/captures/1/document_front HTTP/1.1\r\nhost: x\r\nauthorization: Bearer {}\r\n\
         x-idv-sha256: {}\r\ntransfer-encoding: chunked\r\n\r\n",
        page.session.session_token,
        "0".repeat(64)
    );
    write.write_all(head.as_bytes()).await.expect("sent");
    for chunk in body.chunks(100_000) {
        let framed = [format!("{:x}\r\n", chunk.len()).as_bytes(), chunk, b"\r\n"].concat();
        // The server may stop reading once it has seen enough.
        if write.write_all(&framed).await.is_err() {
            break;
        }
    }
    let mut answer = vec![0; 4096];
    let mut length = 0;
    while let Ok(read) = read.read(&mut answer[length..]).await {
        length += read;
        if read == 0 || String::from_utf8_lossy(&answer[..length]).contains("code") {
            break;
        }
    }
    String::from_utf8_lossy(&answer[..length]).into_owned()
}

/// Goes through an attempt whose evidence does not fit its pictures.
async fn spoilt_attempt(page: &Page) -> Value {
    let plan = page.plan().await;
    let picture = jpeg(320, 240, u8::try_from(plan.attempt).expect("attempt"));
    assert_eq!(page.put(plan.attempt, CaptureKind::DocumentFront, &picture).await.0, 200);
    let mut evidence = page.evidence(&plan, &[(CaptureKind::DocumentFront, &picture)], SIZE);
    evidence.nonce = "00".repeat(32);
    let first = page.complete(&evidence).await;
    assert_eq!(first.0, 200, "{}", first.1);
    let again = page.complete(&evidence).await;
    for member in ["state", "reason", "attempts_left", "submission_id"] {
        assert_eq!(first.1[member], again.1[member], "completed twice");
    }
    first.1
}

#[tokio::test]
async fn three_attempts_and_then_the_return_without_a_verdict() {
    let sandbox = TestSandbox::start().await;
    let page = sandbox.page("u1", SELFIE_POLICY).await;
    page.consent().await;
    let nonce = page.plan().await.challenge.expect("challenge").nonce;
    let retry = json!({ "state": "retry", "reason": "evidence_invalid", "attempts_left": 2 });
    assert_eq!(spoilt_attempt(&page).await, retry);
    assert_ne!(page.plan().await.challenge.expect("challenge").nonce, nonce);
    assert_eq!(spoilt_attempt(&page).await["attempts_left"], 1);
    let plan = page.plan().await;
    assert_eq!((plan.attempt, plan.consent_given, plan.received.len()), (3, true, 0));
    let receipt = spoilt_attempt(&page).await;
    assert_eq!(receipt["state"], "received");

    let back: Url = receipt["return_url"].as_str().expect("URL").parse().expect("URL");
    assert!(back.as_str().starts_with("https://shop.example/fail?ref=1&token="));
    assert_eq!(query(&back, "error"), "evidence_invalid");
    assert!(!query(&back, "error_description").is_empty() && !query(&back, "key").is_empty());
    assert_eq!(code(&answer(page.request("GET", "/plan")).await), (409, "session_closed"));

    let about = ResultRequest { user_id: "u1".into(), country: None, policy: None };
    let result = sandbox.runner(ApiVersion::V1_4).result(&about).await.expect("result");
    let kyc = result.record(SELFIE_POLICY).and_then(|record| record.kyc.clone()).expect("1.4");
    assert_eq!((kyc.status, kyc.status_reason), (Outcome::Rejected, Some(Reason::EvidenceInvalid)));
    assert_eq!(kyc.checks.biometric.attempts, Some(3));
    assert_eq!(kyc.submission_id.as_deref(), receipt["submission_id"].as_str());
    let statuses: Vec<Value> =
        sandbox.events("decision").iter().map(|event| event["status"].clone()).collect();
    assert_eq!(statuses, ["retry", "retry", "rejected"]);
}

#[tokio::test]
async fn cancelling_twice_is_cancelling_once() {
    let sandbox = TestSandbox::start().await;
    let page = sandbox.page("u1", SELFIE_POLICY).await;
    let (_, first) = page.cancel("document_not_found").await;
    let (_, second) = page.cancel("user_canceled").await;
    assert_eq!(first["submission_id"], second["submission_id"]);
    assert!(second["return_url"].as_str().expect("URL").contains("error=document_not_found"));
    assert_eq!(sandbox.events("settled").len(), 1);
    assert_eq!(page.cancel("on_a_whim").await.0, 400);
}

#[tokio::test]
async fn when_its_time_is_over_a_session_says_so() {
    let sandbox = TestSandbox::start().await;
    let page = sandbox.page("u1", SELFIE_POLICY).await;
    sandbox.pass_ms(30 * 60 * 1000);
    assert_eq!(code(&answer(page.request("GET", "/plan")).await), (401, "session_expired"));
    assert_eq!(sandbox.events("settled")[0]["status"], "expired");
}

#[tokio::test]
async fn without_models_a_completion_is_our_fault_and_can_be_repeated() {
    let sandbox = TestSandbox::start().await;
    let page = sandbox.page("u1", "us:document:passport:document_ocr_check:no_owner_assurance").await;
    page.consent().await;
    let picture = jpeg(320, 240, 9);
    page.put(1, CaptureKind::DocumentFront, &picture).await;
    let evidence = page.evidence(&page.plan().await, &[(CaptureKind::DocumentFront, &picture)], SIZE);
    assert_eq!(code(&page.complete(&evidence).await), (500, "internal"));
    assert_eq!(page.plan().await.attempt, 1, "no attempt is lost");
}

#[tokio::test]
async fn neither_database_nor_events_hold_a_token_or_a_secret() {
    let sandbox = TestSandbox::start_on_file().await;
    let url = sandbox.start_url("u1", SELFIE_POLICY).await;
    let start = query(&url, "token");
    let (_, session) = sandbox.exchange(&start).await;
    let session = serde_json::from_value(session).expect("session");
    let page = sandbox.page_of(session).await;
    let (_, receipt) = page.cancel("user_canceled").await;
    let back: Url = receipt["return_url"].as_str().expect("URL").parse().expect("URL");
    let key: Value = {
        use base64::Engine as _;
        let text = &sandbox.running.client.secret_key;
        let json = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(text).expect("base64url");
        serde_json::from_slice(&json).expect("JWK")
    };
    let secrets = [
        start,
        page.session.session_token.clone(),
        query(&back, "token"),
        sandbox.access_token().await,
        sandbox.running.client.secret_key.clone(),
        key["d"].as_str().expect("d").to_owned(),
    ];
    let mut stored = Vec::new();
    for file in std::fs::read_dir(&sandbox.folder).expect("folder") {
        stored.extend(std::fs::read(file.expect("file").path()).expect("bytes"));
    }
    let events = sandbox.all_events();
    assert!(find(&stored, page.session.session_id.as_bytes()), "the search finds what is there");
    for secret in secrets {
        assert!(!find(&stored, secret.as_bytes()), "in the database");
        assert!(!events.contains(&secret), "in the events");
    }
}

fn find(haystack: &[u8], needle: &[u8]) -> bool {
    haystack.windows(needle.len()).any(|window| window == needle)
}
