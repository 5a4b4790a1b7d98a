//! Finds and reads one code in a picture.

use crate::aamva;
use crate::error::{Error, ErrorKind};
use idv_protocol::barcode::{BarcodeFormat, BarcodeReading};
use idv_protocol::{Point, Quad, Size};
use rxing::common::{GlobalHistogramBinarizer, HybridBinarizer};
use rxing::pdf417::PDF417Reader;
use rxing::qrcode::QRCodeReader;
use rxing::{
    Binarizer, BinaryBitmap, DecodeHints, Luma8Source, RXingResult, RXingResultMetadataType,
    RXingResultMetadataValue, Reader,
};

/// Shortest side in px: a QR code of version 1 has 21 modules and needs more than one px for each.
pub const MIN_SIDE_PX: u32 = 24;

/// Longest side in px, and most pixels: a frame of twelve megapixels.
pub const MAX_SIDE_PX: u32 = 8192;
/// See [`MAX_SIDE_PX`].
pub const MAX_PIXELS: u32 = 13_000_000;

/// Most bytes of a code's text: a QR code of version 40 holds 7089 digits (ISO/IEC 18004, table 7).
pub const MAX_TEXT_LENGTH: usize = 7089;

/// The sizes a picture is tried at, as whole parts of its own: small modules need all of it, noise and glare
/// are averaged out at a half.
const PARTS: [u32; 2] = [1, 2];

/// Which kinds of code are looked for.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Formats {
    /// PDF417.
    pub pdf417: bool,
    /// QR code.
    pub qr_code: bool,
}

impl Default for Formats {
    /// Both.
    fn default() -> Self {
        Self { pdf417: true, qr_code: true }
    }
}

/// A picture in shades of grey, 0 black to 255 white, row by row without gaps.
#[derive(Clone, Copy)]
pub struct LumaView<'a> {
    pixels: &'a [u8],
    size: Size,
}

impl<'a> LumaView<'a> {
    /// The picture of `pixels`. Fails with [`ErrorKind::PictureTooSmall`] below [`MIN_SIDE_PX`] a side, with
    /// [`ErrorKind::PictureTooLarge`] above [`MAX_SIDE_PX`] a side or [`MAX_PIXELS`], and with
    /// [`ErrorKind::BadPicture`] when there are not as many pixels.
    pub fn new(pixels: &'a [u8], size: Size) -> Result<Self, Error> {
        let Size { width, height } = size;
        if width < MIN_SIDE_PX || height < MIN_SIDE_PX {
            return Err(ErrorKind::PictureTooSmall.into());
        }
        if width > MAX_SIDE_PX
            || height > MAX_SIDE_PX
            || u64::from(width) * u64::from(height) > u64::from(MAX_PIXELS)
        {
            return Err(ErrorKind::PictureTooLarge.into());
        }
        if pixels.len() as u64 != u64::from(width) * u64::from(height) {
            return Err(ErrorKind::BadPicture.into());
        }
        Ok(Self { pixels, size })
    }

    /// The picture at a `part` of its width and height: the mean of squares of `part` px.
    fn shrunk(&self, part: u32) -> (Vec<u8>, Size) {
        let size = Size { width: self.size.width / part, height: self.size.height / part };
        if part == 1 {
            return (self.pixels.to_vec(), size);
        }
        let (row, side) = (self.size.width as usize, part as usize);
        let mut out = Vec::with_capacity((size.width * size.height) as usize);
        for y in 0..size.height as usize {
            for x in 0..size.width as usize {
                let sum: u32 = (0..side)
                    .filter_map(|v| self.pixels.get((y * side + v) * row + x * side..)?.get(..side))
                    .flatten()
                    .map(|v| u32::from(*v))
                    .sum();
                out.push((sum / (part * part)) as u8);
            }
        }
        (out, size)
    }
}

/// The first code of `formats` in `picture`, upright, on its side or upside down, with the fields of a licence
/// where its text is one. `None` when there is none that can be read. The work is at most four passes over the
/// picture for each kind. Fails with [`ErrorKind::TextTooLong`], and with [`ErrorKind::ReaderFailed`] when the
/// reader panics, which natively is caught; in wasm the module ends and has to be loaded again.
pub fn read(picture: LumaView<'_>, formats: Formats) -> Result<Option<BarcodeReading>, Error> {
    for part in PARTS {
        let (pixels, size) = picture.shrunk(part);
        if size.width < MIN_SIDE_PX || size.height < MIN_SIDE_PX {
            break;
        }
        if let Some(found) = caught(|| pass(&pixels, size, formats))? {
            return reading(&found, size, part as f32).map(Some);
        }
    }
    Ok(None)
}

/// One size: thresholds from the neighbourhood first, which shadows need; then one for all, which glare needs.
fn pass(pixels: &[u8], size: Size, formats: Formats) -> Option<RXingResult> {
    let source = || Luma8Source::new_with_slice(pixels, size.width, size.height).ok();
    let local = source().map(HybridBinarizer::new).and_then(|binarizer| attempt(binarizer, formats));
    local.or_else(|| {
        source().map(GlobalHistogramBinarizer::new).and_then(|binarizer| attempt(binarizer, formats))
    })
}

fn attempt<B: Binarizer>(binarizer: B, formats: Formats) -> Option<RXingResult> {
    let mut bitmap = BinaryBitmap::new(binarizer);
    let hints = DecodeHints { TryHarder: Some(true), ..DecodeHints::default() };
    let mut found = None;
    if formats.pdf417 {
        found = PDF417Reader::new().decode_with_hints(&mut bitmap, &hints).ok();
    }
    if found.is_none() && formats.qr_code {
        found = QRCodeReader::new().decode_with_hints(&mut bitmap, &hints).ok();
    }
    found
}

#[cfg(not(target_arch = "wasm32"))]
fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Error> {
    std::panic::catch_unwind(std::panic::AssertUnwindSafe(work)).map_err(|_| ErrorKind::ReaderFailed.into())
}

#[cfg(target_arch = "wasm32")]
fn caught<T>(work: impl FnOnce() -> T) -> Result<T, Error> {
    Ok(work())
}

/// What `found` says; it was read from a picture of `size`, whose pixels stand for `scale` px each.
fn reading(found: &RXingResult, size: Size, scale: f32) -> Result<BarcodeReading, Error> {
    let text = found.getText();
    if text.len() > MAX_TEXT_LENGTH {
        return Err(ErrorKind::TextTooLong.into());
    }
    let format = match found.getBarcodeFormat() {
        rxing::BarcodeFormat::PDF_417 => BarcodeFormat::Pdf417,
        _ => BarcodeFormat::QrCode,
    };
    let turned_deg = match found.getRXingResultMetadata().get(&RXingResultMetadataType::ORIENTATION) {
        Some(RXingResultMetadataValue::Orientation(degrees)) if format == BarcodeFormat::Pdf417 => *degrees,
        _ => 0,
    };
    let points: Vec<Point> =
        found.getPoints().iter().map(|p| upright(Point::new(p.x, p.y), size, turned_deg)).collect();
    let quad = corners(format, &points).map(|quad| quad.scaled(scale));
    let licence = if format == BarcodeFormat::Pdf417 { aamva::parse(text).ok() } else { None };
    Ok(BarcodeReading { format, quad, text: text.to_owned(), licence })
}

/// `p` of the picture of `size` that was turned by `turned_deg` counter-clockwise, in the picture as it was.
fn upright(p: Point, size: Size, turned_deg: i32) -> Point {
    let (width, height) = (size.width as f32, size.height as f32);
    match turned_deg.rem_euclid(360) {
        90 => Point::new(width - p.y, p.x),
        180 => Point::new(width - p.x, height - p.y),
        270 => Point::new(p.y, height - p.x),
        _ => p,
    }
}

/// The corners of the whole symbol, where the reader's points say them.
fn corners(format: BarcodeFormat, points: &[Point]) -> Option<Quad> {
    match (format, points) {
        // Start pattern: top and bottom; stop pattern: top and bottom; then the same of the data.
        (BarcodeFormat::Pdf417, [start_top, start_bottom, stop_top, stop_bottom, _, _, _, _]) => {
            Some(Quad([*start_top, *stop_top, *stop_bottom, *start_bottom]))
        }
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn pictures_of_absurd_sizes_are_refused_before_any_work() {
        for (width, height, pixels, kind) in [
            (1, 1, 1, ErrorKind::PictureTooSmall),
            (0, 0, 0, ErrorKind::PictureTooSmall),
            (30_000, 1, 30_000, ErrorKind::PictureTooSmall),
            (30_000, 24, 0, ErrorKind::PictureTooLarge),
            (u32::MAX, u32::MAX, 0, ErrorKind::PictureTooLarge),
            (8000, 8000, 0, ErrorKind::PictureTooLarge),
            (100, 100, 9_999, ErrorKind::BadPicture),
        ] {
            let refused = LumaView::new(&vec![0; pixels], Size { width, height }).err().expect("refused");
            assert_eq!(refused.kind(), kind, "{width} x {height}");
        }
    }

    #[test]
    fn a_picture_without_a_code_has_none() {
        for shade in [0, 128, 255] {
            let pixels = vec![shade; 320 * 200];
            let view = LumaView::new(&pixels, Size { width: 320, height: 200 }).expect("a picture");
            assert_eq!(read(view, Formats::default()), Ok(None));
        }
    }

    #[test]
    fn shrinking_takes_the_mean_of_each_square() {
        let pixels: Vec<u8> = (0..48 * 48).map(|i| if i % 2 == 0 { 0 } else { 200 }).collect();
        let view = LumaView::new(&pixels, Size { width: 48, height: 48 }).expect("a picture");
        let (small, size) = view.shrunk(2);
        assert_eq!((size.width, size.height), (24, 24));
        assert!(small.iter().all(|v| *v == 100));
    }
}
