//! The pixels of a leaf, from a detector's input or from a picture.

use crate::document;
use crate::face;
use crate::frame::RgbaView;
use idv_protocol::seal::{FrameHead, FrameStep};

/// The pixels that the detector of `head`'s step is shown of `frame`. `None` where `frame` has another size than the one
/// that is spoken of, or the part is not one a detector looks at.
pub fn pixels_of(frame: RgbaView<'_>, head: &FrameHead) -> Option<Vec<u8>> {
    let size = frame.size();
    let mut pixels = Vec::new();
    match head.step {
        FrameStep::DocumentFront | FrameStep::DocumentBack => {
            document::fill_pixels(frame, head.part, &mut pixels)?;
        }
        FrameStep::Face => {
            if head.part != [0, 0, size.width, size.height] {
                return None;
            }
            face::fill_pixels(frame, &mut pixels);
        }
    }
    (size == head.frame).then_some(pixels)
}

/// Mean difference of two pictures of the same length, in levels of 255; 255 where their lengths differ.
pub fn difference(a: &[u8], b: &[u8]) -> f64 {
    if a.len() != b.len() || a.is_empty() {
        return 255.0;
    }
    let sum: u64 = a.iter().zip(b).map(|(a, b)| u64::from(a.abs_diff(*b))).sum();
    sum as f64 / a.len() as f64
}

/// Side of the blocks of [`largest_difference`] in px: an eye or a mouth of a face that fills half of the input.
const BLOCK_PX: usize = 16;

/// Largest mean difference in any block of two frames of a step, in levels of 255; 255 where they are not frames of
/// it. Two moments of one scene differ little on the whole and much where somebody moved.
pub fn largest_difference(a: &[u8], b: &[u8], step: FrameStep) -> f64 {
    let side = usize::from(step.side_px());
    if a.len() != 3 * side * side || b.len() != a.len() {
        return 255.0;
    }
    let blocks = side.div_ceil(BLOCK_PX);
    let mut sums = vec![(0u64, 0u64); blocks * blocks];
    for (at, (a, b)) in a.iter().zip(b).enumerate() {
        let (x, y) = (at % side, at / side % side);
        if let Some((sum, count)) = sums.get_mut(y / BLOCK_PX * blocks + x / BLOCK_PX) {
            *sum += u64::from(a.abs_diff(*b));
            *count += 1;
        }
    }
    sums.into_iter().map(|(sum, count)| sum as f64 / count.max(1) as f64).fold(0.0, f64::max)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::capture::encode_jpeg;
    use crate::frame::decode_image;
    use idv_protocol::Size;

    fn picture(size: Size, shift: u32) -> Vec<u8> {
        (0..size.height)
            .flat_map(|y| (0..size.width).map(move |x| (x + shift, y)))
            .flat_map(|(x, y)| [(x / 3) as u8, (y / 2) as u8, ((x ^ y) / 4) as u8, 255])
            .collect()
    }

    #[test]
    fn a_capture_resembles_the_frame_it_was_made_of_and_no_other() {
        let size = Size { width: 640, height: 480 };
        let [own, other] = [0, 90].map(|shift| picture(size, shift));
        let [own, other] = [&own, &other].map(|data| RgbaView::new(data, size).expect("a frame"));
        let sent = decode_image(&encode_jpeg(own, 92).expect("encodes")).expect("a JPEG");
        let sent = sent.view().expect("a picture");
        for (step, part) in
            [(FrameStep::DocumentBack, [100, 40, 300, 200]), (FrameStep::Face, [0, 0, 640, 480])]
        {
            let head = FrameHead { step, at_us: 0, frame: size, part };
            let of = |view| pixels_of(view, &head).expect("pixels");
            let (same, different) = (difference(&of(own), &of(sent)), difference(&of(other), &of(sent)));
            assert!(same < 2.0 && different > 10.0, "{step:?}: {same} {different}");
            let largest = |view| largest_difference(&of(view), &of(sent), step);
            assert!(largest(own) < 10.0 && largest(other) > 10.0, "{step:?}");
        }
    }

    #[test]
    fn what_no_detector_looks_at_has_no_pixels() {
        let size = Size { width: 64, height: 64 };
        let data = picture(size, 0);
        let view = RgbaView::new(&data, size).expect("a frame");
        let head = |step, frame, part| FrameHead { step, at_us: 0, frame, part };
        let document = FrameStep::DocumentFront;
        for bad in [
            head(document, Size { width: 64, height: 65 }, [0, 0, 64, 64]),
            head(document, size, [0, 0, 65, 64]),
            head(document, size, [0, 0, 0, 64]),
            head(document, size, [u32::MAX, 0, 1, 1]),
            head(FrameStep::Face, size, [0, 0, 32, 64]),
        ] {
            assert_eq!(pixels_of(view, &bad), None, "{bad:?}");
        }
        assert_eq!(difference(&[0], &[0, 0]), 255.0);
        assert_eq!(largest_difference(&[0], &[0], FrameStep::Face), 255.0);
    }
}
