//! The client against Toss's own side, made of the same wire types, and against the vendor's page.

use super::*;
use crate::toss::fixture::{NOW_S, members, openssl, toss_key, vendor_page};
use crate::toss::session::Tagged;
use crate::toss::wire::RequestBody;
use crate::toss::{Advice, Document, FailCode, MODULUS_BYTES, Person, ResultReads};
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use proptest::prelude::*;
use serde_json::json;

#[path = "result_tests.rs"]
mod result;

const TX: &str = "60940525-9a59-47db-b0eb-4f029b9faf1e";
const SECRET: &str = "test_geheim";
const TEXT: &str = "출금이체에 동의합니다.";

fn random(seed: u8) -> [u8; SESSION_RANDOM_BYTES] {
    std::array::from_fn(|at| seed.wrapping_mul(31).wrapping_add(u8::try_from(at).unwrap_or(0)))
}

fn public_key() -> TossPublicKey {
    TossPublicKey::read(&toss_key().public_key_der().expect("der")).expect("key")
}

fn client() -> Client {
    let secret = Zeroizing::new(SECRET.to_owned());
    Client::new(Environment::Sandbox, "test_client", secret, public_key()).expect("client")
}

fn answer(status: u16, body: &serde_json::Value) -> Response {
    Response { status, body: body.to_string().into_bytes() }
}

fn success(body: impl Serialize) -> Response {
    answer(200, &json!({ "resultType": "SUCCESS", "success": body }))
}

fn token() -> AccessToken {
    let body = json!({"access_token": "t0", "scope": "ca", "token_type": "Bearer", "expires_in": 600});
    client().read_token(&answer(200, &body), NOW_S).expect("token")
}

fn sign() -> SignRequest {
    SignRequest {
        person: Person::personal("김토스", "01000000000", "19930324").expect("person"),
        trigger: Trigger::Push,
        service_name: "토스 출금이체".into(),
        doc_title: "출금이체 동의문".into(),
        document: Document::Text(TEXT.into()),
        encrypt_document: false,
        expire_s: Some(300),
    }
}

fn sent(sign: &SignRequest) -> RequestBody {
    let request = client().sign_request(&token(), sign, &random(1)).expect("request");
    assert_eq!(request.url.as_str(), "https://cert.toss.im/api/v2/sign/doc/request");
    serde_json::from_slice(&request.body).expect("body")
}

fn at(unix_s: u64) -> Timestamp {
    Timestamp::from_unix_s(unix_s).expect("time")
}

fn tx() -> TxId {
    TxId::parse(TX).expect("id")
}

/// A request for the result, and Toss's session of it.
fn asked(seed: u8) -> (ResultSession, Session) {
    let requested = Requested { tx_id: tx(), links: None, requested_at: at(NOW_S) };
    let permit = ResultReads::new(&requested, None).permit(NOW_S).expect("permit");
    let (request, session) = client().result_request(&token(), permit, &random(seed)).expect("request");
    assert_eq!(request.url.path(), "/api/v2/sign/doc/result");
    let body: ResultBody = serde_json::from_slice(&request.body).expect("body");
    assert_eq!(body.tx_id, TX);
    (session, toss_key().open_session(&body.session_key).expect("session"))
}

#[test]
fn the_token_request_is_the_vendors() {
    let request = client().token_request().expect("request");
    assert_eq!(request.url.as_str(), "https://oauth2.cert.toss.im/token");
    let form: Vec<_> = url::form_urlencoded::parse(&request.body).into_owned().collect();
    let pair = |name: &str, value: &str| (name.to_owned(), value.to_owned());
    assert_eq!(
        form,
        [
            pair("grant_type", "client_credentials"),
            pair("client_id", "test_client"),
            pair("client_secret", SECRET),
            pair("scope", "ca")
        ]
    );
    for secret in [SECRET, "t0"] {
        assert!(!format!("{:?} {request:?} {:?}", client(), token()).contains(secret));
    }
}

#[test]
fn a_token_of_another_kind_or_scope_is_refused() {
    for body in [
        json!({"access_token": "t", "scope": "ca", "token_type": "mac", "expires_in": 1}),
        json!({"access_token": "", "scope": "ca", "token_type": "Bearer", "expires_in": 1}),
        json!({"access_token": "a\nb", "scope": "ca", "token_type": "Bearer", "expires_in": 1}),
        json!({"access_token": "t", "scope": "other", "token_type": "Bearer", "expires_in": 1}),
        json!({"access_token": "t", "token_type": "Bearer"}),
    ] {
        let error = client().read_token(&answer(200, &body), 0).expect_err("refused");
        assert_eq!(error.kind(), ErrorKind::ResponseInvalid, "{body}");
    }
    let oauth =
        client().read_token(&answer(401, &json!({"error": "invalid_client"})), 0).expect_err("refused");
    assert_eq!((oauth.status(), oauth.refusal_code()), (Some(401), Some("invalid_client")));
}

#[test]
fn a_request_by_personal_data_is_opened_by_toss() {
    let body = sent(&sign());
    assert_eq!((body.request_type.as_str(), body.trigger_type.as_str()), ("USER_PERSONAL", "PUSH"));
    assert_eq!((body.doc_type.as_str(), body.signature_type.as_deref()), ("TEXT", Some("PKCS7")));
    assert_eq!((body.doc.as_str(), body.doc_encrypted, body.expire_seconds), (TEXT, false, Some(300)));
    assert_eq!(Tagged::parse(&body.session_key).expect("key").body.len(), MODULUS_BYTES);
    let session = toss_key().open_session(&body.session_key).expect("session");
    let open = |field: Option<String>| session.open(&field.expect("field")).expect("plaintext").to_string();
    assert_eq!(open(body.user_name), "김토스");
    assert_eq!(open(body.user_phone), "01000000000");
    assert_eq!(open(body.user_birthday), "19930324");
    assert_eq!(body.user_ci, None);
}

#[test]
fn a_request_by_ci_may_open_the_app_and_hide_the_document() {
    let trigger = Trigger::AppScheme {
        success_callback_url: Some("shop://done".into()),
        fail_callback_url: Some("shop://failed".into()),
    };
    let person = Person::ci(&"C".repeat(88)).expect("person");
    let body = sent(&SignRequest { person, trigger, encrypt_document: true, ..sign() });
    assert_eq!((body.request_type.as_str(), body.trigger_type.as_str()), ("USER_CI", "APP_SCHEME"));
    assert_eq!(body.success_callback_url.as_deref(), Some("shop://done"));
    assert_eq!(body.fail_callback_url.as_deref(), Some("shop://failed"));
    let session = toss_key().open_session(&body.session_key).expect("session");
    assert_eq!(*session.open(&body.user_ci.expect("field")).expect("ci"), "C".repeat(88));
    assert!(body.doc_encrypted);
    assert_eq!(*session.open(&body.doc).expect("document"), TEXT);
    assert_eq!((body.user_name, body.user_phone, body.user_birthday), (None, None, None));
}

#[test]
fn html_and_pdf_have_their_types() {
    let html = sent(&SignRequest { document: Document::Html("<p>동의</p>".into()), ..sign() });
    assert_eq!((html.doc_type.as_str(), html.signature_type.as_deref()), ("HTML", Some("PKCS7")));
    let pdf = sent(&SignRequest { document: Document::PdfSha256([7; 32]), ..sign() });
    let without_content = Some("PKCS7_NO_CONTENT_WITH_ATTR");
    assert_eq!((pdf.doc_type.as_str(), pdf.signature_type.as_deref()), ("PDF", without_content));
    assert_eq!(STANDARD.decode(&pdf.doc).expect("base64"), [7; 32]);
}

#[test]
fn every_request_has_a_session_of_its_own() {
    let (first, second) = (sent(&sign()).session_key, asked(2).1);
    let first = toss_key().open_session(&first).expect("session");
    assert_ne!(first.id(), second.id());
    assert!(second.open(&first.seal("LOCAL").expect("field")).is_err());
    let unrandom = client().sign_request(&token(), &sign(), &[0; SESSION_RANDOM_BYTES]);
    assert_eq!(unrandom.expect_err("refused").kind(), ErrorKind::RequestInvalid);
}

#[test]
fn a_damaged_session_key_is_refused_by_toss() {
    let key = sent(&sign()).session_key;
    let mut tagged = Tagged::parse(&key).expect("key");
    let text = |body: &[u8]| format!("v1${}${}", tagged.id, STANDARD.encode(body));
    let short = text(&tagged.body[1..]);
    assert_eq!(toss_key().open_session(&short).err(), Some(crate::toss::FieldFailure::Length));
    tagged.body[100] ^= 1;
    let changed = format!("v1${}${}", tagged.id, STANDARD.encode(&tagged.body));
    assert_eq!(toss_key().open_session(&changed).err(), Some(crate::toss::FieldFailure::Integrity));
    let java = key.replacen("v1$", "v1_0.0.14$", 1);
    let session = toss_key().open_session(&java).expect("session");
    assert!(
        session.seal("LOCAL").expect("field").starts_with("v1_0.0.14$"),
        "answered in the client's version"
    );
}

#[test]
fn openssl_opens_a_session_key_where_it_is_installed() {
    let key = Tagged::parse(&sent(&sign()).session_key).expect("key").body;
    let private = toss_key().to_pkcs8_der().expect("der");
    let files = [("key.der", &private[..]), ("session", &key[..])];
    let command = ["pkeyutl", "-decrypt", "-inkey", "key.der", "-keyform", "DER", "-in", "session"];
    let padding =
        ["-pkeyopt", "rsa_padding_mode:oaep", "-pkeyopt", "rsa_oaep_md:sha1", "-pkeyopt", "rsa_mgf1_md:sha1"];
    let Some(text) = openssl(&files, &[&command[..], &padding].concat()) else { return };
    let text = String::from_utf8(text).expect("text");
    let parts: Vec<_> = text.split('$').collect();
    assert_eq!((text.len(), parts.len(), parts[0]), (69, 3, "AES_GCM"));
    assert_eq!(STANDARD.decode(parts[1]).expect("key"), random(1)[..32]);
    assert_eq!(STANDARD.decode(parts[2]).expect("iv"), random(1)[32..44]);
}

#[test]
fn links_come_with_app_scheme_and_only_with_it() {
    let app = Trigger::AppScheme { success_callback_url: None, fail_callback_url: None };
    let body = |scheme: &str| {
        json!({
            "txId": TX,
            "appScheme": format!("{scheme}://toss-cert/v2/sign/doc?txId={TX}"),
            "androidAppUri": format!("intent://toss-cert/v2/sign/doc?txId={TX}#Intent;scheme=supertoss;end"),
            "iosAppUri": "https://ul.toss.im?scheme=supertoss%3A%2F%2Ftoss-cert",
            "requestedDt": "2022-03-13T17:52:22+09:00"
        })
    };
    let requested = client().read_requested(&success(body("supertoss")), &app).expect("requested");
    assert_eq!((requested.tx_id.as_str(), requested.requested_at.unix_s()), (TX, 1_647_161_542));
    assert!(requested.links.expect("links").app_scheme.starts_with("supertoss://"));
    let pushed = json!({"txId": TX, "appScheme": null, "androidAppUri": null, "iosAppUri": null,
        "requestedDt": "2022-03-13T17:52:22+09:00"});
    assert_eq!(client().read_requested(&success(&pushed), &Trigger::Push).expect("requested").links, None);
    for (body, trigger) in [(body("javascript"), &app), (body("supertoss"), &Trigger::Push), (pushed, &app)] {
        let error = client().read_requested(&success(body), trigger).expect_err("refused");
        assert_eq!(error.kind(), ErrorKind::ResponseInvalid);
    }
}

#[test]
fn a_status_is_a_hint_that_keeps_what_it_does_not_know() {
    let read = |status: &str| {
        let body = json!({"txId": TX, "status": status, "requestedDt": "2022-02-20T20:22:22+09:00"});
        client().read_status(&success(body), &tx()).expect("status")
    };
    assert_eq!(read("REQUESTED"), StatusHint::Requested);
    assert_eq!(read("IN_PROGRESS"), StatusHint::InProgress);
    assert_eq!(read("COMPLETED"), StatusHint::Completed);
    assert_eq!(read("EXPIRED"), StatusHint::Expired);
    assert_eq!(read("PAUSED"), StatusHint::Other("PAUSED".into()));
    let other = json!({"txId": "other", "status": "COMPLETED", "requestedDt": "2022-02-20T20:22:22+09:00"});
    assert!(client().read_status(&success(other), &tx()).is_err());
}

#[test]
fn a_fail_is_read_whatever_the_http_status() {
    for status in [200, 400, 401, 500] {
        let body = serde_json::to_value(Envelope::<StatusSuccess>::fail("CE3102", "아직")).expect("json");
        let error = client().read_status(&answer(status, &body), &tx()).expect_err("refused");
        assert_eq!((error.kind(), error.status()), (ErrorKind::Refused, Some(status)));
        assert_eq!(FailCode::of(&error), Some(FailCode::NotCompleted));
        assert_eq!(error.refusal_description(), Some("아직"));
        assert!(!error.to_string().contains("아직"));
    }
    let bare = client().read_status(&Response { status: 401, body: b"<html>".to_vec() }, &tx());
    assert_eq!(FailCode::of(&bare.expect_err("refused")).map(|code| code.advice()), Some(Advice::RenewToken));
    for (status, body) in
        [(200, "{}"), (200, "[]"), (200, ""), (200, r#"{"resultType":"MAYBE","success":{}}"#)]
    {
        let error = client().read_status(&Response { status, body: body.into() }, &tx()).expect_err(body);
        assert_eq!(error.kind(), ErrorKind::ResponseInvalid, "{body}");
    }
    let success_of_500 = answer(500, &json!({"resultType": "SUCCESS", "success": {}}));
    assert_eq!(client().read_status(&success_of_500, &tx()).expect_err("refused").kind(), ErrorKind::Refused);
    let large = Response { status: 200, body: vec![b' '; MAX_RESPONSE_BYTES + 1] };
    assert_eq!(client().read_status(&large, &tx()).expect_err("large").kind(), ErrorKind::ResponseTooLarge);
}

#[test]
fn production_takes_the_published_key_and_hosts_only() {
    let new =
        |environment, id: &str| Client::new(environment, id, Zeroizing::new(String::new()), public_key());
    let error = new(Environment::Production, "live").expect_err("refused");
    assert_eq!(error.kind(), ErrorKind::KeyInvalid);
    assert!(new(Environment::Production, "test_1").is_err());
    assert!(new(Environment::Sandbox, "live").is_err());
    let local = Hosts::new("http://127.0.0.1:1/toss", "http://127.0.0.1:1/toss").expect("hosts");
    let stand_in = client().at(local.clone()).expect("client");
    let url = stand_in.status_request(&token(), &tx()).expect("request").url;
    assert_eq!(url.as_str(), "http://127.0.0.1:1/toss/api/v2/sign/doc/status");
    let production = Client { environment: Environment::Production, ..client() };
    assert_eq!(production.at(local).expect_err("refused").kind(), ErrorKind::UrlInvalid);
}

#[test]
fn the_vendors_samples_are_read() {
    let Some(page) = vendor_page() else { return };
    let lengths = [
        ("userName", 25),
        ("userPhone", 27),
        ("userBirthday", 24),
        ("userCi", 104),
        ("sessionKey", 512),
        ("ci", 104),
        ("di", 104),
        ("name", 25),
        ("birthday", 24),
        ("gender", 22),
        ("nationality", 21),
    ];
    for (name, bytes) in lengths {
        let values = members(&page, name);
        assert!(!values.is_empty(), "{name}");
        for value in values {
            assert_eq!(Tagged::parse(value).expect(name).body.len(), bytes, "{name}");
        }
    }
    for name in ["requestedDt", "completedDt"] {
        assert!(members(&page, name).iter().all(|time| Timestamp::parse(time).is_some()), "{name}");
    }
    let ids = members(&page, "txId");
    assert!(ids.len() >= 5 && ids.iter().all(|id| TxId::parse(id).is_some()));
}

proptest! {
    #[test]
    fn any_answer_is_read_without_panic(status in 100_u16..600, body in ".{0,120}") {
        let response = Response { status, body: body.into_bytes() };
        let _ = client().read_token(&response, 0);
        let _ = client().read_requested(&response, &Trigger::Push);
        let _ = client().read_status(&response, &tx());
    }
}
