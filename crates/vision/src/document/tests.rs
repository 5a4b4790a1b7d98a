//! The detector on plain drawings.

use super::*;
use crate::frame::RgbaImage;
use idv_protocol::{Point, Size};

/// A frame of one colour with filled quads on it, their edges smoothed over a pixel.
fn draw(size: (u32, u32), ground: [f32; 3], shapes: &[(Quad, [f32; 3])]) -> RgbaImage {
    let size = Size { width: size.0, height: size.1 };
    let mut data = Vec::new();
    for y in 0..size.height {
        for x in 0..size.width {
            let mut colour = ground;
            for (quad, paint) in shapes {
                let inside = (0..4)
                    .map(|i| {
                        let (a, b) = (quad.0[i], quad.0[(i + 1) % 4]);
                        let (dx, dy) = (b.x - a.x, b.y - a.y);
                        (dx * (y as f32 + 0.5 - a.y) - dy * (x as f32 + 0.5 - a.x)) / dx.hypot(dy)
                    })
                    .fold(f32::MAX, f32::min);
                let share = (inside + 0.5).clamp(0.0, 1.0);
                colour = [0, 1, 2].map(|c| colour[c] * (1.0 - share) + paint[c] * share);
            }
            data.extend(colour.map(|v| v.round() as u8));
            data.push(255);
        }
    }
    RgbaImage { data, size }
}

fn quad(corners: [(f32, f32); 4]) -> Quad {
    Quad(corners.map(|(x, y)| Point::new(x, y)))
}

fn detect(image: &RgbaImage) -> Option<Detection> {
    Detector::default().detect(image.view().expect("a frame"))
}

const TABLE: [f32; 3] = [70.0, 60.0, 50.0];
const PAPER: [f32; 3] = [215.0, 212.0, 205.0];

#[test]
fn finds_the_corners_to_half_a_pixel() {
    let cases = [
        ((640, 480), [(120.0, 110.0), (520.0, 110.0), (520.0, 362.0), (120.0, 362.0)]),
        ((640, 480), [(150.3, 90.7), (540.2, 130.4), (505.8, 400.6), (110.4, 345.1)]),
        ((480, 640), [(60.0, 210.0), (430.0, 190.0), (420.0, 455.0), (70.0, 470.0)]),
        ((480, 640), [(240.0, 100.0), (420.0, 330.0), (245.0, 545.0), (62.0, 320.0)]),
        ((1280, 720), [(300.0, 120.0), (1000.0, 90.0), (1050.0, 590.0), (280.0, 610.0)]),
    ];
    for (size, corners) in cases {
        let truth = quad(corners);
        let found = detect(&draw(size, TABLE, &[(truth, PAPER)])).unwrap_or_else(|| panic!("{corners:?}"));
        assert!(intersection_over_union(&found.quad, &truth) > 0.99, "{corners:?}: {found:?}");
        for corner in truth.0 {
            let nearest = found.quad.0.iter().map(|p| p.distance(corner)).fold(f32::MAX, f32::min);
            assert!(nearest < 0.5, "{corners:?}: {found:?}");
        }
        assert!(found.quad.signed_area() > 0.0, "clockwise");
        assert!((0.5..=1.0).contains(&found.confidence));
    }
}

#[test]
fn names_the_shape_by_its_proportions() {
    for (height, kind) in [(252.2, DocumentKind::Id1), (281.6, DocumentKind::Id3)] {
        let truth = quad([(120.0, 90.0), (520.0, 90.0), (520.0, 90.0 + height), (120.0, 90.0 + height)]);
        let found = detect(&draw((640, 480), TABLE, &[(truth, PAPER)])).expect("found");
        assert_eq!(found.kind, kind);
    }
}

#[test]
fn finds_a_card_that_differs_in_colour_only() {
    // The same luma (BT.601) within a level.
    let (green, red) = ([60.0, 150.0, 60.0], [178.0, 90.0, 60.0]);
    let truth = quad([(120.0, 100.0), (520.0, 120.0), (510.0, 380.0), (130.0, 360.0)]);
    let found = detect(&draw((640, 480), green, &[(truth, red)])).expect("found");
    assert!(intersection_over_union(&found.quad, &truth) > 0.98, "{found:?}");
}

#[test]
fn a_finger_over_a_side_does_not_move_it() {
    let truth = quad([(120.0, 100.0), (520.0, 100.0), (520.0, 360.0), (120.0, 360.0)]);
    let finger = quad([(470.0, 190.0), (640.0, 190.0), (640.0, 250.0), (470.0, 250.0)]);
    let image = draw((640, 480), TABLE, &[(truth, PAPER), (finger, [190.0, 140.0, 115.0])]);
    let found = detect(&image).expect("found");
    assert!(intersection_over_union(&found.quad, &truth) > 0.99, "{found:?}");
}

#[test]
fn an_empty_frame_has_no_document() {
    for size in [(64, 64), (640, 480), (4096, 64), (64, 4096)] {
        assert_eq!(detect(&draw(size, TABLE, &[])), None);
    }
}

#[test]
fn three_sides_are_no_document_but_one_that_reaches_out() {
    let reaches_out = |corners| {
        let image = draw((640, 480), TABLE, &[(quad(corners), PAPER)]);
        let mut detector = Detector::default();
        assert_eq!(detector.detect(image.view().expect("a frame")), None);
        detector.reaches_out()
    };
    assert!(reaches_out([(120.0, 60.0), (900.0, 70.0), (900.0, 430.0), (110.0, 420.0)]));
    assert!(reaches_out([(60.0, 80.0), (600.0, 70.0), (590.0, 800.0), (70.0, 800.0)]));
    assert!(!reaches_out([(500.0, 100.0), (900.0, 100.0), (900.0, 360.0), (500.0, 360.0)]), "at the rim");
    assert!(!reaches_out([(700.0, 500.0), (800.0, 500.0), (800.0, 600.0), (700.0, 600.0)]), "nothing");
}

#[test]
fn a_frame_does_not_depend_on_those_before_it() {
    let truth = quad([(150.0, 90.0), (540.0, 130.0), (505.0, 400.0), (110.0, 345.0)]);
    let card = draw((640, 480), TABLE, &[(truth, PAPER)]);
    let others = [draw((480, 640), PAPER, &[]), draw((1280, 720), TABLE, &[(truth.scaled(1.4), PAPER)])];
    let mut detector = Detector::default();
    let first = detector.detect(card.view().expect("a frame"));
    for other in &others {
        detector.detect(other.view().expect("a frame"));
        assert_eq!(detector.detect(card.view().expect("a frame")), first);
    }
}
