//! A client that lies: the evidence of a real run of the engine is approved, and each thing that is changed in it is
//! refused by its own name.

#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used, clippy::unwrap_used, reason = "a test that cannot go on fails")]

use idv_edge::evidence::OpenedFrame;
use idv_protocol::evidence::StepTimings;
use idv_protocol::liveness::{Break, BreakReason, PoseSample};
use idv_protocol::plan::{DocumentStep, Step};
use idv_protocol::reading::CalendarDate;
use idv_protocol::seal::BuildUse;
use idv_protocol::{
    CaptureKind, CaptureMeta, CaptureMethod, Challenge, ChallengeSet, ConsentRecord, DocumentKind, Evidence,
    LivenessReport, PROTOCOL_VERSION, Passive, QualityReport, Reason, Size,
};
use idv_sandbox::decision::{Finding, Judge, Submission, TranscriptFault};
use idv_seal::challenge::{challenge, schedule};
use idv_specimen::assets::Assets;
use idv_specimen::document::passport;
use idv_specimen::person::Subject;
use idv_specimen::recording::{self, Settings};
use idv_vision::Engine;
use idv_vision::commitment::{largest_difference, pixels_of};
use idv_vision::frame::{RgbaView, decode_image};
use sha2::{Digest, Sha256};
use std::path::Path;
use std::sync::OnceLock;

const SEED: u64 = 7;

/// Time between two frames in ms: what a slow phone manages.
const FRAME_MS: f64 = 100.0;

/// Bytes of nonces that ask for a turn and a smile, a raised head and blinks, a smile and a lowered head.
const NONCES: [u8; 3] = [0x06, 0x29, 0x0e];

/// When the specimen document lies sharp and still.
const STILL_MS: f64 = 4_000.0;

struct Stage {
    judge: Judge,
    /// The submission of each of [`NONCES`].
    genuine: Vec<Submission>,
}

/// The stage, or nothing where set-up has not fetched models and pictures.
fn stage() -> Option<&'static Stage> {
    static STAGE: OnceLock<Option<Stage>> = OnceLock::new();
    let stage = STAGE.get_or_init(|| {
        let assets = Assets::open().ok()?;
        let judge = Judge::load(assets.models_dir()).ok()?;
        let holder = Subject::find(assets.portrait().ok()?, assets.models_dir()).ok()?;
        let page = passport(&assets, SEED, &holder.photo, holder.face);
        let film = recording::document(&assets, &Settings::new(SEED), &page, 8_000.0).ok()?;
        let document = jpeg(&film.frame_at(STILL_MS));
        let genuine = NONCES.map(|nonce| followed(&assets, &holder, nonce, document.clone()));
        Some(Stage { judge, genuine: genuine.into() })
    });
    if stage.is_none() {
        eprintln!("skipped: no models or pictures; set IDV_MODELS and IDV_ASSETS, or run the set-up");
    }
    stage.as_ref()
}

fn jpeg(picture: &image::RgbImage) -> Vec<u8> {
    let mut bytes = Vec::new();
    let encoder = image::codecs::jpeg::JpegEncoder::new_with_quality(&mut bytes, 92);
    picture.write_with_encoder(encoder).expect("encodes");
    bytes
}

fn engine(models: &Path) -> Engine {
    let manifest = std::fs::read(models.join("models.json")).expect("manifest");
    let manifest: Vec<serde_json::Value> = serde_json::from_slice(&manifest).expect("JSON");
    let mut engine = Engine::new();
    for model in manifest.iter().filter(|model| model["runs_in"] == "browser") {
        let text = |member: &str| model[member].as_str().expect("text");
        let bytes = std::fs::read(models.join(text("file"))).expect("model");
        engine.load_model(text("name"), &bytes, text("sha256")).expect("loads");
    }
    engine
}

fn drawn(nonce: u8) -> Challenge {
    challenge(&hex::encode([nonce; 32]), ChallengeSet::Standard, 1_000, 3).expect("a nonce")
}

/// What an honest page submits that led a person who does as asked through the engine.
fn followed(assets: &Assets, person: &Subject, nonce: u8, document: Vec<u8>) -> Submission {
    let challenge = drawn(nonce);
    let film = recording::face(&Settings::new(SEED), person, &[&challenge.actions]).expect("recording");
    let mut engine = engine(assets.models_dir());
    engine.begin_face(1, challenge.clone()).expect("begins");
    let (mut report, mut at_ms) = (None, 0.0);
    while report.is_none() && at_ms < film.duration_ms() {
        let picture = image::DynamicImage::ImageRgb8(film.frame_at(at_ms)).into_rgba8();
        let size = Size { width: picture.width(), height: picture.height() };
        let frame = RgbaView::new(&picture, size).expect("fits");
        report = engine.face_frame(frame, at_ms).expect("runs").report;
        at_ms += FRAME_MS;
    }
    let report = report.expect("the challenge ends");
    println!("{nonce:#04x}: {:?} depth {:?} breaks {:?}", report.actions, report.depth, report.breaks);
    let captures = engine.take_captures();
    let frames = captures.iter().map(|capture| {
        let index = capture.meta.frame.expect("a frame");
        let (held, pixels) = engine.open_frame(index).expect("kept");
        OpenedFrame { index, head: held.head, capture: Some(capture.meta.kind), pixels: pixels.to_vec() }
    });
    let frames = frames.collect();
    let size = image::load_from_memory(&document).expect("decodes");
    let mut metas = vec![CaptureMeta {
        kind: CaptureKind::DocumentFront,
        attempt: 1,
        sha256: hex::encode(Sha256::digest(&document)),
        bytes: u32::try_from(document.len()).expect("length"),
        size: Size { width: size.width(), height: size.height() },
        at_ms: 0.0,
        frame: None,
        quad: None,
        quality: QualityReport::default(),
        reading: None,
        barcode: None,
        method: CaptureMethod::Automatic,
    }];
    metas.extend(captures.iter().map(|capture| capture.meta.clone()));
    let mut pictures = vec![(CaptureKind::DocumentFront, document)];
    pictures.extend(captures.into_iter().map(|capture| (capture.meta.kind, capture.jpeg.to_vec())));
    Submission {
        steps: vec![
            Step::Consent,
            Step::Document(DocumentStep::new(vec![DocumentKind::Id3], 1)),
            Step::Face { timeout_ms: 1 },
        ],
        evidence: evidence(&challenge, metas, *report),
        challenge: Some(challenge),
        pictures: pictures.into_iter().collect(),
        frames,
        test_camera: true,
        today: CalendarDate::new(2026, 1, 1),
    }
}

fn evidence(challenge: &Challenge, captures: Vec<CaptureMeta>, report: LivenessReport) -> Evidence {
    Evidence {
        protocol_version: PROTOCOL_VERSION.into(),
        module_version: "test".into(),
        session_id: "s".into(),
        attempt: 1,
        nonce: challenge.nonce.clone(),
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
    }
}

fn judged(stage: &Stage, submission: &Submission) -> Finding {
    stage.judge.judge(submission).expect("judged").finding
}

#[test]
fn an_honest_run_of_each_challenge_is_approved() {
    let Some(stage) = stage() else { return };
    for submission in &stage.genuine {
        let finding = judged(stage, submission);
        println!("{:?} passive {:?}", finding.actions, finding.passive_selfie);
        assert_eq!((finding.reason, finding.transcript), (None, None), "{finding:?}");
        assert_eq!(finding.actions.len(), 2);
    }
}

#[test]
fn a_transcript_that_was_changed_is_refused_by_the_name_of_what_does_not_fit() {
    let Some(stage) = stage() else { return };
    type Change = fn(&mut LivenessReport);
    let changes: [(&str, TranscriptFault, Change); 20] = [
        ("an old nonce", TranscriptFault::Challenge, |report| report.nonce = "36".repeat(32)),
        ("an easier set", TranscriptFault::Challenge, |report| report.set = ChallengeSet::NoHeadMovement),
        ("the schedule of another nonce", TranscriptFault::Order, |report| {
            let other = schedule(&[0x36; 32], ChallengeSet::Standard, 0);
            report.actions.iter_mut().zip(other).for_each(|(result, action)| result.action = action);
        }),
        ("a longer window", TranscriptFault::Order, |report| report.actions[0].action.window_ms += 500),
        ("reordered actions", TranscriptFault::Order, |report| report.actions.swap(0, 1)),
        ("an action left out", TranscriptFault::Order, |report| report.actions.truncate(1)),
        ("a draw beyond the last", TranscriptFault::Draw, |report| {
            report.draw = 3;
            report.breaks = (0..3).map(|draw| broken(draw, 1.0)).collect();
        }),
        ("a draw that no break led to", TranscriptFault::Draw, |report| report.draw = 1),
        ("a break that led nowhere", TranscriptFault::Draw, |report| report.breaks = vec![broken(0, 1.0)]),
        ("reordered times", TranscriptFault::Times, |report| {
            let (first, second) = (report.actions[0].clone(), report.actions[1].clone());
            report.actions[0].prompted_at_ms = second.prompted_at_ms;
            report.actions[0].met_at_ms = second.met_at_ms;
            report.actions[1].prompted_at_ms = first.prompted_at_ms;
            report.actions[1].met_at_ms = first.met_at_ms;
        }),
        ("a window that was over", TranscriptFault::Times, |report| {
            let first = &mut report.actions[0];
            first.prompted_at_ms = 0.0;
            first.met_at_ms = Some(f64::from(first.action.window_ms) + 1_001.0);
            report.duration_ms += 20_000.0;
        }),
        ("an action that was met without its time", TranscriptFault::Times, |report| {
            report.actions[1].met_at_ms = None;
        }),
        ("no time at all", TranscriptFault::Times, |report| report.actions[0].prompted_at_ms = f64::NAN),
        ("more time than there was", TranscriptFault::Times, |report| report.duration_ms = 500.0),
        ("no frames", TranscriptFault::Times, |report| report.frames = 0),
        ("poses that run backwards", TranscriptFault::Times, |report| report.poses.reverse()),
        ("an action that was hardly done", TranscriptFault::Claims, |report| report.actions[0].value = 1.0),
        ("a head that was flat", TranscriptFault::Claims, |report| report.actions[0].depth = Some(0.01)),
        ("depth that was hidden", TranscriptFault::Claims, |report| report.depth = None),
        ("poses that never turned", TranscriptFault::Claims, |report| {
            report.poses.iter_mut().for_each(|PoseSample { pose, .. }| pose.yaw_deg = 0.0);
        }),
    ];
    for (what, fault, change) in changes {
        let mut submission = stage.genuine[0].clone();
        change(submission.evidence.liveness.as_mut().expect("report"));
        let finding = judged(stage, &submission);
        let expected = (Some(Reason::EvidenceInvalid), Some(fault));
        assert_eq!((finding.reason, finding.transcript), expected, "{what}");
    }
}

fn broken(draw: u32, at_ms: f64) -> Break {
    Break { at_ms, reason: BreakReason::FaceLost, draw }
}

#[test]
fn scores_that_the_pictures_do_not_have_are_refused() {
    let Some(stage) = stage() else { return };
    let mut submission = stage.genuine[0].clone();
    let measured = judged(stage, &submission).passive_selfie.expect("scored");
    let lie = if measured > 0.5 { 0.0 } else { 1.0 };
    submission.evidence.liveness.as_mut().expect("report").passive =
        Passive::Scored { scores: vec![lie; 3], median: lie };
    let finding = judged(stage, &submission);
    assert_eq!(finding.reason, Some(Reason::EvidenceInvalid), "{finding:?}");
    assert_eq!(finding.transcript, Some(TranscriptFault::Scores));
}

/// Puts the picture of `from` in the place of `to`, as a page that says nothing else would.
fn replace(submission: &mut Submission, to: CaptureKind, from: CaptureKind) {
    let jpeg = submission.pictures[&from].clone();
    let meta = submission.evidence.captures.iter_mut().find(|meta| meta.kind == to).expect("a capture");
    meta.bytes = u32::try_from(jpeg.len()).expect("length");
    meta.sha256 = hex::encode(Sha256::digest(&jpeg));
    submission.pictures.insert(to, jpeg);
}

#[test]
fn pictures_that_do_not_show_the_action_are_no_liveness() {
    let Some(stage) = stage() else { return };
    for genuine in &stage.genuine {
        for to in [CaptureKind::Action1, CaptureKind::Action2] {
            let mut submission = genuine.clone();
            replace(&mut submission, to, CaptureKind::Selfie);
            submission.frames.retain(|frame| frame.capture != Some(to));
            let finding = judged(stage, &submission);
            assert_eq!(finding.reason, Some(Reason::LivenessFailed), "{to:?} {finding:?}");
        }
        let mut swapped = genuine.clone();
        replace(&mut swapped, CaptureKind::Action1, CaptureKind::Action2);
        let reason = judged(stage, &swapped).reason;
        assert!(matches!(reason, Some(Reason::EvidenceInvalid | Reason::LivenessFailed)), "{reason:?}");
    }
}

#[test]
fn frames_of_another_session_and_times_that_are_not_theirs_are_refused() {
    let Some(stage) = stage() else { return };
    for own in &stage.genuine {
        for other in &stage.genuine {
            for (frame, of) in own.frames.iter().zip(&other.frames) {
                let picture =
                    decode_image(&own.pictures[&frame.capture.expect("a capture")]).expect("a JPEG");
                let sent = pixels_of(picture.view().expect("fits"), &frame.head).expect("pixels");
                let largest = largest_difference(&sent, &of.pixels, frame.head.step);
                println!("{:?} {}: {largest:.1}", frame.capture, std::ptr::eq(own, other));
            }
        }
    }
    let mut of_another = stage.genuine[0].clone();
    for (frame, other) in of_another.frames.iter_mut().zip(&stage.genuine[2].frames).skip(1) {
        frame.pixels.clone_from(&other.pixels);
    }
    assert_eq!(judged(stage, &of_another).reason, Some(Reason::EvidenceInvalid));

    let mut late = stage.genuine[0].clone();
    let capture = |kind| move |meta: &&mut CaptureMeta| meta.kind == kind;
    late.evidence.captures.iter_mut().find(capture(CaptureKind::Action1)).expect("a capture").at_ms = 0.0;
    let finding = judged(stage, &late);
    let expected = (Some(Reason::EvidenceInvalid), Some(TranscriptFault::Captures));
    assert_eq!((finding.reason, finding.transcript), expected);

    let mut between = stage.genuine[0].clone();
    let mut frame = between.frames[0].clone();
    (frame.index, frame.capture) = (frame.index + 1, None);
    frame.head.at_us = 60_000_000;
    between.frames.push(frame);
    let finding = judged(stage, &between);
    let expected = (Some(Reason::EvidenceInvalid), Some(TranscriptFault::Frames));
    assert_eq!((finding.reason, finding.transcript), expected);
}

#[test]
fn the_evidence_of_one_challenge_does_not_answer_another() {
    let Some(stage) = stage() else { return };
    let mut replayed = stage.genuine[0].clone();
    let own = drawn(0x36);
    replayed.evidence.nonce.clone_from(&own.nonce);
    replayed.evidence.liveness.as_mut().expect("report").nonce.clone_from(&own.nonce);
    replayed.challenge = Some(own);
    let finding = judged(stage, &replayed);
    let expected = (Some(Reason::EvidenceInvalid), Some(TranscriptFault::Order));
    assert_eq!((finding.reason, finding.transcript), expected);
}
