//! Whether a live person is there. In: frames and the server's challenge. Out: a
//! [`LivenessReport`](idv_protocol::LivenessReport), a selfie and a picture of each action. Rule: it says what was
//! seen and decides nothing; the operator's server checks the same pictures again.

pub mod continuity;
pub mod depth;
mod measure;
mod params;
mod passive;
mod plane;
mod schedule;
mod script;
mod session;

pub use measure::{Rest, Seen};
pub use params::ScriptParams;
pub use passive::{PAD_SIDE_PX, PassivePad};
pub use session::{FaceModels, FaceSession};
