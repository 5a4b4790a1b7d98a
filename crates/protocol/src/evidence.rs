//! What the browser hands over at the end: the manifest of everything it captured and measured.

use crate::capture::CaptureMeta;
use crate::document::DocumentKind;
use crate::liveness::LivenessReport;
use crate::seal::{BuildUse, FrameCommitment};
use serde::{Deserialize, Serialize};

/// A model that took part.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ModelUse {
    /// Name in the model manifest.
    pub name: String,
    /// SHA-256 of the model file, lower-case hex.
    pub sha256: String,
}

/// Consent as it was given.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ConsentRecord {
    /// Version of the terms.
    pub version: String,
    /// Language the terms were shown in, a BCP 47 tag.
    pub locale: String,
    /// Time of the tap in ms since 1970: the server's time in the plan, carried on by the page's monotonic clock.
    pub given_at_ms: u64,
}

/// The camera that was used, without its label or id.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CameraUse {
    /// `environment`, `user` or `unknown`.
    pub facing: String,
    /// Width of the stream in pixels.
    pub width: u32,
    /// Height of the stream in pixels.
    pub height: u32,
    /// Frames per second the stream promises; 0 when it says none.
    pub frame_rate: f64,
}

/// The manifest. Digests bind it to the captures, the nonce binds it to the session and the attempt.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Evidence {
    /// Version of this wire format.
    pub protocol_version: String,
    /// Version of the browser module.
    pub module_version: String,
    /// Session it belongs to.
    pub session_id: String,
    /// Attempt it belongs to, from 1.
    pub attempt: u32,
    /// The attempt's nonce.
    pub nonce: String,
    /// When it was made, in ms since 1970: the server's time in the plan, carried on by the page's monotonic clock.
    pub issued_at_ms: u64,
    /// RFC 7638 thumbprint of the device key that signs it.
    pub device_key: String,
    /// Files of the module. Recorded; a hostile page can say anything.
    pub build: BuildUse,
    /// SHA-256 of what the page was asked to do, lower-case hex: `idv_seal::configuration`. Recorded, like `build`.
    pub configuration_sha256: String,
    /// Consent, as given.
    pub consent: ConsentRecord,
    /// Models that took part.
    pub models: Vec<ModelUse>,
    /// Cameras that were opened, in order.
    pub cameras: Vec<CameraUse>,
    /// Shape of the document, where one was asked for.
    pub document_kind: Option<DocumentKind>,
    /// Every capture of this attempt, bytes not included.
    pub captures: Vec<CaptureMeta>,
    /// Every frame that was processed in this attempt since the page was loaded; absent where none was.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frames: Option<FrameCommitment>,
    /// What was seen of the person, where a face was asked for.
    pub liveness: Option<LivenessReport>,
    /// Median time per frame in the worker: document, then face; in ms. 0 where the step did not run.
    pub timings_ms: StepTimings,
}

/// Time spent per frame.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct StepTimings {
    /// Median of the document step's frames, in ms.
    pub document_frame: f64,
    /// Median of the face step's frames, in ms.
    pub face_frame: f64,
}
