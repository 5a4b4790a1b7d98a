//! Frames that are none of a document on a desk: two documents, a screen, nothing but one colour or noise, extreme
//! shapes. Found or not, never a panic, and nothing accepted where nothing is.

use crate::canvas::{Canvas, Random, view};
use crate::network::{engine, network};
use crate::scene::{HEIGHT, WIDTH, draw_card, finish};
use idv_protocol::reading::CalendarDate;
use idv_protocol::{DocumentKind, Point, Quad, Size};
use idv_protocol::{DocumentSide, DocumentTask};
use idv_vision::ErrorKind;
use idv_vision::document::{Detector, intersection_over_union};
use idv_vision::frame::{RgbaImage, RgbaView};

/// A rectangle of `width` px with the proportions of `kind`, turned by `angle_rad`.
fn placed(kind: DocumentKind, middle: (f32, f32), width: f32, angle_rad: f32) -> Quad {
    let (mm_wide, mm_high) = kind.size_mm();
    let (sin, cos) = angle_rad.sin_cos();
    Quad([(-0.5, -0.5), (0.5, -0.5), (0.5, 0.5), (-0.5, 0.5)].map(|(u, v)| {
        let (x, y) = (u * width, v * width * mm_high / mm_wide);
        Point::new(middle.0 + x * cos - y * sin, middle.1 + x * sin + y * cos)
    }))
}

/// A page and a card on a table, both moved by `shift` px.
fn two_documents(shift: f32) -> (RgbaImage, Quad, Quad) {
    let mut random = Random::new(11);
    let mut canvas = Canvas::new(WIDTH, HEIGHT, [92.0, 78.0, 66.0]);
    let larger = placed(DocumentKind::Id3, (520.0 + shift, 360.0), 640.0, 0.05);
    let smaller = placed(DocumentKind::Id1, (1060.0 + shift, 330.0), 300.0, -0.1);
    draw_card(&mut canvas, &mut random, &larger, DocumentKind::Id3, [205.0, 202.0, 192.0]);
    draw_card(&mut canvas, &mut random, &smaller, DocumentKind::Id1, [196.0, 208.0, 214.0]);
    finish(&mut canvas, &mut random, 2.0, 0);
    (canvas.finish(), larger, smaller)
}

#[test]
fn of_two_documents_the_larger_is_chosen_steadily() {
    let mut engine = engine();
    engine.begin_document(DocumentTask::new(1, DocumentSide::Front, CalendarDate::new(2026, 1, 1)));
    for frame in 0..9u8 {
        // Never still, so that no frame is captured.
        let (image, larger, smaller) = two_documents(if frame % 2 == 0 { 20.0 } else { -20.0 });
        let status = engine.document_frame(view(&image), f64::from(frame) * 100.0).expect("a frame");
        let quad = status.quad.expect("one of the two is found");
        let overlap = intersection_over_union(&quad, &larger);
        assert!(
            overlap > 0.9,
            "frame {frame}: {overlap}, with the other {}",
            intersection_over_union(&quad, &smaller)
        );
    }
}

/// A page shown on a screen with a frame around it, and the grid that a camera makes of its pixels.
fn on_a_screen(period_px: f32) -> RgbaImage {
    let mut random = Random::new(3);
    let mut canvas = Canvas::new(WIDTH, HEIGHT, [120.0, 112.0, 100.0]);
    let middle = (640.0, 360.0);
    let monitor = placed(DocumentKind::Id3, middle, 940.0, 0.02);
    canvas.quad(&monitor, |u, v| {
        let rim = u.min(1.0 - u).min(v.min(1.0 - v)) < 0.02;
        Some(if rim { [18.0; 3] } else { [58.0, 66.0, 80.0] })
    });
    let page = placed(DocumentKind::Id3, middle, 600.0, 0.02);
    draw_card(&mut canvas, &mut random, &page, DocumentKind::Id3, [210.0, 208.0, 200.0]);
    let wave = |at: usize| 0.9 + 0.1 * (std::f32::consts::TAU * at as f32 / period_px).sin();
    canvas.map(|x, y, colour| colour.map(|value| value * wave(x) * wave(y)));
    finish(&mut canvas, &mut random, 2.0, 0);
    canvas.finish()
}

#[test]
fn a_document_on_a_screen_is_found_or_not_but_stays_in_the_frame() {
    let (mut detector, mut network) = (Detector::default(), network());
    for period_px in [2.3, 3.7, 5.9] {
        let image = on_a_screen(period_px);
        let sighting = network.look(view(&image)).expect("runs");
        if let Some(found) = detector.detect_with(view(&image), Some(sighting)) {
            assert!((0.0..=1.0).contains(&found.confidence), "{found:?}");
            assert!(found.quad.is_convex(), "{found:?}");
        }
    }
}

fn filled(width: u32, height: u32, mut pixel: impl FnMut(u32, u32) -> [u8; 3]) -> RgbaImage {
    let mut data = Vec::with_capacity(width as usize * height as usize * 4);
    for y in 0..height {
        for x in 0..width {
            data.extend(pixel(x, y));
            data.push(255);
        }
    }
    RgbaImage { data, size: Size { width, height } }
}

#[test]
fn frames_of_one_colour_and_of_noise_show_no_document() {
    let (mut detector, mut network) = (Detector::default(), network());
    let mut random = Random::new(21);
    let grey = |level: u8| move |_: u32, _: u32| [level; 3];
    let frames = [
        filled(1280, 720, grey(0)),
        filled(1280, 720, grey(255)),
        filled(640, 480, grey(128)),
        filled(640, 480, |_, _| {
            let bits = random.bits().to_le_bytes();
            [bits[0], bits[1], bits[2]]
        }),
        filled(640, 480, |x, y| [if (x + y) % 2 == 0 { 0 } else { 255 }; 3]),
        filled(640, 480, |x, _| [(x % 256) as u8; 3]),
    ];
    for (k, image) in frames.iter().enumerate() {
        assert_eq!(detector.detect(view(image)), None, "frame {k} by its edges");
        let sighting = network.look(view(image)).expect("runs");
        let found = detector.detect_with(view(image), Some(sighting));
        assert_eq!(found, None, "frame {k}");
    }
}

#[test]
fn frames_of_extreme_shape_are_refused_or_looked_at() {
    let (mut detector, mut network) = (Detector::default(), network());
    let mut engine = engine();
    engine.begin_document(DocumentTask::new(1, DocumentSide::Front, CalendarDate::new(2026, 1, 1)));
    for (width, height) in [(1, 1), (1, 4096), (30_000, 1), (63, 64), (4097, 64), (0, 0)] {
        let image = filled(width, height, |x, _| [if x % 9 < 4 { 30 } else { 220 }; 3]);
        let error = RgbaView::new(&image.data, image.size).err().expect("refused");
        assert_eq!(error.kind(), ErrorKind::BadFrame, "{width}x{height}");
    }
    for (at, (width, height)) in
        [(64, 64), (64, 4096), (4096, 64), (65, 97), (640, 64)].into_iter().enumerate()
    {
        // Bars whose sides face each other: lines everywhere, no room for a document.
        let image = filled(width, height, |x, y| [if x % 40 < 20 || y % 50 < 4 { 30 } else { 220 }; 3]);
        let sighting = network.look(view(&image)).expect("runs");
        detector.detect_with(view(&image), Some(sighting));
        detector.reaches_out();
        let status = engine.document_frame(view(&image), at as f64 * 100.0).expect("a frame");
        assert!(!status.captured, "{width}x{height}");
    }
}

#[test]
fn a_frame_of_another_size_does_not_mislead_what_follows_a_document() {
    let mut engine = engine();
    engine.begin_document(DocumentTask::new(1, DocumentSide::Front, CalendarDate::new(2026, 1, 1)));
    let (image, larger, _) = two_documents(0.0);
    let overlap = |quad: Option<Quad>| quad.map_or(0.0, |quad| intersection_over_union(&quad, &larger));
    let first = engine.document_frame(view(&image), 0.0).expect("a frame");
    assert!(overlap(first.quad) > 0.9);
    // The camera was turned: what was expected lies outside of the frame.
    let empty = filled(100, 180, |_, _| [90; 3]);
    engine.document_frame(view(&empty), 100.0).expect("a frame");
    let again = engine.document_frame(view(&image), 200.0).expect("a frame");
    assert!(overlap(again.quad) > 0.9, "{:?}", again.quad);
}
