//! What the engine says of a face in a frame, the challenge it follows and the report it ends with.

use crate::geometry::{PxRect, Size};
use crate::quality::QualityReport;
use serde::{Deserialize, Serialize};

/// Where to turn the head, from the subject's own point of view. Turning left means yaw above 0: in an
/// unmirrored picture the nose moves to the right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Turn {
    /// To the subject's own left, yaw above 0.
    Left,
    /// To the subject's own right, yaw below 0.
    Right,
}

/// The active challenge of one attempt, drawn by the relay.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Challenge {
    /// Server nonce of this attempt, 32 bytes as lower-case hex. `turns` derives from it.
    pub nonce: String,
    /// Head turns in order; the head comes back to the front after each.
    pub turns: Vec<Turn>,
    /// Time for each turn, counted from its prompt, in ms.
    pub turn_timeout_ms: u32,
}

/// What to tell the user about the face. The code is the key of the text in the locales.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
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
    /// Turns met so far.
    pub turns_done: u32,
    /// Progress of the whole step, 0 to 1.
    pub progress: f32,
    /// Set once, in the frame where `phase` becomes `done`.
    pub report: Option<LivenessReport>,
}

/// Head pose in degrees. Zero is facing the camera.
#[derive(Clone, Copy, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct HeadPose {
    /// Above 0: the head is turned to the subject's own left (right in an unmirrored picture).
    pub yaw_deg: f32,
    /// Above 0: the head is raised.
    pub pitch_deg: f32,
    /// Above 0: the head leans clockwise in an unmirrored picture.
    pub roll_deg: f32,
}

/// The passive presentation-attack detection of the face step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[serde(tag = "state", rename_all = "snake_case")]
pub enum Passive {
    /// No model in the manifest: nothing was measured.
    NotRun,
    /// Scores of several frames.
    Scored {
        /// Probability of a live face per frame, 0 to 1.
        scores: Vec<f32>,
        /// Their median.
        median: f32,
    },
}

/// One measured moment of the challenge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct PoseSample {
    /// Time since the face step began, in ms.
    pub at_ms: f64,
    /// Head pose at that time.
    pub pose: HeadPose,
}

/// What happened to one turn of the challenge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct TurnResult {
    /// What was asked.
    pub turn: Turn,
    /// When it was asked, in ms since the face step began.
    pub prompted_at_ms: f64,
    /// When the turn was reached; absent when the time ran out.
    pub met_at_ms: Option<f64>,
    /// Largest yaw in the asked direction, in degrees.
    pub peak_yaw_deg: f32,
    /// Change of nose-to-eye-midpoint offset over eye distance between front and peak: parallax that a flat
    /// picture does not show.
    pub parallax: f32,
}

/// What was seen of the person. It decides nothing: the operator checks the same evidence again.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct LivenessReport {
    /// Nonce of the challenge that was followed.
    pub nonce: String,
    /// One entry per asked turn, in order; the last one may be unmet.
    pub turns: Vec<TurnResult>,
    /// True when every turn was met in time.
    pub challenge_met: bool,
    /// The passive model's scores.
    pub passive: Passive,
    /// Head pose over time.
    pub poses: Vec<PoseSample>,
    /// Frames seen in this step.
    pub frames: u32,
    /// Duration of the step in ms.
    pub duration_ms: f64,
}
