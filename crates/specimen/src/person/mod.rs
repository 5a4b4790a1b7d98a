//! A person made from one photograph. In: a picture with one face and its 468 points. Out: a [`Head`] that can
//! be turned, raised, leaned, brought closer and made to blink and smile, drawn into a frame. Rule: what the photograph does not show (the side
//! of the head) is only ever guessed from what lies next to it.

mod blend;
mod eyes;
mod find;
mod geometry;
mod gesture;
mod matte;
mod mouth;
pub(crate) mod raster;
mod rings;
mod segment;
mod worn;

pub use blend::blend;
pub use find::{Landmarks, Subject};
pub use geometry::{Head, Place};
pub use gesture::Gesture;
pub use worn::{Cut, Worn};
