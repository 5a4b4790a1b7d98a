//! What was looked at, committed to. In: the detector's input of each frame. Out: a leaf for each, and the pixels of a
//! few. Rule: every frame that a detector looked at has a leaf; memory stays within [`MEMORY_BYTES`].
//!
//! The last [`KEPT_FRAMES`] frames of each step's latest run are kept, and those that captures were or may be made of.

mod log;
mod pixels;

pub use log::FrameLog;
pub use pixels::{difference, largest_difference, pixels_of};

/// Frames kept of each step: a second of a fast phone, two of a slow one.
pub const KEPT_FRAMES: usize = 24;

/// Bytes of the kept frames at most: [`KEPT_FRAMES`] of each step, two more for a side of a document (the best and the
/// captured one), six for a face (the best and the captured selfie, and those of two turns).
pub const MEMORY_BYTES: usize = 2 * (KEPT_FRAMES + 2) * 3 * 192 * 192 + (KEPT_FRAMES + 6) * 3 * 320 * 320;

const _: () = assert!(MEMORY_BYTES < 16 * 1024 * 1024);
