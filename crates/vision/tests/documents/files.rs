//! Files of every format: hostile ones, turned ones, what is decoded and what is refused.

use crate::canvas::view;
use crate::photos::data_folder;
use idv_protocol::{FileProblem, Size};
use idv_vision::ErrorKind;
use idv_vision::frame::{MAX_FILE_BYTES, MAX_SIDE_PX, RgbaImage, decode_image, open_file};
use image::{DynamicImage, ImageBuffer, ImageFormat, Luma, LumaA, Rgb, Rgba};
use proptest::prelude::*;
use std::io::Cursor;

/// Corners of a picture, clockwise, and their colours in [`quarters`].
const CORNERS: [[u8; 3]; 4] = [[200, 30, 30], [30, 180, 30], [40, 40, 200], [220, 220, 220]];

fn problem(bytes: &[u8]) -> Option<FileProblem> {
    open_file(bytes).err()
}

/// A picture with another colour in each quarter: top left, top right, bottom right, bottom left.
fn quarters(width: u32, height: u32) -> image::RgbImage {
    ImageBuffer::from_fn(width, height, |x, y| {
        let (right, low) = (x >= width / 2, y >= height / 2);
        Rgb(CORNERS[match (right, low) {
            (false, false) => 0,
            (true, false) => 1,
            (true, true) => 2,
            (false, true) => 3,
        }])
    })
}

pub fn encoded(picture: impl Into<DynamicImage>, format: ImageFormat) -> Vec<u8> {
    let mut bytes = Cursor::new(Vec::new());
    picture.into().write_to(&mut bytes, format).expect("encodes");
    bytes.into_inner()
}

/// The colours in the middle of the quarters, clockwise from the top left.
fn seen(picture: &RgbaImage) -> [[u8; 3]; 4] {
    let Size { width, height } = picture.size;
    let (w, h) = (width as usize, height as usize);
    [(w / 4, h / 4), (w * 3 / 4, h / 4), (w * 3 / 4, h * 3 / 4), (w / 4, h * 3 / 4)]
        .map(|(x, y)| view(picture).rgb(x, y))
}

fn is_near(a: [u8; 3], b: [u8; 3]) -> bool {
    a.iter().zip(b).all(|(a, b)| a.abs_diff(b) < 12)
}

#[test]
fn a_file_is_what_its_bytes_say() {
    let mut heic = b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec();
    assert_eq!(problem(&heic), Some(FileProblem::Heic));
    heic[8..12].copy_from_slice(b"avif");
    assert_eq!(problem(&heic), Some(FileProblem::Heic));
    let cases: [(&[u8], FileProblem); 12] = [
        (b"\0\0\0\x18ftypxxxx\0\0\0\0mif1heic", FileProblem::Heic),
        (b"\0\0\0\x14ftypqt  \0\0\0\0qt  heic", FileProblem::UnsupportedFormat),
        (b"%PDF-1.7\n", FileProblem::Pdf),
        (b"\xEF\xBB\xBF\n%PDF-1.4", FileProblem::Pdf),
        (b"GIF89a\x01\0\x01\0", FileProblem::UnsupportedFormat),
        (b"RIFF\x1a\0\0\0WEBPVP8L", FileProblem::UnsupportedFormat),
        (b"II*\0\x08\0\0\0", FileProblem::UnsupportedFormat),
        (b"BM\x36\0\0\0", FileProblem::UnsupportedFormat),
        (b"<svg xmlns='http://www.w3.org/2000/svg'/>", FileProblem::UnsupportedFormat),
        (b"passport.jpg", FileProblem::UnsupportedFormat),
        (b"", FileProblem::UnsupportedFormat),
        (b"\0\0\0\0ftyp", FileProblem::UnsupportedFormat),
    ];
    for (bytes, expected) in cases {
        assert_eq!(problem(bytes), Some(expected), "{}", String::from_utf8_lossy(bytes));
    }
    assert_eq!(problem(&vec![0xFF; MAX_FILE_BYTES + 1]), Some(FileProblem::TooLarge));
}

/// A chunk without a checksum that holds: files of these are refused before it is looked at.
fn chunk(kind: &[u8; 4], data: &[u8]) -> Vec<u8> {
    let mut bytes = (data.len() as u32).to_be_bytes().to_vec();
    bytes.extend(kind);
    bytes.extend(data);
    bytes.extend([0; 4]);
    bytes
}

fn png_header(width: u32, height: u32) -> Vec<u8> {
    let mut header = width.to_be_bytes().to_vec();
    header.extend(height.to_be_bytes());
    header.extend([16, 6, 0, 0, 0]);
    [b"\x89PNG\r\n\x1a\n".to_vec(), chunk(b"IHDR", &header)].concat()
}

/// The head of a JPEG up to its size.
fn jpeg_header(frame: u8, bits: u8, width: u16, height: u16) -> Vec<u8> {
    let (w, h) = (width.to_be_bytes(), height.to_be_bytes());
    let mut bytes = vec![0xFF, 0xD8, 0xFF, frame, 0, 17, bits, h[0], h[1], w[0], w[1], 3];
    bytes.extend([1, 0x11, 0, 2, 0x11, 0, 3, 0x11, 0]);
    bytes
}

#[test]
fn a_size_that_a_header_claims_is_refused_without_its_pixels() {
    for (width, height) in [(30_000, 30_000), (16_385, 100), (100, 16_385), (8_000, 6_000), (u32::MAX, 1)] {
        assert_eq!(problem(&png_header(width, height)), Some(FileProblem::TooManyPixels), "{width}x{height}");
    }
    assert_eq!(problem(&jpeg_header(0xC0, 8, 65_535, 65_535)), Some(FileProblem::TooManyPixels));
    assert_eq!(problem(&jpeg_header(0xC2, 8, 7_000, 6_000)), Some(FileProblem::TooManyPixels));
    for (width, height) in [(0, 800), (800, 0)] {
        assert_eq!(problem(&png_header(width, height)), Some(FileProblem::Damaged));
        assert_eq!(problem(&jpeg_header(0xC0, 8, width as u16, height as u16)), Some(FileProblem::Damaged));
    }
    // Lossless, arithmetic, 12 bits.
    for (frame, bits) in [(0xC3, 8), (0xC9, 8), (0xC1, 12)] {
        assert_eq!(problem(&jpeg_header(frame, bits, 800, 600)), Some(FileProblem::UnsupportedFormat));
    }
    let strip = encoded(image::GrayImage::new(30_000, 1), ImageFormat::Png);
    assert_eq!(problem(&strip), Some(FileProblem::TooManyPixels));
    for (width, height) in [(1, 1), (399, 399), (399, 64), (4_000, 20), (16_000, 200)] {
        let small = encoded(image::GrayImage::new(width, height), ImageFormat::Png);
        assert_eq!(problem(&small), Some(FileProblem::TooSmall), "{width}x{height}");
    }
}

#[test]
fn a_picture_of_every_size_within_the_limits_comes_out_within_those_of_a_frame() {
    for (width, height) in [(400, 64), (4_096, 4_096), (5_000, 4_000), (16_384, 300)] {
        let picture = open_file(&encoded(quarters(width, height), ImageFormat::Png)).expect("opens");
        let long = picture.size.width.max(picture.size.height);
        assert!(long == width.max(height).min(MAX_SIDE_PX), "{:?}", picture.size);
        let kept = f64::from(picture.size.width) / f64::from(picture.size.height);
        assert!((kept / (f64::from(width) / f64::from(height)) - 1.0).abs() < 0.01, "{:?}", picture.size);
        assert!(seen(&picture).into_iter().zip(CORNERS).all(|(a, b)| is_near(a, b)), "{width}x{height}");
    }
}

#[test]
fn every_colour_and_depth_decodes() {
    let grey = |x: u32| (x / 2) as u8;
    let pictures: [DynamicImage; 6] = [
        ImageBuffer::from_fn(480, 320, |x, _| Luma([grey(x)])).into(),
        ImageBuffer::from_fn(480, 320, |x, _| LumaA([grey(x), 255])).into(),
        ImageBuffer::from_fn(480, 320, |x, _| Rgba([grey(x), grey(x), grey(x), 255])).into(),
        ImageBuffer::from_fn(480, 320, |x, _| Luma([u16::from(grey(x)) * 257])).into(),
        ImageBuffer::from_fn(480, 320, |x, _| Rgb([u16::from(grey(x)) * 257; 3])).into(),
        ImageBuffer::from_fn(480, 320, |x, _| Rgba([u16::from(grey(x)) * 257, 0, 0, 65_535])).into(),
    ];
    for (index, picture) in pictures.into_iter().enumerate() {
        let opened = open_file(&encoded(picture, ImageFormat::Png)).expect("opens");
        let [r, ..] = view(&opened).rgb(300, 100);
        assert!(r.abs_diff(150) <= 1, "picture {index}: {r}");
    }
    let jpeg = encoded(image::GrayImage::from_fn(480, 320, |x, _| Luma([grey(x)])), ImageFormat::Jpeg);
    assert!(view(&open_file(&jpeg).expect("opens")).rgb(300, 100)[1].abs_diff(150) <= 3);
    // What is transparent is paper.
    let clear: image::RgbaImage = ImageBuffer::from_fn(480, 320, |_, _| Rgba([0, 0, 0, 0]));
    let opened = open_file(&encoded(clear, ImageFormat::Png)).expect("opens");
    assert_eq!(view(&opened).rgb(10, 10), [255; 3]);
}

/// Bits of a scan, with a zero after each 0xFF.
#[derive(Default)]
struct Bits {
    bytes: Vec<u8>,
    held: u32,
    count: u32,
}

impl Bits {
    fn put(&mut self, value: u32, bits: u32) {
        for bit in (0..bits).rev() {
            self.held = self.held << 1 | (value >> bit & 1);
            self.count += 1;
            if self.count == 8 {
                self.bytes.push(self.held as u8);
                if self.held as u8 == 0xFF {
                    self.bytes.push(0);
                }
                (self.held, self.count) = (0, 0);
            }
        }
    }
}

/// A JPEG of one colour whose components have these samples, 480 x 320 px: `frame` is its kind.
fn plain_jpeg(frame: u8, samples: &[u8], adobe: bool) -> Vec<u8> {
    let segment = |marker: u8, data: &[u8]| {
        let mut bytes = vec![0xFF, marker];
        bytes.extend((data.len() as u16 + 2).to_be_bytes());
        bytes.extend(data);
        bytes
    };
    let mut bytes = vec![0xFF, 0xD8];
    if adobe {
        bytes.extend(segment(0xEE, b"Adobe\0\x64\0\0\0\0\0"));
    }
    bytes.extend(segment(0xDB, &[&[0][..], &[1; 64]].concat()));
    let mut header = vec![8, 320u16.to_be_bytes()[0], 320u16.to_be_bytes()[1], 1, 224, samples.len() as u8];
    let mut scan = vec![samples.len() as u8];
    for index in 0..samples.len() as u8 {
        header.extend([index + 1, 0x11, 0]);
        scan.extend([index + 1, 0]);
    }
    let is_progressive = frame == 0xC2;
    scan.extend([0, if is_progressive { 0 } else { 63 }, 0]);
    bytes.extend(segment(frame, &header));
    // Twelve codes of four bits for the differences of the means, one of one bit for the end of a block.
    let mut means = vec![0x00; 17];
    means[4] = 12;
    means.extend(0..12);
    bytes.extend(segment(0xC4, &means));
    let mut rest = vec![0x10; 1];
    rest.extend([1, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0]);
    bytes.extend(segment(0xC4, &rest));
    bytes.extend(segment(0xDA, &scan));
    let mut bits = Bits::default();
    for block in 0..60 * 40 {
        for sample in samples {
            let mean = if block == 0 { (i32::from(*sample) - 128) * 8 } else { 0 };
            let size = 32 - mean.unsigned_abs().leading_zeros();
            bits.put(size, 4);
            let value = if mean < 0 { mean - 1 } else { mean };
            bits.put(value as u32 & ((1 << size) - 1), size);
            if !is_progressive {
                bits.put(0, 1);
            }
        }
    }
    bits.put(0x7F, 7);
    bytes.extend(bits.bytes);
    bytes.extend([0xFF, 0xD9]);
    bytes
}

#[test]
fn jpegs_of_printers_and_of_the_web_decode_to_their_colours() {
    // YCbCr of a strong red; CMYK stores what is left of the light, so that full light is no ink.
    let cases = [
        ("baseline", plain_jpeg(0xC0, &[76, 85, 255], false), [254, 0, 0]),
        ("progressive", plain_jpeg(0xC2, &[76, 85, 255], false), [254, 0, 0]),
        ("grey", plain_jpeg(0xC0, &[99], false), [99; 3]),
        ("CMYK", plain_jpeg(0xC0, &[255, 0, 0, 255], true), [255, 0, 0]),
        ("CMYK, half black", plain_jpeg(0xC0, &[255, 255, 255, 128], true), [128; 3]),
    ];
    for (name, bytes, colour) in cases {
        let opened = open_file(&bytes).unwrap_or_else(|problem| panic!("{name}: {problem:?}"));
        assert_eq!(opened.size, Size { width: 480, height: 320 }, "{name}");
        for (x, y) in [(5, 5), (400, 300)] {
            assert!(is_near(view(&opened).rgb(x, y), colour), "{name}: {:?}", view(&opened).rgb(x, y));
        }
    }
}

#[test]
fn an_animation_is_no_picture_of_a_document() {
    let still = encoded(quarters(480, 320), ImageFormat::Png);
    let after_header = 8 + 25;
    let mut moving = still[..after_header].to_vec();
    moving.extend(chunk(b"acTL", &[0, 0, 0, 2, 0, 0, 0, 0]));
    moving.extend(&still[after_header..]);
    assert_eq!(problem(&still), None);
    assert_eq!(problem(&moving), Some(FileProblem::Animated));
    assert_eq!(decode_image(&moving).err().expect("refused").kind(), ErrorKind::NotAnImage);
}

#[test]
fn a_file_that_is_cut_off_anywhere_is_damaged() {
    for format in [ImageFormat::Png, ImageFormat::Jpeg] {
        let whole = encoded(quarters(480, 320), format);
        assert_eq!(problem(&whole), None);
        for length in (12..whole.len()).step_by(whole.len() / 97 + 1).chain([whole.len() - 1]) {
            assert_eq!(problem(&whole[..length]), Some(FileProblem::Damaged), "{format:?} cut at {length}");
            assert!(decode_image(&whole[..length]).is_err());
        }
        // What a phone appends to its pictures is none of ours.
        assert_eq!(problem(&[&whole[..], b"SEFT and more"].concat()), None);
    }
}

#[test]
fn a_jpeg_of_endless_scans_is_refused() {
    let plain = plain_jpeg(0xC2, &[128], false);
    let scan = [0xFF, 0xDA, 0, 8, 1, 1, 0, 0, 0, 0, 0];
    let mut endless = plain[..plain.len() - 2].to_vec();
    (0..1_000).for_each(|_| endless.extend(scan));
    endless.extend([0xFF, 0xD9]);
    assert_eq!(problem(&endless), Some(FileProblem::Damaged));
}

/// The JPEG with an EXIF segment that says how the camera was held.
pub fn oriented(jpeg: &[u8], orientation: u8) -> Vec<u8> {
    let mut tiff = b"Exif\0\0MM\0*\0\0\0\x08".to_vec();
    tiff.extend([0, 1, 0x01, 0x12, 0, 3, 0, 0, 0, 1, 0, orientation, 0, 0, 0, 0, 0, 0]);
    let length = (tiff.len() as u16 + 2).to_be_bytes();
    [&jpeg[..2], &[0xFF, 0xE1], &length, &tiff, &jpeg[2..]].concat()
}

#[test]
fn a_photo_comes_out_as_its_camera_was_held() {
    let jpeg = encoded(quarters(480, 320), ImageFormat::Jpeg);
    // Which corner of the stored picture stands at each corner of the shown one (EXIF 2.32, 4.6.4, tag 274).
    let shown = [
        [0, 1, 2, 3],
        [1, 0, 3, 2],
        [2, 3, 0, 1],
        [3, 2, 1, 0],
        [0, 3, 2, 1],
        [3, 0, 1, 2],
        [2, 1, 0, 3],
        [1, 2, 3, 0],
    ];
    for (orientation, corners) in (1..).zip(shown) {
        let picture = open_file(&oriented(&jpeg, orientation)).expect("opens");
        let lies = if orientation < 5 { (480, 320) } else { (320, 480) };
        assert_eq!((picture.size.width, picture.size.height), lies, "orientation {orientation}");
        for (colour, corner) in seen(&picture).into_iter().zip(corners) {
            assert!(is_near(colour, CORNERS[corner]), "orientation {orientation}: {:?}", seen(&picture));
        }
    }
    for nonsense in [0, 9, 255] {
        let picture = open_file(&oriented(&jpeg, nonsense)).expect("opens");
        assert_eq!(picture.size, Size { width: 480, height: 320 });
    }
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(48))]

    #[test]
    fn no_bytes_bring_it_down(kind in 0usize..4, mut bytes in prop::collection::vec(any::<u8>(), 0..600)) {
        let magic: [&[u8]; 4] = [b"", b"\xFF\xD8\xFF", b"\x89PNG\r\n\x1a\n", b"\0\0\0\x18ftyp"];
        bytes.splice(0..0, magic[kind].iter().copied());
        prop_assert!(problem(&bytes).is_some());
        prop_assert!(decode_image(&bytes).is_err());
    }

    #[test]
    fn no_change_to_a_picture_brings_it_down(
        is_png in any::<bool>(),
        changes in prop::collection::vec((any::<prop::sample::Index>(), any::<u8>()), 1..12),
    ) {
        let mut bytes = encoded(quarters(416, 96), if is_png { ImageFormat::Png } else { ImageFormat::Jpeg });
        for (place, value) in changes {
            let place = place.index(bytes.len());
            bytes[place] = value;
        }
        if let Ok(picture) = open_file(&bytes) {
            prop_assert!(picture.view().is_ok());
            prop_assert!(picture.size.width.max(picture.size.height) <= MAX_SIDE_PX);
        }
    }
}

#[test]
fn real_files_open_or_say_what_they_are() {
    for folder in ["documents", "mrz", "faces", "liveness", "video"] {
        let Some(folder) = data_folder(folder) else { return };
        for entry in std::fs::read_dir(folder).expect("a folder") {
            let path = entry.expect("an entry").path();
            let name = path.file_name().expect("a name").to_string_lossy().to_lowercase();
            let bytes = std::fs::read(&path).expect("a file");
            let expected: &[Option<FileProblem>] = match name.rsplit_once('.') {
                Some((_, "jpg" | "png")) => &[None, Some(FileProblem::TooSmall)],
                _ => &[Some(FileProblem::UnsupportedFormat)],
            };
            assert!(expected.contains(&problem(&bytes)), "{name}: {:?}", problem(&bytes));
        }
    }
}
