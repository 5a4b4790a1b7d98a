//! The recording of a document: the page is where it says it is, and the engine captures it.

mod support;

use idv_protocol::reading::CalendarDate;
use idv_protocol::{DocumentKind, DocumentSide, DocumentTask};
use idv_specimen::camera::Homography;
use idv_specimen::document::{Kind, Page};
use idv_specimen::recording::{Recording, Settings, card, document, no_document};
use idv_vision::document::intersection_over_union;
use support::{Pixels, assets, card_side, engine, engine_with, need, page};

/// A moment when the page is sharp and still.
const SHARP_MS: f64 = 2400.0;

/// Cards with a band that are tried.
const BANDED: usize = 3;

fn recording(seed: u64) -> (Page, Recording) {
    let assets = assets();
    let page = page(&assets, seed);
    let recording = need(document(&assets, &Settings::new(seed), &page, 4000.0));
    (page, recording)
}

#[test]
fn the_page_is_large_enough_to_read_and_inside_the_frame() {
    let (_, recording) = recording(3);
    for step in 0..20 {
        let at_ms = 1600.0 + f64::from(step) * 100.0;
        let quad = recording.truth_at(at_ms).quad.expect("a page");
        assert!(quad.is_convex() && quad.signed_area() > 0.0);
        let width = quad.0[0].distance(quad.0[1]).min(quad.0[3].distance(quad.0[2]));
        assert!(width >= 0.62 * 1280.0, "{width} px wide at {at_ms}");
        assert!(
            quad.0.iter().all(|p| (6.0..1274.0).contains(&p.x) && (6.0..714.0).contains(&p.y)),
            "{quad:?}"
        );
    }
}

#[test]
fn the_picture_inside_the_true_quad_is_the_page() {
    let (page, recording) = recording(4);
    let image = recording.frame_at(SHARP_MS);
    let (width, height) = page.layout.size_mm;
    let quad = recording.truth_at(SHARP_MS).quad.expect("a page");
    let luma = |p: [f32; 3]| 0.30 * p[0] + 0.59 * p[1] + 0.11 * p[2];
    // The same places on the page and in the frame, clear of the thumb; `dx` moves the quad by so many px.
    let correlation = |dx: f32| {
        let moved = idv_protocol::Quad(quad.0.map(|p| idv_protocol::Point::new(p.x + dx, p.y)));
        let to_frame = Homography::from_rect([0.0, 0.0, width, height], &moved);
        let scale = page.picture.width as f32 / width;
        let mut pairs = Vec::new();
        for row in 4..84 * 4 {
            for column in 4..105 * 4 {
                let (u, v) = (column as f32 / 4.0, row as f32 / 4.0);
                let [x, y] = to_frame.map(u, v);
                let seen = image.get_pixel(x as u32, y as u32).0.map(f32::from);
                let [r, g, b, _] = page.picture.sample(u * scale, v * scale);
                pairs.push((luma(seen), luma([r, g, b])));
            }
        }
        let count = pairs.len() as f32;
        let mean = pairs.iter().fold((0.0, 0.0), |m, p| (m.0 + p.0 / count, m.1 + p.1 / count));
        let sum = pairs.iter().fold((0.0, 0.0, 0.0), |s, p| {
            let (a, b) = (p.0 - mean.0, p.1 - mean.1);
            (s.0 + a * b, s.1 + a * a, s.2 + b * b)
        });
        sum.0 / (sum.1 * sum.2).sqrt()
    };
    let here = correlation(0.0);
    assert!(here > 0.88, "correlation {here}");
    assert!(here > correlation(3.0) + 0.03 && here > correlation(-3.0) + 0.03, "exact to some px");
}

#[test]
fn the_document_is_blurred_at_first_and_sharp_after_a_second_and_a_half() {
    let (_, recording) = recording(5);
    assert!(recording.truth_at(200.0).defocus_px > 3.0);
    assert_eq!(recording.truth_at(1500.0).defocus_px, 0.0);
    let energy = |at_ms: f64| {
        let image = recording.frame_at(at_ms);
        let luma = |x: u32, y: u32| f32::from(image.get_pixel(x, y)[1]);
        let mut sum = 0.0;
        for y in 300..420 {
            for x in 500..800 {
                sum += (luma(x + 2, y) - luma(x - 2, y)).abs();
            }
        }
        sum
    };
    assert!(energy(SHARP_MS) > 1.8 * energy(200.0), "{} and {}", energy(SHARP_MS), energy(200.0));
}

#[test]
fn the_engine_captures_the_page_where_it_truly_is() {
    let (_, recording) = recording(6);
    let mut engine = engine(&assets());
    engine.begin_document(DocumentTask::new(1, DocumentSide::Front, CalendarDate::new(2026, 1, 1)));
    let captured = (0..40).map(|step| f64::from(step) * 100.0).find(|at_ms| {
        let pixels = Pixels::of(&recording.frame_at(*at_ms));
        need(engine.document_frame(pixels.view(), *at_ms)).captured
    });
    assert!(captured.is_some_and(|at_ms| at_ms < 3500.0), "captured at {captured:?}");
    let captures = engine.take_captures();
    let meta = &captures.first().expect("a capture").meta;
    let (found, truth) = (meta.quad.expect("corners"), recording.truth_at(meta.at_ms).quad.expect("a page"));
    for (found, truth) in found.0.iter().zip(&truth.0) {
        assert!(found.distance(*truth) < 3.0, "{found:?} for {truth:?}");
    }
}

#[test]
fn the_engine_sees_no_document_on_the_empty_desk() {
    let assets = assets();
    let recording = need(no_document(&assets, &Settings::new(6), 4000.0));
    let mut engine = engine(&assets);
    engine.begin_document(DocumentTask::new(1, DocumentSide::Front, CalendarDate::new(2026, 1, 1)));
    for step in 0..15 {
        let at_ms = f64::from(step) * 250.0;
        let pixels = Pixels::of(&recording.frame_at(at_ms));
        assert!(!need(engine.document_frame(pixels.view(), at_ms)).captured);
        assert!(recording.truth_at(at_ms).quad.is_none());
    }
}

#[test]
fn a_card_is_turned_over_and_each_side_is_where_it_says_it_is() {
    let assets = assets();
    let side = |what| card_side(&assets, what, 8);
    let (front, back) = (side(Kind::Td1Front), side(Kind::Td1Back));
    assert_eq!(front.holder, back.holder, "one card has one holder");
    let recording = need(card(&assets, &Settings::new(8), &front, &back, 12_000.0));
    let truth = |at_ms: f64| recording.truth_at(at_ms).quad;
    let widths = [4000.0, 8200.0, 8450.0, 8700.0, 11_000.0]
        .map(|at_ms| truth(at_ms).map(|quad| quad.0[0].distance(quad.0[1])));
    let [whole, narrower, edge_on, coming, back_again] = widths;
    assert!(whole > narrower && narrower.is_some() && coming < back_again, "{widths:?}");
    assert_eq!(edge_on, None, "seen edge-on there is nothing to find");
    let seen = |at_ms: f64| recording.frame_at(at_ms).into_raw();
    assert_ne!(seen(5000.0), seen(11_000.0));
}

#[test]
fn a_card_with_a_dark_band_along_a_side_is_captured_whole() {
    let assets = assets();
    let banded = |seed: &u64| card_side(&assets, Kind::Residence, *seed).layout.design.name == "polyleria";
    for seed in (20..).filter(banded).take(BANDED) {
        let side = |what| card_side(&assets, what, seed);
        let (front, back) = (side(Kind::Residence), side(Kind::ResidenceBack));
        let recording = need(card(&assets, &Settings::new(seed), &front, &back, 8000.0));
        let mut engine = engine_with(&assets, &["document_corners", "face_detector"]);
        let task = DocumentTask::new(1, DocumentSide::Front, CalendarDate::new(2026, 1, 1));
        engine.begin_document(DocumentTask { kinds: vec![DocumentKind::Id1], ..task });
        let captured = (0..50).map(|step| f64::from(step) * 150.0).find(|at_ms| {
            let pixels = Pixels::of(&recording.frame_at(*at_ms));
            need(engine.document_frame(pixels.view(), *at_ms)).captured
        });
        assert!(captured.is_some(), "seed {seed}");
        let captures = engine.take_captures();
        let meta = &captures.first().expect("a capture").meta;
        let (found, truth) =
            (meta.quad.expect("corners"), recording.truth_at(meta.at_ms).quad.expect("a card"));
        let overlap = intersection_over_union(&found, &truth);
        println!("seed {seed}: captured at {captured:?} ms, overlap {overlap:.3}");
        assert!(overlap > 0.95, "seed {seed}: {found:?} for {truth:?}");
    }
}
