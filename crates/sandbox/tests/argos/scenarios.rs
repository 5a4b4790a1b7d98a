//! Every scenario ends as it says, and every published code can be had.

use crate::support::{TestArgos, document, face};
use idv_edge::argos::{
    ApplicantId, CommentCode, CustomOptions, KycStatus, NextAction, RetryCode, Step1, VerificationResult,
};
use idv_sandbox::scenario::Scenario;

#[tokio::test]
async fn each_scenario_has_its_end() {
    let test = TestArgos::start().await;
    let cases = [
        (Scenario::Approve, KycStatus::Approved, None),
        (Scenario::Reject, KycStatus::Rejected, Some(CommentCode::AutomaticVerificationFail)),
        (Scenario::Pending, KycStatus::Pending, None),
        (Scenario::Duplicate, KycStatus::Rejected, Some(CommentCode::DuplicateUser)),
        (Scenario::AmlHit, KycStatus::Pending, Some(CommentCode::IdInfoBlacklist)),
        (Scenario::UnderAge, KycStatus::Rejected, Some(CommentCode::UnderAgeLimit)),
        (Scenario::Blacklist, KycStatus::Rejected, Some(CommentCode::BlacklistCountry)),
        (Scenario::Expire, KycStatus::Rejected, Some(CommentCode::AutomaticVerificationFail)),
    ];
    for (scenario, status, code) in cases {
        let (id, answer) = test.run(scenario, scenario.name()).await;
        assert_eq!(answer.kyc_status, status, "{scenario}");
        let read = test.read(&id).await;
        assert_eq!(
            (&read.kyc.result, read.kyc.comment_codes.first()),
            (&status, code.as_ref()),
            "{scenario}"
        );
        assert_eq!(read.kyc.comment.len(), read.kyc.comment_codes.len());
        assert_eq!(read.userid.as_deref(), Some(&*scenario.reference(scenario.name())));
    }
}

#[tokio::test]
async fn step1_and_step2_answer_as_the_vendors_samples_do() {
    let test = TestArgos::start().await;
    let begun = test.begin(Scenario::Approve, "u1").await;
    assert_eq!(begun.ocr.name.as_deref(), Some("John Smith"));
    assert_eq!(begun.ocr.birth_date.as_deref(), Some("1975-08-25"));
    assert_eq!(begun.ocr.issue_date.as_deref(), Some("2020-02-25"));
    assert_eq!((begun.ocr.gender.as_deref(), begun.ocr.nationality.as_deref()), (Some("male"), Some("USA")));
    assert_eq!(begun.file_upload, Some(true));
    assert_eq!(test.status(&begun.submission_id).await, KycStatus::Incomplete);

    let answer = test.argos.step2(&face(&begun.submission_id)).await.expect("step2");
    assert_eq!(answer.verification_result, Some(VerificationResult::Success));
    assert_eq!((answer.face_similarity_score, answer.liveness_score), (Some(99.0), Some(91.0)));
    assert_eq!((answer.retry_count, answer.retry.len()), (0, 0));
    let item = test.item(&begun.submission_id).await;
    assert_eq!(item["data"]["idcard_issuingCountry"], "USA");
    assert_eq!((&item["data"]["cf1"], &item["email"]), (&"test".into(), &"u1@example.com".into()));
    assert_eq!(item["kyc"]["attempts"][0]["verificationParams"]["fullName"], "John Smith");
    let steps = test.events("argos_step");
    assert_eq!((steps.len(), &steps[1]["status"]), (2, &"approved".into()));
    assert!(!test.all_events().contains("Smith") && !test.all_events().contains("example.com"));
}

#[tokio::test]
async fn three_tries_of_step2_reject_as_published() {
    let test = TestArgos::start().await;
    let begun = test.begin(Scenario::Retry, "user-7").await;
    for count in 1..=2 {
        let answer = test.argos.step2(&face(&begun.submission_id)).await.expect("step2");
        assert_eq!((answer.kyc_status, answer.retry_count), (KycStatus::Incomplete, count));
        assert_eq!(answer.retry[0].code, RetryCode::FaceCompareUnderscore);
        assert_eq!(answer.face_similarity_score, None, "a retry answer has codes only");
    }
    let last = test.argos.step2(&face(&begun.submission_id)).await.expect("step2");
    assert_eq!((last.kyc_status, last.retry_count, last.retry.len()), (KycStatus::Rejected, 3, 0));
    assert_eq!((last.face_similarity_score, last.liveness_score), (Some(0.0), Some(99.0)));
    let read = test.read(&begun.submission_id).await;
    assert_eq!(read.kyc.comment_codes, [CommentCode::TooManyRetry]);
    assert_eq!(read.kyc.comment, ["Too many retry"]);
    let tries: Vec<u32> = read.kyc.attempts.iter().map(|attempt| attempt.attempt_cnt).collect();
    assert_eq!(tries, [1, 2, 3]);
    assert!(read.kyc.attempts[0].retry_messages[0].starts_with("1. Face compare failed"));
}

#[tokio::test]
async fn tries_of_both_steps_count_together() {
    let test = TestArgos::start().await;
    let userid = Scenario::Retry.reference("mrz_protocol_fail");
    let first = test.argos.step1(&document(&userid, "u1")).await.expect("step1");
    assert_eq!(first.retry[0].code, RetryCode::MrzProtocolFail);
    let again = Step1 { submission_id: Some(first.submission_id.clone()), ..document(&userid, "u1") };
    test.argos.step1(&again).await.expect("second try");
    // The third try, and the first that is a face.
    let face_retry = Scenario::Retry.reference("liveness_error");
    let passes = Step1 { submission_id: Some(first.submission_id.clone()), ..document(&face_retry, "u1") };
    assert!(test.argos.step1(&passes).await.expect("passes").retry.is_empty());
    let last = test.argos.step2(&face(&first.submission_id)).await.expect("step2");
    assert_eq!((last.kyc_status, last.retry_count), (KycStatus::Rejected, 3));
}

#[tokio::test]
async fn three_tries_of_step1_reject_too_and_say_what_was_wrong() {
    let test = TestArgos::start().await;
    let userid = Scenario::Retry.reference("document_expired");
    let mut step = document(&userid, "u1");
    for _ in 0..3 {
        let answer = test.argos.step1(&step).await.expect("step1");
        assert_eq!(answer.retry[0].code, RetryCode::DocumentExpired);
        step.submission_id = Some(answer.submission_id);
    }
    let id = step.submission_id.clone().expect("id");
    let read = test.read(&id).await;
    assert_eq!(read.kyc.result, KycStatus::Rejected);
    assert_eq!(read.kyc.comment_codes, [CommentCode::TooManyRetry, CommentCode::ExpiredId]);
    assert_eq!(test.argos.step1(&step).await.expect_err("over").status(), Some(400));
}

#[tokio::test]
async fn every_published_retry_code_is_asked_for_in_its_step() {
    let test = TestArgos::start().await;
    for code in RetryCode::KNOWN {
        let own = code.as_str();
        let begun = test.begin(Scenario::Retry, own).await;
        if code.next_action() == NextAction::RetakeSelfie {
            assert!(begun.retry.is_empty());
            let answer = test.argos.step2(&face(&begun.submission_id)).await.expect("step2");
            assert_eq!(answer.retry[0].code, *code);
        } else {
            assert_eq!(begun.retry[0].code, *code);
            assert!(!begun.retry[0].message.is_empty());
        }
    }
}

#[tokio::test]
async fn every_published_comment_code_can_be_the_reason() {
    let test = TestArgos::start().await;
    for (index, code) in CommentCode::KNOWN.iter().enumerate() {
        let userid = Scenario::Reject.reference(code.as_str());
        let begun = test.argos.step1(&document(&userid, &format!("u{index}"))).await.expect("step1");
        test.argos.step2(&face(&begun.submission_id)).await.expect("step2");
        assert_eq!(test.read(&begun.submission_id).await.kyc.comment_codes, std::slice::from_ref(code));
    }
}

#[tokio::test]
async fn options_switch_the_projects_rules_off() {
    let test = TestArgos::start().await;
    let off = CustomOptions { without_age_limit: true, ..CustomOptions::default() };
    let child = Step1 { options: off, ..document(&Scenario::UnderAge.reference("a"), "a") };
    let begun = test.argos.step1(&child).await.expect("step1");
    let answer = test.argos.step2(&face(&begun.submission_id)).await.expect("step2");
    assert_eq!(answer.kyc_status, KycStatus::Approved);

    let blocked = |own: &str, options| Step1 {
        issuing_country: idv_edge::argos::Country::new("PRK").expect("country"),
        options,
        ..document(&Scenario::Approve.reference(own), own)
    };
    let begun = test.argos.step1(&blocked("b", CustomOptions::default())).await.expect("step1");
    let answer = test.argos.step2(&face(&begun.submission_id)).await.expect("step2");
    assert_eq!(answer.kyc_status, KycStatus::Rejected);
    let off = CustomOptions { without_country_blacklist: true, ..CustomOptions::default() };
    let begun = test.argos.step1(&blocked("c", off)).await.expect("step1");
    let answer = test.argos.step2(&face(&begun.submission_id)).await.expect("step2");
    assert_eq!(answer.kyc_status, KycStatus::Approved);
}

#[tokio::test]
async fn an_approved_address_is_not_taken_again_within_the_period() {
    let test = TestArgos::start_with(|params| params.argos.project.reject_period_days = 1).await;
    test.run(Scenario::Approve, "u1").await;
    let again = document("someone", "u1");
    let refused = test.argos.step1(&again).await.expect_err("approved before");
    assert_eq!(refused.refusal_code(), Some("email_approved"));
    let off = CustomOptions { without_approve_period: true, ..CustomOptions::default() };
    let userid = Scenario::Approve.reference("u1");
    test.argos.step1(&Step1 { options: off, ..document(&userid, "u1") }).await.expect("switched off");

    test.run(Scenario::Reject, "u2").await;
    let rejected = document(&Scenario::Approve.reference("u2"), "u2");
    let refused = test.argos.step1(&rejected).await.expect_err("rejected before");
    assert_eq!(refused.refusal_code(), Some("data_unprocessed"));
    let off = CustomOptions { without_reject_period: true, ..CustomOptions::default() };
    test.argos.step1(&Step1 { options: off, ..rejected.clone() }).await.expect("switched off");
    test.pass_ms(crate::support::DAY_MS);
    test.argos.step1(&rejected).await.expect("the period is over");
    test.pass_ms(364 * crate::support::DAY_MS);
    test.argos.step1(&document(&userid, "u1")).await.expect("the other too");
}

#[tokio::test]
async fn an_applicant_that_nobody_knows_has_no_submissions() {
    let test = TestArgos::start().await;
    let nobody = ApplicantId::new("nobody").expect("id");
    assert!(test.argos.applicant(&nobody).await.expect("list").is_empty());
    let (id, _) = test.run(Scenario::Approve, "u1").await;
    let applicant = test.read(&id).await.applicant_id.expect("approved");
    let own = test.argos.applicant(&ApplicantId::new(applicant).expect("id")).await.expect("list");
    assert_eq!(own.iter().map(|item| &*item.submission_id).collect::<Vec<_>>(), [id.as_str()]);
}
