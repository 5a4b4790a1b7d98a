//! From the plan to the receipt.

use super::*;

#[test]
fn goes_from_the_plan_to_the_receipt() {
    let mut world = World::new();
    world.start();
    world.engine_loads();
    let view = world.flow.view();
    assert_eq!((view.screen, view.step_index, view.step_count), (Screen::Consent, 0, 3));
    assert_eq!(view.steps, ["consent", "document", "face"]);
    assert_eq!(view.consent.unwrap().version, "2026-01");
    assert!(view.engine_ready);

    world.now_ms = 2_000.0;
    world.act(Action::Agree);
    assert_eq!(world.relay.consent.as_ref().unwrap().given_at_ms, 1_700_000_002_000);
    world.document_step();
    world.face_step(true);

    assert_eq!(world.screen(), Screen::Done);
    assert_eq!(
        world.relay.log,
        [
            "POST /session",
            "GET /plan",
            "POST /device-key",
            "POST /consent",
            "PUT /captures/1/document_front",
            "PUT /captures/1/selfie",
            "PUT /captures/1/action_1",
            "PUT /captures/1/action_2",
            "POST /complete",
        ]
    );
    let evidence = &world.relay.evidence[0];
    assert_eq!(evidence.consent.locale, "ko");
    assert_eq!(evidence.nonce, "nonce of attempt 1");
    assert_eq!(evidence.document_kind, Some(DocumentKind::Id3));
    assert_eq!(evidence.captures.len(), 4);
    assert_eq!(
        evidence.cameras.iter().map(|c| c.facing.as_str()).collect::<Vec<_>>(),
        ["environment", "user"]
    );
    assert_eq!(evidence.models[0].name, "face_mesh");
    assert!(evidence.liveness.as_ref().unwrap().challenge_met);
    assert_eq!((evidence.timings_ms.document_frame, evidence.timings_ms.face_frame), (12.0, 30.0));

    assert_eq!(world.announced.last(), Some(&Announcement::Submitted { submission_id: "sub-1".into() }));
    assert_eq!(world.saved, None, "nothing is kept");
    let view = world.flow.view();
    assert_eq!(view.return_url.as_deref(), Some("https://shop.example/back"));
    assert_eq!((view.submission_id.as_deref(), view.cancelled), (Some("sub-1"), false));
}

#[test]
fn opens_the_rear_camera_for_the_document_and_the_front_camera_for_the_face() {
    let mut world = World::new();
    world.reach_document();
    world.document_step();
    world.face_step(true);
    let camera: Vec<_> = world
        .done
        .iter()
        .filter(|effect| matches!(effect, Effect::OpenCamera { .. } | Effect::CloseCamera))
        .cloned()
        .collect();
    assert_eq!(
        camera,
        [
            Effect::OpenCamera { facing: Facing::Environment },
            Effect::CloseCamera,
            Effect::OpenCamera { facing: Facing::User },
            Effect::CloseCamera,
        ]
    );
}

#[test]
fn frames_flow_only_when_camera_and_engine_are_both_there() {
    let mut world = World::new();
    world.start();
    world.message(FromWorker::Progress { loaded: 25, total: 100 });
    world.act(Action::Agree);
    assert_eq!(world.flow.view().progress, 0.25);
    world.act(Action::Begin);
    world.camera_opens(Facing::Environment);
    assert_eq!((world.began_document(), world.count(&Effect::StartFrames)), (0, 0));
    world.engine_loads();
    assert_eq!((world.began_document(), world.count(&Effect::StartFrames)), (1, 1));
}

#[test]
fn the_view_shows_what_the_worker_sees() {
    let mut world = World::new();
    world.reach_document();
    assert_eq!(world.flow.view().document_kinds, [DocumentKind::Id1, DocumentKind::Id3]);
    world.act(Action::Begin);
    world.camera_opens(Facing::Environment);
    world.document_status(DocumentHint::Glare, 0.0, 0);
    let view = world.flow.view();
    assert_eq!(view.hint, Some(Hint::Document(DocumentHint::Glare)));
    assert_eq!(view.frame, Some(Size { width: 1280, height: 720 }));
    assert!(view.quad.is_some() && !view.mirrored);
    world.document_status(DocumentHint::Capturing, 1.0, 1);
    world.capture(CaptureKind::DocumentFront);

    world.act(Action::Begin);
    world.camera_opens(Facing::User);
    world.face_status(FacePhase::Challenge, FaceHint::TurnRight, None, 0);
    let view = world.flow.view();
    assert_eq!((view.hint, view.mirrored), (Some(Hint::Face(FaceHint::TurnRight)), true));
    assert!(view.face.is_some());
    let challenge = view.challenge.expect("a challenge");
    assert_eq!((challenge.count, challenge.done, challenge.draw, challenge.asked), (2, 1, 0, None));
}

#[test]
fn an_unmet_challenge_is_submitted_and_retried_with_the_document_kept() {
    let mut world = World::new();
    world.relay.retries.push_back(Reason::LivenessFailed);
    world.reach_document();
    world.document_step();
    world.face_step(false);
    let view = world.flow.view();
    assert_eq!(view.screen, Screen::TryAgain);
    let notice = RetryNotice { reason: Reason::LivenessFailed, attempts_left: 2 };
    assert_eq!(view.retry, Some(notice));
    assert!(!world.relay.evidence[0].liveness.as_ref().unwrap().challenge_met);

    world.act(Action::Retry);
    assert_eq!((world.screen(), world.flow.view().attempt), (Screen::FaceIntro, 2));
    world.face_step(true);
    assert_eq!(world.screen(), Screen::Done);
    assert_eq!(world.relay.count("PUT /captures/1/document_front"), 1);
    assert_eq!(world.relay.count("PUT /captures/2/document_front"), 0);
    let evidence = &world.relay.evidence[1];
    assert_eq!((evidence.attempt, evidence.nonce.as_str()), (2, "nonce of attempt 2"));
    let captures: Vec<_> = evidence.captures.iter().map(|meta| (meta.kind, meta.attempt)).collect();
    assert_eq!(
        captures,
        [
            (CaptureKind::DocumentFront, 1),
            (CaptureKind::Selfie, 2),
            (CaptureKind::Action1, 2),
            (CaptureKind::Action2, 2)
        ]
    );
}

#[test]
fn three_unmet_challenges_end_at_the_relay() {
    let mut world = World::new();
    world.relay.retries.extend([Reason::LivenessFailed, Reason::LivenessFailed]);
    world.reach_document();
    world.document_step();
    world.face_step(false);
    world.act(Action::Retry);
    world.face_step(false);
    world.act(Action::Retry);
    world.face_step(false);
    assert_eq!((world.screen(), world.relay.evidence.len()), (Screen::Done, 3));
}

#[test]
fn a_plan_without_a_face_completes_after_the_document() {
    let mut world = World::new();
    world.relay.steps.pop();
    world.reach_document();
    world.document_step();
    assert_eq!(world.screen(), Screen::Done);
    assert_eq!(world.relay.evidence[0].liveness, None);
}

#[test]
fn refusing_the_terms_cancels_without_any_capture() {
    let mut world = World::new();
    world.start();
    world.act(Action::Refuse);
    assert_eq!(world.relay.canceled, Some(Reason::ConsentRefused));
    assert_eq!(world.relay.count("PUT"), 0);
    assert_eq!(world.screen(), Screen::Done);
    assert_eq!(world.announced.last(), Some(&Announcement::Cancel { reason: Reason::ConsentRefused }));
    let view = world.flow.view();
    assert_eq!(view.return_url.as_deref(), Some("https://shop.example/canceled"));
    assert_eq!((view.submission_id, view.cancelled), (None, true));
}

#[test]
fn a_document_that_is_not_found_in_time_can_be_tried_again_or_given_up() {
    let mut world = World::new();
    world.reach_document();
    world.act(Action::Begin);
    world.camera_opens(Facing::Environment);
    world.document_status(DocumentHint::Searching, 0.0, 0);
    world.wait(60_000.0);
    assert_eq!(world.screen(), Screen::DocumentTimeout);
    assert_eq!(world.done.last(), Some(&Effect::CloseCamera));

    world.act(Action::Retry);
    assert_eq!(world.screen(), Screen::DocumentCapture);
    world.camera_opens(Facing::Environment);
    world.wait(60_000.0);
    assert_eq!(world.screen(), Screen::DocumentTimeout);
    world.act(Action::Cancel);
    assert_eq!(world.relay.canceled, Some(Reason::DocumentNotFound));
    assert_eq!(world.screen(), Screen::Done);
}

#[test]
fn the_time_for_the_face_counts_only_until_the_challenge_begins() {
    let mut world = World::new();
    world.reach_document();
    world.document_step();
    world.act(Action::Begin);
    world.camera_opens(Facing::User);
    world.face_status(FacePhase::Position, FaceHint::NoFace, None, 0);
    world.wait(45_000.0);
    assert_eq!(world.screen(), Screen::FaceTimeout);
    world.act(Action::Retry);
    world.camera_opens(Facing::User);
    world.face_status(FacePhase::Challenge, FaceHint::TurnLeft, None, 0);
    world.wait(45_000.0);
    assert_eq!(world.screen(), Screen::FaceCapture);
    world.act(Action::Cancel);
    assert_eq!(world.relay.canceled, Some(Reason::UserCanceled));
}

#[test]
fn giving_up_at_the_face_timeout_says_that_no_face_was_found() {
    let mut world = World::new();
    world.reach_document();
    world.document_step();
    world.act(Action::Begin);
    world.camera_opens(Facing::User);
    world.wait(45_000.0);
    world.act(Action::Cancel);
    assert_eq!(world.relay.canceled, Some(Reason::FaceNotFound));
}

#[test]
fn actions_that_a_screen_does_not_offer_change_nothing() {
    let mut world = World::new();
    world.start();
    for action in [Action::Begin, Action::Retry] {
        world.act(action);
        assert_eq!(world.screen(), Screen::Consent);
    }
    world.act(Action::Agree);
    world.act(Action::Agree);
    world.act(Action::Refuse);
    assert_eq!((world.screen(), world.relay.count("POST /consent")), (Screen::DocumentIntro, 1));
}

#[test]
fn an_address_that_would_run_script_is_not_returned_to() {
    let mut world = World::new();
    world.start();
    world.flow.end(Some("javascript:alert(1)".into()), Some("sub-1".into()));
    assert_eq!(world.flow.view().return_url, None);
}

#[test]
fn the_visitor_chooses_another_set_and_the_same_nonce_gives_its_actions() {
    let mut relay = Relay::new();
    relay.alternatives = vec![ChallengeSet::NoHeadMovement];
    let mut world = World::on(relay, Some("one-time"), Saved::Nothing, |_| {});
    world.reach_document();
    world.act(Action::Choose(ChallengeSet::NoHeadMovement));
    world.document_step();
    let challenge = world.flow.view().challenge.expect("the introduction of the face");
    assert_eq!(challenge.set, ChallengeSet::Standard, "there is nothing to choose before");
    assert_eq!(challenge.sets, [ChallengeSet::Standard, ChallengeSet::NoHeadMovement]);
    world.act(Action::Choose(ChallengeSet::NoPreciseSight));
    world.act(Action::Choose(ChallengeSet::NoHeadMovement));
    assert_eq!(
        world.flow.view().challenge.map(|challenge| challenge.set),
        Some(ChallengeSet::NoHeadMovement)
    );
    world.act(Action::Begin);
    world.camera_opens(Facing::User);
    let begun = world.done.iter().find_map(|effect| match effect {
        Effect::Worker(ToWorker::BeginFace { challenge, .. }) => Some(challenge.clone()),
        _ => None,
    });
    let begun = begun.expect("the face step began");
    let nonce = idv_seal::challenge::nonce_of(&begun.nonce).expect("a nonce");
    let actions = idv_seal::challenge::schedule(&nonce, ChallengeSet::NoHeadMovement, 0);
    assert_eq!((begun.set, begun.actions), (ChallengeSet::NoHeadMovement, actions));
}
