//! What the relay asks the page to do.

use crate::capture::CaptureKind;
use crate::document::{DocumentKind, DocumentTask};
use crate::face::Challenge;
use serde::{Deserialize, Serialize};

/// One step of the flow, in the order they run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// Ask for consent.
    Consent,
    /// Capture the document.
    Document(DocumentStep),
    /// Capture the face and run the challenge.
    Face {
        /// Time without a good frontal face after which the user is asked how to go on, in ms.
        timeout_ms: u32,
    },
}

/// How a document is to be captured.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct DocumentStep {
    /// Shapes that are accepted.
    pub kinds: Vec<DocumentKind>,
    /// Those whose back is captured after the front.
    #[serde(default)]
    pub two_sided: Vec<DocumentKind>,
    /// Whether the document has a barcode: on its back, where that is captured.
    #[serde(default)]
    pub barcode: bool,
    /// Whether a file may take the place of a capture, once the camera has had its time.
    #[serde(default)]
    pub upload: bool,
    /// Time on a side without a capture after which the user may take the picture, in ms.
    #[serde(default = "manual_after_ms")]
    pub manual_after_ms: u32,
    /// Captures given up on a side after which the user may take the picture.
    #[serde(default = "manual_after_failures")]
    pub manual_after_failures: u32,
    /// Time on a side without a capture after which the user is asked how to go on, in ms.
    pub timeout_ms: u32,
}

const fn manual_after_ms() -> u32 {
    DocumentTask::MANUAL_AFTER_MS
}

const fn manual_after_failures() -> u32 {
    DocumentTask::MANUAL_AFTER_FAILURES
}

impl DocumentStep {
    /// The front of any of these shapes, for as long as `timeout_ms`.
    pub fn new(kinds: Vec<DocumentKind>, timeout_ms: u32) -> Self {
        Self {
            kinds,
            two_sided: Vec::new(),
            barcode: false,
            upload: false,
            manual_after_ms: manual_after_ms(),
            manual_after_failures: manual_after_failures(),
            timeout_ms,
        }
    }

    /// Whether the back of a document is asked for. One of unknown shape counts as the shape accepted first.
    pub fn asks_back(&self, kind: Option<DocumentKind>) -> bool {
        kind.or(self.kinds.first().copied()).is_some_and(|kind| self.two_sided.contains(&kind))
    }
}

/// Who receives the user's data.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Recipient {
    /// Name of the organisation.
    pub name: String,
    /// ISO 3166 alpha-2 code, lower case.
    pub country: String,
    /// What it does with the data, in the user's language.
    pub purpose: String,
}

/// The terms the user is asked to agree to. The integrator writes the text.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentTerms {
    /// Version of the text, recorded in the evidence.
    pub version: String,
    /// Integrator's own text shown above the standard one; empty for none.
    pub text: String,
    /// Everyone who receives data.
    pub recipients: Vec<Recipient>,
    /// Days after which captures are deleted.
    pub retention_days: u32,
}

/// Everything the page needs to know of its session.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Plan {
    /// Version of this wire format.
    pub protocol_version: String,
    /// Session id; opaque.
    pub session_id: String,
    /// Canonical key of the policy.
    pub policy_key: String,
    /// Attempt this plan is for, from 1.
    pub attempt: u32,
    /// Attempts in all.
    pub max_attempts: u32,
    /// The steps, in order.
    pub steps: Vec<Step>,
    /// The terms to agree to.
    pub consent: ConsentTerms,
    /// The active challenge of this attempt; absent when there is no face step.
    pub challenge: Option<Challenge>,
    /// Captures of this attempt that the relay already holds, with their digests; nothing of them is sent again.
    pub received: Vec<ReceivedCapture>,
    /// Consent that was already given in this session.
    pub consent_given: bool,
    /// Server time when the plan was made, in ms since 1970.
    pub issued_at_ms: u64,
    /// When the session ends, in ms since 1970.
    pub expires_at_ms: u64,
    /// True on the sandbox's test plans, where a recorded camera is expected.
    pub test_camera: bool,
}

/// A capture the relay holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReceivedCapture {
    /// What it shows.
    pub kind: CaptureKind,
    /// SHA-256 of its bytes, lower-case hex.
    pub sha256: String,
}
