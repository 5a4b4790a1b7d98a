//! The page is loaded again, or an answer was lost: what is kept, and how the flow goes on with it.

use super::*;
use crate::submission::PendingExchange;

#[test]
fn a_reload_in_the_middle_resumes_after_the_document() {
    let mut world = World::new();
    world.reach_document();
    world.document_step();
    let mut world = world.reloaded();
    world.start();
    world.engine_loads();
    assert_eq!(world.screen(), Screen::FaceIntro);
    world.face_step(true);
    assert_eq!(world.screen(), Screen::Done);
    assert_eq!((world.relay.count("POST /session"), world.relay.count("POST /consent")), (1, 1));
    assert_eq!(world.relay.count("PUT /captures/1/document_front"), 1);
    let evidence = &world.relay.evidence[0];
    assert_eq!(evidence.captures.len(), 4);
    assert_eq!(evidence.document_kind, Some(DocumentKind::Id3));
    assert_eq!(evidence.consent.given_at_ms, 1_700_000_000_000);
}

#[test]
fn a_reload_while_the_face_is_uploaded_repeats_only_the_face_in_the_same_attempt() {
    let mut world = World::new();
    world.relay.faults.push(("PUT /captures/1/action_1", Fault::Hangs));
    world.reach_document();
    world.document_step();
    world.face_step(true);
    assert_eq!((world.screen(), world.hanging.len()), (Screen::Submitting, 1));
    let before = world.relay.held.clone();
    let mut world = world.reloaded();
    world.now_ms = 5_000.0;
    world.start();
    world.engine_loads();
    world.face_step(true);
    assert_eq!(world.screen(), Screen::Done);
    assert_eq!(world.relay.count("PUT /captures/1/document_front"), 1);
    assert!(!world.relay.held.contains(&before[1]), "the selfie from before the reload was replaced");
    assert_eq!(world.relay.evidence.len(), 1, "no attempt is lost");
    assert_lists_what_is_held(&world);
}

#[test]
fn a_face_of_which_the_relay_took_only_a_part_is_repeated_as_a_whole() {
    let mut world = World::new();
    world.relay.faults.push(("PUT /captures/1/action_1", Fault::Refused(Code::OutOfOrder)));
    world.reach_document();
    world.document_step();
    world.face_step(true);
    assert_eq!((world.screen(), world.relay.held.len()), (Screen::FaceIntro, 2));
    world.now_ms = 5_000.0;
    world.face_step(true);
    assert_eq!(world.screen(), Screen::Done);
    assert_lists_what_is_held(&world);
}

/// The evidence lists exactly the pictures that the relay holds, with a report of this attempt.
fn assert_lists_what_is_held(world: &World) {
    let evidence = &world.relay.evidence[0];
    let listed: Vec<_> = evidence.captures.iter().map(|meta| (meta.kind, &meta.sha256)).collect();
    let mut held: Vec<_> = world.relay.held.iter().map(|held| (held.kind, &held.sha256)).collect();
    held.sort_unstable();
    assert_eq!(listed, held);
    let report = evidence.liveness.as_ref().expect("a report");
    assert_eq!((evidence.attempt, &report.nonce), (1, &evidence.nonce));
}

#[test]
fn a_consent_that_did_not_reach_the_relay_before_a_reload_is_sent_then() {
    let mut world = World::new();
    world.relay.faults.push(("POST /consent", Fault::Hangs));
    world.reach_document();
    let mut world = world.reloaded();
    world.start();
    assert_eq!(world.screen(), Screen::DocumentIntro);
    assert!(world.relay.consent.is_some());
}

#[test]
fn opening_the_start_url_again_in_the_same_tab_resumes_its_session() {
    let mut world = World::new();
    world.reach_document();
    let saved = Saved::Kept(world.saved.take().unwrap());
    let mut again = World::on(world.relay, Some("one-time"), saved.clone(), |_| {});
    again.start();
    assert_eq!((again.screen(), again.relay.count("POST /session")), (Screen::DocumentIntro, 1));

    let mut other = World::on(Relay::new(), Some("another"), saved, |_| {});
    other.start();
    assert_eq!(other.error_code(), Some("token_invalid"));
}

#[test]
fn an_exchange_whose_answer_was_lost_is_asked_for_again() {
    let mut world = World::new();
    world.relay.faults.push(("POST /session", Fault::LostAfter));
    world.start();
    assert_eq!(world.screen(), Screen::Loading);
    world.wait(1_000.0);
    assert_eq!((world.screen(), world.relay.count("POST /session")), (Screen::Consent, 2));
}

#[test]
fn a_page_that_is_reloaded_before_its_session_came_asks_again_as_the_same_page() {
    for token_still_in_the_address in [false, true] {
        let mut world = World::new();
        world.relay.faults.push(("POST /session", Fault::LostAfter));
        world.start();
        let Some(Kept::Exchange(pending)) = world.saved.clone() else { panic!("nothing pending is kept") };
        assert_eq!(pending.start_token, "one-time");
        let mut world = if token_still_in_the_address {
            let saved = Saved::Kept(Kept::Exchange(pending));
            World::on(world.relay, Some("one-time"), saved, |_| {})
        } else {
            world.reloaded()
        };
        world.start();
        assert_eq!((world.screen(), world.relay.count("POST /session")), (Screen::Consent, 2));
        let Some(Kept::Session(session)) = &world.saved else { panic!("no session is kept") };
        assert!(session.is_from("one-time"));
        let text = serde_json::to_string(&world.saved).unwrap();
        assert!(!text.contains("one-time") && !text.contains("page_key"), "neither token nor key stays");
    }
}

#[test]
fn a_pending_exchange_of_another_link_is_dropped() {
    let pending = PendingExchange::new("another".into(), &[9; 32]);
    let saved = Saved::Kept(Kept::Exchange(pending));
    let mut world = World::on(Relay::new(), Some("one-time"), saved, |_| {});
    world.start();
    assert_eq!((world.screen(), world.relay.count("POST /session")), (Screen::Consent, 1));
}

#[test]
fn a_pending_exchange_that_is_refused_is_forgotten() {
    let mut world = World::new();
    world.relay.faults.push(("POST /session", Fault::LostAfter));
    world.start();
    world.relay.faults.push(("POST /session", Fault::Refused(Code::TokenUsed)));
    let mut world = world.reloaded();
    world.start();
    assert_eq!((world.error_code(), world.saved), (Some("token_used"), None));
}

#[test]
fn a_used_token_ends_the_flow_without_a_cancellation() {
    let mut world = World::new();
    world.start();
    let mut again = World::on(world.relay, Some("one-time"), Saved::Nothing, |_| {});
    again.start();
    let error = again.flow.view().error.unwrap();
    assert_eq!((error.code, error.retryable), ("token_used", false));
    again.act(Action::Leave);
    assert_eq!((again.screen(), again.relay.count("POST /cancel")), (Screen::Done, 0));
    assert_eq!(again.flow.view().return_url, None);
}

#[test]
fn a_reload_without_a_kept_session_says_why() {
    let mut world = World::on(Relay::new(), None, Saved::Blocked, |_| {});
    world.start();
    assert_eq!(world.error_code(), Some("storage_blocked"));
    let mut world = World::on(Relay::new(), None, Saved::Nothing, |_| {});
    world.start();
    assert_eq!(world.error_code(), Some("session_unknown"));
}
