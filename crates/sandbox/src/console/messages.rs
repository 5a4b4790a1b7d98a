//! GET /console/messages: text messages that were "sent", as JSON, the newest first. `to` narrows them to one phone.

use super::MAX_ENTRIES;
use crate::db;
use crate::error::{Error, no_store};
use crate::state::Sandbox;
use axum::Json;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use serde::Deserialize;

#[derive(Deserialize)]
pub(super) struct Asked {
    to: Option<String>,
}

pub(super) async fn messages(
    State(sandbox): State<Sandbox>,
    Query(asked): Query<Asked>,
) -> Result<Response, Error> {
    let messages = db::messages_to(&sandbox.db, asked.to.as_deref(), MAX_ENTRIES).await?;
    Ok((no_store(), Json(messages)).into_response())
}
