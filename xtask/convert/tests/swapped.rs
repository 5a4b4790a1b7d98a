//! Another passive network by manifest entry: converted, listed and run as the entry says, without a line of code.
#![allow(clippy::expect_used)] // tests may end by a panic, also in their helpers

use idv_protocol::PadSpec;
use idv_vision::face::{FaceDetector, FaceDetectorParams};
use idv_vision::frame::{RgbaImage, decode_image};
use idv_vision::inference::load;
use idv_vision::liveness::PassivePad;
use serde_json::Value;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The published pair of MiniFASNets, the side of whose crops is in their names.
const NETWORKS: [(&str, &str, f32); 2] = [
    ("passive_pad", "minifasnet_v2_2.7_80x80.onnx", 2.7),
    ("passive_pad_wide", "minifasnet_v1se_4.0_80x80.onnx", 4.0),
];

/// A root with the pair and a manifest that names it, or `None` after saying that the test is skipped.
fn swapped_root(at: &Path) -> Option<PathBuf> {
    let Some(data) = std::env::var_os("IDV_DATA").map(PathBuf::from) else {
        println!("skipped: IDV_DATA not set");
        return None;
    };
    std::fs::create_dir_all(at.join("models")).expect("a folder");
    let mut manifest = "package = []\nasset = []\n".to_owned();
    for (name, file, crop) in NETWORKS {
        let Ok(bytes) = std::fs::read(data.join("../models").join(file)) else {
            println!("skipped: no {file} beside IDV_DATA");
            return None;
        };
        std::fs::write(at.join("models").join(file), &bytes).expect("copied");
        let sha256 = hex::encode(Sha256::digest(&bytes));
        manifest += &format!(
            "[[model]]\nname = '{name}'\nsource = 'tree'\nscript = 'models/README.md'\nformat = 'onnx'\n\
             files = [{{ path = 'models/{file}', sha256 = '{sha256}' }}]\n\
             input = {{ shape = [1, 3, 80, 80], channels = 'BGR', range = [0, 255] }}\n\
             pad = {{ crops = [{crop:?}], live_class = 1 }}\noutputs = ['logits']\n\
             runs_in = 'browser'\noptional = true\nlicence = 'Apache-2.0'\norigin = 'minivision'\n"
        );
    }
    std::fs::write(at.join("models/manifest.toml"), manifest).expect("written");
    Some(at.to_owned())
}

/// A record of `models.json` with the bytes of its file.
fn record(folder: &Path, name: &str) -> (Value, Vec<u8>) {
    let list = std::fs::read(folder.join("models.json")).expect("models.json");
    let list: Vec<Value> = serde_json::from_slice(&list).expect("JSON");
    let record = list.into_iter().find(|record| record["name"] == name).expect("listed");
    let bytes = std::fs::read(folder.join(record["file"].as_str().expect("a file"))).expect("the model");
    (record, bytes)
}

/// `image` turned clockwise by a quarter: the samples lie on their side.
fn quarter_turn(image: &RgbaImage) -> RgbaImage {
    let (width, height) = (image.size.width as usize, image.size.height as usize);
    let data = (0..width * height)
        .flat_map(|i| {
            let at = ((height - 1 - i % height) * width + i / height) * 4;
            [image.data[at], image.data[at + 1], image.data[at + 2], 255]
        })
        .collect();
    RgbaImage { data, size: idv_protocol::Size { width: image.size.height, height: image.size.width } }
}

#[test]
fn the_pair_of_minifasnets_runs_by_its_entries_and_tells_the_samples_of_its_authors() {
    let folder = tempfile::tempdir().expect("a folder");
    let Some(root) = swapped_root(folder.path()) else { return };
    let target = folder.path().join("target");
    let converter = Command::new(env!("CARGO_BIN_EXE_xtask-convert")).arg(&root).arg(&target).output();
    let output = converter.expect("the converter runs");
    assert!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));

    let mut pad: Option<PassivePad> = None;
    for (name, _, crop) in NETWORKS {
        let (record, bytes) = record(&target.join("models"), name);
        let spec: PadSpec = serde_json::from_value(record["pad"].clone()).expect("the entry's specification");
        assert_eq!((spec.crops.as_slice(), spec.live_class), (&[crop][..], 1));
        let model = Box::new(load(&bytes, record["sha256"].as_str().expect("a digest")).expect("loads"));
        match &mut pad {
            Some(pad) => pad.add(name, model, spec).expect("fits"),
            None => pad = Some(PassivePad::of(name, model, spec).expect("fits")),
        }
    }
    let mut pad = pad.expect("two networks");

    let own = PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("../../target/models");
    let own = std::env::var_os("IDV_MODELS").map_or(own, PathBuf::from);
    let (detector, bytes) = record(&own, "face_detector");
    let detector = load(&bytes, detector["sha256"].as_str().expect("a digest")).expect("loads");
    let mut detector =
        FaceDetector::new(Box::new(detector), FaceDetectorParams::default()).expect("its shape fits");
    let samples = PathBuf::from(std::env::var_os("IDV_DATA").expect("set")).join("liveness");
    let mut score = |file: &str| {
        let image = decode_image(&std::fs::read(samples.join(file)).expect("a sample")).expect("a picture");
        let image = quarter_turn(&image);
        let view = image.view().expect("fits");
        let face = detector.detect(view).expect("runs")[0];
        let score = pad.score(view, &face).expect("runs");
        println!("{file}: {score:.3}");
        score
    };
    let (live, print, screen) = (score("image_T1.jpg"), score("image_F1.jpg"), score("image_F2.jpg"));
    assert!(live > 0.5 && print < 0.5 && screen < 0.5, "{live} {print} {screen}");
}
