//! Real models and real pictures for tests.

use idv_vision::face::{Embedder, FaceDetector, FaceDetectorParams, FaceMesh};
use idv_vision::frame::{RgbaImage, decode_image};
use idv_vision::inference::{TractModel, load};
use idv_vision::liveness::PassivePad;
use std::path::PathBuf;

/// A model as `models.json` names it, checked and loaded.
pub fn model(name: &str) -> Box<TractModel> {
    let (bytes, sha256) = model_file(name);
    Box::new(load(&bytes, &sha256).expect("a sound model"))
}

/// The bytes and the digest of a model.
pub fn model_file(name: &str) -> (Vec<u8>, String) {
    let dir = folder("IDV_MODELS", "models");
    let index = std::fs::read(dir.join("models.json"))
        .unwrap_or_else(|error| panic!("{}: {error}: run cargo xtask models", dir.display()));
    let index: serde_json::Value = serde_json::from_slice(&index).expect("models.json is JSON");
    let record = index
        .as_array()
        .and_then(|records| records.iter().find(|record| record["name"] == name))
        .unwrap_or_else(|| panic!("models.json has no {name}: run cargo xtask models"));
    let file = dir.join(record["file"].as_str().expect("a file name"));
    (std::fs::read(file).expect("the model is there"), record["sha256"].as_str().expect("a digest").into())
}

pub fn detector() -> FaceDetector {
    FaceDetector::new(model("face_detector"), FaceDetectorParams::default()).expect("shape fits")
}

pub fn mesh() -> FaceMesh {
    FaceMesh::new(model("face_mesh")).expect("shape fits")
}

pub fn passive() -> PassivePad {
    PassivePad::new(model("passive_pad")).expect("shape fits")
}

pub fn embedder() -> Embedder {
    Embedder::new(model("face_embedding")).expect("shape fits")
}

/// A picture that set-up fetches.
pub fn asset(file: &str) -> RgbaImage {
    let path = folder("IDV_ASSETS", "assets").join(file);
    let bytes = std::fs::read(&path)
        .unwrap_or_else(|error| panic!("{}: {error}: run cargo xtask models", path.display()));
    decode_image(&bytes).expect("a picture")
}

/// The folder of real test data, or `None` after saying that the test is skipped.
pub fn real_data() -> Option<PathBuf> {
    let dir = std::env::var_os("IDV_DATA").map(PathBuf::from);
    if dir.is_none() {
        println!("skipped: IDV_DATA not set");
    }
    dir
}

/// The records of a folder of test data, each with its picture.
pub fn labelled(dir: &std::path::Path) -> Vec<(serde_json::Value, RgbaImage)> {
    let labels = std::fs::read(dir.join("labels.json")).expect("labels.json");
    let labels: Vec<serde_json::Value> = serde_json::from_slice(&labels).expect("JSON");
    labels
        .into_iter()
        .map(|label| {
            let bytes = std::fs::read(dir.join(label["file"].as_str().expect("file"))).expect("the picture");
            (label, decode_image(&bytes).expect("a picture"))
        })
        .collect()
}

fn folder(variable: &str, name: &str) -> PathBuf {
    std::env::var_os(variable).map_or_else(
        || PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target").join(name),
        PathBuf::from,
    )
}

/// The frames of an animation.
pub fn gif(path: &std::path::Path) -> Vec<RgbaImage> {
    use image::AnimationDecoder;
    let file = std::io::BufReader::new(std::fs::File::open(path).expect("the recording"));
    let frames = image::codecs::gif::GifDecoder::new(file).expect("a GIF").into_frames();
    frames
        .map(|frame| {
            let frame = frame.expect("a frame").into_buffer();
            let size = idv_protocol::Size { width: frame.width(), height: frame.height() };
            RgbaImage { data: frame.into_raw(), size }
        })
        .collect()
}

/// `image` as frame `index` of a camera has it, with the noise of its sensor: no two frames of a camera are equal.
pub fn noisy(image: &RgbaImage, index: u32) -> RgbaImage {
    let value = |(at, value): (usize, &u8)| {
        let noise = ((at as u32 / 4).wrapping_mul(2_654_435_761).wrapping_add(index * 97) >> 7) % 5;
        if at % 4 == 3 { *value } else { value.saturating_add(noise as u8) }
    };
    RgbaImage { size: image.size, data: image.data.iter().enumerate().map(value).collect() }
}
