//! What becomes of a picture, each rule as a sentence.

use super::super::jpeg::tests::tiny;
use super::super::session::JUDGING_MS;
use super::super::step::tests::*;
use super::super::{Context, Effect, Picture, Reply, Request, Verdict, step};
use idv_protocol::{CaptureKind, Code, Reason};
use sha2::{Digest, Sha256};

#[test]
fn a_capture_sent_twice_is_stored_once() {
    let request = capture(1, CaptureKind::DocumentFront, 0);
    let first = step(&agreed(SELFIE_POLICY), &request, &context()).expect("taken");
    assert!(matches!(&first.reply, Reply::Capture(ack) if !ack.already_held));
    assert!(matches!(first.effects.as_slice(), [Effect::StoreCapture { attempt: 1, .. }]));
    let session = first.session.expect("changed");
    let again = step(&session, &request, &context()).expect("taken again");
    assert!(matches!(&again.reply, Reply::Capture(ack) if ack.already_held));
    assert_eq!((again.session, again.effects), (None, vec![]));
}

#[test]
fn another_picture_takes_the_place_of_the_first_while_the_attempt_is_open() {
    let session = with_captures(agreed(SELFIE_POLICY));
    let stale = complete(&session);
    let other = step(&session, &capture(1, CaptureKind::Selfie, 9), &context()).expect("taken");
    let Reply::Capture(ack) = &other.reply else { panic!("no ack") };
    assert!(!ack.already_held);
    let jpeg = Picture(tiny(640, 480, 9));
    let stored =
        Effect::StoreCapture { attempt: 1, kind: CaptureKind::Selfie, sha256: ack.sha256.clone(), jpeg };
    assert_eq!(other.effects, [stored]);
    let session = other.session.expect("changed");
    assert_eq!(session.held(CaptureKind::Selfie).map(|held| &held.sha256), Some(&ack.sha256));
    assert_eq!(session.captures.len(), 4, "in its place, not beside it");
    assert_eq!(completed(&session).0, Reply::Pending);
    let retry = Reply::Retry { reason: Reason::EvidenceInvalid, attempts_left: 2 };
    assert_eq!(run(&session, &stale).0, retry, "evidence that names the picture before it");
}

#[test]
fn an_attempt_whose_evidence_was_taken_takes_no_other_picture() {
    let (reply, session) = {
        let session = with_captures(agreed(SELFIE_POLICY));
        completed(&session)
    };
    assert_eq!(reply, Reply::Pending);
    assert_eq!(refused(&session, &capture(1, CaptureKind::Selfie, 9)), Code::OutOfOrder);
    let (reply, _) = run(&session, &capture(1, CaptureKind::Selfie, 1));
    assert!(matches!(reply, Reply::Capture(ack) if ack.already_held), "the same one is no other");
    assert_eq!(completed(&session).0, Reply::Pending, "completed again");
    let unanswered = Context { now_ms: NOW_MS + JUDGING_MS, ..context() };
    let reloaded = step(&session, &Request::Plan, &unanswered).expect("a plan").session.expect("begun again");
    let later = step(&reloaded, &capture(1, CaptureKind::Selfie, 9), &unanswered).expect("taken");
    assert!(matches!(later.reply, Reply::Capture(ack) if !ack.already_held), "nobody judged it");
    let next = judge(&session, Verdict::Failed(Reason::LivenessFailed)).1;
    let (reply, _) = run(&next, &capture(2, CaptureKind::Selfie, 9));
    assert!(matches!(reply, Reply::Capture(_)), "the next attempt is open");
}

#[test]
fn another_document_in_a_later_attempt_is_a_capture_of_that_attempt() {
    let session = with_captures(agreed(SELFIE_POLICY));
    let next = judge(&session, Verdict::Failed(Reason::LivenessFailed)).1;
    let kept = next.held(CaptureKind::DocumentFront).cloned().expect("kept");
    let taken = step(&next, &capture(2, CaptureKind::DocumentFront, 9), &context()).expect("taken");
    assert!(matches!(taken.effects.as_slice(), [Effect::StoreCapture { attempt: 2, .. }]));
    let after = taken.session.expect("changed");
    let held = after.held(CaptureKind::DocumentFront).expect("held");
    assert_eq!((kept.attempt, held.attempt), (1, 2));
    assert_ne!(kept.sha256, held.sha256);
}

#[test]
fn each_bad_capture_has_its_own_code() {
    let session = run(&agreed(SELFIE_POLICY), &capture(1, CaptureKind::Selfie, 0)).1;
    assert_eq!(refused(&session, &capture(2, CaptureKind::Action1, 0)), Code::OutOfOrder);
    let damaged = |request: Request| match request {
        Request::Capture { attempt, kind, sealed, .. } => {
            Request::Capture { attempt, kind, sha256: "0".repeat(64), sealed }
        }
        request => request,
    };
    let turn = |bytes: &[u8]| capture_of(1, CaptureKind::Action1, bytes);
    assert_eq!(refused(&session, &damaged(turn(&tiny(64, 64, 0)))), Code::DigestMismatch);
    assert_eq!(refused(&session, &turn(b"no picture")), Code::NotAnImage);
    let large = vec![0; idv_protocol::relay::MAX_CAPTURE_BYTES + 1];
    assert_eq!(refused(&session, &turn(&large)), Code::BodyTooLarge);
    let sealed = tiny(64, 64, 0);
    let sha256 = hex::encode(Sha256::digest(&sealed));
    let plain = Request::Capture { attempt: 1, kind: CaptureKind::Action1, sha256, sealed };
    assert_eq!(refused(&session, &plain), Code::InvalidRequest, "not sealed");
    let document_only = agreed(DOCUMENT_POLICY);
    assert_eq!(refused(&document_only, &capture(1, CaptureKind::Selfie, 0)), Code::OutOfOrder);
}
