//! What a page sealed and signed, checked: does it belong to this session and attempt, is it whole, was it made by the
//! device that was registered, and do the frames that were drawn show what was committed to.
//!
//! In: an [`EvidenceBundle`], the [`EvidenceContext`] that the operator remembers, the session's [`Verifier`]. Out: what
//! it says, [`Checked`], or the first thing that does not hold, [`Failure`]. Rule: no clock, no randomness; times are
//! held against the context's `now_ms`.
//!
//! What it proves: nobody between page and verifier read or changed anything, nothing of another session or attempt was
//! put in, and who held the device key stands by all of it. What it cannot prove: that the page was ours. The hashes of
//! build, models and configuration are what the page says of itself, and a hostile client says what it likes.

mod bundle;
mod check;
mod device;
mod failure;
mod frames;
mod jose;
mod verdict;
mod verifier;

pub use bundle::{BundleCapture, CaptureContent, EvidenceBundle, EvidenceContext};
pub use check::{CLOCK_SKEW_MS, Checked, HeldPicture, Manifest, check};
pub use device::{DeviceKey, seal};
pub use failure::{Failure, Part};
pub use frames::{CaptureFrame, Committed, OpenedFrame, check_frames, draw};
pub use jose::registered_key;
pub use verdict::EvidenceVerdict;
pub use verifier::{OpenedCapture, Verifier, VerifierSecret};

#[cfg(test)]
mod tests;
