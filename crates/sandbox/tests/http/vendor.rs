//! What Argos says of an attempt that passed the operator's own checks, and what becomes of it.

use crate::approved::{SEED, document_capture, engine, evidence, face_captures};
use crate::support::{Film, Page, SELFIE_POLICY, TestSandbox, answer};
use idv_edge::tomo::{ApiVersion, ResultRequest};
use idv_protocol::{Evidence, Outcome, Reason};
use idv_specimen::assets::Assets;
use idv_specimen::document::passport;
use idv_specimen::person::Subject;
use idv_specimen::recording::{self, Settings};
use idv_vision::capture::Capture;
use serde_json::Value;
use std::path::PathBuf;
use std::sync::OnceLock;
use std::time::Duration;

const DOCUMENT_POLICY: &str = "unknown:document:passport:document_ocr_check:no_owner_assurance";

/// What the tests share: making a person and a document is slow.
struct Stage {
    models: PathBuf,
    holder: Subject,
    document: Capture,
}

fn stage() -> Option<&'static Stage> {
    static STAGE: OnceLock<Option<Stage>> = OnceLock::new();
    let stage = STAGE.get_or_init(|| {
        let assets = Assets::open().ok()?;
        let models = assets.models_dir().to_owned();
        models.join("models.json").exists().then_some(())?;
        let holder = Subject::find(assets.portrait().ok()?, &models).ok()?;
        let page = passport(&assets, SEED, &holder.photo, holder.face);
        let desk = recording::document(&assets, &Settings::new(SEED), &page, 8_000.0).ok()?;
        let mut document = document_capture(&mut engine(&models), &desk, &mut Film::default());
        // As after a reload: its frame is of another load of the page.
        document.meta.frame = None;
        Some(Stage { models, holder, document })
    });
    if stage.is_none() {
        eprintln!("skipped: no models or pictures; set IDV_MODELS and IDV_ASSETS, or run the set-up");
    }
    stage.as_ref()
}

async fn start(stage: &Stage) -> TestSandbox {
    TestSandbox::start_with(|params| {
        params.models = Some(stage.models.clone());
    })
    .await
}

/// The evidence of the open attempt of a policy without a face, its capture delivered.
async fn document_attempt(page: &Page, document: &Capture) -> Evidence {
    let plan = page.plan().await;
    let (status, body) = page.put(plan.attempt, document.meta.kind, &document.jpeg).await;
    assert_eq!(status, 200, "{body}");
    let mut evidence = page.evidence(&plan, &[], document.meta.size);
    evidence.captures = vec![document.meta.clone()];
    evidence.captures[0].attempt = plan.attempt;
    evidence
}

/// Both captures and the report of the holder, delivered.
async fn holder_attempt(page: &Page, stage: &Stage) -> Evidence {
    let plan = page.plan().await;
    let challenge = plan.challenge.as_ref().expect("challenge");
    let film = recording::face(&Settings::new(SEED), &stage.holder, &[&challenge.actions]);
    let (mut engine, mut frames) = (engine(&stage.models), Film::default());
    let (faces, report) = face_captures(&mut engine, &plan, &film.expect("recording"), &mut frames);
    let mut captures = vec![stage.document.clone()];
    captures.extend(faces);
    for capture in &captures {
        assert_eq!(page.put(1, capture.meta.kind, &capture.jpeg).await.0, 200, "{:?}", capture.meta.kind);
    }
    evidence(page, &plan, &captures, report, frames)
}

async fn status_of(sandbox: &TestSandbox, user_id: &str, policy: &str) -> (Outcome, Option<Reason>) {
    sandbox.catch_up();
    let about = ResultRequest { user_id: user_id.into(), country: None, policy: None };
    let result = sandbox.runner(ApiVersion::V1_4).result(&about).await.expect("result");
    let kyc = result.record(policy).and_then(|record| record.kyc.clone()).expect("a record");
    (kyc.status, kyc.status_reason)
}

async fn submissions(sandbox: &TestSandbox) -> Vec<Value> {
    let request = sandbox.http.get(format!("{}/submission", sandbox.running.argos.base_url));
    let (_, body) = answer(request.header("x-api-key", &sandbox.running.argos.api_key)).await;
    body["Items"].as_array().cloned().expect("list")
}

#[tokio::test]
async fn each_retry_of_argos_is_another_attempt_and_the_third_is_the_end() {
    let Some(stage) = stage() else { return };
    let sandbox = start(stage).await;
    let user = "scenario:retry:mrz_protocol_fail";
    let page = sandbox.page(user, DOCUMENT_POLICY).await;
    page.consent().await;
    for attempt in 1..=3 {
        let evidence = document_attempt(&page, &stage.document).await;
        let (status, receipt) = page.complete(&evidence).await;
        assert_eq!(status, 200, "{receipt}");
        let decisions = sandbox.events("decision");
        let argos = &decisions.last().expect("decision")["argos"];
        if attempt < 3 {
            assert_eq!(
                (&receipt["state"], &receipt["reason"]),
                (&"retry".into(), &"document_unreadable".into())
            );
            assert_eq!(argos["retry"], serde_json::json!(["mrz_protocol_fail"]));
        } else {
            assert_eq!(receipt["state"], "received");
            assert_eq!(argos["comments"], serde_json::json!(["too_many_retry", "id_image_badImage"]));
        }
    }
    assert_eq!(submissions(&sandbox).await.len(), 1, "one submission, repeated");
    let status = status_of(&sandbox, user, DOCUMENT_POLICY).await;
    assert_eq!(status, (Outcome::Rejected, Some(Reason::DocumentUnreadable)));
}

#[tokio::test]
async fn a_document_alone_is_approved_by_step1() {
    let Some(stage) = stage() else { return };
    let sandbox = start(stage).await;
    let page = sandbox.page("u1", DOCUMENT_POLICY).await;
    page.consent().await;
    let evidence = document_attempt(&page, &stage.document).await;
    assert_eq!(page.complete(&evidence).await.1["state"], "received");
    assert_eq!(status_of(&sandbox, "u1", DOCUMENT_POLICY).await, (Outcome::Approved, None));
    let steps = sandbox.events("argos_step");
    assert_eq!((steps.len(), &steps[0]["status"]), (1, &"incomplete".into()));
}

#[tokio::test]
async fn without_an_answer_of_argos_the_attempt_stays_open() {
    let Some(stage) = stage() else { return };
    let nobody = tokio::net::TcpListener::bind("127.0.0.1:0").await.expect("bind");
    let url = format!("http://{}/v2", nobody.local_addr().expect("address"));
    drop(nobody);
    let sandbox = TestSandbox::start_with(|params| {
        params.models = Some(stage.models.clone());
        params.argos.base_url = Some(url);
    })
    .await;
    let page = sandbox.page("u1", DOCUMENT_POLICY).await;
    page.consent().await;
    let evidence = document_attempt(&page, &stage.document).await;
    for _ in 0..2 {
        let (status, problem) = page.complete(&evidence).await;
        assert_eq!((status, &problem["code"]), (503, &"vendor_unavailable".into()), "{problem}");
    }
    assert_eq!((page.plan().await.attempt, sandbox.events("settled").len()), (1, 0));
}

#[tokio::test]
async fn what_waits_at_argos_is_pending_until_its_desk_decides_and_goes_with_the_person() {
    let Some(stage) = stage() else { return };
    let sandbox = start(stage).await;
    let user = "scenario:pending:u1";
    let page = sandbox.page(user, SELFIE_POLICY).await;
    page.consent().await;
    let evidence = holder_attempt(&page, stage).await;
    let (status, receipt) = page.complete(&evidence).await;
    assert_eq!((status, &receipt["state"]), (200, &"received".into()), "{receipt}");
    assert_eq!(sandbox.events("decision")[0]["status"], "pending_review");
    assert_eq!(status_of(&sandbox, user, SELFIE_POLICY).await, (Outcome::PendingReview, None));

    let id = submissions(&sandbox).await[0]["submission_id"].as_str().expect("id").to_owned();
    // A webhook that claims an approval changes nothing: the submission is read.
    let claim = serde_json::json!({
        "webhook_trigger": "approved", "submission_id": id, "kyc_result": { "status": "approved" }
    });
    let hook = sandbox.http.post(sandbox.url("/operator/argos/webhook")).json(&claim);
    assert_eq!(answer(hook).await.0, 204);
    assert_eq!(status_of(&sandbox, user, SELFIE_POLICY).await.0, Outcome::PendingReview);

    let form = format!("submission_id={id}&result=approved");
    let desk = sandbox.http.post(sandbox.url("/argos/desk/review"));
    let desk = desk.header("content-type", "application/x-www-form-urlencoded").body(form);
    assert_eq!(answer(desk).await.0, 200);
    for _ in 0..200 {
        if sandbox.events("settled").len() == 2 {
            break;
        }
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
    assert_eq!(status_of(&sandbox, user, SELFIE_POLICY).await, (Outcome::Approved, None));

    sandbox.runner(ApiVersion::V1_4).delete(user).await.expect("deleted");
    assert!(submissions(&sandbox).await.is_empty(), "deleted at Argos too");
}
