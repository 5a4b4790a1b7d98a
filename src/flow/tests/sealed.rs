//! Keys, frames and times: what the flow has sealed and signed.

use super::*;
use crate::flow::tests::relay::ISSUED_AT_MS;
use idv_protocol::seal::{FrameHead, FrameStep, HeldFrame};
use idv_seal::frames::{pixel_bytes, read};

/// A frame of the face step, as the worker hands it over.
fn held(index: u32) -> (HeldFrame, Vec<u8>) {
    let frame = Size { width: 1280, height: 720 };
    let head = FrameHead { step: FrameStep::Face, at_us: u64::from(index), frame, part: [0, 0, 1280, 720] };
    (HeldFrame { index, head }, vec![index as u8; pixel_bytes(&head)])
}

/// From the start to the end of the face step, on a relay that asks for these frames.
fn asked_for(frames: &[u32]) -> World {
    let mut world = World::new();
    world.relay.frames_asked = Some(frames.to_vec());
    world.reach_document();
    world.document_step();
    world.face_step(true);
    world
}

fn opening(world: &World) -> Option<&Vec<u32>> {
    world.done.iter().find_map(|effect| match effect {
        Effect::Worker(ToWorker::OpenFrames { indices }) => Some(indices),
        _ => None,
    })
}

#[test]
fn the_key_is_registered_before_anything_else_is_sent() {
    let mut world = World::new();
    world.reach_document();
    assert_eq!(world.relay.log, ["POST /session", "GET /plan", "POST /device-key", "POST /consent"]);
    world.document_step();
    world.face_step(true);
    assert_eq!(world.relay.count("POST /device-key"), 1);
    let evidence = world.relay.evidence.last().expect("evidence");
    assert_eq!(evidence.device_key, "cn-I_WNMClehiVp51i_0VpOENW1upEerA8sEam5hn-s");
    assert_eq!(evidence.nonce, "nonce of attempt 1");
}

#[test]
fn a_plan_waits_for_the_key_and_a_browser_without_one_is_told_why() {
    let mut world = World::new();
    world.key = None;
    world.start();
    assert_eq!((world.screen(), world.error_code()), (Screen::Error, Some("insecure_context")));

    let mut flow = World::new().flow;
    let mut relay = Relay::new();
    let mut effects = flow.step(Event::Start, 0.0);
    while let Some(request) = effects.iter().find_map(|effect| match effect {
        Effect::Http(request) => Some(request.clone()),
        _ => None,
    }) {
        let answer = relay.take(&request).expect("an answer");
        effects = flow.step(Event::Answered { id: request.id, answer, jitter_ratio: 0.5 }, 1.0);
    }
    assert_eq!((flow.view().screen, relay.log.len()), (Screen::Loading, 2));
    flow.step(Event::DeviceKey(Some(device_key())), 2.0);
    assert_eq!(flow.view().screen, Screen::Consent);
}

#[test]
fn a_reload_registers_another_key_and_the_captures_stay() {
    let mut world = World::new();
    world.reach_document();
    world.document_step();
    let mut world = world.reloaded();
    world.start();
    assert_eq!((world.screen(), world.relay.count("POST /device-key")), (Screen::FaceIntro, 2));
    world.engine_loads();
    world.face_step(true);
    let evidence = world.relay.evidence.last().expect("evidence");
    let frames: Vec<_> = evidence.captures.iter().map(|capture| (capture.kind, capture.frame)).collect();
    assert_eq!(frames[0], (CaptureKind::DocumentFront, None), "its leaf was of the page before");
    assert!(frames[1..].iter().all(|(_, frame)| frame.is_some()));
}

#[test]
fn a_relay_that_knows_another_key_is_told_this_one() {
    let mut world = World::new();
    world.reach_document();
    world.document_step();
    world.relay.key_registered = false;
    world.face_step(true);
    assert_eq!((world.screen(), world.relay.count("POST /device-key")), (Screen::Done, 2));
}

#[test]
fn times_are_the_relays_whatever_the_device_thinks() {
    let mut world = World::new();
    world.wait(50_000.0);
    world.start();
    world.engine_loads();
    world.wait(2_500.0);
    world.act(Action::Agree);
    world.document_step();
    world.wait(1_000.0);
    world.face_step(true);
    let evidence = world.relay.evidence.last().expect("evidence");
    assert_eq!(evidence.consent.given_at_ms, ISSUED_AT_MS + 2_500);
    assert_eq!(evidence.issued_at_ms, ISSUED_AT_MS + 3_500);
}

#[test]
fn every_frame_is_committed_to_and_those_asked_for_are_shown() {
    let mut world = asked_for(&[2, 4]);
    let committed = world.relay.evidence[0].frames.clone().expect("frames");
    assert_eq!((committed.count, committed.openable), (5, vec![[1, 4]]));
    assert_eq!(opening(&world), Some(&vec![2, 4]));
    assert_eq!((world.screen(), world.relay.frames.is_none()), (Screen::Submitting, true));
    let (frames, pixels): (Vec<_>, Vec<_>) = [2, 4].map(held).into_iter().unzip();
    world.send(Event::Worker(WorkerEvent::Frames { frames, pixels: pixels.concat().into() }));
    assert_eq!(world.screen(), Screen::Done);
    let bytes = world.relay.frames.expect("frames");
    let opened: Vec<u32> = read(&bytes).expect("frames").iter().map(|(opening, _)| opening.index).collect();
    assert_eq!(opened, [2, 4]);
}

#[test]
fn a_worker_that_breaks_down_before_it_shows_them_leaves_none() {
    let mut world = asked_for(&[2, 4]);
    world.send(Event::Worker(WorkerEvent::Lost { cause: "gone" }));
    assert_eq!(world.relay.frames.as_deref().and_then(read), Some(Vec::new()));
    assert_eq!(world.screen(), Screen::Done, "the relay says what comes of it");
}

#[test]
fn frames_that_break_off_on_the_way_are_sent_again() {
    let mut world = asked_for(&[4]);
    world.relay.faults.push(("POST /frames", Fault::LostBefore));
    let (frame, pixels) = held(4);
    world.send(Event::Worker(WorkerEvent::Frames { frames: vec![frame], pixels: pixels.into() }));
    world.wait(2_000.0);
    assert_eq!((world.screen(), world.relay.count("POST /complete")), (Screen::Done, 1));
}

#[test]
fn another_attempt_commits_to_its_own_frames() {
    let mut world = World::new();
    world.relay.retries.push_back(Reason::LivenessFailed);
    world.reach_document();
    world.document_step();
    world.face_step(true);
    world.act(Action::Retry);
    world.face_step(true);
    let counts: Vec<_> = world
        .relay
        .evidence
        .iter()
        .map(|evidence| evidence.frames.as_ref().map(|frames| frames.count))
        .collect();
    assert_eq!(counts, [Some(5), Some(3)]);
    assert_eq!(world.relay.count("POST /device-key"), 1, "the key stays");
}

#[test]
fn signs_of_an_injected_camera_are_in_the_evidence_and_end_with_their_attempt() {
    let sign = |code, confidence| InjectionSignal::new(code, 1.0, confidence);
    let mut world = World::new();
    world.relay.retries.push_back(Reason::CameraNotGenuine);
    world.start();
    world.engine_loads();
    world.act(Action::Agree);
    world.act(Action::Begin);
    let camera = CameraUse { facing: "unknown".into(), width: 1280, height: 720, frame_rate: 30.0 };
    let signals = vec![sign(InjectionCode::VirtualCameraLabel, 0.9), sign(InjectionCode::Automation, 0.9)];
    world.send(Event::CameraOpened { facing: None, camera, signals });
    world.send(Event::Injection(sign(InjectionCode::FrameTiming, 0.4)));
    world.document_status(DocumentHint::Capturing, 1.0, 1);
    world.capture(CaptureKind::DocumentFront);
    world.face_step(true);
    let codes: Vec<_> = world.relay.evidence[0].injection.iter().map(|signal| signal.code).collect();
    let of_camera =
        [InjectionCode::VirtualCameraLabel, InjectionCode::FrameTiming, InjectionCode::Automation];
    assert_eq!(codes, of_camera);

    world.act(Action::Retry);
    world.face_step(true);
    assert_eq!(world.relay.evidence[1].injection, [], "another camera is judged by itself");
}
