//! Where the corner network sees documents. In: a frame. Out: a [`Sighting`]. Rule: the network proposes quads and
//! says how much it takes any quad for a document; which is one is decided with the edges of the frame, by
//! [`super::Detector`].
//!
//! frame or part of it, letterboxed -> maps of corners and of what lies inside a document -> quads, weighed.

mod input;
mod maps;

use super::geometry::intersection_over_union;
use crate::error::Error;
use crate::frame::RgbaView;
use crate::inference::{Model, expect_input, output};
use idv_protocol::{Quad, Size};
use input::{FOLLOWED_MARGIN, Input, Letterbox, MARGIN, Part};
pub(super) use maps::odds;
use maps::{Maps, sigmoid};

/// Side of the network's input in px.
pub const CORNERS_SIDE_PX: usize = 192;

/// Input px for each cell of the maps.
const STRIDE: usize = 4;

/// Cells along a side of the maps.
const CELLS: usize = CORNERS_SIDE_PX / STRIDE;

/// Maps of the network: inside, corner, offset x, offset y.
const CHANNELS: usize = 4;

/// Confidence from which a quad is looked at once more: below it is nearly always nothing.
const LEAST_FOR_SECOND: f32 = 0.05;

/// Confidence from which a document that was found in the frame before is followed.
const LEAST_TO_FOLLOW: f32 = 0.3;

/// Zoom from which the second look shows more than the first.
const LEAST_ZOOM: f32 = 1.25;

/// Overlap of the first quads of both looks from which they are of one document.
const SAME_DOCUMENT: f32 = 0.6;

/// A quad that the network takes for a document.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Proposal {
    /// Corners in px of the frame: top left, top right, bottom right, bottom left as seen.
    pub quad: Quad,
    /// Share of such quads that overlap with a document by 0.9 and more, 0 to 1, as measured on pictures held out
    /// from training.
    pub confidence: f32,
}

/// What the network saw in one frame: in all of it, and in the part around the first quad it found there.
#[derive(Default)]
pub struct Sighting {
    whole: View,
    near: Option<View>,
    proposals: Vec<Proposal>,
    followed: Option<Quad>,
}

impl Sighting {
    /// Up to three quads that do not cover each other, most confident first.
    pub fn proposals(&self) -> &[Proposal] {
        &self.proposals
    }

    /// Where a document was found in the frame before, if the network sees one there still.
    pub fn followed(&self) -> Option<Quad> {
        self.followed
    }

    /// A sighting of these quads, surely, for tests.
    #[cfg(test)]
    pub(super) fn of(quads: &[Quad], followed: Option<Quad>) -> Self {
        let proposals = quads.iter().map(|&quad| Proposal { quad, confidence: 0.9 }).collect();
        Self { proposals, followed, ..Self::default() }
    }

    /// Logarithm of the odds that `quad`, a convex one in px of the frame, clockwise, overlaps with a document by 0.9
    /// and more.
    pub fn odds(&self, quad: &Quad) -> f32 {
        odds(&self.evidence(quad))
    }

    /// What the network shows of `quad`: see [`Maps::evidence`].
    pub(super) fn evidence(&self, quad: &Quad) -> [f32; 4] {
        let view = self.near.as_ref().filter(|near| near.place.holds(quad)).unwrap_or(&self.whole);
        view.evidence(quad)
    }
}

/// The network's maps of a part of the frame.
#[derive(Default)]
struct View {
    maps: Maps,
    place: Letterbox,
}

impl View {
    fn evidence(&self, quad: &Quad) -> [f32; 4] {
        self.maps.evidence(&Quad(quad.0.map(|p| self.place.cell_of(p))))
    }

    fn proposals(&mut self) -> impl Iterator<Item = Proposal> {
        let place = self.place;
        self.maps.quads().map(move |(quad, odds)| Proposal {
            quad: Quad(quad.0.map(|cell| place.in_frame(cell))),
            confidence: sigmoid(odds),
        })
    }
}

/// The network `document_corners` and the buffers of one frame.
pub struct CornerNet {
    model: Box<dyn Model>,
    /// Red, green and blue planes, 0 to 1.
    input: Input,
    spare: View,
    sighting: Sighting,
    /// The frame and the part of it that were looked at last.
    looked: Option<(Size, Part)>,
}

impl CornerNet {
    /// A finder on the `document_corners` model. Fails with [`crate::ErrorKind::ModelUnreadable`] when the model
    /// takes another input.
    pub fn new(model: Box<dyn Model>) -> Result<Self, Error> {
        expect_input(model.as_ref(), &[1, 3, CORNERS_SIDE_PX, CORNERS_SIDE_PX])?;
        Ok(Self {
            model,
            input: Input::default(),
            spare: View::default(),
            sighting: Sighting::default(),
            looked: None,
        })
    }

    /// Looks at a frame, and once more at the part of it where a document may be, if it then appears enough larger.
    /// Fails with [`crate::ErrorKind::Inference`].
    pub fn look(&mut self, frame: RgbaView<'_>) -> Result<&Sighting, Error> {
        let all =
            Part { x: 0, y: 0, width: frame.size().width as usize, height: frame.size().height as usize };
        if let Some(view) = self.sighting.near.take() {
            self.spare = view;
        }
        self.sighting.followed = None;
        self.looked = Some((frame.size(), all));
        see(&mut self.model, &mut self.input, &mut self.sighting.whole, frame, all)?;
        self.sighting.proposals.clear();
        self.sighting.proposals.extend(self.sighting.whole.proposals());
        let Some(first) = self.sighting.proposals.first_mut() else { return Ok(&self.sighting) };
        let part = Part::around(&first.quad, MARGIN, all);
        if first.confidence < LEAST_FOR_SECOND
            || part.width.max(part.height) as f32 * LEAST_ZOOM > all.width.max(all.height) as f32
        {
            return Ok(&self.sighting);
        }
        let mut near = std::mem::take(&mut self.spare);
        self.looked = Some((frame.size(), part));
        see(&mut self.model, &mut self.input, &mut near, frame, part)?;
        let again = near.proposals().next();
        match again {
            Some(again)
                if again.confidence >= first.confidence
                    && intersection_over_union(&again.quad, &first.quad) >= SAME_DOCUMENT =>
            {
                *first = again;
                self.sighting.near = Some(near);
            }
            _ => self.spare = near,
        }
        Ok(&self.sighting)
    }

    /// Looks once, at the part of a frame around `expected`, where a document was in the frame before; where none is
    /// seen any more, as [`Self::look`] does. Fails with [`crate::ErrorKind::Inference`].
    pub fn look_near(&mut self, frame: RgbaView<'_>, expected: &Quad) -> Result<&Sighting, Error> {
        let all =
            Part { x: 0, y: 0, width: frame.size().width as usize, height: frame.size().height as usize };
        if let Some(view) = self.sighting.near.take() {
            self.spare = view;
        }
        let part = Part::around(expected, FOLLOWED_MARGIN, all);
        self.looked = Some((frame.size(), part));
        see(&mut self.model, &mut self.input, &mut self.sighting.whole, frame, part)?;
        self.sighting.proposals.clear();
        self.sighting.proposals.extend(self.sighting.whole.proposals());
        let seen = self.sighting.proposals.first().is_some_and(|first| {
            first.confidence >= LEAST_TO_FOLLOW
                && intersection_over_union(&first.quad, expected) >= SAME_DOCUMENT
        });
        if !seen {
            return self.look(frame);
        }
        self.sighting.followed = Some(*expected);
        Ok(&self.sighting)
    }
}

impl CornerNet {
    /// The size of the frame and the part of it, x, y, width and height, that the network looked at last; its input, in
    /// 8 bits, goes into `pixels`. `None` before the first.
    pub(crate) fn last_input(&self, pixels: &mut Vec<u8>) -> Option<(Size, [u32; 4])> {
        let (size, Part { x, y, width, height }) = self.looked?;
        self.input.write_pixels(pixels);
        Some((size, [x, y, width, height].map(|number| number as u32)))
    }
}

/// The input for a part of a frame, x, y, width and height, in 8 bits. `None` where it does not lie in the frame.
pub(crate) fn fill_pixels(frame: RgbaView<'_>, part: [u32; 4], pixels: &mut Vec<u8>) -> Option<()> {
    let [x, y, width, height] = part;
    let inside = |start: u32, length: u32, all: u32| {
        length > 0 && start.checked_add(length).is_some_and(|end| end <= all)
    };
    if !inside(x, width, frame.size().width) || !inside(y, height, frame.size().height) {
        return None;
    }
    let [x, y, width, height] = part.map(|number| number as usize);
    let mut input = Input::default();
    input.fill(frame, Part { x, y, width, height });
    input.write_pixels(pixels);
    Some(())
}

/// Runs the network on a part of the frame.
fn see(
    model: &mut Box<dyn Model>,
    input: &mut Input,
    view: &mut View,
    frame: RgbaView<'_>,
    part: Part,
) -> Result<(), Error> {
    view.place = input.fill(frame, part);
    let outputs = model.run(&input.values)?;
    view.maps.read(output(&outputs, 0, CHANNELS * CELLS * CELLS)?);
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::input::PAD;
    use super::*;
    use crate::frame::RgbaImage;
    use crate::inference::Tensor;
    use crate::inference::fake::FakeModel;
    use idv_protocol::{Point, Size};
    use std::sync::{Arc, Mutex};

    const SHAPE: [usize; 4] = [1, 3, CORNERS_SIDE_PX, CORNERS_SIDE_PX];

    /// The maps of a document with these corners in cells.
    fn maps_of(corners: [(f32, f32); 4]) -> Vec<Tensor> {
        let mut values = vec![-6.0; CHANNELS * CELLS * CELLS];
        values[2 * CELLS * CELLS..].fill(0.0);
        let quad = Quad(corners.map(|(x, y)| Point::new(x, y)));
        for y in 0..CELLS {
            for x in 0..CELLS {
                let inside = (0..4).all(|i| {
                    let (a, b) = (quad.0[i], quad.0[(i + 1) % 4]);
                    (b.x - a.x) * (y as f32 + 0.5 - a.y) > (b.y - a.y) * (x as f32 + 0.5 - a.x)
                });
                if inside {
                    values[y * CELLS + x] = 6.0;
                }
            }
        }
        for (x, y) in corners {
            let cell = y as usize * CELLS + x as usize;
            values[CELLS * CELLS + cell] = 4.0;
            values[2 * CELLS * CELLS + cell] = x - x.floor() - 0.5;
            values[3 * CELLS * CELLS + cell] = y - y.floor() - 0.5;
        }
        vec![Tensor { shape: vec![1, CHANNELS, CELLS, CELLS], values }]
    }

    fn frame(width: u32, height: u32, colour: [u8; 3]) -> RgbaImage {
        let pixel = [colour[0], colour[1], colour[2], 255];
        RgbaImage {
            data: std::iter::repeat_n(pixel, (width * height) as usize).flatten().collect(),
            size: Size { width, height },
        }
    }

    #[test]
    fn corners_of_the_maps_are_corners_in_the_frame() {
        let model =
            FakeModel::new(&SHAPE, |_| maps_of([(10.25, 14.5), (40.5, 16.5), (38.75, 33.25), (11.5, 32.5)]));
        let mut net = CornerNet::new(Box::new(model)).expect("the shape fits");
        let image = frame(1280, 720, [90, 80, 70]);
        let sighting = net.look(image.view().expect("a frame")).expect("runs");
        let found = sighting.proposals();
        assert_eq!(found.len(), 1, "{found:?}");
        assert!(found[0].confidence > 0.5, "{found:?}");
        // 1280 px are 48 cells; 720 px are 27 of them, below 10.5 cells of rim.
        let px = 1280.0 / 48.0;
        let expected = [(10.25, 4.0), (40.5, 6.0), (38.75, 22.75), (11.5, 22.0)];
        for (corner, (x, y)) in found[0].quad.0.iter().zip(expected) {
            assert!(corner.distance(Point::new(x * px, y * px)) < 0.5, "{found:?}");
        }
        let odds = |shift: f32| sighting.odds(&Quad(found[0].quad.0.map(|p| Point::new(p.x + shift, p.y))));
        let own = found[0].confidence;
        assert!((odds(0.0) - (own / (1.0 - own)).ln()).abs() < 0.05, "a proposal is as likely as it says");
        assert!(odds(0.0) > odds(20.0) && odds(20.0) > odds(60.0), "and the likelier the nearer");
    }

    #[test]
    fn what_is_followed_is_looked_at_once_and_lost_where_it_is_no_more() {
        let looks = Arc::new(Mutex::new(0));
        let count = looks.clone();
        let model = FakeModel::new(&SHAPE, move |_| {
            *count.lock().expect("one thread") += 1;
            maps_of([(10.25, 14.5), (40.5, 16.5), (38.75, 33.25), (11.5, 32.5)])
        });
        let mut net = CornerNet::new(Box::new(model)).expect("the shape fits");
        let image = frame(1280, 720, [90, 80, 70]);
        let view = image.view().expect("a frame");
        // As large as the part around it makes the frame: the maps say the same of both.
        let there = net.look(view).expect("runs").proposals()[0].quad;
        let before = *looks.lock().expect("one thread");
        let sighting = net.look_near(view, &there).expect("runs");
        assert_eq!(sighting.followed(), Some(there));
        assert_eq!(*looks.lock().expect("one thread"), before + 1);
        let elsewhere = Quad(
            [(100.0, 100.0), (140.0, 100.0), (140.0, 500.0), (100.0, 500.0)].map(|(x, y)| Point::new(x, y)),
        );
        let sighting = net.look_near(view, &elsewhere).expect("runs");
        assert_eq!(sighting.followed(), None);
        assert!(!sighting.proposals().is_empty(), "all of the frame is looked at instead");
    }

    #[test]
    fn maps_without_corners_propose_nothing() {
        let model = FakeModel::new(&SHAPE, |_| {
            vec![Tensor {
                shape: vec![1, CHANNELS, CELLS, CELLS],
                values: vec![-8.0; CHANNELS * CELLS * CELLS],
            }]
        });
        let mut net = CornerNet::new(Box::new(model)).expect("the shape fits");
        let image = frame(640, 480, [90, 80, 70]);
        assert_eq!(net.look(image.view().expect("a frame")).expect("runs").proposals(), []);
    }

    #[test]
    fn the_frame_lies_centred_in_the_input_and_keeps_its_colours() {
        for (width, height, inside) in [(1280, 720, (96, 45)), (480, 640, (26, 96)), (100, 90, (3, 30))] {
            let seen = Arc::new(Mutex::new(Vec::new()));
            let copy = seen.clone();
            let model = FakeModel::new(&SHAPE, move |input| {
                *copy.lock().expect("one thread") = input.to_vec();
                maps_of([(0.5, 0.5), (1.5, 0.5), (1.5, 1.5), (0.5, 1.5)])
            });
            let mut net = CornerNet::new(Box::new(model)).expect("the shape fits");
            let image = frame(width, height, [255, 51, 0]);
            net.look(image.view().expect("a frame")).expect("runs");
            let input = seen.lock().expect("one thread");
            let at =
                |c: usize, (x, y): (usize, usize)| input[(c * CORNERS_SIDE_PX + y) * CORNERS_SIDE_PX + x];
            let place = (inside.0, inside.1);
            assert_eq!([0, 1, 2].map(|c| at(c, place)), [1.0, 0.2, 0.0], "{width}x{height}");
            if width != height {
                let rim = if width > height { (96, 1) } else { (1, 96) };
                assert_eq!([0, 1, 2].map(|c| at(c, rim)), [PAD; 3], "{width}x{height}");
            }
        }
    }

    #[test]
    fn a_network_of_another_shape_is_refused() {
        let model = FakeModel::new(&[1, 3, 224, 224], |_| vec![]);
        assert!(CornerNet::new(Box::new(model)).is_err());
        let short = FakeModel::new(&SHAPE, |_| vec![Tensor { shape: vec![3], values: vec![0.0; 3] }]);
        let mut net = CornerNet::new(Box::new(short)).expect("the shape fits");
        let image = frame(640, 480, [90, 80, 70]);
        assert!(net.look(image.view().expect("a frame")).is_err());
    }
}
