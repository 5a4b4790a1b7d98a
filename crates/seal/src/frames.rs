//! The leaf of a processed frame, and the bytes in which opened frames travel.

use idv_protocol::seal::{FRAMES_DRAWN, FrameHead, FrameOpening};
use sha2::{Digest, Sha256};

/// What a leaf begins with: another form of it gets another text.
const LEAF_PREFIX: &[u8] = b"idv-frame-1";

/// Colours of a frame.
const PLANES: usize = 3;

/// Longest JSON of the openings in bytes: each has some 20 hashes as hex and its head.
const MAX_HEADS_BYTES: usize = FRAMES_DRAWN * 4 * 1024;

/// Bytes of the pixels of a frame with this head.
pub fn pixel_bytes(head: &FrameHead) -> usize {
    PLANES * usize::from(head.step.side_px()).pow(2)
}

/// SHA-256 over a frame's head and pixels: the entry of its leaf.
pub fn leaf(head: &FrameHead, pixels: &[u8]) -> [u8; 32] {
    let mut hash = Sha256::new();
    hash.update(LEAF_PREFIX);
    hash.update([head.step.number()]);
    hash.update(head.at_us.to_be_bytes());
    for number in [head.frame.width, head.frame.height].into_iter().chain(head.part) {
        hash.update(number.to_be_bytes());
    }
    hash.update(pixels);
    hash.finalize().into()
}

/// Opened frames as bytes: length of the JSON (four bytes, big-endian), the openings as JSON, the pixels of each in
/// their order. `None` where they cannot be written as JSON, which none does.
pub fn write(openings: &[FrameOpening], pixels: &[&[u8]]) -> Option<Vec<u8>> {
    let json = serde_json::to_vec(openings).ok()?;
    let mut bytes = u32::try_from(json.len()).ok()?.to_be_bytes().to_vec();
    bytes.extend(json);
    for pixels in pixels {
        bytes.extend_from_slice(pixels);
    }
    Some(bytes)
}

/// The same frames read. `None` where the bytes are not exactly those of such frames.
pub fn read(bytes: &[u8]) -> Option<Vec<(FrameOpening, &[u8])>> {
    let (length, rest) = bytes.split_first_chunk::<4>()?;
    let length =
        usize::try_from(u32::from_be_bytes(*length)).ok().filter(|length| *length <= MAX_HEADS_BYTES)?;
    let (json, mut rest) = rest.split_at_checked(length)?;
    let openings: Vec<FrameOpening> = serde_json::from_slice(json).ok()?;
    let mut frames = Vec::with_capacity(openings.len());
    for opening in openings {
        let (pixels, after) = rest.split_at_checked(pixel_bytes(&opening.head))?;
        frames.push((opening, pixels));
        rest = after;
    }
    rest.is_empty().then_some(frames)
}

#[cfg(test)]
mod tests {
    use super::*;
    use idv_protocol::Size;
    use idv_protocol::seal::FrameStep;

    fn head() -> FrameHead {
        FrameHead {
            step: FrameStep::DocumentFront,
            at_us: 33_250,
            frame: Size { width: 1280, height: 720 },
            part: [0, 0, 1280, 720],
        }
    }

    #[test]
    fn everything_that_is_said_of_a_frame_is_in_its_leaf() {
        let pixels = vec![9; pixel_bytes(&head())];
        let first = leaf(&head(), &pixels);
        let others = [
            FrameHead { step: FrameStep::DocumentBack, ..head() },
            FrameHead { at_us: 33_251, ..head() },
            FrameHead { frame: Size { width: 1280, height: 721 }, ..head() },
            FrameHead { part: [0, 0, 1280, 719], ..head() },
        ];
        assert!(others.iter().all(|other| leaf(other, &pixels) != first));
        let mut changed = pixels.clone();
        changed[70_000] ^= 1;
        assert_ne!(leaf(&head(), &changed), first);
    }

    #[test]
    fn opened_frames_come_back_as_they_were_and_nothing_else_does() {
        let opening = |index| FrameOpening { index, head: head(), path: vec!["ab".repeat(32)] };
        let pixels: Vec<Vec<u8>> = (1..3).map(|fill| vec![fill; pixel_bytes(&head())]).collect();
        let parts: Vec<&[u8]> = pixels.iter().map(Vec::as_slice).collect();
        let bytes = write(&[opening(4), opening(9)], &parts).expect("written");
        let frames = read(&bytes).expect("read");
        assert_eq!(frames, [(opening(4), parts[0]), (opening(9), parts[1])]);
        for bad in [&bytes[..bytes.len() - 1], &[&bytes[..], &[0]].concat(), &bytes[..3], &[255; 9]] {
            assert_eq!(read(bad), None);
        }
        assert_eq!(write(&[], &[]).as_deref().and_then(read), Some(Vec::new()));
    }
}
