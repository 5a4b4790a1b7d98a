//! The vision worker seen from the page.
//!
//! In: messages and frames for it. Out: its messages, checked. Rule: one frame in flight; a worker that breaks
//! down or falls silent is reported once and never used again.

#[cfg(target_arch = "wasm32")]
mod host;
#[cfg(target_arch = "wasm32")]
mod script;

#[cfg(target_arch = "wasm32")]
pub use host::WorkerHost;

use crate::submission::Jpeg;
use idv_protocol::CaptureMeta;
use idv_protocol::seal::HeldFrame;
use idv_protocol::worker::FromWorker;

/// Longest time without an answer while the worker owes one, in ms.
pub const ANSWER_TIMEOUT_MS: u32 = 10_000;

/// Longest time without an answer to a file, in ms: a photo has twenty times the pixels of a frame.
pub const FILE_TIMEOUT_MS: u32 = 30_000;

/// Longest silence while the worker loads, in ms: it reports each piece of the download, but compiling the
/// engine on a slow device reports nothing.
pub const LOAD_SILENCE_MS: u32 = 45_000;

/// What the worker says.
#[derive(Clone, Debug, PartialEq)]
pub enum WorkerEvent {
    /// A message without bytes.
    Message(FromWorker),
    /// A capture with its bytes.
    Capture {
        /// The capture without its bytes.
        meta: CaptureMeta,
        /// Its bytes.
        jpeg: Jpeg,
    },
    /// Frames with their pixels, one after the other.
    Frames {
        /// The frames.
        frames: Vec<HeldFrame>,
        /// Their pixels.
        pixels: Jpeg,
    },
    /// The worker is gone: an error event, a message that cannot be read, or silence.
    Lost {
        /// For the developer.
        cause: &'static str,
    },
    /// The worker's script could not be started at all.
    NotStarted {
        /// For the developer.
        cause: &'static str,
    },
}
