//! Pixels in. In: RGBA bytes of a camera frame or an encoded picture. Out: checked views and luma planes.
//! Rule: a frame is checked once, here; no later stage sees one that does not fit its bytes.

mod decode;
mod luma;

pub use decode::{RgbaImage, decode_image};
pub use luma::Luma;

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

    /// Red, green and blue at `x`, `y`, which must lie inside.
    #[inline]
    pub fn rgb(&self, x: usize, y: usize) -> [u8; 3] {
        let i = (y * self.size.width as usize + x) * 4;
        [self.data[i], self.data[i + 1], self.data[i + 2]]
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
