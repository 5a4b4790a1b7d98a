//! The one error of the handlers: what is answered when something cannot be.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse, Response};
use axum::{Json, http::HeaderMap};
use idv_edge::relay::wire;
use idv_protocol::{Code, Problem};
use serde_json::json;
use std::fmt;

/// An answer that is no success. Internals are logged and never sent.
#[derive(Debug)]
#[non_exhaustive]
pub enum Error {
    /// TomoIDV's endpoints: RFC 6749 5.2 JSON with this status.
    OAuth {
        /// HTTP status.
        status: StatusCode,
        /// `error`.
        error: &'static str,
        /// `error_description`.
        description: String,
    },
    /// A protected resource without a good access token: RFC 6750 3.
    Bearer {
        /// HTTP status: 401, or 403 when the scope is too small.
        status: StatusCode,
        /// `error` of the challenge; absent where no token was sent at all.
        error: Option<&'static str>,
    },
    /// The relay: RFC 9457.
    Problem(Problem),
    /// The relay: too many requests.
    RateLimited {
        /// `Retry-After`, in seconds.
        retry_after_s: u64,
    },
    /// A page that cannot be shown.
    Page(StatusCode, &'static str),
    /// Our own fault.
    Internal(String),
}

impl Error {
    /// 400 with `error`, of a TomoIDV endpoint.
    pub fn bad_request(error: &'static str, description: impl Into<String>) -> Self {
        Self::OAuth { status: StatusCode::BAD_REQUEST, error, description: description.into() }
    }

    /// Our own fault: `what` failed. For the log.
    pub fn internal(what: &str, error: impl std::fmt::Display) -> Self {
        Self::Internal(format!("{what}: {error}"))
    }

    /// The relay's answer.
    pub fn into_relay_response(self) -> Response {
        let retry_after_s = match &self {
            Self::RateLimited { retry_after_s } => Some(*retry_after_s),
            _ => None,
        };
        let mut response = Self::Problem(self.into_problem()).into_response();
        if let Some(seconds) = retry_after_s {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }

    /// The same error as the relay tells it.
    pub fn into_problem(self) -> Problem {
        match self {
            Self::Problem(problem) => problem,
            Self::Internal(cause) => {
                tracing::error!(%cause, "internal error");
                wire::problem(Code::Internal, "The fault is ours. Try again.")
            }
            Self::RateLimited { .. } => wire::rate_limited(),
            Self::OAuth { .. } | Self::Bearer { .. } | Self::Page(..) => {
                wire::problem(Code::InvalidRequest, "The request is malformed.")
            }
        }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::OAuth { error, description, .. } => write!(f, "{error}: {description}"),
            Self::Bearer { status, .. } => write!(f, "no good access token: {status}"),
            Self::Problem(problem) => f.write_str(&problem.detail),
            Self::Page(_, text) => f.write_str(text),
            Self::RateLimited { .. } => f.write_str("too many requests"),
            Self::Internal(cause) => f.write_str(cause),
        }
    }
}

impl std::error::Error for Error {}

impl From<sqlx::Error> for Error {
    fn from(error: sqlx::Error) -> Self {
        Self::internal("database", error)
    }
}

impl From<Problem> for Error {
    fn from(problem: Problem) -> Self {
        Self::Problem(problem)
    }
}

impl From<serde_json::Error> for Error {
    fn from(error: serde_json::Error) -> Self {
        Self::internal("stored JSON", error)
    }
}

impl IntoResponse for Error {
    fn into_response(self) -> Response {
        match self {
            Self::OAuth { status, error, description } => {
                (status, no_store(), Json(json!({ "error": error, "error_description": description })))
                    .into_response()
            }
            Self::Bearer { status, error } => {
                let mut headers = no_store();
                let challenge = match error {
                    Some("insufficient_scope") => r#"Bearer error="insufficient_scope", scope="idv.read""#,
                    Some(_) => r#"Bearer error="invalid_token""#,
                    None => "Bearer",
                };
                headers.insert(header::WWW_AUTHENTICATE, HeaderValue::from_static(challenge));
                let error = error.unwrap_or("invalid_token");
                (status, headers, Json(json!({ "error": error }))).into_response()
            }
            Self::Problem(problem) => {
                let status =
                    StatusCode::from_u16(problem.status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR);
                let mut headers = no_store();
                headers.insert(header::CONTENT_TYPE, HeaderValue::from_static(wire::PROBLEM_TYPE));
                let body = serde_json::to_vec(&problem).unwrap_or_default();
                (status, headers, body).into_response()
            }
            Self::Page(status, text) => (status, no_store(), text).into_response(),
            Self::RateLimited { .. } => self.into_relay_response(),
            Self::Internal(cause) => {
                tracing::error!(%cause, "internal error");
                let body = Json(json!({ "error": "server_error", "error_description": "try again" }));
                (StatusCode::INTERNAL_SERVER_ERROR, no_store(), body).into_response()
            }
        }
    }
}

/// Headers of an answer that no cache may keep (RFC 6749 5.1).
pub(crate) fn no_store() -> HeaderMap {
    let mut headers = HeaderMap::new();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static("no-store"));
    headers.insert(header::PRAGMA, HeaderValue::from_static("no-cache"));
    headers
}
