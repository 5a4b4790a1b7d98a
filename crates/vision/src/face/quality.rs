//! Whether a face is shown well enough to be compared and judged.
//!
//! In: a frame, the faces in it, the mesh of the largest. Out: a check for each fault, with its value and its limit. Rule:
//! limits are those of the portrait standard where a visitor with a phone can hold them, and looser where the field says
//! so; whatever depends on skin or on the shape of an eye is relative to the same face.

use super::cover::Cover;
use super::detector::Face;
use super::expression::{EYES_CLOSED_RATIO, Expression, Rest};
use super::light::Light;
use super::mesh::Mesh;
use super::pose::head_pose;
use crate::frame::RgbaView;
use idv_protocol::{Check, CheckCode, FaceHint, QualityReport};

/// Limits of a good frontal face. "The standard" is ISO/IEC 19794-5:2011 with the portrait of ICAO Doc 9303-3 and the
/// ICAO Technical Report "Portrait Quality" of 2018.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FaceQualityParams {
    /// Smallest width of the face in px. The standard asks for 90 px between the eyes, which is a face of some 200; the
    /// passive model works from 100 px, and the face comparison needs 112 px between hairline and chin.
    pub min_width_px: f32,
    /// Largest distance of the face's centre from the frame's, over the frame's shorter side: within it the
    /// face cannot touch the frame's edge. The standard has the head in the middle half of the picture.
    pub max_off_centre_ratio: f32,
    /// Room that must be left around the face's box, over its width: ears and chin lie outside the box.
    pub min_margin_ratio: f32,
    /// Largest turn of the head in degrees of a face that looks into the camera. The standard asks for 5 in yaw and pitch
    /// and 8 in roll; 15 is what people hold without a head rest and what the comparison still bears. A nod or a lean may
    /// be larger, by [`Self::nod_weight`].
    pub max_pose_deg: f32,
    /// What a degree of nod or lean counts against a degree of turn. A laptop's camera looks up at a face, a
    /// phone's down, by some 20 degrees; both halves of the face stay visible.
    pub nod_weight: f32,
    /// Lowest mean luma of the face. Dark skin in good light lies above 50.
    pub min_luma: f32,
    /// Highest mean luma of the face. Fair skin in good light lies below 200.
    pub max_luma: f32,
    /// Largest luma of the background over that of the lit parts of the face. The standard wants no shadow on the face and
    /// an even background; a white wall behind a dark face in good light gives about 1.8, a window 3 and more.
    pub max_backlight_ratio: f32,
    /// Largest share of the skin's colour or light that may be missing around the eyes or the mouth. The standard wants
    /// both eyes and the whole face free; the shadow of deep eyes takes up to 0.5 of the light, a lens 0.65 and more.
    pub max_cover_ratio: f32,
    /// Least openness of the eyes over the person's own at rest. The standard asks for eyes that are open naturally.
    pub min_eyes_ratio: f32,
    /// Least openness of the eyes while the person's own rest is not known. Eyes that are narrowed by a smile have 0.12,
    /// narrow ones less: only what no open eye has is refused.
    pub min_eyes: f32,
    /// Largest gap between the lips over the distance of the eyes. The standard asks for a closed mouth and no
    /// smile; a smile that shows the teeth has 0.36, which the comparison bears.
    pub max_mouth_gap: f32,
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
            max_backlight_ratio: 2.2,
            max_cover_ratio: 0.6,
            min_eyes_ratio: EYES_CLOSED_RATIO,
            min_eyes: 0.08,
            max_mouth_gap: 0.42,
            min_sharpness: 0.02,
        }
    }
}

impl FaceQualityParams {
    /// Limits of the portrait on a document: it lies anywhere, with the document's edge near it, printed small and through
    /// a raster, and the person's rest is not known.
    pub fn on_document() -> Self {
        Self {
            // Half of what the comparison looks at: from there on it gains nothing.
            min_width_px: 56.0,
            max_off_centre_ratio: f32::INFINITY,
            min_margin_ratio: 0.0,
            max_backlight_ratio: f32::INFINITY,
            ..Self::default()
        }
    }
}

/// What is judged.
#[derive(Clone, Copy, Debug, Default)]
pub struct Subject<'a> {
    /// The faces of the frame, largest first.
    pub faces: &'a [Face],
    /// The points of the largest, where they are known: without them there is no check of pose, eyes, mouth and cover.
    pub mesh: Option<&'a Mesh>,
    /// The person's own rest, where it is known.
    pub rest: Option<&'a Rest>,
    /// True while the face is to move: pose, eyes, mouth and what turning hides are then what was asked for, and no fault.
    pub moves: bool,
}

/// The checks of the largest face, most important first: count, size, room around it, position, light, pose, sharpness,
/// cover, eyes, mouth. Without a face there is only the count.
pub fn measure_face(frame: RgbaView<'_>, subject: &Subject<'_>, params: &FaceQualityParams) -> QualityReport {
    let faces = subject.faces;
    let mut checks = vec![Check {
        code: CheckCode::FaceCount,
        value: faces.len() as f32,
        threshold: 1.0,
        passed: faces.len() == 1,
    }];
    let Some(face) = faces.first() else { return QualityReport { checks, signals: Vec::new() } };
    let light = Light::of(frame, face);
    checks.extend([
        at_least(CheckCode::Size, face.rect.width, params.min_width_px),
        at_least(CheckCode::CutOff, margin_ratio(frame, face), params.min_margin_ratio),
        at_most(CheckCode::Position, off_centre_ratio(frame, face), params.max_off_centre_ratio),
        at_most(CheckCode::ExposureHigh, light.mean, params.max_luma),
    ]);
    if let Some(backlight) = light.backlight_ratio() {
        checks.push(at_most(CheckCode::Backlight, backlight, params.max_backlight_ratio));
    }
    checks.push(at_least(CheckCode::ExposureLow, light.mean, params.min_luma));
    let sharpness = at_least(CheckCode::Sharpness, light.sharpness, params.min_sharpness);
    if let Some(mesh) = subject.mesh.filter(|_| !subject.moves) {
        let pose = head_pose(mesh);
        let nod = pose.pitch_deg.abs().max(pose.roll_deg.abs()) * params.nod_weight;
        let expression = Expression::seen(frame, mesh);
        checks.extend([
            at_most(CheckCode::Pose, pose.yaw_deg.abs().max(nod), params.max_pose_deg),
            // What follows sees no eye and no edge of a mask in a blurred picture.
            sharpness,
            at_most(CheckCode::Covered, Cover::of(frame, mesh).worst(), params.max_cover_ratio),
            match subject.rest {
                Some(rest) => {
                    at_least(CheckCode::EyesOpen, rest.eyes_ratio(&expression), params.min_eyes_ratio)
                }
                None => at_least(CheckCode::EyesOpen, expression.eyes(), params.min_eyes),
            },
            at_most(CheckCode::Expression, expression.mouth_open, params.max_mouth_gap),
        ]);
    } else {
        checks.push(sharpness);
    }
    QualityReport { checks, signals: Vec::new() }
}

fn at_least(code: CheckCode, value: f32, threshold: f32) -> Check {
    Check { code, value, threshold, passed: value >= threshold }
}

fn at_most(code: CheckCode, value: f32, threshold: f32) -> Check {
    Check { code, value, threshold, passed: value <= threshold }
}

/// What to tell the user of the first fault in `report` of the faces in `frame`; `None` where there is none.
pub fn fault_hint(frame: RgbaView<'_>, faces: &[Face], report: &QualityReport) -> Option<FaceHint> {
    let failed = report.first_failed()?.code;
    Some(match failed {
        CheckCode::FaceCount if faces.is_empty() => FaceHint::NoFace,
        CheckCode::FaceCount => FaceHint::SeveralFaces,
        CheckCode::Size => FaceHint::MoveCloser,
        CheckCode::CutOff if fills(frame, faces) => FaceHint::MoveBack,
        CheckCode::ExposureLow => FaceHint::TooDark,
        CheckCode::ExposureHigh => FaceHint::TooBright,
        CheckCode::Backlight => FaceHint::Backlit,
        CheckCode::Pose => FaceHint::LookStraight,
        CheckCode::Covered => FaceHint::Covered,
        CheckCode::EyesOpen => FaceHint::OpenEyes,
        CheckCode::Expression => FaceHint::RelaxFace,
        CheckCode::Sharpness => FaceHint::Blurred,
        _ => FaceHint::Center,
    })
}

/// True when the face would touch the frame's edge even in its middle.
fn fills(frame: RgbaView<'_>, faces: &[Face]) -> bool {
    /// Size of the face's box over the frame's from which moving sideways does not help.
    const FILLING_RATIO: f32 = 0.75;
    faces.first().is_some_and(|face| {
        face.rect.height > FILLING_RATIO * frame.size().height as f32
            || face.rect.width > FILLING_RATIO * frame.size().width as f32
    })
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

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::head;
    use idv_protocol::face::HeadPose;
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
        let mesh = head(HeadPose { yaw_deg, ..HeadPose::default() }, false);
        let subject = Subject { faces, mesh: Some(&mesh), ..Subject::default() };
        let report = measure_face(frame, &subject, &FaceQualityParams::default());
        let failed = report.first_failed().map(|check| check.code);
        assert_eq!(fault_hint(frame, faces, &report).is_some(), failed.is_some());
        failed
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
