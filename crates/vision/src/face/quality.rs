//! Whether a face is shown well enough to be compared and judged.

use super::crop::{Similarity, sample};
use super::detector::Face;
use crate::frame::RgbaView;
use idv_protocol::face::HeadPose;
use idv_protocol::{Check, CheckCode, QualityReport};

/// Side of the piece of the face in which light and sharpness are measured, in px: a fixed size, so that the
/// distance to the camera does not change what counts as sharp.
const MEASURED_SIDE_PX: usize = 96;

/// Width of a face, over the largest one's, below which it is somebody in the background and not counted.
const BACKGROUND_RATIO: f32 = 0.4;

/// `faces`, largest first, without those in the background.
pub fn main_faces(mut faces: Vec<Face>) -> Vec<Face> {
    let largest = faces.first().map_or(0.0, |face| face.rect.width);
    faces.retain(|face| face.rect.width >= BACKGROUND_RATIO * largest);
    faces
}

/// Limits of a good frontal face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FaceQualityParams {
    /// Smallest width of the face in px. The passive model fails on faces of 40 px and works from 100 px; the
    /// face comparison needs 112 px between hairline and chin.
    pub min_width_px: f32,
    /// Largest distance of the face's centre from the frame's, over the frame's shorter side: within it the
    /// face cannot touch the frame's edge.
    pub max_off_centre_ratio: f32,
    /// Room that must be left around the face's box, over its width: ears and chin lie outside the box.
    pub min_margin_ratio: f32,
    /// Largest turn of the head in degrees of a face that looks into the camera. ISO/IEC 19794-5 asks for 5; 15
    /// is what people hold without a head rest and what the comparison still bears. A nod or a lean may be
    /// larger, by [`Self::nod_weight`].
    pub max_pose_deg: f32,
    /// What a degree of nod or lean counts against a degree of turn. A laptop's camera looks up at a face, a
    /// phone's down, by some 20 degrees; both halves of the face stay visible.
    pub nod_weight: f32,
    /// Lowest mean luma of the face. Dark skin in good light lies above 50.
    pub min_luma: f32,
    /// Highest mean luma of the face. Fair skin in good light lies below 200.
    pub max_luma: f32,
    /// Smallest edge energy of the face: mean square of the Laplacian over the variance of luma.
    pub min_sharpness: f32,
}

impl Default for FaceQualityParams {
    fn default() -> Self {
        Self {
            min_width_px: 112.0,
            max_off_centre_ratio: 0.28,
            min_margin_ratio: 0.1,
            max_pose_deg: 15.0,
            nod_weight: 0.6,
            min_luma: 45.0,
            max_luma: 215.0,
            min_sharpness: 0.02,
        }
    }
}

/// The checks of the largest of `faces`, most important first: count, size, room around it, position, light,
/// pose, sharpness. Without a face there is only the count; without a pose, no pose.
pub fn measure_face(
    frame: RgbaView<'_>,
    faces: &[Face],
    pose: Option<HeadPose>,
    params: &FaceQualityParams,
) -> QualityReport {
    let count = faces.len() as f32;
    let mut checks =
        vec![Check { code: CheckCode::FaceCount, value: count, threshold: 1.0, passed: faces.len() == 1 }];
    let Some(face) = faces.first() else { return QualityReport { checks, signals: Vec::new() } };
    let mut at_least = |code, value: f32, threshold: f32| {
        checks.push(Check { code, value, threshold, passed: value >= threshold });
    };
    at_least(CheckCode::Size, face.rect.width, params.min_width_px);
    at_least(CheckCode::CutOff, margin_ratio(frame, face), params.min_margin_ratio);
    let mut at_most = |code, value: f32, threshold: f32| {
        checks.push(Check { code, value, threshold, passed: value <= threshold });
    };
    at_most(CheckCode::Position, off_centre_ratio(frame, face), params.max_off_centre_ratio);
    let light = Light::of(frame, face);
    at_most(CheckCode::ExposureHigh, light.mean, params.max_luma);
    if let Some(pose) = pose {
        let nod = pose.pitch_deg.abs().max(pose.roll_deg.abs()) * params.nod_weight;
        let worst = pose.yaw_deg.abs().max(nod);
        at_most(CheckCode::Pose, worst, params.max_pose_deg);
    }
    let mut at_least = |code, value: f32, threshold: f32| {
        checks.push(Check { code, value, threshold, passed: value >= threshold });
    };
    at_least(CheckCode::ExposureLow, light.mean, params.min_luma);
    at_least(CheckCode::Sharpness, light.sharpness, params.min_sharpness);
    QualityReport { checks, signals: Vec::new() }
}

/// Smallest distance of the face's box from the frame's edges over the box's width; below 0 when it is cut off.
fn margin_ratio(frame: RgbaView<'_>, face: &Face) -> f32 {
    let (size, rect) = (frame.size(), &face.rect);
    let right = size.width as f32 - rect.x - rect.width;
    let below = size.height as f32 - rect.y - rect.height;
    rect.x.min(rect.y).min(right).min(below) / rect.width.max(1.0)
}

fn off_centre_ratio(frame: RgbaView<'_>, face: &Face) -> f32 {
    let (width, height) = (frame.size().width as f32, frame.size().height as f32);
    let centre = face.centre();
    (centre.x - width / 2.0).hypot(centre.y - height / 2.0) / width.min(height)
}

/// Light in the middle of a face.
struct Light {
    /// Mean luma, 0 to 255.
    mean: f32,
    /// Mean square of the Laplacian over the variance of luma.
    sharpness: f32,
}

impl Light {
    fn of(frame: RgbaView<'_>, face: &Face) -> Self {
        const SIDE: usize = MEASURED_SIDE_PX;
        let to_frame = Similarity::of_square(face.centre(), face.rect.width, face.eye_angle(), SIDE as f32);
        let mut luma = [0.0f32; SIDE * SIDE];
        sample(
            frame,
            SIDE,
            to_frame.scale(),
            |x, y| to_frame.apply(x, y),
            |at, [r, g, b]| {
                luma[at] = 0.299 * r + 0.587 * g + 0.114 * b;
            },
        );
        let count = (SIDE * SIDE) as f32;
        let mean = luma.iter().sum::<f32>() / count;
        let variance = luma.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / count;
        let mut energy = 0.0;
        for y in 1..SIDE - 1 {
            for x in 1..SIDE - 1 {
                let i = y * SIDE + x;
                let laplacian = luma[i - 1] + luma[i + 1] + luma[i - SIDE] + luma[i + SIDE] - 4.0 * luma[i];
                energy += laplacian * laplacian;
            }
        }
        energy /= ((SIDE - 2) * (SIDE - 2)) as f32;
        Self { mean, sharpness: energy / variance.max(1.0) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use idv_protocol::{Point, PxRect, Size};

    fn face(x: f32, y: f32, width: f32) -> Face {
        let rect = PxRect { x, y, width, height: width * 1.25 };
        Face {
            rect,
            score: 0.9,
            keypoints: [Point::new(x, y), Point::new(x + width, y)].repeat(3)[..5].try_into().expect("five"),
        }
    }

    fn first_failed(luma: impl Fn(usize, usize) -> u8, faces: &[Face], yaw_deg: f32) -> Option<CheckCode> {
        let size = Size { width: 640, height: 480 };
        let data: Vec<u8> = (0..640 * 480)
            .flat_map(|i| {
                let value = luma(i % 640, i / 640);
                [value, value, value, 255]
            })
            .collect();
        let frame = RgbaView::new(&data, size).expect("fits");
        let pose = HeadPose { yaw_deg, ..HeadPose::default() };
        let report = measure_face(frame, faces, Some(pose), &FaceQualityParams::default());
        report.first_failed().map(|check| check.code)
    }

    #[test]
    fn each_fault_fails_its_own_check() {
        let checks = |x: usize, y: usize| if (x / 8 + y / 8).is_multiple_of(2) { 100 } else { 150 };
        let good = face(240.0, 140.0, 160.0);
        assert_eq!(first_failed(checks, &[good], 0.0), None);
        assert_eq!(first_failed(checks, &[], 0.0), Some(CheckCode::FaceCount));
        assert_eq!(first_failed(checks, &[good, face(0.0, 0.0, 50.0)], 0.0), Some(CheckCode::FaceCount));
        assert_eq!(first_failed(checks, &[face(280.0, 200.0, 80.0)], 0.0), Some(CheckCode::Size));
        assert_eq!(first_failed(checks, &[face(-20.0, 140.0, 160.0)], 0.0), Some(CheckCode::CutOff));
        assert_eq!(first_failed(checks, &[face(40.0, 140.0, 160.0)], 0.0), Some(CheckCode::Position));
        assert_eq!(first_failed(checks, &[good], -30.0), Some(CheckCode::Pose));
        assert_eq!(first_failed(|x, y| checks(x, y) / 5, &[good], 0.0), Some(CheckCode::ExposureLow));
        assert_eq!(first_failed(|x, y| checks(x, y) / 8 + 230, &[good], 0.0), Some(CheckCode::ExposureHigh));
        let smooth = |x: usize, _: usize| (128.0 + 100.0 * (x as f32 / 40.0).sin()) as u8;
        assert_eq!(first_failed(smooth, &[good], 0.0), Some(CheckCode::Sharpness));
    }
}
