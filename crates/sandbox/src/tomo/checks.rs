//! How each check of a verification ended, in the words of contract 1.4.

use crate::db::Finished;
use crate::decision::{CheckOutcome, Finding};
use idv_edge::tomo::{
    AttributeMatch, BiometricChecks, CertificateCheck, Checks, DataComparison, DataSourceCheck,
    DocumentChecks, IdType, KycPolicy, MatchOutcome, Method, OwnerAssurance, PhoneCheck, ProcessSteps,
    RiskCheck, Subject, WatchlistCheck,
};
use idv_protocol::comparison::{Agreement, ComparedField, Comparison};
use idv_protocol::{PersonField, PersonForm, Reason, StepName};

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

/// `aml_result.currentstatus` of somebody on no list.
const CLEAR: &str = "clear";

/// How screening ended, where the vendor that was asked about the attempt made it.
fn watchlist(finding: Option<&Finding>) -> CheckOutcome {
    let status = finding.and_then(|finding| finding.argos.as_ref()?.watchlist.as_deref());
    match status {
        None => CheckOutcome::NotPerformed,
        Some(CLEAR) => CheckOutcome::Passed,
        Some(_) => CheckOutcome::Failed,
    }
}

/// How each step that ran ended.
pub(super) fn steps(finished: &Finished, policy: &KycPolicy, finding: Option<&Finding>) -> ProcessSteps {
    let checks = checks(finished, policy, finding, None);
    let pictures = finding.is_some()
        && matches!(policy.method(), Method::DocumentOcrCheck | Method::DocumentAuthenticityCheck);
    let ended = |ran: bool, outcome: &str| ran.then(|| outcome.to_owned());
    let performed = |outcome: &str| outcome != CheckOutcome::NotPerformed.word();
    ProcessSteps {
        terms_acceptance: ended(true, CheckOutcome::Passed.word()),
        document_check: ended(pictures, &checks.document.outcome),
        biometric_check: ended(
            pictures && policy.owner() == OwnerAssurance::SubmittedDocSelfieMatch,
            &checks.biometric.outcome,
        ),
        data_source_check: ended(performed(&checks.data_source.outcome), &checks.data_source.outcome),
        phone_verification: ended(finished.entries.otp_sends > 0, &checks.phone_verification.outcome),
        risk_check: None,
        watchlist_screening: ended(performed(&checks.watchlist.outcome), &checks.watchlist.outcome),
    }
}

/// Every check; `typed` is what an approved person typed.
pub(super) fn checks(
    finished: &Finished,
    policy: &KycPolicy,
    finding: Option<&Finding>,
    typed: Option<&PersonForm>,
) -> Checks {
    let pictures = finding.map(|finding| finding.checks).unwrap_or_default();
    let word = |outcome: CheckOutcome| outcome.word().to_owned();
    let asks_face = policy.owner() == OwnerAssurance::SubmittedDocSelfieMatch;
    let only =
        |asked: bool, outcome: CheckOutcome| word(if asked { outcome } else { CheckOutcome::NotPerformed });
    let records = entry(finished, StepName::Person, &[Reason::NotOnRecord]);
    // A secret of the document is the record's too: knowing it is part of being the one on record.
    let secret = entry(finished, StepName::Secret, &[Reason::SecretWrong]);
    let data_source = match (policy.owner(), records) {
        (OwnerAssurance::DocumentSecret, CheckOutcome::Passed) => secret,
        _ => records,
    };
    let signature = [Reason::SignatureRefused, Reason::SignatureExpired, Reason::SignatureInvalid];
    let comparisons = finding.map(|finding| finding.comparisons.as_slice()).unwrap_or_default();
    Checks {
        biometric: BiometricChecks {
            attempts: asks_face.then_some(finished.attempts),
            document_comparison: word(pictures.document_comparison),
            face_match: word(pictures.same_face),
            liveness: word(pictures.liveness),
            outcome: word(pictures.biometric()),
            similarity_score: finding.and_then(|finding| finding.face_similarity),
        },
        certificate: CertificateCheck {
            outcome: only(
                policy.owner() == OwnerAssurance::Toss,
                entry(finished, StepName::Signature, &signature),
            ),
            ..CertificateCheck::default()
        },
        data_source: DataSourceCheck {
            address_type: None,
            attribute_match: typed.filter(|_| asks_records(policy)).map(attributes),
            outcome: only(asks_records(policy), data_source),
        },
        document: DocumentChecks {
            attempts: Some(finished.attempts),
            authenticity: Some(word(pictures.authenticity)),
            data_comparison: (!comparisons.is_empty()).then(|| compared(comparisons)),
            image_quality: Some(word(pictures.document)),
            outcome: word(pictures.document),
        },
        phone_verification: PhoneCheck {
            attempts: (finished.entries.otp_sends > 0).then_some(finished.entries.otp_sends),
            outcome: only(
                policy.owner() == OwnerAssurance::SmsOtp,
                entry(finished, StepName::Otp, &[Reason::OtpFailed]),
            ),
        },
        risk: RiskCheck { outcome: word(CheckOutcome::NotPerformed), signals: None },
        watchlist: WatchlistCheck { outcome: word(watchlist(finding)) },
    }
}

/// How what was typed agrees with the record that it was found on: names, dates, numbers and postal codes are compared.
fn attributes(typed: &PersonForm) -> AttributeMatch {
    let matched = |field: PersonField, how: &str| -> MatchOutcome {
        let compared = !typed.text(field).is_empty();
        if compared { how.to_owned() } else { "not_checked".to_owned() }
    };
    AttributeMatch {
        address: matched(PersonField::PostalCode, "partial_match"),
        date_of_birth: matched(PersonField::BirthDate, "match"),
        id_number: matched(PersonField::DocumentNumber, "match"),
        name: "match".to_owned(),
        phone: "not_checked".to_owned(),
    }
}

/// How zone and barcode agree.
fn compared(comparisons: &[Comparison]) -> DataComparison {
    let worst = |fields: &[ComparedField]| -> MatchOutcome {
        let of_field = comparisons.iter().filter(|one| fields.contains(&one.field));
        let agreements: Vec<Agreement> = of_field.map(|one| one.agreement).collect();
        let word = if agreements.contains(&Agreement::Different) {
            "no_match"
        } else if agreements.iter().any(|one| matches!(one, Agreement::Partial | Agreement::Possible)) {
            "partial_match"
        } else if agreements.contains(&Agreement::Same) {
            "match"
        } else {
            "not_checked"
        };
        word.to_owned()
    };
    DataComparison {
        date_of_birth: worst(&[ComparedField::BirthDate]),
        expiration_date: worst(&[ComparedField::ExpiryDate]),
        issuing_country: worst(&[ComparedField::IssuingState]),
        name: worst(&[ComparedField::Surname, ComparedField::GivenNames]),
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
