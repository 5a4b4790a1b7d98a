//! Where faces are: YuNet on the whole frame, letterboxed.

use super::crop::Similarity;
use super::input::Input;
use crate::error::Error;
use crate::frame::RgbaView;
use crate::inference::{Model, expect_input, output};
use idv_protocol::{Point, PxRect, Size};

/// Side of the network's input in px. At 320 a face of a tenth of the frame's width is still found, and one
/// frame takes a fifth of the time of 640.
pub const DETECTOR_SIDE_PX: usize = 320;

/// Strides of the network's three output levels, in input px.
const STRIDES: [usize; 3] = [8, 16, 32];

/// A face.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Face {
    /// From hairline to chin, in frame px; it may reach out of the frame.
    pub rect: PxRect,
    /// Certainty, 0 to 1.
    pub score: f32,
    /// The subject's right eye, left eye, nose tip, right and left mouth corner, in frame px: roughly, those of
    /// an upright face. [`super::Mesh::keypoints`] has them exactly.
    pub keypoints: [Point; 5],
}

impl Face {
    /// The middle of `rect`.
    pub fn centre(&self) -> Point {
        Point::new(self.rect.x + self.rect.width / 2.0, self.rect.y + self.rect.height / 2.0)
    }

    /// The longer side of `rect` in px.
    pub fn long_side_px(&self) -> f32 {
        self.rect.width.max(self.rect.height)
    }

    /// Angle of the line through the eyes in radians, clockwise in the picture; 0 when upright.
    pub fn eye_angle(&self) -> f32 {
        let [right, left, ..] = self.keypoints;
        (left.y - right.y).atan2(left.x - right.x)
    }

    fn mapped(&self, map: &Similarity) -> Self {
        let corner = map.apply(self.rect.x, self.rect.y);
        let scale = map.scale();
        Self {
            rect: PxRect {
                x: corner.x,
                y: corner.y,
                width: self.rect.width * scale,
                height: self.rect.height * scale,
            },
            score: self.score,
            keypoints: self.keypoints.map(|p| map.apply(p.x, p.y)),
        }
    }

    fn overlap_ratio(&self, other: &Self) -> f32 {
        let (a, b) = (&self.rect, &other.rect);
        let width = (a.x + a.width).min(b.x + b.width) - a.x.max(b.x);
        let height = (a.y + a.height).min(b.y + b.height) - a.y.max(b.y);
        if width <= 0.0 || height <= 0.0 {
            return 0.0;
        }
        let both = width * height;
        both / (a.width * a.height + b.width * b.height - both)
    }
}

/// Width of a face, over the largest one's, below which it is somebody in the background and not counted.
const BACKGROUND_RATIO: f32 = 0.4;

/// `faces`, largest first, without those in the background.
pub fn main_faces(mut faces: Vec<Face>) -> Vec<Face> {
    let largest = faces.first().map_or(0.0, |face| face.rect.width);
    faces.retain(|face| face.rect.width >= BACKGROUND_RATIO * largest);
    faces
}

/// Limits of the detector.
#[derive(Clone, Copy, Debug)]
pub struct FaceDetectorParams {
    /// Smallest certainty of a face.
    pub min_score: f32,
    /// Two boxes that overlap by more than this share of their union are one face. 0.3 is OpenCV's default for
    /// this network.
    pub max_overlap_ratio: f32,
}

impl Default for FaceDetectorParams {
    fn default() -> Self {
        Self { min_score: 0.7, max_overlap_ratio: 0.3 }
    }
}

/// Largest width of a face that is taken from a quarter of a picture, over the quarter's longer side.
const MAX_PART_RATIO: f32 = 0.15;

/// Finds faces.
pub struct FaceDetector {
    model: Box<dyn Model>,
    params: FaceDetectorParams,
    input: Input,
    /// The frame that was looked at last.
    looked: Option<Size>,
}

impl FaceDetector {
    /// A detector on the `face_detector` model. Fails with [`crate::ErrorKind::ModelUnreadable`] when the model
    /// takes another input.
    pub fn new(model: Box<dyn Model>, params: FaceDetectorParams) -> Result<Self, Error> {
        expect_input(model.as_ref(), &[1, 3, DETECTOR_SIDE_PX, DETECTOR_SIDE_PX])?;
        Ok(Self { model, params, input: Input::default(), looked: None })
    }

    /// The faces in `frame`, largest first.
    pub fn detect(&mut self, frame: RgbaView<'_>) -> Result<Vec<Face>, Error> {
        let to_frame = self.see(frame);
        self.find(&to_frame)
    }

    /// The faces in `frame`, largest first, down to a half of the size that [`Self::detect`] finds: it looks at the whole
    /// and at nine overlapping quarters of it, in ten times the time. For pictures that stand still. Fails with
    /// [`crate::ErrorKind::Inference`].
    pub fn detect_fine(&mut self, frame: RgbaView<'_>) -> Result<Vec<Face>, Error> {
        let size = frame.size();
        let mut found = self.detect(frame)?;
        let (width, height) = (size.width / 2, size.height / 2);
        if width.max(height) > DETECTOR_SIDE_PX as u32 {
            for tile in 0..9 {
                let (left, top) = (tile % 3 * width / 2, tile / 3 * height / 2);
                let part = frame.part(left, top, Size { width, height });
                for mut face in self.detect(part.view()?)? {
                    // A face at the edge of a quarter is whole in another one, and a large one in the whole picture.
                    let (room, centre) = (face.rect.width, face.centre());
                    let cut = (left > 0 && centre.x < room)
                        || (top > 0 && centre.y < room)
                        || (left + width < size.width - 1 && centre.x > width as f32 - room)
                        || (top + height < size.height - 1 && centre.y > height as f32 - room);
                    if cut || face.rect.width > MAX_PART_RATIO * width.max(height) as f32 {
                        continue;
                    }
                    face.rect.x += left as f32;
                    face.rect.y += top as f32;
                    face.keypoints
                        .iter_mut()
                        .for_each(|p| *p = Point::new(p.x + left as f32, p.y + top as f32));
                    found.push(face);
                }
            }
        }
        Ok(self.distinct(found))
    }

    /// Makes `frame` the input without looking for faces: the way from the input to the frame.
    pub(super) fn see(&mut self, frame: RgbaView<'_>) -> Similarity {
        self.looked = Some(frame.size());
        self.input.fill(frame)
    }

    /// A digest of the network's input: equal for frames of equal pixels, and for hardly any others.
    pub(crate) fn input_digest(&self) -> u64 {
        self.input.digest()
    }

    /// The size of the frame that was looked at last, once; the network's input, in 8 bits, goes into `pixels`.
    pub(crate) fn take_input(&mut self, pixels: &mut Vec<u8>) -> Option<Size> {
        let size = self.looked.take()?;
        self.input.write_pixels(pixels);
        Some(size)
    }

    fn find(&mut self, to_frame: &Similarity) -> Result<Vec<Face>, Error> {
        let outputs = self.model.run(&self.input.values)?;
        let mut found = Vec::new();
        for (level, stride) in STRIDES.into_iter().enumerate() {
            let side = DETECTOR_SIDE_PX / stride;
            let cells = side * side;
            let classes = output(&outputs, level, cells)?;
            let objects = output(&outputs, 3 + level, cells)?;
            let boxes = output(&outputs, 6 + level, cells * 4)?;
            let points = output(&outputs, 9 + level, cells * 10)?;
            for cell in 0..cells {
                let score = (classes[cell].clamp(0.0, 1.0) * objects[cell].clamp(0.0, 1.0)).sqrt();
                if score < self.params.min_score {
                    continue;
                }
                let at = ((cell % side) as f32, (cell / side) as f32);
                let face =
                    decode(score, at, stride as f32, &boxes[cell * 4..][..4], &points[cell * 10..][..10]);
                found.push(face.mapped(to_frame));
            }
        }
        Ok(self.distinct(found))
    }

    /// One face for each heap of boxes, largest first.
    fn distinct(&self, mut found: Vec<Face>) -> Vec<Face> {
        found.sort_by(|a, b| b.score.total_cmp(&a.score));
        let mut faces: Vec<Face> = Vec::new();
        for face in found {
            if faces.iter().all(|kept| kept.overlap_ratio(&face) <= self.params.max_overlap_ratio) {
                faces.push(face);
            }
        }
        let area = |face: &Face| face.rect.width * face.rect.height;
        faces.sort_by(|a, b| area(b).total_cmp(&area(a)));
        faces
    }
}

/// A face in input px from one cell of a level.
fn decode(score: f32, (column, row): (f32, f32), stride: f32, rect: &[f32], points: &[f32]) -> Face {
    let (x, y) = ((column + rect[0]) * stride, (row + rect[1]) * stride);
    let (width, height) = (rect[2].exp() * stride, rect[3].exp() * stride);
    let keypoints = std::array::from_fn(|i| {
        Point::new((column + points[2 * i]) * stride, (row + points[2 * i + 1]) * stride)
    });
    Face { rect: PxRect { x: x - width / 2.0, y: y - height / 2.0, width, height }, score, keypoints }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::Tensor;
    use crate::inference::fake::FakeModel;

    /// A network that sees `faces` as (level, cell, score), each box as large as two strides, and checks that
    /// the input's first pixel is `corner` (blue, green, red).
    fn network(faces: Vec<(usize, usize, f32)>, corner: [f32; 3]) -> Box<dyn Model> {
        Box::new(FakeModel::new(&[1, 3, 320, 320], move |input| {
            assert_eq!([input[0], input[320 * 320], input[2 * 320 * 320]], corner);
            let mut outputs = Vec::new();
            for values in [1, 1, 4, 10] {
                for (level, stride) in STRIDES.into_iter().enumerate() {
                    let cells = (320 / stride) * (320 / stride);
                    let mut tensor =
                        Tensor { shape: vec![1, cells, values], values: vec![0.0; cells * values] };
                    for (_, cell, score) in faces.iter().filter(|face| face.0 == level) {
                        match values {
                            1 => tensor.values[*cell] = *score,
                            4 => tensor.values[cell * 4 + 2..cell * 4 + 4].fill(2f32.ln()),
                            _ => {}
                        }
                    }
                    outputs.push(tensor);
                }
            }
            outputs
        }))
    }

    fn frame(width: u32, height: u32) -> (Vec<u8>, Size) {
        let pixels = (width * height) as usize;
        ([10, 20, 30, 255].repeat(pixels), Size { width, height })
    }

    #[test]
    fn boxes_come_back_in_frame_pixels_and_largest_first() {
        let (data, size) = frame(1280, 720);
        let model = network(vec![(0, 41, 0.9), (2, 11, 0.8)], [30.0, 20.0, 10.0]);
        let mut detector = FaceDetector::new(model, FaceDetectorParams::default()).expect("shape fits");
        let faces = detector.detect(RgbaView::new(&data, size).expect("fits")).expect("runs");
        // Cell 11 of the 32 px level: column 1, row 1; the frame is four times the input.
        let large = PxRect { x: 0.0, y: 0.0, width: 256.0, height: 256.0 };
        assert_eq!(faces.len(), 2);
        assert!((faces[0].rect.width - large.width).abs() < 0.01 && faces[0].rect.x.abs() < 0.01);
        assert_eq!(faces[0].keypoints[2], Point::new(128.0, 128.0));
        assert!((faces[1].rect.width - 64.0).abs() < 0.01);
    }

    #[test]
    fn overlapping_boxes_are_one_face_and_weak_ones_none() {
        let (data, size) = frame(320, 320);
        let model = network(vec![(1, 21, 0.9), (1, 22, 0.8), (1, 99, 0.2)], [30.0, 20.0, 10.0]);
        let mut detector = FaceDetector::new(model, FaceDetectorParams::default()).expect("shape fits");
        let faces = detector.detect(RgbaView::new(&data, size).expect("fits")).expect("runs");
        assert_eq!(faces.len(), 1);
        assert!((faces[0].score - 0.9).abs() < 1e-6);
    }

    #[test]
    fn a_model_of_another_shape_is_refused() {
        let model = Box::new(FakeModel::new(&[1, 3, 640, 640], |_| Vec::new()));
        assert!(FaceDetector::new(model, FaceDetectorParams::default()).is_err());
    }
}
