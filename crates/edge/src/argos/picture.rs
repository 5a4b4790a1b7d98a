//! A picture to upload, checked before sending.
//!
//! In: bytes. Out: a picture that the vendor takes. Rule: JPEG or PNG by its first bytes, at most 2 MB; the
//! recommended sizes are told, not enforced.

use super::fields::invalid;
use crate::error::Error;
use std::fmt;

/// Largest picture in bytes. The page says 2 MB; the decimal reading is the one that no server refuses.
pub const MAX_PICTURE_BYTES: usize = 2_000_000;
/// Bytes that the page recommends to stay under: 1 MB.
const RECOMMENDED_BYTES: usize = 1_000_000;

/// Format of a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum PictureFormat {
    /// JPEG.
    Jpeg,
    /// PNG.
    Png,
}

impl PictureFormat {
    /// The format of `bytes` by their first bytes.
    pub fn of(bytes: &[u8]) -> Option<Self> {
        if bytes.starts_with(&[0xFF, 0xD8, 0xFF]) {
            Some(Self::Jpeg)
        } else if bytes.starts_with(b"\x89PNG\r\n\x1a\n") {
            Some(Self::Png)
        } else {
            None
        }
    }

    /// File name extension, one of those the contract names.
    pub const fn extension(self) -> &'static str {
        match self {
            Self::Jpeg => "jpg",
            Self::Png => "png",
        }
    }

    /// Media type.
    pub const fn media_type(self) -> &'static str {
        match self {
            Self::Jpeg => "image/jpeg",
            Self::Png => "image/png",
        }
    }
}

/// A picture of a document, a face or a proof of address. `Debug` shows its format and size only.
#[derive(Clone, PartialEq, Eq)]
pub struct Picture {
    format: PictureFormat,
    bytes: Vec<u8>,
}

impl Picture {
    /// Takes `bytes` if they are JPEG or PNG and at most 2 MB. Fails with
    /// [`crate::ErrorKind::RequestInvalid`]. The pixels are decoded by the vendor.
    pub fn new(bytes: Vec<u8>) -> Result<Self, Error> {
        let format = PictureFormat::of(&bytes).ok_or_else(|| invalid("a picture is neither JPEG nor PNG"))?;
        if bytes.len() > MAX_PICTURE_BYTES {
            return Err(invalid("a picture is over 2 MB"));
        }
        Ok(Self { format, bytes })
    }

    /// Its format.
    pub fn format(&self) -> PictureFormat {
        self.format
    }

    /// Whether it is over the 1 MB that the page recommends.
    pub fn is_over_recommended(&self) -> bool {
        self.bytes.len() > RECOMMENDED_BYTES
    }

    /// The bytes as they are sent.
    pub(super) fn bytes(&self) -> &[u8] {
        &self.bytes
    }
}

impl fmt::Debug for Picture {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Picture")
            .field("format", &self.format)
            .field("bytes", &self.bytes.len())
            .finish_non_exhaustive()
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// Bytes that begin as a JPEG does.
    pub(in crate::argos) fn jpeg() -> Picture {
        Picture::new(vec![0xFF, 0xD8, 0xFF, 0xE0, 1, 2, 3, 0xFF, 0xD9]).expect("picture")
    }

    #[test]
    fn jpeg_and_png_up_to_two_megabytes_are_taken() {
        let mut bytes = vec![0; MAX_PICTURE_BYTES];
        bytes[..3].copy_from_slice(&[0xFF, 0xD8, 0xFF]);
        let picture = Picture::new(bytes.clone()).expect("2 MB");
        assert!(picture.is_over_recommended() && !jpeg().is_over_recommended());
        bytes.push(0);
        assert_eq!(Picture::new(bytes).expect_err("over").to_string(), "a picture is over 2 MB");
        let png = Picture::new(b"\x89PNG\r\n\x1a\n...".to_vec()).expect("PNG");
        assert_eq!((png.format().extension(), png.format().media_type()), ("png", "image/png"));
        assert_eq!((jpeg().format().extension(), jpeg().format().media_type()), ("jpg", "image/jpeg"));
    }

    #[test]
    fn other_formats_are_refused() {
        for bad in [&b""[..], b"\xFF\xD8", b"GIF89a", b"%PDF-1.4", b"\0\0\0\x18ftypheic", b"RIFF....WEBP"] {
            assert!(Picture::new(bad.to_vec()).is_err());
        }
    }
}
