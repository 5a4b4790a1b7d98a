//! POST /api/v2/sign/doc/status: where a signature stands. It completes nothing.

use super::call::{Caller, read, success};
use super::fail::Fail;
use super::request::time;
use crate::db::toss::{self as db, Kind, State as Stored, Transaction};
use crate::error::Error;
use crate::state::Sandbox;
use axum::body::Body;
use axum::extract::State;
use axum::http::HeaderMap;
use axum::response::Response;
use idv_edge::toss::wire::{StatusBody, StatusSuccess};

pub(super) async fn status(
    State(sandbox): State<Sandbox>,
    caller: Caller,
    headers: HeaderMap,
    body: Body,
) -> Result<Response, Fail> {
    let body: StatusBody = read(&headers, body).await?;
    let now_ms = sandbox.clock.now_ms();
    let found = transaction(&sandbox, &caller, Kind::Doc, &body.tx_id, now_ms).await?;
    Ok(success(told(found, now_ms)?))
}

/// What a status says of a transaction.
pub(super) fn told(found: Transaction, now_ms: u64) -> Result<StatusSuccess, Error> {
    Ok(StatusSuccess {
        status: word(&found, now_ms).to_owned(),
        requested_dt: time(found.requested_at_ms)?,
        tx_id: found.tx_id,
    })
}

/// The caller's transaction of this kind.
pub(super) async fn transaction(
    sandbox: &Sandbox,
    caller: &Caller,
    kind: Kind,
    tx_id: &str,
    now_ms: u64,
) -> Result<Transaction, Fail> {
    db::sweep(&sandbox.db, now_ms).await?;
    let found = db::find(&sandbox.db, tx_id).await?;
    found.filter(|one| one.client_id == caller.client_id && one.kind == kind).ok_or(Fail::Unknown)
}

/// Toss's word. A refused signature can no longer be signed, which is what EXPIRED says: there is no other.
pub(super) fn word(transaction: &Transaction, now_ms: u64) -> &'static str {
    match transaction.state {
        Stored::Completed => "COMPLETED",
        _ if transaction.is_over(now_ms) => "EXPIRED",
        Stored::InProgress => "IN_PROGRESS",
        Stored::Requested | Stored::Refused => "REQUESTED",
    }
}
