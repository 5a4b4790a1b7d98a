//! Files that a person chose. In: bytes of anything. Out: a picture the right way up, no larger than a frame, or a
//! [`FileProblem`]. Rule: what a file is is read from its bytes and never from its name, and its header is held
//! against every limit before anything of its size is allocated.
//!
//! bytes -> [`probe`]: format, size, whether it is whole -> limits -> decoded -> shrunk -> turned as its camera was held.

mod jpeg;
mod png;
mod probe;
mod shrink;

pub use idv_protocol::document::MAX_FILE_BYTES;
pub(super) use probe::{Format, Probe, probe};

use super::{MAX_SIDE_PX, MIN_SIDE_PX, RgbaImage};
use idv_protocol::{FileProblem, Size};
use image::codecs::jpeg::JpegDecoder;
use image::codecs::png::PngDecoder;
use image::error::{ImageError, LimitErrorKind};
use image::metadata::Orientation;
use image::{DynamicImage, ImageDecoder, ImageResult, Limits};
use std::io::Cursor;

/// Most pixels of a file: three times the 12 megapixels that phones' cameras save. Decoded they are 120 MB.
pub const MAX_FILE_PIXELS: u64 = 40_000_000;

/// Longest side of a file in px: a panorama of documents is none.
pub const MAX_FILE_SIDE_PX: u32 = 16_384;

/// Shortest that the longer side of a file may be, in px: a passport page across all of it then has a zone with letters
/// 8 px apart (2.54 of 125 mm), the least that anything is read of.
pub const MIN_FILE_LONG_PX: u32 = 400;

/// Bytes that decoding may allocate: [`MAX_FILE_PIXELS`] of four channels of 16 bits.
const MAX_DECODED_BYTES: u64 = MAX_FILE_PIXELS * 8;

/// The picture in a file: a JPEG or PNG of one picture. Upright by its EXIF orientation, of which nothing else is kept;
/// its longer side is at most [`MAX_SIDE_PX`]; on white where it is transparent.
pub fn open_file(bytes: &[u8]) -> Result<RgbaImage, FileProblem> {
    if bytes.len() > MAX_FILE_BYTES {
        return Err(FileProblem::TooLarge);
    }
    let probe = probe(bytes)?;
    let Size { width, height } = probe.size;
    let (long, short) = (width.max(height), width.min(height));
    if u64::from(width) * u64::from(height) > MAX_FILE_PIXELS || long > MAX_FILE_SIDE_PX {
        return Err(FileProblem::TooManyPixels);
    }
    // As a frame it must have room for a document, too, however long it is.
    if long < MIN_FILE_LONG_PX || short * MAX_SIDE_PX < MIN_SIDE_PX * long.max(MAX_SIDE_PX) {
        return Err(FileProblem::TooSmall);
    }
    let (picture, orientation) = decode(bytes, &probe, MAX_FILE_SIDE_PX)?;
    let small = shrink::to_rgba(&picture, MAX_SIDE_PX);
    drop(picture);
    Ok(turned(small, orientation))
}

/// Decodes what was probed, with limits on its sides and on its memory.
pub(super) fn decode(
    bytes: &[u8],
    probe: &Probe,
    max_side_px: u32,
) -> Result<(DynamicImage, Orientation), FileProblem> {
    if !probe.is_whole {
        return Err(FileProblem::Damaged);
    }
    let mut limits = Limits::default();
    limits.max_image_width = Some(max_side_px);
    limits.max_image_height = Some(max_side_px);
    limits.max_alloc = Some(MAX_DECODED_BYTES);
    let decoded = match probe.format {
        Format::Jpeg => JpegDecoder::new(Cursor::new(bytes)).and_then(|d| run(d, limits, probe.size)),
        Format::Png => PngDecoder::with_limits(Cursor::new(bytes), limits.clone())
            .and_then(|d| run(d, limits, probe.size)),
    };
    decoded.map_err(|error| problem_of(&error))?.ok_or(FileProblem::Damaged)
}

/// The picture and how its camera was held; nothing where the decoder sees another size than the probe did.
fn run(
    mut decoder: impl ImageDecoder,
    limits: Limits,
    size: Size,
) -> ImageResult<Option<(DynamicImage, Orientation)>> {
    if decoder.dimensions() != (size.width, size.height) {
        return Ok(None);
    }
    decoder.set_limits(limits)?;
    // An orientation that cannot be read is none.
    let orientation = decoder.orientation().unwrap_or(Orientation::NoTransforms);
    Ok(Some((DynamicImage::from_decoder(decoder)?, orientation)))
}

fn problem_of(error: &ImageError) -> FileProblem {
    match error {
        ImageError::Unsupported(_) => FileProblem::UnsupportedFormat,
        ImageError::Limits(error) if matches!(error.kind(), LimitErrorKind::DimensionError) => {
            FileProblem::TooManyPixels
        }
        ImageError::Limits(_) => FileProblem::TooLarge,
        _ => FileProblem::Damaged,
    }
}

fn turned(picture: RgbaImage, orientation: Orientation) -> RgbaImage {
    if orientation == Orientation::NoTransforms {
        return picture;
    }
    let size = picture.size;
    let Some(buffer) = image::RgbaImage::from_raw(size.width, size.height, picture.data) else {
        // A buffer of another length than its size is not made here.
        return RgbaImage { data: Vec::new(), size: Size::default() };
    };
    let mut picture = DynamicImage::ImageRgba8(buffer);
    picture.apply_orientation(orientation);
    let size = Size { width: picture.width(), height: picture.height() };
    RgbaImage { data: picture.into_rgba8().into_raw(), size }
}
