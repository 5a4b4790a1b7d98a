//! Documents in drawn scenes and in real photos: found, judged, captured.
#![cfg(not(target_arch = "wasm32"))]

mod canvas;
mod finding;
mod held;
mod photos;
mod quality;
mod scene;
mod session;
