//! What the document step does for its task: kinds, the user's own shutter, captures that are given up.

use crate::canvas::view;
use crate::held::Held;
use crate::scene::Scene;
use idv_protocol::reading::CalendarDate;
use idv_protocol::{
    CaptureMethod, CheckCode, DocumentHint, DocumentKind, DocumentSide, DocumentStatus, DocumentTask,
};
use idv_vision::frame::RgbaImage;
use idv_vision::{Engine, ErrorKind};

const FRAME_MS: f64 = 100.0;

fn task() -> DocumentTask {
    DocumentTask::new(1, DocumentSide::Front, CalendarDate::new(2026, 1, 1))
}

/// An engine in the document step, and its clock.
struct Run {
    engine: Engine,
    at_ms: f64,
}

impl Run {
    fn of(task: DocumentTask) -> Self {
        let mut engine = Engine::new();
        engine.begin_document(task);
        Self { engine, at_ms: 9_000.0 }
    }

    fn show(&mut self, image: &RgbaImage) -> DocumentStatus {
        let status = self.engine.document_frame(view(image), self.at_ms).expect("a frame");
        self.at_ms += FRAME_MS;
        status
    }

    fn hold(&mut self, image: &RgbaImage, count: usize) -> Vec<DocumentStatus> {
        (0..count).map(|_| self.show(image)).collect()
    }

    fn captured(&mut self, image: &RgbaImage) -> bool {
        self.hold(image, 10).iter().any(|status| status.captured)
    }
}

fn blurred() -> Scene {
    Held { blur_px: 3, ..Held::default() }.draw()
}

#[test]
fn a_kind_that_is_not_accepted_is_named_and_never_captured() {
    let page = Held::default().draw();
    let mut run = Run::of(DocumentTask { kinds: vec![DocumentKind::Id1], ..task() });
    let statuses = run.hold(&page.image, 16);
    let last = statuses.last().expect("a status");
    assert_eq!((last.hint, last.progress), (DocumentHint::WrongKind, 0.0), "{last:#?}");
    assert!(statuses.iter().all(|status| !status.captured));
    let check = last.quality.first_failed().expect("a failed check");
    assert_eq!(check.code, CheckCode::Kind);
    assert!(check.value > check.threshold && check.value < 0.2);
}

#[test]
fn a_document_is_called_by_the_accepted_kind_of_its_proportions() {
    let page = Held::default().draw();
    for kind in [DocumentKind::Id2, DocumentKind::Id3] {
        let mut run = Run::of(DocumentTask { kinds: vec![DocumentKind::Id1, kind], ..task() });
        let status = run.hold(&page.image, 10).pop().expect("a status");
        assert_eq!(status.kind, Some(kind));
    }
}

#[test]
fn the_user_may_take_the_picture_when_the_time_is_up() {
    let page = blurred();
    let mut run = Run::of(DocumentTask { manual_after_ms: 1_000, ..task() });
    run.engine.shoot().expect("ignored");
    let offered: Vec<bool> = run.hold(&page.image, 14).iter().map(|status| status.manual).collect();
    assert_eq!(offered.iter().position(|manual| *manual), Some(10), "{offered:?}");
    assert!(offered[10..].iter().all(|manual| *manual), "it stays offered");
    assert!(run.engine.take_captures().is_empty(), "a shutter before it is offered is ignored");

    run.engine.shoot().expect("in the step");
    let status = run.show(&page.image);
    assert!(status.captured && status.manual);
    let capture = run.engine.take_captures().pop().expect("a capture");
    assert_eq!(capture.meta.method, CaptureMethod::Manual);
    assert_eq!(capture.meta.quality.first_failed().map(|check| check.code), Some(CheckCode::Sharpness));
    assert!(capture.meta.quad.is_some() && capture.meta.quality.signals.len() == 4);
    assert!(!run.engine.give_up_capture(), "what a person took is not given up");
    run.engine.shoot().expect("in the step");
    assert!(!run.show(&page.image).captured, "one picture for a task");
}

#[test]
fn the_shutter_takes_a_frame_in_which_no_document_is_found() {
    let table = Held { width_px: 1.0, ..Held::default() }.draw().image;
    let mut run = Run::of(DocumentTask { manual_after_ms: 0, ..task() });
    assert!(run.show(&table).manual);
    run.engine.shoot().expect("in the step");
    let status = run.show(&table);
    assert!(status.captured && status.quad.is_none());
    let meta = run.engine.take_captures().pop().expect("a capture").meta;
    assert_eq!((meta.method, meta.quad, meta.quality.checks.len()), (CaptureMethod::Manual, None, 0));
}

#[test]
fn there_is_no_shutter_outside_of_the_document_step() {
    assert_eq!(Engine::new().shoot().expect_err("no step").kind(), ErrorKind::OutOfOrder);
    assert!(!Engine::new().give_up_capture());
}

#[test]
fn a_capture_without_its_barcode_is_given_up_a_few_times_and_then_stays() {
    let page = Held::default().draw().image;
    let mut run = Run::of(DocumentTask { barcode: true, manual_after_failures: 2, ..task() });
    assert!(!run.engine.give_up_capture(), "there is none yet");
    for given_up in 1..=3 {
        assert!(run.captured(&page), "capture {given_up}");
        assert!(run.engine.give_up_capture());
        assert!(run.engine.take_captures().is_empty(), "it is dropped");
        let status = run.show(&page);
        assert_eq!((status.hint, status.manual), (DocumentHint::Unreadable, given_up >= 2));
    }
    assert!(run.captured(&page));
    assert!(!run.engine.give_up_capture());
    assert_eq!(run.engine.take_captures().len(), 1);
}

#[test]
fn no_capture_is_given_up_where_no_barcode_is_asked_for() {
    let page = Held::default().draw().image;
    let mut run = Run::of(task());
    assert!(run.captured(&page));
    assert!(!run.engine.give_up_capture());
    assert_eq!(run.engine.take_captures().len(), 1);
}

#[test]
fn the_front_is_known_again_when_the_back_is_asked_for() {
    let page = Held::default().draw();
    let moved = Held { width_px: 780.0, shift: (40.0, -20.0), light: 0.8, ..Held::default() }.draw();
    let mut run = Run::of(task());
    assert!(run.captured(&page.image));
    run.engine.take_captures();
    for (attempt, known) in [(1, true), (2, false)] {
        run.engine.begin_document(DocumentTask { side: DocumentSide::Back, attempt, ..task() });
        let statuses = run.hold(&moved.image, 10);
        assert_eq!(statuses.iter().any(|status| status.captured), !known, "attempt {attempt}");
        if known {
            let last = statuses.last().expect("a status");
            assert_eq!((last.hint, last.progress), (DocumentHint::TurnOver, 0.0));
            let check = last.quality.first_failed().expect("a failed check");
            assert!(check.code == CheckCode::Likeness && check.value > 0.9, "{check:?}");
        }
    }
}
