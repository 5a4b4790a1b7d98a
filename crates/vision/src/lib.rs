//! Documents and faces in camera frames.
//!
//! Pixels and times are arguments: the crate knows no web type, no clock, no randomness and no network, and
//! runs natively, in the browser's worker and on the operator's server.
//!
//! camera frame -> [`frame::RgbaView`] -> detection -> quality -> capture, one stage a folder.

pub mod capture;
pub mod document;
pub mod error;
pub mod face;
pub mod frame;
pub mod inference;
pub mod liveness;

pub use error::{Error, ErrorKind};
