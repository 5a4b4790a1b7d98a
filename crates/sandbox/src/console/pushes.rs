//! Signatures that wait for the person, as JSON: where a push would have come in.

use super::MAX_ENTRIES;
use crate::db::toss;
use crate::error::{Error, no_store};
use crate::state::Sandbox;
use crate::toss::APP_PATH;
use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse, Response};
use serde::Serialize;

/// A signature that waits.
#[derive(Serialize)]
struct Push {
    tx_id: String,
    service_name: String,
    doc_title: String,
    /// Path of the page where the person signs.
    app: String,
    requested_at_ms: u64,
}

/// The newest first.
pub(super) async fn pushes(State(sandbox): State<Sandbox>) -> Result<Response, Error> {
    let now_ms = sandbox.clock.now_ms();
    let pushes: Vec<Push> = toss::latest(&sandbox.db, MAX_ENTRIES)
        .await?
        .into_iter()
        .filter(|one| one.is_open(now_ms))
        .map(|one| Push {
            app: app_path(&one.tx_id),
            tx_id: one.tx_id,
            service_name: one.service_name,
            doc_title: one.doc_title,
            requested_at_ms: one.requested_at_ms,
        })
        .collect();
    Ok((no_store(), Json(pushes)).into_response())
}

/// Where a transaction is signed.
pub(super) fn app_path(tx_id: &str) -> String {
    format!("{APP_PATH}?txId={tx_id}")
}
