//! Whether a picture is good enough: each check with its measured value, its threshold and its remedy.

use serde::{Deserialize, Serialize};

/// What was checked. The code is also the key of the remedy's text in the locales.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CheckCode {
    /// Edge energy of the picture, so that print can be read.
    Sharpness,
    /// Share of blown-out, structureless pixels.
    Glare,
    /// Mean luma too low.
    ExposureLow,
    /// Mean luma too high.
    ExposureHigh,
    /// Length of the document's or face's side in pixels.
    Size,
    /// Perspective tilt of the document in degrees.
    Tilt,
    /// How still the object is between frames, in fractions of its size.
    Stability,
    /// Document or face touches the edge of the frame.
    CutOff,
    /// Distance of the face from the middle of the frame, over the frame's shorter side.
    Position,
    /// Head not facing the camera, in degrees.
    Pose,
    /// Number of faces in the frame.
    FaceCount,
    /// Share of the machine-readable zone that something lies over; of a face, the share of the skin's colour or light
    /// that is missing around its eyes or its mouth.
    Covered,
    /// Luma of the background over that of the face's lit parts.
    Backlight,
    /// Openness of the eyes over the person's own at rest, or their openness itself where that is not known.
    EyesOpen,
    /// Gap between the lips, over the distance of the eyes.
    Expression,
    /// Portraits on the document's front.
    Portrait,
    /// Difference of the proportions from the nearest accepted shape, as a natural logarithm.
    Kind,
    /// Likeness of the back to the front that was captured before, -1 to 1: too much, and it is the front still.
    Likeness,
    /// Signal: dots an inch at which the document is seen.
    Resolution,
    /// Signal: brightness of the document's darker parts over that of its lighter ones.
    Shadow,
    /// Signal: colourfulness, low on a grey copy, in units of luma.
    Colour,
    /// Signal: share of the document with one fine period, high on a screen.
    Moire,
}

/// One check with its numbers. `value` passes when it is on the good side of `threshold`; the unit is the code's.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Check {
    /// What was checked.
    pub code: CheckCode,
    /// The measured value, in the unit of the code.
    pub value: f32,
    /// The limit the value was held against, in the same unit.
    pub threshold: f32,
    /// Whether the value is on the good side.
    pub passed: bool,
}

/// All checks of one picture.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct QualityReport {
    /// The checks that were made, most important first.
    pub checks: Vec<Check>,
    /// Signals: measured on captured documents, recorded for the operator, and no reason to refuse a picture.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub signals: Vec<Check>,
}

impl QualityReport {
    /// True when every check passed.
    pub fn passed(&self) -> bool {
        self.checks.iter().all(|check| check.passed)
    }

    /// The first failed check: what the user should mend first.
    pub fn first_failed(&self) -> Option<&Check> {
        self.checks.iter().find(|check| !check.passed)
    }
}
