//! Whether a live person is there. In: frames and the server's challenge. Out: a
//! [`LivenessReport`](idv_protocol::LivenessReport), a selfie and a picture of each turn. Rule: it says what was
//! seen and decides nothing; the operator's server checks the same pictures again.

mod challenge;
mod passive;
mod script;
mod session;

pub use challenge::turns_from_nonce;
pub use passive::{PAD_SIDE_PX, PassivePad};
pub use script::ScriptParams;
pub use session::{FaceModels, FaceSession};
