//! Luma and colour-difference planes of a shrunk frame, reused from frame to frame.

use super::RgbaView;
use idv_protocol::Size;

/// Steps of a plane per grey level: shrinking averages several pixels, and faint edges need the fraction.
pub const PLANE_SCALE: i16 = 8;

/// Three planes of one size: luma (BT.601), red minus luma, blue minus luma; each in [`PLANE_SCALE`]ths of a
/// grey level, rows from top to bottom, no padding.
#[derive(Clone, Default)]
pub struct Planes {
    /// Luma, red difference, blue difference.
    pub channels: [Vec<i16>; 3],
    /// Width and height in px.
    pub size: Size,
    /// Column sums of one row of output: red, green, blue.
    sums: Vec<[u32; 3]>,
    /// First source column of each output column, and one past the last.
    columns: Vec<u32>,
}

impl Planes {
    /// Fills the planes from `frame`, shrunk by area averaging so that the longer side is at most
    /// `max_side_px`. Returns the factors from these planes' pixels to the frame's, for x and y. Reuses its memory.
    pub fn fill_from(&mut self, frame: RgbaView<'_>, max_side_px: u32) -> (f32, f32) {
        let from = frame.size();
        let long = from.width.max(from.height);
        let scale = (long as f32 / max_side_px.max(1) as f32).max(1.0);
        let width = ((from.width as f32 / scale).round() as usize).max(1);
        let height = ((from.height as f32 / scale).round() as usize).max(1);
        self.size = Size { width: width as u32, height: height as u32 };
        for channel in &mut self.channels {
            channel.resize(width * height, 0);
        }
        self.sums.resize(width, [0; 3]);
        self.columns.clear();
        self.columns.extend((0..=width).map(|x| (x * from.width as usize / width) as u32));
        let stride = from.width as usize * 4;
        for y in 0..height {
            let y0 = y * from.height as usize / height;
            let y1 = ((y + 1) * from.height as usize / height).max(y0 + 1);
            self.sums.fill([0; 3]);
            for row in frame.data().chunks_exact(stride).skip(y0).take(y1 - y0) {
                for (sum, span) in self.sums.iter_mut().zip(self.columns.windows(2)) {
                    for pixel in row[span[0] as usize * 4..span[1] as usize * 4].chunks_exact(4) {
                        sum[0] += u32::from(pixel[0]);
                        sum[1] += u32::from(pixel[1]);
                        sum[2] += u32::from(pixel[2]);
                    }
                }
            }
            let [luma, red, blue] = &mut self.channels;
            let out = y * width..(y + 1) * width;
            let rows = luma[out.clone()].iter_mut().zip(&mut red[out.clone()]).zip(&mut blue[out]);
            for (((l, cr), cb), (sum, span)) in rows.zip(self.sums.iter().zip(self.columns.windows(2))) {
                let count = (span[1] - span[0]).max(1) * (y1 - y0) as u32;
                let [r, g, b] = sum.map(|s| (s * PLANE_SCALE as u32 + count / 2) / count);
                let y = (77 * r + 150 * g + 29 * b) >> 8;
                *l = y as i16;
                *cr = r as i16 - y as i16;
                *cb = b as i16 - y as i16;
            }
        }
        (from.width as f32 / width as f32, from.height as f32 / height as f32)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn shrinks_by_averaging_and_keeps_colour_differences() {
        let mut data = Vec::new();
        for _ in 0..80 {
            for x in 0..160 {
                data.extend_from_slice(if x % 2 == 0 { &[100, 0, 0, 255] } else { &[0, 0, 100, 255] });
            }
        }
        let mut planes = Planes::default();
        let view = RgbaView::new(&data, Size { width: 160, height: 80 }).unwrap();
        assert_eq!(planes.fill_from(view, 80), (2.0, 2.0));
        assert_eq!(planes.size, Size { width: 80, height: 40 });
        let luma = ((77 * 400 + 29 * 400) >> 8) as i16;
        assert!(planes.channels[0].iter().all(|&v| v == luma));
        assert!(planes.channels[1].iter().all(|&v| v == 400 - luma));
        assert!(planes.channels[2].iter().all(|&v| v == 400 - luma));
    }
}
