//! Whether what moved before the camera was a plane or a head. In: the meshes of a face at rest and of the same face in
//! motion. Out: what remains of the motion once that of a plane is taken away. Rule: positions in the picture only; the
//! depth that the mesh network guesses is a guess for pictures too.
//!
//! A picture of a face, moved, tilted or brought closer, moves by a homography. A head does not: its nose and its
//! outline lie before and behind the plane of its eyes.

use super::plane::PlaneMotion;
use crate::face::Mesh;
use idv_protocol::{ActionKind, DepthReport, Point};

/// Residual from which a face that turned or nodded far enough is solid. `cargo test --test depth -- --nocapture` prints
/// what it lies between: photographs turned and nodded by up to 35 degrees, brought closer and held in a hand reach
/// 0.037; people who turn by 20 degrees have 0.115 and more, who nod by 12 degrees 0.055 and more. A picture that is
/// turned farther reaches 0.1, but its face does not look turned by 20 degrees.
pub const MIN_SOLID_RESIDUAL: f32 = 0.05;

/// Points of the mesh that are compared, by MediaPipe's canonical face model: where bone is near, so that a smile or a
/// blink moves them little, and spread over nose, eyes, brows and outline, so that their depths differ.
const POINTS: &[usize] = &[
    // Nose: bridge, tip, wings, below.
    168, 6, 197, 195, 5, 4, 1, 2, 98, 327, 48, 278, 115, 344, 220, 440, 45, 275,
    // Corners of the eyes and their surroundings.
    33, 133, 362, 263, 130, 359, 243, 463, 226, 446, 111, 340, 117, 346, 118, 347, 101, 330,
    // Brows and forehead.
    70, 63, 105, 66, 107, 336, 296, 334, 293, 300, 9, 8, 151, 108, 337, 69, 299, 104, 333, 10,
    // Outline of cheeks and temples.
    127, 234, 93, 132, 58, 356, 454, 323, 361, 288, 21, 251, 162, 389, // Chin.
    152, 175, 199, 148, 377, 176, 400,
];

/// Points of the nose among them, and of the outline.
const NOSE: &[usize] = &[1, 4, 5, 45, 275, 220, 440, 2, 98, 327];
const OUTLINE: &[usize] = &[127, 234, 93, 132, 58, 356, 454, 323, 361, 288, 10, 152, 21, 251];

/// The motion of a plane that carries the face at rest to where it is moved, as well as any does.
pub(super) fn plane_motion(rest: &Mesh, moved: &Mesh) -> Option<PlaneMotion> {
    PlaneMotion::fit(&compared(rest), &compared(moved))
}

fn compared(mesh: &Mesh) -> Vec<Point> {
    POINTS.iter().map(|index| mesh.point(*index)).collect()
}

/// Distances between each point of the moved face, carried back by the plane's motion that fits best, and where it was
/// at rest, over the distance of the eyes. `None` where no plane's motion fits at all.
pub fn residuals(rest: &Mesh, moved: &Mesh) -> Option<Vec<f32>> {
    let (from, to) = (compared(moved), compared(rest));
    let [right, left] = rest.eyes();
    let eyes_px = right.distance(left);
    let motion = PlaneMotion::fit(&from, &to).filter(|_| eyes_px > 0.0)?;
    from.iter().zip(&to).map(|(a, b)| Some(motion.apply(*a)?.distance(*b) / eyes_px)).collect()
}

/// What the actions of one draw show of depth.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct DepthLog {
    residual: Option<f32>,
    growth: Option<(f32, f32)>,
    frames: u32,
}

impl DepthLog {
    /// Takes a frame in which action `kind` was asked for.
    pub(super) fn see(&mut self, kind: ActionKind, rest: &Mesh, moved: &Mesh) {
        if kind.shows_depth() {
            self.residual = larger(self.residual, residual(rest, moved));
            self.frames += 1;
        } else if kind == ActionKind::ComeCloser {
            let size_px = spread(moved, OUTLINE);
            if self.growth.is_none_or(|(largest_px, _)| size_px > largest_px) {
                self.growth = Some((size_px, growth(rest, moved)));
            }
            self.frames += 1;
        }
    }

    /// The report; `None` where no action showed depth.
    pub(super) fn report(&self) -> Option<DepthReport> {
        (self.frames > 0).then(|| DepthReport {
            residual: self.residual.unwrap_or_default(),
            growth: self.growth.map(|(_, growth)| growth),
            frames: self.frames,
            flat: self.residual.is_some_and(|residual| residual < MIN_SOLID_RESIDUAL),
        })
    }
}

/// The larger of two measures, where there is one.
pub(super) fn larger(a: Option<f32>, b: Option<f32>) -> Option<f32> {
    a.into_iter().chain(b).reduce(f32::max)
}

/// Root mean square of the residuals of [`residuals`].
pub fn residual(rest: &Mesh, moved: &Mesh) -> Option<f32> {
    let residuals = residuals(rest, moved)?;
    let squares: f32 = residuals.iter().map(|value| value * value).sum();
    Some((squares / residuals.len().max(1) as f32).sqrt())
}

/// How much more the nose has grown than the outline of the face, less 1; 0 for a picture that is brought closer.
pub fn growth(rest: &Mesh, moved: &Mesh) -> f32 {
    let grown = |points: &[usize]| spread(moved, points) / spread(rest, points).max(f32::EPSILON);
    grown(NOSE) / grown(OUTLINE).max(f32::EPSILON) - 1.0
}

/// Root mean square distance of points from their middle, in px.
fn spread(mesh: &Mesh, points: &[usize]) -> f32 {
    let points: Vec<Point> = points.iter().map(|index| mesh.point(*index)).collect();
    let count = points.len().max(1) as f32;
    let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.x, y + point.y));
    let middle = Point::new(x / count, y / count);
    let square: f32 = points.iter().map(|point| point.distance(middle).powi(2)).sum();
    (square / count).sqrt()
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::MESH_POINTS;

    /// A head of 100 px between the eyes, its points on a bowl with a nose, or the flat picture of it; turned by `yaw`
    /// radians and seen from 900 px away, or from nearer.
    fn seen(flat: bool, yaw: f32, approach_px: f32) -> Mesh {
        let points = (0..MESH_POINTS)
            .map(|index| {
                let (x, y) = ((index * 37 % 200) as f32 - 100.0, (index * 91 % 240) as f32 - 120.0);
                let is_nose = NOSE.contains(&index);
                let (x, y, nose) = if is_nose { (x * 0.2, y * 0.2, 40.0) } else { (x, y, 0.0) };
                let z = if flat { 0.0 } else { (x * x + y * y) / 200.0 - nose };
                let (x, z) = (x * yaw.cos() - z * yaw.sin(), z * yaw.cos() + x * yaw.sin());
                let near = 900.0 / (900.0 + z - approach_px);
                [320.0 + x * near, 240.0 + y * near, 0.0]
            })
            .collect();
        Mesh { points, score: 0.9 }
    }

    #[test]
    fn a_plane_leaves_no_residual_however_it_moves_and_a_head_does() {
        for (yaw, approach_px) in [(0.0, 300.0), (0.4, 0.0), (-0.7, 0.0), (0.5, 200.0)] {
            let flat = residual(&seen(true, 0.0, 0.0), &seen(true, yaw, approach_px)).expect("a plane");
            let head = residual(&seen(false, 0.0, 0.0), &seen(false, yaw, approach_px)).expect("a plane");
            assert!(flat < 1e-3, "{yaw} {approach_px}: {flat}");
            assert!(
                head > 10.0 * flat && (yaw == 0.0 || head > MIN_SOLID_RESIDUAL),
                "{yaw} {approach_px}: {head}"
            );
        }
        assert!(growth(&seen(true, 0.0, 0.0), &seen(true, 0.0, 300.0)).abs() < 1e-3);
        assert!(growth(&seen(false, 0.0, 0.0), &seen(false, 0.0, 300.0)) > 0.03);
    }

    #[test]
    fn flat_is_told_only_where_the_head_was_to_move() {
        let (front, print) = (seen(true, 0.0, 0.0), seen(true, 0.5, 0.0));
        let mut log = DepthLog::default();
        log.see(ActionKind::Blink, &front, &print);
        assert_eq!(log.report(), None);
        log.see(ActionKind::ComeCloser, &front, &seen(true, 0.0, 200.0));
        assert!(
            log.report().is_some_and(|report| !report.flat && report.growth.is_some() && report.frames == 1)
        );
        log.see(ActionKind::TurnLeft, &front, &print);
        assert!(log.report().is_some_and(|report| report.flat && report.frames == 2));
        log.see(ActionKind::TurnLeft, &seen(false, 0.0, 0.0), &seen(false, 0.5, 0.0));
        assert!(log.report().is_some_and(|report| !report.flat && report.residual > MIN_SOLID_RESIDUAL));
    }
}
