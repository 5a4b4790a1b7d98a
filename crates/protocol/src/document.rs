//! What the engine says of a document in a frame.

use crate::capture::CaptureKind;
use crate::geometry::{Quad, Size};
use crate::quality::QualityReport;
use crate::reading::CalendarDate;
use serde::{Deserialize, Serialize};

/// Shape of a document by ISO/IEC 7810.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

/// Side of a document.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum DocumentSide {
    /// The side with the portrait; the data page of a passport.
    #[default]
    Front,
    /// The other side of a card.
    Back,
}

impl DocumentSide {
    /// What a capture of it is called.
    pub const fn capture_kind(self) -> CaptureKind {
        match self {
            Self::Front => CaptureKind::DocumentFront,
            Self::Back => CaptureKind::DocumentBack,
        }
    }
}

/// One side to capture, in one attempt.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DocumentTask {
    /// Attempt, from 1.
    pub attempt: u32,
    /// The day by the relay's clock: dates of a zone lack their century.
    pub today: CalendarDate,
    /// Which side. The back follows the front in the same engine, which knows the front again.
    pub side: DocumentSide,
    /// Shapes that are accepted; any where empty.
    pub kinds: Vec<DocumentKind>,
    /// Time after which the user may take the picture, in ms since the first frame.
    pub manual_after_ms: u32,
    /// Captures given up in this task after which the user may take the picture.
    pub manual_after_failures: u32,
    /// Whether this side should have a barcode that can be read.
    pub barcode: bool,
}

impl DocumentTask {
    /// Time after which the user may take the picture, in ms, where nothing else is said: by then a capture has
    /// worked, or something is in its way.
    pub const MANUAL_AFTER_MS: u32 = 20_000;

    /// Captures given up after which the user may take the picture, where nothing else is said.
    pub const MANUAL_AFTER_FAILURES: u32 = 3;

    /// A side of a document of any shape, without a barcode.
    pub fn new(attempt: u32, side: DocumentSide, today: CalendarDate) -> Self {
        Self {
            attempt,
            today,
            side,
            kinds: Vec::new(),
            manual_after_ms: Self::MANUAL_AFTER_MS,
            manual_after_failures: Self::MANUAL_AFTER_FAILURES,
            barcode: false,
        }
    }
}

/// Largest file that is looked at in place of a capture, in bytes: phones write photos of up to 15 MB.
pub const MAX_FILE_BYTES: usize = 20 * 1024 * 1024;

/// Why a file is not taken for a document's picture. The code is the key of the text in the locales.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FileProblem {
    /// HEIC or HEIF, as iPhones keep their photos.
    Heic,
    /// A PDF.
    Pdf,
    /// Another format than JPEG and PNG, or no picture at all.
    UnsupportedFormat,
    /// More than one picture, such as an animated PNG.
    Animated,
    /// Too many bytes.
    TooLarge,
    /// Too many pixels.
    TooManyPixels,
    /// Too few pixels to read a document.
    TooSmall,
    /// Cut off or broken.
    Damaged,
    /// No document was found in it.
    NoDocument,
    /// A document of another kind than the ones accepted.
    WrongKind,
    /// The wrong side of the document.
    WrongSide,
}

/// What to tell the user about the document. The code is the key of the text in the locales.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// A document of another kind than the ones accepted.
    WrongKind,
    /// The front is asked for, and this is not the side with the portrait.
    WrongSide,
    /// The back is asked for, and this is the front still.
    TurnOver,
    /// Something lies over the machine-readable zone, such as a finger.
    Covered,
    /// Good, but its machine-readable zone or barcode could not be read.
    Unreadable,
    /// Good: being captured.
    Capturing,
}

/// The engine's answer to one frame of the document step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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
    /// True from when on the user may take the picture by hand, or hand in a file where the plan allows it.
    pub manual: bool,
    /// True once: the best frame has been captured and waits to be taken.
    pub captured: bool,
}
