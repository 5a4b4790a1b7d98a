//! What is deleted is gone: from the API and from the files.

use crate::support::{TestArgos, document, face, grey};
use idv_edge::argos::{Deleted, ImageType, Picture, Refusal, RefusalMessage, Step1, SubmissionId};
use idv_sandbox::scenario::Scenario;
use std::path::Path;

/// Whether any file of the database holds `bytes`.
fn holds(folder: &Path, bytes: &[u8]) -> bool {
    let mut looked_at = 0;
    let held = ["sandbox.sqlite", "sandbox.sqlite-wal", "sandbox.sqlite-shm"].iter().any(|name| {
        let Ok(file) = std::fs::read(folder.join(name)) else { return false };
        looked_at += 1;
        file.windows(bytes.len()).any(|window| window == bytes)
    });
    assert!(held || looked_at == 3, "database, log and index are there");
    held
}

#[tokio::test]
async fn no_byte_of_a_deleted_submission_is_left_in_the_database_its_log_or_its_index() {
    let test = TestArgos::start_on_file().await;
    // A picture of several pages of the database, which ends in bytes of its own.
    let mut picture = grey(9);
    picture.extend((0..40_000_u32).flat_map(|i| (i.wrapping_mul(2_654_435_761)).to_be_bytes()));
    let marks: Vec<Vec<u8>> = [1_000, 20_000, picture.len() - 64]
        .iter()
        .map(|at| picture[*at..*at + 32].to_vec())
        .chain([b"Zachariasdottir".to_vec(), b"gone@example.com".to_vec()])
        .collect();
    let step = Step1 {
        id_image: Picture::new(picture).expect("picture"),
        ..document(&Scenario::Approve.reference("gone"), "gone")
    };
    let id = test.argos.step1(&step).await.expect("step1").submission_id;
    let mut person = face(&id);
    person.name = crate::support::text("Gudrun Zachariasdottir");
    test.argos.step2(&person).await.expect("step2");
    let kept = test.run(Scenario::Approve, "kept").await.0;
    for mark in &marks {
        assert!(holds(&test.folder, mark), "the scan finds what is there");
    }

    assert_eq!(test.argos.delete(&id).await.expect("deleted"), Deleted);
    for (index, mark) in marks.iter().enumerate() {
        assert!(!holds(&test.folder, mark), "mark {index}");
    }
    assert_eq!(test.argos.submission(&id).await.expect("read"), None);
    assert!(test.argos.image(&id, &ImageType::IdImage).await.is_err());
    assert!(test.argos.submission(&kept).await.expect("read").is_some());
    let events = test.events("submission_deleted");
    assert_eq!(events, [serde_json::json!({ "event": "submission_deleted", "submission_id": id.as_str() })]);
}

#[tokio::test]
async fn what_cannot_be_deleted_is_named() {
    let test = TestArgos::start().await;
    let nobody = SubmissionId::new("nobody").expect("id");
    let message = |error: idv_edge::Error| Refusal::of(&error).map(|refusal| refusal.message);
    let error = test.argos.delete(&nobody).await.expect_err("an empty project");
    assert_eq!(message(error), Some(RefusalMessage::ProjectDataNotFound));
    let id = test.begin(Scenario::Approve, "u1").await.submission_id;
    let error = test.argos.delete(&nobody).await.expect_err("unknown");
    assert_eq!(message(error), Some(RefusalMessage::SubmissionNotFound));
    test.argos.delete(&id).await.expect("deleted");
    let error = test.argos.delete(&id).await.expect_err("deleted before");
    assert_eq!(message(error), Some(RefusalMessage::SubmissionDataNotFound));
    let error = test.argos.step2(&face(&id)).await.expect_err("it stays deleted");
    assert_eq!(message(error), Some(RefusalMessage::SubmissionIdInvalid));
}
