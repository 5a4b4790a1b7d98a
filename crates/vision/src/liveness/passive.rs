//! The passive presentation-attack detection: whether the texture of one picture is that of a live face.
//!
//! In: a frame and a face in it. Out: a probability. Rule: which networks say it, and what they take, is the model
//! manifest's to choose; nothing here knows one of them.

use crate::error::{Error, ErrorKind};
use crate::face::{Face, sample};
use crate::frame::RgbaView;
use crate::inference::{Model, Tensor};
use idv_protocol::liveness::ColourOrder;
use idv_protocol::{PadSpec, Point, PxRect, Size};

/// What the names of all passive networks begin with.
pub const PASSIVE_PAD: &str = "passive_pad";

/// Scores faces by one network or by several.
pub struct PassivePad {
    networks: Vec<Network>,
}

/// One network, and what it takes.
struct Network {
    name: String,
    model: Box<dyn Model>,
    spec: PadSpec,
    /// Side of its input in px.
    side_px: usize,
    /// Its input: three planes.
    input: Vec<f32>,
}

impl PassivePad {
    /// A scorer on the network of this project's own manifest. Fails as [`Self::add`].
    pub fn new(model: Box<dyn Model>) -> Result<Self, Error> {
        Self::of(PASSIVE_PAD, model, PadSpec::default())
    }

    /// A scorer on one network of any manifest. Fails as [`Self::add`].
    pub fn of(name: &str, model: Box<dyn Model>, spec: PadSpec) -> Result<Self, Error> {
        let mut pad = Self { networks: Vec::with_capacity(1) };
        pad.add(name, model, spec)?;
        Ok(pad)
    }

    /// Adds a network, or replaces the one of this name. Fails with [`ErrorKind::ModelUnreadable`] when its input is no
    /// square of three planes, or `spec` names no crop or none larger than the face's half.
    pub fn add(&mut self, name: &str, model: Box<dyn Model>, spec: PadSpec) -> Result<(), Error> {
        let side_px = match *model.input_shape() {
            [1, 3, height, width] if height == width && width > 0 => width,
            ref shape => {
                return Err(unfit(name, format!("it takes {shape:?}, not one square of three planes")));
            }
        };
        if spec.crops.is_empty() || !spec.crops.iter().all(|ratio| (0.5..=16.0).contains(ratio)) {
            return Err(unfit(name, format!("its crops are {:?}", spec.crops)));
        }
        self.networks.retain(|network| network.name != name);
        let input = vec![0.0; 3 * side_px * side_px];
        self.networks.push(Network { name: name.to_owned(), model, spec, side_px, input });
        Ok(())
    }

    /// Probability that `face` in `frame` is a live face and no picture of one, 0 to 1: the mean of the networks' own.
    /// Fails with [`ErrorKind::Inference`].
    pub fn score(&mut self, frame: RgbaView<'_>, face: &Face) -> Result<f32, Error> {
        let mut sum = 0.0;
        for network in &mut self.networks {
            sum += network.score(frame, face)?;
        }
        Ok(sum / self.networks.len().max(1) as f32)
    }
}

impl Network {
    fn score(&mut self, frame: RgbaView<'_>, face: &Face) -> Result<f32, Error> {
        let mut sum = 0.0;
        for index in 0..self.spec.crops.len() {
            let crop = crop(&face.rect, self.spec.crops[index], frame.size());
            sum += self.score_crop(frame, &crop)?;
        }
        Ok(sum / self.spec.crops.len() as f32)
    }

    fn score_crop(&mut self, frame: RgbaView<'_>, crop: &PxRect) -> Result<f32, Error> {
        let (side, plane) = (self.side_px, self.side_px * self.side_px);
        let (sx, sy) = (crop.width / side as f32, crop.height / side as f32);
        let to_frame = |x: f32, y: f32| Point::new(crop.x + x * sx, crop.y + y * sy);
        let [black, white] = self.spec.range;
        let scale = (white - black) / 255.0;
        let (first, last) = match self.spec.channels {
            ColourOrder::Rgb => (0, 2),
            ColourOrder::Bgr => (2, 0),
        };
        let input = &mut self.input;
        sample(frame, side, 1.0, to_frame, |at, rgb| {
            input[at] = black + scale * rgb[first];
            input[plane + at] = black + scale * rgb[1];
            input[2 * plane + at] = black + scale * rgb[last];
        });
        live_share(&self.model.run(input)?, self.spec.live_class)
    }
}

/// Probability of class `live` by the logits that are the first output.
fn live_share(outputs: &[Tensor], live: usize) -> Result<f32, Error> {
    let logits = outputs.first().map_or(&[][..], |tensor| &tensor.values);
    let top = logits.iter().copied().fold(f32::MIN, f32::max);
    let sum: f32 = logits.iter().map(|logit| (logit - top).exp()).sum();
    logits.get(live).map(|logit| (logit - top).exp() / sum).ok_or_else(|| {
        Error::new(
            ErrorKind::Inference,
            format!("the passive network has {} classes, no {live}", logits.len()),
        )
    })
}

fn unfit(name: &str, why: String) -> Error {
    Error::new(ErrorKind::ModelUnreadable, format!("{name} cannot score faces: {why}"))
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
    use crate::inference::fake::FakeModel;

    const FACE: Face = Face {
        rect: PxRect { x: 50.0, y: 50.0, width: 80.0, height: 100.0 },
        score: 0.9,
        keypoints: [Point { x: 0.0, y: 0.0 }; 5],
    };

    /// A network of `side` that asserts the first value of its first and last plane, and says these logits in turn.
    fn network(side: usize, planes: (f32, f32), logits: &[[f32; 3]]) -> Box<dyn Model> {
        let (mut calls, logits) = (0, logits.to_vec());
        Box::new(FakeModel::new(&[1, 3, side, side], move |input| {
            calls += 1;
            assert!((input[0] - planes.0).abs() < 1e-3 && (input[2 * side * side] - planes.1).abs() < 1e-3);
            let values = logits[(calls - 1) % logits.len()].to_vec();
            vec![Tensor { shape: vec![1, 3], values }]
        }))
    }

    fn score(pad: &mut PassivePad) -> f32 {
        let data = [200, 90, 10, 255].repeat(200 * 200);
        let frame = RgbaView::new(&data, Size { width: 200, height: 200 }).expect("fits");
        pad.score(frame, &FACE).expect("runs")
    }

    #[test]
    fn the_score_is_the_mean_of_both_crops() {
        // Even odds in the first crop, certainly live in the second.
        let model = network(128, (10.0, 200.0), &[[0.0, 0.0, -99.0], [99.0, 0.0, 0.0]]);
        let score = score(&mut PassivePad::new(model).expect("fits"));
        assert!((score - 0.75).abs() < 1e-6, "{score}");
    }

    #[test]
    fn other_networks_take_and_say_what_their_entry_states() {
        let spec =
            PadSpec { channels: ColourOrder::Rgb, range: [-1.0, 1.0], crops: vec![2.7], live_class: 1 };
        let planes = (-1.0 + 200.0 * 2.0 / 255.0, -1.0 + 10.0 * 2.0 / 255.0);
        let mut pad = PassivePad::of("passive_pad", network(80, planes, &[[0.0, 99.0, 0.0]]), spec.clone())
            .expect("fits");
        assert!((score(&mut pad) - 1.0).abs() < 1e-6);
        // A second one that is sure of an attack halves it, and takes its own place when it comes again.
        let other = PadSpec { channels: ColourOrder::Bgr, range: [0.0, 255.0], ..spec };
        for _ in 0..2 {
            let attack = network(80, (10.0, 200.0), &[[99.0, 0.0, 0.0]]);
            pad.add("passive_pad_wide", attack, other.clone()).expect("fits");
            assert!((score(&mut pad) - 0.5).abs() < 1e-6);
        }
    }

    #[test]
    fn a_network_that_cannot_score_is_refused() {
        let oblong = Box::new(FakeModel::new(&[1, 3, 80, 64], |_| Vec::new()));
        assert!(PassivePad::new(oblong).is_err());
        let square = || network(80, (0.0, 0.0), &[[0.0; 3]]);
        assert!(PassivePad::of("p", square(), PadSpec { crops: Vec::new(), ..PadSpec::default() }).is_err());
        let mut pad = PassivePad::of(
            "p",
            network(80, (10.0, 200.0), &[[0.0; 3]]),
            PadSpec { live_class: 3, ..PadSpec::default() },
        )
        .expect("fits");
        let data = [200, 90, 10, 255].repeat(200 * 200);
        let frame = RgbaView::new(&data, Size { width: 200, height: 200 }).expect("fits");
        assert_eq!(pad.score(frame, &FACE).expect_err("no such class").kind(), ErrorKind::Inference);
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
