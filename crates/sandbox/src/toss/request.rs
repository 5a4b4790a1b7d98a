//! POST /api/v2/sign/doc/request: starts a signature.

use super::call::{Caller, open_session, read, success};
use super::fail::Fail;
use super::{signing, vendor};
use crate::db::toss::{self as db, Kind, NewTransaction, State as Stored};
use crate::error::Error;
use crate::scenario::Scenario;
use crate::state::Sandbox;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use idv_edge::toss::wire::{RequestBody, RequestSuccess};
use idv_edge::toss::{MAX_EXPIRE_S, MAX_SERVICE_NAME_CHARS, Person, Session, Timestamp};
use url::Url;
use zeroize::Zeroizing;

/// Time to sign where the request names none, in seconds: the longest.
pub const DEFAULT_EXPIRE_S: u32 = MAX_EXPIRE_S;
/// Youngest age that may sign, in years: Toss gives certificates from 14 on. Ours as a rule of CE3006.
pub const MIN_AGE_YEARS: u64 = 14;
/// Schemes that no app has.
const NO_APP_SCHEMES: [&str; 4] = ["javascript", "data", "file", "blob"];

pub(super) const PUSH: &str = "PUSH";
pub(super) const APP_SCHEME: &str = "APP_SCHEME";
pub(super) const PKCS7: &str = "PKCS7";
pub(super) const NO_CONTENT: &str = "PKCS7_NO_CONTENT_WITH_ATTR";

pub(super) async fn request(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Fail> {
    let body: RequestBody = read(&headers, body).await?;
    check(&body)?;
    let now_ms = sandbox.clock.now_ms();
    db::sweep(&sandbox.db, now_ms).await?;
    let session = open_session(&sandbox, &caller, body.session_key.clone(), now_ms).await?;
    let scenario = Scenario::of(&body.doc_title);
    if scenario == Some(Scenario::TossUnavailable) && !is_later(&body.doc_title) {
        return Err(Fail::Unavailable("CE0001"));
    }
    let person = person(&body, &session)?;
    if scenario == Some(Scenario::UnderAge) || is_too_young(&person, now_ms) {
        return Err(Fail::Age);
    }
    let doc = match body.doc_encrypted {
        true => session.open(&body.doc).map_err(|failure| Fail::Field("doc", failure))?,
        false => Zeroizing::new(body.doc.clone()),
    };
    let signature_type = body.signature_type.as_deref().unwrap_or(PKCS7);
    check_document(&doc, &body.doc_type, signature_type)?;

    let tx_id = vendor::uuid(&sandbox.random)?;
    let is_app_scheme = body.trigger_type == APP_SCHEME;
    let (state, life_s) = match scenario {
        Some(Scenario::TossExpired | Scenario::Expire) => (Stored::Requested, 0),
        Some(Scenario::Pending) => (Stored::InProgress, body.expire_seconds.unwrap_or(DEFAULT_EXPIRE_S)),
        _ => (Stored::Requested, body.expire_seconds.unwrap_or(DEFAULT_EXPIRE_S)),
    };
    let callback = |url: &Option<String>| url.clone().filter(|_| is_app_scheme);
    let (success_callback, fail_callback) =
        (callback(&body.success_callback_url), callback(&body.fail_callback_url));
    let new = NewTransaction {
        kind: Kind::Doc,
        tx_id: &tx_id,
        client_id: &caller.client_id,
        by_ci: matches!(person, Person::Ci(_)),
        trigger_type: &body.trigger_type,
        service_name: &body.service_name,
        doc_title: &body.doc_title,
        doc: &doc,
        doc_type: &body.doc_type,
        doc_encrypted: body.doc_encrypted,
        signature_type,
        success_callback: success_callback.as_deref(),
        fail_callback: fail_callback.as_deref(),
        state,
        requested_at_ms: now_ms,
        expires_at_ms: now_ms.saturating_add(u64::from(life_s) * 1000),
    };
    db::insert(&sandbox.db, &new).await?;
    match scenario {
        Some(Scenario::Approve) => {
            signing::sign(&sandbox, &tx_id).await?;
        }
        Some(Scenario::TossRefused | Scenario::Reject) => {
            signing::refuse(&sandbox, &tx_id).await?;
        }
        _ => {}
    }
    let [app_scheme, android_app_uri, ios_app_uri] = match is_app_scheme {
        true => links("doc", &tx_id).map(Some),
        false => [None, None, None],
    };
    Ok(success(RequestSuccess {
        tx_id,
        app_scheme,
        android_app_uri,
        ios_app_uri,
        requested_dt: time(now_ms)?,
    }))
}

/// `at_ms` (ms since 1970) as Toss writes it.
pub(super) fn time(at_ms: u64) -> Result<String, Error> {
    Timestamp::from_unix_s(at_ms / 1000)
        .map(|time| time.as_str().to_owned())
        .ok_or_else(|| Error::Internal("a time after the year 9999".to_owned()))
}

/// Whether an outage begins with the result only: `scenario:toss-unavailable:result`.
pub(super) fn is_later(doc_title: &str) -> bool {
    doc_title.split(':').nth(2) == Some("result")
}

/// The links that open the app for a transaction of `what`: by scheme, as an Android intent, as an iOS universal link.
pub(super) fn links(what: &str, tx_id: &str) -> [String; 3] {
    let target = format!("toss-cert/v2/sign/{what}?txId={tx_id}&_minVerAos=5.36.0&_minVerIos=5.10.0");
    let app_scheme = format!("supertoss://{target}");
    let encoded: String = url::form_urlencoded::byte_serialize(app_scheme.as_bytes()).collect();
    let android = format!("intent://{target}#Intent;scheme=supertoss;package=viva.republica.toss;end");
    [app_scheme, android, format!("https://ul.toss.im?scheme={encoded}")]
}

/// The form of the request, before anything is opened.
fn check(body: &RequestBody) -> Result<(), Fail> {
    if ![PUSH, APP_SCHEME].contains(&body.trigger_type.as_str()) {
        return Err(Fail::Invalid("triggerType must be PUSH or APP_SCHEME"));
    }
    let name = &body.service_name;
    if name.trim().is_empty() || name.chars().count() > MAX_SERVICE_NAME_CHARS {
        return Err(Fail::Invalid("serviceName must have 1 to 50 characters"));
    }
    if body.doc_title.trim().is_empty() {
        return Err(Fail::Invalid("docTitle is missing"));
    }
    if body.doc.trim().is_empty() {
        return Err(Fail::Invalid("doc is missing"));
    }
    if !["TEXT", "HTML", "PDF"].contains(&body.doc_type.as_str()) {
        return Err(Fail::Invalid("docType must be TEXT, HTML or PDF"));
    }
    if body.signature_type.as_deref().is_some_and(|one| ![PKCS7, NO_CONTENT].contains(&one)) {
        return Err(Fail::Invalid("signatureType must be PKCS7 or PKCS7_NO_CONTENT_WITH_ATTR"));
    }
    if body.expire_seconds.is_some_and(|seconds| !(1..=MAX_EXPIRE_S).contains(&seconds)) {
        return Err(Fail::Invalid("expireSeconds must be 1 to 1800"));
    }
    let callbacks = body.success_callback_url.iter().chain(&body.fail_callback_url);
    if body.trigger_type == APP_SCHEME && !callbacks.into_iter().all(|url| is_app_url(url)) {
        return Err(Fail::Invalid("a callback URL must be an app's"));
    }
    if body.session_key.is_empty() {
        return Err(Fail::Invalid("sessionKey is missing"));
    }
    Ok(())
}

/// Whether `text` can lead back to an app: its own scheme, or `https:`.
pub(super) fn is_app_url(text: &str) -> bool {
    let printable = text.bytes().all(|byte| byte.is_ascii_graphic());
    printable
        && Url::parse(text).is_ok_and(|url| !NO_APP_SCHEMES.contains(&url.scheme()) && url.scheme() != "http")
}

/// The person the request is about, of whom nothing is kept.
fn person(body: &RequestBody, session: &Session) -> Result<Person, Fail> {
    let open = |name: &'static str, missing: &'static str, field: &Option<String>| {
        let field = field.as_deref().ok_or(Fail::Invalid(missing))?;
        session.open(field).map_err(|failure| Fail::Field(name, failure))
    };
    match body.request_type.as_str() {
        "USER_PERSONAL" => {
            let name = open("userName", "userName is missing", &body.user_name)?;
            let phone = open("userPhone", "userPhone is missing", &body.user_phone)?;
            let birthday = open("userBirthday", "userBirthday is missing", &body.user_birthday)?;
            Person::personal(&name, &phone, &birthday)
                .map_err(|_| Fail::Invalid("userName, userPhone or userBirthday is of another form"))
        }
        "USER_CI" => {
            let ci = open("userCi", "userCi is missing", &body.user_ci)?;
            Person::ci(&ci).map_err(|_| Fail::Invalid("userCi is not 88 characters"))
        }
        _ => Err(Fail::Invalid("requestType must be USER_PERSONAL or USER_CI")),
    }
}

/// Whether the person is under [`MIN_AGE_YEARS`] in Korea at `now_ms`.
pub(super) fn is_too_young(person: &Person, now_ms: u64) -> bool {
    let Person::Personal { birthday, .. } = person else { return false };
    let today = Timestamp::from_unix_s(now_ms / 1000)
        .and_then(|time| time.as_str().get(..10).map(|date| date.replace('-', "")));
    let number = |text: &str| text.parse::<u64>().unwrap_or_default();
    number(&today.unwrap_or_default()) < number(birthday) + MIN_AGE_YEARS * 10_000
}

/// A document that is signed by its hash is the base64 of a SHA-256.
fn check_document(doc: &str, doc_type: &str, signature_type: &str) -> Result<(), Fail> {
    let is_hash = doc_type == "PDF" || signature_type == NO_CONTENT;
    if is_hash && sha256_of(doc).is_none() {
        return Err(Fail::Invalid("doc must be the base64 of a SHA-256: 32 bytes"));
    }
    Ok(())
}

/// The SHA-256 that `doc` is the base64 of.
pub(super) fn sha256_of(doc: &str) -> Option<[u8; 32]> {
    STANDARD.decode(doc).ok()?.try_into().ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn links_are_those_of_the_vendors_sample() {
        assert_eq!(
            links("doc", "e9af318d-2151-4b67-9818-def01983a623"),
            [
                "supertoss://toss-cert/v2/sign/doc?txId=e9af318d-2151-4b67-9818-def01983a623\
                 &_minVerAos=5.36.0&_minVerIos=5.10.0",
                "intent://toss-cert/v2/sign/doc?txId=e9af318d-2151-4b67-9818-def01983a623\
                 &_minVerAos=5.36.0&_minVerIos=5.10.0\
                 #Intent;scheme=supertoss;package=viva.republica.toss;end",
                "https://ul.toss.im?scheme=supertoss%3A%2F%2Ftoss-cert%2Fv2%2Fsign%2Fdoc%3F\
                 txId%3De9af318d-2151-4b67-9818-def01983a623%26_minVerAos%3D5.36.0%26_minVerIos%3D5.10.0",
            ]
        );
    }

    #[test]
    fn the_age_counts_from_the_birthday_in_korea() {
        let person = Person::personal("김토스", "01000000000", "20120301").expect("person");
        // 2026-03-01T00:00:00+09:00
        let birthday_ms = 1_772_290_800_000;
        assert!(is_too_young(&person, birthday_ms - 1));
        assert!(!is_too_young(&person, birthday_ms));
        assert!(!is_too_young(&Person::ci(&"A".repeat(88)).expect("CI"), 0));
    }

    #[test]
    fn callbacks_lead_to_apps() {
        for good in ["shop://done", "shop:done?a=b", "https://shop.example/done"] {
            assert!(is_app_url(good), "{good}");
        }
        for bad in
            ["javascript:alert(1)", "data:text/html,x", "http://shop.example", "done", "", "shop://a\nb"]
        {
            assert!(!is_app_url(bad), "{bad}");
        }
    }
}
