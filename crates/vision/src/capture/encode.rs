//! Frames as JPEG.

use super::{Capture, JPEG_QUALITY_STEPS};
use crate::error::{Error, ErrorKind};
use crate::frame::RgbaView;
use idv_protocol::relay::MAX_CAPTURE_BYTES;
use idv_protocol::{CaptureKind, CaptureMeta, CaptureMethod, Quad, QualityReport};
use image::codecs::jpeg::JpegEncoder;
use image::{ImageBuffer, Rgba};
use sha2::{Digest, Sha256};

/// Encodes a frame as a baseline JPEG (4:2:2) of `quality` 1 to 100; values outside are clamped. Alpha is
/// dropped. Fails with [`ErrorKind::Encode`].
pub fn encode_jpeg(frame: RgbaView<'_>, quality: u8) -> Result<Vec<u8>, Error> {
    let size = frame.size();
    let picture = ImageBuffer::<Rgba<u8>, &[u8]>::from_raw(size.width, size.height, frame.data())
        .ok_or_else(|| Error::new(ErrorKind::Encode, "frame does not fit its bytes"))?;
    let mut jpeg = Vec::new();
    JpegEncoder::new_with_quality(&mut jpeg, quality.clamp(1, 100))
        .encode_image(&picture)
        .map_err(|error| Error::new(ErrorKind::Encode, format!("JPEG encoding failed: {error}")))?;
    Ok(jpeg)
}

/// Makes a capture of a frame: the best JPEG of [`JPEG_QUALITY_STEPS`] that stays within
/// [`MAX_CAPTURE_BYTES`], and its digest. Fails with [`ErrorKind::Encode`] when none does.
pub fn make_capture(
    frame: RgbaView<'_>,
    kind: CaptureKind,
    attempt: u32,
    at_ms: f64,
    quad: Option<Quad>,
    quality: QualityReport,
) -> Result<Capture, Error> {
    for step in JPEG_QUALITY_STEPS {
        let jpeg = encode_jpeg(frame, step)?;
        if jpeg.len() <= MAX_CAPTURE_BYTES {
            let meta = CaptureMeta {
                kind,
                attempt,
                sha256: hex::encode(Sha256::digest(&jpeg)),
                bytes: jpeg.len() as u32,
                size: frame.size(),
                method: CaptureMethod::Automatic,
                at_ms,
                frame: None,
                quad,
                quality,
                reading: None,
                barcode: None,
            };
            return Ok(Capture { meta, jpeg });
        }
    }
    Err(Error::new(
        ErrorKind::Encode,
        format!("the picture needs more than {MAX_CAPTURE_BYTES} bytes at every quality step"),
    ))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::frame::decode_image;
    use idv_protocol::Size;

    /// A frame of `width` x `height` px whose pixels come from `at`.
    fn frame_of(width: u32, height: u32, at: impl Fn(u32, u32) -> [u8; 3]) -> Vec<u8> {
        let mut data = Vec::new();
        for y in 0..height {
            for x in 0..width {
                let [r, g, b] = at(x, y);
                data.extend_from_slice(&[r, g, b, 255]);
            }
        }
        data
    }

    #[test]
    fn a_jpeg_decodes_to_the_frame_it_was_made_of() {
        let data = frame_of(96, 64, |x, y| [x as u8 * 2, y as u8 * 3, 90]);
        let view = RgbaView::new(&data, Size { width: 96, height: 64 }).unwrap();
        let decoded = decode_image(&encode_jpeg(view, 95).unwrap()).unwrap();
        assert_eq!(decoded.size, view.size());
        let worst = decoded.data.iter().zip(&data).map(|(a, b)| a.abs_diff(*b)).max().unwrap();
        assert!(worst < 16, "worst difference {worst}");
    }

    #[test]
    fn a_capture_carries_the_digest_and_length_of_its_bytes() {
        let data = frame_of(64, 64, |x, y| [x as u8, y as u8, 0]);
        let view = RgbaView::new(&data, Size { width: 64, height: 64 }).unwrap();
        let capture =
            make_capture(view, CaptureKind::Selfie, 2, 12.5, None, QualityReport::default()).unwrap();
        assert_eq!(capture.meta.sha256, hex::encode(Sha256::digest(&capture.jpeg)));
        assert_eq!(capture.meta.bytes as usize, capture.jpeg.len());
        assert_eq!(capture.meta.attempt, 2);
        assert_eq!(capture.meta.size, Size { width: 64, height: 64 });
    }

    #[test]
    fn a_picture_too_large_at_the_best_quality_is_encoded_at_a_lower_one() {
        let mut seed = 1u32;
        let mut noise = vec![0u8; 2000 * 1500 * 4];
        for byte in &mut noise {
            seed = seed.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
            *byte = (seed >> 24) as u8;
        }
        let view = RgbaView::new(&noise, Size { width: 2000, height: 1500 }).unwrap();
        assert!(encode_jpeg(view, JPEG_QUALITY_STEPS[0]).unwrap().len() > MAX_CAPTURE_BYTES);
        let capture =
            make_capture(view, CaptureKind::DocumentFront, 1, 0.0, None, QualityReport::default()).unwrap();
        assert!(capture.jpeg.len() <= MAX_CAPTURE_BYTES);
    }
}
