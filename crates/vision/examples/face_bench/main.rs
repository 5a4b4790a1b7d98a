//! The faces of a folder of pictures and recordings, as JSON: `cargo xtask bench faces`.
//!
//! `face_bench find FOLDER MODELS` prints a case for each picture of the folder's `labels.json`, and for each frame of its
//! animations; `face_bench cover FOLDER MODELS` prints what masks and sunglasses drawn over its faces measure.

#[cfg(not(target_arch = "wasm32"))]
#[allow(clippy::expect_used, clippy::unwrap_used, clippy::panic)]
// a program of the bench: it ends where it cannot go on
mod bench;

fn main() {
    #[cfg(not(target_arch = "wasm32"))]
    bench::run();
}
