//! The codes with which step1 and step2 ask for another try, and what the visitor can do about each.

use super::words::words;
use serde::Deserialize;

words! {
    /// `retryCode`. The published lists are cut.
    RetryCode {
        /// Step1: the machine readable zone does not hold together.
        MrzProtocolFail = "mrz_protocol_fail",
        /// Step1: the barcode does not hold together.
        BarcodeProtocolFail = "barcode_protocol_fail",
        /// Step1: not the back of this document.
        InvalidBackDocument = "invalid_back_document",
        /// Step1: a document of another country.
        DocumentCountryMismatch = "document_country_mismatch",
        /// Step1: the document has expired.
        DocumentExpired = "document_expired",
        /// Step1: another name than elsewhere on the document.
        DocumentNameMismatch = "document_name_mismatch",
        /// Step1: another date of birth than elsewhere on the document.
        DocumentDobMismatch = "document_dob_mismatch",
        /// Step1: no date of expiry read.
        MissingExpiryDate = "missing_expiry_date",
        /// Step1: no date of issue read.
        MissingIssueDate = "missing_issue_date",
        /// Step1: no date of birth read.
        MissingBirthDate = "missing_birth_date",
        /// Step1: no document number read.
        MissingDocumentNumber = "missing_document_number",
        /// Step1: no personal number read.
        MissingPersonalNumber = "missing_personal_number",
        /// Step2: the face is not alike enough.
        FaceCompareUnderscore = "face_compare_underscore",
        /// Step2: not seen to be alive.
        LivenessError = "liveness_error",
    }
}

/// What can help after a retry code. This project's reading of the names; the pages give none.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum NextAction {
    /// A better picture of the same document.
    RetakeDocument,
    /// A picture of the back of the same document.
    RetakeBack,
    /// Another document, or another country: a new picture of this one changes nothing.
    OtherDocument,
    /// Another selfie.
    RetakeSelfie,
    /// The code is not known: show the vendor's message and offer the same step again.
    RepeatStep,
}

impl RetryCode {
    /// What can help.
    pub fn next_action(&self) -> NextAction {
        match self {
            Self::InvalidBackDocument => NextAction::RetakeBack,
            Self::DocumentCountryMismatch | Self::DocumentExpired => NextAction::OtherDocument,
            Self::MrzProtocolFail
            | Self::BarcodeProtocolFail
            | Self::DocumentNameMismatch
            | Self::DocumentDobMismatch
            | Self::MissingExpiryDate
            | Self::MissingIssueDate
            | Self::MissingBirthDate
            | Self::MissingDocumentNumber
            | Self::MissingPersonalNumber => NextAction::RetakeDocument,
            Self::FaceCompareUnderscore | Self::LivenessError => NextAction::RetakeSelfie,
            Self::Unknown(_) => NextAction::RepeatStep,
        }
    }
}

/// One entry of `retry`. `Debug` shows the code only: the message may repeat what was read.
#[derive(Clone, PartialEq, Eq, Deserialize)]
pub struct RetryNote {
    /// The code.
    #[serde(rename = "retryCode")]
    pub code: RetryCode,
    /// The vendor's text, in its own words and language.
    #[serde(default, rename = "retryMsg")]
    pub message: String,
}

impl std::fmt::Debug for RetryNote {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("RetryNote").field("code", &self.code).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_published_retry_code_says_what_can_help() {
        let step1 = [
            "mrz_protocol_fail",
            "barcode_protocol_fail",
            "invalid_back_document",
            "document_country_mismatch",
            "document_expired",
            "document_name_mismatch",
            "document_dob_mismatch",
            "missing_expiry_date",
            "missing_issue_date",
            "missing_birth_date",
            "missing_document_number",
            "missing_personal_number",
        ];
        let step2 = ["face_compare_underscore", "liveness_error"];
        assert!(RetryCode::KNOWN.iter().map(RetryCode::as_str).eq(step1.into_iter().chain(step2)));
        for word in step1 {
            let action = RetryCode::from(word).next_action();
            assert!(!matches!(action, NextAction::RetakeSelfie | NextAction::RepeatStep), "{word}");
        }
        for word in step2 {
            assert_eq!(RetryCode::from(word).next_action(), NextAction::RetakeSelfie);
        }
        assert_eq!(RetryCode::from("document_expired").next_action(), NextAction::OtherDocument);
        assert_eq!(RetryCode::from("glare").next_action(), NextAction::RepeatStep);
    }

    #[test]
    fn a_note_shows_no_message() {
        let note: RetryNote =
            serde_json::from_str(r#"{"retryCode":"liveness_error","retryMsg":"Hong"}"#).expect("reads");
        assert_eq!(note.message, "Hong");
        assert!(!format!("{note:?}").contains("Hong"));
    }
}
