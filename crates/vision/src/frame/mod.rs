//! Pixels in. In: RGBA bytes of a camera frame, an encoded picture, a file. Out: checked views and luma planes.
//! Rule: a frame is checked once, here; no later stage sees one that does not fit its bytes.

mod decode;
mod file;
mod luma;
mod noise;
mod planes;

pub use decode::{RgbaImage, decode_image};
pub use file::{MAX_FILE_BYTES, MAX_FILE_PIXELS, MAX_FILE_SIDE_PX, MIN_FILE_LONG_PX, open_file};
pub use luma::Luma;
pub use noise::NoiseMeter;
pub use planes::{PLANE_SCALE, Planes};

use crate::error::{Error, ErrorKind};
use idv_protocol::Size;

/// Largest side of a frame in px: a 4K camera, with room for portrait orientation. Larger frames are refused
/// rather than processed slowly; the page asks for 1280x720.
pub const MAX_SIDE_PX: u32 = 4096;

/// Smallest side of a frame in px in which a document or a face could still be judged.
pub const MIN_SIDE_PX: u32 = 64;

/// A borrowed RGBA frame: rows from top to bottom, 4 bytes a pixel, no padding; alpha is ignored.
#[derive(Clone, Copy)]
pub struct RgbaView<'a> {
    data: &'a [u8],
    size: Size,
}

impl<'a> RgbaView<'a> {
    /// Wraps `data` of `size`. Fails with [`ErrorKind::BadFrame`] when a side is out of
    /// [`MIN_SIDE_PX`]..=[`MAX_SIDE_PX`] or the length is not width x height x 4.
    pub fn new(data: &'a [u8], size: Size) -> Result<Self, Error> {
        let sides = MIN_SIDE_PX..=MAX_SIDE_PX;
        if !sides.contains(&size.width) || !sides.contains(&size.height) {
            return Err(Error::new(
                ErrorKind::BadFrame,
                format!(
                    "frame of {}x{} px: each side must be {MIN_SIDE_PX} to {MAX_SIDE_PX} px",
                    size.width, size.height
                ),
            ));
        }
        let expected = size.width as usize * size.height as usize * 4;
        if data.len() != expected {
            return Err(Error::new(
                ErrorKind::BadFrame,
                format!("frame of {} bytes, expected {expected}", data.len()),
            ));
        }
        Ok(Self { data, size })
    }

    /// The bytes.
    pub fn data(&self) -> &'a [u8] {
        self.data
    }

    /// Width and height in px.
    pub fn size(&self) -> Size {
        self.size
    }

    /// A copy of the piece of `size` at `left`, `top`; it ends where the picture does.
    pub(crate) fn part(&self, left: u32, top: u32, size: Size) -> RgbaImage {
        let (left, top) = (left.min(self.size.width - 1), top.min(self.size.height - 1));
        let size = Size {
            width: size.width.clamp(1, self.size.width - left),
            height: size.height.clamp(1, self.size.height - top),
        };
        let stride = self.size.width as usize * 4;
        let (from, len) = (left as usize * 4, size.width as usize * 4);
        let rows = self.data.chunks_exact(stride).skip(top as usize).take(size.height as usize);
        RgbaImage { data: rows.flat_map(|row| &row[from..from + len]).copied().collect(), size }
    }

    /// Red, green and blue at `x`, `y`, which must lie inside.
    #[inline]
    pub fn rgb(&self, x: usize, y: usize) -> [u8; 3] {
        let i = (y * self.size.width as usize + x) * 4;
        [self.data[i], self.data[i + 1], self.data[i + 2]]
    }

    /// Bilinear sample of red, green and blue, 0 to 255, at `x`, `y` in px (centre of the first pixel at 0.5, 0.5),
    /// clamped to the frame; NaN counts as 0.
    #[inline]
    pub fn sample(&self, x: f32, y: f32) -> [f32; 3] {
        let (w, h) = (self.size.width as usize, self.size.height as usize);
        let fx = (x - 0.5).max(0.0).min((w - 1) as f32);
        let fy = (y - 0.5).max(0.0).min((h - 1) as f32);
        let (x0, y0) = (fx as usize, fy as usize);
        let (ax, ay) = (fx - x0 as f32, fy - y0 as f32);
        let first = (y0 * w + x0) * 4;
        let right = if x0 + 1 < w { 4 } else { 0 };
        let below = if y0 + 1 < h { 4 * w } else { 0 };
        // Four channels, of which one is not used: that many go through one vector instruction.
        let pixel = |at: usize| -> [f32; 4] {
            let bytes = self.data.get(at..).and_then(|rest| rest.first_chunk::<4>());
            bytes.copied().unwrap_or_default().map(f32::from)
        };
        let (p, q, r, s) =
            (pixel(first), pixel(first + right), pixel(first + below), pixel(first + right + below));
        let (wp, wq, wr, ws) = ((1.0 - ax) * (1.0 - ay), ax * (1.0 - ay), (1.0 - ax) * ay, ax * ay);
        let [red, green, blue, _]: [f32; 4] =
            std::array::from_fn(|c| p[c] * wp + q[c] * wq + r[c] * wr + s[c] * ws);
        [red, green, blue]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_frames_that_do_not_fit() {
        for (width, height, len) in [(0, 0, 0), (8000, 6000, 0), (64, 64, 64 * 64 * 3), (64, 0, 0)] {
            let error = RgbaView::new(&vec![0; len], Size { width, height }).err().expect("refused");
            assert_eq!(error.kind(), ErrorKind::BadFrame);
            assert_eq!(error.code(), "bad_frame");
        }
    }
}
