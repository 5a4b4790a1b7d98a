//! What is answered when a request is refused: a status and a sentence.
//!
//! Rule: the sentences are those of the vendor's error lists, as far as these are public; the client knows each
//! ([`idv_edge::argos::RefusalMessage`]). Their JSON form is not public: `{"message": "…"}`, as its gateway's own.

use crate::error::Error;
use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// The sentences.
pub(super) mod message {
    pub(in crate::argos) const FORBIDDEN: &str = "Forbidden";
    pub(in crate::argos) const NO_ENDPOINT: &str = "Not Found";
    pub(in crate::argos) const QUERY_INVALID: &str = "Invalid Query String parameters";
    pub(in crate::argos) const TOO_LARGE: &str = "Request Entity Too Large";
    pub(in crate::argos) const SERVER_ERROR: &str = "Internal Server Error";
    pub(in crate::argos) const BAD_GATEWAY: &str = "Bad Gateway";
    pub(in crate::argos) const INPUT_UNREADABLE: &str = "failed to parse the input data";
    pub(in crate::argos) const ID_IMAGE_INVALID: &str = "invalid id image";
    pub(in crate::argos) const ID_TYPE_INVALID: &str =
        "invalid id type : id type must be passport, government_id or drivers_license";
    pub(in crate::argos) const EMAIL_INVALID: &str = "invalid email address format";
    pub(in crate::argos) const ID_IMAGE_UNPROCESSED: &str = "id image processing error";
    pub(in crate::argos) const DATA_UNPROCESSED: &str = "data processing error";
    pub(in crate::argos) const EMAIL_APPROVED: &str = "email already approved";
    pub(in crate::argos) const PROJECT_UNKNOWN: &str = "failed to find the project";
    pub(in crate::argos) const IDENTITY_PARAMETERS_MISSING: &str =
        "missing required parameters for identity verification";
    pub(in crate::argos) const PARAMETERS_MISSING: &str = "missing required parameters";
    pub(in crate::argos) const API_KEY_INVALID: &str = "invalid api key";
    pub(in crate::argos) const FACE_IMAGE_INVALID: &str = "invalid face image";
    pub(in crate::argos) const ADDRESS_IMAGE_INVALID: &str = "invalid or missing an address image";
    pub(in crate::argos) const ADDRESS_MISSING: &str = "missing address data parameters";
    pub(in crate::argos) const SUBMISSION_ID_INVALID: &str = "invalid submission id";
    pub(in crate::argos) const ALREADY_PROCESSED: &str = "this submission is already processed";
    pub(in crate::argos) const SUBMISSION_NOT_FOUND: &str = "not Exist Submission ID";
    pub(in crate::argos) const SUBMISSION_DATA_NOT_FOUND: &str = "not Exist Submission Data";
    pub(in crate::argos) const PROJECT_DATA_NOT_FOUND: &str = "not Exist Project Data";
    pub(in crate::argos) const DELETE_FAILED: &str = "delete Process FAIL";
}

/// A refusal.
#[derive(Debug)]
pub(super) struct Refused {
    status: StatusCode,
    message: String,
}

impl Refused {
    pub(super) fn new(status: StatusCode, message: impl Into<String>) -> Self {
        Self { status, message: message.into() }
    }

    /// 400 with a sentence.
    pub(super) fn bad(message: &'static str) -> Self {
        Self::new(StatusCode::BAD_REQUEST, message)
    }

    /// 400 that names the parameters that are missing.
    pub(super) fn missing(names: &[&str]) -> Self {
        Self::new(StatusCode::BAD_REQUEST, format!("{} ({})", message::PARAMETERS_MISSING, names.join(", ")))
    }

    pub(super) fn forbidden(message: &'static str) -> Self {
        Self::new(StatusCode::FORBIDDEN, message)
    }

    pub(super) fn too_large() -> Self {
        Self::new(StatusCode::PAYLOAD_TOO_LARGE, message::TOO_LARGE)
    }

    /// 502: what looks at pictures does not answer, for there is none in this run.
    pub(super) fn no_models() -> Self {
        Self::new(StatusCode::BAD_GATEWAY, message::BAD_GATEWAY)
    }
}

impl From<Error> for Refused {
    fn from(error: Error) -> Self {
        tracing::error!(%error, "internal error");
        Self::new(StatusCode::INTERNAL_SERVER_ERROR, message::SERVER_ERROR)
    }
}

impl IntoResponse for Refused {
    fn into_response(self) -> Response {
        (self.status, crate::error::no_store(), Json(json!({ "message": self.message }))).into_response()
    }
}

#[cfg(test)]
mod tests {
    use super::message::*;
    use idv_edge::argos::RefusalMessage;

    #[test]
    fn the_client_knows_every_sentence_of_the_vendor_and_each_is_used() {
        let sentences = [
            INPUT_UNREADABLE,
            ID_IMAGE_INVALID,
            ID_TYPE_INVALID,
            EMAIL_INVALID,
            ID_IMAGE_UNPROCESSED,
            DATA_UNPROCESSED,
            EMAIL_APPROVED,
            PROJECT_UNKNOWN,
            IDENTITY_PARAMETERS_MISSING,
            PARAMETERS_MISSING,
            API_KEY_INVALID,
            FACE_IMAGE_INVALID,
            ADDRESS_IMAGE_INVALID,
            ADDRESS_MISSING,
            SUBMISSION_ID_INVALID,
            ALREADY_PROCESSED,
            SUBMISSION_NOT_FOUND,
            SUBMISSION_DATA_NOT_FOUND,
            PROJECT_DATA_NOT_FOUND,
            DELETE_FAILED,
        ];
        let read: Vec<RefusalMessage> = sentences.map(RefusalMessage::from_text).to_vec();
        assert_eq!(read, RefusalMessage::KNOWN);
    }
}
