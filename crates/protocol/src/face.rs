//! What the engine says of a face in a frame.

use crate::challenge::Action;
use crate::geometry::{PxRect, Size};
use crate::liveness::LivenessReport;
use crate::quality::QualityReport;
use serde::{Deserialize, Serialize};

/// What to tell the user about the face. The code is the key of the text in the locales.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FaceHint {
    /// No face in the frame.
    NoFace,
    /// More than one face in the frame.
    SeveralFaces,
    /// The face is too small.
    MoveCloser,
    /// The face is too large or cut off.
    MoveBack,
    /// The face is off the centre.
    Center,
    /// The head is turned away while it should face the camera.
    LookStraight,
    /// Out of focus or moving.
    Blurred,
    /// Too little light.
    TooDark,
    /// Too much light.
    TooBright,
    /// The light comes from behind.
    Backlit,
    /// A mask, a hand or sunglasses hide part of the face.
    Covered,
    /// The eyes are closed while they should be open.
    OpenEyes,
    /// The mouth is open, or the face shows an expression while it should be at rest.
    RelaxFace,
    /// Good: hold still.
    HoldStill,
    /// Turn the head to the subject's left.
    TurnLeft,
    /// Turn the head to the subject's right.
    TurnRight,
    /// Raise the head.
    LookUp,
    /// Lower the head.
    LookDown,
    /// Turn back to the front.
    TurnBack,
    /// Close both eyes and open them again.
    Blink,
    /// Smile.
    Smile,
    /// Bring the face towards the camera.
    ComeCloser,
    /// Go back to where the face was.
    GoBack,
    /// All done.
    Done,
}

/// Where the face step is.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum FacePhase {
    /// Waiting for one good frontal face; the selfie is taken here.
    Position,
    /// The challenge runs.
    Challenge,
    /// Ended; the report and the captures wait to be taken. The report says whether the challenge was met.
    Done,
}

/// The engine's answer to one frame of the face step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FaceStatus {
    /// Frame size in pixels; the face's coordinates are in it.
    pub frame: Size,
    /// The largest face.
    pub face: Option<PxRect>,
    /// Head pose of that face in degrees.
    pub pose: Option<HeadPose>,
    /// The checks of this frame.
    pub quality: QualityReport,
    /// Where the step is.
    pub phase: FacePhase,
    /// What to tell the user now.
    pub hint: FaceHint,
    /// Actions met so far.
    pub actions_done: u32,
    /// The draw of the challenge that is followed, from 0: it rises where a break begins the challenge anew.
    #[serde(default)]
    pub draw: u32,
    /// The action that is asked for; `None` before the first, on the way back from one, and at the end.
    #[serde(default)]
    pub asked: Option<Asked>,
    /// Progress of the whole step, 0 to 1.
    pub progress: f32,
    /// Set once, in the frame where `phase` becomes `done`.
    pub report: Option<Box<LivenessReport>>,
}

/// An action that is asked for now.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Asked {
    /// Which one.
    pub action: Action,
    /// How often it was done, where it is asked for several times.
    pub done: u32,
    /// Time left of its window in ms, 0 and above.
    pub left_ms: f64,
}

/// Head pose in degrees. Zero is facing the camera.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct HeadPose {
    /// Above 0: the head is turned to the subject's own left (right in an unmirrored picture).
    pub yaw_deg: f32,
    /// Above 0: the head is raised.
    pub pitch_deg: f32,
    /// Above 0: the head leans clockwise in an unmirrored picture.
    pub roll_deg: f32,
}
