//! `Tomo-API-Version`: absent is 1.3, `1.4` is 1.4, anything else is refused.

use crate::error::Error;
use axum::extract::Request;
use axum::http::{HeaderValue, header};
use axum::middleware::Next;
use axum::response::{IntoResponse, Response};
use idv_edge::tomo::{RESULT_PATH, VERSION_HEADER};

/// Contract version of a request; handlers find it among the request's extensions.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Version {
    /// Contract 1.3.
    V1_3,
    /// Contract 1.4.
    V1_4,
}

pub(super) async fn negotiate(mut request: Request, next: Next) -> Response {
    let mut values = request.headers().get_all(VERSION_HEADER).iter();
    let version = match (values.next(), values.next()) {
        (None, _) => Some(Version::V1_3),
        (Some(value), None) if value.as_bytes() == b"1.4" => Some(Version::V1_4),
        _ => None,
    };
    let Some(version) = version else {
        let description = "Unsupported Tomo-API-Version; supported version: 1.4";
        return vary(Error::bad_request("unsupported_api_version", description).into_response());
    };
    let is_result = request.uri().path() == RESULT_PATH;
    request.extensions_mut().insert(version);
    let mut response = vary(next.run(request).await);
    let answered = match version {
        Version::V1_4 => Some(HeaderValue::from_static("1.4")),
        Version::V1_3 => is_result.then(|| HeaderValue::from_static("1.3")),
    };
    if let Some(answered) = answered {
        response.headers_mut().insert(VERSION_HEADER, answered);
    }
    response
}

fn vary(mut response: Response) -> Response {
    response.headers_mut().append(header::VARY, HeaderValue::from_static("Tomo-API-Version"));
    response
}
