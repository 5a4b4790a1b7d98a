//! Where documents are found, and where none is.

use crate::canvas::view;
use crate::photos;
use crate::scene::{CHALLENGES, with_document, without_document};
use idv_vision::document::{Detector, intersection_over_union};
use std::time::Instant;

/// Scenes drawn of each challenge.
const SCENES: u64 = 12;

#[test]
fn finds_drawn_documents() {
    let mut detector = Detector::default();
    let (mut total, mut count) = (0.0, 0.0);
    for challenge in CHALLENGES {
        let (mut sum, mut missed, mut low, mut ms) = (0.0, 0, Vec::new(), 0.0);
        for seed in 0..SCENES {
            let scene = with_document(challenge, seed);
            let start = Instant::now();
            let found = detector.detect(view(&scene.image));
            ms += start.elapsed().as_secs_f64() * 1000.0;
            let overlap = found.map_or(0.0, |d| intersection_over_union(&d.quad, &scene.quad));
            missed += u32::from(found.is_none());
            if overlap < 0.9 {
                low.push((seed, overlap, found.map(|d| d.confidence)));
            }
            sum += overlap;
        }
        println!(
            "{challenge:?}: mean IoU {:.3}, missed {missed} of {SCENES}, {:.1} ms, below 0.9: {low:.2?}",
            sum / SCENES as f32,
            ms / SCENES as f64
        );
        total += sum;
        count += SCENES as f32;
    }
    println!("all: mean IoU {:.3}", total / count);
    assert!(total / count >= 0.93);
}

#[test]
fn accepts_no_desk_without_a_document() {
    let mut detector = Detector::default();
    let count = 100;
    let accepted: Vec<(u64, f32)> = (0..count)
        .filter_map(|seed| {
            let image = without_document(seed);
            detector.detect(view(&image)).map(|d| (seed, d.confidence))
        })
        .collect();
    println!("accepted {} of {count}: {accepted:.2?}", accepted.len());
    assert!(accepted.len() as f32 <= 0.02 * count as f32);
}

#[test]
fn finds_documents_in_real_photos() {
    let Some(folder) = photos::data_folder("documents") else { return };
    let mut detector = Detector::default();
    let photos = photos::load(&folder);
    let mut sum = 0.0;
    for photo in &photos {
        let found = detector.detect(view(&photo.image));
        let overlap = found.map_or(0.0, |d| intersection_over_union(&d.quad, &photo.quad));
        println!("{:24} IoU {overlap:.3} {:?}", photo.file, found.map(|d| (d.confidence, d.kind)));
        sum += overlap;
    }
    let mean = sum / photos.len() as f32;
    println!("mean IoU {mean:.3}");
    assert!(mean >= 0.85);
}
