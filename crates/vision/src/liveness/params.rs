//! Times and limits of the face step.

use super::depth::MIN_SOLID_RESIDUAL;
use super::measure::{Rest, Seen};
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
    /// turn. Below that a head's residual is not yet clear of a picture's.
    pub nodded_deg: f32,
    /// Smile over that at rest from which a face smiles.
    pub smile_ratio: f32,
    /// Size of the face over that at rest from which it has come closer: from 50 cm to 38.
    pub closer_ratio: f32,
    /// Openness of the eyes over that at rest below which they are closed.
    pub closed_ratio: f32,
    /// Frames in which an action must be seen, so that one wrong measurement meets nothing. A blink is shorter than
    /// that on slow devices; it is asked for several times instead.
    pub action_frames: u32,
    /// Change of the nose's offset from which a turn has the parallax of a solid head. At 20 degrees a head gives
    /// about 0.3; a flat picture, tilted by 45 degrees at 40 cm, 0.03 by its perspective.
    pub min_parallax: f32,
    /// Residual of a plane's motion from which a head that turns or nods is solid: [`MIN_SOLID_RESIDUAL`].
    pub min_residual: f32,
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
            nodded_deg: 12.0,
            smile_ratio: 1.12,
            closer_ratio: 1.3,
            closed_ratio: EYES_CLOSED_RATIO,
            action_frames: 2,
            min_parallax: 0.15,
            min_residual: MIN_SOLID_RESIDUAL,
            front_deg: 12.0,
            front_parallax: 0.2,
            rest_share: 0.5,
            peak_ms: 400.0,
        }
    }
}

/// Share of what a frame must show that a picture of the action must show: it is of another frame than the one that met
/// it, and a JPEG.
const PICTURE_SHARE: f32 = 0.75;

/// The parallax of a turn's picture: a flat picture that is tilted by 45 degrees at 40 cm reaches 0.03.
const PICTURE_PARALLAX: f32 = 0.08;

impl ScriptParams {
    /// The limits for the pictures of actions, against the selfie as the face at rest.
    pub fn of_pictures() -> Self {
        let live = Self::default();
        let ratio = |limit: f32| 1.0 + (limit - 1.0) * PICTURE_SHARE;
        Self {
            turned_deg: live.turned_deg * PICTURE_SHARE,
            nodded_deg: live.nodded_deg * PICTURE_SHARE,
            smile_ratio: ratio(live.smile_ratio),
            closer_ratio: ratio(live.closer_ratio),
            closed_ratio: ratio(live.closed_ratio),
            min_parallax: PICTURE_PARALLAX,
            min_residual: live.min_residual * PICTURE_SHARE,
            ..live
        }
    }

    /// Whether a frame shows the action `kind`: as far as it must go, and where the head moves, as a solid head.
    pub fn shows(&self, kind: ActionKind, rest: &Rest, seen: &Seen) -> bool {
        let is_turn = matches!(kind, ActionKind::TurnLeft | ActionKind::TurnRight);
        let solid = (!is_turn || rest.parallax(kind, seen) >= self.min_parallax)
            && (!kind.shows_depth() || seen.depth.is_some_and(|depth| depth >= self.min_residual));
        let value = rest.value(kind, seen);
        solid
            && if kind == ActionKind::Blink { value < self.needed(kind) } else { value >= self.needed(kind) }
    }

    /// What an action's value must reach; of a blink, what the openness of the eyes must fall below.
    pub fn needed(&self, kind: ActionKind) -> f32 {
        match kind {
            ActionKind::TurnLeft | ActionKind::TurnRight => self.turned_deg,
            ActionKind::LookUp | ActionKind::LookDown => self.nodded_deg,
            ActionKind::Blink => self.closed_ratio,
            ActionKind::Smile => self.smile_ratio,
            ActionKind::ComeCloser => self.closer_ratio,
        }
    }
}
