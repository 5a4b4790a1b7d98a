//! Pictures that leave the device.

use crate::barcode::BarcodeReading;
use crate::document::DocumentSide;
use crate::geometry::{Quad, Size};
use crate::quality::QualityReport;
use crate::reading::MrzReading;
use serde::{Deserialize, Serialize};

/// What a capture shows.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CaptureKind {
    /// The whole frame with the front of the document: the side with the portrait.
    DocumentFront,
    /// The whole frame with the back of the document.
    DocumentBack,
    /// The frontal face.
    Selfie,
    /// The face in the middle of the first action of the challenge.
    #[serde(rename = "action_1")]
    Action1,
    /// The face in the middle of the second action.
    #[serde(rename = "action_2")]
    Action2,
}

impl CaptureKind {
    /// Every kind, in the order in which a flow makes them.
    pub const ALL: [Self; 5] =
        [Self::DocumentFront, Self::DocumentBack, Self::Selfie, Self::Action1, Self::Action2];

    /// The side of the document that it shows, where it shows one.
    pub const fn side(self) -> Option<DocumentSide> {
        match self {
            Self::DocumentFront => Some(DocumentSide::Front),
            Self::DocumentBack => Some(DocumentSide::Back),
            Self::Selfie | Self::Action1 | Self::Action2 => None,
        }
    }

    /// The code, as in JSON and in the relay's paths.
    pub const fn code(self) -> &'static str {
        match self {
            Self::DocumentFront => "document_front",
            Self::DocumentBack => "document_back",
            Self::Selfie => "selfie",
            Self::Action1 => "action_1",
            Self::Action2 => "action_2",
        }
    }
}

/// How a picture came about.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum CaptureMethod {
    /// Taken by the engine when every check passed.
    #[default]
    Automatic,
    /// Taken by the user, whatever the checks said.
    Manual,
    /// A file of the user's: it says nothing of when and where it was made.
    Upload,
}

/// A capture without its bytes.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// How it came about.
    #[serde(default)]
    pub method: CaptureMethod,
    /// When the frame was taken, in ms since its step began.
    pub at_ms: f64,
    /// The frame that it was made of: from the worker its number ([`crate::seal::FrameMark::index`]), in the evidence its
    /// leaf. Absent from files and from captures that are older than this load of the page.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub frame: Option<u32>,
    /// Corners in this picture's pixels, for documents.
    pub quad: Option<Quad>,
    /// The checks of this picture.
    pub quality: QualityReport,
    /// What the document's machine-readable zone says, where one was read. The operator reads it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub reading: Option<Box<MrzReading>>,
    /// What the document's barcode says, where the plan asks for one and one was read. The operator reads it again.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub barcode: Option<Box<BarcodeReading>>,
}
