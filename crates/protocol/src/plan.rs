//! What the relay asks the page to do.

use crate::capture::CaptureKind;
use crate::document::DocumentKind;
use crate::face::Challenge;
use serde::{Deserialize, Serialize};

/// One step of the flow, in the order they run.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum Step {
    /// Ask for consent.
    Consent,
    /// Capture the document.
    Document {
        /// Shapes that are accepted.
        kinds: Vec<DocumentKind>,
        /// Time without a capture after which the user is asked how to go on, in ms.
        timeout_ms: u32,
    },
    /// Capture the face and run the challenge.
    Face {
        /// Time without a good frontal face after which the user is asked how to go on, in ms.
        timeout_ms: u32,
    },
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
