//! How each check of a verification ended, in the words of contract 1.4.

use crate::db::Finished;
use crate::decision::{CheckOutcome, Finding};
use idv_edge::tomo::{
    BiometricChecks, CheckOf, Checks, DocumentChecks, IdType, KycPolicy, Method, OwnerAssurance, Subject,
};
use idv_protocol::{Reason, StepName};

/// `document.category` of what the policy has presented; empty where it is no document.
pub(super) fn category(policy: &KycPolicy) -> &'static str {
    match policy.subject() {
        Subject::Document(IdType::Passport) => "passport",
        Subject::Document(IdType::IdCard) => "id_card",
        Subject::Document(IdType::ResidentialCard) => "residence_card",
        Subject::PersonalInfo | Subject::EidCertificate => "",
    }
}

/// Whether the policy holds what was typed against records.
fn asks_records(policy: &KycPolicy) -> bool {
    matches!(policy.method(), Method::PersonalInfoVerf | Method::GovernmentIdVerf)
}

/// Steps that ran, in the contract's words.
pub(super) fn steps(finished: &Finished, policy: &KycPolicy, judged: bool) -> Vec<String> {
    let pictures = matches!(policy.method(), Method::DocumentOcrCheck | Method::DocumentAuthenticityCheck);
    let entered =
        !matches!(entry(finished, StepName::Person, &[Reason::NotOnRecord]), CheckOutcome::NotPerformed);
    let texted = finished.entries.otp_sends > 0;
    let rows = [
        (true, "terms_acceptance"),
        (judged && pictures, "document_check"),
        (judged && pictures && policy.owner() == OwnerAssurance::SubmittedDocSelfieMatch, "biometric_check"),
        (entered && asks_records(policy), "data_source_check"),
        (texted, "phone_verification"),
    ];
    rows.into_iter().filter(|(ran, _)| *ran).map(|(_, step)| step.to_owned()).collect()
}

/// Every check.
pub(super) fn checks(finished: &Finished, policy: &KycPolicy, finding: Option<&Finding>) -> Checks {
    let pictures = finding.map(|finding| finding.checks).unwrap_or_default();
    let word = |outcome: CheckOutcome| outcome.word().to_owned();
    let asks_face = policy.owner() == OwnerAssurance::SubmittedDocSelfieMatch;
    let only = |asked: bool, outcome: CheckOutcome| CheckOf {
        outcome: word(if asked { outcome } else { CheckOutcome::NotPerformed }),
    };
    let records = entry(finished, StepName::Person, &[Reason::NotOnRecord]);
    // A secret of the document is the record's too: knowing it is part of being the one on record.
    let secret = entry(finished, StepName::Secret, &[Reason::SecretWrong]);
    let data_source = match (policy.owner(), records) {
        (OwnerAssurance::DocumentSecret, CheckOutcome::Passed) => secret,
        _ => records,
    };
    let signature = [Reason::SignatureRefused, Reason::SignatureExpired, Reason::SignatureInvalid];
    Checks {
        biometric: BiometricChecks {
            attempts: asks_face.then_some(finished.attempts),
            document_comparison: word(pictures.document_comparison),
            face_match: word(pictures.same_face),
            liveness: word(pictures.liveness),
            outcome: word(pictures.biometric()),
            similarity_score: finding.and_then(|finding| finding.face_similarity),
        },
        certificate: only(
            policy.owner() == OwnerAssurance::Toss,
            entry(finished, StepName::Signature, &signature),
        ),
        data_source: only(asks_records(policy), data_source),
        document: DocumentChecks {
            attempts: finished.attempts,
            authenticity: word(pictures.authenticity),
            data_comparison: word(CheckOutcome::NotPerformed),
            image_quality: word(pictures.document),
            outcome: word(pictures.document),
        },
        phone_verification: only(
            policy.owner() == OwnerAssurance::SmsOtp,
            entry(finished, StepName::Otp, &[Reason::OtpFailed]),
        ),
    }
}

/// How a step without pictures ended: it failed where one of its `reasons` ended the verification.
fn entry(finished: &Finished, step: StepName, reasons: &[Reason]) -> CheckOutcome {
    if finished.reason.is_some_and(|reason| reasons.contains(&reason)) {
        CheckOutcome::Failed
    } else if finished.entries.is_met(step) {
        CheckOutcome::Passed
    } else {
        CheckOutcome::NotPerformed
    }
}
