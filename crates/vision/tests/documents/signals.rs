//! What the signals say of drawn pages and of real photos.

use crate::canvas::view;
use crate::held::Held;
use crate::photos::{data_folder, load};
use crate::scene::Scene;
use idv_protocol::{Check, CheckCode, DocumentKind};
use idv_vision::document::{Detector, DetectorParams};
use idv_vision::quality::{SignalParams, measure_signals};

fn signals_of(scene: &Scene) -> Vec<Check> {
    measure_signals(view(&scene.image), &scene.quad, scene.kind, SignalParams::default())
}

fn failed(signals: &[Check]) -> Vec<CheckCode> {
    signals.iter().filter(|check| !check.passed).map(|check| check.code).collect()
}

/// The scene with every pixel changed: its place in px and its colour in, the new colour out.
fn changed(mut scene: Scene, change: impl Fn(f32, f32, [f32; 3]) -> [f32; 3]) -> Scene {
    let width = scene.image.size.width as usize;
    for (i, pixel) in scene.image.data.chunks_exact_mut(4).enumerate() {
        let colour = change((i % width) as f32, (i / width) as f32, [0, 1, 2].map(|c| f32::from(pixel[c])));
        for (cell, value) in pixel.iter_mut().zip(colour) {
            *cell = value.round().clamp(0.0, 255.0) as u8;
        }
    }
    scene
}

fn page() -> Scene {
    Held::default().draw()
}

#[test]
fn a_page_of_paper_raises_no_signal() {
    let signals = signals_of(&page());
    assert_eq!(failed(&signals), [], "{signals:#?}");
    assert_eq!(signals.len(), 4);
    let dpi = signals.iter().find(|check| check.code == CheckCode::Resolution).expect("resolution").value;
    // 850 px of a passport page's 125 mm.
    assert!((dpi / (850.0 / 125.0 * 25.4) - 1.0).abs() < 0.05, "{dpi}");
}

#[test]
fn a_grey_copy_has_no_colour_even_under_a_warm_lamp() {
    let copy = changed(page(), |_, _, [r, g, b]| {
        let luma = 0.299 * r + 0.587 * g + 0.114 * b;
        [luma * 1.05, luma, luma * 0.85]
    });
    let signals = signals_of(&copy);
    assert_eq!(failed(&signals), [CheckCode::Colour], "{signals:#?}");
}

#[test]
fn a_shadow_across_half_the_page_is_seen() {
    let shaded = changed(page(), |x, y, colour| {
        let share = if x + 0.3 * y < 720.0 { 0.45 } else { 1.0 };
        colour.map(|v| v * share)
    });
    let signals = signals_of(&shaded);
    assert_eq!(failed(&signals), [CheckCode::Shadow], "{signals:#?}");
}

#[test]
fn the_grid_of_a_screen_is_seen_and_noise_is_not() {
    for period in [3.3f32, 4.0, 5.4] {
        let screen = changed(page(), |x, y, colour| {
            let wave = |at: f32| 0.9 + 0.1 * (std::f32::consts::TAU * at / period).sin();
            colour.map(|v| v * wave(x) * wave(y))
        });
        let signals = signals_of(&screen);
        assert_eq!(failed(&signals), [CheckCode::Moire], "period {period}: {signals:#?}");
    }
    let noisy = changed(page(), |x, y, colour| {
        let hash = ((x * 127.1 + y * 311.7).sin() * 43_758.547).fract().abs();
        colour.map(|v| v + 24.0 * (hash - 0.5))
    });
    let signals = signals_of(&noisy);
    assert!(!failed(&signals).contains(&CheckCode::Moire), "{signals:#?}");
}

#[test]
fn a_quad_without_area_gives_no_signals() {
    let scene = page();
    let flat = idv_protocol::Quad::default();
    let signals = measure_signals(view(&scene.image), &flat, DocumentKind::Id3, SignalParams::default());
    assert!(signals.is_empty());
}

#[test]
fn real_photos_of_documents_show_no_screen() {
    let Some(folder) = data_folder("documents") else { return };
    for photo in load(&folder) {
        let frame = view(&photo.image);
        let Some(found) = Detector::new(DetectorParams::default()).detect(frame) else { continue };
        let signals = measure_signals(frame, &found.quad, found.kind, SignalParams::default());
        let values: Vec<String> =
            signals.iter().map(|check| format!("{:?} {:.2}", check.code, check.value)).collect();
        println!("{:<22} {}", photo.file, values.join("  "));
        assert!(!failed(&signals).contains(&CheckCode::Moire), "{}: {signals:#?}", photo.file);
    }
}
