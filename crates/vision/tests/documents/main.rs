//! Documents in drawn scenes and in real photos: found, judged, captured.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used)] // tests may end by a panic, also in their helpers

mod canvas;
mod files;
mod finding;
mod following;
mod golden;
mod held;
mod hostile;
mod network;
mod photos;
mod quality;
mod scene;
mod session;
mod signals;
mod task;
mod uploads;
