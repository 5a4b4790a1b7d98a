//! Pictures that leave the device.

use crate::geometry::{Quad, Size};
use crate::quality::QualityReport;
use crate::reading::MrzReading;
use serde::{Deserialize, Serialize};

/// What a capture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum CaptureKind {
    /// The whole frame with the front of the document.
    DocumentFront,
    /// The frontal face.
    Selfie,
    /// The face at the peak of the first turn.
    #[serde(rename = "turn_1")]
    Turn1,
    /// The face at the peak of the second turn.
    #[serde(rename = "turn_2")]
    Turn2,
}

impl CaptureKind {
    /// The code, as in JSON and in the relay's paths.
    pub const fn code(self) -> &'static str {
        match self {
            Self::DocumentFront => "document_front",
            Self::Selfie => "selfie",
            Self::Turn1 => "turn_1",
            Self::Turn2 => "turn_2",
        }
    }
}

/// A capture without its bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct CaptureMeta {
    /// What it shows.
    pub kind: CaptureKind,
    /// The attempt it belongs to, from 1.
    pub attempt: u32,
    /// SHA-256 of the JPEG bytes, lower-case hex.
    pub sha256: String,
    /// Length of the JPEG in bytes.
    pub bytes: u32,
    /// Size of the picture in pixels.
    pub size: Size,
    /// When the frame was taken, in ms since its step began.
    pub at_ms: f64,
    /// Corners in this picture's pixels, for documents.
    pub quad: Option<Quad>,
    /// The checks of this picture.
    pub quality: QualityReport,
    /// What the document's machine-readable zone says, where one was read. The operator reads it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<Box<MrzReading>>,
}
