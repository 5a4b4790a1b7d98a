//! What the whole detector finds, against `tests/golden/documents.json`: for each drawn scene where its document is and
//! the least overlap with it, for each photo of `IDV_DATA` where the detector finds it and the least overlap with its
//! label. `IDV_GOLDEN=write` writes the file anew, with overlaps less [`SLACK`].

use crate::canvas::view;
use crate::network::network;
use crate::photos;
use crate::scene::{CHALLENGES, with_document, without_document};
use idv_protocol::{Point, Quad};
use idv_vision::capture::DocumentSessionParams;
use idv_vision::document::{CornerNet, Detection, Detector, intersection_over_union};
use idv_vision::frame::RgbaImage;
use serde::{Deserialize, Serialize};
use std::path::PathBuf;

/// How far an overlap may fall below the one the file was written with: what another order of floating-point
/// operations can change.
const SLACK: f32 = 0.005;

/// How far a corner may lie from where it is in the file, as a share of the frame's longer side. Documents of drawn
/// scenes are drawn there exactly; those of photos were found there.
const CORNER_TOLERANCE_RATIO: f32 = 0.004;

/// Scenes of each challenge: not those of the bench, nor of the other tests.
const SEEDS: [u64; 2] = [61, 62];

/// Scenes without a document.
const SEEDS_WITHOUT: [u64; 4] = [611, 612, 613, 614];

#[derive(Serialize, Deserialize)]
struct Golden {
    drawn: Vec<Drawn>,
    photos: Vec<Photo>,
}

#[derive(Serialize, Deserialize)]
struct Drawn {
    challenge: String,
    seed: u64,
    quad: [[f32; 2]; 4],
    least_iou: f32,
}

#[derive(Serialize, Deserialize)]
struct Photo {
    file: String,
    quad: [[f32; 2]; 4],
    least_iou: f32,
}

fn path() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR")).join("tests/golden/documents.json")
}

fn golden() -> Golden {
    serde_json::from_slice(&std::fs::read(path()).expect("the golden file")).expect("its JSON")
}

fn look(detector: &mut Detector, network: &mut CornerNet, image: &RgbaImage) -> Option<Detection> {
    let sighting = network.look(view(image)).expect("runs");
    detector.detect_with(view(image), Some(sighting))
}

fn points(quad: &Quad) -> [[f32; 2]; 4] {
    quad.0.map(|p| [(p.x * 10.0).round() / 10.0, (p.y * 10.0).round() / 10.0])
}

fn farthest(quad: &Quad, points: [[f32; 2]; 4]) -> f32 {
    quad.0.iter().zip(points).map(|(p, [x, y])| p.distance(Point::new(x, y))).fold(0.0, f32::max)
}

/// Overlap of what is found with `truth`, 0 where nothing is.
fn overlap(found: Option<Detection>, truth: &Quad) -> f32 {
    found.map_or(0.0, |found| intersection_over_union(&found.quad, truth))
}

#[test]
fn drawn_documents_are_found_as_well_as_the_golden_file_says() {
    let (mut detector, mut network) = (Detector::default(), network());
    let least_confidence = DocumentSessionParams::default().min_confidence;
    let mut seen = Vec::new();
    for challenge in CHALLENGES {
        for seed in SEEDS {
            let scene = with_document(challenge, seed);
            let found = look(&mut detector, &mut network, &scene.image);
            seen.push((format!("{challenge:?}"), seed, scene.quad, overlap(found, &scene.quad)));
        }
    }
    for seed in SEEDS_WITHOUT {
        let found = look(&mut detector, &mut network, &without_document(seed));
        assert!(found.is_none_or(|found| found.confidence < least_confidence), "{seed}: {found:?}");
    }
    if std::env::var_os("IDV_GOLDEN").is_some() {
        return write(seen);
    }
    let golden = golden();
    assert_eq!(golden.drawn.len(), seen.len());
    for (expected, (challenge, seed, quad, overlap)) in golden.drawn.iter().zip(seen) {
        assert_eq!((&expected.challenge, expected.seed), (&challenge, seed));
        assert!(farthest(&quad, expected.quad) < 0.1, "{challenge} {seed} is drawn elsewhere");
        assert!(overlap >= expected.least_iou, "{challenge} {seed}: {overlap}, not {}", expected.least_iou);
    }
}

#[test]
fn documents_in_photos_are_found_as_well_as_the_golden_file_says() {
    let Some(folder) = photos::data_folder("documents") else { return };
    if std::env::var_os("IDV_GOLDEN").is_some() {
        return;
    }
    let (mut detector, mut network, golden) = (Detector::default(), network(), golden());
    for photo in photos::load(&folder) {
        let Some(expected) = golden.photos.iter().find(|expected| expected.file == photo.file) else {
            continue;
        };
        let truth = photo.quad.expect("a label");
        let found = look(&mut detector, &mut network, &photo.image);
        let overlap = overlap(found, &truth);
        assert!(overlap >= expected.least_iou, "{}: {overlap}, not {}", photo.file, expected.least_iou);
        let quad = found.expect("found").quad;
        let longer_px = photo.image.size.width.max(photo.image.size.height) as f32;
        let off = farthest(&quad, expected.quad) / longer_px;
        assert!(off <= CORNER_TOLERANCE_RATIO, "{}: a corner is off by {off} of the longer side", photo.file);
    }
}

fn write(seen: Vec<(String, u64, Quad, f32)>) {
    let floor = |overlap: f32| ((overlap - SLACK) * 1000.0).floor() / 1000.0;
    let drawn = seen.into_iter().map(|(challenge, seed, quad, overlap)| Drawn {
        challenge,
        seed,
        quad: points(&quad),
        least_iou: floor(overlap),
    });
    let (mut detector, mut network) = (Detector::default(), network());
    let photos = photos::data_folder("documents").map(|folder| photos::load(&folder)).unwrap_or_default();
    let photos = photos.iter().filter_map(|photo| {
        let found = look(&mut detector, &mut network, &photo.image)?;
        let least_iou = floor(overlap(Some(found), photo.quad.as_ref()?));
        Some(Photo { file: photo.file.clone(), quad: points(&found.quad), least_iou })
    });
    let lines = |records: Vec<String>| records.join(",\n    ");
    let drawn = lines(drawn.map(|record| serde_json::to_string(&record).expect("JSON")).collect());
    let photos = lines(photos.map(|record| serde_json::to_string(&record).expect("JSON")).collect());
    let text = format!("{{\n  \"drawn\": [\n    {drawn}\n  ],\n  \"photos\": [\n    {photos}\n  ]\n}}\n");
    std::fs::create_dir_all(path().parent().expect("a folder")).expect("can be made");
    std::fs::write(path(), text).expect("the golden file can be written");
}
