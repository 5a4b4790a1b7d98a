//! Which way a head looks, from its mesh.

use super::mesh::{Mesh, at};
use idv_protocol::face::HeadPose;

/// Head pose from the mesh's axes: outer eye corner to outer eye corner, hairline to chin, and the normal of both.
///
/// Error, against the same head at rest: of heads that are drawn turned by up to 45 degrees, 5.3 degrees of yaw in the
/// median and 12 at most, and 2.3 and 8 of pitch (`cargo xtask bench liveness`); of the recorded head turn, sign and order
/// are right on every frame (`tests/face_quality.rs`, `cargo xtask bench faces`). Pitch has an offset of up to 12 degrees
/// that differs from person to person and from camera to camera: it counts only against the same person's rest
/// ([`super::Rest::nod_deg`]).
pub fn head_pose(mesh: &Mesh) -> HeadPose {
    let point = |index: usize| mesh.points.get(index).copied().unwrap_or_default();
    let (right, left) = (point(at::RIGHT_EYE_OUTER), point(at::LEFT_EYE_OUTER));
    let across = minus(left, right);
    let down = minus(point(at::CHIN), point(at::FOREHEAD));
    // Out of the face, towards the camera when it looks there: z is negative.
    let forward = cross(down, across);
    let length = dot(forward, forward).sqrt().max(f32::EPSILON);
    HeadPose {
        yaw_deg: forward[0].atan2(-forward[2]).to_degrees(),
        pitch_deg: (-forward[1] / length).clamp(-1.0, 1.0).asin().to_degrees(),
        roll_deg: across[1].atan2(across[0]).to_degrees(),
    }
}

/// How far the tip of the nose lies off the middle between the eyes, along the line through the eyes, over the
/// distance of the eyes: above 0 to the subject's left. It uses image positions only, no depth that the network
/// guesses. Turning a head by 20 degrees moves it by about 0.3, since the nose stands out of the eyes' plane;
/// a flat picture that is tilted moves it only by the picture's own perspective.
pub fn nose_offset(mesh: &Mesh) -> f32 {
    let [right, left] = mesh.eyes();
    let nose = mesh.point(at::NOSE_TIP);
    let axis = (left.x - right.x, left.y - right.y);
    let square = axis.0 * axis.0 + axis.1 * axis.1;
    if square <= f32::EPSILON {
        return 0.0;
    }
    let middle = ((left.x + right.x) / 2.0, (left.y + right.y) / 2.0);
    ((nose.x - middle.0) * axis.0 + (nose.y - middle.1) * axis.1) / square
}

fn minus(a: [f32; 3], b: [f32; 3]) -> [f32; 3] {
    [a[0] - b[0], a[1] - b[1], a[2] - b[2]]
}

fn cross(a: [f32; 3], b: [f32; 3]) -> [f32; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

fn dot(a: [f32; 3], b: [f32; 3]) -> f32 {
    a[0] * b[0] + a[1] * b[1] + a[2] * b[2]
}

#[cfg(test)]
pub(crate) mod tests {
    use super::*;
    use crate::face::MESH_POINTS;

    /// A head around (320, 240): eyes 100 px apart, nose 45 px before their plane, turned by `pose`; with
    /// `flat`, a picture of the frontal head that is turned instead, seen from 10 eye distances away.
    pub(crate) fn head(pose: HeadPose, flat: bool) -> Mesh {
        let mut points = vec![[320.0, 240.0, 0.0]; MESH_POINTS];
        for (index, model) in [
            (at::RIGHT_EYE_OUTER, [-65.0, 0.0, 0.0]),
            (at::RIGHT_EYE_INNER, [-35.0, 0.0, 0.0]),
            (at::LEFT_EYE_INNER, [35.0, 0.0, 0.0]),
            (at::LEFT_EYE_OUTER, [65.0, 0.0, 0.0]),
            (at::FOREHEAD, [0.0, -80.0, 0.0]),
            (at::CHIN, [0.0, 120.0, 0.0]),
            (at::NOSE_TIP, [0.0, 50.0, -45.0]),
            // The lids of both eyes, 9 px apart.
            (160, [-55.0, -4.5, 0.0]),
            (158, [-45.0, -4.5, 0.0]),
            (153, [-45.0, 4.5, 0.0]),
            (144, [-55.0, 4.5, 0.0]),
            (385, [45.0, -4.5, 0.0]),
            (387, [55.0, -4.5, 0.0]),
            (373, [55.0, 4.5, 0.0]),
            (380, [45.0, 4.5, 0.0]),
        ] {
            let mut p = model;
            if flat {
                p[2] = 0.0;
            }
            let (yaw, pitch, roll) =
                (pose.yaw_deg.to_radians(), pose.pitch_deg.to_radians(), pose.roll_deg.to_radians());
            // Raise, then turn to the subject's left, then lean clockwise.
            p = [p[0], p[1] * pitch.cos() + p[2] * pitch.sin(), p[2] * pitch.cos() - p[1] * pitch.sin()];
            p = [p[0] * yaw.cos() - p[2] * yaw.sin(), p[1], p[2] * yaw.cos() + p[0] * yaw.sin()];
            p = [p[0] * roll.cos() - p[1] * roll.sin(), p[1] * roll.cos() + p[0] * roll.sin(), p[2]];
            let perspective = 1000.0 / (1000.0 + p[2]);
            points[index] = if flat {
                // What the network makes of a picture: its content stays frontal, only its outline changes.
                [320.0 + p[0] * perspective, 240.0 + p[1] * perspective, 0.0]
            } else {
                [320.0 + p[0], 240.0 + p[1], p[2]]
            };
        }
        Mesh { points, score: 0.99 }
    }

    #[test]
    fn each_angle_has_the_sign_of_the_protocol() {
        for yaw in [-40.0, -10.0, 0.0, 25.0] {
            for pitch in [-15.0, 0.0, 20.0] {
                let set = HeadPose { yaw_deg: yaw, pitch_deg: pitch, roll_deg: 0.0 };
                let found = head_pose(&head(set, false));
                assert!((found.yaw_deg - yaw).abs() < 0.5, "{set:?} {found:?}");
                assert!((found.pitch_deg - pitch).abs() < 0.5, "{set:?} {found:?}");
            }
        }
        let leaning = head_pose(&head(HeadPose { roll_deg: 12.0, ..HeadPose::default() }, false));
        assert!((leaning.roll_deg - 12.0).abs() < 0.5, "{leaning:?}");
        // Turned to the subject's left, the nose moves right in the picture.
        let left = head(HeadPose { yaw_deg: 20.0, ..HeadPose::default() }, false);
        assert!(left.point(at::NOSE_TIP).x > 330.0);
    }

    #[test]
    fn a_turned_head_moves_its_nose_and_a_tilted_picture_does_not() {
        let turned = HeadPose { yaw_deg: 25.0, ..HeadPose::default() };
        assert!(nose_offset(&head(turned, false)) > 0.15);
        assert!(nose_offset(&head(HeadPose { yaw_deg: -25.0, ..turned }, false)) < -0.15);
        assert!(nose_offset(&head(HeadPose { yaw_deg: 50.0, ..turned }, true)).abs() < 0.06);
        // Leaning changes nothing.
        let leaning = HeadPose { roll_deg: 30.0, ..HeadPose::default() };
        assert!(nose_offset(&head(leaning, false)).abs() < 1e-3);
    }
}
