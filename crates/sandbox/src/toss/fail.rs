//! How a call of the API is refused: HTTP status and envelope.

use crate::error::{Error, no_store};
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use idv_edge::toss::FieldFailure;
use idv_edge::toss::wire::Envelope;
use std::borrow::Cow;

/// Code of a request that is not of the contract. Ours: no public text says which one Toss has.
pub const INVALID_CODE: &str = "CE9001";
/// Code of a session that cannot be opened, or a field that is not of it. Ours.
pub const SESSION_CODE: &str = "CE9002";
/// Code of a session that was used before. Ours.
pub const SESSION_USED_CODE: &str = "CE9003";

/// Why a call is refused.
#[derive(Debug)]
pub(super) enum Fail {
    /// CE1000, 401: the access token.
    Token,
    /// CE3100: no such transaction of this client.
    Unknown,
    /// CE3101: the result was read twice.
    ReadTwice,
    /// CE3102: not signed yet.
    NotCompleted,
    /// CE3103: the time to sign, or to read the result, is over, or it was refused.
    Expired,
    /// CE3006: too young.
    Age,
    /// CE0001 or CE0002: out of order.
    Unavailable(&'static str),
    /// Not of the contract: what.
    Invalid(&'static str),
    /// An encrypted field that cannot be opened: which one and why.
    Field(&'static str, FieldFailure),
    /// A session that was used before.
    SessionUsed,
    /// 413: the body is over its limit.
    TooLarge,
    /// Our own fault.
    Internal(Error),
}

impl From<Error> for Fail {
    fn from(error: Error) -> Self {
        Self::Internal(error)
    }
}

impl IntoResponse for Fail {
    fn into_response(self) -> Response {
        let (code, reason): (&str, Cow<'static, str>) = match self {
            Self::Token => ("CE1000", "토큰이 유효하지 않습니다.".into()),
            Self::Unknown => ("CE3100", "존재하지 않는 요청입니다".into()),
            Self::ReadTwice => ("CE3101", "최종 결과는 2회만 조회할 수 있습니다.".into()),
            Self::NotCompleted => ("CE3102", "요청이 아직 완료되지 않았습니다.".into()),
            Self::Expired => ("CE3103", "만료된 요청입니다.".into()),
            Self::Age => ("CE3006", "이용할 수 없는 연령입니다.".into()),
            Self::Unavailable(code) => (code, "일시적으로 이용할 수 없습니다.".into()),
            Self::Invalid(what) => (INVALID_CODE, what.into()),
            Self::Field(name, failure) => (SESSION_CODE, format!("{name}: {failure}").into()),
            Self::SessionUsed => (SESSION_USED_CODE, "a session serves one request; make a new one".into()),
            Self::TooLarge => (INVALID_CODE, "the body is over its limit".into()),
            Self::Internal(error) => return error.into_response(),
        };
        let status = match self {
            Self::Token => StatusCode::UNAUTHORIZED,
            Self::TooLarge => StatusCode::PAYLOAD_TOO_LARGE,
            _ => StatusCode::BAD_REQUEST,
        };
        (status, no_store(), Json(Envelope::<()>::fail(code, &reason))).into_response()
    }
}

/// Every other path and method of the section.
pub(super) async fn not_found() -> Response {
    let body = Envelope::<()>::fail(INVALID_CODE, "this sandbox has no such endpoint");
    (StatusCode::NOT_FOUND, no_store(), Json(body)).into_response()
}
