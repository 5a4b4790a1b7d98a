//! Whether what is seen is one unbroken view of one face. In: each frame's time, the digest of the detector's input, the
//! face's points and a small picture of it. Out: the reason where it breaks. Rule: it judges neighbours in time only;
//! what a slow change hides, the operator's comparison of the pictures finds.

use crate::face::{Mesh, Similarity, at, sample};
use crate::frame::RgbaView;
use idv_protocol::{BreakReason, Point};
use std::collections::VecDeque;

/// Limits of continuity.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct ContinuityParams {
    /// Longest time between two frames in ms. In more, one person can take another's place; a slow device needs half of
    /// it when its other core is busy.
    pub max_gap_ms: f64,
    /// How long the same frame may come again and again, in ms: a browser shows a camera's frame until the next one comes,
    /// and dim light makes cameras as slow as 5 frames a second.
    pub max_frozen_ms: f64,
    /// How long frames are remembered, in ms: the noise of a sensor never comes twice, and what is repeated after longer
    /// is for the signals of an injected camera to tell.
    pub remembered_ms: f64,
    /// Shift of the eyes' middle between two frames that is always possible, over the distance of the eyes, and how much
    /// more each second between them allows. A head that is thrown aside moves by 1.5 m, some 24 distances, in a second.
    pub max_shift: f32,
    /// See [`Self::max_shift`].
    pub max_shift_per_s: f32,
    /// Growth or shrinking between two frames that is always possible, as logarithm, and what each second adds.
    pub max_scale_ln: f32,
    /// See [`Self::max_scale_ln`].
    pub max_scale_ln_per_s: f32,
    /// Longest time in ms between two frames whose faces must look alike.
    pub alike_within_ms: f64,
    /// Least likeness of these, as [`Patch::likeness`] gives it.
    pub min_likeness: f32,
}

impl Default for ContinuityParams {
    fn default() -> Self {
        Self {
            max_gap_ms: 2_000.0,
            max_frozen_ms: 600.0,
            remembered_ms: 3_000.0,
            max_shift: 0.6,
            max_shift_per_s: 12.0,
            max_scale_ln: 0.2,
            max_scale_ln_per_s: 1.5,
            alike_within_ms: 250.0,
            min_likeness: MIN_LIKENESS,
        }
    }
}

/// Least likeness of one face in two frames that follow each other. `cargo test --test depth -- --nocapture` prints what it
/// lies between: a person who turns by 13 degrees from one frame to the next has 0.64, slower ones 0.78 and more;
/// different people, both looking straight, at most 0.48.
pub const MIN_LIKENESS: f32 = 0.55;

/// Most frames that are remembered: those of three seconds at 60 a second.
const MAX_REMEMBERED: usize = 180;

/// Side of the small picture of a face in px.
const PATCH_SIDE_PX: usize = 20;

/// Side of its square on the face over the distance of the eyes: brows to chin.
const PATCH_RATIO: f32 = 2.2;

/// How far its middle lies below that of the eyes, over the same.
const PATCH_DROP: f32 = 0.5;

/// A small picture of a face, upright and of one size, without its mean and its contrast.
#[derive(Clone, Debug, PartialEq)]
pub struct Patch(Vec<f32>);

impl Patch {
    /// The face with this mesh in `frame`.
    pub fn of(frame: RgbaView<'_>, mesh: &Mesh) -> Self {
        let [right, left] = mesh.eyes();
        let (eyes_px, angle) = (right.distance(left), (left.y - right.y).atan2(left.x - right.x));
        let (sin, cos) = angle.sin_cos();
        let drop = PATCH_DROP * eyes_px;
        let centre = Point::new((right.x + left.x) / 2.0 - sin * drop, (right.y + left.y) / 2.0 + cos * drop);
        // The height of a face hardly changes when it turns, the distance of its eyes does.
        let height_px = mesh.point(at::FOREHEAD).distance(mesh.point(at::CHIN));
        let size_px = (PATCH_RATIO * eyes_px).max(height_px).max(1.0);
        let to_frame = Similarity::of_square(centre, size_px, angle, PATCH_SIDE_PX as f32);
        let mut luma = vec![0.0; PATCH_SIDE_PX * PATCH_SIDE_PX];
        let map = |x, y| to_frame.apply(x, y);
        sample(frame, PATCH_SIDE_PX, to_frame.scale(), map, |at, [r, g, b]| {
            luma[at] = 0.299 * r + 0.587 * g + 0.114 * b;
        });
        let mean = luma.iter().sum::<f32>() / luma.len() as f32;
        luma.iter_mut().for_each(|value| *value -= mean);
        let length = luma.iter().map(|value| value * value).sum::<f32>().sqrt().max(f32::EPSILON);
        luma.iter_mut().for_each(|value| *value /= length);
        Self(luma)
    }

    /// Correlation with another one, -1 to 1.
    pub fn likeness(&self, other: &Self) -> f32 {
        self.0.iter().zip(&other.0).map(|(a, b)| a * b).sum()
    }
}

/// One frame.
pub(super) struct Moment<'a> {
    /// When it was taken, in ms, as the page says.
    pub at_ms: f64,
    /// Digest of the detector's input.
    pub digest: u64,
    /// The only face, and its small picture.
    pub face: Option<(&'a Mesh, Patch)>,
}

/// What the frames before were.
#[derive(Debug, Default)]
pub(super) struct Continuity {
    params: ContinuityParams,
    last: Option<Last>,
    last_at_ms: Option<f64>,
    /// Since when the same frame comes, in ms.
    frozen_since_ms: f64,
    /// Times and digests of different frames, oldest first.
    seen: VecDeque<(f64, u64)>,
}

/// The last frame with one face.
#[derive(Debug)]
struct Last {
    at_ms: f64,
    middle: Point,
    eyes_px: f32,
    patch: Patch,
}

impl Continuity {
    /// Goes on by one frame; the reason where it does not follow from those before.
    pub(super) fn see(&mut self, now: Moment<'_>) -> Option<BreakReason> {
        let timing = self.check_time(now.at_ms);
        let repeated = self.check_digest(now.at_ms, now.digest);
        let face = now.face.and_then(|(mesh, patch)| self.check_face(now.at_ms, mesh, patch));
        timing.or(repeated).or(face)
    }

    fn check_time(&mut self, at_ms: f64) -> Option<BreakReason> {
        let since_ms = self.last_at_ms.map(|last| at_ms - last);
        self.last_at_ms = Some(at_ms);
        since_ms.filter(|ms| !(*ms > 0.0 && *ms <= self.params.max_gap_ms)).map(|_| BreakReason::Timing)
    }

    fn check_digest(&mut self, at_ms: f64, digest: u64) -> Option<BreakReason> {
        if self.seen.back().is_some_and(|(_, last)| *last == digest) {
            let frozen = at_ms - self.frozen_since_ms > self.params.max_frozen_ms;
            return frozen.then_some(BreakReason::RepeatedFrames);
        }
        let oldest_ms = at_ms - self.params.remembered_ms;
        self.seen.retain(|(seen_ms, _)| *seen_ms >= oldest_ms);
        let known = self.seen.iter().any(|(_, seen)| *seen == digest);
        if self.seen.len() >= MAX_REMEMBERED {
            self.seen.pop_front();
        }
        self.seen.push_back((at_ms, digest));
        self.frozen_since_ms = at_ms;
        known.then_some(BreakReason::RepeatedFrames)
    }

    fn check_face(&mut self, at_ms: f64, mesh: &Mesh, patch: Patch) -> Option<BreakReason> {
        let params = self.params;
        let [right, left] = mesh.eyes();
        let middle = Point::new((right.x + left.x) / 2.0, (right.y + left.y) / 2.0);
        let height_px = mesh.point(at::FOREHEAD).distance(mesh.point(at::CHIN));
        let now = Last { at_ms, middle, eyes_px: right.distance(left).max(height_px * 0.4), patch };
        let last = self.last.replace(now)?;
        let now = self.last.as_ref()?;
        let since_s = ((at_ms - last.at_ms) / 1000.0).max(0.0) as f32;
        let shift = last.middle.distance(now.middle) / last.eyes_px.max(1.0);
        let scale_ln = (now.eyes_px.max(1.0) / last.eyes_px.max(1.0)).ln().abs();
        if shift > params.max_shift + params.max_shift_per_s * since_s
            || scale_ln > params.max_scale_ln + params.max_scale_ln_per_s * since_s
        {
            return Some(BreakReason::Jump);
        }
        let soon = at_ms - last.at_ms <= params.alike_within_ms;
        (soon && now.patch.likeness(&last.patch) < params.min_likeness).then_some(BreakReason::AnotherFace)
    }
}

#[cfg(test)]
#[path = "continuity_tests.rs"]
mod tests;
