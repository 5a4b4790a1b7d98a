//! POST /api/v2/sign/doc/result: the signature and the person's data, twice within an hour.

use super::call::{Caller, open_session, read, success};
use super::fail::Fail;
use super::request::{is_later, time};
use super::status::transaction;
use super::{person, vendor};
use crate::db::toss::{self as db, Kind, State as Stored, Transaction};
use crate::error::Error;
use crate::scenario::Scenario;
use crate::state::Sandbox;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use idv_edge::toss::wire::{PersonalFields, ResultBody, ResultSuccess};
use idv_edge::toss::{COMPLETED, MAX_READS, Session};

pub(super) async fn result(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Fail> {
    let body: ResultBody = read(&headers, body).await?;
    let now_ms = sandbox.clock.now_ms();
    let session = open_session(&sandbox, &caller, body.session_key, now_ms).await?;
    let found = transaction(&sandbox, &caller, Kind::Doc, &body.tx_id, now_ms).await?;
    if Scenario::of(&found.doc_title) == Some(Scenario::TossUnavailable) && is_later(&found.doc_title) {
        return Err(Fail::Unavailable("CE0002"));
    }
    readable(&found, now_ms)?;
    let read = db::read(&sandbox.db, &found.tx_id).await?.ok_or(Fail::ReadTwice)?;
    Ok(success(sealed(read, &session)?))
}

/// Whether a result may be read now.
pub(super) fn readable(found: &Transaction, now_ms: u64) -> Result<(), Fail> {
    if found.reads >= u64::from(MAX_READS) {
        return Err(Fail::ReadTwice);
    }
    if found.is_over(now_ms) || found.is_past_reading(now_ms) {
        return Err(Fail::Expired);
    }
    if found.state != Stored::Completed {
        return Err(Fail::NotCompleted);
    }
    Ok(())
}

/// The person, encrypted with the session of this request.
pub(super) fn personal(read: &Transaction, session: &Session) -> Result<PersonalFields, Error> {
    let seal = |text: &str| session.seal(text).map(Some).map_err(vendor::of_edge);
    // A request by CI gets neither CI nor DI back.
    let unless_by_ci = |text: String| if read.by_ci { Ok(None) } else { seal(&text) };
    Ok(PersonalFields {
        ci: unless_by_ci(person::ci())?,
        name: seal(person::NAME)?,
        birthday: seal(person::BIRTHDAY)?,
        gender: seal(person::GENDER)?,
        nationality: seal(person::NATIONALITY)?,
        ci2: None,
        di: unless_by_ci(person::di())?,
        ci_update: None,
        age_group: None,
    })
}

/// The result, encrypted with the session of this request.
fn sealed(read: Transaction, session: &Session) -> Result<ResultSuccess, Error> {
    let gone = || Error::Internal("a signature that may still be read is gone".to_owned());
    let personal_data = Some(personal(&read, session)?);
    let doc = read.doc.ok_or_else(gone)?;
    Ok(ResultSuccess {
        status: COMPLETED.to_owned(),
        doc: Some(if read.doc_encrypted { session.seal(&doc).map_err(vendor::of_edge)? } else { doc }),
        signed_doc: STANDARD.encode(read.signed_doc.ok_or_else(gone)?),
        signature_type: read.signature_type,
        doc_encrypted: read.doc_encrypted,
        random_value: None,
        user_ci_token: None,
        completed_dt: time(read.completed_at_ms.ok_or_else(gone)?)?,
        requested_dt: time(read.requested_at_ms)?,
        personal_data,
        tx_id: read.tx_id,
    })
}
