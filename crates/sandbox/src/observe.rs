//! Every answer of this sandbox, seen by one observer: how tests hold the handlers against the OpenAPI document.
//!
//! In: a request and its answer. Out: the same answer. Rule: without an observer nothing is read or copied.

use crate::state::Sandbox;
use axum::body::{Body, to_bytes};
use axum::extract::{Request, State};
use axum::http::header;
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use std::fmt;
use std::sync::Arc;

/// Largest answer that is handed to an observer, in bytes: images and PDF files of the sandbox are smaller.
const MAX_OBSERVED_BYTES: usize = 64 * 1024 * 1024;

/// An answer as it was sent.
#[derive(Clone)]
pub struct Answer {
    /// Method of the request, lower case.
    pub method: String,
    /// Path of the request, without its query.
    pub path: String,
    /// HTTP status.
    pub status: u16,
    /// Content type without parameters; empty for none.
    pub content_type: String,
    /// Body.
    pub body: Vec<u8>,
}

impl fmt::Debug for Answer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {} -> {}", self.method, self.path, self.status)
    }
}

/// Someone who sees every answer.
#[derive(Clone)]
pub struct Observer(Arc<dyn Fn(Answer) + Send + Sync>);

impl Observer {
    /// An observer that hands each answer to `see`.
    pub fn new(see: impl Fn(Answer) + Send + Sync + 'static) -> Self {
        Self(Arc::new(see))
    }
}

impl fmt::Debug for Observer {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("Observer(..)")
    }
}

pub(crate) async fn layer(State(sandbox): State<Sandbox>, request: Request, next: Next) -> Response {
    let Some(observer) = &sandbox.observer else { return next.run(request).await };
    let method = request.method().as_str().to_ascii_lowercase();
    let path = request.uri().path().to_owned();
    let (parts, body) = next.run(request).await.into_parts();
    let Ok(body) = to_bytes(body, MAX_OBSERVED_BYTES).await else {
        return crate::Error::Internal("an answer could not be observed".to_owned()).into_response();
    };
    let content_type = parts.headers.get(header::CONTENT_TYPE).and_then(|value| value.to_str().ok());
    let content_type = content_type.unwrap_or_default().split(';').next().unwrap_or_default().trim();
    (observer.0)(Answer {
        method,
        path,
        status: parts.status.as_u16(),
        content_type: content_type.to_owned(),
        body: body.to_vec(),
    });
    Response::from_parts(parts, Body::from(body))
}
