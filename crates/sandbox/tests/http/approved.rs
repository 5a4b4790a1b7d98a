//! A verification that succeeds: recorded frames through the engine, captures and evidence over HTTP, the
//! operator's decision, the result fetched server to server.

use crate::support::{Film, Page, SELFIE_POLICY, TestSandbox, query};
use idv_edge::tomo::{ApiVersion, ResultRequest};
use idv_protocol::reading::CalendarDate;
use idv_protocol::{CaptureKind, DocumentSide, DocumentTask, Evidence, LivenessReport, Outcome, Plan, Size};
use idv_specimen::assets::Assets;
use idv_specimen::document::passport;
use idv_specimen::person::Subject;
use idv_specimen::recording::{self, Recording, Settings};
use idv_vision::Engine;
use idv_vision::capture::Capture;
use idv_vision::frame::RgbaView;
use serde_json::Value;
use std::path::Path;
use url::Url;

pub const SEED: u64 = 11;

/// Frames per second that are looked at: what a slow phone manages.
const FRAME_RATE: f64 = 10.0;

pub fn engine(models: &Path) -> Engine {
    let manifest: Value =
        serde_json::from_slice(&std::fs::read(models.join("models.json")).expect("manifest")).expect("JSON");
    let mut engine = Engine::new();
    for model in manifest.as_array().expect("list").iter().filter(|model| model["runs_in"] == "browser") {
        let text = |member: &str| model[member].as_str().expect("text").to_owned();
        let bytes = std::fs::read(models.join(text("file"))).expect("model");
        engine.load_model(&text("name"), &bytes, &text("sha256")).expect("loads");
    }
    engine
}

/// Shows a recording to `see` until it has seen enough.
fn film(recording: &Recording, mut see: impl FnMut(RgbaView<'_>, f64) -> bool) {
    let mut at_ms = 0.0;
    while at_ms < recording.duration_ms() {
        let picture = image::DynamicImage::ImageRgb8(recording.frame_at(at_ms)).into_rgba8();
        let size = Size { width: picture.width(), height: picture.height() };
        if see(RgbaView::new(&picture, size).expect("frame"), at_ms) {
            return;
        }
        at_ms += 1000.0 / FRAME_RATE;
    }
    panic!("the recording ended before enough was seen");
}

/// Keeps the frame that the engine looked at last.
fn commit(engine: &mut Engine, frames: &mut Film) {
    let mark = engine.take_mark().expect("a leaf");
    let (held, pixels) = engine.open_frame(mark.index).expect("kept");
    frames.add(held.head, pixels);
}

pub fn document_capture(engine: &mut Engine, recording: &Recording, frames: &mut Film) -> Capture {
    engine.begin_document(DocumentTask::new(1, DocumentSide::Front, CalendarDate::new(2026, 1, 1)));
    film(recording, |frame, at_ms| {
        let status = engine.document_frame(frame, at_ms).expect("frame");
        commit(engine, frames);
        status.captured
    });
    engine.take_captures().pop().expect("capture")
}

pub fn face_captures(
    engine: &mut Engine,
    plan: &Plan,
    recording: &Recording,
    frames: &mut Film,
) -> (Vec<Capture>, LivenessReport) {
    engine.begin_face(plan.attempt, plan.challenge.clone().expect("challenge")).expect("begins");
    let mut report = None;
    film(recording, |frame, at_ms| {
        report = engine.face_frame(frame, at_ms).expect("frame").report;
        commit(engine, frames);
        report.is_some()
    });
    (engine.take_captures(), *report.expect("report"))
}

pub fn evidence(
    page: &Page,
    plan: &Plan,
    captures: &[Capture],
    report: LivenessReport,
    frames: Film,
) -> Evidence {
    let whole = page.evidence(plan, &[], Size::default());
    let committed = frames.commitment();
    *page.film.lock().expect("a film") = frames;
    Evidence {
        frames: committed,
        captures: captures.iter().map(|capture| capture.meta.clone()).collect(),
        liveness: Some(report),
        ..whole
    }
}

#[tokio::test]
async fn the_holder_of_a_passport_is_approved_and_only_the_result_says_so() {
    let Some((assets, photo)) = Assets::open().ok().and_then(|assets| {
        let photo = assets.portrait().ok()?;
        assets.models_dir().join("models.json").exists().then_some((assets, photo))
    }) else {
        eprintln!("skipped: no models or pictures; set IDV_MODELS and IDV_ASSETS, or run the set-up");
        return;
    };
    let models = assets.models_dir().to_owned();
    let sandbox = TestSandbox::start_with(|params| {
        params.models = Some(models.clone());
    })
    .await;
    let page = sandbox.page("u1", SELFIE_POLICY).await;
    page.consent().await;
    let plan = page.plan().await;

    let subject = Subject::find(photo, &models).expect("subject");
    let settings = Settings::new(SEED);
    let passport = passport(&assets, SEED, &subject.photo, subject.face);
    let mut engine = engine(&models);
    let desk = recording::document(&assets, &settings, &passport, 8_000.0).expect("recording");
    let mut frames = Film::default();
    let mut captures = vec![document_capture(&mut engine, &desk, &mut frames)];
    let challenge = plan.challenge.as_ref().expect("challenge");
    let person = recording::face(&settings, &subject, &[&challenge.actions]);
    let (faces, report) = face_captures(&mut engine, &plan, &person.expect("recording"), &mut frames);
    assert!(report.challenge_met, "{report:?}");
    captures.extend(faces);
    for capture in &captures {
        assert_eq!(page.put(1, capture.meta.kind, &capture.jpeg).await.0, 200, "{:?}", capture.meta.kind);
    }

    let evidence = evidence(&page, &plan, &captures, report, frames);
    let (first, again) = tokio::join!(page.complete(&evidence), page.complete(&evidence));
    assert_eq!((first.0, &first.1["state"]), (200, &"received".into()), "{}", first.1);
    assert_eq!(first.1["submission_id"], again.1["submission_id"]);
    let decisions = sandbox.events("decision");
    assert_eq!(decisions.len(), 1, "two completions at once are judged once");
    assert_eq!(decisions[0]["status"], "approved", "{decisions:?}");
    let argos = &decisions[0]["argos"];
    assert_eq!(argos["status"], "approved", "{argos}");
    assert!(argos["similarity"].as_f64().is_some_and(|score| score >= 85.0), "{argos}");
    assert!(argos["liveness"].as_f64().is_some_and(|score| score >= 50.0), "{argos}");
    assert_eq!(sandbox.events("argos_step").len(), 2, "each step once");
    println!("decision: {} ms", decisions[0]["elapsed_ms"]);
    let back: Url = first.1["return_url"].as_str().expect("URL").parse().expect("URL");
    assert!(back.as_str().starts_with("https://shop.example/ok?ref=1&token="), "{back}");
    assert!(!query(&back, "key").is_empty() && back.query_pairs().all(|(name, _)| name != "error"));

    sandbox.catch_up();
    let about = ResultRequest { user_id: "u1".into(), country: None, policy: None };
    let result = sandbox.runner(ApiVersion::V1_4).result(&about).await.expect("result");
    let kyc = result.record(SELFIE_POLICY).and_then(|record| record.kyc.clone()).expect("1.4");
    assert_eq!((kyc.status, kyc.status_reason), (Outcome::Approved, None));
    let biometric = &kyc.checks.biometric;
    assert_eq!((biometric.liveness.as_str(), biometric.outcome.as_str()), ("passed", "passed"));
    assert!(biometric.similarity_score.is_some_and(|score| score > 0.5), "{biometric:?}");
    assert_eq!(
        kyc.process.steps.ran(),
        ["terms_acceptance", "document_check", "biometric_check", "watchlist_screening"]
    );
    assert_eq!(kyc.checks.watchlist.outcome, "passed");
    let extracted = kyc.document.extracted.as_ref().expect("read");
    assert!(extracted.id_number.is_some() && extracted.id_number == kyc.document.number);
    let kinds: Vec<&str> = kyc.media.iter().map(|media| media.kind.as_str()).collect();
    assert_eq!(kinds, ["document_front", "selfie_image"]);
    let runner = sandbox.runner(ApiVersion::V1_4);
    for (media, sent) in kyc.media.iter().zip([CaptureKind::DocumentFront, CaptureKind::Selfie]) {
        let sent = captures.iter().find(|capture| capture.meta.kind == sent).expect("sent");
        assert_eq!(runner.media(media).await.expect("a picture"), sent.jpeg);
        assert_eq!(sandbox.http.get(&media.url).send().await.expect("an answer").status(), 401);
    }
    let old = sandbox.runner(ApiVersion::V1_3).result(&about).await.expect("result");
    assert!(old.record(SELFIE_POLICY).is_some_and(|record| record.kyc.is_none()), "1.3 tells successes");
}
