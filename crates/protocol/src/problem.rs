//! Errors on the wire, after RFC 9457, and the codes they share with every other side.

use crate::person::FieldError;
use serde::{Deserialize, Serialize};

/// An error answer, `application/problem+json`.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Problem {
    /// HTTP status.
    pub status: u16,
    /// Stable code.
    pub code: Code,
    /// One sentence: what happened and what to do. Never personal data.
    pub detail: String,
    /// What is wrong with each field of a form, where a form was handed in.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub fields: Vec<FieldError>,
}

/// Codes of errors at the relay.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Code {
    /// The body or a header is malformed.
    InvalidRequest,
    /// The start token is not one of ours.
    TokenInvalid,
    /// The start token was used before.
    TokenUsed,
    /// The start token is too old.
    TokenExpired,
    /// No session token, or not one of ours.
    SessionUnknown,
    /// The session ran out of time.
    SessionExpired,
    /// The session has ended.
    SessionClosed,
    /// The step is not due: wrong attempt, or consent missing.
    OutOfOrder,
    /// The same step is being worked on.
    InProgress,
    /// Fields of a form cannot be right; the problem names them.
    FieldsInvalid,
    /// The body is over the limit.
    BodyTooLarge,
    /// The bytes are not a JPEG, or not one we decode.
    NotAnImage,
    /// The digest does not fit the bytes.
    DigestMismatch,
    /// Too many requests.
    RateLimited,
    /// The page's wire version is not understood.
    UnsupportedVersion,
    /// Somebody whom the relay has to ask does not answer; try again.
    VendorUnavailable,
    /// Our own fault; try again.
    Internal,
}

impl Code {
    /// The code, as in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::InvalidRequest => "invalid_request",
            Self::TokenInvalid => "token_invalid",
            Self::TokenUsed => "token_used",
            Self::TokenExpired => "token_expired",
            Self::SessionUnknown => "session_unknown",
            Self::SessionExpired => "session_expired",
            Self::SessionClosed => "session_closed",
            Self::OutOfOrder => "out_of_order",
            Self::InProgress => "in_progress",
            Self::FieldsInvalid => "fields_invalid",
            Self::BodyTooLarge => "body_too_large",
            Self::NotAnImage => "not_an_image",
            Self::DigestMismatch => "digest_mismatch",
            Self::RateLimited => "rate_limited",
            Self::UnsupportedVersion => "unsupported_version",
            Self::VendorUnavailable => "vendor_unavailable",
            Self::Internal => "internal",
        }
    }

    /// The HTTP status the relay answers with.
    pub const fn status(self) -> u16 {
        match self {
            Self::InvalidRequest | Self::DigestMismatch | Self::UnsupportedVersion => 400,
            Self::TokenInvalid
            | Self::TokenExpired
            | Self::TokenUsed
            | Self::SessionUnknown
            | Self::SessionExpired => 401,
            Self::SessionClosed | Self::OutOfOrder | Self::InProgress => 409,
            Self::BodyTooLarge => 413,
            Self::NotAnImage => 415,
            Self::FieldsInvalid => 422,
            Self::RateLimited => 429,
            Self::Internal => 500,
            Self::VendorUnavailable => 503,
        }
    }

    /// Whether the same request can succeed later.
    pub const fn retryable(self) -> bool {
        matches!(self, Self::InProgress | Self::RateLimited | Self::VendorUnavailable | Self::Internal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_code_is_the_one_in_the_json() {
        for code in [
            Code::InvalidRequest,
            Code::TokenInvalid,
            Code::TokenUsed,
            Code::TokenExpired,
            Code::SessionUnknown,
            Code::SessionExpired,
            Code::SessionClosed,
            Code::OutOfOrder,
            Code::InProgress,
            Code::FieldsInvalid,
            Code::BodyTooLarge,
            Code::NotAnImage,
            Code::DigestMismatch,
            Code::RateLimited,
            Code::UnsupportedVersion,
            Code::VendorUnavailable,
            Code::Internal,
        ] {
            assert_eq!(serde_json::to_value(code).unwrap(), code.code());
        }
    }
}
