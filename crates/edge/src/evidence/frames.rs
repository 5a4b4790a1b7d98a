//! Frames: what was committed to, which are drawn, and whether those that come are they.

use super::failure::{Failure, Part};
use super::verifier::Verifier;
use idv_protocol::seal::{FRAMES_DRAWN, FrameCommitment, FrameHead, FrameOpening, FrameStep, MAX_FRAMES};
use idv_protocol::{CaptureKind, Evidence};
use idv_seal::frames::{leaf, read};
use idv_seal::merkle::{Hash, root_from_path};
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::fmt;

/// Smallest and largest side of a camera's frame in px, as the vision crate takes it.
const FRAME_SIDES_PX: std::ops::RangeInclusive<u32> = 16..=4096;

/// What a session keeps of a commitment until the frames come.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Committed {
    /// Root, lower-case hex.
    pub root: String,
    /// Number of leaves.
    pub count: u32,
    /// The frames that captures were made of.
    pub captures: Vec<CaptureFrame>,
}

/// The frame of a capture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct CaptureFrame {
    /// Its leaf.
    pub index: u32,
    /// What the capture shows.
    pub kind: CaptureKind,
    /// When it was taken, in microseconds since its step began.
    pub at_us: u64,
}

impl Committed {
    /// What evidence commits to; `None` where no frame was processed.
    pub fn of(evidence: &Evidence) -> Option<Self> {
        let FrameCommitment { root, count, .. } = evidence.frames.clone()?;
        let of_capture = evidence.captures.iter().filter_map(|capture| {
            let at_us = FrameHead::micros(capture.at_ms);
            capture.frame.map(|index| CaptureFrame { index, kind: capture.kind, at_us })
        });
        Some(Self { root, count, captures: of_capture.collect() })
    }
}

/// A frame that was opened and leads to the root. `Debug` shows no pixel.
#[derive(Clone, PartialEq, Eq)]
pub struct OpenedFrame {
    /// Its leaf.
    pub index: u32,
    /// What the leaf says besides the pixels.
    pub head: FrameHead,
    /// The capture that was made of it, where one was.
    pub capture: Option<CaptureKind>,
    /// Planes of red, green and blue, [`FrameStep::side_px`] px a side.
    pub pixels: Vec<u8>,
}

impl fmt::Debug for OpenedFrame {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("OpenedFrame").field("index", &self.index).finish_non_exhaustive()
    }
}

/// Whether the numbers of a commitment fit each other, and whether every picture of the face is of a frame that can be
/// opened.
pub(super) fn check_commitment(evidence: &Evidence) -> Result<(), Failure> {
    let unfit = Failure::Commitment;
    let empty = FrameCommitment { root: String::new(), count: 0, openable: Vec::new() };
    let frames = match &evidence.frames {
        Some(frames) => {
            if hash(&frames.root).is_none() || !(1..=MAX_FRAMES).contains(&frames.count) {
                return Err(unfit);
            }
            frames
        }
        None => &empty,
    };
    let mut next = 0;
    for [first, last] in &frames.openable {
        if *first < next || last < first || *last >= frames.count {
            return Err(unfit);
        }
        next = last + 1;
    }
    for capture in &evidence.captures {
        if capture.frame.is_some_and(|index| index >= frames.count) {
            return Err(unfit);
        }
        let opens = |index| frames.openable.iter().any(|[first, last]| (*first..=*last).contains(&index));
        if capture.kind.side().is_none() && !capture.frame.is_some_and(opens) {
            return Err(Failure::CaptureFrame(capture.kind));
        }
    }
    Ok(())
}

/// Up to [`FRAMES_DRAWN`] of the leaves that can be opened, in order: one of a capture, where there is one, and others.
/// `random` is drawn after the evidence came.
pub fn draw(evidence: &Evidence, random: &[u8; 32]) -> Vec<u32> {
    let Some(frames) = &evidence.frames else { return Vec::new() };
    if check_commitment(evidence).is_err() {
        return Vec::new();
    }
    let mut numbers = Numbers { seed: random, next: 0 };
    let mut candidates: Vec<u32> = frames.openable().collect();
    let of_captures: Vec<u32> = evidence
        .captures
        .iter()
        .filter_map(|capture| capture.frame.filter(|index| candidates.contains(index)))
        .collect();
    let mut drawn = Vec::new();
    if let Some(index) = of_captures.get(numbers.below(of_captures.len())) {
        drawn.push(*index);
        candidates.retain(|candidate| candidate != index);
    }
    while drawn.len() < FRAMES_DRAWN && !candidates.is_empty() {
        drawn.push(candidates.swap_remove(numbers.below(candidates.len())));
    }
    drawn.sort_unstable();
    drawn
}

/// Numbers from a seed.
struct Numbers<'a> {
    seed: &'a [u8; 32],
    next: u32,
}

impl Numbers<'_> {
    /// A number below `count`; 0 where that is 0. What a 64-bit draw is off from even is below 2^-48 for our counts.
    fn below(&mut self, count: usize) -> usize {
        let mut hash = Sha256::new();
        hash.update(b"idv-frames-drawn");
        hash.update(self.seed);
        hash.update(self.next.to_be_bytes());
        self.next += 1;
        let [a, b, c, d, e, f, g, h, ..] = <[u8; 32]>::from(hash.finalize());
        let number = u64::from_be_bytes([a, b, c, d, e, f, g, h]);
        ((u128::from(number) * count as u128) >> 64) as usize
    }
}

/// Whether `jwe` opens to exactly the frames `drawn`, each of which leads to the committed root.
pub fn check_frames(
    committed: &Committed,
    drawn: &[u32],
    jwe: &str,
    session_id: &str,
    attempt: u32,
    verifier: &Verifier,
) -> Result<Vec<OpenedFrame>, Failure> {
    let bytes = verifier.open_frames(jwe, session_id, attempt)?;
    let frames = read(&bytes).ok_or(Failure::Malformed(Part::Frames))?;
    if let Some((extra, _)) = frames.iter().find(|(opening, _)| !drawn.contains(&opening.index)) {
        return Err(Failure::FrameExtra(extra.index));
    }
    let mut opened = Vec::new();
    for index in drawn {
        let mut found = frames.iter().filter(|(opening, _)| opening.index == *index);
        let (opening, pixels) = found.next().ok_or(Failure::FrameMissing(*index))?;
        if found.next().is_some() {
            return Err(Failure::FrameExtra(*index));
        }
        opened.push(check_frame(committed, opening, pixels)?);
    }
    Ok(opened)
}

fn check_frame(committed: &Committed, opening: &FrameOpening, pixels: &[u8]) -> Result<OpenedFrame, Failure> {
    let FrameOpening { index, head, .. } = opening;
    let [x, y, width, height] = head.part;
    let inside = |start: u32, length: u32, all: u32| {
        length > 0 && start.checked_add(length).is_some_and(|end| end <= all)
    };
    if ![head.frame.width, head.frame.height].iter().all(|side| FRAME_SIDES_PX.contains(side))
        || !inside(x, width, head.frame.width)
        || !inside(y, height, head.frame.height)
    {
        return Err(Failure::FrameRange(*index));
    }
    let other = Failure::FrameOther(*index);
    let path = opening.path.iter().map(|text| hash(text)).collect::<Option<Vec<Hash>>>().ok_or(other)?;
    let root = root_from_path(&leaf(head, pixels), *index, committed.count, &path);
    if root.is_none() || root != hash(&committed.root) {
        return Err(other);
    }
    let capture = committed.captures.iter().find(|capture| capture.index == *index);
    if let Some(capture) = capture
        && (FrameStep::of_capture(capture.kind), capture.at_us) != (head.step, head.at_us)
    {
        return Err(Failure::FrameOfCapture(*index));
    }
    let kind = capture.map(|capture| capture.kind);
    Ok(OpenedFrame { index: *index, head: *head, capture: kind, pixels: pixels.to_vec() })
}

/// A hash in lower-case hex.
fn hash(text: &str) -> Option<Hash> {
    let lower = text.bytes().all(|byte| matches!(byte, b'0'..=b'9' | b'a'..=b'f'));
    hex::decode(text).ok().filter(|_| lower)?.try_into().ok()
}
