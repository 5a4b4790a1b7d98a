//! Both sides of a document, the shutter, and a file in place of the camera.

use super::*;

/// A world whose plan is as `change` makes it, at the introduction of the document step.
fn at_document(change: impl FnOnce(&mut DocumentStep)) -> World {
    let mut world = World::new();
    if let Some(Step::Document(step)) = world.relay.steps.get_mut(1) {
        change(step);
    }
    world.reach_document();
    world
}

fn two_sided(step: &mut DocumentStep) {
    step.two_sided = vec![DocumentKind::Id1];
}

impl World {
    fn tasks(&self) -> Vec<DocumentTask> {
        let task = |effect: &Effect| match effect {
            Effect::Worker(ToWorker::BeginDocument { task }) => Some(task.clone()),
            _ => None,
        };
        self.done.iter().filter_map(task).collect()
    }

    fn sees(&mut self, kind: DocumentKind, manual: bool, captures: u32) {
        let status = DocumentStatus {
            frame: Size { width: 1280, height: 720 },
            quad: None,
            confidence: 0.9,
            kind: Some(kind),
            quality: QualityReport::default(),
            hint: DocumentHint::Unreadable,
            progress: 0.5,
            manual,
            captured: captures > 0,
        };
        self.message(FromWorker::Document { seq: 1, elapsed_ms: 30.0, captures, status, mark: None });
    }

    fn file_answer(&mut self, problem: Option<FileProblem>, kind: Option<DocumentKind>) {
        self.message(FromWorker::File { problem, captures: u32::from(problem.is_none()), kind });
    }

    fn begin_front(&mut self) {
        self.act(Action::Begin);
        self.camera_opens(Facing::Environment);
    }

    fn side(&self) -> Option<DocumentSide> {
        self.flow.view().side
    }
}

fn a_file() -> Event {
    Event::File(FileBytes([0xff, 0xd8].into()))
}

#[test]
fn a_card_is_captured_from_both_sides_without_closing_the_camera() {
    let mut world = at_document(two_sided);
    assert!(world.flow.view().two_sided && world.side() == Some(DocumentSide::Front));
    world.begin_front();
    world.sees(DocumentKind::Id1, false, 1);
    world.capture(CaptureKind::DocumentFront);
    assert_eq!((world.screen(), world.side()), (Screen::DocumentCapture, Some(DocumentSide::Back)));
    assert_eq!(world.relay.count("PUT /captures/1/document_front"), 1, "it is on its way already");
    assert_eq!(world.count(&Effect::CloseCamera), 0);
    world.sees(DocumentKind::Id1, false, 1);
    world.capture(CaptureKind::DocumentBack);
    assert_eq!(world.screen(), Screen::FaceIntro);
    assert_eq!(world.relay.count("PUT /captures/1/document_back"), 1);
    let sides: Vec<DocumentSide> = world.tasks().iter().map(|task| task.side).collect();
    assert_eq!(sides, [DocumentSide::Front, DocumentSide::Back]);
    assert_eq!(world.side(), None, "the step is over");
}

#[test]
fn a_passport_has_one_side_where_cards_have_two() {
    let mut world = at_document(two_sided);
    world.begin_front();
    world.sees(DocumentKind::Id3, false, 1);
    world.capture(CaptureKind::DocumentFront);
    assert_eq!(world.screen(), Screen::FaceIntro);
}

#[test]
fn a_capture_of_the_wrong_side_is_not_taken_for_the_other() {
    let mut world = at_document(two_sided);
    world.begin_front();
    world.sees(DocumentKind::Id1, false, 1);
    world.capture(CaptureKind::DocumentBack);
    assert_eq!((world.screen(), world.side()), (Screen::DocumentCapture, Some(DocumentSide::Front)));
}

#[test]
fn the_back_has_its_own_time_and_is_asked_for_again_after_it() {
    let mut world = at_document(two_sided);
    world.begin_front();
    world.wait(59_000.0);
    world.sees(DocumentKind::Id1, false, 1);
    world.capture(CaptureKind::DocumentFront);
    world.wait(59_000.0);
    assert_eq!(world.screen(), Screen::DocumentCapture);
    world.wait(2_000.0);
    assert_eq!((world.screen(), world.side()), (Screen::DocumentTimeout, Some(DocumentSide::Back)));
    world.act(Action::Retry);
    world.camera_opens(Facing::Environment);
    assert_eq!(world.tasks().last().map(|task| task.side), Some(DocumentSide::Back));
}

#[test]
fn a_new_engine_begins_with_the_front() {
    let mut world = at_document(two_sided);
    world.begin_front();
    world.sees(DocumentKind::Id1, false, 1);
    world.capture(CaptureKind::DocumentFront);
    world.send(Event::Worker(WorkerEvent::Lost { cause: "gone" }));
    world.engine_loads();
    assert_eq!((world.screen(), world.side()), (Screen::DocumentCapture, Some(DocumentSide::Front)));
}

#[test]
fn a_reload_between_the_sides_begins_with_the_front() {
    let mut world = at_document(two_sided);
    world.begin_front();
    world.sees(DocumentKind::Id1, false, 1);
    world.capture(CaptureKind::DocumentFront);
    let mut world = world.reloaded();
    world.start();
    assert_eq!((world.screen(), world.side()), (Screen::DocumentIntro, Some(DocumentSide::Front)));
}

#[test]
fn the_shutter_works_when_it_is_offered() {
    let mut world = at_document(|_| {});
    world.begin_front();
    let shoot = Effect::Worker(ToWorker::Shoot);
    world.act(Action::Shoot);
    assert_eq!(world.count(&shoot), 0);
    world.sees(DocumentKind::Id1, true, 0);
    assert!(world.flow.view().manual);
    world.act(Action::Shoot);
    assert_eq!(world.count(&shoot), 1);
    world.sees(DocumentKind::Id1, true, 1);
    world.act(Action::Shoot);
    assert_eq!(world.count(&shoot), 1, "the picture is there already");
    world.capture(CaptureKind::DocumentFront);
    assert_eq!(world.screen(), Screen::FaceIntro);
}

#[test]
fn a_file_is_taken_where_the_plan_allows_it_and_the_camera_has_had_its_time() {
    for (upload, manual, taken) in [(false, true, false), (true, false, false), (true, true, true)] {
        let mut world = at_document(|step| step.upload = upload);
        world.begin_front();
        world.sees(DocumentKind::Id3, manual, 0);
        assert_eq!(world.flow.view().upload, taken);
        world.send(a_file());
        assert_eq!(world.screen() == Screen::DocumentFile, taken);
        assert_eq!(
            world.done.iter().filter(|done| matches!(done, Effect::File(_))).count(),
            usize::from(taken)
        );
    }
    let mut world = at_document(|step| step.upload = true);
    world.begin_front();
    world.wait(60_000.0);
    assert!(world.screen() == Screen::DocumentTimeout && world.flow.view().upload);
    world.send(a_file());
    world.file_answer(None, Some(DocumentKind::Id3));
    world.capture(CaptureKind::DocumentFront);
    assert_eq!(world.screen(), Screen::FaceIntro);
}

#[test]
fn a_file_that_is_not_taken_says_why_and_another_may_follow() {
    let mut world = at_document(|step| step.upload = true);
    world.begin_front();
    world.sees(DocumentKind::Id3, true, 0);
    world.send(a_file());
    assert_eq!(world.count(&Effect::CloseCamera), 1);
    world.file_answer(Some(FileProblem::Heic), None);
    let view = world.flow.view();
    assert_eq!((view.screen, view.file_problem), (Screen::DocumentTimeout, Some(FileProblem::Heic)));
    world.send(Event::FileRefused(FileProblem::TooLarge));
    assert_eq!(world.flow.view().file_problem, Some(FileProblem::TooLarge));
    world.send(a_file());
    assert_eq!((world.screen(), world.flow.view().file_problem), (Screen::DocumentFile, None));
    world.file_answer(Some(FileProblem::NoDocument), None);
    world.act(Action::Retry);
    assert_eq!((world.screen(), world.flow.view().file_problem), (Screen::DocumentCapture, None));
}

#[test]
fn a_file_of_the_front_leads_to_the_back() {
    let mut world = at_document(|step| {
        two_sided(step);
        step.upload = true;
    });
    world.begin_front();
    world.sees(DocumentKind::Id1, true, 0);
    world.send(a_file());
    world.file_answer(None, Some(DocumentKind::Id1));
    world.capture(CaptureKind::DocumentFront);
    assert_eq!((world.screen(), world.side()), (Screen::DocumentCapture, Some(DocumentSide::Back)));
    world.camera_opens(Facing::Environment);
    assert_eq!(world.tasks().last().map(|task| task.side), Some(DocumentSide::Back));
}

#[test]
fn a_file_that_breaks_the_engine_is_not_looked_at_again() {
    let mut world = at_document(|step| step.upload = true);
    world.begin_front();
    world.sees(DocumentKind::Id3, true, 0);
    world.send(a_file());
    world.send(Event::Worker(WorkerEvent::Lost { cause: "gone" }));
    assert_eq!(world.flow.view().file_problem, Some(FileProblem::Damaged));
    world.engine_loads();
    assert_eq!(world.screen(), Screen::DocumentTimeout);
    assert_eq!(world.done.iter().filter(|done| matches!(done, Effect::File(_))).count(), 1);
}

#[test]
fn barcodes_are_read_on_the_last_side_and_their_reader_is_loaded_once() {
    let mut world = at_document(|step| {
        two_sided(step);
        step.kinds = vec![DocumentKind::Id1];
        step.barcode = true;
    });
    world.begin_front();
    world.sees(DocumentKind::Id1, false, 1);
    world.capture(CaptureKind::DocumentFront);
    let asks: Vec<bool> = world.tasks().iter().map(|task| task.barcode).collect();
    assert_eq!(asks, [false, true]);
    let loads = |done: &&Effect| matches!(done, Effect::Worker(ToWorker::LoadBarcode { .. }));
    assert_eq!(world.done.iter().filter(loads).count(), 1);
    let plain = at_document(two_sided);
    assert_eq!(plain.done.iter().filter(loads).count(), 0, "only where the plan asks for one");
}

#[test]
fn a_file_is_taken_though_its_dialog_hid_the_page_or_took_the_camera() {
    for takes_the_camera in [false, true] {
        let mut world = at_document(|step| step.upload = true);
        world.begin_front();
        world.sees(DocumentKind::Id3, true, 0);
        if takes_the_camera {
            world.send(Event::CameraEnded);
            world.camera_opens(Facing::Environment);
            world.send(Event::CameraEnded);
            assert_eq!(world.screen(), Screen::Error);
        } else {
            world.send(Event::Visible(false));
            world.send(Event::Visible(true));
        }
        world.send(a_file());
        assert_eq!(world.screen(), Screen::DocumentFile, "takes the camera: {takes_the_camera}");
    }
}
