//! The shapes, member by member.

use super::*;
use crate::flow::{
    ChallengeView, Entry, ErrorNotice, OtpView, PersonView, RetryNotice, Screen, SecretView, SignatureView,
    WaitView,
};
use idv_protocol::face::Asked;
use idv_protocol::{
    Action, ActionKind, ChallengeSet, EntryProblem, FaceHint, FieldError, FieldProblem, PersonField, Point,
    PxRect, Quad, Reason, Recipient, SignatureTrigger, Size,
};
use serde_json::json;

#[test]
fn a_view_is_camel_case_with_codes_as_strings() {
    let view = View {
        screen: Screen::FaceCapture,
        steps: vec!["document", "face"],
        step_index: 2,
        step_count: 3,
        attempt: 1,
        max_attempts: 3,
        progress: 0.5,
        engine_ready: true,
        online: true,
        hint: Some(Hint::Face(FaceHint::TurnLeft)),
        challenge: Some(ChallengeView {
            set: ChallengeSet::Standard,
            sets: vec![ChallengeSet::Standard, ChallengeSet::NoPreciseSight],
            count: 2,
            done: 1,
            draw: 1,
            asked: Some(Asked {
                action: Action { kind: ActionKind::Blink, times: 3, window_ms: 8_000 },
                done: 2,
                left_ms: 4_500.5,
            }),
        }),
        mirrored: true,
        frame: Some(Size { width: 640, height: 480 }),
        quad: Some(Quad([
            Point::new(1.0, 2.0),
            Point::new(3.0, 2.0),
            Point::new(3.0, 4.0),
            Point::new(1.0, 4.0),
        ])),
        face: Some(PxRect { x: 1.0, y: 2.0, width: 3.0, height: 4.0 }),
        document_kinds: vec![DocumentKind::Id3],
        side: Some(DocumentSide::Back),
        two_sided: true,
        manual: true,
        busy: true,
        person: Some(PersonView {
            country: "kr".into(),
            fields: vec![PersonField::FullName],
            errors: vec![FieldError { field: PersonField::FullName, problem: FieldProblem::Missing }],
        }),
        otp: Some(OtpView {
            digits: 6,
            sent: true,
            phone_end: Some("43".into()),
            expires_at_ms: 3.0,
            resend_at_ms: 2.0,
            tries_left: 4,
            sends_left: 1,
            problem: Some(EntryProblem::Wrong),
        }),
        secret: Some(SecretView {
            digits: 4,
            country: "jp".into(),
            tries_left: 2,
            problem: Some(EntryProblem::Expired),
        }),
        signature: Some(SignatureView {
            provider: "toss",
            triggers: vec![SignatureTrigger::Push, SignatureTrigger::AppScheme],
            wait: Some(WaitView {
                trigger: SignatureTrigger::AppScheme,
                uri: Some("intent://a".into()),
                expires_at_ms: 4.0,
                looking: true,
            }),
        }),
        upload: false,
        file_problem: Some(FileProblem::Heic),
        consent: Some(ConsentTerms {
            version: "1".into(),
            text: "t".into(),
            recipients: vec![Recipient { name: "n".into(), country: "kr".into(), purpose: "p".into() }],
            retention_days: 30,
        }),
        retry: Some(RetryNotice { reason: Reason::FaceMismatch, attempts_left: 2 }),
        error: Some(ErrorNotice { code: "camera_denied", retryable: true }),
        return_url: Some("https://a.example/".into()),
        submission_id: Some("sub-1".into()),
        cancelled: false,
    };
    assert_eq!(
        serde_json::to_value(ViewDto::from(view)).unwrap(),
        json!({
            "screen": "face_capture", "steps": ["document", "face"], "stepIndex": 2, "stepCount": 3, "attempt": 1, "maxAttempts": 3,
            "progress": 0.5, "engineReady": true, "online": true, "hint": "turn_left",
            "challenge": {"set": "standard", "sets": ["standard", "no_precise_sight"], "count": 2, "done": 1, "draw": 1,
                "action": {"kind": "blink", "times": 3, "done": 2, "leftMs": 4500.5, "windowMs": 8000}},
            "mirrored": true, "frame": {"width": 640, "height": 480},
            "quad": [[1.0, 2.0], [3.0, 2.0], [3.0, 4.0], [1.0, 4.0]],
            "face": {"x": 1.0, "y": 2.0, "width": 3.0, "height": 4.0},
            "documentKinds": ["id3"], "side": "back", "twoSided": true, "manual": true, "upload": false,
            "busy": true,
            "person": {"country": "kr", "fields": ["full_name"],
                "errors": [{"field": "full_name", "problem": "missing"}]},
            "otp": {"digits": 6, "sent": true, "phoneEnd": "43", "expiresAtMs": 3.0, "resendAtMs": 2.0,
                "triesLeft": 4, "sendsLeft": 1, "problem": "wrong"},
            "secret": {"digits": 4, "country": "jp", "triesLeft": 2, "problem": "expired"},
            "signature": {"provider": "toss", "triggers": ["push", "app_scheme"],
                "wait": {"trigger": "app_scheme", "uri": "intent://a", "expiresAtMs": 4.0, "looking": true}},
            "fileProblem": "heic",
            "consent": {"version": "1", "text": "t", "retentionDays": 30,
                "recipients": [{"name": "n", "country": "kr", "purpose": "p"}]},
            "retry": {"reason": "face_mismatch", "attemptsLeft": 2},
            "error": {"code": "camera_denied", "retryable": true},
            "returnUrl": "https://a.example/", "submissionId": "sub-1", "cancelled": false,
        })
    );
}

#[test]
fn what_is_handed_in_is_told_by_its_step() {
    let read = |value: serde_json::Value| serde_json::from_value::<EntryDto>(value).map(Entry::from).ok();
    let typed = read(json!({ "step": "person", "fields": { "full_name": "A", "phone": "1" } }));
    let Some(Entry::Person(form)) = typed else { panic!("no form") };
    assert_eq!((form.text(PersonField::FullName), form.text(PersonField::Phone)), ("A", "1"));
    assert_eq!(read(json!({ "step": "otp", "code": "123456" })), Some(Entry::Code("123456".into())));
    assert_eq!(read(json!({ "step": "secret", "secret": "1" })), Some(Entry::Secret("1".into())));
    assert_eq!(
        read(json!({ "step": "signature", "trigger": "app_scheme" })),
        Some(Entry::Signature(SignatureTrigger::AppScheme))
    );
    for bad in [json!({}), json!({ "step": "face" }), json!({ "step": "person", "fields": { "pin": "1" } })] {
        assert_eq!(read(bad), None);
    }
}
