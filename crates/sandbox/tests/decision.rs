//! The operator's decision on pictures of the specimen: the right person passes, and each thing that is wrong has
//! its own reason.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use idv_protocol::evidence::StepTimings;
use idv_protocol::injection::{InjectionCode, InjectionSignal};
use idv_protocol::plan::{DocumentStep, Step};
use idv_protocol::reading::CalendarDate;
use idv_protocol::seal::BuildUse;
use idv_protocol::{
    Action, ActionKind, ActionResult, CaptureKind, CaptureMeta, CaptureMethod, ChallengeSet, ConsentRecord,
    DepthReport, DocumentKind, Evidence, LivenessReport, PROTOCOL_VERSION, Passive, QualityReport, Reason,
    Size,
};
use idv_sandbox::decision::{CheckOutcome, Finding, Judge, Submission, TranscriptFault};
use idv_seal::challenge::{challenge, nonce_of, schedule};
use idv_specimen::assets::Assets;
use idv_specimen::document::{Kind, Order, PX_PER_MM, Photo, page, passport};
use idv_specimen::person::Subject;
use idv_specimen::recording::{self, FRONT_MS, HOLD_MS, OUT_MS, Recording, Settings};
use idv_vision::frame::decode_image;
use image::RgbImage;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

const SEED: u64 = 7;

/// A nonce whose challenge is left, then right.
const NONCE: &str = "0707070707070707070707070707070707070707070707070707070707070707";

const LEFT_RIGHT: [ActionKind; 2] = [ActionKind::TurnLeft, ActionKind::TurnRight];

/// When the specimen document lies sharp and still.
const STILL_MS: f64 = 4_000.0;

/// What the tests share: making people and documents is slow.
struct Stage {
    judge: Judge,
    assets: Assets,
    holder: Subject,
    other: Subject,
    document: Vec<u8>,
}

/// The stage, or nothing where set-up has not fetched models and pictures.
fn stage() -> Option<&'static Stage> {
    static STAGE: OnceLock<Option<Stage>> = OnceLock::new();
    let stage = STAGE.get_or_init(|| {
        let assets = Assets::open().ok()?;
        let judge = Judge::load(assets.models_dir()).ok()?;
        let dir = std::env::var_os("IDV_ASSETS")
            .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/assets"), PathBuf::from);
        let photo = |name: &str| idv_specimen::assets::photo(&dir.join(name)).ok();
        let holder = Subject::find(assets.portrait().ok()?, assets.models_dir()).ok()?;
        let other = Subject::find(photo("obama.jpg")?, assets.models_dir()).ok()?;
        let page = passport(&assets, SEED, &holder.photo, holder.face);
        let film = recording::document(&assets, &Settings::new(SEED), &page, 8_000.0).ok()?;
        let document = jpeg(&film.frame_at(STILL_MS));
        Some(Stage { judge, assets, holder, other, document })
    });
    if stage.is_none() {
        eprintln!("skipped: no models or pictures; set IDV_MODELS and IDV_ASSETS, or run the set-up");
    }
    stage.as_ref()
}

fn jpeg(picture: &RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 92)
        .encode_image(picture)
        .expect("encodes");
    bytes
}

fn size_of(jpeg: &[u8]) -> Size {
    let picture = image::load_from_memory(jpeg).expect("decodes");
    Size { width: picture.width(), height: picture.height() }
}

/// Selfie and both turns of a recording that makes `turns`.
fn face_pictures(film: &Recording) -> [(CaptureKind, Vec<u8>); 3] {
    let turn_ms = recording::OUT_MS + HOLD_MS + recording::BACK_MS + recording::REST_MS;
    let peak_ms = FRONT_MS + OUT_MS + HOLD_MS / 2.0;
    [
        (CaptureKind::Selfie, jpeg(&film.frame_at(1_300.0))),
        (CaptureKind::Action1, jpeg(&film.frame_at(peak_ms))),
        (CaptureKind::Action2, jpeg(&film.frame_at(peak_ms + turn_ms))),
    ]
}

fn person(subject: &Subject, kinds: [ActionKind; 2]) -> [(CaptureKind, Vec<u8>); 3] {
    let actions = kinds.map(|kind| Action { kind, times: 1, window_ms: 8_000 });
    face_pictures(&recording::face(&Settings::new(SEED), subject, &[actions]).expect("recording"))
}

/// A submission that says of itself what a page that met the challenge says.
fn submission(pictures: Vec<(CaptureKind, Vec<u8>)>) -> Submission {
    let captures = pictures
        .iter()
        .map(|(kind, jpeg)| CaptureMeta {
            kind: *kind,
            attempt: 1,
            sha256: hex::encode(Sha256::digest(jpeg)),
            bytes: u32::try_from(jpeg.len()).expect("length"),
            size: size_of(jpeg),
            at_ms: match kind {
                CaptureKind::Selfie => 500.0,
                CaptureKind::Action1 => 1_500.0,
                CaptureKind::Action2 => 4_500.0,
                CaptureKind::DocumentFront | CaptureKind::DocumentBack => 0.0,
            },
            frame: None,
            quad: None,
            quality: QualityReport::default(),
            reading: None,
            barcode: None,
            method: CaptureMethod::Automatic,
        })
        .collect();
    let challenge = challenge(NONCE, ChallengeSet::NoPreciseSight, 1_000, 3).expect("nonce");
    let actions = challenge.actions.iter().enumerate().map(|(index, action)| {
        let prompted_at_ms = 1_000.0 + 3_000.0 * index as f64;
        ActionResult {
            action: *action,
            prompted_at_ms,
            met_at_ms: Some(prompted_at_ms + 900.0),
            value: 30.0,
            depth: Some(0.1),
        }
    });
    let report = LivenessReport {
        nonce: NONCE.into(),
        set: ChallengeSet::NoPreciseSight,
        draw: 0,
        actions: actions.collect(),
        challenge_met: true,
        depth: Some(DepthReport { residual: 0.1, growth: None, frames: 20, flat: false }),
        breaks: vec![],
        passive: Passive::Scored { scores: vec![0.9, 0.8, 0.95], median: 0.9 },
        cues: vec![],
        poses: vec![],
        frames: 100,
        duration_ms: 6_000.0,
    };
    Submission {
        steps: vec![
            Step::Consent,
            Step::Document(DocumentStep::new(vec![DocumentKind::Id3], 1)),
            Step::Face { timeout_ms: 1 },
        ],
        challenge: Some(challenge),
        evidence: Evidence {
            protocol_version: PROTOCOL_VERSION.into(),
            module_version: "test".into(),
            session_id: "s".into(),
            attempt: 1,
            nonce: NONCE.into(),
            issued_at_ms: 1,
            device_key: String::new(),
            build: BuildUse::default(),
            configuration_sha256: String::new(),
            frames: None,
            consent: ConsentRecord { version: "1".into(), locale: "en".into(), given_at_ms: 1 },
            models: vec![],
            cameras: vec![],
            document_kind: Some(DocumentKind::Id3),
            captures,
            liveness: Some(report),
            injection: vec![],
            timings_ms: StepTimings::default(),
        },
        pictures: pictures.into_iter().collect(),
        frames: vec![],
        today: CalendarDate::new(2026, 1, 1),
        test_camera: false,
    }
}

/// The submission of the right person, as far as `change` leaves it so.
fn judged(stage: &Stage, change: impl FnOnce(&mut Vec<(CaptureKind, Vec<u8>)>)) -> Finding {
    static HOLDER: OnceLock<[(CaptureKind, Vec<u8>); 3]> = OnceLock::new();
    let face = HOLDER.get_or_init(|| person(&stage.holder, LEFT_RIGHT));
    let mut pictures = vec![(CaptureKind::DocumentFront, stage.document.clone())];
    pictures.extend(face.iter().cloned());
    change(&mut pictures);
    stage.judge.judge(&submission(pictures)).expect("judged").finding
}

#[test]
fn the_holder_of_the_document_is_approved() {
    let Some(stage) = stage() else { return };
    let finding = judged(stage, |_| {});
    assert_eq!(finding.reason, None, "{finding:?}");
    assert_eq!(finding.checks.biometric(), CheckOutcome::Passed);
    assert_eq!(finding.checks.document, CheckOutcome::Passed);
    assert_eq!(finding.actions.len(), 2);
    assert!(finding.document_quad.is_some());
}

#[test]
fn another_person_with_the_document_is_a_mismatch() {
    let Some(stage) = stage() else { return };
    let face = person(&stage.other, LEFT_RIGHT);
    let finding = judged(stage, |pictures| {
        pictures.truncate(1);
        pictures.extend(face);
    });
    assert_eq!(finding.reason, Some(Reason::FaceMismatch), "{finding:?}");
    assert_eq!(finding.checks.liveness, CheckOutcome::Passed);
    assert_eq!(finding.checks.document_comparison, CheckOutcome::Failed);
}

#[test]
fn turns_that_the_pictures_do_not_show_are_no_liveness() {
    let Some(stage) = stage() else { return };
    type Change = fn(&mut Vec<(CaptureKind, Vec<u8>)>);
    let changes: [(&str, Change); 3] = [
        ("the other way round", |pictures| {
            let first = std::mem::take(&mut pictures[2].1);
            let second = std::mem::replace(&mut pictures[3].1, first);
            pictures[2].1 = second;
        }),
        ("not turned at all", |pictures| pictures[2].1 = pictures[1].1.clone()),
        ("nobody there", |pictures| pictures[3].1 = pictures[0].1.clone()),
    ];
    for (what, change) in changes {
        let finding = judged(stage, change);
        assert_eq!(finding.reason, Some(Reason::LivenessFailed), "{what}: {finding:?}");
        assert_eq!(finding.checks.liveness, CheckOutcome::Failed, "{what}");
        assert_eq!(finding.face_similarity, None, "{what}");
    }
}

#[test]
fn somebody_else_in_the_turns_is_no_liveness() {
    let Some(stage) = stage() else { return };
    let [_, action_1, action_2] = person(&stage.other, LEFT_RIGHT);
    let finding = judged(stage, |pictures| {
        pictures.truncate(2);
        pictures.extend([action_1, action_2]);
    });
    assert_eq!(finding.reason, Some(Reason::LivenessFailed), "{finding:?}");
    assert_eq!(finding.checks.same_face, CheckOutcome::Failed);
}

#[test]
fn a_printed_face_that_claims_to_have_turned_is_no_liveness() {
    let Some(stage) = stage() else { return };
    let film = recording::print(&Settings::new(SEED), &stage.holder, 12_000.0).expect("recording");
    let mut pictures = vec![(CaptureKind::DocumentFront, stage.document.clone())];
    pictures.extend(face_pictures(&film));
    let mut submission = submission(pictures);
    let finding = stage.judge.judge(&submission).expect("judged").finding;
    assert_eq!(finding.transcript, Some(TranscriptFault::Scores), "a print has not the scores of a face");
    submission.evidence.liveness.as_mut().expect("report").passive = Passive::NotRun;
    let finding = stage.judge.judge(&submission).expect("judged").finding;
    assert_eq!(finding.reason, Some(Reason::LivenessFailed), "{finding:?}");
}

#[test]
fn what_is_missing_in_a_picture_is_named() {
    let Some(stage) = stage() else { return };
    let desk = recording::no_document(&stage.assets, &Settings::new(SEED), 8_000.0).expect("recording");
    let desk = jpeg(&desk.frame_at(STILL_MS));
    let finding = judged(stage, |pictures| pictures[0].1 = desk.clone());
    assert_eq!(finding.reason, Some(Reason::DocumentNotFound), "{finding:?}");
    let finding = judged(stage, |pictures| pictures[1].1 = desk);
    assert_eq!(finding.reason, Some(Reason::FaceNotFound), "{finding:?}");
}

#[test]
fn evidence_that_contradicts_itself_is_not_looked_at() {
    let Some(stage) = stage() else { return };
    let good = || {
        let mut pictures = vec![(CaptureKind::DocumentFront, stage.document.clone())];
        pictures.push((CaptureKind::Selfie, stage.document.clone()));
        submission(pictures)
    };
    let report = |submission: &mut Submission, change: fn(&mut LivenessReport)| {
        change(submission.evidence.liveness.as_mut().expect("report"));
    };
    let spoil: [fn(&mut LivenessReport); 8] = [
        |report| report.actions.swap(0, 1),
        |report| report.actions.truncate(1),
        |report| report.actions[0].met_at_ms = None,
        |report| report.actions[1].met_at_ms = Some(1.0),
        |report| report.actions[0].prompted_at_ms = f64::NAN,
        |report| report.duration_ms = 100.0,
        |report| report.frames = 0,
        |report| report.passive = Passive::Scored { scores: vec![0.1, 0.2], median: 0.9 },
    ];
    for (index, change) in spoil.into_iter().enumerate() {
        let mut submission = good();
        report(&mut submission, change);
        let finding = stage.judge.judge(&submission).expect("judged").finding;
        assert_eq!(finding.reason, Some(Reason::EvidenceInvalid), "case {index}");
    }
    let mut sizes = good();
    sizes.evidence.captures[0].size.width = 640;
    let mut damaged = good();
    damaged.pictures.insert(CaptureKind::Selfie, b"\xff\xd8 no picture".to_vec());
    for submission in [sizes, damaged] {
        let finding = stage.judge.judge(&submission).expect("judged").finding;
        assert_eq!(finding.reason, Some(Reason::EvidenceInvalid));
        assert_eq!(finding.checks.document, CheckOutcome::NotPerformed);
    }
}

/// The finding on the holder's passport where the plan examines its picture for signs of a copy, after `copy`.
fn examined(stage: &Stage, copy: impl Fn(u32, u32, &mut image::Rgb<u8>)) -> Finding {
    let mut picture = image::load_from_memory(&stage.document).expect("decodes").to_rgb8();
    for (x, y, pixel) in picture.enumerate_pixels_mut() {
        copy(x, y, pixel);
    }
    let mut pictures = vec![(CaptureKind::DocumentFront, jpeg(&picture))];
    pictures.extend(person(&stage.holder, LEFT_RIGHT));
    let mut submission = submission(pictures);
    for step in &mut submission.steps {
        if let Step::Document(step) = step {
            step.authenticity = true;
        }
    }
    stage.judge.judge(&submission).expect("judged").finding
}

#[test]
fn a_copy_in_grey_is_not_authentic_where_the_plan_asks_and_the_document_itself_is() {
    let Some(stage) = stage() else { return };
    let itself = examined(stage, |_, _, _| {});
    assert_eq!((itself.reason, itself.checks.authenticity), (None, CheckOutcome::Passed), "{itself:?}");
    assert_eq!(itself.signals.len(), 4, "every signal of its side is recorded");
    let grey = examined(stage, |_, _, pixel| {
        let [r, g, b] = pixel.0.map(u32::from);
        pixel.0 = [u8::try_from((299 * r + 587 * g + 114 * b) / 1000).expect("luma"); 3];
    });
    assert_eq!(grey.reason, Some(Reason::DocumentNotAuthentic), "{grey:?}");
    assert_eq!(grey.checks.authenticity, CheckOutcome::Failed);
    let unexamined = judged(stage, |_| {});
    assert_eq!((unexamined.checks.authenticity, unexamined.signals.len()), (CheckOutcome::NotPerformed, 0));
}

#[test]
fn several_sure_signs_of_injection_refuse_the_camera_and_one_alone_does_not() {
    let Some(stage) = stage() else { return };
    let of = |code, confidence| InjectionSignal::new(code, 1.0, confidence);
    let (label, driven) = (InjectionCode::VirtualCameraLabel, InjectionCode::Automation);
    let judged = |signals: Vec<InjectionSignal>, test_camera| {
        let mut pictures = vec![(CaptureKind::DocumentFront, stage.document.clone())];
        pictures.extend(person(&stage.holder, LEFT_RIGHT));
        let mut submission = submission(pictures);
        submission.evidence.injection = signals;
        submission.test_camera = test_camera;
        stage.judge.judge(&submission).expect("judged").finding
    };
    let two = vec![of(label, 0.9), of(driven, 0.9)];
    let refused = judged(two.clone(), false);
    assert_eq!(refused.reason, Some(Reason::CameraNotGenuine));
    assert_eq!((refused.checks.camera, refused.injection.len()), (CheckOutcome::Failed, 2));
    assert_eq!(refused.checks.document, CheckOutcome::NotPerformed);

    let weak = vec![of(label, 0.9), of(driven, 0.5), of(InjectionCode::FrameTiming, 0.5), of(label, 0.9)];
    let passed = judged(weak, false);
    assert_eq!((passed.reason, passed.checks.camera), (None, CheckOutcome::Passed));

    let expected = judged(two, true);
    assert_eq!((expected.reason, expected.checks.camera), (None, CheckOutcome::NotPerformed));
    assert_eq!(expected.injection.len(), 2, "recorded all the same");
}

#[test]
fn a_report_of_another_set_is_taken_where_the_plan_leaves_the_choice() {
    let Some(stage) = stage() else { return };
    let fault = |alternatives: Vec<ChallengeSet>| {
        let mut submission = submission(vec![]);
        let challenge = submission.challenge.as_mut().expect("a challenge");
        challenge.set = ChallengeSet::Standard;
        challenge.alternatives = alternatives;
        let report = submission.evidence.liveness.as_mut().expect("a report");
        report.set = ChallengeSet::NoPreciseSight;
        let nonce = nonce_of(NONCE).expect("a nonce");
        let asked = schedule(&nonce, report.set, report.draw);
        report.actions.iter_mut().zip(asked).for_each(|(result, action)| result.action = action);
        stage.judge.judge(&submission).expect("judged").finding.transcript
    };
    let other_set = Some(TranscriptFault::Challenge);
    assert_eq!(fault(vec![ChallengeSet::NoHeadMovement]), other_set);
    // What comes after the set is what this report was not made for.
    assert_ne!(fault(vec![ChallengeSet::NoPreciseSight]), other_set);
    assert_ne!(fault(vec![ChallengeSet::NoPreciseSight]), Some(TranscriptFault::Order));
}

/// The seed of a card whose design is divided: its light part has the proportions of a page.
const DIVIDED_SEED: u64 = 1_795_299_924_800;

/// When that card is sharp and still.
const DIVIDED_MS: f64 = 2_300.0;

#[test]
fn a_card_is_a_card_also_where_a_page_would_do_and_its_design_is_divided() {
    let Some(stage) = stage() else { return };
    let order = Order { what: Kind::Residence, seed: DIVIDED_SEED, px_per_mm: PX_PER_MM };
    let photo = || Photo { image: &stage.holder.photo, face: stage.holder.face };
    let front = page(&stage.assets, &order, photo()).expect("a front");
    let back = page(&stage.assets, &Order { what: Kind::LicenceBack, ..order }, photo()).expect("a back");
    let film = recording::card(&stage.assets, &Settings::new(DIVIDED_SEED), &front, &back, 16_000.0);
    let picture = decode_image(&jpeg(&film.expect("a film").frame_at(DIVIDED_MS))).expect("a JPEG");
    let today = CalendarDate { year: 2026, month: 1, day: 1 };
    let either = [DocumentKind::Id1, DocumentKind::Id2];
    let look = stage.judge.look_at_document(&picture, None, &either, false, today).expect("looked");
    assert_eq!(look.map(|look| look.kind), Some(DocumentKind::Id1));
}
