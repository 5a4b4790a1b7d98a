//! How attempts and sessions end.

use super::*;

#[test]
fn an_attempt_judged_twice_gets_the_first_answer() {
    let session = with_captures(agreed(SELFIE_POLICY));
    let (first, next) = judge(&session, Verdict::Failed(Reason::FaceMismatch));
    let again = decided(&next, 1, Verdict::Approved, &context()).expect("answered");
    assert_eq!((again.reply, again.session), (first, None));
}

#[test]
fn a_cancelled_session_names_its_reason_and_stays_so() {
    let cancel = |reason| Request::Cancel(CancelRequest { reason });
    let (reply, after) = run(&session_for(SELFIE_POLICY), &cancel(Reason::CameraDenied));
    let Reply::Settled(settled) = reply else { panic!("not settled") };
    assert_eq!((settled.outcome, settled.reason), (Outcome::Canceled, Some(Reason::CameraDenied)));
    assert_eq!(run(&after, &cancel(Reason::UserCanceled)).0, Reply::Settled(settled));
    assert_eq!(refused(&session_for(SELFIE_POLICY), &cancel(Reason::FaceMismatch)), Code::InvalidRequest);
}

#[test]
fn a_vendors_last_word_ends_it_at_the_first_attempt() {
    let session = with_captures(agreed(SELFIE_POLICY));
    for (verdict, outcome, reason) in [
        (Verdict::Rejected(Reason::VendorRejected), Outcome::Rejected, Some(Reason::VendorRejected)),
        (Verdict::Pending, Outcome::PendingReview, None),
    ] {
        let (reply, after) = judge(&session, verdict);
        let Reply::Settled(settled) = reply else { panic!("not settled") };
        assert_eq!((settled.outcome, settled.reason, settled.attempt), (outcome, reason, 1));
        assert_eq!(after.settled, Some(settled));
    }
}

#[test]
fn the_receipt_names_no_verdict() {
    let session = with_captures(agreed(SELFIE_POLICY));
    let receipts =
        [Verdict::Approved, Verdict::Pending, Verdict::Failed(Reason::FaceMismatch)].map(|verdict| {
            let last = Session { attempt: 3, ..session.clone() };
            let (reply, after) = judge(&last, verdict);
            serde_json::to_value(
                reply.receipt(&after, |_| "https://shop.example/back".into()).expect("receipt"),
            )
        });
    let [approved, pending, rejected] = receipts.map(|receipt| receipt.expect("json"));
    assert_eq!((&approved, &approved), (&pending, &rejected));
}

#[test]
fn when_time_is_over_the_session_has_expired() {
    let session = with_captures(agreed(SELFIE_POLICY));
    let late = Context { now_ms: session.expires_at_ms, ..context() };
    let all = [
        Request::Plan,
        Request::Consent(consent_record()),
        capture(1, CaptureKind::Selfie, 1),
        complete(&session),
        Request::Cancel(CancelRequest { reason: Reason::UserCanceled }),
    ];
    for request in all {
        let code = step(&session, &request, &late).expect_err("late").code;
        assert_eq!(code, Code::SessionExpired, "{request:?}");
    }
    assert_eq!(expire(&session, session.expires_at_ms - 1), None);
    let settled =
        expire(&session, session.expires_at_ms).and_then(|session| session.settled).expect("settled");
    assert_eq!((settled.outcome, settled.reason), (Outcome::Expired, Some(Reason::SessionExpired)));
}

#[test]
fn the_declarations_know_every_reason() {
    let declared = include_str!("../../js/types/relay.d.ts");
    let union = declared
        .split_once("type Reason =")
        .and_then(|(_, rest)| rest.split_once(';'))
        .map(|(union, _)| union);
    let mut declared: Vec<&str> =
        union.expect("a union").split('|').map(|code| code.trim().trim_matches('\'')).collect();
    declared.retain(|code| !code.is_empty());
    assert_eq!(declared, Reason::ALL.map(Reason::code));
}
