//! Where every part of a face is: 468 points in three dimensions (MediaPipe Face Mesh).

use super::crop::{Similarity, sample};
use super::detector::Face;
use crate::error::Error;
use crate::frame::RgbaView;
use crate::inference::{Model, expect_input, output};
use idv_protocol::Point;

/// Side of the network's input in px.
pub const MESH_SIDE_PX: usize = 192;

/// Points of a mesh.
pub const MESH_POINTS: usize = 468;

/// Side of the square that the network looks at, over the longer side of the face's box. MediaPipe's face
/// landmark graph takes 1.5 too.
const CROP_RATIO: f32 = 1.5;

/// How far a face's box may lie from its points before the network looks again: a shift over the box's size, the
/// logarithm of a scale, an angle in radians (4 degrees). Within them a second look moves points by less than the
/// network's own error.
const MAX_SHIFT_RATIO: f32 = 0.12;
const MAX_SCALE_LN: f32 = 0.25;
const MAX_ANGLE: f32 = 0.07;

/// Certainty from which the points of a first look are followed.
const MIN_FOLLOWED_SCORE: f32 = 0.5;

/// Indices of points in a mesh, by MediaPipe's canonical face model. Right and left are the subject's.
pub(crate) mod at {
    /// Tip of the nose.
    pub const NOSE_TIP: usize = 1;
    /// Middle of the hairline.
    pub const FOREHEAD: usize = 10;
    /// Lowest point of the chin.
    pub const CHIN: usize = 152;
    /// Outer corner of the right eye.
    pub const RIGHT_EYE_OUTER: usize = 33;
    /// Inner corner of the right eye.
    pub const RIGHT_EYE_INNER: usize = 133;
    /// Inner corner of the left eye.
    pub const LEFT_EYE_INNER: usize = 362;
    /// Right corner of the mouth.
    pub const RIGHT_MOUTH_CORNER: usize = 61;
    /// Left corner of the mouth.
    pub const LEFT_MOUTH_CORNER: usize = 291;
    /// Outer corner of the left eye.
    pub const LEFT_EYE_OUTER: usize = 263;
}

/// The points of a face.
#[derive(Clone, Debug, PartialEq)]
pub struct Mesh {
    /// x and y in frame px; z in px too, smaller is nearer to the camera. [`MESH_POINTS`] of them.
    pub points: Vec<[f32; 3]>,
    /// Certainty that there is a face, 0 to 1.
    pub score: f32,
}

impl Mesh {
    /// Point `index` in frame px. Indices over [`MESH_POINTS`] give the origin.
    pub fn point(&self, index: usize) -> Point {
        self.points.get(index).map_or(Point::default(), |p| Point::new(p[0], p[1]))
    }

    /// The same five points as [`Face::keypoints`], more exact: the detector's hardly follow a leaning head.
    pub fn keypoints(&self) -> [Point; 5] {
        let [right, left] = self.eyes();
        let mouth = [at::RIGHT_MOUTH_CORNER, at::LEFT_MOUTH_CORNER].map(|corner| self.point(corner));
        [right, left, self.point(at::NOSE_TIP), mouth[0], mouth[1]]
    }

    /// The middles of the subject's right and left eye in frame px.
    pub fn eyes(&self) -> [Point; 2] {
        let middle = |a: Point, b: Point| Point::new((a.x + b.x) / 2.0, (a.y + b.y) / 2.0);
        [
            middle(self.point(at::RIGHT_EYE_OUTER), self.point(at::RIGHT_EYE_INNER)),
            middle(self.point(at::LEFT_EYE_OUTER), self.point(at::LEFT_EYE_INNER)),
        ]
    }
}

/// Finds the points of faces.
pub struct FaceMesh {
    model: Box<dyn Model>,
    /// The network's input: red, green and blue planes, 0 to 1.
    input: Vec<f32>,
}

impl FaceMesh {
    /// A finder on the `face_mesh` model. Fails with [`crate::ErrorKind::ModelUnreadable`] when the model takes
    /// another input.
    pub fn new(model: Box<dyn Model>) -> Result<Self, Error> {
        expect_input(model.as_ref(), &[1, 3, MESH_SIDE_PX, MESH_SIDE_PX])?;
        Ok(Self { model, input: vec![0.0; 3 * MESH_SIDE_PX * MESH_SIDE_PX] })
    }

    /// The points of `face` in `frame`. Where they show that the face lies or leans otherwise than its box says,
    /// the network looks once more, along them.
    pub fn fit(&mut self, frame: RgbaView<'_>, face: &Face) -> Result<Mesh, Error> {
        let region = Region { centre: face.centre(), size_px: face.long_side_px(), angle: face.eye_angle() };
        let mesh = self.look(frame, region)?;
        let better = Region::of(&mesh);
        if mesh.score < MIN_FOLLOWED_SCORE || !region.is_off(better) {
            return Ok(mesh);
        }
        self.look(frame, better)
    }

    /// The points in `frame` of the face that had the points `last` in the frame before. Their score says whether it is
    /// still there.
    pub fn follow(&mut self, frame: RgbaView<'_>, last: &Mesh) -> Result<Mesh, Error> {
        self.look(frame, Region::of(last))
    }

    fn look(&mut self, frame: RgbaView<'_>, region: Region) -> Result<Mesh, Error> {
        const SIDE: usize = MESH_SIDE_PX;
        let size_px = region.size_px * CROP_RATIO;
        let to_frame = Similarity::of_square(region.centre, size_px, region.angle, SIDE as f32);
        let input = &mut self.input;
        let (scale, map) = (to_frame.scale(), |x, y| to_frame.apply(x, y));
        sample(frame, SIDE, scale, map, |at, [red, green, blue]| {
            input[at] = red / 255.0;
            input[SIDE * SIDE + at] = green / 255.0;
            input[2 * SIDE * SIDE + at] = blue / 255.0;
        });
        let outputs = self.model.run(input)?;
        let points = output(&outputs, 0, MESH_POINTS * 3)?
            .chunks_exact(3)
            .map(|p| {
                let at = to_frame.apply(p[0], p[1]);
                [at.x, at.y, p[2] * scale]
            })
            .collect();
        Ok(Mesh { points, score: output(&outputs, 1, 1)?[0] })
    }
}

/// Where a face lies: the square around it, along its eyes.
#[derive(Clone, Copy, Debug)]
pub(super) struct Region {
    pub centre: Point,
    pub size_px: f32,
    /// Radians, clockwise in the picture.
    angle: f32,
}

impl Region {
    /// The box around the points of `mesh`, along its eyes.
    pub fn of(mesh: &Mesh) -> Self {
        let [right, left] = mesh.eyes();
        let angle = (left.y - right.y).atan2(left.x - right.x);
        let (sin, cos) = angle.sin_cos();
        let mut low = [f32::MAX; 2];
        let mut high = [f32::MIN; 2];
        for [x, y, _] in &mesh.points {
            for (axis, value) in [x * cos + y * sin, y * cos - x * sin].into_iter().enumerate() {
                low[axis] = low[axis].min(value);
                high[axis] = high[axis].max(value);
            }
        }
        let (u, v) = ((low[0] + high[0]) / 2.0, (low[1] + high[1]) / 2.0);
        Self {
            centre: Point::new(u * cos - v * sin, v * cos + u * sin),
            size_px: (high[0] - low[0]).max(high[1] - low[1]),
            angle,
        }
    }

    /// True when `other` is so different that the network's crop cuts or turns the face.
    fn is_off(self, other: Self) -> bool {
        let angle = (self.angle - other.angle).abs();
        self.centre.distance(other.centre) > MAX_SHIFT_RATIO * self.size_px
            || (self.size_px / other.size_px.max(1.0)).ln().abs() > MAX_SCALE_LN
            || angle.min(std::f32::consts::TAU - angle) > MAX_ANGLE
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::Tensor;
    use crate::inference::fake::FakeModel;
    use idv_protocol::{PxRect, Size};
    use std::sync::Arc;
    use std::sync::atomic::{AtomicUsize, Ordering};

    /// Outputs for a face that fills the middle 128 px of the network's input, its left eye `slope` px lower
    /// than the right one; every point that is not set is 48 px right of the middle and 10 px deep.
    fn outputs(slope: f32) -> Vec<Tensor> {
        let mut points = vec![[144.0, 96.0, 10.0]; MESH_POINTS];
        for (index, x, y) in [
            (at::FOREHEAD, 96.0, 32.0),
            (at::CHIN, 96.0, 160.0),
            (at::RIGHT_EYE_OUTER, 50.0, 80.0),
            (at::RIGHT_EYE_INNER, 70.0, 80.0),
            (at::LEFT_EYE_INNER, 122.0, 80.0 + slope),
            (at::LEFT_EYE_OUTER, 142.0, 80.0 + slope),
        ] {
            points[index] = [x, y, 0.0];
        }
        // Points 234 and 454 are the sides of the face.
        (points[234], points[454]) = ([32.0, 96.0, 0.0], [160.0, 96.0, 0.0]);
        vec![
            Tensor { shape: vec![1, 1404], values: points.concat() },
            Tensor { shape: vec![1, 1], values: vec![0.75] },
        ]
    }

    /// A head that leans a quarter turn clockwise, as the detector says: the left eye is below the right one.
    fn leaning() -> Face {
        let keypoints = [(320.0, 200.0), (320.0, 280.0), (300.0, 240.0), (280.0, 220.0), (280.0, 260.0)];
        Face {
            rect: PxRect { x: 256.0, y: 176.0, width: 128.0, height: 128.0 },
            score: 0.9,
            keypoints: keypoints.map(|(x, y)| Point::new(x, y)),
        }
    }

    /// The mesh of the leaning head, and how often the network looked.
    fn fit(slopes: [f32; 2]) -> (Mesh, usize) {
        let looks = Arc::new(AtomicUsize::new(0));
        let counted = looks.clone();
        let model = FakeModel::new(&[1, 3, MESH_SIDE_PX, MESH_SIDE_PX], move |_| {
            outputs(slopes[counted.fetch_add(1, Ordering::Relaxed)])
        });
        let data = vec![0; 640 * 480 * 4];
        let frame = RgbaView::new(&data, Size { width: 640, height: 480 }).expect("fits");
        let mesh = FaceMesh::new(Box::new(model)).expect("shape fits").fit(frame, &leaning()).expect("runs");
        (mesh, looks.load(Ordering::Relaxed))
    }

    #[test]
    fn points_of_a_leaning_face_come_back_in_frame_pixels() {
        let (mesh, looks) = fit([0.0, 0.0]);
        assert_eq!((mesh.points.len(), mesh.score, looks), (MESH_POINTS, 0.75, 1));
        let [x, y, z] = mesh.points[0];
        // The square is 192 px wide, as the input is; right of the face is down in the frame.
        assert!(
            (x - 320.0).abs() < 0.01 && (y - 288.0).abs() < 0.01 && (z - 10.0).abs() < 0.01,
            "{x} {y} {z}"
        );
    }

    #[test]
    fn a_face_that_leans_otherwise_than_its_box_says_is_looked_at_again() {
        let (mesh, looks) = fit([30.0, 0.0]);
        assert_eq!(looks, 2);
        let [right, left] = mesh.eyes();
        let angle = (left.y - right.y).atan2(left.x - right.x).to_degrees();
        // A quarter turn, and 30 px over the 72 px between the eyes.
        assert!((angle - 90.0 - 22.6).abs() < 0.1, "{angle}");
    }
}
