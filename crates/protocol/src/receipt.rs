//! Where the browser ends, and what only the customer's server learns.

use serde::{Deserialize, Serialize};

/// The relay's answer to a completed or cancelled attempt. It names no verdict.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Receipt {
    /// The step must be repeated; a new plan waits.
    Retry {
        /// Why, in words the user can act on.
        reason: Reason,
        /// Attempts left after this one.
        attempts_left: u32,
    },
    /// The attempt is judged once the page has shown these of the frames that it committed to.
    Frames {
        /// Their leaves.
        indices: Vec<u32>,
    },
    /// Done: the page goes to `return_url`.
    Received {
        /// Id of the submission; opaque.
        submission_id: String,
        /// Where the flow returns to.
        return_url: String,
    },
}

/// Status of a verification, as the customer's server reads it (TomoIDV contract 1.4).
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    /// Every check passed.
    Approved,
    /// A check failed for good.
    Rejected,
    /// A person has to look at it.
    PendingReview,
    /// Time ran out.
    Expired,
    /// The user or the device gave up.
    Canceled,
}

/// Why an attempt or a verification did not succeed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum Reason {
    /// No document was found, on the device or in the submitted picture.
    DocumentNotFound,
    /// The machine-readable zone of the document could not be read, or contradicts its own check digits.
    DocumentUnreadable,
    /// The document's date of expiry has passed.
    DocumentExpired,
    /// The sides of the document, or its zone and its barcode, say different things.
    DocumentMismatch,
    /// The picture shows a copy or a screen, not the document itself.
    DocumentNotAuthentic,
    /// No portrait was found on the document.
    PortraitNotFound,
    /// No face was found in the selfie.
    FaceNotFound,
    /// The challenge was not met, or the pictures do not show it.
    LivenessFailed,
    /// The face is not the one on the document.
    FaceMismatch,
    /// The records that were asked do not know these personal data.
    NotOnRecord,
    /// The code that was sent was not typed in, in all the tries and times there are.
    OtpFailed,
    /// The document's secret was wrong as often as it may be.
    SecretWrong,
    /// The person refused to sign.
    SignatureRefused,
    /// Nobody signed in time.
    SignatureExpired,
    /// The signature does not hold, or is not of this person or this document.
    SignatureInvalid,
    /// A vendor rejected it for a reason of its own, such as age, country or an earlier approval.
    VendorRejected,
    /// The evidence does not fit its captures or its session.
    EvidenceInvalid,
    /// Several signs together say that the pictures do not come from a camera before the person.
    CameraNotGenuine,
    /// The camera was denied.
    CameraDenied,
    /// There is no camera, or it cannot be opened.
    CameraUnavailable,
    /// The user did not agree to the terms.
    ConsentRefused,
    /// The user stopped.
    UserCanceled,
    /// The session ran out of time.
    SessionExpired,
}

impl Reason {
    /// Every reason.
    pub const ALL: [Self; 23] = [
        Self::DocumentNotFound,
        Self::DocumentUnreadable,
        Self::DocumentExpired,
        Self::DocumentMismatch,
        Self::DocumentNotAuthentic,
        Self::PortraitNotFound,
        Self::FaceNotFound,
        Self::LivenessFailed,
        Self::FaceMismatch,
        Self::NotOnRecord,
        Self::OtpFailed,
        Self::SecretWrong,
        Self::SignatureRefused,
        Self::SignatureExpired,
        Self::SignatureInvalid,
        Self::VendorRejected,
        Self::EvidenceInvalid,
        Self::CameraNotGenuine,
        Self::CameraDenied,
        Self::CameraUnavailable,
        Self::ConsentRefused,
        Self::UserCanceled,
        Self::SessionExpired,
    ];

    /// The code, as in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::DocumentNotFound => "document_not_found",
            Self::DocumentUnreadable => "document_unreadable",
            Self::DocumentExpired => "document_expired",
            Self::DocumentMismatch => "document_mismatch",
            Self::DocumentNotAuthentic => "document_not_authentic",
            Self::PortraitNotFound => "portrait_not_found",
            Self::FaceNotFound => "face_not_found",
            Self::LivenessFailed => "liveness_failed",
            Self::FaceMismatch => "face_mismatch",
            Self::NotOnRecord => "not_on_record",
            Self::OtpFailed => "otp_failed",
            Self::SecretWrong => "secret_wrong",
            Self::SignatureRefused => "signature_refused",
            Self::SignatureExpired => "signature_expired",
            Self::SignatureInvalid => "signature_invalid",
            Self::VendorRejected => "vendor_rejected",
            Self::EvidenceInvalid => "evidence_invalid",
            Self::CameraNotGenuine => "camera_not_genuine",
            Self::CameraDenied => "camera_denied",
            Self::CameraUnavailable => "camera_unavailable",
            Self::ConsentRefused => "consent_refused",
            Self::UserCanceled => "user_canceled",
            Self::SessionExpired => "session_expired",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_reason_is_the_one_in_the_json() {
        for reason in Reason::ALL {
            assert_eq!(serde_json::to_value(reason).unwrap(), reason.code());
        }
    }
}
