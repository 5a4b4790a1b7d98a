//! A step as a file: its frames, their times, what was asked and what was decided; and the same step again from it.
//!
//! In: a step with its frames and decisions, or such a file. Out: the file, or the decisions of an [`Engine`] over its
//! frames. Rule: a file is made where somebody asks for it, stays on this machine, and is sealed where it shows a person
//! ([`seal`]); nothing of this is reachable from the page.
//!
//! - `file`: the bytes of a file.
//! - `play`: an engine over its frames.
//! - `compare`: whether two runs decided the same.
//! - `sealed`: AES-256-GCM around the bytes.

mod compare;
mod file;
mod play;
#[cfg(not(target_arch = "wasm32"))]
mod sealed;

pub use compare::{Comparison, HINTS_DIFFER_RATIO, REPORT_TOLERANCE_DEG, compare};
pub use file::{MAGIC, ReplayFrame, ReplayHead, ReplayStep, decode, encode, is_sealed};
pub use play::{Decision, Played, play, recorded};
#[cfg(not(target_arch = "wasm32"))]
pub use sealed::{open, seal};

#[cfg(doc)]
use crate::Engine;
