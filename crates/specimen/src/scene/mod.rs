//! What stands before the camera besides document and head. In: a seed and the asset pictures. Out: a desk and
//! a room as opaque canvases, and a hand as a sprite. Rule: each is drawn once for a recording.

mod desk;
mod hand;
mod room;

pub use desk::desk;
pub use hand::{Grip, hand_before, hand_behind};
pub use room::room;
