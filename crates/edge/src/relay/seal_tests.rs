//! Keys, commitments and frames at the relay, each rule as a sentence.

use super::super::step::tests::*;
use super::super::{Context, Effect, Reply, Request, Session, step};
use crate::evidence::{DeviceKey, Failure, Manifest};
use idv_protocol::{CaptureKind, Code, Reason};

fn other_key() -> DeviceKey {
    DeviceKey::from_random(&[6; 32]).expect("a key")
}

fn registering(key: &DeviceKey, session: &Session) -> Request {
    Request::DeviceKey(key.registration(&session.id, &session.nonce).expect("signed"))
}

fn plan_again(session: &Session) -> (u32, Session) {
    let (Reply::Plan(plan), after) = run(session, &Request::Plan) else { panic!("no plan") };
    (plan.attempt, after)
}

#[test]
fn the_plan_names_nonce_and_verifier_and_they_are_this_sessions() {
    let session = agreed(DOCUMENT_POLICY);
    let (Reply::Plan(plan), _) = run(&session, &Request::Plan) else { panic!("no plan") };
    assert_eq!(plan.nonce, session.nonce);
    let key = context().verifier.of_session(&session.id).expect("a key");
    assert_eq!(&plan.verifier, key.jwk());
}

#[test]
fn a_key_registers_itself_for_this_session_and_attempt() {
    let session = agreed(SELFIE_POLICY);
    assert_eq!(session.device_key.as_ref(), Some(device().jwk()));
    let again = registering(&device(), &session);
    assert_eq!(step(&session, &again, &context()).expect("taken").session, None, "twice is once");
    let stale = Session { nonce: "02".repeat(32), ..session.clone() };
    assert_eq!(refused(&session, &registering(&other_key(), &stale)), Code::OutOfOrder);
    let other = Session { id: "s2".into(), ..session.clone() };
    assert_eq!(refused(&session, &registering(&other_key(), &other)), Code::InvalidRequest);
    assert_eq!(refused(&session, &Request::DeviceKey("a.b.c".into())), Code::InvalidRequest);
}

#[test]
fn a_reloaded_page_registers_another_key_and_its_captures_stay_good() {
    let session = with_captures(agreed(SELFIE_POLICY));
    let (reply, after) = run(&session, &registering(&other_key(), &session));
    assert_eq!((reply, &after.captures), (Reply::Done, &session.captures));
    assert_eq!(refused(&after, &complete(&after)), Code::OutOfOrder, "the key before signs nothing any more");
    assert_eq!(completed(&registered(&after)).0, Reply::Pending);
}

#[test]
fn what_another_key_signed_costs_no_attempt() {
    let session = with_captures(agreed(SELFIE_POLICY));
    let json = serde_json::to_string(&evidence(&session)).expect("JSON");
    let theirs = other_key().sign_evidence(&json).expect("signed");
    let request = |jws: &str| Request::Complete(Box::new(Manifest::read(jws).expect("evidence")));
    assert_eq!(refused(&session, &request(&theirs)), Code::OutOfOrder);
    let ours = device().sign_evidence(&json).expect("signed");
    let (input, _) = ours.rsplit_once('.').expect("a signature");
    let (_, signature) = theirs.rsplit_once('.').expect("a signature");
    assert_eq!(refused(&session, &request(&format!("{input}.{signature}"))), Code::InvalidRequest);
}

#[test]
fn a_capture_that_was_sealed_for_another_place_is_not_taken() {
    let session = agreed(SELFIE_POLICY);
    let Request::Capture { sha256, sealed, .. } = capture(1, CaptureKind::Action1, 1) else { panic!() };
    let swapped = Request::Capture { attempt: 1, kind: CaptureKind::Selfie, sha256, sealed };
    assert_eq!(refused(&session, &swapped), Code::InvalidRequest);
    let Request::Capture { sha256, sealed, .. } = capture(2, CaptureKind::Selfie, 1) else { panic!() };
    let later = Request::Capture { attempt: 1, kind: CaptureKind::Selfie, sha256, sealed };
    assert_eq!(refused(&session, &later), Code::InvalidRequest);
}

#[test]
fn frames_are_asked_for_once_the_root_is_committed_and_the_same_ones_again() {
    let session = with_captures(agreed(SELFIE_POLICY));
    let (Reply::Frames { indices }, after) = run(&session, &complete(&session)) else { panic!("no frames") };
    assert_eq!(indices.len(), 4);
    let other = Context { random: [8; 32], ..context() };
    let again = step(&after, &complete(&session), &other).expect("taken");
    assert_eq!((again.reply, again.session), (Reply::Frames { indices }, None), "no second draw");
    let taken = step(&after, &frames_of(&after, 7), &context()).expect("taken");
    assert_eq!(taken.reply, Reply::Pending);
    assert!(
        matches!(taken.effects.as_slice(), [Effect::Frames(frames), Effect::Decide] if frames.len() == 4)
    );
    let judged = taken.session.expect("changed");
    assert_eq!(run(&judged, &frames_of(&judged, 7)).0, Reply::Pending, "sent again");
}

#[test]
fn frames_that_were_not_committed_to_cost_the_attempt_and_the_log_says_why() {
    let session = with_captures(agreed(SELFIE_POLICY));
    let (_, after) = run(&session, &complete(&session));
    let step = step(&after, &frames_of(&after, 8), &context()).expect("answered");
    assert_eq!(step.reply, Reply::Retry { reason: Reason::EvidenceInvalid, attempts_left: 2 });
    assert!(matches!(step.effects.as_slice(), [Effect::EvidenceRefused(Failure::FrameOther(_))]));
    let next = step.session.expect("the next attempt");
    assert_eq!((next.attempt, next.committed.clone()), (2, None));
    let sent_again = frames_of(&after, 7);
    assert_eq!(run(&next, &sent_again).0, step.reply, "the first answer stands");
}

#[test]
fn other_evidence_in_the_place_of_what_was_committed_costs_the_attempt() {
    let session = with_captures(agreed(SELFIE_POLICY));
    let (_, after) = run(&session, &complete(&session));
    let mut other = evidence(&session);
    other.module_version = "1".into();
    let (reply, _) = run(&after, &signed(&other));
    assert_eq!(reply, Reply::Retry { reason: Reason::EvidenceInvalid, attempts_left: 2 });
}

#[test]
fn while_frames_are_awaited_captures_and_key_stay_as_they_are() {
    let session = with_captures(agreed(SELFIE_POLICY));
    let (_, after) = run(&session, &complete(&session));
    assert_eq!(refused(&after, &capture(1, CaptureKind::Selfie, 9)), Code::OutOfOrder);
    assert_eq!(refused(&after, &registering(&other_key(), &after)), Code::RateLimited);
    assert_eq!(refused(&session, &frames_of(&after, 7)), Code::OutOfOrder, "none were asked for");
}

#[test]
fn a_page_that_is_reloaded_before_its_frames_completes_again_once() {
    let session = with_captures(agreed(SELFIE_POLICY));
    let (_, after) = run(&session, &complete(&session));
    let (attempt, reloaded) = plan_again(&after);
    assert_eq!((attempt, &reloaded.captures), (1, &session.captures), "nothing is lost");
    let (_, reloaded) = run(&reloaded, &registering(&other_key(), &reloaded));
    let (_, committed) = run(&registered(&reloaded), &complete(&reloaded));
    assert!(committed.committed.is_some());
    let (attempt, next) = plan_again(&committed);
    assert_eq!((attempt, next.captures.len()), (2, 1), "the second time costs the attempt, not the document");
    let last = Session { attempt: 3, ..committed };
    assert_eq!(refused(&last, &Request::Plan), Code::SessionClosed, "and the last one cannot be drawn anew");
}

#[test]
fn a_plan_that_is_asked_for_while_the_attempt_is_judged_changes_nothing() {
    let (_, judged) = completed(&with_captures(agreed(SELFIE_POLICY)));
    let (attempt, after) = plan_again(&judged);
    assert_eq!((attempt, after), (1, judged));
}
