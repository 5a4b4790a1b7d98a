//! What a check found, as JSON for other languages.

use super::check::Checked;
use super::failure::Failure;
use idv_protocol::{CaptureKind, Evidence};
use serde::Serialize;

/// The outcome of [`super::check`].
#[derive(Clone, Debug, Serialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum EvidenceVerdict {
    /// Everything holds.
    Valid {
        /// What names this evidence: SHA-256 of what was signed, lower-case hex. To be remembered, and handed in as
        /// [`super::EvidenceContext::seen`] from then on.
        evidence_sha256: String,
        /// Captures that the evidence lists, in its order.
        captures: Vec<CaptureKind>,
        /// Frames that were opened.
        frames: Vec<u32>,
        /// What was signed.
        evidence: Box<Evidence>,
    },
    /// Something does not hold.
    Refused {
        /// [`Failure::code`].
        code: &'static str,
        /// [`Failure::subject`].
        #[serde(skip_serializing_if = "Option::is_none")]
        subject: Option<String>,
    },
}

impl From<Result<Checked, Failure>> for EvidenceVerdict {
    fn from(outcome: Result<Checked, Failure>) -> Self {
        match outcome {
            Ok(checked) => Self::Valid {
                captures: checked.evidence.captures.iter().map(|capture| capture.kind).collect(),
                frames: checked.frames.iter().map(|frame| frame.index).collect(),
                evidence_sha256: checked.evidence_sha256,
                evidence: Box::new(checked.evidence),
            },
            Err(failure) => Self::Refused { code: failure.code(), subject: failure.subject() },
        }
    }
}
