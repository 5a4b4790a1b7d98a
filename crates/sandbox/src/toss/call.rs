//! What every call of the API brings: an access token, and JSON in a limited body.

use super::fail::Fail;
use crate::db::toss as db;
use crate::error::no_store;
use crate::state::Sandbox;
use axum::Json;
use axum::body::{Body, to_bytes};
use axum::extract::FromRequestParts;
use axum::http::request::Parts;
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use idv_edge::toss::wire::Envelope;
use idv_edge::toss::{FieldFailure, Session};
use serde::Serialize;
use serde::de::DeserializeOwned;

/// Largest body in bytes: a document far over the recommended 2,000 characters, encrypted, and the rest.
/// Twice this still fits into an answer that clients read.
const MAX_BODY_BYTES: usize = 256 * 1024;

/// The client whose access token came with the request.
#[derive(Debug)]
pub(super) struct Caller {
    pub(super) client_id: String,
}

impl FromRequestParts<Sandbox> for Caller {
    type Rejection = Fail;

    async fn from_request_parts(parts: &mut Parts, sandbox: &Sandbox) -> Result<Self, Fail> {
        let value = parts.headers.get(header::AUTHORIZATION).and_then(|value| value.to_str().ok());
        let token = value
            .and_then(|value| value.split_once(' '))
            .filter(|(scheme, _)| scheme.eq_ignore_ascii_case("bearer"))
            .map(|(_, token)| token.trim().to_owned())
            .ok_or(Fail::Token)?;
        let client_id = sandbox.toss.client_of_token(token, sandbox.clock.now_ms() / 1000).await?;
        Ok(Self { client_id: client_id.ok_or(Fail::Token)? })
    }
}

/// The body as JSON.
pub(super) async fn read<T: DeserializeOwned>(headers: &HeaderMap, body: Body) -> Result<T, Fail> {
    let sent = headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok()).unwrap_or_default();
    if !sent.split(';').next().unwrap_or_default().trim().eq_ignore_ascii_case("application/json") {
        return Err(Fail::Invalid("the body must be application/json"));
    }
    let body = to_bytes(body, MAX_BODY_BYTES).await.map_err(|_| Fail::TooLarge)?;
    serde_json::from_slice(&body).map_err(|_| Fail::Invalid("the body is no JSON of this call"))
}

/// Opens the session of `session_key`, which is used up by this: no later request may carry its id.
pub(super) async fn open_session(
    sandbox: &Sandbox,
    caller: &Caller,
    session_key: String,
    now_ms: u64,
) -> Result<Session, Fail> {
    let opened: Result<Session, FieldFailure> = sandbox.toss.open_session(session_key).await?;
    let session = opened.map_err(|failure| Fail::Field("sessionKey", failure))?;
    if !db::use_session(&sandbox.db, &caller.client_id, session.id(), now_ms).await? {
        return Err(Fail::SessionUsed);
    }
    Ok(session)
}

/// The answer to a call that succeeded.
pub(super) fn success(body: impl Serialize) -> Response {
    (no_store(), Json(Envelope::success(body))).into_response()
}
