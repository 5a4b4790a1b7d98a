//! Times and limits of the face step.

use crate::face::EYES_CLOSED_RATIO;
use idv_protocol::ActionKind;

/// Times and limits of the face step.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ScriptParams {
    /// How long a good frontal face is watched before the first action is asked for, in ms: long enough to choose
    /// the best of several frames, short enough to hold still.
    pub position_ms: f64,
    /// Fewest good frames in that time, so that a slow device has a choice as well.
    pub position_frames: u32,
    /// A fault shorter than this, in ms, does not begin the watch anew: one blurred frame in a second is usual.
    pub tolerated_gap_ms: f64,
    /// Without exactly one face for longer than this, in ms, continuity is broken: another face could have taken its
    /// place. Detection may fail for some frames while a head turns quickly.
    pub lost_ms: f64,
    /// Yaw against the rest, in degrees, from which a head counts as turned. People turn by 25 to 45 degrees when asked
    /// to; below 20 the turn could be a mere movement of the camera.
    pub turned_deg: f32,
    /// Pitch against the rest, in degrees, from which a head counts as raised or lowered. Necks bend less than they
    /// turn, and the mesh reads about two thirds of a nod.
    pub nodded_deg: f32,
    /// Smile over that at rest from which a face smiles.
    pub smile_ratio: f32,
    /// Size of the face over that at rest from which it has come closer: from 50 cm to 38.
    pub closer_ratio: f32,
    /// Frames in which an action must be seen, so that one wrong measurement meets nothing. A blink is shorter than
    /// that on slow devices; it is asked for several times instead.
    pub action_frames: u32,
    /// Change of the nose's offset from which a turn has the parallax of a solid head. At 20 degrees a head gives
    /// about 0.3; a flat picture, tilted by 45 degrees at 40 cm, 0.03 by its perspective.
    pub min_parallax: f32,
    /// Turn in degrees, in any direction, below which a head is back at rest.
    pub front_deg: f32,
    /// Change of the nose's offset below which a head is back at rest.
    pub front_parallax: f32,
    /// Share of what an action needs below which a face is back at rest after a smile or after coming closer.
    pub rest_share: f32,
    /// How long after an action was met its best frame is looked for, in ms.
    pub peak_ms: f64,
}

impl Default for ScriptParams {
    fn default() -> Self {
        Self {
            position_ms: 800.0,
            position_frames: 4,
            tolerated_gap_ms: 300.0,
            lost_ms: 600.0,
            turned_deg: 20.0,
            nodded_deg: 11.0,
            smile_ratio: 1.12,
            closer_ratio: 1.3,
            action_frames: 2,
            min_parallax: 0.15,
            front_deg: 12.0,
            front_parallax: 0.2,
            rest_share: 0.5,
            peak_ms: 400.0,
        }
    }
}

impl ScriptParams {
    /// What an action's value must reach; of a blink, what the openness of the eyes must fall below.
    pub fn needed(&self, kind: ActionKind) -> f32 {
        match kind {
            ActionKind::TurnLeft | ActionKind::TurnRight => self.turned_deg,
            ActionKind::LookUp | ActionKind::LookDown => self.nodded_deg,
            ActionKind::Blink => EYES_CLOSED_RATIO,
            ActionKind::Smile => self.smile_ratio,
            ActionKind::ComeCloser => self.closer_ratio,
        }
    }
}
