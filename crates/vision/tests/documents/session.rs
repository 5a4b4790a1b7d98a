//! The document step over drawn frames.

use crate::canvas::view;
use crate::held::Held;
use crate::scene::Scene;
use idv_protocol::reading::CalendarDate;
use idv_protocol::{CaptureKind, DocumentHint, DocumentSide, DocumentStatus, DocumentTask};
use idv_vision::capture::{DocumentModels, DocumentSession, DocumentSessionParams};
use idv_vision::document::intersection_over_union;
use idv_vision::frame::{RgbaImage, decode_image};
use sha2::{Digest, Sha256};

const FRAME_MS: f64 = 100.0;

const TODAY: CalendarDate = CalendarDate::new(2026, 1, 1);

/// A session and its clock.
struct Run {
    session: DocumentSession,
    at_ms: f64,
}

impl Run {
    fn new() -> Self {
        Self::of(DocumentTask::new(1, DocumentSide::Front, TODAY))
    }

    fn of(task: DocumentTask) -> Self {
        Self { session: DocumentSession::new(task, None, DocumentSessionParams::default()), at_ms: 5000.0 }
    }

    fn show(&mut self, image: &RgbaImage) -> DocumentStatus {
        let status = self.session.frame(view(image), self.at_ms, DocumentModels::default()).expect("a frame");
        self.at_ms += FRAME_MS;
        status
    }

    /// Shows a picture `count` times; the last status.
    fn hold(&mut self, image: &RgbaImage, count: usize) -> DocumentStatus {
        (0..count).map(|_| self.show(image)).last().expect("at least one frame")
    }
}

fn page() -> Scene {
    Held::default().draw()
}

fn empty_table() -> RgbaImage {
    Held { width_px: 1.0, ..Held::default() }.draw().image
}

#[test]
fn captures_a_page_that_is_held_still() {
    let page = page();
    let mut run = Run::new();
    let statuses: Vec<DocumentStatus> = (0..12).map(|_| run.show(&page.image)).collect();
    assert!(statuses.windows(2).all(|pair| pair[0].progress <= pair[1].progress));
    assert_eq!(statuses.iter().filter(|status| status.captured).count(), 1);
    let last = statuses.last().expect("a status");
    assert_eq!((last.hint, last.progress), (DocumentHint::Capturing, 1.0));

    let capture = run.session.take_capture().expect("a capture");
    assert!(run.session.take_capture().is_none());
    let meta = &capture.meta;
    assert_eq!((meta.kind, meta.attempt, meta.size), (CaptureKind::DocumentFront, 1, page.image.size));
    assert_eq!(meta.sha256, hex::encode(Sha256::digest(&capture.jpeg)));
    assert!(meta.at_ms >= 0.0 && meta.at_ms <= 1200.0, "{}", meta.at_ms);
    assert!(meta.quality.passed());
    assert!(intersection_over_union(&meta.quad.expect("a quad"), &page.quad) > 0.98);
    assert_eq!(decode_image(&capture.jpeg).expect("a JPEG").size, page.image.size);
}

#[test]
fn holds_capture_until_the_quad_is_stable() {
    let moving: Vec<RgbaImage> = (0..4)
        .map(|k| Held { shift: (if k % 2 == 0 { 25.0 } else { -25.0 }, 0.0), ..Held::default() }.draw().image)
        .collect();
    let mut run = Run::new();
    for k in 0..24 {
        let status = run.show(&moving[k % moving.len()]);
        assert!(!status.captured && status.progress == 0.0, "{status:#?}");
    }
    assert_eq!(run.show(&moving[0]).hint, DocumentHint::HoldStill);
    assert!((0..12).any(|_| run.show(&moving[0]).captured));
}

#[test]
fn never_captures_a_blurred_document() {
    let blurred = Held { blur_px: 3, ..Held::default() }.draw().image;
    let mut run = Run::new();
    let status = run.hold(&blurred, 20);
    assert_eq!((status.hint, status.progress, status.captured), (DocumentHint::Blurred, 0.0, false));
    assert!(run.session.take_capture().is_none());
}

#[test]
fn picks_the_sharpest_of_the_window() {
    let sharp = Held { blur_px: 1, ..Held::default() }.draw().image;
    let soft = Held { blur_px: 2, ..Held::default() }.draw().image;
    let mut run = Run::new();
    for k in 0..12 {
        run.show(if k == 4 { &sharp } else { &soft });
    }
    let capture = run.session.take_capture().expect("a capture");
    assert_eq!(capture.meta.at_ms, 400.0);
}

#[test]
fn resets_when_the_document_is_lost() {
    let (page, table) = (page().image, empty_table());
    let mut run = Run::new();
    assert!(run.hold(&page, 5).progress > 0.3);
    // A hand passes in front for one frame: nothing is lost, and the outline stays.
    let status = run.show(&table);
    assert!(status.progress > 0.3 && status.quad.is_some());
    assert!(run.show(&page).progress > 0.3);
    // Two frames are 200 ms.
    let status = run.hold(&table, 2);
    assert_eq!((status.progress, status.quad), (0.0, None));
    assert_eq!(run.show(&page).progress, 0.0);
    assert_eq!(run.hold(&table, 4).hint, DocumentHint::Searching);
}

#[test]
fn captures_on_a_device_that_looks_at_three_frames_a_second() {
    let page = page().image;
    let mut session = Run::of(DocumentTask::new(2, DocumentSide::Front, TODAY)).session;
    let captured: Vec<bool> = (0..8)
        .map(|k| {
            let at_ms = f64::from(k) * 333.0;
            session.frame(view(&page), at_ms, DocumentModels::default()).expect("a frame").captured
        })
        .collect();
    assert_eq!(captured.iter().filter(|captured| **captured).count(), 1, "{captured:?}");
    assert_eq!(session.take_capture().expect("a capture").meta.attempt, 2);
}

#[test]
fn a_pause_of_the_camera_starts_the_window_over() {
    let page = page().image;
    let mut run = Run::new();
    assert!(run.hold(&page, 5).progress > 0.3);
    run.at_ms += 5000.0;
    let status = run.show(&page);
    assert_eq!((status.progress, status.captured), (0.0, false));
}

#[test]
fn a_single_bad_frame_is_forgiven_and_two_are_not() {
    let page = page().image;
    let blurred = Held { blur_px: 3, ..Held::default() }.draw().image;
    let mut run = Run::new();
    run.hold(&page, 4);
    assert!(run.show(&blurred).progress > 0.0);
    assert!(run.show(&page).progress > 0.0);
    assert_eq!(run.hold(&blurred, 2).progress, 0.0);
}

#[test]
fn asks_to_move_back_when_the_page_reaches_out_of_the_frame() {
    for shift in [(0.0, 160.0), (260.0, 0.0)] {
        let image = Held { width_px: 960.0, shift, ..Held::default() }.draw().image;
        let mut run = Run::new();
        let status = run.hold(&image, 6);
        assert_eq!((status.hint, status.progress), (DocumentHint::MoveBack, 0.0), "{shift:?}: {status:#?}");
    }
}

#[test]
fn never_captures_a_page_that_is_cut_off() {
    for shift in [(0.0, 160.0), (260.0, 0.0), (0.0, -130.0), (0.0, -180.0), (-240.0, 0.0)] {
        let image = Held { width_px: 960.0, shift, ..Held::default() }.draw().image;
        let status = Run::new().hold(&image, 10);
        assert_eq!(status.progress, 0.0, "{shift:?}: {status:#?}");
    }
}
