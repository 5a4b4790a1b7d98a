//! What a face does, in numbers: against the same face at rest.

use crate::face::{Mesh, at, head_pose, nose_offset};
use idv_protocol::ActionKind;
use idv_protocol::face::HeadPose;

/// The one face of a frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Seen {
    /// Head pose.
    pub pose: HeadPose,
    /// Offset of the nose, as [`crate::face::nose_offset`] gives it.
    pub nose_offset: f32,
    /// Distance of the eyes and of eyes and chin together, in px: how large the face is.
    pub size_px: f32,
    /// Eye aspect ratio of the more open eye.
    pub eyes: f32,
    /// Width of the mouth over the distance of the eyes.
    pub smile: f32,
    /// True when every check of a frontal face passed.
    pub good: bool,
}

/// Points of an eye in the order of Soukupová and Čech, "Real-Time Eye Blink Detection using Facial Landmarks" (2016): a
/// corner, two of the upper lid, the other corner, two of the lower lid; by MediaPipe's canonical face model.
const EYES: [[usize; 6]; 2] = [
    [at::RIGHT_EYE_OUTER, 160, 158, at::RIGHT_EYE_INNER, 153, 144],
    [at::LEFT_EYE_INNER, 385, 387, at::LEFT_EYE_OUTER, 373, 380],
];

impl Seen {
    /// What `mesh` shows; `good` where every check of a frontal face passed.
    pub fn of(mesh: &Mesh, good: bool) -> Self {
        let gap = |a: usize, b: usize| mesh.point(a).distance(mesh.point(b));
        let [right, left] = mesh.eyes();
        let eyes_px = right.distance(left).max(LEAST);
        let height_px = gap(at::FOREHEAD, at::CHIN);
        let openness = EYES.map(|[corner, up, up_2, other, down_2, down]| {
            (gap(up, down) + gap(up_2, down_2)) / (2.0 * gap(corner, other)).max(LEAST)
        });
        Self {
            pose: head_pose(mesh),
            nose_offset: nose_offset(mesh),
            // A turn shortens one of them, a nod the other.
            size_px: eyes_px.max(height_px * EYES_OVER_HEIGHT),
            eyes: openness[0].max(openness[1]),
            smile: gap(at::RIGHT_MOUTH_CORNER, at::LEFT_MOUTH_CORNER) / eyes_px,
            good,
        }
    }
}

/// Distance of the eyes over that of hairline and chin in MediaPipe's canonical face model, about.
const EYES_OVER_HEIGHT: f32 = 0.4;

/// The face at rest: the middle of several frames.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Rest {
    pose: HeadPose,
    nose_offset: f32,
    size_px: f32,
    eyes: f32,
    smile: f32,
}

/// Where the frames of rest lie whose eyes count: everybody blinks, so the upper quarter.
const EYES_SHARE: f32 = 0.75;

impl Rest {
    /// The rest of a face that was seen in `frames`; `None` without any.
    pub fn of(frames: &[Seen]) -> Option<Self> {
        let of = |share: f32, value: &dyn Fn(&Seen) -> f32| {
            let mut values: Vec<f32> = frames.iter().map(value).collect();
            values.sort_by(f32::total_cmp);
            values.get((values.len().saturating_sub(1) as f32 * share).round() as usize).copied()
        };
        Some(Self {
            pose: HeadPose {
                yaw_deg: of(0.5, &|seen| seen.pose.yaw_deg)?,
                pitch_deg: of(0.5, &|seen| seen.pose.pitch_deg)?,
                roll_deg: of(0.5, &|seen| seen.pose.roll_deg)?,
            },
            nose_offset: of(0.5, &|seen| seen.nose_offset)?,
            size_px: of(0.5, &|seen| seen.size_px)?,
            eyes: of(EYES_SHARE, &|seen| seen.eyes)?,
            smile: of(0.5, &|seen| seen.smile)?,
        })
    }

    /// Turn of the head against the rest in degrees, above 0 in the direction of `kind`.
    pub fn turned_deg(&self, kind: ActionKind, seen: &Seen) -> f32 {
        match kind {
            ActionKind::TurnLeft => seen.pose.yaw_deg - self.pose.yaw_deg,
            ActionKind::TurnRight => self.pose.yaw_deg - seen.pose.yaw_deg,
            ActionKind::LookUp => seen.pose.pitch_deg - self.pose.pitch_deg,
            ActionKind::LookDown => self.pose.pitch_deg - seen.pose.pitch_deg,
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

    /// Openness of the eyes over that at rest.
    pub fn eyes_ratio(&self, seen: &Seen) -> f32 {
        seen.eyes / self.eyes.max(LEAST)
    }

    /// Smile over that at rest.
    pub fn smile_ratio(&self, seen: &Seen) -> f32 {
        seen.smile / self.smile.max(LEAST)
    }

    /// Size of the face over that at rest.
    pub fn growth_ratio(&self, seen: &Seen) -> f32 {
        seen.size_px / self.size_px.max(LEAST)
    }

    /// What the protocol calls the value of an action in one frame: degrees, or a ratio to the rest. Of a blink, the
    /// openness of the eyes.
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
