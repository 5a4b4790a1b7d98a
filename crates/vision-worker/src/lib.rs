//! The vision engine as the web worker's wasm module: bindings only.
//!
//! In: RGBA frames in one buffer, models, steps to begin. Out: the messages and captures of
//! `idv_protocol::worker`, as plain objects. Rule: nothing of a frame's size is allocated once the first frame
//! was seen; every failure is an `Error` with a `code`, and a broken engine says `engine_trapped`.

#[cfg(any(target_arch = "wasm32", test))]
mod buffer;
#[cfg(target_arch = "wasm32")]
mod errors;
#[cfg(target_arch = "wasm32")]
mod worker;

#[cfg(target_arch = "wasm32")]
pub use worker::VisionWorker;
