//! POST /api/v2/sign/user/auth/[id/]{request,status,result}: user authentication.
//!
//! In: who is asked, or nobody in particular. Out: a transaction like a signature's, over a statement of the vendor's own
//! in the place of a document. Rule: sessions, two reads, the hour and the clocks are those of signatures.

use super::call::{Caller, open_session, read, success};
use super::fail::Fail;
use super::request::{APP_SCHEME, DEFAULT_EXPIRE_S, PKCS7, PUSH, is_app_url, is_too_young, links, time};
use super::result::{personal, readable};
use super::status::{told, transaction};
use super::{person, signing, vendor};
use crate::db::toss::{self as db, Kind, NewTransaction, State as Stored, Transaction};
use crate::error::Error;
use crate::scenario::Scenario;
use crate::state::Sandbox;
use axum::Extension;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use idv_edge::toss::wire::{
    AuthRequestBody, AuthResultSuccess, PersonalFields, RequestSuccess, ResultBody, StatusBody,
};
use idv_edge::toss::{AuthKind, COMPLETED, Person, Session};
use serde_json::json;
use url::Url;

/// What the app says of the service, which names itself in no request of this kind.
const SERVICE_NAME: &str = "시험 서비스";
/// `partnerCode` of the statement, as in the vendor's sample.
const PARTNER_CODE: &str = "TEST1";
/// Parameter of `requestUrl` that names a scenario: these requests have no title.
const SCENARIO_PARAMETER: &str = "scenario";

/// What the person confirms, shown by the app.
pub(super) fn title(kind: AuthKind) -> &'static str {
    match kind {
        AuthKind::Identity => "본인확인",
        AuthKind::Simple => "간편인증",
    }
}

pub(super) async fn request(
    State(sandbox): State<Sandbox>,
    Extension(kind): Extension<AuthKind>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Fail> {
    let body: AuthRequestBody = read(&headers, body).await?;
    check(&body)?;
    let now_ms = sandbox.clock.now_ms();
    db::sweep(&sandbox.db, now_ms).await?;
    let person = match body.request_type.as_str() {
        "USER_NONE" => None,
        _ => {
            let key = body.session_key.clone().ok_or(Fail::Invalid("sessionKey is missing"))?;
            let session = open_session(&sandbox, &caller, key, now_ms).await?;
            Some(person_of(&body, &session)?)
        }
    };
    let scenario = body.request_url.as_deref().and_then(scenario_of);
    if scenario == Some(Scenario::TossUnavailable) {
        return Err(Fail::Unavailable("CE0001"));
    }
    let too_young = person.as_ref().is_some_and(|person| is_too_young(person, now_ms));
    if scenario == Some(Scenario::UnderAge) || too_young {
        return Err(Fail::Age);
    }
    let tx_id = vendor::uuid(&sandbox.random)?;
    let requested_dt = time(now_ms)?;
    let statement = json!({
        "txId": tx_id,
        "partnerCode": PARTNER_CODE,
        "serviceType": title(kind),
        "identifier": null,
        "userIdentifier": null,
        "requestTs": requested_dt,
    })
    .to_string();
    let expired = matches!(scenario, Some(Scenario::TossExpired | Scenario::Expire));
    let life_s = if expired { 0 } else { DEFAULT_EXPIRE_S };
    let trigger_type = body.trigger_type.as_deref().unwrap_or(APP_SCHEME);
    let new = NewTransaction {
        kind: Kind::Auth(kind),
        tx_id: &tx_id,
        client_id: &caller.client_id,
        by_ci: false,
        trigger_type,
        service_name: SERVICE_NAME,
        doc_title: title(kind),
        doc: &statement,
        doc_type: "TEXT",
        doc_encrypted: false,
        signature_type: PKCS7,
        success_callback: body.request_url.as_deref(),
        fail_callback: body.request_url.as_deref(),
        state: if scenario == Some(Scenario::Pending) { Stored::InProgress } else { Stored::Requested },
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
    // One touch is opened by the transaction alone.
    let has_links = body.trigger_type.as_deref() == Some(APP_SCHEME);
    let [app_scheme, android_app_uri, ios_app_uri] = match has_links {
        true => links("user", &tx_id).map(Some),
        false => [None, None, None],
    };
    Ok(success(RequestSuccess { tx_id, app_scheme, android_app_uri, ios_app_uri, requested_dt }))
}

pub(super) async fn status(
    State(sandbox): State<Sandbox>,
    Extension(kind): Extension<AuthKind>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Fail> {
    let body: StatusBody = read(&headers, body).await?;
    let now_ms = sandbox.clock.now_ms();
    let found = transaction(&sandbox, &caller, Kind::Auth(kind), &body.tx_id, now_ms).await?;
    Ok(success(told(found, now_ms)?))
}

pub(super) async fn result(
    State(sandbox): State<Sandbox>,
    Extension(kind): Extension<AuthKind>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Fail> {
    let body: ResultBody = read(&headers, body).await?;
    let now_ms = sandbox.clock.now_ms();
    let session = open_session(&sandbox, &caller, body.session_key, now_ms).await?;
    let found = transaction(&sandbox, &caller, Kind::Auth(kind), &body.tx_id, now_ms).await?;
    readable(&found, now_ms)?;
    let read = db::read(&sandbox.db, &found.tx_id).await?.ok_or(Fail::ReadTwice)?;
    Ok(success(sealed(read, &session)?))
}

/// The form of the request, before anything is opened.
fn check(body: &AuthRequestBody) -> Result<(), Fail> {
    if body.request_url.as_deref().is_some_and(|url| !is_app_url(url)) {
        return Err(Fail::Invalid("requestUrl must be an app's"));
    }
    let trigger = body.trigger_type.as_deref();
    match body.request_type.as_str() {
        "USER_NONE" if body.request_url.is_none() => Err(Fail::Invalid("requestUrl is missing")),
        "USER_NONE" => Ok(()),
        "USER_PERSONAL" => match trigger {
            Some(PUSH) => Ok(()),
            Some(APP_SCHEME) if body.request_url.is_none() => Err(Fail::Invalid("requestUrl is missing")),
            Some(APP_SCHEME) => Ok(()),
            _ => Err(Fail::Invalid("triggerType must be PUSH or APP_SCHEME")),
        },
        _ => Err(Fail::Invalid("requestType must be USER_PERSONAL or USER_NONE")),
    }
}

/// The person the request is about, of whom nothing is kept.
fn person_of(body: &AuthRequestBody, session: &Session) -> Result<Person, Fail> {
    let open = |name: &'static str, missing: &'static str, field: &Option<String>| {
        let field = field.as_deref().ok_or(Fail::Invalid(missing))?;
        session.open(field).map_err(|failure| Fail::Field(name, failure))
    };
    let name = open("userName", "userName is missing", &body.user_name)?;
    let phone = open("userPhone", "userPhone is missing", &body.user_phone)?;
    let birthday = open("userBirthday", "userBirthday is missing", &body.user_birthday)?;
    Person::personal(&name, &phone, &birthday)
        .map_err(|_| Fail::Invalid("userName, userPhone or userBirthday is of another form"))
}

fn scenario_of(request_url: &str) -> Option<Scenario> {
    let url = Url::parse(request_url).ok()?;
    let (_, name) = url.query_pairs().find(|(name, _)| name == SCENARIO_PARAMETER)?;
    Scenario::of(&format!("scenario:{name}"))
}

/// The result, encrypted with the session of this request.
fn sealed(read: Transaction, session: &Session) -> Result<AuthResultSuccess, Error> {
    let gone = || Error::Internal("a signature that may still be read is gone".to_owned());
    let age_group = session.seal(person::AGE_GROUP).map_err(vendor::of_edge)?;
    Ok(AuthResultSuccess {
        status: COMPLETED.to_owned(),
        user_identifier: None,
        user_ci_token: None,
        signature: STANDARD.encode(read.signed_doc.as_ref().ok_or_else(gone)?),
        random_value: None,
        completed_dt: time(read.completed_at_ms.ok_or_else(gone)?)?,
        requested_dt: time(read.requested_at_ms)?,
        personal_data: Some(PersonalFields { age_group: Some(age_group), ..personal(&read, session)? }),
        tx_id: read.tx_id,
    })
}
