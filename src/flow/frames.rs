//! Frames that the relay asks for, once their root is committed.

use crate::flow::{Effect, Flow};
use crate::submission::Jpeg;
use idv_protocol::seal::HeldFrame;
use idv_protocol::worker::ToWorker;

impl Flow {
    /// Has the worker hand over these leaves.
    pub(super) fn open_frames(&mut self, leaves: &[u32]) {
        let frames = &self.gathered.frames;
        let indices: Vec<u32> = leaves.iter().filter_map(|leaf| frames.number_of(*leaf)).collect();
        self.opening = true;
        if self.engine.is_ready() && !indices.is_empty() {
            self.do_now(Effect::Worker(ToWorker::OpenFrames { indices }));
        } else {
            self.frames_lost();
        }
    }

    /// The worker handed them over.
    pub(super) fn frames_opened(&mut self, frames: &[HeldFrame], pixels: &Jpeg) {
        if !std::mem::take(&mut self.opening) {
            return;
        }
        let bytes = self.gathered.frames.opened(frames, pixels);
        self.post_frames(bytes.or_else(none).unwrap_or_default().into());
    }

    /// The worker broke down with the frames in it: the relay is told that there are none.
    pub(super) fn frames_lost(&mut self) {
        if std::mem::take(&mut self.opening) {
            self.post_frames(none().unwrap_or_default().into());
        }
    }
}

/// No frames, as bytes.
fn none() -> Option<Vec<u8>> {
    idv_seal::frames::write(&[], &[])
}
