//! Who may call: the key in `x-api-key`.

use super::refusal::{Refused, message};
use crate::state::Sandbox;
use axum::extract::{Request, State};
use axum::http::{Method, StatusCode};
use axum::middleware::Next;
use axum::response::Response;

/// Lets a request through whose key is the project's; 403 else. Where the vendor has a sentence of its own for a
/// key that is wrong, step1 and step2, it is used.
pub(super) async fn require_key(
    State(sandbox): State<Sandbox>,
    request: Request,
    next: Next,
) -> Result<Response, Refused> {
    let Some(key) = request.headers().get("x-api-key").and_then(|value| value.to_str().ok()) else {
        return Err(Refused::forbidden(message::FORBIDDEN));
    };
    if sandbox.argos.opens(key) {
        return Ok(next.run(request).await);
    }
    let posts = *request.method() == Method::POST;
    let path = request.uri().path();
    Err(Refused::forbidden(match posts {
        true if path.ends_with("/submission/step1") => message::PROJECT_UNKNOWN,
        true if path.ends_with("/submission/step2") => message::API_KEY_INVALID,
        _ => message::FORBIDDEN,
    }))
}

/// There is no such endpoint.
pub(super) async fn unknown() -> Refused {
    Refused::new(StatusCode::NOT_FOUND, message::NO_ENDPOINT)
}
