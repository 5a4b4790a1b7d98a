//! What a face does: how far its eyes and its mouth are open, and whether it smiles.
//!
//! In: a [`Mesh`]. Out: an [`Expression`], and a [`Baseline`] of the same person's rest. Rule: no absolute number says
//! "closed" or "smiling", since a squint of one person is the open eye of another; every judgement is relative to the
//! person's own rest.

use super::eyes;
use super::mesh::{Mesh, at};
use crate::frame::RgbaView;
use idv_protocol::face::HeadPose;

/// Points of one eye in the order of Soukupová and Čech, "Real-Time Eye Blink Detection using Facial Landmarks" (2016):
/// a corner, two of the upper lid, the other corner, two of the lower lid. Indices of MediaPipe's canonical face model,
/// the subject's right eye first: its contours FACEMESH_RIGHT_EYE and FACEMESH_LEFT_EYE.
const EYES: [[usize; 6]; 2] = [
    [at::RIGHT_EYE_OUTER, 160, 158, at::RIGHT_EYE_INNER, 153, 144],
    [at::LEFT_EYE_INNER, 385, 387, at::LEFT_EYE_OUTER, 373, 380],
];

/// Middle of the upper lip's lower edge, FACEMESH_LIPS.
const UPPER_LIP_INNER: usize = 13;

/// Middle of the lower lip's upper edge, FACEMESH_LIPS.
const LOWER_LIP_INNER: usize = 14;

/// Middle of the upper lip's upper edge, FACEMESH_LIPS.
const UPPER_LIP_OUTER: usize = 0;

/// An expression in numbers. Distances are taken in three dimensions, so that turning the head changes them little.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Expression {
    /// Openness of the subject's right and left eye: the eye aspect ratio, height of the opening over its width, 0.17 to
    /// 0.35 when open; as [`Self::seen`] has it, less by the share of light that the iris swallows, 0.1 to 0.25.
    pub eye_openness: [f32; 2],
    /// Gap between the lips over the distance of the eyes; about 0 when shut.
    pub mouth_open: f32,
    /// Distance of the mouth's corners over that of the eyes, and how far they lie above the middle of the upper lip,
    /// over the same. It grows with a smile and hardly changes when the mouth opens.
    pub smile: f32,
}

impl Expression {
    /// The expression of a face as its picture shows it too: the openness of each eye is its aspect ratio times how dark
    /// the darkest patch of an iris's size in it is, against the skin around. The points alone follow a closing lid only
    /// part of the way.
    pub fn seen(frame: RgbaView<'_>, mesh: &Mesh) -> Self {
        let mut seen = Self::of(mesh);
        let darkness = eyes::darkness(frame, mesh);
        seen.eye_openness = [0, 1].map(|eye| seen.eye_openness[eye] * darkness[eye]);
        seen
    }

    /// The expression of a face by its points alone.
    pub fn of(mesh: &Mesh) -> Self {
        let point = |index: usize| mesh.points.get(index).copied().unwrap_or_default();
        let middle = |a: [f32; 3], b: [f32; 3]| [0, 1, 2].map(|axis| (a[axis] + b[axis]) / 2.0);
        let eye_openness = EYES.map(|eye| {
            let [outer, upper, upper_2, inner, lower_2, lower] = eye.map(point);
            (distance(upper, lower) + distance(upper_2, lower_2)) / (2.0 * distance(outer, inner)).max(LEAST)
        });
        let right = middle(point(at::RIGHT_EYE_OUTER), point(at::RIGHT_EYE_INNER));
        let left = middle(point(at::LEFT_EYE_OUTER), point(at::LEFT_EYE_INNER));
        let eyes = distance(right, left).max(LEAST);
        let corners = [point(at::RIGHT_MOUTH_CORNER), point(at::LEFT_MOUTH_CORNER)];
        let raised = {
            let up = minus(point(at::FOREHEAD), point(at::CHIN));
            let height = dot(up, up).sqrt().max(LEAST);
            let from_lip = minus(middle(corners[0], corners[1]), point(UPPER_LIP_OUTER));
            dot(from_lip, up) / height
        };
        Self {
            eye_openness,
            mouth_open: distance(point(UPPER_LIP_INNER), point(LOWER_LIP_INNER)) / eyes,
            smile: (distance(corners[0], corners[1]) + raised) / eyes,
        }
    }

    /// Mean openness of both eyes.
    pub fn eyes(&self) -> f32 {
        (self.eye_openness[0] + self.eye_openness[1]) / 2.0
    }
}

/// Most frames of rest that a baseline remembers: those of a second and a half at 20 frames a second.
const REST_FRAMES: usize = 30;

/// Fewest frames of rest from which a baseline is told.
const MIN_REST_FRAMES: usize = 3;

/// One person's face at rest, looking into the camera: what later frames are held against.
#[derive(Clone, Debug, Default)]
pub struct Baseline {
    seen: Vec<(Expression, HeadPose)>,
    /// Where the next frame goes once the memory is full.
    next: usize,
}

/// The middle of the frames of rest.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct Rest {
    /// The expression at rest. Its eyes are as open as in the upper quarter of the frames: everybody blinks.
    pub expression: Expression,
    /// Head pose while looking straight. The mesh's pitch has an offset of some degrees that differs from person to
    /// person, and cameras look up or down at a face: a nod is the difference from this.
    pub pose: HeadPose,
}

impl Baseline {
    /// Takes a frame in which the face is at rest and looks straight.
    pub fn add(&mut self, expression: Expression, pose: HeadPose) {
        let seen = (expression, pose);
        if let Some(oldest) = self.seen.get_mut(self.next) {
            *oldest = seen;
        } else {
            self.seen.push(seen);
        }
        self.next = (self.next + 1) % REST_FRAMES;
    }

    /// Forgets the person.
    pub fn clear(&mut self) {
        self.seen.clear();
        self.next = 0;
    }

    /// The face at rest; `None` before the third frame.
    pub fn rest(&self) -> Option<Rest> {
        if self.seen.len() < MIN_REST_FRAMES {
            return None;
        }
        let of = |share: f32, value: &dyn Fn(&(Expression, HeadPose)) -> f32| {
            let mut values: Vec<f32> = self.seen.iter().map(value).collect();
            values.sort_by(f32::total_cmp);
            values.get(((values.len() - 1) as f32 * share).round() as usize).copied().unwrap_or_default()
        };
        Some(Rest {
            expression: Expression {
                eye_openness: [0, 1].map(|eye| of(0.75, &|seen| seen.0.eye_openness[eye])),
                mouth_open: of(0.5, &|seen| seen.0.mouth_open),
                smile: of(0.5, &|seen| seen.0.smile),
            },
            pose: HeadPose {
                yaw_deg: of(0.5, &|seen| seen.1.yaw_deg),
                pitch_deg: of(0.5, &|seen| seen.1.pitch_deg),
                roll_deg: of(0.5, &|seen| seen.1.roll_deg),
            },
        })
    }
}

impl Rest {
    /// Openness of the more open eye over its own at rest: 1 when open, about a half when both are closed. A wink is no
    /// blink.
    pub fn eyes_ratio(&self, now: &Expression) -> f32 {
        let ratio = |eye: usize| now.eye_openness[eye] / self.expression.eye_openness[eye].max(LEAST);
        ratio(0).max(ratio(1))
    }

    /// Smile over that at rest: 1 at rest.
    pub fn smile_ratio(&self, now: &Expression) -> f32 {
        now.smile / self.expression.smile.max(LEAST)
    }

    /// How much farther the lips are apart than at rest, over the distance of the eyes.
    pub fn mouth_gap(&self, now: &Expression) -> f32 {
        now.mouth_open - self.expression.mouth_open
    }

    /// Raise of the head against the rest in degrees, above 0 upwards.
    pub fn nod_deg(&self, now: &HeadPose) -> f32 {
        now.pitch_deg - self.pose.pitch_deg
    }
}

/// Below this ratio to the rest, both eyes are closed: eyes that are half open stay above, closed ones fall to a half, by
/// what [`Expression::seen`] measures where lids are drawn down over real eyes.
pub const EYES_CLOSED_RATIO: f32 = 0.65;

/// Above this ratio to the rest, the eyes are open again after a blink.
pub const EYES_OPEN_RATIO: f32 = 0.8;

/// Counts how often both eyes close and open again.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub struct BlinkCounter {
    closed: bool,
    /// Blinks so far.
    pub blinks: u32,
}

impl BlinkCounter {
    /// Goes on by a frame in which the eyes are open by `eyes_ratio`, as [`Rest::eyes_ratio`] gives it; true when a blink
    /// ends with it.
    pub fn update(&mut self, eyes_ratio: f32) -> bool {
        if eyes_ratio < EYES_CLOSED_RATIO {
            self.closed = true;
        } else if self.closed && eyes_ratio > EYES_OPEN_RATIO {
            self.closed = false;
            self.blinks += 1;
            return true;
        }
        false
    }
}

/// Keeps divisions finite for meshes without extent.
const LEAST: f32 = 1e-6;

fn minus(a: [f32; 3], b: [f32; 3]) -> [f32; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

fn dot(a: [f32; 3], b: [f32; 3]) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

fn distance(a: [f32; 3], b: [f32; 3]) -> f32 {
    let way = minus(a, b);
    dot(way, way).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::MESH_POINTS;

    /// A face with eyes 100 px apart whose lids and lips are `eyes` and `lips` px apart and whose mouth is `mouth` px
    /// wide, its corners `raised` px above the upper lip.
    fn face(eyes: f32, lips: f32, mouth: f32, raised: f32) -> Mesh {
        let mut points = vec![[0.0; 3]; MESH_POINTS];
        for (index, x, y) in [
            (at::FOREHEAD, 0.0, -80.0),
            (at::CHIN, 0.0, 120.0),
            (at::RIGHT_EYE_OUTER, -65.0, 0.0),
            (at::RIGHT_EYE_INNER, -35.0, 0.0),
            (at::LEFT_EYE_INNER, 35.0, 0.0),
            (at::LEFT_EYE_OUTER, 65.0, 0.0),
            (UPPER_LIP_OUTER, 0.0, 60.0),
            (UPPER_LIP_INNER, 0.0, 65.0),
            (LOWER_LIP_INNER, 0.0, 65.0 + lips),
            (at::RIGHT_MOUTH_CORNER, -mouth / 2.0, 60.0 - raised),
            (at::LEFT_MOUTH_CORNER, mouth / 2.0, 60.0 - raised),
        ] {
            points[index] = [x, y, 0.0];
        }
        for [_, upper, upper_2, _, lower_2, lower] in EYES {
            (points[upper], points[upper_2]) = ([0.0, -eyes / 2.0, 0.0], [0.0, -eyes / 2.0, 0.0]);
            (points[lower], points[lower_2]) = ([0.0, eyes / 2.0, 0.0], [0.0, eyes / 2.0, 0.0]);
        }
        Mesh { points, score: 0.99 }
    }

    #[test]
    fn openings_are_measured_over_the_faces_own_size() {
        let seen = Expression::of(&face(9.0, 20.0, 80.0, 5.0));
        assert!((seen.eye_openness[0] - 0.3).abs() < 1e-5 && (seen.eyes() - 0.3).abs() < 1e-5, "{seen:?}");
        assert!((seen.mouth_open - 0.2).abs() < 1e-5 && (seen.smile - 0.85).abs() < 1e-5, "{seen:?}");
        let mut far = face(9.0, 20.0, 80.0, 5.0);
        far.points.iter_mut().for_each(|p| *p = p.map(|value| value / 3.0));
        assert!((Expression::of(&far).smile - seen.smile).abs() < 1e-4);
    }

    #[test]
    fn a_squint_of_one_person_is_no_closed_eye() {
        let mut baseline = Baseline::default();
        // Eyes of 0.2 at rest, which a blink closes in two frames of eight.
        for eyes in [6.0, 6.0, 3.0, 3.0, 6.0, 6.0, 6.0, 6.0] {
            baseline.add(Expression::of(&face(eyes, 0.0, 80.0, 0.0)), HeadPose::default());
        }
        let rest = baseline.rest().expect("enough frames");
        assert!((rest.expression.eyes() - 0.2).abs() < 1e-5);
        let ratio = |eyes| rest.eyes_ratio(&Expression::of(&face(eyes, 0.0, 80.0, 0.0)));
        assert!(ratio(6.0) > EYES_OPEN_RATIO && ratio(4.8) > EYES_CLOSED_RATIO);
        assert!(ratio(3.3) < EYES_CLOSED_RATIO);
        assert!(rest.smile_ratio(&Expression::of(&face(6.0, 0.0, 96.0, 4.0))) > 1.2);
        assert!((rest.mouth_gap(&Expression::of(&face(6.0, 15.0, 80.0, 0.0))) - 0.15).abs() < 1e-5);
    }

    #[test]
    fn blinks_are_counted_when_they_end_and_flicker_is_none() {
        let mut counter = BlinkCounter::default();
        let ratios = [1.0, 0.7, 0.5, 0.5, 0.75, 0.6, 0.9, 1.0, 0.7, 0.66, 1.0, 0.4, 1.0];
        let ends: Vec<bool> = ratios.into_iter().map(|ratio| counter.update(ratio)).collect();
        assert_eq!(counter.blinks, 2);
        assert!(ends[6] && ends[12]);
    }

    #[test]
    fn a_baseline_needs_frames_and_follows_the_newest() {
        let mut baseline = Baseline::default();
        baseline.add(Expression::of(&face(9.0, 0.0, 80.0, 0.0)), HeadPose::default());
        assert_eq!(baseline.rest(), None);
        for _ in 0..REST_FRAMES {
            baseline.add(Expression::of(&face(6.0, 0.0, 80.0, 0.0)), HeadPose::default());
        }
        let rest = baseline.rest().expect("enough frames");
        assert!((rest.expression.eyes() - 0.2).abs() < 1e-5);
        baseline.clear();
        assert_eq!(baseline.rest(), None);
    }
}
