//! The whole path natively: customer's server, flow, engine, relay, decision, result. Everything is the real part
//! but the browser; its place takes `page`, with a camera of specimen frames.

#![allow(clippy::expect_used)] // tests may end by a panic, also in their helpers

mod attacks;
mod camera;
mod forms;
mod page;
#[path = "../http/support.rs"]
#[allow(dead_code, unused_imports, reason = "what the other tests of the server need")]
mod support;

use camera::{Camera, Scene};
use idv_edge::relay::PlanParams;
use idv_edge::tomo::{ApiVersion, ResultRequest};
use idv_protocol::{FileProblem, Outcome, Reason};
use idv_web::flow::{Action, Screen, View};
use page::{Page, models_dir, willing};
use support::{SELFIE_POLICY, TestSandbox};

const USER: &str = "traveller-1";

const CARD_POLICY: &str =
    "unknown:document:id_card:document_ocr_check:owner_check:submitted_doc_selfie_match";
const LICENCE_POLICY: &str = "us:document:id_card:document_ocr_check:owner_check:submitted_doc_selfie_match";

async fn sandbox() -> TestSandbox {
    sandbox_with(|_| {}).await
}

async fn sandbox_with(change: impl FnOnce(&mut PlanParams)) -> TestSandbox {
    TestSandbox::start_with(|params| {
        params.models = Some(models_dir());
        params.test_camera = true;
        change(&mut params.plan);
    })
    .await
}

/// What the customer's server reads at the end.
async fn outcome(sandbox: &TestSandbox) -> (Outcome, Option<Reason>) {
    sandbox.catch_up();
    let query = ResultRequest { user_id: USER.into(), country: None, policy: None };
    let result = sandbox.runner(ApiVersion::V1_4).result(&query).await.expect("a result");
    let kyc =
        result.records().next().and_then(|record| record.kyc.clone()).expect("a record of contract 1.4");
    (kyc.status, kyc.status_reason)
}

async fn open(sandbox: &TestSandbox, scene: Scene) -> Page {
    let start_url = sandbox.start_url(USER, SELFIE_POLICY).await;
    Page::open(sandbox, &start_url, None, Camera::before(scene, 11))
}

fn is_done(view: &View) -> bool {
    view.screen == Screen::Done
}

#[tokio::test]
async fn a_person_with_their_own_passport_is_approved() {
    let sandbox = sandbox().await;
    let mut page = open(&sandbox, Scene::Holder).await;
    page.run(&mut willing, is_done).await;
    assert_eq!(outcome(&sandbox).await, (Outcome::Approved, None), "{}", sandbox.all_events());
    assert_eq!(sandbox.events("decision").len(), 1);
    assert!(page.saved.is_none(), "nothing is kept after the end");
}

#[tokio::test]
async fn a_desk_without_a_document_is_canceled() {
    let sandbox = sandbox().await;
    let mut page = open(&sandbox, Scene::Desk).await;
    let mut person = |view: &View| match view.screen {
        Screen::DocumentTimeout => Some(Action::Cancel),
        _ => willing(view),
    };
    page.run(&mut person, is_done).await;
    assert_eq!(outcome(&sandbox).await, (Outcome::Canceled, Some(Reason::DocumentNotFound)));
    assert!(sandbox.events("capture_received").is_empty(), "{}", sandbox.all_events());
}

#[tokio::test]
async fn a_printed_face_is_rejected_after_three_attempts() {
    let sandbox = sandbox().await;
    let mut page = open(&sandbox, Scene::Print).await;
    page.run(&mut willing, is_done).await;
    let found = outcome(&sandbox).await;
    assert_eq!(found, (Outcome::Rejected, Some(Reason::LivenessFailed)), "{}", sandbox.all_events());
    assert_eq!(sandbox.events("decision").len(), 3);
}

#[tokio::test]
async fn another_persons_face_is_rejected_after_three_attempts() {
    let sandbox = sandbox().await;
    let mut page = open(&sandbox, Scene::Stranger).await;
    page.run(&mut willing, is_done).await;
    let found = outcome(&sandbox).await;
    assert_eq!(found, (Outcome::Rejected, Some(Reason::FaceMismatch)), "{}", sandbox.all_events());
    assert_eq!(sandbox.events("decision").len(), 3);
    let documents = page.sent.iter().filter(|sent| sent.ends_with("document_front")).count();
    assert_eq!(documents, 1, "the accepted document is not sent again: {:?}", page.sent);
}

#[tokio::test]
async fn a_denied_camera_is_canceled() {
    let sandbox = sandbox().await;
    let mut page = open(&sandbox, Scene::Denied).await;
    let mut person = |view: &View| match view.screen {
        Screen::Error => Some(Action::Leave),
        _ => willing(view),
    };
    page.run(&mut person, is_done).await;
    assert_eq!(outcome(&sandbox).await, (Outcome::Canceled, Some(Reason::CameraDenied)));
}

#[tokio::test]
async fn a_reload_while_the_face_is_sent_costs_no_attempt() {
    let sandbox = sandbox().await;
    let start_url = sandbox.start_url(USER, SELFIE_POLICY).await;
    let mut page = Page::open(&sandbox, &start_url, None, Camera::before(Scene::Holder, 13));
    page.break_upload_of = vec!["action_1"];
    let sent_in_part = || sandbox.events("capture_received").len() == 2;
    page.run(&mut willing, |view| view.screen == Screen::Submitting && sent_in_part()).await;

    let mut page = Page::open(&sandbox, &start_url, page.saved.take(), Camera::before(Scene::Holder, 14));
    page.run(&mut willing, is_done).await;
    assert_eq!(outcome(&sandbox).await, (Outcome::Approved, None), "{}", sandbox.all_events());
    assert_eq!(sandbox.events("decision").len(), 1, "the first attempt is the one that counts");
    assert_eq!(sandbox.events("capture_received").len(), 5, "the selfie came twice, the rest once");
}

#[tokio::test]
async fn a_broken_upload_and_a_reload_lose_nothing_and_send_nothing_twice() {
    let sandbox = sandbox().await;
    let start_url = sandbox.start_url(USER, SELFIE_POLICY).await;
    let mut page = Page::open(&sandbox, &start_url, None, Camera::before(Scene::Holder, 12));
    page.break_upload_of = vec!["document_front"];
    let arrived = || !sandbox.events("capture_received").is_empty();
    page.run(&mut willing, |view| view.screen == Screen::FaceCapture && arrived()).await;
    let tries = page.sent.iter().filter(|sent| sent.ends_with("document_front")).count();
    assert_eq!(tries, 2, "the broken upload was tried again: {:?}", page.sent);
    let saved = page.saved.take();
    assert!(saved.is_some(), "the session is kept for a reload");

    let mut page = Page::open(&sandbox, &start_url, saved, Camera::before(Scene::Holder, 12));
    page.run(&mut willing, is_done).await;
    assert_eq!(outcome(&sandbox).await, (Outcome::Approved, None), "{}", sandbox.all_events());
    assert!(!page.sent.iter().any(|sent| sent.ends_with("document_front")), "{:?}", page.sent);
    let received = sandbox.events("capture_received");
    let mut kinds: Vec<_> = received.iter().map(|event| event["kind"].to_string()).collect();
    let stored = kinds.len();
    kinds.sort();
    kinds.dedup();
    assert_eq!(kinds.len(), stored, "each capture was stored once: {received:?}");
}

/// The last decision's document.
fn document(sandbox: &TestSandbox) -> serde_json::Value {
    sandbox.events("decision").last().map(|event| event["document"].clone()).unwrap_or_default()
}

#[tokio::test]
async fn a_card_is_captured_from_both_sides_and_read_from_its_back() {
    let sandbox = sandbox().await;
    let start_url = sandbox.start_url(USER, CARD_POLICY).await;
    let mut page = Page::open(&sandbox, &start_url, None, Camera::before(Scene::Card, 11));
    page.run(&mut willing, is_done).await;
    assert_eq!(outcome(&sandbox).await, (Outcome::Approved, None), "{}", sandbox.all_events());
    assert_eq!(document(&sandbox)["reading"]["format"], "td1");
    let sides: Vec<_> =
        page.sent.iter().filter_map(|sent| sent.rsplit_once('/')).map(|(_, kind)| kind).collect();
    let at = |kind: &str| sides.iter().position(|sent| *sent == kind);
    assert!(at("document_front") < at("document_back") && at("document_front").is_some(), "{sides:?}");
}

#[tokio::test]
async fn a_licence_is_read_from_its_barcode() {
    let sandbox = sandbox().await;
    let start_url = sandbox.start_url(USER, LICENCE_POLICY).await;
    let mut page = Page::open(&sandbox, &start_url, None, Camera::before(Scene::Licence, 11));
    page.run(&mut willing, is_done).await;
    assert_eq!(outcome(&sandbox).await, (Outcome::Approved, None), "{}", sandbox.all_events());
    let seen = document(&sandbox);
    assert!(seen["barcode"]["document_number"].is_string(), "{seen}");
}

#[tokio::test]
async fn a_file_takes_the_place_of_the_camera_where_it_is_allowed() {
    let sandbox = sandbox_with(|plan| (plan.upload, plan.manual_after_ms) = (true, 1_000)).await;
    let camera = Camera::before(Scene::Desk, 11);
    let photo = camera.photo_of_the_passport();
    let start_url = sandbox.start_url(USER, SELFIE_POLICY).await;
    let mut page = Page::open(&sandbox, &start_url, None, camera);
    page.run(&mut willing, |view| view.upload).await;
    page.choose(b"\0\0\0\x18ftypheic\0\0\0\0mif1heic".to_vec());
    let refused = page.run(&mut |_: &View| None, |view| view.file_problem.is_some()).await;
    assert_eq!((refused.screen, refused.file_problem), (Screen::DocumentTimeout, Some(FileProblem::Heic)));
    page.choose(photo);
    page.run(&mut willing, |view| view.screen == Screen::FaceIntro).await;
    page.run(&mut willing, is_done).await;
    assert_eq!(outcome(&sandbox).await, (Outcome::Approved, None), "{}", sandbox.all_events());
    assert_eq!(document(&sandbox)["methods"][0]["method"], "upload");
}

#[tokio::test]
async fn a_picture_that_was_taken_too_early_costs_an_attempt_and_says_so() {
    let sandbox = sandbox_with(|plan| plan.manual_after_ms = 0).await;
    let mut page = open(&sandbox, Scene::Holder).await;
    let mut pressed = false;
    let mut hasty = move |view: &View| {
        if view.manual && view.quad.is_some() && !std::mem::replace(&mut pressed, true) {
            return Some(Action::Shoot);
        }
        willing(view)
    };
    let again = page.run(&mut hasty, |view| view.screen == Screen::TryAgain).await;
    let methods: Vec<_> = sandbox
        .events("decision")
        .iter()
        .map(|event| event["document"]["methods"][0]["method"].clone())
        .collect();
    assert_eq!(methods, ["manual"]);
    assert!(again.retry.is_some_and(|retry| retry.attempts_left == 2));
    page.run(&mut hasty, is_done).await;
    assert_eq!(outcome(&sandbox).await, (Outcome::Approved, None), "{}", sandbox.all_events());
    assert_eq!(document(&sandbox)["methods"][0]["method"], "automatic");
}
