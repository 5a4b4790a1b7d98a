//! A plane of luma, reused from frame to frame.

use super::RgbaView;
use idv_protocol::Size;

/// Luma 0 to 255, rows from top to bottom, no padding.
#[derive(Clone, Default)]
pub struct Luma {
    /// The samples.
    pub data: Vec<u8>,
    /// Width and height in px.
    pub size: Size,
}

impl Luma {
    /// Fills this plane with the luma (BT.601) of `frame`, shrunk by area averaging so that its longer side is
    /// at most `max_side_px`. Returns the factor from this plane's pixels to the frame's. Reuses its memory.
    pub fn fill_from(&mut self, frame: RgbaView<'_>, max_side_px: u32) -> f32 {
        let from = frame.size();
        let scale = self.shrink(from, max_side_px);
        let Size { width, height } = self.size;
        self.data.resize((width * height) as usize, 0);
        if (width, height) == (from.width, from.height) {
            for (luma, pixel) in self.data.iter_mut().zip(frame.data().chunks_exact(4)) {
                *luma = weighed(pixel[0], pixel[1], pixel[2]) as u8;
            }
            return scale;
        }
        let (sx, sy) = (from.width as f32 / width as f32, from.height as f32 / height as f32);
        for y in 0..height as usize {
            let y0 = (y as f32 * sy) as usize;
            let y1 = (((y + 1) as f32 * sy) as usize).clamp(y0 + 1, from.height as usize);
            for x in 0..width as usize {
                let x0 = (x as f32 * sx) as usize;
                let x1 = (((x + 1) as f32 * sx) as usize).clamp(x0 + 1, from.width as usize);
                let mut sum = 0u32;
                for v in y0..y1 {
                    for u in x0..x1 {
                        let [r, g, b] = frame.rgb(u, v);
                        sum += weighed(r, g, b);
                    }
                }
                self.data[y * width as usize + x] = (sum / ((y1 - y0) * (x1 - x0)) as u32) as u8;
            }
        }
        scale
    }

    /// The same by four pixels of each area, of the many that it has: as good where detail does not count, in a tenth of
    /// the time.
    pub fn fill_sparsely_from(&mut self, frame: RgbaView<'_>, max_side_px: u32) -> f32 {
        let from = frame.size();
        let scale = self.shrink(from, max_side_px);
        self.data.clear();
        let (sx, sy) =
            (from.width as f32 / self.size.width as f32, from.height as f32 / self.size.height as f32);
        for y in 0..self.size.height {
            let rows = [0.25, 0.75].map(|share| ((y as f32 + share) * sy) as usize);
            for x in 0..self.size.width {
                let columns = [0.25, 0.75].map(|share| ((x as f32 + share) * sx) as usize);
                let places = rows.iter().flat_map(|y| columns.iter().map(move |x| (*x, *y)));
                let sum: u32 = places.map(|(x, y)| frame.rgb(x, y)).map(|[r, g, b]| weighed(r, g, b)).sum();
                self.data.push((sum / 4) as u8);
            }
        }
        scale
    }

    /// Takes the size of a frame of size `from` whose longer side is at most `max_side_px`; the factor back to it.
    fn shrink(&mut self, from: Size, max_side_px: u32) -> f32 {
        let scale = (from.width.max(from.height) as f32 / max_side_px as f32).max(1.0);
        let side = |px: u32| ((px as f32 / scale).round() as u32).max(1);
        self.size = Size { width: side(from.width), height: side(from.height) };
        scale
    }

    /// The sample at `x`, `y`, which must lie inside.
    #[inline]
    pub fn at(&self, x: usize, y: usize) -> u8 {
        self.data[y * self.size.width as usize + x]
    }

    /// Bilinear sample at `x`, `y` in pixel coordinates (centre of the first pixel at 0.5, 0.5), clamped to the plane.
    #[inline]
    pub fn sample(&self, x: f32, y: f32) -> f32 {
        let (w, h) = (self.size.width as usize, self.size.height as usize);
        let fx = (x - 0.5).clamp(0.0, (w - 1) as f32);
        let fy = (y - 0.5).clamp(0.0, (h - 1) as f32);
        let (x0, y0) = (fx as usize, fy as usize);
        let (x1, y1) = ((x0 + 1).min(w - 1), (y0 + 1).min(h - 1));
        let (ax, ay) = (fx - x0 as f32, fy - y0 as f32);
        let top = f32::from(self.at(x0, y0)) * (1.0 - ax) + f32::from(self.at(x1, y0)) * ax;
        let bottom = f32::from(self.at(x0, y1)) * (1.0 - ax) + f32::from(self.at(x1, y1)) * ax;
        top * (1.0 - ay) + bottom * ay
    }
}

/// Luma by BT.601.
#[inline]
fn weighed(r: u8, g: u8, b: u8) -> u32 {
    (77 * u32::from(r) + 150 * u32::from(g) + 29 * u32::from(b)) >> 8
}
