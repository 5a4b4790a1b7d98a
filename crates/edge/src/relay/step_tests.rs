//! The relay's rules, each as a sentence.

use super::super::jpeg::tests::tiny;
use super::super::session::{HeldCapture, NewSession, expire};
use super::super::{PageKey, Verdict, challenge_of, decided, exchange, steps_of};
use super::*;
use crate::evidence::{DeviceKey, seal};
use crate::tomo::PolicyKey;
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use idv_protocol::evidence::StepTimings;
use idv_protocol::plan::Step as PlanStep;
use idv_protocol::seal::{BuildUse, FrameCommitment, FrameHead, FrameOpening, FrameStep};
use idv_protocol::{
    ActionResult, CaptureMeta, CaptureMethod, ChallengeSet, Evidence, LivenessReport, PROTOCOL_VERSION,
    Passive, QualityReport, Size,
};
use idv_seal::challenge::schedule;
use idv_seal::configuration::configuration_sha256;
use idv_seal::frames::{leaf, pixel_bytes, write};
use idv_seal::jose::SealTo;
use idv_seal::merkle::Tree;
use sha2::{Digest, Sha256};

pub(in crate::relay) const NOW_MS: u64 = 1_700_000_000_000;
pub(in crate::relay) const SELFIE_POLICY: &str =
    "unknown:document:passport:document_ocr_check:owner_check:submitted_doc_selfie_match";
pub(in crate::relay) const DOCUMENT_POLICY: &str =
    "us:document:id_card:document_ocr_check:no_owner_assurance";

pub(in crate::relay) fn context() -> Context {
    Context {
        now_ms: NOW_MS,
        random: [7; 32],
        otp_key: [9; 32],
        verifier: VerifierSecret::new(&[9; 32]).expect("a secret"),
        terms: ConsentTerms {
            version: "terms-1".into(),
            text: String::new(),
            recipients: vec![],
            retention_days: 1,
        },
        params: PlanParams::default(),
        test_camera: false,
    }
}

/// A session that waits for its start token.
pub(in crate::relay) fn waiting(policy_key: &str) -> Session {
    let key = policy_key.parse::<PolicyKey>().expect("key");
    let policy = key.policy.expect("policy");
    let parts = NewSession {
        id: "s1".into(),
        submission_id: "sub1".into(),
        policy_key: policy_key.into(),
        steps: steps_of(&key.country, &policy, &PlanParams::default()).expect("steps"),
        challenge_set: ChallengeSet::default(),
        start_expires_at_ms: NOW_MS + 1000,
    };
    Session::new(parts, &[1; 32])
}

pub(in crate::relay) fn page_key(fill: u8) -> PageKey {
    PageKey::from_text(&URL_SAFE_NO_PAD.encode([fill; 32])).expect("key")
}

fn session_for(policy_key: &str) -> Session {
    exchange(&waiting(policy_key), &page_key(1), &context()).expect("exchanged").1
}

/// A session whose device key is registered and whose consent was given.
pub(in crate::relay) fn agreed(policy_key: &str) -> Session {
    let session = registered(&session_for(policy_key));
    run(&session, &Request::Consent(consent_record())).1
}

fn consent_record() -> ConsentRecord {
    ConsentRecord { version: "terms-1".into(), locale: "en".into(), given_at_ms: NOW_MS }
}

/// Runs a request that must succeed: the reply, and the session from then on.
pub(in crate::relay) fn run(session: &Session, request: &Request) -> (Reply, Session) {
    let step = step(session, request, &context()).expect("accepted");
    (step.reply, step.session.unwrap_or_else(|| session.clone()))
}

pub(in crate::relay) fn refused(session: &Session, request: &Request) -> Code {
    step(session, request, &context()).expect_err("refused").code
}

pub(in crate::relay) fn capture(attempt: u32, kind: CaptureKind, fill: u8) -> Request {
    capture_of(attempt, kind, &tiny(640, 480, fill))
}

/// A capture of these bytes, sealed.
pub(in crate::relay) fn capture_of(attempt: u32, kind: CaptureKind, bytes: &[u8]) -> Request {
    let sealed = sealed(attempt, Some(kind), bytes);
    Request::Capture { attempt, kind, sha256: hex::encode(Sha256::digest(&sealed)), sealed }
}

pub(in crate::relay) fn sealed(attempt: u32, kind: Option<CaptureKind>, bytes: &[u8]) -> Vec<u8> {
    let verifier = context().verifier.of_session("s1").expect("a key").jwk().clone();
    let to = SealTo { verifier, session: "s1".into(), attempt, kind };
    seal(&to, bytes, &[3; 32], &[4; 12]).expect("sealed").into_bytes()
}

pub(in crate::relay) fn device() -> DeviceKey {
    DeviceKey::from_random(&[5; 32]).expect("a key")
}

pub(in crate::relay) fn registered(session: &Session) -> Session {
    let proof = device().registration(&session.id, &session.nonce).expect("signed");
    run(session, &Request::DeviceKey(proof)).1
}

/// One frame for each capture that is held, of the time at which it was taken.
fn film(session: &Session) -> (Tree, Vec<FrameHead>) {
    let heads: Vec<FrameHead> = session.captures.iter().map(|held| head(held.kind)).collect();
    let mut tree = Tree::default();
    heads.iter().for_each(|head| tree.push(&leaf(head, &vec![7; pixel_bytes(head)])));
    (tree, heads)
}

fn head(kind: CaptureKind) -> FrameHead {
    let frame = Size { width: 640, height: 480 };
    FrameHead { step: FrameStep::of_capture(kind), at_us: 0, frame, part: [0, 0, 640, 480] }
}

/// The frames that the session asks for, with pixels of this grey.
pub(in crate::relay) fn frames_of(session: &Session, grey: u8) -> Request {
    let (tree, heads) = film(session);
    let drawn = &session.committed.as_ref().expect("committed").drawn;
    let openings: Vec<FrameOpening> = drawn
        .iter()
        .map(|index| {
            let path = tree.path(*index as usize).expect("a leaf").iter().map(hex::encode).collect();
            FrameOpening { index: *index, head: heads[*index as usize], path }
        })
        .collect();
    let pixels: Vec<Vec<u8>> =
        openings.iter().map(|opening| vec![grey; pixel_bytes(&opening.head)]).collect();
    let parts: Vec<&[u8]> = pixels.iter().map(Vec::as_slice).collect();
    let sealed = sealed(session.attempt, None, &write(&openings, &parts).expect("written"));
    Request::Frames { attempt: session.attempt, sha256: hex::encode(Sha256::digest(&sealed)), sealed }
}

/// Completes the open attempt and shows the frames that are asked for.
pub(in crate::relay) fn completed(session: &Session) -> (Reply, Session) {
    let (reply, session) = run(session, &complete(session));
    match reply {
        Reply::Frames { .. } => run(&session, &frames_of(&session, 7)),
        reply => (reply, session),
    }
}

pub(in crate::relay) fn signed(evidence: &Evidence) -> Request {
    let json = serde_json::to_string(evidence).expect("JSON");
    let jws = device().sign_evidence(&json).expect("signed");
    Request::Complete(Box::new(Manifest::read(jws).expect("evidence")))
}

/// Sends the captures that the open attempt still lacks.
pub(in crate::relay) fn with_captures(mut session: Session) -> Session {
    let face = [CaptureKind::Selfie, CaptureKind::Action1, CaptureKind::Action2];
    let back = session.document_step().is_some_and(|step| step.asks_back(None));
    let asked = [CaptureKind::DocumentFront]
        .into_iter()
        .chain(back.then_some(CaptureKind::DocumentBack))
        .chain(face.into_iter().filter(|_| session.asks_face()));
    for (index, kind) in asked.collect::<Vec<_>>().into_iter().enumerate() {
        if session.held(kind).is_none() {
            session = run(&session, &capture(session.attempt, kind, index as u8)).1;
        }
    }
    session
}

/// Evidence that fits everything the session holds.
pub(in crate::relay) fn evidence(session: &Session) -> Evidence {
    let (tree, _) = film(session);
    let count = tree.len() as u32;
    let meta = |(index, held): (usize, &HeldCapture)| CaptureMeta {
        kind: held.kind,
        attempt: held.attempt,
        sha256: held.sha256.clone(),
        bytes: held.bytes.expect("a length"),
        size: Size { width: 640, height: 480 },
        at_ms: 0.0,
        frame: Some(index as u32),
        quad: None,
        quality: QualityReport::default(),
        reading: None,
        barcode: None,
        method: CaptureMethod::Automatic,
    };
    let met = |action| ActionResult {
        action,
        prompted_at_ms: 0.0,
        met_at_ms: Some(1.0),
        value: 30.0,
        depth: Some(0.1),
    };
    Evidence {
        protocol_version: PROTOCOL_VERSION.into(),
        module_version: "0".into(),
        session_id: session.id.clone(),
        attempt: session.attempt,
        nonce: session.nonce.clone(),
        issued_at_ms: NOW_MS,
        device_key: device().thumbprint().into(),
        build: BuildUse::default(),
        configuration_sha256: configuration_sha256(&plan_of(session, &context()).expect("a plan")),
        frames: (count > 0).then(|| FrameCommitment {
            root: hex::encode(tree.root()),
            count,
            openable: vec![[0, count - 1]],
        }),
        consent: consent_record(),
        models: vec![],
        cameras: vec![],
        document_kind: None,
        captures: session.captures.iter().enumerate().map(meta).collect(),
        liveness: challenge_of(session, &PlanParams::default()).map(|challenge| LivenessReport {
            nonce: challenge.nonce,
            set: challenge.set,
            draw: 0,
            actions: challenge.actions.into_iter().map(met).collect(),
            challenge_met: true,
            depth: None,
            breaks: vec![],
            passive: Passive::NotRun,
            cues: vec![],
            poses: vec![],
            frames: 1,
            duration_ms: 1.0,
        }),
        timings_ms: StepTimings::default(),
    }
}

pub(in crate::relay) fn complete(session: &Session) -> Request {
    signed(&evidence(session))
}

pub(in crate::relay) fn judge(session: &Session, verdict: Verdict) -> (Reply, Session) {
    let context = Context { random: [session.attempt as u8 + 100; 32], ..context() };
    let step = decided(session, session.attempt, verdict, &context).expect("judged");
    (step.reply, step.session.expect("moves on"))
}

#[test]
fn the_plan_names_steps_challenge_and_attempts() {
    let (Reply::Plan(plan), _) = run(&session_for(SELFIE_POLICY), &Request::Plan) else { panic!("no plan") };
    assert_eq!((plan.attempt, plan.max_attempts, plan.consent_given), (1, 3, false));
    let challenge = plan.challenge.expect("challenge");
    assert_eq!(challenge.nonce, "01".repeat(32));
    assert_eq!(challenge.actions, schedule(&[1; 32], ChallengeSet::Standard, 0));
    assert_eq!((challenge.tolerance_ms, challenge.max_draws), (1_000, 3));
    let (Reply::Plan(plan), _) = run(&session_for(DOCUMENT_POLICY), &Request::Plan) else {
        panic!("no plan")
    };
    assert!(plan.challenge.is_none());
}

#[test]
fn nothing_is_captured_before_consent() {
    let session = session_for(SELFIE_POLICY);
    assert_eq!(refused(&session, &capture(1, CaptureKind::DocumentFront, 0)), Code::OutOfOrder);
    assert_eq!(refused(&session, &complete(&session)), Code::OutOfOrder);
    let other_terms = ConsentRecord { version: "terms-0".into(), ..consent_record() };
    assert_eq!(refused(&session, &Request::Consent(other_terms)), Code::InvalidRequest);
}

#[test]
fn consent_given_twice_keeps_the_first() {
    let session = agreed(SELFIE_POLICY);
    let later = ConsentRecord { given_at_ms: NOW_MS + 9, ..consent_record() };
    let (reply, after) = run(&session, &Request::Consent(later));
    assert_eq!((reply, after), (Reply::Done, session));
}

#[test]
fn complete_evidence_is_judged_and_an_approval_ends_the_session() {
    for policy in [SELFIE_POLICY, DOCUMENT_POLICY] {
        let session = with_captures(agreed(policy));
        let step = step(&session, &complete(&session), &context()).expect("taken");
        assert!(matches!(step.effects.as_slice(), [Effect::StoreEvidence(_)]), "frames first: {step:?}");
        assert_eq!(completed(&session).0, Reply::Pending);
        let (reply, after) = judge(&session, Verdict::Approved);
        let Reply::Settled(settled) = reply else { panic!("not settled") };
        assert_eq!((settled.outcome, settled.reason, settled.attempt), (Outcome::Approved, None, 1));
        assert_eq!(run(&after, &complete(&session)).0, Reply::Settled(settled), "sent again");
        assert_eq!(refused(&after, &Request::Plan), Code::SessionClosed);
        assert_eq!(refused(&after, &capture(1, CaptureKind::DocumentFront, 0)), Code::SessionClosed);
    }
}

#[test]
fn a_card_has_two_sides_and_the_front_comes_first() {
    let session = agreed(DOCUMENT_POLICY);
    let back = capture(1, CaptureKind::DocumentBack, 2);
    assert_eq!(refused(&session, &back), Code::OutOfOrder);
    let (_, front) = run(&session, &capture(1, CaptureKind::DocumentFront, 1));
    assert_eq!(refused(&front, &complete(&front)), Code::OutOfOrder, "its back is missing");
    let (_, both) = run(&front, &back);
    assert_eq!(completed(&both).0, Reply::Pending);
    let passport = agreed(SELFIE_POLICY);
    let (_, page) = run(&passport, &capture(1, CaptureKind::DocumentFront, 1));
    assert_eq!(refused(&page, &back), Code::OutOfOrder, "a passport's page has one");
}

#[test]
fn a_file_counts_where_the_plan_allows_it_and_for_documents_alone() {
    let judged = |upload: bool, of: CaptureKind| {
        let mut session = with_captures(agreed(SELFIE_POLICY));
        for step in &mut session.steps {
            if let PlanStep::Document(step) = step {
                step.upload = upload;
            }
        }
        let mut evidence = evidence(&session);
        for capture in &mut evidence.captures {
            if capture.kind == of {
                capture.method = CaptureMethod::Upload;
            }
        }
        matches!(run(&session, &signed(&evidence)).0, Reply::Frames { .. })
    };
    assert!(judged(true, CaptureKind::DocumentFront));
    assert!(!judged(false, CaptureKind::DocumentFront));
    assert!(!judged(true, CaptureKind::Selfie));
}

#[test]
fn completing_before_every_capture_has_arrived_is_out_of_order() {
    let session = with_captures(agreed(SELFIE_POLICY));
    let request = complete(&session);
    for kind in [CaptureKind::DocumentFront, CaptureKind::Selfie, CaptureKind::Action2] {
        let mut lacking = session.clone();
        lacking.captures.retain(|held| held.kind != kind);
        assert_eq!(refused(&lacking, &request), Code::OutOfOrder, "{kind:?}");
    }
}

#[test]
fn evidence_that_does_not_fit_costs_an_attempt_and_all_captures() {
    let session = with_captures(agreed(SELFIE_POLICY));
    let spoilt: [fn(&mut Evidence); 7] = [
        |evidence| evidence.nonce = "02".repeat(32),
        |evidence| evidence.captures[1].sha256 = "0".repeat(64),
        |evidence| evidence.captures[1].attempt = 2,
        |evidence| evidence.consent.version = "terms-0".into(),
        |evidence| evidence.captures.retain(|capture| capture.kind != CaptureKind::Action2),
        |evidence| evidence.captures.push(evidence.captures[0].clone()),
        |evidence| evidence.liveness.as_mut().expect("report").nonce = "02".repeat(32),
    ];
    for (index, spoil) in spoilt.into_iter().enumerate() {
        let mut evidence = evidence(&session);
        spoil(&mut evidence);
        let (reply, after) = run(&session, &signed(&evidence));
        let expected = Reply::Retry { reason: Reason::EvidenceInvalid, attempts_left: 2 };
        assert_eq!(reply, expected, "case {index}");
        assert_eq!((after.attempt, after.captures.len()), (2, 0), "case {index}");
    }
}

fn refused_on_wire(evidence: &Evidence) -> Code {
    let jws = device().sign_evidence(&serde_json::to_string(evidence).expect("JSON")).expect("signed");
    let route = super::super::wire::Route::of("POST", "/complete").expect("a route");
    route.request(super::super::wire::Head::default(), jws.into_bytes()).expect_err("refused").code
}

#[test]
fn evidence_of_another_session_or_version_is_not_taken() {
    let session = with_captures(agreed(SELFIE_POLICY));
    let other = Evidence { session_id: "s2".into(), ..evidence(&session) };
    assert_eq!(refused(&session, &signed(&other)), Code::InvalidRequest);
    let newer = Evidence { protocol_version: "4.0".into(), ..evidence(&session) };
    assert_eq!(refused_on_wire(&newer), Code::UnsupportedVersion);
    let minor = Evidence { protocol_version: "3.9".into(), ..evidence(&session) };
    assert!(matches!(run(&session, &signed(&minor)).0, Reply::Frames { .. }));
}

#[test]
fn evidence_without_a_liveness_report_costs_the_attempt_and_keeps_the_document() {
    let mut session = with_captures(agreed(SELFIE_POLICY));
    session.captures.retain(|held| held.kind != CaptureKind::Action2);
    let unseen = Evidence { liveness: None, captures: vec![], ..evidence(&session) };
    let (reply, after) = run(&session, &signed(&unseen));
    assert_eq!(reply, Reply::Retry { reason: Reason::LivenessFailed, attempts_left: 2 });
    assert!(after.held(CaptureKind::DocumentFront).is_some() && after.held(CaptureKind::Selfie).is_none());
}

#[test]
fn three_failed_attempts_reject_with_the_last_reason() {
    let mut session = with_captures(agreed(SELFIE_POLICY));
    let mut nonces = vec![session.nonce.clone()];
    for (attempt, left) in [(1, 2), (2, 1)] {
        let old = complete(&session);
        let (reply, next) = judge(&session, Verdict::Failed(Reason::LivenessFailed));
        assert_eq!(reply, Reply::Retry { reason: Reason::LivenessFailed, attempts_left: left });
        assert_eq!(run(&next, &old).0, reply, "attempt {attempt} completed again");
        let late = capture(attempt, CaptureKind::Action1, 9);
        assert_eq!(refused(&next, &late), Code::OutOfOrder, "a late upload");
        nonces.push(next.nonce.clone());
        session = with_captures(next);
        assert_eq!(completed(&session).0, Reply::Pending);
    }
    nonces.dedup();
    assert_eq!(nonces.len(), 3, "each attempt has its own challenge");
    let (reply, after) = judge(&session, Verdict::Failed(Reason::FaceMismatch));
    let Reply::Settled(settled) = reply else { panic!("not settled") };
    assert_eq!((settled.outcome, settled.reason), (Outcome::Rejected, Some(Reason::FaceMismatch)));
    assert_eq!(settled.attempt, 3);
    assert_eq!(refused(&after, &capture(3, CaptureKind::Selfie, 9)), Code::SessionClosed);
}

#[test]
fn a_failed_face_keeps_the_document_and_a_failed_document_keeps_nothing() {
    let session = with_captures(agreed(SELFIE_POLICY));
    for reason in [Reason::LivenessFailed, Reason::FaceMismatch, Reason::FaceNotFound] {
        let next = judge(&session, Verdict::Failed(reason)).1;
        let (Reply::Plan(plan), _) = run(&next, &Request::Plan) else { panic!("no plan") };
        let kinds: Vec<CaptureKind> = plan.received.iter().map(|received| received.kind).collect();
        assert_eq!((plan.attempt, kinds), (2, vec![CaptureKind::DocumentFront]), "{reason:?}");
        let (reply, _) = run(&next, &capture(2, CaptureKind::DocumentFront, 0));
        assert!(matches!(reply, Reply::Capture(ack) if ack.already_held), "not stored twice");
        let mut without_document = with_captures(next);
        without_document.captures.rotate_left(1);
        let mut evidence = evidence(&without_document);
        evidence.captures.retain(|capture| capture.kind != CaptureKind::DocumentFront);
        let (reply, _) = run(&without_document, &signed(&evidence));
        assert!(matches!(reply, Reply::Frames { .. }), "the kept document need not be listed");
    }
    for reason in [Reason::DocumentNotFound, Reason::PortraitNotFound, Reason::EvidenceInvalid] {
        assert!(judge(&session, Verdict::Failed(reason)).1.captures.is_empty(), "{reason:?}");
    }
}

#[path = "step_end_tests.rs"]
mod ends;
