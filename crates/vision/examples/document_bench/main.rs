//! The document detector on pictures with labels: by its edges alone, by the corner network alone, by both.
//!
//! ```text
//! document_bench draw OUT SCENES [FIRST]         the drawn sets, a folder each with PNG files and a labels.json, of as
//!                                                many seeds from the first on, or from 0
//! document_bench find FOLDER [--model FILE] [--raw OUT] [--candidates]
//! document_bench follow RECORDING.mjpeg MODEL    a JSON line for each third frame: whether it was followed, its times
//! ```
//!
//! `labels.json` is an array of `{"file", "quad": [[x, y] x4] or null}`. `find` prints one JSON array with a record for
//! each picture; `--raw` also writes the pixels that were looked at as `N.rgba`, for detectors of others.
#![allow(clippy::expect_used)] // a program for the bench may end by a panic

#[cfg(not(target_arch = "wasm32"))]
mod bench;

fn main() {
    // It reads files: in a browser there is nothing to do.
    #[cfg(not(target_arch = "wasm32"))]
    bench::run();
}
