//! What the operator sees.

use crate::db;
use crate::error::{Error, no_store};
use crate::state::Sandbox;
use axum::extract::{Query, State};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use axum::{Json, Router};
use serde::Deserialize;

/// Messages in one answer.
const MAX_MESSAGES: u32 = 50;

#[derive(Deserialize)]
struct Asked {
    to: Option<String>,
}

/// The routes of this section.
pub fn router() -> Router<Sandbox> {
    Router::new().route("/console/messages", get(messages))
}

/// Text messages that were "sent", the newest first.
async fn messages(State(sandbox): State<Sandbox>, Query(asked): Query<Asked>) -> Result<Response, Error> {
    let messages = db::messages_to(&sandbox.db, asked.to.as_deref(), MAX_MESSAGES).await?;
    Ok((no_store(), Json(messages)).into_response())
}
