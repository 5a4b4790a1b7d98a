//! What JavaScript sees: the class `Verification`.
//!
//! In: a configuration, a video element, the user's actions. Out: views. Rule: names and shapes of the
//! JavaScript API are made in `dto` and nowhere else.

pub mod dto;

#[cfg(target_arch = "wasm32")]
mod address;
#[cfg(target_arch = "wasm32")]
mod driver;
#[cfg(target_arch = "wasm32")]
mod storage;
#[cfg(target_arch = "wasm32")]
mod verification;

#[cfg(target_arch = "wasm32")]
pub use verification::Verification;
