//! The operator as a client of its vendors: what it asks them, and what it hears from them.

mod argos;
mod countries;
mod forgetting;
mod webhook;

pub use argos::ArgosFinding;
pub(crate) use argos::{Opinion, ask};
pub(crate) use forgetting::forget;

use crate::argos::OPERATOR_WEBHOOK_PATH;
use crate::state::Sandbox;
use axum::Router;
use axum::extract::DefaultBodyLimit;
use axum::routing::post;
use idv_edge::argos::MAX_WEBHOOK_BYTES;

/// The routes of this section.
pub fn router() -> Router<Sandbox> {
    // One byte more than is read, so that the reader says what is too much.
    let limit = DefaultBodyLimit::max(MAX_WEBHOOK_BYTES + 1);
    Router::new().route(OPERATOR_WEBHOOK_PATH, post(webhook::argos).layer(limit))
}
