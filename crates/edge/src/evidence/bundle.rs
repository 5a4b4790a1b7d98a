//! What is checked, and what it is held against: JSON on every side.

use idv_protocol::CaptureKind;
use idv_protocol::seal::Jwk;
use serde::{Deserialize, Serialize};
use std::fmt;

/// The evidence of one attempt. `Debug` shows no content.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceBundle {
    /// The signed evidence, a compact JWS.
    pub evidence: String,
    /// The captures of the attempt.
    pub captures: Vec<BundleCapture>,
    /// The frames that were drawn, a compact JWE; absent before they were asked for.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frames: Option<String>,
}

impl fmt::Debug for EvidenceBundle {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("EvidenceBundle").field("captures", &self.captures).finish_non_exhaustive()
    }
}

/// A capture as it was handed in.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct BundleCapture {
    /// What it was handed in as.
    pub kind: CaptureKind,
    /// The attempt it was handed in for, from 1.
    pub attempt: u32,
    /// What is there of it.
    #[serde(flatten)]
    pub content: CaptureContent,
}

/// A capture, sealed, or opened before.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(untagged)]
pub enum CaptureContent {
    /// As it came: it is opened.
    Sealed {
        /// Compact JWE.
        jwe: String,
    },
    /// Opened when it came, by [`super::Verifier::open_capture`]; the pictures may be elsewhere by now.
    Opened {
        /// SHA-256 of the opened bytes, lower-case hex.
        sha256: String,
        /// Their number; absent where it was not kept.
        #[serde(default)]
        bytes: Option<u32>,
    },
}

impl fmt::Debug for CaptureContent {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self {
            Self::Sealed { .. } => "Sealed",
            Self::Opened { .. } => "Opened",
        })
    }
}

/// What the operator knows of the attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct EvidenceContext {
    /// Session.
    pub session_id: String,
    /// The open attempt, from 1.
    pub attempt: u32,
    /// Its nonce.
    pub nonce: String,
    /// The device key that was registered for the session ([`super::registered_key`]); absent where none was.
    pub device_key: Option<Jwk>,
    /// When the session was opened, in ms since 1970. Nothing of it is older.
    pub opened_at_ms: u64,
    /// The time, in ms since 1970.
    pub now_ms: u64,
    /// Captures that must be there.
    #[serde(default)]
    pub required: Vec<CaptureKind>,
    /// What the page was asked to do (`idv_seal::configuration`); absent where that is not to be checked.
    #[serde(default)]
    pub configuration_sha256: Option<String>,
    /// What names evidence that was taken before ([`super::Checked::evidence_sha256`]).
    #[serde(default)]
    pub seen: Vec<String>,
    /// Frames that were drawn ([`super::draw`]); empty before that.
    #[serde(default)]
    pub drawn: Vec<u32>,
}
