//! The operator as a client of its vendors: what it asks them, and what it hears from them.

mod argos;
mod countries;
mod forgetting;
mod webhook;

pub use argos::ArgosFinding;
pub(crate) use argos::{Opinion, ask};
pub(crate) use forgetting::forget;

use crate::argos::OPERATOR_WEBHOOK_PATH;
use crate::db;
use crate::error::Error;
use crate::scenario::Scenario;
use crate::state::Sandbox;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::post;
use idv_edge::argos::MAX_WEBHOOK_BYTES;
use idv_edge::relay::Session;

/// The routes of this section.
pub fn router() -> Router<Sandbox> {
    // One byte more than is read, so that the reader says what is too much.
    let limit = DefaultBodyLimit::max(MAX_WEBHOOK_BYTES + 1);
    Router::new().route(OPERATOR_WEBHOOK_PATH, post(webhook::argos).layer(limit))
}

/// The customer's user id, where it names a scenario.
pub(crate) async fn directed(sandbox: &Sandbox, session: &Session) -> Result<Option<String>, Error> {
    let user_id = db::user_id_of(&sandbox.db, &session.submission_id).await?;
    Ok(user_id.filter(|user_id| Scenario::of(user_id).is_some()))
}
