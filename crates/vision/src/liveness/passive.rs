//! The passive presentation-attack detection: whether the texture of one picture is that of a live face.

use crate::error::Error;
use crate::face::{Face, sample};
use crate::frame::RgbaView;
use crate::inference::{Model, expect_input, output};
use idv_protocol::{Point, PxRect, Size};

/// Side of the network's input in px.
pub const PAD_SIDE_PX: usize = 128;

/// Sides of the two crops over the face's box: one with the face's own texture, one that also shows the edges of
/// a sheet or a screen. The score is the mean of both.
const CROP_RATIOS: [f32; 2] = [1.5, 2.7];

/// Classes of the network; the first is a live face.
const CLASSES: usize = 3;

/// Scores faces.
pub struct PassivePad {
    model: Box<dyn Model>,
    /// The network's input: blue, green and red planes, 0 to 255.
    input: Vec<f32>,
}

impl PassivePad {
    /// A scorer on the `passive_pad` model. Fails with [`crate::ErrorKind::ModelUnreadable`] when the model takes
    /// another input.
    pub fn new(model: Box<dyn Model>) -> Result<Self, Error> {
        expect_input(model.as_ref(), &[1, 3, PAD_SIDE_PX, PAD_SIDE_PX])?;
        Ok(Self { model, input: vec![0.0; 3 * PAD_SIDE_PX * PAD_SIDE_PX] })
    }

    /// Probability that `face` in `frame` is a live face and no picture of one, 0 to 1.
    pub fn score(&mut self, frame: RgbaView<'_>, face: &Face) -> Result<f32, Error> {
        let mut sum = 0.0;
        for ratio in CROP_RATIOS {
            sum += self.score_crop(frame, &crop(&face.rect, ratio, frame.size()))?;
        }
        Ok(sum / CROP_RATIOS.len() as f32)
    }

    fn score_crop(&mut self, frame: RgbaView<'_>, crop: &PxRect) -> Result<f32, Error> {
        const SIDE: usize = PAD_SIDE_PX;
        let (sx, sy) = (crop.width / SIDE as f32, crop.height / SIDE as f32);
        let to_frame = |x: f32, y: f32| Point::new(crop.x + x * sx, crop.y + y * sy);
        let input = &mut self.input;
        sample(frame, SIDE, 1.0, to_frame, |at, [red, green, blue]| {
            input[at] = blue;
            input[SIDE * SIDE + at] = green;
            input[2 * SIDE * SIDE + at] = red;
        });
        let outputs = self.model.run(input)?;
        let logits = output(&outputs, 0, CLASSES)?;
        let top = logits.iter().copied().fold(f32::MIN, f32::max);
        let exps: Vec<f32> = logits.iter().map(|logit| (logit - top).exp()).collect();
        Ok(exps[0] / exps.iter().sum::<f32>())
    }
}

/// The face's box widened by `ratio`, less where the frame is too small for it, and moved into the frame.
fn crop(rect: &PxRect, ratio: f32, frame: Size) -> PxRect {
    let (frame_w, frame_h) = (frame.width as f32, frame.height as f32);
    let ratio = ratio.min(frame_w / rect.width.max(1.0)).min(frame_h / rect.height.max(1.0));
    let (width, height) = (rect.width.max(1.0) * ratio, rect.height.max(1.0) * ratio);
    let (x, y) = (rect.x + (rect.width - width) / 2.0, rect.y + (rect.height - height) / 2.0);
    PxRect { x: x.min(frame_w - width).max(0.0), y: y.min(frame_h - height).max(0.0), width, height }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::inference::Tensor;
    use crate::inference::fake::FakeModel;

    #[test]
    fn the_score_is_the_mean_of_both_crops() {
        let mut calls = 0;
        let model = FakeModel::new(&[1, 3, PAD_SIDE_PX, PAD_SIDE_PX], move |input| {
            calls += 1;
            // Red lies last and is not scaled.
            assert_eq!((input[0], input[2 * PAD_SIDE_PX * PAD_SIDE_PX]), (10.0, 200.0));
            // Even odds in the first crop, certainly live in the second.
            let values = if calls == 1 { vec![0.0, 0.0, -99.0] } else { vec![99.0, 0.0, 0.0] };
            vec![Tensor { shape: vec![1, 3], values }]
        });
        let data = [200, 90, 10, 255].repeat(200 * 200);
        let frame = RgbaView::new(&data, Size { width: 200, height: 200 }).expect("fits");
        let rect = PxRect { x: 50.0, y: 50.0, width: 80.0, height: 100.0 };
        let face = Face { rect, score: 0.9, keypoints: [Point::default(); 5] };
        let score = PassivePad::new(Box::new(model)).expect("shape fits").score(frame, &face).expect("runs");
        assert!((score - 0.75).abs() < 1e-6, "{score}");
    }

    #[test]
    fn crops_stay_inside_the_frame_and_keep_the_faces_proportions() {
        let frame = Size { width: 640, height: 480 };
        let close = crop(&PxRect { x: 10.0, y: 300.0, width: 150.0, height: 240.0 }, 2.7, frame);
        assert_eq!(close, PxRect { x: 0.0, y: 0.0, width: 300.0, height: 480.0 });
        let small = crop(&PxRect { x: 300.0, y: 200.0, width: 40.0, height: 50.0 }, 1.5, frame);
        assert_eq!(small, PxRect { x: 290.0, y: 187.5, width: 60.0, height: 75.0 });
    }
}
