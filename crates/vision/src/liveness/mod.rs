//! Whether a live person is there. In: frames and the server's challenge. Out: a
//! [`LivenessReport`](idv_protocol::LivenessReport), a selfie and a picture of each action. Rule: it says what was
//! seen and decides nothing; the operator's server checks the same pictures again.

mod background;
pub mod continuity;
mod cues;
pub mod depth;
mod fusion;
mod measure;
mod params;
mod passive;
mod plane;
mod schedule;
mod script;
mod session;

pub use background::{Following, Surroundings};
pub use cues::{CueMeter, CueParams};
pub use fusion::live_probability;
pub use measure::{Rest, Seen};
pub use params::ScriptParams;
pub use passive::{PASSIVE_PAD, PassivePad};
pub use session::{FaceModels, FaceSession};
