//! The input of the network that finds faces: the whole frame in its upper left, the rest black.

use super::crop::{Similarity, sample};
use super::detector::DETECTOR_SIDE_PX;
use crate::frame::RgbaView;
use idv_protocol::Point;

/// Blue, green and red planes, 0 to 255.
pub(super) struct Input {
    pub values: Vec<f32>,
}

impl Default for Input {
    fn default() -> Self {
        Self { values: vec![0.0; 3 * DETECTOR_SIDE_PX * DETECTOR_SIDE_PX] }
    }
}

impl Input {
    /// Fills the input; the way from it to the frame.
    pub fn fill(&mut self, frame: RgbaView<'_>) -> Similarity {
        let size = frame.size();
        let long = size.width.max(size.height) as f32;
        let middle = Point::new(long / 2.0, long / 2.0);
        let to_frame = Similarity::of_square(middle, long, 0.0, DETECTOR_SIDE_PX as f32);
        if long > DETECTOR_SIDE_PX as f32 {
            self.fill_shrunk(frame);
        } else {
            self.fill_enlarged(frame, &to_frame);
        }
        to_frame
    }

    /// A digest of the values. Not for secrets: a page that lies can lie here too.
    pub fn digest(&self) -> u64 {
        // FNV-1a over whole values; its factor and its offset.
        const PRIME: u64 = 0x0100_0000_01b3;
        const OFFSET: u64 = 0xcbf2_9ce4_8422_2325;
        self.values.iter().fold(OFFSET, |hash, value| (hash ^ u64::from(value.to_bits())).wrapping_mul(PRIME))
    }

    /// The values in 8 bits, as planes of red, green and blue, at the end of `pixels`.
    pub fn write_pixels(&self, pixels: &mut Vec<u8>) {
        for plane in self.values.chunks_exact(DETECTOR_SIDE_PX * DETECTOR_SIDE_PX).rev() {
            pixels.extend(plane.iter().map(|value| (value + 0.5) as u8));
        }
    }

    /// Fills the input's upper left with the frame, shrunk by area averaging; the rest stays black.
    fn fill_shrunk(&mut self, frame: RgbaView<'_>) {
        const SIDE: usize = DETECTOR_SIDE_PX;
        let (from_w, from_h) = (frame.size().width as usize, frame.size().height as usize);
        let long = from_w.max(from_h);
        let (width, height) = ((from_w * SIDE / long).max(1), (from_h * SIDE / long).max(1));
        let (blue, rest) = self.values.split_at_mut(SIDE * SIDE);
        let (green, red) = rest.split_at_mut(SIDE * SIDE);
        for plane in [&mut *blue, &mut *green, &mut *red] {
            plane.fill(0.0);
        }
        let columns: [usize; SIDE + 1] = std::array::from_fn(|x| (x * long / SIDE).min(from_w));
        let stride = from_w * 4;
        for y in 0..height {
            let (y0, y1) = (y * long / SIDE, ((y + 1) * long / SIDE).min(from_h));
            let mut sums = [[0u32; 3]; SIDE];
            for row in frame.data().chunks_exact(stride).take(y1).skip(y0) {
                for (sum, span) in sums.iter_mut().zip(columns.windows(2)).take(width) {
                    for pixel in row[span[0] * 4..span[1] * 4].chunks_exact(4) {
                        sum[0] += u32::from(pixel[0]);
                        sum[1] += u32::from(pixel[1]);
                        sum[2] += u32::from(pixel[2]);
                    }
                }
            }
            for (x, (sum, span)) in sums.iter().zip(columns.windows(2)).enumerate().take(width) {
                let weight = 1.0 / ((span[1] - span[0]) * (y1 - y0)).max(1) as f32;
                red[y * SIDE + x] = sum[0] as f32 * weight;
                green[y * SIDE + x] = sum[1] as f32 * weight;
                blue[y * SIDE + x] = sum[2] as f32 * weight;
            }
        }
    }

    /// Fills the input's upper left with the frame by interpolation; the rest stays black.
    fn fill_enlarged(&mut self, frame: RgbaView<'_>, to_frame: &Similarity) {
        const SIDE: usize = DETECTOR_SIDE_PX;
        let (width, height) = (frame.size().width as f32, frame.size().height as f32);
        let input = &mut self.values;
        sample(
            frame,
            SIDE,
            to_frame.scale(),
            |x, y| to_frame.apply(x, y),
            |at, rgb| {
                let point = to_frame.apply((at % SIDE) as f32 + 0.5, (at / SIDE) as f32 + 0.5);
                let rgb = if point.x < width && point.y < height { rgb } else { [0.0; 3] };
                input[at] = rgb[2];
                input[SIDE * SIDE + at] = rgb[1];
                input[2 * SIDE * SIDE + at] = rgb[0];
            },
        );
    }
}

/// The input for a frame, in 8 bits.
pub(crate) fn fill_pixels(frame: RgbaView<'_>, pixels: &mut Vec<u8>) {
    let mut input = Input::default();
    input.fill(frame);
    input.write_pixels(pixels);
}
