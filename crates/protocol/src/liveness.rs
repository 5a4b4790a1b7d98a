//! What was seen of the person. In: nothing. Out: the report that the face step ends with. Rule: it decides nothing;
//! the operator checks the same evidence again.

use crate::challenge::{Action, ChallengeSet};
use crate::face::HeadPose;
use serde::{Deserialize, Serialize};

/// Order of a network's colour planes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum ColourOrder {
    /// Red first.
    #[serde(rename = "RGB")]
    Rgb,
    /// Blue first.
    #[serde(rename = "BGR")]
    Bgr,
}

/// What a network of the passive presentation-attack detection takes and says, as the model manifest has it. Its input is
/// one square of three planes, whose side the model file itself states.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PadSpec {
    /// Order of the planes.
    pub channels: ColourOrder,
    /// Values of black and of white.
    pub range: [f32; 2],
    /// Sides of the crops that are looked at, over those of the face's box. The network's score is the mean over them.
    pub crops: Vec<f32>,
    /// Index of the class that is a live face.
    pub live_class: usize,
}

impl Default for PadSpec {
    /// The network of this project's own manifest: one crop with the face's texture, one that also shows the edges of a
    /// sheet or a screen.
    fn default() -> Self {
        Self { channels: ColourOrder::Bgr, range: [0.0, 255.0], crops: vec![1.5, 2.7], live_class: 0 }
    }
}

/// The passive presentation-attack detection of the face step.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
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

/// A sign of a print or a screen, measured apart from the model.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum CueCode {
    /// Skin lacks the fine texture of skin, or has that of print.
    Texture,
    /// The even pattern of a screen.
    Moire,
    /// Edges of a sheet or a screen around the face.
    Bezel,
    /// What is around the face moves with it.
    Background,
}

/// One such sign.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Cue {
    /// Which.
    pub code: CueCode,
    /// What was measured, in the cue's own unit.
    pub value: f32,
    /// The limit it is held against.
    pub threshold: f32,
    /// True where the value is that of a live face.
    pub passed: bool,
}

/// One measured moment of the challenge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PoseSample {
    /// Time since the face step began, in ms.
    pub at_ms: f64,
    /// Head pose at that time.
    pub pose: HeadPose,
}

/// What happened to one action of the challenge.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct ActionResult {
    /// What was asked.
    pub action: Action,
    /// Time of the frame that was answered with the prompt, in ms since the face step began.
    pub prompted_at_ms: f64,
    /// Time of the frame in which it was met, on the same clock; absent when the time ran out.
    pub met_at_ms: Option<f64>,
    /// Its peak: degrees against the front in the asked direction; blinks; smile, or size of the face, over that at rest.
    pub value: f32,
    /// Largest residual of a plane's motion in its frames, as [`DepthReport::residual`]; absent where the head neither
    /// turns nor nods.
    pub depth: Option<f32>,
}

/// Why a draw of the challenge ended before it was met or its time ran out.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum BreakReason {
    /// No face was seen for longer than a head that turns hides it.
    FaceLost,
    /// More than one face was seen for as long.
    SeveralFaces,
    /// The face is another one than before.
    AnotherFace,
    /// The face is elsewhere, or of another size, than it can be so soon.
    Jump,
    /// The same frame came again.
    RepeatedFrames,
    /// Frames came in no order of time, or after a gap in which anything could have happened.
    Timing,
}

/// A break of continuity.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Break {
    /// Time since the face step began, in ms.
    pub at_ms: f64,
    /// What broke.
    pub reason: BreakReason,
    /// The draw that it ended, from 0.
    pub draw: u32,
}

/// Whether what moved was a plane or a head.
#[derive(Clone, Copy, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct DepthReport {
    /// What remains of the motion of a face's points once that of a plane (a homography) is taken away: over the
    /// distance of the eyes, the largest of the frames in which the head was to turn or nod. A picture of a face,
    /// however it is moved, stays near 0.
    pub residual: f32,
    /// Growth of the nose's region over that of the outline when the face came closest, less 1; absent where that was
    /// not asked. Recorded: a head's is too near to a picture's to decide by.
    pub growth: Option<f32>,
    /// Frames that were compared with the frontal one.
    pub frames: u32,
    /// True where the head was to turn or nod, and all of it could be a plane.
    pub flat: bool,
}

/// What was seen of the person.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct LivenessReport {
    /// Nonce of the challenge that was followed.
    pub nonce: String,
    /// Its set.
    pub set: ChallengeSet,
    /// The draw that the results are of, from 0.
    pub draw: u32,
    /// One entry per action that was asked for in that draw, in order; the last one may be unmet.
    pub actions: Vec<ActionResult>,
    /// True when every action was met in time.
    pub challenge_met: bool,
    /// Depth over all actions of that draw; absent where none showed it.
    pub depth: Option<DepthReport>,
    /// Every break, in order.
    pub breaks: Vec<Break>,
    /// The passive model's scores.
    pub passive: Passive,
    /// Signs of a print or a screen.
    pub cues: Vec<Cue>,
    /// Head pose over time.
    pub poses: Vec<PoseSample>,
    /// Frames seen in this step.
    pub frames: u32,
    /// Duration of the step in ms.
    pub duration_ms: f64,
}
