//! Identity verification in the browser.
//!
//! The data's path, and where to find each part:
//!
//! camera frame ([`camera`]) -> `Frame` (to the worker, [`worker_host`]) -> `Detection` -> `QualityReport` ->
//! `Capture` -> `Reading` / `LivenessReport` (in the worker, crate `idv-vision`) -> `Evidence` ([`evidence`]) ->
//! `Receipt` ([`submission`]). The browser ends here; the `Outcome` is the server's alone.
//!
//! [`flow`] decides what happens when and [`handoff`] tells the host app. They and [`evidence`] (but its `keys`, which
//! sign and seal with WebCrypto) are pure: events in, effects out. `web` carries the effects out and is
//! the only thing JavaScript sees.

pub mod error;

pub mod camera;
pub mod worker_host;

pub mod flow;

pub mod evidence;
pub mod submission;

pub mod handoff;

pub mod web;

#[cfg(target_arch = "wasm32")]
mod browser;

pub use error::{Error, ErrorKind};
