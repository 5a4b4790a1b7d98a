//! The frames that the worker looked at: their leaves as they come, the tree over them, and the way from the worker's
//! numbers to the leaves.

use idv_protocol::seal::{FrameCommitment, FrameMark, FrameOpening, HeldFrame, MAX_FRAMES};
use idv_seal::frames::pixel_bytes;
use idv_seal::merkle::Tree;

/// The frames of an attempt since the page was loaded. A worker that breaks down takes the pixels with it; the leaves
/// stay, as they were committed to in the order in which they came.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Frames {
    attempt: u32,
    tree: Tree,
    /// The first leaf of the running worker in this attempt, and the worker's number for it.
    base: Base,
    /// Number that the running worker gives to its next frame.
    next: u32,
    /// Frames that the running worker can open, by its numbers.
    held: Vec<[u32; 2]>,
    /// The root is in the evidence: nothing is added any more.
    committed: bool,
}

#[derive(Clone, Copy, Debug, Default, PartialEq)]
struct Base {
    leaf: u32,
    number: u32,
}

impl Frames {
    /// Begins an attempt, or goes on with the one that runs. True where it is another one.
    pub fn begin_attempt(&mut self, attempt: u32) -> bool {
        self.committed = false;
        let is_new = self.attempt != attempt;
        if is_new {
            self.attempt = attempt;
            self.tree = Tree::default();
            self.base = Base { leaf: 0, number: self.next };
        }
        is_new
    }

    /// Another worker runs: it counts from 0, and has no frame.
    pub fn begin_worker(&mut self) {
        self.base = Base { leaf: self.count(), number: 0 };
        self.next = 0;
        self.held.clear();
    }

    /// Adds a frame. One that does not follow the one before is left out, as are those over the limit.
    pub fn add(&mut self, mark: FrameMark) {
        if mark.index != self.next {
            return;
        }
        self.next += 1;
        let Ok(leaf) = hex::decode(&mark.leaf) else { return };
        if self.committed || self.count() >= MAX_FRAMES {
            return;
        }
        self.tree.push(&leaf);
        self.held = mark.held;
    }

    fn count(&self) -> u32 {
        u32::try_from(self.tree.len()).unwrap_or(u32::MAX)
    }

    /// The leaf of the running worker's frame of this number, where it is one of this attempt.
    pub fn leaf_of(&self, number: u32) -> Option<u32> {
        let leaf = number.checked_sub(self.base.number)?.checked_add(self.base.leaf)?;
        (leaf < self.count()).then_some(leaf)
    }

    /// The running worker's number of a leaf, where the frame is one of its own.
    pub fn number_of(&self, leaf: u32) -> Option<u32> {
        leaf.checked_sub(self.base.leaf)?.checked_add(self.base.number)
    }

    /// Commits to everything so far; `None` where nothing was looked at.
    pub fn commit(&mut self) -> Option<FrameCommitment> {
        self.committed = true;
        let count = self.count();
        let openable = self.held.iter().filter_map(|[first, last]| {
            let (first, last) = ((*first).max(self.base.number), self.leaf_of(*last)?);
            self.leaf_of(first).filter(|first| *first <= last).map(|first| [first, last])
        });
        let openable = openable.collect();
        (count > 0).then(|| FrameCommitment { root: hex::encode(self.tree.root()), count, openable })
    }

    /// The frames that the worker handed over, opened: as bytes to seal. Without those that are not there any more.
    pub fn opened(&self, frames: &[HeldFrame], pixels: &[u8]) -> Option<Vec<u8>> {
        let (mut openings, mut parts, mut rest) = (Vec::new(), Vec::new(), pixels);
        for HeldFrame { index, head } in frames {
            let (of_frame, after) = rest.split_at_checked(pixel_bytes(head))?;
            rest = after;
            let index = self.leaf_of(*index)?;
            let path = self.tree.path(index as usize)?.iter().map(hex::encode).collect();
            openings.push(FrameOpening { index, head: *head, path });
            parts.push(of_frame);
        }
        idv_seal::frames::write(&openings, &parts)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use idv_protocol::Size;
    use idv_protocol::seal::{FrameHead, FrameStep};
    use idv_seal::frames::{leaf, read};
    use idv_seal::merkle::root_from_path;

    fn head(number: u32) -> FrameHead {
        let frame = Size { width: 640, height: 480 };
        FrameHead { step: FrameStep::DocumentFront, at_us: u64::from(number), frame, part: [0, 0, 640, 480] }
    }

    fn pixels(number: u32) -> Vec<u8> {
        vec![number as u8; pixel_bytes(&head(number))]
    }

    fn mark(index: u32, held: &[[u32; 2]]) -> FrameMark {
        let leaf = hex::encode(leaf(&head(index), &pixels(index)));
        FrameMark { index, leaf, look: String::new(), noise: None, held: held.to_vec() }
    }

    fn of_attempt(attempt: u32, frames: std::ops::Range<u32>) -> Frames {
        let mut all = Frames::default();
        all.begin_attempt(attempt);
        frames.for_each(|index| all.add(mark(index, &[[index.saturating_sub(2), index]])));
        all
    }

    #[test]
    fn what_the_worker_holds_is_what_can_be_opened_and_it_leads_to_the_root() {
        let mut frames = of_attempt(1, 0..6);
        let committed = frames.commit().expect("frames");
        assert_eq!((committed.count, committed.openable.clone()), (6, vec![[3, 5]]));
        let held = [HeldFrame { index: 4, head: head(4) }];
        let bytes = frames.opened(&held, &pixels(4)).expect("bytes");
        let (opening, of_frame) = read(&bytes).expect("frames").remove(0);
        let path: Vec<[u8; 32]> =
            opening.path.iter().map(|text| hex::decode(text).unwrap().try_into().unwrap()).collect();
        let root = root_from_path(&leaf(&opening.head, of_frame), opening.index, committed.count, &path);
        assert_eq!(root.map(hex::encode), Some(committed.root));
    }

    #[test]
    fn a_worker_that_breaks_down_takes_its_pixels_along_and_leaves_its_leaves() {
        let mut frames = of_attempt(1, 0..6);
        frames.begin_worker();
        assert_eq!(
            frames.clone().commit().map(|committed| (committed.count, committed.openable)),
            Some((6, vec![]))
        );
        (0..3).for_each(|index| frames.add(mark(index, &[[0, index]])));
        let committed = frames.commit().expect("frames");
        assert_eq!((committed.count, committed.openable), (9, vec![[6, 8]]));
        assert_eq!((frames.leaf_of(1), frames.number_of(7), frames.number_of(2)), (Some(7), Some(1), None));
    }

    #[test]
    fn another_attempt_has_its_own_tree_and_the_same_worker() {
        let mut frames = of_attempt(1, 0..6);
        assert!(!frames.begin_attempt(1) && frames.begin_attempt(2));
        assert_eq!(frames.clone().commit(), None);
        frames.add(mark(6, &[[2, 6]]));
        let committed = frames.commit().expect("a frame");
        assert_eq!((committed.count, committed.openable), (1, vec![[0, 0]]), "those before are not of it");
        assert_eq!((frames.leaf_of(6), frames.leaf_of(5), frames.number_of(0)), (Some(0), None, Some(6)));
    }

    #[test]
    fn what_was_committed_to_stays_as_it_is() {
        let mut frames = of_attempt(1, 0..6);
        let committed = frames.commit();
        frames.add(mark(6, &[[0, 6]]));
        assert_eq!(frames.commit(), committed);
        frames.begin_attempt(1);
        frames.add(mark(7, &[[0, 7]]));
        assert_eq!(frames.commit().map(|committed| committed.count), Some(7), "the step was taken again");
    }
}
