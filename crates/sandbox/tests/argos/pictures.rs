//! Decisions from the pictures themselves: specimen documents and people through the models.

use crate::support::{TestArgos, document, face, text};
use idv_edge::argos::{
    ApplicantId, CommentCode, Country, CustomFields, CustomOptions, Date, FACE_SIMILARITY_MIN, KycStatus,
    LIVENESS_MIN, Picture, Refusal, RefusalMessage, RetryCode, Step1, Step1Answer, Step2,
};
use idv_protocol::{Action, ActionKind};
use idv_specimen::assets::Assets;
use idv_specimen::document::passport;
use idv_specimen::person::Subject;
use idv_specimen::recording::{self, Recording, Settings};
use image::RgbImage;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

const SEED: u64 = 7;

/// When the specimen document lies sharp and still.
const STILL_MS: f64 = 4_000.0;

/// When a person of a recording looks into the camera.
const FRONT_MS: f64 = 1_300.0;

/// What the tests share: making people and documents is slow.
struct Stage {
    models: PathBuf,
    document: Vec<u8>,
    desk: Vec<u8>,
    holder: Vec<u8>,
    other: Vec<u8>,
    print: Vec<u8>,
}

/// The stage, or nothing where set-up has not fetched models and pictures.
fn stage() -> Option<&'static Stage> {
    static STAGE: OnceLock<Option<Stage>> = OnceLock::new();
    let stage = STAGE.get_or_init(|| {
        let assets = Assets::open().ok()?;
        let models = assets.models_dir().to_owned();
        models.join("models.json").exists().then_some(())?;
        let dir = std::env::var_os("IDV_ASSETS")
            .map_or_else(|| Path::new(env!("CARGO_MANIFEST_DIR")).join("../../target/assets"), PathBuf::from);
        let photo = |name: &str| idv_specimen::assets::photo(&dir.join(name)).ok();
        let holder = Subject::find(assets.portrait().ok()?, &models).ok()?;
        let other = Subject::find(photo("obama.jpg")?, &models).ok()?;
        let settings = Settings::new(SEED);
        let page = passport(&assets, SEED, &holder.photo, holder.face);
        let film = |film: Recording, at_ms| jpeg(&film.frame_at(at_ms));
        let turn = Action { kind: ActionKind::TurnLeft, times: 1, window_ms: 8_000 };
        let person = |subject| recording::face(&settings, subject, &[[turn]]).ok();
        Some(Stage {
            document: film(recording::document(&assets, &settings, &page, 8_000.0).ok()?, STILL_MS),
            desk: film(recording::no_document(&assets, &settings, 8_000.0).ok()?, STILL_MS),
            holder: film(person(&holder)?, FRONT_MS),
            other: film(person(&other)?, FRONT_MS),
            print: film(recording::print(&settings, &holder, 8_000.0).ok()?, FRONT_MS),
            models,
        })
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

async fn start(stage: &Stage) -> TestArgos {
    let models = stage.models.clone();
    TestArgos::start_with(|params| params.models = Some(models)).await
}

/// Step1 with the specimen's passport, of a user without a scenario.
fn passport_of(stage: &Stage, own: &str) -> Step1 {
    Step1 {
        issuing_country: Country::new("UTO").expect("country"),
        id_image: Picture::new(stage.document.clone()).expect("picture"),
        custom: CustomFields { userid: Some(text(own)), ..CustomFields::default() },
        ..document("none", own)
    }
}

/// Step2 of a face with what step1 read.
fn face_of(begun: &Step1Answer, picture: &[u8]) -> Step2 {
    Step2 {
        face_image: Picture::new(picture.to_vec()).expect("picture"),
        name: text(begun.ocr.name.as_deref().expect("name")),
        date_of_birth: Date::parse(begun.ocr.birth_date.as_deref().expect("date")).expect("date"),
        gender: None,
        nationality: None,
        ..face(&begun.submission_id)
    }
}

#[tokio::test]
async fn the_holder_of_a_passport_is_approved_with_scores_above_the_thresholds() {
    let Some(stage) = stage() else { return };
    let test = start(stage).await;
    let begun = test.argos.step1(&passport_of(stage, "u1")).await.expect("step1");
    assert!(begun.retry.is_empty(), "{begun:?}");
    assert_eq!(begun.ocr.nationality.as_deref(), Some("UTO"));
    assert_eq!(begun.ocr.gender.as_deref(), Some("female"));
    let answer = test.argos.step2(&face_of(&begun, &stage.holder)).await.expect("step2");
    println!("genuine: {:?} {:?}", answer.face_similarity_score, answer.liveness_score);
    assert_eq!(answer.kyc_status, KycStatus::Approved, "{answer:?}");
    assert!(answer.face_similarity_score.is_some_and(|score| score >= FACE_SIMILARITY_MIN));
    assert!(answer.liveness_score.is_some_and(|score| score >= LIVENESS_MIN));
    let item = test.item(&begun.submission_id).await;
    assert!(item["data"]["documentNumber"].is_string() && item["data"]["idcard_expireDate"].is_string());
}

#[tokio::test]
async fn another_face_no_face_and_a_printed_face_ask_for_another_try() {
    let Some(stage) = stage() else { return };
    let test = start(stage).await;
    let begun = test.argos.step1(&passport_of(stage, "u1")).await.expect("step1");
    let other = test.argos.step2(&face_of(&begun, &stage.other)).await.expect("step2");
    assert_eq!((other.kyc_status, other.retry_count), (KycStatus::Incomplete, 1));
    assert_eq!(other.retry[0].code, RetryCode::FaceCompareUnderscore);
    let nobody = test.argos.step2(&face_of(&begun, &stage.desk)).await.expect("step2");
    assert_eq!(nobody.retry[0].code, RetryCode::FaceCompareUnderscore);
    assert!(nobody.retry[0].message.contains("no face"));
    let read = test.read(&begun.submission_id).await;
    let [first, second] = &read.kyc.attempts[..] else { panic!("two attempts") };
    println!("another person: {:?}", first.face_similarity_score);
    assert!(first.face_similarity_score.is_some_and(|score| score < FACE_SIMILARITY_MIN));
    assert_eq!((second.face_similarity_score, second.liveness_score), (None, None), "nothing to measure");
    let third = test.argos.step2(&face_of(&begun, &stage.desk)).await.expect("step2");
    assert_eq!((third.kyc_status, third.retry_count), (KycStatus::Rejected, 3));
}

#[tokio::test]
async fn a_print_is_seen_not_to_live() {
    let Some(stage) = stage() else { return };
    let test = start(stage).await;
    let begun = test.argos.step1(&passport_of(stage, "u1")).await.expect("step1");
    let print = test.argos.step2(&face_of(&begun, &stage.print)).await.expect("step2");
    let read = test.read(&begun.submission_id).await;
    println!(
        "print: {:?} {:?}",
        read.kyc.attempts[0].face_similarity_score, read.kyc.attempts[0].liveness_score
    );
    assert_eq!(print.retry[0].code, RetryCode::LivenessError, "{print:?}");
}

#[tokio::test]
async fn a_document_says_what_is_wrong_with_it() {
    let Some(stage) = stage() else { return };
    let test = start(stage).await;
    let foreign =
        Step1 { issuing_country: Country::new("USA").expect("country"), ..passport_of(stage, "u1") };
    let answer = test.argos.step1(&foreign).await.expect("step1");
    assert_eq!(answer.retry[0].code, RetryCode::DocumentCountryMismatch);
    let back = Picture::new(stage.desk.clone()).expect("picture");
    let no_back = Step1 { id_back_image: Some(back.clone()), ..passport_of(stage, "u2") };
    let answer = test.argos.step1(&no_back).await.expect("step1");
    assert_eq!(answer.retry[0].code, RetryCode::InvalidBackDocument);
    let nothing = Step1 { id_image: back, ..passport_of(stage, "u3") };
    let error = test.argos.step1(&nothing).await.expect_err("no document");
    assert_eq!(Refusal::of(&error).map(|refusal| refusal.message), Some(RefusalMessage::IdImageInvalid));
    let broken = Picture::new(stage.document[..stage.document.len() / 3].to_vec()).expect("picture");
    let error = test.argos.step1(&Step1 { id_image: broken, ..passport_of(stage, "u4") }).await;
    let message = error.err().and_then(|error| Refusal::of(&error)).map(|refusal| refusal.message);
    assert_eq!(message, Some(RefusalMessage::IdImageUnprocessed));
    test.pass_ms(30 * 365 * crate::support::DAY_MS);
    let answer = test.argos.step1(&passport_of(stage, "u5")).await.expect("step1");
    assert!(answer.retry.iter().any(|note| note.code == RetryCode::DocumentExpired), "{answer:?}");
}

#[tokio::test]
async fn a_person_who_submits_again_is_the_same_applicant_and_may_be_rejected_for_it() {
    let Some(stage) = stage() else { return };
    let test = start(stage).await;
    let mut ids = Vec::new();
    for own in ["u1", "u2"] {
        let begun = test.argos.step1(&passport_of(stage, own)).await.expect("step1");
        let answer = test.argos.step2(&face_of(&begun, &stage.holder)).await.expect("step2");
        assert_eq!(answer.kyc_status, KycStatus::Approved);
        ids.push(begun.submission_id);
    }
    let first = test.read(&ids[0]).await.applicant_id.expect("applicant");
    assert_eq!(test.read(&ids[1]).await.applicant_id.as_ref(), Some(&first));
    let item = test.item(&ids[1]).await;
    assert_eq!(item["duplicated_information"], serde_json::json!([ids[0].as_str()]));
    let same = test.argos.applicant(&ApplicantId::new(first).expect("id")).await.expect("list");
    assert_eq!(same.len(), 2);

    let once = CustomOptions { reject_duplicate_user: Some(true), ..CustomOptions::default() };
    let begun = test.argos.step1(&Step1 { options: once, ..passport_of(stage, "u3") }).await.expect("step1");
    let answer = test.argos.step2(&face_of(&begun, &stage.holder)).await.expect("step2");
    assert_eq!(answer.kyc_status, KycStatus::Rejected);
    assert_eq!(test.read(&begun.submission_id).await.kyc.comment_codes, [CommentCode::DuplicateUser]);
}

#[tokio::test]
async fn data_that_contradict_the_document_are_not_approved() {
    let Some(stage) = stage() else { return };
    let test = start(stage).await;
    let begun = test.argos.step1(&passport_of(stage, "u1")).await.expect("step1");
    let older =
        Step2 { date_of_birth: Date::parse("1950-01-01").expect("date"), ..face_of(&begun, &stage.holder) };
    assert_eq!(test.argos.step2(&older).await.expect("step2").kyc_status, KycStatus::Rejected);
    assert_eq!(test.read(&begun.submission_id).await.kyc.comment_codes, [CommentCode::IdInfoDataMismatch]);
    let begun = test.argos.step1(&passport_of(stage, "u2")).await.expect("step1");
    let named = Step2 { name: text("Somebody Else"), ..face_of(&begun, &stage.holder) };
    assert_eq!(test.argos.step2(&named).await.expect("step2").kyc_status, KycStatus::Pending);
}

#[tokio::test]
async fn while_a_step_runs_its_submission_is_neither_repeated_nor_deleted() {
    let Some(stage) = stage() else { return };
    let test = start(stage).await;
    let foreign =
        Step1 { issuing_country: Country::new("USA").expect("country"), ..passport_of(stage, "u1") };
    let id = test.argos.step1(&foreign).await.expect("step1").submission_id;
    let again = Step1 { submission_id: Some(id.clone()), ..passport_of(stage, "u1") };
    let meanwhile = async {
        // The document is being looked at, which takes longer than this.
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
        (test.argos.step1(&again).await, test.argos.delete(&id).await)
    };
    let (first, (second, deleted)) = tokio::join!(test.argos.step1(&again), meanwhile);
    assert!(first.expect("step1").retry.is_empty());
    let message = |error: Option<idv_edge::Error>| {
        error.and_then(|error| Refusal::of(&error)).map(|refusal| refusal.message)
    };
    assert_eq!(message(second.err()), Some(RefusalMessage::DataUnprocessed));
    assert_eq!(message(deleted.err()), Some(RefusalMessage::DeleteFailed));
    test.argos.delete(&id).await.expect("deleted once the step is over");
}
