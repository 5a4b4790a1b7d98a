//! What the engine says of a document in a frame.

use crate::geometry::{Quad, Size};
use crate::quality::QualityReport;
use serde::{Deserialize, Serialize};

/// Shape of a document by ISO/IEC 7810.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub enum DocumentKind {
    /// 85.60 x 53.98 mm: identity cards, driving licences.
    #[serde(rename = "id1")]
    Id1,
    /// 105 x 74 mm: some visas and older cards.
    #[serde(rename = "id2")]
    Id2,
    /// 125 x 88 mm: the data page of a passport.
    #[serde(rename = "id3")]
    Id3,
}

impl DocumentKind {
    /// Width and height in millimetres (ISO/IEC 7810).
    pub const fn size_mm(self) -> (f32, f32) {
        match self {
            Self::Id1 => (85.60, 53.98),
            Self::Id2 => (105.0, 74.0),
            Self::Id3 => (125.0, 88.0),
        }
    }
}

/// What to tell the user about the document. The code is the key of the text in the locales.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum DocumentHint {
    /// No document in the frame.
    Searching,
    /// The document is too small in the frame.
    MoveCloser,
    /// The document reaches out of the frame.
    MoveBack,
    /// The document is held at an angle.
    HoldFlat,
    /// The document or the camera moves.
    HoldStill,
    /// Out of focus or moving.
    Blurred,
    /// A reflection covers part of the document.
    Glare,
    /// Too little light.
    TooDark,
    /// Too much light.
    TooBright,
    /// Good, but its machine-readable zone could not be read: a finger or a reflection on it.
    Unreadable,
    /// Good: being captured.
    Capturing,
}

/// The engine's answer to one frame of the document step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct DocumentStatus {
    /// Frame size in pixels; the quad's coordinates are in it.
    pub frame: Size,
    /// Corners, where a document was found.
    pub quad: Option<Quad>,
    /// Confidence of the corners, 0 to 1; 0 when none was found.
    pub confidence: f32,
    /// Shape, by proportions, where a document was found.
    pub kind: Option<DocumentKind>,
    /// The checks of this frame.
    pub quality: QualityReport,
    /// What to tell the user now.
    pub hint: DocumentHint,
    /// Progress of the automatic capture, 0 to 1.
    pub progress: f32,
    /// True once: the best frame has been captured and waits to be taken.
    pub captured: bool,
}
