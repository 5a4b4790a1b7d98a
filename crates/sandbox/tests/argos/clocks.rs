//! The times of a submission: 4 hours to repeat step1, 24 hours to step2, 24 hours until what was left is rejected.

use crate::support::{DAY_MS, HOUR_MS, TestArgos, document, face};
use idv_edge::argos::{KycStatus, Progress, Step1, SubmissionQuery};
use idv_sandbox::scenario::Scenario;

#[tokio::test]
async fn step1_is_repeated_within_four_hours() {
    let test = TestArgos::start().await;
    let userid = Scenario::Retry.reference("mrz_protocol_fail");
    let first = test.argos.step1(&document(&userid, "u1")).await.expect("step1");
    let mut progress = Progress::started(&first, test.now_ms());
    let again = Step1 { submission_id: Some(first.submission_id.clone()), ..document(&userid, "u1") };
    test.pass_ms(4 * HOUR_MS - 1);
    assert!(progress.may_repeat_step1(test.now_ms()).is_ok());
    progress.after_step1(&test.argos.step1(&again).await.expect("in time"));
    test.pass_ms(1);
    assert!(progress.may_repeat_step1(test.now_ms()).is_err(), "the client knows");
    let late = test.argos.step1(&again).await.expect_err("too late");
    assert_eq!(late.refusal_code(), Some("submission_id_invalid"));
}

#[tokio::test]
async fn step2_after_a_day_is_a_rejection() {
    let test = TestArgos::start().await;
    let in_time = test.begin(Scenario::Approve, "u1").await.submission_id;
    let late = test.begin(Scenario::Approve, "u2").await.submission_id;
    test.pass_ms(DAY_MS - 1);
    assert_eq!(test.argos.step2(&face(&in_time)).await.expect("step2").kyc_status, KycStatus::Approved);
    test.pass_ms(1);
    assert_eq!(test.argos.step2(&face(&late)).await.expect("step2").kyc_status, KycStatus::Rejected);
    assert_eq!(test.status(&late).await, KycStatus::Rejected);
}

#[tokio::test]
async fn what_was_left_between_tries_is_rejected_after_a_day_and_only_with_a_face() {
    let test = TestArgos::start().await;
    let without_face = test.begin(Scenario::Approve, "u1").await.submission_id;
    let (left, answer) = {
        let begun = test.begin(Scenario::Retry, "u2").await;
        let answer = test.argos.step2(&face(&begun.submission_id)).await.expect("step2");
        (begun.submission_id, answer)
    };
    assert_eq!(answer.kyc_status, KycStatus::Incomplete);
    test.pass_ms(DAY_MS - 1);
    assert_eq!(test.status(&left).await, KycStatus::Incomplete);
    test.pass_ms(1);
    assert_eq!(test.status(&left).await, KycStatus::Rejected);
    assert_eq!(test.status(&without_face).await, KycStatus::Incomplete);
    let listed = test.argos.list(&SubmissionQuery::default()).await.expect("list");
    assert_eq!(listed.items.len(), 2);
    let over = test.argos.step2(&face(&left)).await.expect_err("over");
    assert_eq!(over.refusal_code(), Some("already_processed"));
}
