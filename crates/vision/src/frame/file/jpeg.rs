//! The structure of a JPEG (ITU-T T.81, annex B).

use super::probe::{Format, Probe};
use idv_protocol::{FileProblem, Size};

/// Start of image, and the first byte of the marker that follows.
pub(super) const MAGIC: [u8; 3] = [0xFF, 0xD8, 0xFF];

const START_OF_IMAGE: u8 = 0xD8;
const END_OF_IMAGE: u8 = 0xD9;
const START_OF_SCAN: u8 = 0xDA;
/// A marker without a segment besides the restarts.
const TEMPORARY: u8 = 0x01;
const RESTARTS: std::ops::RangeInclusive<u8> = 0xD0..=0xD7;
/// Frame headers: their range, and what in it is none (tables of Huffman and arithmetic codes, one that is reserved).
const FRAMES: std::ops::RangeInclusive<u8> = 0xC0..=0xCF;
const NO_FRAMES: [u8; 3] = [0xC4, 0xC8, 0xCC];
/// Frames that are decoded: baseline, extended sequential and progressive with Huffman codes.
const DECODED_FRAMES: std::ops::RangeInclusive<u8> = 0xC0..=0xC2;

/// Most scans of one picture. Encoders write ten for a progressive one; each costs a pass over the whole picture,
/// however few bytes it has.
const MAX_SCANS: usize = 50;

/// Reads through the segments up to the end mark. Pictures appended behind it (a phone's depth or gain map) are left
/// alone.
pub(super) fn probe(bytes: &[u8]) -> Result<Probe, FileProblem> {
    let mut size = None;
    let mut scans = 0;
    let mut at = 2;
    let is_whole = loop {
        let Some(marker) = next_marker(bytes, &mut at) else { break false };
        match marker {
            END_OF_IMAGE => break scans > 0,
            START_OF_IMAGE | TEMPORARY => continue,
            marker if RESTARTS.contains(&marker) => continue,
            _ => {}
        }
        let Some(segment) = segment(bytes, at) else { break false };
        at += 2 + segment.len();
        if marker == START_OF_SCAN {
            scans += 1;
            if scans > MAX_SCANS {
                return Err(FileProblem::Damaged);
            }
            skip_scan(bytes, &mut at);
        } else if FRAMES.contains(&marker) && !NO_FRAMES.contains(&marker) {
            if size.is_some() {
                return Err(FileProblem::Damaged);
            }
            size = Some(frame_size(marker, segment)?);
        }
    };
    let size = size.ok_or(FileProblem::Damaged)?;
    Ok(Probe { format: Format::Jpeg, size, is_whole })
}

/// The next marker from `at` on, which moves behind it. Bytes between segments that belong to none are passed over.
fn next_marker(bytes: &[u8], at: &mut usize) -> Option<u8> {
    loop {
        let rest = bytes.get(*at..)?;
        *at += rest.iter().position(|byte| *byte == 0xFF)? + 1;
        match *bytes.get(*at)? {
            // A fill byte: the marker may be the next.
            0xFF => {}
            0x00 => *at += 1,
            marker => {
                *at += 1;
                return Some(marker);
            }
        }
    }
}

/// What the segment at `at` holds, without its length.
fn segment(bytes: &[u8], at: usize) -> Option<&[u8]> {
    let length = u16::from_be_bytes([*bytes.get(at)?, *bytes.get(at + 1)?]);
    bytes.get(at + 2..at + usize::from(length).max(2))
}

/// Moves behind the coded data of a scan, to the marker that ends it.
fn skip_scan(bytes: &[u8], at: &mut usize) {
    while let Some(step) = bytes.get(*at..).and_then(|rest| rest.iter().position(|byte| *byte == 0xFF)) {
        *at += step;
        match bytes.get(*at + 1) {
            Some(0x00) => *at += 2,
            Some(marker) if RESTARTS.contains(marker) => *at += 2,
            Some(0xFF) => *at += 1,
            _ => return,
        }
    }
    *at = bytes.len();
}

/// Width and height of a frame that is decoded.
fn frame_size(marker: u8, segment: &[u8]) -> Result<Size, FileProblem> {
    let &[bits, h1, h0, w1, w0, ..] = segment else { return Err(FileProblem::Damaged) };
    if !DECODED_FRAMES.contains(&marker) || bits != 8 {
        return Err(FileProblem::UnsupportedFormat);
    }
    let (width, height) = (u16::from_be_bytes([w1, w0]), u16::from_be_bytes([h1, h0]));
    if width == 0 || height == 0 {
        return Err(FileProblem::Damaged);
    }
    Ok(Size { width: u32::from(width), height: u32::from(height) })
}
