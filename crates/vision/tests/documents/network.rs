//! The corner network beside the edges: the real network on drawn scenes and real photos.

use crate::canvas::view;
use crate::held::Held;
use crate::photos;
use crate::scene::{CHALLENGES, Challenge, with_document, without_document};
use idv_protocol::reading::CalendarDate;
use idv_protocol::{DocumentSide, DocumentTask};
use idv_vision::document::{CornerNet, Detector, intersection_over_union};
use idv_vision::frame::RgbaImage;
use idv_vision::inference::load;
use idv_vision::{Engine, ErrorKind};
use std::path::{Path, PathBuf};

/// Scenes drawn of each challenge; other ones than those of the edges' own test.
const SEEDS: std::ops::Range<u64> = 100..108;

/// The bytes and the digest of the network.
fn network_file() -> (Vec<u8>, String) {
    let workspace = Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/models");
    let folder = std::env::var_os("IDV_MODELS").map_or(workspace, PathBuf::from);
    let index = std::fs::read(folder.join("models.json")).expect("models.json: run cargo xtask models");
    let index: serde_json::Value = serde_json::from_slice(&index).expect("JSON");
    let record = index
        .as_array()
        .and_then(|records| records.iter().find(|record| record["name"] == "document_corners"))
        .expect("models.json has no document_corners: run cargo xtask models");
    let file = folder.join(record["file"].as_str().expect("a file name"));
    (std::fs::read(file).expect("the network is there"), record["sha256"].as_str().expect("a digest").into())
}

/// The network `document_corners`.
pub fn network() -> CornerNet {
    let (bytes, sha256) = network_file();
    CornerNet::new(Box::new(load(&bytes, &sha256).expect("a sound network"))).expect("its shape fits")
}

/// An engine with the network and no other model.
pub fn engine() -> Engine {
    let (bytes, sha256) = network_file();
    let mut engine = Engine::new();
    engine.load_model("document_corners", &bytes, &sha256).expect("loads");
    engine
}

#[test]
fn finds_drawn_documents_by_edges_and_network() {
    let (mut detector, mut network) = (Detector::default(), network());
    for challenge in CHALLENGES {
        let (mut sum, mut low, count) = (0.0, Vec::new(), SEEDS.count() as f32);
        for seed in SEEDS {
            let scene = with_document(challenge, seed);
            let sighting = network.look(view(&scene.image)).expect("runs");
            let found = detector.detect_with(view(&scene.image), Some(sighting));
            let overlap = found.map_or(0.0, |d| intersection_over_union(&d.quad, &scene.quad));
            if overlap < 0.9 {
                low.push((seed, overlap, found.map(|d| d.confidence)));
            }
            sum += overlap;
        }
        println!("{challenge:?}: mean IoU {:.3}, below 0.9: {low:.2?}", sum / count);
        assert!(sum / count >= floor_of(challenge), "{challenge:?}");
    }
}

/// Least mean overlap in scenes of a challenge.
fn floor_of(challenge: Challenge) -> f32 {
    match challenge {
        Challenge::Clean | Challenge::Noise | Challenge::Shadow | Challenge::Held => 0.98,
        Challenge::Clutter => 0.95,
        Challenge::LowContrast => 0.92,
    }
}

#[test]
fn accepts_no_desk_without_a_document_by_edges_and_network() {
    let (mut detector, mut network) = (Detector::default(), network());
    let accepted: Vec<(u64, f32)> = (200..250)
        .filter_map(|seed| {
            let image = without_document(seed);
            let sighting = network.look(view(&image)).expect("runs");
            detector.detect_with(view(&image), Some(sighting)).map(|d| (seed, d.confidence))
        })
        .collect();
    assert!(accepted.is_empty(), "{accepted:.2?}");
}

#[test]
fn finds_documents_in_real_photos_by_edges_and_network() {
    let Some(folder) = photos::data_folder("documents") else { return };
    let (mut detector, mut network) = (Detector::default(), network());
    let photos = photos::load(&folder);
    let mut sum = 0.0;
    for photo in &photos {
        let sighting = network.look(view(&photo.image)).expect("runs");
        let alone = sighting.proposals().first().copied();
        let found = detector.detect_with(view(&photo.image), Some(sighting));
        let overlap = |quad| photo.quad.map_or(0.0, |truth| intersection_over_union(&quad, &truth));
        let fused = found.map_or(0.0, |d| overlap(d.quad));
        println!(
            "{:24} IoU {fused:.3} {:?}, network alone {:.3}",
            photo.file,
            found.map(|d| d.confidence),
            alone.map_or(0.0, |p| overlap(p.quad))
        );
        assert!(fused >= 0.9, "{}", photo.file);
        sum += fused;
    }
    println!("mean IoU {:.3}", sum / photos.len() as f32);
    assert!(sum / photos.len() as f32 >= 0.97);
}

#[test]
fn a_document_on_its_side_is_found_at_every_rotation() {
    let page = Held::default().draw().image;
    let mut network = network();
    let mut image = page;
    for turn in 0..4 {
        let proposal = network.look(view(&image)).expect("runs").proposals().first().copied();
        let proposal = proposal.unwrap_or_else(|| panic!("nothing at turn {turn}"));
        assert!(proposal.confidence > 0.5, "turn {turn}: {proposal:?}");
        assert!(proposal.quad.signed_area() > 0.0, "clockwise");
        image = turned(&image);
    }
}

/// The picture turned by a quarter, clockwise.
fn turned(image: &RgbaImage) -> RgbaImage {
    let (width, height) = (image.size.width as usize, image.size.height as usize);
    let mut data = vec![0; image.data.len()];
    for y in 0..height {
        for x in 0..width {
            let to = (x * height + height - 1 - y) * 4;
            data[to..to + 4].copy_from_slice(&image.data[(y * width + x) * 4..][..4]);
        }
    }
    let size = idv_protocol::Size { width: image.size.height, height: image.size.width };
    RgbaImage { data, size }
}

#[test]
fn the_engine_captures_with_the_network_loaded() {
    let (bytes, sha256) = network_file();
    let mut engine = Engine::new();
    let error = engine.load_model("document_corners", &bytes, "00").expect_err("another digest");
    assert_eq!(error.kind(), ErrorKind::ModelDigestMismatch);
    engine.load_model("document_corners", &bytes, &sha256).expect("loads");
    assert_eq!(engine.models()[0].name, "document_corners");
    engine.begin_document(DocumentTask::new(1, DocumentSide::Front, CalendarDate::new(2026, 1, 1)));
    let page = Held::default().draw();
    let captured = (0..12)
        .map(|k| engine.document_frame(view(&page.image), f64::from(k) * 100.0).expect("a frame").captured)
        .filter(|captured| *captured)
        .count();
    assert_eq!(captured, 1);
    let captures = engine.take_captures();
    let quad = captures[0].meta.quad.expect("a quad");
    assert!(intersection_over_union(&quad, &page.quad) > 0.98);
}
