//! Encoded pictures in: JPEG and PNG, with limits, since they come from outside.

use super::{MAX_SIDE_PX, RgbaView};
use crate::error::{Error, ErrorKind};
use idv_protocol::Size;

/// A decoded picture.
#[derive(Clone)]
pub struct RgbaImage {
    /// RGBA bytes, as in [`RgbaView`].
    pub data: Vec<u8>,
    /// Width and height in px.
    pub size: Size,
}

impl RgbaImage {
    /// The picture as a frame.
    pub fn view(&self) -> Result<RgbaView<'_>, Error> {
        RgbaView::new(&self.data, self.size)
    }
}

/// Decodes a JPEG or PNG. Fails with [`ErrorKind::NotAnImage`] on anything else, on a damaged file and on one
/// with a side over [`MAX_SIDE_PX`].
pub fn decode_image(bytes: &[u8]) -> Result<RgbaImage, Error> {
    let not_an_image = |reason: String| {
        Error::new(ErrorKind::NotAnImage, format!("not a JPEG or PNG that can be read: {reason}"))
    };
    let mut reader = image::ImageReader::new(std::io::Cursor::new(bytes))
        .with_guessed_format()
        .map_err(|error| not_an_image(error.to_string()))?;
    let mut limits = image::Limits::default();
    limits.max_image_width = Some(MAX_SIDE_PX);
    limits.max_image_height = Some(MAX_SIDE_PX);
    reader.limits(limits);
    let decoded = reader.decode().map_err(|error| not_an_image(error.to_string()))?.into_rgba8();
    let size = Size { width: decoded.width(), height: decoded.height() };
    Ok(RgbaImage { data: decoded.into_raw(), size })
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn refuses_bytes_that_are_no_picture() {
        for bytes in [&b""[..], b"not a picture", b"\xff\xd8\xff\xe0 cut off"] {
            assert_eq!(decode_image(bytes).err().expect("refused").kind(), ErrorKind::NotAnImage);
        }
    }
}
