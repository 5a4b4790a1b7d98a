//! What goes wrong on the way, and how the flow goes on.

use super::*;
use crate::error::{ErrorKind, Stage as ErrorStage};

fn camera_error(kind: ErrorKind) -> Event {
    Event::CameraFailed(Error::new(kind, ErrorStage::Camera))
}

fn trap() -> FromWorker {
    FromWorker::Failed { code: "engine_trapped".into(), message: "unreachable".into() }
}

#[test]
fn a_denied_camera_can_be_tried_again() {
    let mut world = World::new();
    world.reach_document();
    world.act(Action::Begin);
    world.send(camera_error(ErrorKind::CameraDenied));
    let error = world.flow.view().error.unwrap();
    assert_eq!((error.code, error.retryable), ("camera_denied", true));
    world.act(Action::Retry);
    assert_eq!(world.screen(), Screen::DocumentCapture);
    world.camera_opens(Facing::Environment);
    assert_eq!(world.began_document(), 1);
}

#[test]
fn leaving_at_a_camera_error_cancels_with_its_reason() {
    for (kind, reason) in [
        (ErrorKind::CameraDenied, Reason::CameraDenied),
        (ErrorKind::CameraNotFound, Reason::CameraUnavailable),
        (ErrorKind::CameraInUse, Reason::CameraUnavailable),
    ] {
        let mut world = World::new();
        world.reach_document();
        world.act(Action::Begin);
        world.send(camera_error(kind));
        world.act(Action::Leave);
        assert_eq!(world.relay.canceled, Some(reason));
        assert_eq!(world.screen(), Screen::Done);
    }
}

#[test]
fn an_insecure_page_says_so_before_it_asks_for_anything() {
    let mut world = World::with(|params| params.camera = CameraAccess::Insecure);
    world.start();
    let error = world.flow.view().error.unwrap();
    assert_eq!((error.code, error.retryable), ("insecure_context", false));
    world.act(Action::Retry);
    assert_eq!(world.screen(), Screen::Error);
    world.act(Action::Leave);
    assert_eq!(world.relay.canceled, Some(Reason::CameraUnavailable));
}

#[test]
fn a_browser_without_cameras_is_told_before_it_is_asked_for_anything() {
    let mut world = World::with(|params| params.camera = CameraAccess::Missing);
    world.start();
    assert_eq!((world.screen(), world.error_code()), (Screen::Error, Some("camera_not_found")));
    world.act(Action::Leave);
    assert_eq!(world.relay.canceled, Some(Reason::CameraUnavailable));
    assert_eq!(world.relay.count("PUT") + world.relay.count("POST /consent"), 0);
}

#[test]
fn a_camera_that_stops_is_opened_again_once_and_then_reported() {
    let mut world = World::new();
    world.reach_document();
    world.act(Action::Begin);
    world.camera_opens(Facing::Environment);
    world.send(Event::CameraEnded);
    assert_eq!(world.screen(), Screen::DocumentCapture);
    world.camera_opens(Facing::Environment);
    assert_eq!(world.began_document(), 2);
    world.send(Event::CameraEnded);
    assert_eq!(world.error_code(), Some("camera_ended"));
}

#[test]
fn a_hidden_page_gives_the_camera_back_and_begins_again_when_shown() {
    let mut world = World::new();
    world.reach_document();
    world.act(Action::Begin);
    world.camera_opens(Facing::Environment);
    world.send(Event::Visible(false));
    assert_eq!(world.done.last(), Some(&Effect::CloseCamera));
    world.wait(120_000.0);
    assert_eq!(world.screen(), Screen::DocumentCapture, "no time runs out while hidden");
    world.send(Event::Visible(true));
    assert_eq!(world.done.last(), Some(&Effect::OpenCamera { facing: Facing::Environment }));
    world.camera_opens(Facing::Environment);
    assert_eq!(world.began_document(), 2);
}

#[test]
fn a_camera_that_opens_after_the_user_left_is_closed() {
    let mut world = World::new();
    world.reach_document();
    world.act(Action::Begin);
    world.act(Action::Cancel);
    let before = world.count(&Effect::CloseCamera);
    world.camera_opens(Facing::Environment);
    assert_eq!((world.screen(), before), (Screen::Done, 1));
}

#[test]
fn a_trapped_worker_is_replaced_and_the_step_begins_again() {
    let mut world = World::new();
    world.reach_document();
    world.act(Action::Begin);
    world.camera_opens(Facing::Environment);
    world.message(trap());
    let view = world.flow.view();
    assert_eq!((view.screen, view.engine_ready), (Screen::DocumentCapture, false));
    assert_eq!(world.count(&Effect::StartWorker), 2);
    world.engine_loads();
    assert_eq!(world.began_document(), 2);
    world.document_status(DocumentHint::Capturing, 1.0, 1);
    world.capture(CaptureKind::DocumentFront);
    world.face_step(true);
    assert_eq!(world.screen(), Screen::Done);
}

#[test]
fn a_worker_that_keeps_trapping_is_reported_after_three_replacements() {
    let mut world = World::new();
    world.reach_document();
    world.act(Action::Begin);
    world.camera_opens(Facing::Environment);
    for _ in 0..3 {
        world.send(Event::Worker(WorkerEvent::Lost { cause: "no answer" }));
        assert_eq!(world.screen(), Screen::DocumentCapture);
        world.engine_loads();
    }
    world.message(trap());
    assert_eq!(world.error_code(), Some("engine_trapped"));
    world.act(Action::Retry);
    assert_eq!(world.count(&Effect::StartWorker), 5);
    world.camera_opens(Facing::Environment);
    world.engine_loads();
    assert_eq!(world.screen(), Screen::DocumentCapture);
}

#[test]
fn an_engine_that_cannot_be_fetched_disturbs_nobody_until_it_is_needed() {
    let mut world = World::new();
    world.start();
    let failed = || FromWorker::Failed { code: "engine_load_failed".into(), message: "HTTP 404".into() };
    for _ in 0..4 {
        world.message(failed());
        world.wait(5_000.0);
    }
    assert_eq!(world.screen(), Screen::Consent);
    world.act(Action::Agree);
    assert_eq!(world.error_code(), Some("engine_load_failed"));
    world.act(Action::Retry);
    assert_eq!(world.screen(), Screen::DocumentIntro);
    world.engine_loads();
    world.act(Action::Begin);
    world.camera_opens(Facing::Environment);
    assert_eq!(world.began_document(), 1);
}

#[test]
fn a_model_with_another_digest_is_not_tried_again() {
    let mut world = World::new();
    world.reach_document();
    world.act(Action::Begin);
    let code = "model_digest_mismatch".into();
    world.message(FromWorker::Failed { code, message: "face_mesh".into() });
    let error = world.flow.view().error.unwrap();
    assert_eq!((error.code, error.retryable), ("model_digest_mismatch", false));
}

#[test]
fn a_bad_frame_is_no_error() {
    let mut world = World::new();
    world.reach_document();
    world.act(Action::Begin);
    world.camera_opens(Facing::Environment);
    world.message(FromWorker::Failed { code: "bad_frame".into(), message: "0x0".into() });
    assert_eq!((world.screen(), world.count(&Effect::StartWorker)), (Screen::DocumentCapture, 1));
}

#[test]
fn an_upload_whose_answer_was_lost_is_not_sent_twice() {
    let mut world = World::new();
    world.relay.faults.push(("PUT /captures/1/document_front", Fault::LostAfter));
    world.reach_document();
    world.document_step();
    world.wait(1_000.0);
    world.face_step(true);
    assert_eq!(world.screen(), Screen::Done);
    assert_eq!(world.relay.count("PUT /captures/1/document_front"), 1);
}

#[test]
fn an_upload_that_did_not_arrive_is_sent_again() {
    let mut world = World::new();
    world.relay.faults.push(("PUT /captures/1/selfie", Fault::LostBefore));
    world.reach_document();
    world.document_step();
    world.face_step(true);
    assert_eq!(world.screen(), Screen::Submitting);
    world.wait(1_000.0);
    assert_eq!(world.screen(), Screen::Done);
    assert_eq!(world.relay.count("PUT /captures/1/selfie"), 1);
    assert_eq!(world.relay.held.len(), 4);
}

#[test]
fn a_completion_whose_answer_was_lost_is_asked_for_again() {
    let mut world = World::new();
    world.relay.faults.push(("POST /complete", Fault::LostBefore));
    world.reach_document();
    world.document_step();
    world.face_step(true);
    world.wait(1_000.0);
    assert_eq!(world.screen(), Screen::Done);
}

#[test]
fn offline_waits_and_goes_on_when_the_network_is_back() {
    let mut world = World::new();
    world.reach_document();
    world.send(Event::Online(false));
    world.document_step();
    world.face_step(true);
    let view = world.flow.view();
    assert_eq!((view.screen, view.online), (Screen::Submitting, false));
    world.wait(300_000.0);
    assert_eq!((world.screen(), world.relay.count("PUT")), (Screen::Submitting, 0));
    world.send(Event::Online(true));
    assert_eq!((world.screen(), world.relay.count("PUT")), (Screen::Done, 4));
}

#[test]
fn a_relay_that_is_down_is_reported_after_its_tries_and_can_be_tried_again() {
    let mut world = World::new();
    for _ in 0..6 {
        world.relay.faults.push(("GET /plan", Fault::Status(503)));
    }
    world.start();
    assert_eq!(world.screen(), Screen::Loading);
    world.wait(60_000.0);
    assert_eq!(world.error_code(), Some("server_unavailable"));
    world.act(Action::Retry);
    assert_eq!(world.screen(), Screen::Consent);
}

#[test]
fn a_failing_upload_does_not_disturb_the_step_that_runs() {
    let mut world = World::new();
    for _ in 0..6 {
        world.relay.faults.push(("PUT /captures/1/document_front", Fault::Status(500)));
    }
    world.reach_document();
    world.document_step();
    world.act(Action::Begin);
    world.camera_opens(Facing::User);
    world.wait(40_000.0);
    assert_eq!(world.screen(), Screen::FaceCapture);
    world.face_status(FacePhase::Challenge, FaceHint::TurnLeft, None, 0);
    let report = world.report(true);
    world.face_status(FacePhase::Done, FaceHint::Done, Some(report), 0);
    assert_eq!(world.screen(), Screen::Done);
    assert_eq!(world.relay.held.len(), 1);
}

#[test]
fn a_session_that_runs_out_ends_the_flow() {
    let mut world = World::new();
    world.reach_document();
    world.wait(900_000.0);
    assert_eq!(world.error_code(), Some("session_expired"));
    assert_eq!(world.saved, None);
}

#[test]
fn a_cancellation_that_cannot_be_sent_does_not_hold_the_user() {
    let mut world = World::new();
    world.reach_document();
    for _ in 0..6 {
        world.relay.faults.push(("POST /cancel", Fault::LostBefore));
    }
    world.act(Action::Cancel);
    world.wait(60_000.0);
    assert_eq!(world.error_code(), Some("network_lost"));
    world.act(Action::Leave);
    assert_eq!((world.screen(), world.flow.view().return_url), (Screen::Done, None));
}

#[test]
fn a_plan_of_another_major_version_is_refused() {
    let mut world = World::new();
    world.relay.faults.push(("GET /plan", Fault::Hangs));
    world.start();
    let body = r#"{"protocol_version":"4.3"}"#.to_owned();
    let answer = Ok(crate::submission::Response { status: 200, retry_after_ms: None, body });
    world.send(Event::Answered { id: world.hanging[0], answer, jitter_ratio: 0.0 });
    let error = world.flow.view().error.unwrap();
    assert_eq!((error.code, error.retryable), ("unsupported_version", false));
}
