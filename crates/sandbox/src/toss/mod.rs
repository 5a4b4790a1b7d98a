//! The Toss certificate under `/toss`.

use crate::state::Sandbox;
use axum::Router;

/// The routes of this section.
pub fn router() -> Router<Sandbox> {
    Router::new()
}
