//! Smiling: the corners of the mouth go out and up, the cheeks follow them.

/// The corners of the mouth in MediaPipe's canonical face model: the subject's right, then the left.
const CORNERS: [usize; 2] = [61, 291];

/// Points of the cheeks beside them, likewise.
const CHEEKS: [usize; 2] = [205, 425];

/// Points of a face.
const FACE_POINTS: usize = 468;

/// How far the corners go out, up and back with a broad smile, in heights of the face: a mouth becomes a third
/// wider.
const OUT: f32 = 0.055;
const UP: f32 = 0.026;
const BACK: f32 = 0.018;

/// How far the cheeks rise, likewise.
const CHEEK_UP: f32 = 0.016;

/// Reach of both, as a Gaussian's deviation, likewise: at the edge of the face nothing is left of them.
const REACH: f32 = 0.085;

/// Moves the mouth of `points` (the first 468 are the face's) by `amount`, -1 to 1 of a broad smile; `face_px` is
/// the face's height.
pub(super) fn smile(points: &mut [[f32; 3]], amount: f32, face_px: f32) {
    if amount == 0.0 || points.len() < FACE_POINTS {
        return;
    }
    let amount = amount.clamp(-1.0, 1.0);
    let (corners, cheeks) = (CORNERS.map(|i| points[i]), CHEEKS.map(|i| points[i]));
    let across = [corners[1][0] - corners[0][0], corners[1][1] - corners[0][1]];
    let width = across[0].hypot(across[1]).max(1e-3);
    // Out along the mouth, up across it, for a head that leans.
    let (out, up) = ([across[0] / width, across[1] / width], [across[1] / width, -across[0] / width]);
    for point in &mut points[..FACE_POINTS] {
        let near = |from: [f32; 3]| {
            let square = (point[0] - from[0]).powi(2) + (point[1] - from[1]).powi(2);
            (-square / (2.0 * (REACH * face_px).powi(2))).exp() * amount * face_px
        };
        let (mouth, cheek) = (corners.map(near), cheeks.map(near));
        let sideways = (mouth[1] - mouth[0]) * OUT;
        let upwards = (mouth[0] + mouth[1]) * UP + (cheek[0] + cheek[1]) * CHEEK_UP;
        for k in 0..2 {
            point[k] += out[k] * sideways + up[k] * upwards;
        }
        point[2] += (mouth[0] + mouth[1]) * BACK;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_smile_widens_and_lifts_the_mouth_and_leaves_the_rest() {
        let mut points = vec![[0.0; 3]; FACE_POINTS];
        (points[61], points[291]) = ([80.0, 180.0, 0.0], [120.0, 180.0, 0.0]);
        (points[205], points[425]) = ([60.0, 150.0, 0.0], [140.0, 150.0, 0.0]);
        smile(&mut points, 1.0, 200.0);
        assert!(points[61][0] < 71.0 && points[291][0] > 129.0, "{:?} {:?}", points[61], points[291]);
        assert!(points[61][1] < 176.0 && points[291][1] < 176.0);
        assert!(points[10][0].hypot(points[10][1]) < 1e-3, "the brow stays");
    }
}
