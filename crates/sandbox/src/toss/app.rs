//! The stand-in of the Toss app: shows what is asked for, takes the person's decision, goes back.

use super::app_page::{self, Language};
use super::{APP_PATH, signing};
use crate::db::toss::{self as db, State as Stored, Transaction};
use crate::error::{Error, no_store};
use crate::form::Form;
use crate::page::{plain_document_headers, style_headers};
use crate::state::Sandbox;
use axum::body::{Body, to_bytes};
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use url::Url;

/// Largest body of a decision in bytes.
const MAX_BODY_BYTES: usize = 4 * 1024;

/// GET /toss/app: the page. Opening it is what REQUESTED becomes IN_PROGRESS by.
pub(super) async fn show(
    State(sandbox): State<Sandbox>,
    headers: HeaderMap,
    RawQuery(query): RawQuery,
) -> Result<Response, Error> {
    let query = Form::read(query.unwrap_or_default().as_bytes()).map_err(|_| malformed())?;
    let language = Language::of(query.get("lang"), headers.get(header::ACCEPT_LANGUAGE));
    let now_ms = sandbox.clock.now_ms();
    db::sweep(&sandbox.db, now_ms).await?;
    let found = match query.get("txId") {
        Some(tx_id) => db::find(&sandbox.db, tx_id).await?,
        None => None,
    };
    let Some(found) = found else {
        let page = app_page::unknown(language);
        return Ok((StatusCode::NOT_FOUND, plain_document_headers(&[]), page).into_response());
    };
    if found.is_open(now_ms) {
        db::show(&sandbox.db, &found.tx_id).await?;
    }
    let mut targets: Vec<String> = callbacks(&found).filter_map(form_target).collect();
    targets.dedup();
    let page = app_page::page(&found, language, now_ms, callback(&found, now_ms));
    Ok((plain_document_headers(&targets), page).into_response())
}

/// POST /toss/app/decide: signs or refuses, and goes back to the service's app, or to the page where the
/// request named none.
pub(super) async fn decide(
    State(sandbox): State<Sandbox>,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Error> {
    let body = to_bytes(body, MAX_BODY_BYTES).await.map_err(|_| malformed())?;
    let form = Form::read(&body).map_err(|_| malformed())?;
    let tx_id = form.get("txId").ok_or_else(malformed)?;
    let decided = match form.get("decision") {
        Some("sign") => signing::sign(&sandbox, tx_id).await?,
        Some("refuse") => signing::refuse(&sandbox, tx_id).await?,
        _ => return Err(malformed()),
    };
    let language = Language::of(form.get("lang"), headers.get(header::ACCEPT_LANGUAGE));
    let now_ms = sandbox.clock.now_ms();
    let found = db::find(&sandbox.db, tx_id)
        .await?
        .ok_or(Error::Page(StatusCode::NOT_FOUND, "There is no such request."))?;
    if !decided {
        let page = app_page::page(&found, language, now_ms, callback(&found, now_ms));
        return Ok((StatusCode::CONFLICT, plain_document_headers(&[]), page).into_response());
    }
    let here = format!("{APP_PATH}?txId={tx_id}&lang={}", language.tag());
    let location = callback(&found, now_ms).unwrap_or(&here);
    let location = HeaderValue::from_str(location).map_err(|error| Error::internal("callback", error))?;
    Ok((StatusCode::SEE_OTHER, no_store(), [(header::LOCATION, location)]).into_response())
}

/// GET /toss/app/style.css.
pub(super) async fn style() -> Response {
    (style_headers(), app_page::STYLE).into_response()
}

/// Where the app goes back to from the state at `now_ms`.
fn callback(found: &Transaction, now_ms: u64) -> Option<&str> {
    match found.state {
        Stored::Completed => found.success_callback.as_deref(),
        _ if found.is_over(now_ms) => found.fail_callback.as_deref(),
        _ => None,
    }
}

fn callbacks(found: &Transaction) -> impl Iterator<Item = &str> {
    found.success_callback.iter().chain(&found.fail_callback).map(String::as_str)
}

/// What a policy must allow so that a form's answer may lead to `url`.
fn form_target(url: &str) -> Option<String> {
    let url = Url::parse(url).ok()?;
    Some(match url.scheme() {
        "https" => url.origin().ascii_serialization(),
        scheme => format!("{scheme}:"),
    })
}

fn malformed() -> Error {
    Error::Page(StatusCode::BAD_REQUEST, "The request is malformed.")
}
