//! Argos KYC v2 under `/argos/v2`.

use crate::state::Sandbox;
use axum::Router;

/// The routes of this section.
pub fn router() -> Router<Sandbox> {
    Router::new()
}
