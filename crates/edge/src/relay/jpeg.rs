//! Whether bytes are a whole JPEG, by its markers (ITU-T T.81, annex B). The pixels are decoded by the operator.

/// Largest side in px, as the vision crate takes it.
const MAX_SIDE_PX: u16 = 4096;

/// Whether `bytes` run from start to end of image, with a frame of 1 to 4096 px a side and a scan between them.
pub(super) fn is_jpeg(bytes: &[u8]) -> bool {
    bytes.ends_with(&[0xFF, 0xD9]) && has_frame_and_scan(bytes).unwrap_or(false)
}

fn has_frame_and_scan(bytes: &[u8]) -> Option<bool> {
    let mut rest = bytes.strip_prefix(&[0xFF, 0xD8])?;
    let mut frame_found = false;
    loop {
        let [0xFF, marker, after @ ..] = rest else { return Some(false) };
        match marker {
            // A fill byte before a marker.
            0xFF => rest = rest.get(1..)?,
            // Start of scan: entropy-coded data follows up to the end.
            0xDA => return Some(frame_found),
            // Restart markers, a second start, and TEM have no length and no place here; EOI comes too soon.
            0x00 | 0x01 | 0xD0..=0xD9 => return Some(false),
            _ => {
                let [high, low, ..] = after else { return Some(false) };
                let length = usize::from(u16::from_be_bytes([*high, *low]));
                let segment = after.get(..length)?;
                // Start of frame, all but DHT, JPG and DAC.
                if matches!(marker, 0xC0..=0xCF) && !matches!(marker, 0xC4 | 0xC8 | 0xCC) {
                    let [_, _, _, y1, y0, x1, x0, ..] = segment else { return Some(false) };
                    let sides = [u16::from_be_bytes([*y1, *y0]), u16::from_be_bytes([*x1, *x0])];
                    if sides.iter().any(|side| !(1..=MAX_SIDE_PX).contains(side)) {
                        return Some(false);
                    }
                    frame_found = true;
                }
                rest = after.get(length.max(2)..)?;
            }
        }
    }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The smallest bytes that count as a JPEG of `width` x `height` px here; `fill` makes them differ.
    pub(in crate::relay) fn tiny(width: u16, height: u16, fill: u8) -> Vec<u8> {
        let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xC0, 0x00, 0x0B, 8];
        bytes.extend(height.to_be_bytes());
        bytes.extend(width.to_be_bytes());
        bytes.extend([1, 1, 0x11, 0, 0xFF, 0xDA, 0x00, 0x08, 1, 1, 0, 0, 63, 0, fill, 0xFF, 0xD9]);
        bytes
    }

    #[test]
    fn a_whole_jpeg_is_taken_and_everything_else_is_not() {
        assert!(is_jpeg(&tiny(640, 480, 1)));
        let mut cut = tiny(640, 480, 1);
        cut.truncate(cut.len() - 1);
        let bad: [&[u8]; 9] = [
            b"",
            b"\xff\xd8",
            b"\xff\xd8\xff\xd9",
            b"\x89PNG\r\n\x1a\n",
            b"<html></html>",
            b"\xff\xd8\xff\xe0\xff\xff\xff\xd9",
            &cut,
            &tiny(0, 480, 1),
            &tiny(640, 5000, 1),
        ];
        for bytes in bad {
            assert!(!is_jpeg(bytes), "{bytes:02x?}");
        }
    }

    #[test]
    fn lengths_that_lie_end_in_a_refusal() {
        for length in [0u16, 1, 2, 0xFFFF] {
            let mut bytes = vec![0xFF, 0xD8, 0xFF, 0xE0];
            bytes.extend(length.to_be_bytes());
            bytes.extend([0xFF, 0xD9]);
            assert!(!is_jpeg(&bytes), "{length}");
        }
    }
}
