//! Keep the best. In: frames with their detection and quality. Out: one [`Capture`] per picture asked for.
//! Rule: a capture is encoded once, when its gate opens, from the best frame of the window.

mod encode;
mod file;
mod hints;
mod keeper;
mod likeness;
mod params;
mod patience;
mod portrait;
mod session;
mod verdict;
mod window;

pub use encode::{encode_jpeg, make_capture};
pub use file::FileAnswer;
pub use hints::{HINT_MS, SteadyHint};
pub(crate) use keeper::{Keeper, Offer};
pub use likeness::Signature;
pub use params::DocumentSessionParams;
pub use portrait::{MIN_PORTRAIT_WIDTH_RATIO, PORTRAIT_VIEW_WIDTH_PX, both_ways_up, find_portrait};
pub use session::DocumentSession;
pub use verdict::DocumentModels;

use idv_protocol::CaptureMeta;

/// JPEG qualities tried in order until the picture fits the relay's limit. 92 keeps text of 20 px free of
/// visible ringing; a 1280x720 frame at 92 is some 300 kB, so lower steps are met only by large, noisy frames.
pub const JPEG_QUALITY_STEPS: [u8; 6] = [92, 85, 75, 60, 40, 20];

/// A picture that leaves the device. `Debug` shows no picture bytes.
#[derive(Clone, PartialEq)]
pub struct Capture {
    /// What it is, with the digest of `jpeg`.
    pub meta: CaptureMeta,
    /// The JPEG bytes.
    pub jpeg: Vec<u8>,
}

impl Capture {
    /// Whether it was made of a file.
    pub fn is_file(&self) -> bool {
        self.meta.method == idv_protocol::CaptureMethod::Upload
    }
}

impl std::fmt::Debug for Capture {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("Capture")
            .field("kind", &self.meta.kind)
            .field("bytes", &self.jpeg.len())
            .finish_non_exhaustive()
    }
}
