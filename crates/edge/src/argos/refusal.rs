//! What the vendor says when it refuses: the status and the message, both typed.
//!
//! The published messages are sentences, not codes, and their JSON form is not published: the text is looked
//! for in the members that such answers use. Rule: [`Error`] carries this project's code for a known
//! sentence; the sentence itself, which may repeat what was sent, is shown by neither `Display` nor `Debug`.

use crate::error::{Error, ErrorKind};
use crate::http::Response;
use serde_json::Value;

/// Longest message kept, in characters.
const MAX_MESSAGE_CHARS: usize = 300;
/// Largest refusal that is read for a message, in bytes.
const MAX_REFUSAL_BYTES: usize = 64 * 1024;

/// The HTTP status of a refusal.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RefusalStatus {
    /// 400: invalid query string or body parameters.
    InvalidParameters,
    /// 403: the key is missing or wrong.
    Forbidden,
    /// 413: the body is too large.
    TooLarge,
    /// 500: an error of the server.
    ServerError,
    /// 502: an error between its servers.
    BadGateway,
    /// Another one: 4xx is the client's fault, 5xx the server's.
    Unknown(u16),
}

impl From<u16> for RefusalStatus {
    fn from(status: u16) -> Self {
        match status {
            400 => Self::InvalidParameters,
            403 => Self::Forbidden,
            413 => Self::TooLarge,
            500 => Self::ServerError,
            502 => Self::BadGateway,
            other => Self::Unknown(other),
        }
    }
}

macro_rules! messages {
    ($($(#[$doc:meta])* $variant:ident = $code:literal: $start:literal,)*) => {
        /// The message of a refusal. Codes are this project's; the vendor gives sentences.
        #[derive(Clone, Copy, Debug, PartialEq, Eq)]
        #[non_exhaustive]
        pub enum RefusalMessage {
            $($(#[$doc])* $variant,)*
            /// Another one, or none; the text is in [`Error::refusal_description`].
            Unknown,
        }

        impl RefusalMessage {
            /// Known messages.
            pub const KNOWN: &'static [Self] = &[$(Self::$variant,)*];

            /// This project's code for it, "" for an unknown one.
            pub const fn code(self) -> &'static str {
                match self {
                    $(Self::$variant => $code,)*
                    Self::Unknown => "",
                }
            }

            fn from_code(code: &str) -> Self {
                match code {
                    $($code => Self::$variant,)*
                    _ => Self::Unknown,
                }
            }

            /// The message that `text` is, by how it begins, in any case. Of two that fit the first is taken.
            pub fn from_text(text: &str) -> Self {
                let text = text.trim().to_ascii_lowercase();
                $(if text.starts_with($start) { return Self::$variant; })*
                Self::Unknown
            }
        }
    };
}

messages! {
    /// Step1, step2: the body could not be read.
    InputUnreadable = "input_unreadable": "failed to parse the input data",
    /// Step1: not a picture of a document.
    IdImageInvalid = "id_image_invalid": "invalid id image",
    /// Step1: the kind of document is none that is taken.
    IdTypeInvalid = "id_type_invalid": "invalid id type",
    /// Step1: the e-mail address has no such form.
    EmailInvalid = "email_invalid": "invalid email address format",
    /// Step1: the picture could not be processed.
    IdImageUnprocessed = "id_image_unprocessed": "id image processing error",
    /// Step1: the data could not be processed.
    DataUnprocessed = "data_unprocessed": "data processing error",
    /// Step1: the address belongs to an approved submission.
    EmailApproved = "email_approved": "email already approved",
    /// Step1: the key belongs to no project.
    ProjectUnknown = "project_unknown": "failed to find the project",
    /// Step2: parameters for the identity check are missing.
    IdentityParametersMissing = "identity_parameters_missing":
        "missing required parameters for identity verification",
    /// Step1: other required parameters are missing.
    ParametersMissing = "parameters_missing": "missing required parameters",
    /// Step2: the key is wrong.
    ApiKeyInvalid = "api_key_invalid": "invalid api key",
    /// Step2: not a picture of a face.
    FaceImageInvalid = "face_image_invalid": "invalid face image",
    /// Step2: no usable proof of address.
    AddressImageInvalid = "address_image_invalid": "invalid or missing an address image",
    /// Step2: the address is missing.
    AddressMissing = "address_missing": "missing address data parameters",
    /// Step2: no such submission.
    SubmissionIdInvalid = "submission_id_invalid": "invalid submission id",
    /// Step2: the submission has ended.
    AlreadyProcessed = "already_processed": "this submission is already processed",
    /// Delete: no such submission.
    SubmissionNotFound = "submission_not_found": "not exist submission id",
    /// Delete: the submission has no data.
    SubmissionDataNotFound = "submission_data_not_found": "not exist submission data",
    /// Delete: the project has no data.
    ProjectDataNotFound = "project_data_not_found": "not exist project data",
    /// Delete: it did not work.
    DeleteFailed = "delete_failed": "delete process fail",
}

/// A refusal as types.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Refusal {
    /// The status.
    pub status: RefusalStatus,
    /// The message.
    pub message: RefusalMessage,
}

impl Refusal {
    /// The refusal that `error` of this module's client carries; `None` for an error of another kind.
    pub fn of(error: &Error) -> Option<Self> {
        if error.kind() != ErrorKind::Refused {
            return None;
        }
        let message = RefusalMessage::from_code(error.refusal_code().unwrap_or_default());
        error.status().map(|status| Self { status: status.into(), message })
    }
}

/// The error of an answer without a 2xx status.
pub(super) fn read(response: &Response) -> Error {
    let text = message_text(response).unwrap_or_default();
    let text: String = text.chars().filter(|c| !c.is_control()).take(MAX_MESSAGE_CHARS).collect();
    Error::refused(response.status, RefusalMessage::from_text(&text).code(), text)
}

fn message_text(response: &Response) -> Option<String> {
    if response.body.len() > MAX_REFUSAL_BYTES {
        return None;
    }
    let text = match serde_json::from_slice::<Value>(&response.body) {
        Ok(Value::String(text)) => return Some(text),
        Ok(json) => ["message", "error", "errorMessage", "content"]
            .iter()
            .find_map(|name| json.get(name).and_then(Value::as_str))?
            .to_owned(),
        Err(_) => std::str::from_utf8(&response.body).ok()?.to_owned(),
    };
    Some(text)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::argos::client::tests::answer;
    use proptest::prelude::*;

    /// The sentences of the public pages.
    const SENTENCES: [(&str, RefusalMessage); 20] = [
        ("failed to parse the input data", RefusalMessage::InputUnreadable),
        ("invalid id image", RefusalMessage::IdImageInvalid),
        (
            "missing required parameters (projectId, issuingCountry, email, idType)",
            RefusalMessage::ParametersMissing,
        ),
        (
            "invalid id type : id type must be passport, government_id or drivers_license",
            RefusalMessage::IdTypeInvalid,
        ),
        ("invalid email address format", RefusalMessage::EmailInvalid),
        ("id image processing error", RefusalMessage::IdImageUnprocessed),
        ("data processing error", RefusalMessage::DataUnprocessed),
        ("email already approved", RefusalMessage::EmailApproved),
        ("failed to find the project", RefusalMessage::ProjectUnknown),
        ("invalid api key", RefusalMessage::ApiKeyInvalid),
        ("invalid face image", RefusalMessage::FaceImageInvalid),
        ("invalid or missing an address image", RefusalMessage::AddressImageInvalid),
        ("missing address data parameters", RefusalMessage::AddressMissing),
        ("invalid submission id", RefusalMessage::SubmissionIdInvalid),
        ("this submission is already processed", RefusalMessage::AlreadyProcessed),
        ("missing required parameters for identity verification", RefusalMessage::IdentityParametersMissing),
        ("not Exist Submission ID", RefusalMessage::SubmissionNotFound),
        ("not Exist Submission Data", RefusalMessage::SubmissionDataNotFound),
        ("not Exist Project Data", RefusalMessage::ProjectDataNotFound),
        ("delete Process FAIL", RefusalMessage::DeleteFailed),
    ];

    #[test]
    fn every_published_error_message_is_a_type_whatever_the_body_looks_like() {
        assert_eq!(SENTENCES.len(), RefusalMessage::KNOWN.len());
        for (sentence, message) in SENTENCES {
            let quoted = serde_json::to_string(sentence).expect("json");
            let bodies = [
                format!(r#"{{"message":{quoted}}}"#),
                format!(r#"{{"error":{quoted}}}"#),
                format!(r#"{{"errorMessage":{quoted}}}"#),
                quoted,
                sentence.to_owned(),
            ];
            for body in bodies {
                let error = read(&answer(400, body));
                let refusal = Refusal::of(&error).expect("refusal");
                assert_eq!(refusal, Refusal { status: RefusalStatus::InvalidParameters, message });
                assert_eq!(error.refusal_description(), Some(sentence));
            }
        }
    }

    #[test]
    fn every_published_status_is_a_type_and_says_whether_to_try_again() {
        let expected = [
            (400, RefusalStatus::InvalidParameters, false),
            (403, RefusalStatus::Forbidden, false),
            (413, RefusalStatus::TooLarge, false),
            (500, RefusalStatus::ServerError, true),
            (502, RefusalStatus::BadGateway, true),
            (429, RefusalStatus::Unknown(429), true),
            (404, RefusalStatus::Unknown(404), false),
        ];
        for (status, typed, again) in expected {
            let error = read(&answer(status, r#"{"message":"Forbidden"}"#));
            let refusal = Refusal::of(&error).expect("refusal");
            assert_eq!((refusal.status, refusal.message), (typed, RefusalMessage::Unknown));
            assert_eq!(error.retryable(), again, "{status}");
        }
        assert_eq!(Refusal::of(&Error::new(ErrorKind::NetworkLost, "x")), None);
    }

    #[test]
    fn a_refusal_shows_nothing_of_what_it_repeats() {
        let error = read(&answer(400, r#"{"message":"email already approved: hong@example.com"}"#));
        assert_eq!(Refusal::of(&error).expect("refusal").message, RefusalMessage::EmailApproved);
        assert!(!format!("{error} {error:?}").contains("hong"));
    }

    proptest! {
        #[test]
        fn any_refusal_is_an_error_with_its_status(
            status in 300_u16..600, body in proptest::collection::vec(any::<u8>(), 0..200),
        ) {
            let error = read(&answer(status, body));
            prop_assert_eq!(error.status(), Some(status));
        }
    }
}
