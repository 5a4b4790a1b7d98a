//! Whether what moved before the camera was a plane or a head. In: the meshes of a face at rest and of the same face in
//! motion. Out: what remains of the motion once that of a plane is taken away. Rule: positions in the picture only; the
//! depth that the mesh network guesses is a guess for pictures too.
//!
//! A picture of a face, moved, tilted or brought closer, moves by a homography. A head does not: its nose and its
//! outline lie before and behind the plane of its eyes.

use super::plane::PlaneMotion;
use crate::face::Mesh;
use idv_protocol::Point;

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

/// Distances between each point of the moved face, carried back by the plane's motion that fits best, and where it was
/// at rest, over the distance of the eyes. `None` where no plane's motion fits at all.
pub fn residuals(rest: &Mesh, moved: &Mesh) -> Option<Vec<f32>> {
    let points = |mesh: &Mesh| -> Vec<Point> { POINTS.iter().map(|index| mesh.point(*index)).collect() };
    let (from, to) = (points(moved), points(rest));
    let [right, left] = rest.eyes();
    let eyes_px = right.distance(left);
    let motion = PlaneMotion::fit(&from, &to).filter(|_| eyes_px > 0.0)?;
    from.iter().zip(&to).map(|(a, b)| Some(motion.apply(*a)?.distance(*b) / eyes_px)).collect()
}

/// Root mean square of the residuals of [`residuals`].
pub fn residual(rest: &Mesh, moved: &Mesh) -> Option<f32> {
    let residuals = residuals(rest, moved)?;
    let squares: f32 = residuals.iter().map(|value| value * value).sum();
    Some((squares / residuals.len().max(1) as f32).sqrt())
}

/// How much more the nose has grown than the outline of the face, less 1; 0 for a picture that is brought closer.
pub fn growth(rest: &Mesh, moved: &Mesh) -> f32 {
    let spread = |mesh: &Mesh, points: &[usize]| {
        let points: Vec<Point> = points.iter().map(|index| mesh.point(*index)).collect();
        let count = points.len().max(1) as f32;
        let (x, y) = points.iter().fold((0.0, 0.0), |(x, y), point| (x + point.x, y + point.y));
        let middle = Point::new(x / count, y / count);
        let square: f32 = points.iter().map(|point| point.distance(middle).powi(2)).sum();
        (square / count).sqrt()
    };
    let grown = |points: &[usize]| spread(moved, points) / spread(rest, points).max(f32::EPSILON);
    grown(NOSE) / grown(OUTLINE).max(f32::EPSILON) - 1.0
}
