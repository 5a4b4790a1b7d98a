//! The network's input: a part of the frame, shrunk by area averaging, centred, the rest filled.

use super::{CORNERS_SIDE_PX, STRIDE};
use crate::frame::RgbaView;
use idv_protocol::{Point, Quad};

/// What lies beside a picture that is not square, as in training.
pub(super) const PAD: f32 = 128.0 / 255.0;

/// What is left around a quad that is looked at once more, as a share of its width and height: the network was trained
/// on documents with something around them, and the first corners may be off.
pub(super) const MARGIN: f32 = 0.15;

/// The same around a document that is followed: room for a hand to move it in, and as much around it as there mostly is.
pub(super) const FOLLOWED_MARGIN: f32 = 0.4;

/// A rectangle of whole px of the frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Part {
    pub x: usize,
    pub y: usize,
    pub width: usize,
    pub height: usize,
}

impl Part {
    /// The box around `quad` and a margin, as a share of its width and height, within `all`.
    pub fn around(quad: &Quad, margin: f32, all: Part) -> Self {
        let span = |values: [f32; 4], end: usize| {
            let low = values.into_iter().fold(f32::MAX, f32::min);
            let high = values.into_iter().fold(f32::MIN, f32::max);
            let margin = margin * (high - low);
            let first = (low - margin).clamp(0.0, end as f32) as usize;
            let last = ((high + margin).clamp(0.0, end as f32).ceil() as usize).min(end);
            (first.min(end.saturating_sub(1)), last.saturating_sub(first).max(1))
        };
        let (x, width) = span(quad.0.map(|p| p.x), all.width);
        let (y, height) = span(quad.0.map(|p| p.y), all.height);
        Self { x, y, width, height }
    }
}

/// Where a part of the frame lies in the input.
#[derive(Clone, Copy, Default)]
pub(super) struct Letterbox {
    left: usize,
    top: usize,
    /// First px of the part.
    from: (f32, f32),
    /// Px of the part along x and y.
    size: (f32, f32),
    /// Px of the frame for a px of the input, for x and y.
    scale: (f32, f32),
}

impl Letterbox {
    /// Where a place of the frame lies in the maps.
    pub fn cell_of(&self, p: Point) -> Point {
        Point::new(
            ((p.x - self.from.0) / self.scale.0 + self.left as f32) / STRIDE as f32,
            ((p.y - self.from.1) / self.scale.1 + self.top as f32) / STRIDE as f32,
        )
    }

    /// Where a place of the maps lies in the frame.
    pub fn in_frame(&self, cell: Point) -> Point {
        Point::new(
            (cell.x * STRIDE as f32 - self.left as f32) * self.scale.0 + self.from.0,
            (cell.y * STRIDE as f32 - self.top as f32) * self.scale.1 + self.from.1,
        )
    }

    /// Whether `quad` lies in the part.
    pub fn holds(&self, quad: &Quad) -> bool {
        quad.0.iter().all(|p| {
            let (x, y) = (p.x - self.from.0, p.y - self.from.1);
            x >= 0.0 && y >= 0.0 && x <= self.size.0 && y <= self.size.1
        })
    }
}

/// The input and what is needed to fill it.
#[derive(Default)]
pub(super) struct Input {
    /// Red, green and blue planes, 0 to 1.
    pub values: Vec<f32>,
    columns: Vec<usize>,
    sums: Vec<[u32; 3]>,
}

impl Input {
    /// The values in 8 bits, in their order, at the end of `pixels`.
    pub fn write_pixels(&self, pixels: &mut Vec<u8>) {
        pixels.extend(self.values.iter().map(|value| (value * 255.0 + 0.5) as u8));
    }

    /// Fills the input with `part`; small ones are enlarged by repetition. Reuses its memory.
    pub fn fill(&mut self, frame: RgbaView<'_>, part: Part) -> Letterbox {
        const SIDE: usize = CORNERS_SIDE_PX;
        let long = part.width.max(part.height);
        let shrunk = |side: usize| ((side * SIDE + long / 2) / long).clamp(1, SIDE);
        let (width, height) = (shrunk(part.width), shrunk(part.height));
        let (left, top) = ((SIDE - width) / 2, (SIDE - height) / 2);
        self.values.clear();
        self.values.resize(3 * SIDE * SIDE, PAD);
        self.columns.clear();
        self.columns.extend((0..=width).map(|x| part.x + x * part.width / width));
        self.sums.resize(width, [0; 3]);
        let stride = frame.size().width as usize * 4;
        for y in 0..height {
            let y0 = y * part.height / height;
            let y1 = ((y + 1) * part.height / height).max(y0 + 1);
            self.sums.fill([0; 3]);
            for row in frame.data().chunks_exact(stride).skip(part.y + y0).take(y1 - y0) {
                for (sum, span) in self.sums.iter_mut().zip(self.columns.windows(2)) {
                    for pixel in row[span[0] * 4..span[1].max(span[0] + 1) * 4].chunks_exact(4) {
                        sum[0] += u32::from(pixel[0]);
                        sum[1] += u32::from(pixel[1]);
                        sum[2] += u32::from(pixel[2]);
                    }
                }
            }
            let first = (top + y) * SIDE + left;
            for (x, (sum, span)) in self.sums.iter().zip(self.columns.windows(2)).enumerate() {
                let count = (span[1].max(span[0] + 1) - span[0]) * (y1 - y0);
                for (c, value) in sum.iter().enumerate() {
                    self.values[c * SIDE * SIDE + first + x] = *value as f32 / (255 * count) as f32;
                }
            }
        }
        let size = (part.width as f32, part.height as f32);
        Letterbox {
            left,
            top,
            from: (part.x as f32, part.y as f32),
            size,
            scale: (size.0 / width as f32, size.1 / height as f32),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use idv_protocol::Size;

    #[test]
    fn a_part_is_shown_where_the_letterbox_says() {
        // Red runs with x, green with y.
        let size = Size { width: 250, height: 200 };
        let data: Vec<u8> = (0..200).flat_map(|y| (0..250).flat_map(move |x| [x as u8, y, 0, 255])).collect();
        let frame = RgbaView::new(&data, size).expect("a frame");
        let part = Part { x: 40, y: 60, width: 96, height: 48 };
        let mut input = Input::default();
        let place = input.fill(frame, part);
        for (u, v) in [(20, 60), (100, 96), (180, 130)] {
            let shown = place.in_frame(Point::new((u as f32 + 0.5) / 4.0, (v as f32 + 0.5) / 4.0));
            let value = |c: usize| input.values[(c * CORNERS_SIDE_PX + v) * CORNERS_SIDE_PX + u] * 255.0;
            assert!((value(0) - (shown.x - 0.5)).abs() <= 1.0, "{u} {v}: {shown:?} {}", value(0));
            assert!((value(1) - (shown.y - 0.5)).abs() <= 1.0, "{u} {v}: {shown:?} {}", value(1));
            let back = place.cell_of(shown);
            assert!((back.x - (u as f32 + 0.5) / 4.0).abs() < 1e-4);
        }
    }

    #[test]
    fn the_part_around_a_quad_stays_in_the_frame() {
        let all = Part { x: 0, y: 0, width: 640, height: 480 };
        let quad = |x: f32, y: f32| {
            Quad(
                [(0.0, 0.0), (200.0, 0.0), (200.0, 100.0), (0.0, 100.0)]
                    .map(|(u, v)| Point::new(x + u, y + v)),
            )
        };
        assert_eq!(
            Part::around(&quad(100.0, 200.0), MARGIN, all),
            Part { x: 70, y: 185, width: 260, height: 130 }
        );
        for (x, y) in [(-50.0, -20.0), (600.0, 450.0), (-900.0, 900.0)] {
            let part = Part::around(&quad(x, y), FOLLOWED_MARGIN, all);
            assert!(part.width >= 1 && part.height >= 1, "{part:?}");
            assert!(part.x + part.width <= 640 && part.y + part.height <= 480, "{part:?}");
        }
    }
}
