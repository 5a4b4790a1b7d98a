//! What a face does, in numbers: against the same face at rest.

use super::depth::residual;
use crate::face::{self, Expression, Mesh, at, head_pose, nose_offset};
use crate::frame::RgbaView;
use idv_protocol::ActionKind;
use idv_protocol::face::HeadPose;

/// The one face of a frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// Head pose.
    pub pose: HeadPose,
    /// Offset of the nose, as [`crate::face::nose_offset`] gives it.
    pub nose_offset: f32,
    /// How large the face is, in px: the distance of its eyes, or what that is by its height.
    pub size_px: f32,
    /// Eyes and mouth.
    pub expression: Expression,
    /// Residual of a plane's motion against the face at rest, as [`super::depth::residual`] gives it; `None` before there
    /// is one.
    pub depth: Option<f32>,
    /// True when every check of a frontal face passed.
    pub good: bool,
}

/// Distance of the eyes over that of hairline and chin in MediaPipe's canonical face model, about.
const EYES_OVER_HEIGHT: f32 = 0.4;

impl Seen {
    /// What `mesh`, found in `frame`, shows against the mesh of the same face at rest; `good` where every check of a
    /// frontal face passed.
    pub fn of(frame: RgbaView<'_>, mesh: &Mesh, rest: Option<&Mesh>, good: bool) -> Self {
        let [right, left] = mesh.eyes();
        let height_px = mesh.point(at::FOREHEAD).distance(mesh.point(at::CHIN));
        Self {
            pose: head_pose(mesh),
            nose_offset: nose_offset(mesh),
            // A turn shortens one of them, a nod the other.
            size_px: right.distance(left).max(height_px * EYES_OVER_HEIGHT),
            expression: Expression::seen(frame, mesh),
            depth: rest.and_then(|rest| residual(rest, mesh)),
            good,
        }
    }
}

/// The face at rest: the middle of several frames.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rest {
    face: face::Rest,
    nose_offset: f32,
    size_px: f32,
}

/// Where among the frames of rest those lie whose eyes count: everybody blinks, so the upper quarter.
const EYES_SHARE: f32 = 0.75;

impl Rest {
    /// The rest of a face that was seen in `frames`; `None` without any.
    pub fn of(frames: &[Seen]) -> Option<Self> {
        let at = |share: f32, value: &dyn Fn(&Seen) -> f32| {
            let mut values: Vec<f32> = frames.iter().map(value).collect();
            values.sort_by(f32::total_cmp);
            values.get((values.len().saturating_sub(1) as f32 * share).round() as usize).copied()
        };
        let middle = |value: &dyn Fn(&Seen) -> f32| at(0.5, value);
        let eye = |index: usize| at(EYES_SHARE, &|seen| seen.expression.eye_openness[index]);
        let expression = Expression {
            eye_openness: [eye(0)?, eye(1)?],
            mouth_open: middle(&|seen| seen.expression.mouth_open)?,
            smile: middle(&|seen| seen.expression.smile)?,
        };
        let pose = HeadPose {
            yaw_deg: middle(&|seen| seen.pose.yaw_deg)?,
            pitch_deg: middle(&|seen| seen.pose.pitch_deg)?,
            roll_deg: middle(&|seen| seen.pose.roll_deg)?,
        };
        Some(Self {
            face: face::Rest { expression, pose },
            nose_offset: middle(&|seen| seen.nose_offset)?,
            size_px: middle(&|seen| seen.size_px)?,
        })
    }

    /// Turn of the head against the rest in degrees, above 0 in the direction of `kind`; 0 where that is none.
    pub fn turned_deg(&self, kind: ActionKind, seen: &Seen) -> f32 {
        match kind {
            ActionKind::TurnLeft => seen.pose.yaw_deg - self.face.pose.yaw_deg,
            ActionKind::TurnRight => self.face.pose.yaw_deg - seen.pose.yaw_deg,
            ActionKind::LookUp => self.face.nod_deg(&seen.pose),
            ActionKind::LookDown => -self.face.nod_deg(&seen.pose),
            ActionKind::Blink | ActionKind::Smile | ActionKind::ComeCloser => 0.0,
        }
    }

    /// Change of the nose's offset against the rest, above 0 in the direction of `kind`; 0 where that is no turn.
    pub fn parallax(&self, kind: ActionKind, seen: &Seen) -> f32 {
        match kind {
            ActionKind::TurnLeft => seen.nose_offset - self.nose_offset,
            ActionKind::TurnRight => self.nose_offset - seen.nose_offset,
            _ => 0.0,
        }
    }

    /// Openness of the more open eye over its own at rest.
    pub fn eyes_ratio(&self, seen: &Seen) -> f32 {
        self.face.eyes_ratio(&seen.expression)
    }

    /// Smile over that at rest.
    pub fn smile_ratio(&self, seen: &Seen) -> f32 {
        self.face.smile_ratio(&seen.expression)
    }

    /// Size of the face over that at rest.
    pub fn growth_ratio(&self, seen: &Seen) -> f32 {
        seen.size_px / self.size_px.max(LEAST)
    }

    /// What an action is measured by in one frame: degrees in its direction, smile or size over that at rest; of a blink,
    /// the openness of the eyes over that at rest.
    pub fn value(&self, kind: ActionKind, seen: &Seen) -> f32 {
        match kind {
            ActionKind::Blink => self.eyes_ratio(seen),
            ActionKind::Smile => self.smile_ratio(seen),
            ActionKind::ComeCloser => self.growth_ratio(seen),
            _ => self.turned_deg(kind, seen),
        }
    }
}

/// Keeps divisions finite.
const LEAST: f32 = 1e-6;
