//! The good frames so far.

use super::DocumentSessionParams;

/// Counts good frames in a row and the time they span.
#[derive(Clone, Copy, Default)]
pub(super) struct Window {
    frames: u32,
    failed_in_a_row: u32,
    since_ms: f64,
    until_ms: f64,
}

impl Window {
    /// Takes in whether the frame at `at_ms` is good. More than `forgiven_frames` bad ones in a row empty it.
    pub(super) fn update(&mut self, good: bool, at_ms: f64, forgiven_frames: u32) {
        if good {
            if self.frames == 0 {
                self.since_ms = at_ms;
            }
            self.frames += 1;
            self.until_ms = at_ms;
            self.failed_in_a_row = 0;
        } else {
            self.failed_in_a_row += 1;
            if self.failed_in_a_row > forgiven_frames {
                *self = Self::default();
            }
        }
    }

    /// True when there is no good frame.
    pub(super) fn is_empty(&self) -> bool {
        self.frames == 0
    }

    /// How much of what the capture needs is there, 0 to 1.
    pub(super) fn progress(&self, params: &DocumentSessionParams) -> f32 {
        if self.frames == 0 {
            return 0.0;
        }
        let frames = self.frames as f32 / params.good_frames.max(1) as f32;
        let time = ((self.until_ms - self.since_ms) / params.good_ms.max(1.0)) as f32;
        frames.min(time).clamp(0.0, 1.0)
    }
}
