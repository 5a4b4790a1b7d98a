//! The frames of an engine: their leaves as they come, the pixels of those that can be opened.

use super::KEPT_FRAMES;
use idv_protocol::Size;
use idv_protocol::seal::{FrameHead, FrameMark, FrameStep, HeldFrame};
use idv_seal::frames::leaf;
use std::collections::VecDeque;
use std::hash::{DefaultHasher, Hasher};

/// Steps that have frames.
const STEPS: usize = 3;

/// The log. The memory of frames that are let go is used again.
#[derive(Default)]
pub struct FrameLog {
    next: u32,
    runs: [Run; STEPS],
    spare: Spare,
}

/// Buffers of frames that were let go, by their size.
#[derive(Default)]
struct Spare {
    document: Vec<Vec<u8>>,
    face: Vec<Vec<u8>>,
}

impl Spare {
    fn of(&mut self, step: FrameStep) -> &mut Vec<Vec<u8>> {
        match step {
            FrameStep::DocumentFront | FrameStep::DocumentBack => &mut self.document,
            FrameStep::Face => &mut self.face,
        }
    }
}

/// What is kept of the latest run of a step.
#[derive(Default)]
struct Run {
    /// The last frames, oldest first.
    recent: VecDeque<Kept>,
    /// Older ones that captures were or may be made of.
    pinned: Vec<Kept>,
}

struct Kept {
    index: u32,
    head: FrameHead,
    pixels: Vec<u8>,
    /// A capture was made of it.
    captured: bool,
}

impl FrameLog {
    /// A step begins, or begins again: what was kept of it is let go.
    pub fn begin(&mut self, step: FrameStep) {
        let Self { runs, spare, .. } = self;
        let run = run_of(runs, step);
        let kept = run.recent.drain(..).chain(run.pinned.drain(..));
        spare.of(step).extend(kept.map(|kept| kept.pixels));
    }

    /// Adds a frame of `step`, taken `at_ms` after it began, of which a detector looked at `part`, with the pixels
    /// `seen`. `may_become` says of which earlier frames a capture may still be made: their times.
    pub fn add(
        &mut self,
        (step, at_ms): (FrameStep, f64),
        (frame, part): (Size, [u32; 4]),
        seen: &[u8],
        may_become: &[f64],
    ) -> FrameMark {
        let head = FrameHead { step, at_us: FrameHead::micros(at_ms), frame, part };
        let mut pixels = self.spare.of(step).pop().unwrap_or_default();
        pixels.clear();
        pixels.extend_from_slice(seen);
        let digest = leaf(&head, &pixels);
        let look = look_of(&pixels);
        let index = self.next;
        self.next += 1;
        let Self { runs, spare, .. } = self;
        let run = run_of(runs, step);
        run.recent.push_back(Kept { index, head, pixels, captured: false });
        if run.recent.len() > KEPT_FRAMES {
            run.pinned.extend(run.recent.pop_front());
        }
        let (pinned, let_go) = std::mem::take(&mut run.pinned).into_iter().partition(|kept: &Kept| {
            kept.captured || may_become.iter().any(|at_ms| FrameHead::micros(*at_ms) == kept.head.at_us)
        });
        run.pinned = pinned;
        spare.of(step).extend(let_go.into_iter().map(|kept: Kept| kept.pixels));
        FrameMark { index, leaf: hex::encode(digest), look, noise: None, held: self.held() }
    }

    /// The frame that a capture of `step` at `at_ms` was made of, which is kept from now on. `None` where it is not, or
    /// no detector looked at it.
    pub fn captured(&mut self, step: FrameStep, at_ms: f64) -> Option<u32> {
        let run = run_of(&mut self.runs, step);
        let at_us = FrameHead::micros(at_ms);
        let kept = run.pinned.iter_mut().chain(&mut run.recent).find(|kept| kept.head.at_us == at_us)?;
        kept.captured = true;
        Some(kept.index)
    }

    /// A frame that is kept.
    pub fn open(&self, index: u32) -> Option<(HeldFrame, &[u8])> {
        let kept = self.kept().find(|kept| kept.index == index)?;
        Some((HeldFrame { index, head: kept.head }, &kept.pixels))
    }

    fn kept(&self) -> impl Iterator<Item = &Kept> {
        self.runs.iter().flat_map(|run| run.pinned.iter().chain(&run.recent))
    }

    /// Frames that are kept: first and last of each run of numbers.
    fn held(&self) -> Vec<[u32; 2]> {
        let mut indices: Vec<u32> = self.kept().map(|kept| kept.index).collect();
        indices.sort_unstable();
        let mut held: Vec<[u32; 2]> = Vec::new();
        for index in indices {
            match held.last_mut() {
                Some([_, last]) if *last + 1 == index => *last = index,
                _ => held.push([index, index]),
            }
        }
        held
    }
}

/// A short digest of pixels, to find frames that come again. It keeps no secret.
fn look_of(pixels: &[u8]) -> String {
    let mut hasher = DefaultHasher::new();
    hasher.write(pixels);
    format!("{:016x}", hasher.finish())
}

fn run_of(runs: &mut [Run; STEPS], step: FrameStep) -> &mut Run {
    let [front, back, face] = runs;
    match step {
        FrameStep::DocumentFront => front,
        FrameStep::DocumentBack => back,
        FrameStep::Face => face,
    }
}

#[cfg(test)]
mod tests {
    use super::super::MEMORY_BYTES;
    use super::*;
    use idv_seal::frames::pixel_bytes;

    const SIZE: Size = Size { width: 1280, height: 720 };

    fn add(log: &mut FrameLog, step: FrameStep, at_ms: f64, may_become: &[f64]) -> FrameMark {
        let head = FrameHead { step, at_us: 0, frame: SIZE, part: [0; 4] };
        let seen = vec![at_ms as u8; pixel_bytes(&head)];
        log.add((step, at_ms), (SIZE, [0, 0, 1280, 720]), &seen, may_become)
    }

    #[test]
    fn every_frame_has_a_leaf_and_the_last_ones_can_be_opened() {
        let mut log = FrameLog::default();
        let marks: Vec<FrameMark> =
            (0..40).map(|at| add(&mut log, FrameStep::Face, f64::from(at), &[])).collect();
        assert!(marks.iter().enumerate().all(|(index, mark)| mark.index == index as u32));
        assert_eq!(marks[39].held, [[16, 39]]);
        let again = add(&mut log, FrameStep::Face, 39.0, &[]);
        assert_eq!((again.look.as_str(), again.leaf.len()), (marks[39].look.as_str(), 64), "the same pixels");
        assert_ne!((&again.look, &marks[38].leaf), (&marks[38].look, &marks[39].leaf));
        let (held, pixels) = log.open(20).expect("kept");
        assert_eq!(hex::encode(leaf(&held.head, pixels)), marks[20].leaf);
        assert!(log.open(15).is_none() && log.open(41).is_none());
    }

    #[test]
    fn the_frame_of_a_capture_stays_however_many_follow() {
        let mut log = FrameLog::default();
        // The frame at 3 ms is the best one for a long time, then it is captured.
        for at in 0..60 {
            let best = [f64::from(at.min(3))];
            add(&mut log, FrameStep::DocumentFront, f64::from(at), &best);
        }
        assert_eq!(log.captured(FrameStep::DocumentFront, 3.0), Some(3));
        assert_eq!(log.captured(FrameStep::DocumentFront, 2.0), None, "let go");
        assert_eq!(log.captured(FrameStep::Face, 3.0), None);
        let mark = add(&mut log, FrameStep::DocumentFront, 60.0, &[]);
        assert_eq!(mark.held, [[3, 3], [37, 60]]);
    }

    #[test]
    fn a_step_that_begins_again_lets_go_of_its_own_frames_only() {
        let mut log = FrameLog::default();
        add(&mut log, FrameStep::DocumentFront, 1.0, &[]);
        add(&mut log, FrameStep::Face, 1.0, &[]);
        log.begin(FrameStep::Face);
        let mark = add(&mut log, FrameStep::Face, 1.0, &[]);
        assert_eq!((mark.index, mark.held), (2, vec![[0, 0], [2, 2]]));
    }

    #[test]
    fn memory_stays_within_its_bound() {
        let mut log = FrameLog::default();
        for round in 0..3 {
            for step in [FrameStep::DocumentFront, FrameStep::DocumentBack, FrameStep::Face] {
                log.begin(step);
                for at in 0..100 {
                    let kinds = if step == FrameStep::Face { 3 } else { 1 };
                    let best: Vec<f64> = (0..kinds).map(f64::from).collect();
                    add(&mut log, step, f64::from(at), &best);
                }
                log.captured(step, 0.0);
            }
            let kept: usize = log.kept().map(|kept| kept.pixels.capacity()).sum();
            let spare: usize = log.spare.document.iter().chain(&log.spare.face).map(Vec::capacity).sum();
            assert!(kept + spare <= MEMORY_BYTES, "round {round}: {kept} and {spare} spare");
        }
    }
}
