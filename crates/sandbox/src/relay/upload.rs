//! Bodies within their limits, and connections that break on purpose.

use crate::error::Error;
use crate::events::Event;
use crate::serve::Connection;
use crate::state::Sandbox;
use axum::body::{Body, Bytes};
use axum::http::{HeaderMap, header};
use http_body_util::{BodyExt, Limited};
use idv_edge::relay::wire::problem;
use idv_edge::relay::wire::{Route, body_too_large};
use idv_protocol::Code;
use std::time::Duration;

/// Longest time a body may take: the page's own limit for the largest capture, and some for the answer.
const BODY_TIMEOUT: Duration = Duration::from_secs(75);

/// The whole body of `route`. Over the limit it is refused by its declared length, and by what really comes
/// where none is declared.
pub(super) async fn read(
    sandbox: &Sandbox,
    route: Route,
    headers: &HeaderMap,
    body: Body,
    connection: Option<&Connection>,
) -> Result<Vec<u8>, Error> {
    let limit = route.max_body_bytes();
    let declared: Option<usize> =
        headers.get(header::CONTENT_LENGTH).and_then(|value| value.to_str().ok()?.parse().ok());
    if declared.is_some_and(|length| length > limit) {
        return Err(body_too_large(route).into());
    }
    if let (Route::Capture { kind, .. }, Some(connection)) = (route, connection)
        && sandbox.faults.take_drop(kind)
    {
        return Err(drop_in_mid_body(sandbox, body, declared.unwrap_or(limit), connection).await);
    }
    let slow = |_| Err(problem(Code::InvalidRequest, "The body came too slowly. Send it again.").into());
    tokio::time::timeout(BODY_TIMEOUT, collect(route, limit, body)).await.unwrap_or_else(slow)
}

async fn collect(route: Route, limit: usize, body: Body) -> Result<Vec<u8>, Error> {
    let mut body = Limited::new(body, limit);
    let mut bytes = Vec::new();
    while let Some(frame) = body.frame().await {
        let frame = frame.map_err(|error| {
            if error.is::<http_body_util::LengthLimitError>() {
                Error::Problem(body_too_large(route))
            } else {
                Error::Problem(problem(Code::InvalidRequest, "The body broke off. Send it again."))
            }
        })?;
        bytes.extend_from_slice(frame.data_ref().unwrap_or(&Bytes::new()));
    }
    Ok(bytes)
}

/// Takes in about half of the body, then cuts the connection. Whatever is answered never arrives.
async fn drop_in_mid_body(
    sandbox: &Sandbox,
    mut body: Body,
    length: usize,
    connection: &Connection,
) -> Error {
    let mut taken = 0;
    while taken < length / 2 {
        match body.frame().await {
            Some(Ok(frame)) => taken += frame.data_ref().map_or(0, Bytes::len),
            Some(Err(_)) | None => break,
        }
    }
    sandbox.emit(Event::FaultInjected { fault: "drop-capture" });
    connection.cut();
    Error::Internal("the connection was cut on purpose".to_owned())
}
