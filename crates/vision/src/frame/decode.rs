//! Encoded pictures in: JPEG and PNG, with limits, since they come from outside.

use super::file::{MAX_FILE_BYTES, decode, probe};
use super::{MAX_SIDE_PX, RgbaView};
use crate::error::{Error, ErrorKind};
use idv_protocol::{FileProblem, Size};

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

/// Decodes a JPEG or PNG of at most [`super::MAX_FILE_BYTES`] as it lies, without its EXIF orientation. Fails with
/// [`ErrorKind::NotAnImage`] on anything else, on an animation, on a damaged file and on one with a side over
/// [`MAX_SIDE_PX`].
pub fn decode_image(bytes: &[u8]) -> Result<RgbaImage, Error> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(refused(FileProblem::TooLarge));
    }
    let probe = probe(bytes).map_err(refused)?;
    if probe.size.width.max(probe.size.height) > MAX_SIDE_PX {
        return Err(refused(FileProblem::TooManyPixels));
    }
    let (picture, _) = decode(bytes, &probe, MAX_SIDE_PX).map_err(refused)?;
    Ok(RgbaImage { data: picture.into_rgba8().into_raw(), size: probe.size })
}

fn refused(problem: FileProblem) -> Error {
    Error::new(ErrorKind::NotAnImage, format!("not a JPEG or PNG that can be read: {problem:?}"))
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
