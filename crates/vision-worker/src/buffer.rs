//! The one buffer that frames are written into.

use idv_protocol::Size;
use idv_vision::frame::{MAX_SIDE_PX, MIN_SIDE_PX, RgbaView};
use idv_vision::{Error, ErrorKind};

/// RGBA bytes of the current frame. It grows to the largest frame seen and never shrinks, so that its address
/// stays the same for a camera.
#[derive(Default)]
pub struct FrameBuffer {
    bytes: Vec<u8>,
}

impl FrameBuffer {
    /// Makes room for a frame and gives the address of its first byte. The caller writes `width` x `height` x 4
    /// bytes there before the next call. Fails with `bad_frame` for sizes the engine does not take.
    pub fn reserve(&mut self, size: Size) -> Result<*mut u8, Error> {
        let length = length_of(size)?;
        if self.bytes.len() < length {
            self.bytes.resize(length, 0);
        }
        Ok(self.bytes.as_mut_ptr())
    }

    /// The frame that was written, `size` as it was reserved. Fails with `bad_frame` for any larger one.
    pub fn frame(&self, size: Size) -> Result<RgbaView<'_>, Error> {
        let length = length_of(size)?;
        let bytes = self.bytes.get(..length).ok_or_else(|| {
            Error::new(ErrorKind::BadFrame, format!("no buffer for {}x{} px", size.width, size.height))
        })?;
        RgbaView::new(bytes, size)
    }
}

fn length_of(size: Size) -> Result<usize, Error> {
    let sides = MIN_SIDE_PX..=MAX_SIDE_PX;
    if sides.contains(&size.width) && sides.contains(&size.height) {
        Ok(size.width as usize * size.height as usize * 4)
    } else {
        Err(Error::new(ErrorKind::BadFrame, format!("frame of {}x{} px", size.width, size.height)))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const HD: Size = Size { width: 1280, height: 720 };

    #[test]
    fn keeps_its_address_for_frames_of_the_same_and_of_smaller_size() {
        let mut buffer = FrameBuffer::default();
        let first = buffer.reserve(HD).unwrap();
        assert_eq!(buffer.reserve(Size { width: 720, height: 1280 }).unwrap(), first);
        assert_eq!(buffer.reserve(Size { width: 640, height: 480 }).unwrap(), first);
        assert_eq!(buffer.frame(HD).unwrap().size(), HD);
    }

    #[test]
    fn refuses_sizes_that_no_camera_has_and_frames_without_a_buffer() {
        let mut buffer = FrameBuffer::default();
        for (width, height) in [(0, 0), (8000, 6000), (1280, 0), (u32::MAX, u32::MAX)] {
            assert_eq!(buffer.reserve(Size { width, height }).unwrap_err().code(), "bad_frame");
        }
        assert_eq!(buffer.frame(HD).err().unwrap().code(), "bad_frame");
    }
}
