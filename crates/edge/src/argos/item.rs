//! A submission as the vendor tells it: the only type with which one ends.
//!
//! Absent members are `None` or empty: the published samples leave out what was not read, and version 3 adds
//! members, which are ignored where this client has no use for them. `Debug` shows no personal data.

use super::codes::{CommentCode, Gender, IdType, KycStatus, VerificationResult};
use super::retry_code::RetryCode;
use crate::dates::timestamp_ms;
use serde::{Deserialize, Deserializer};
use std::fmt;

/// One submission.
#[derive(Clone, PartialEq, Deserialize)]
pub struct Submission {
    /// Its id.
    pub submission_id: String,
    /// Personal data.
    #[serde(default)]
    pub data: PersonData,
    /// E-mail address.
    #[serde(default)]
    pub email: Option<String>,
    /// When it was made, as the vendor writes it.
    #[serde(default)]
    pub created_at: Option<String>,
    /// The customer's own user id.
    #[serde(default)]
    pub userid: Option<String>,
    /// Id of the person across submissions (version 3).
    #[serde(default)]
    pub applicant_id: Option<String>,
    /// How it stands.
    pub kyc: Kyc,
    /// What screening found, where it was made.
    #[serde(default)]
    pub aml_result: Option<AmlResult>,
}

/// What screening found.
#[derive(Clone, Debug, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct AmlResult {
    /// The status; its words are in no public text.
    #[serde(rename = "currentstatus")]
    pub current_status: String,
}

impl Submission {
    /// When it was made, in ms since 1970.
    pub fn created_at_ms(&self) -> Option<u64> {
        self.created_at.as_deref().and_then(timestamp_ms)
    }
}

/// What was read and typed.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default)]
pub struct PersonData {
    /// Full name.
    pub name: Option<String>,
    /// Gender.
    pub gender: Option<Gender>,
    /// Nationality, alpha-3.
    pub nationality: Option<String>,
    /// Date of birth, YYYY-MM-DD.
    pub date_of_birth: Option<String>,
    /// The customer's field 1.
    pub cf1: Option<String>,
    /// The customer's field 2.
    pub cf2: Option<String>,
    /// The customer's field 3.
    pub cf3: Option<String>,
    /// The visitor's address on the network.
    pub ip_address: Option<String>,
    /// Issuing country of the document, alpha-3.
    #[serde(rename = "idcard_issuingCountry")]
    pub issuing_country: Option<String>,
    /// Date of issue of the document, YYYY-MM-DD.
    #[serde(rename = "idcard_issueDate")]
    pub issue_date: Option<String>,
    /// Date of expiry of the document (version 3).
    #[serde(rename = "idcard_expireDate")]
    pub expire_date: Option<String>,
    /// Kind of document.
    #[serde(rename = "idType")]
    pub id_type: Option<IdType>,
    /// Personal number, partly hidden.
    #[serde(rename = "identityNumber")]
    pub identity_number: Option<String>,
    /// Document number (version 3).
    #[serde(rename = "documentNumber")]
    pub document_number: Option<String>,
}

/// How a submission stands.
#[derive(Clone, PartialEq, Deserialize)]
pub struct Kyc {
    /// The status.
    pub result: KycStatus,
    /// Why, in words.
    #[serde(default, deserialize_with = "one_or_many")]
    pub comment: Vec<String>,
    /// Why, in codes.
    #[serde(default, rename = "commentCode", deserialize_with = "one_or_many")]
    pub comment_codes: Vec<CommentCode>,
    /// The tries.
    #[serde(default)]
    pub attempts: Vec<Attempt>,
}

/// One try of step2.
#[derive(Clone, PartialEq, Deserialize)]
#[serde(rename_all = "camelCase")]
pub struct Attempt {
    /// Its number, from 1.
    #[serde(default)]
    pub attempt_cnt: u32,
    /// Liveness, 0 to 100.
    #[serde(default)]
    pub liveness_score: Option<f32>,
    /// Likeness of the faces, 0 to 100.
    #[serde(default)]
    pub face_similarity_score: Option<f32>,
    /// What was compared with the issuer's records.
    #[serde(default)]
    pub verification_params: VerificationParams,
    /// How that came out.
    #[serde(default)]
    pub verification_result: Option<VerificationResult>,
    /// Why another try was asked for, in words: one text, or several (version 3).
    #[serde(default, rename = "retryMsg", deserialize_with = "one_or_many")]
    pub retry_messages: Vec<String>,
    /// Why, in codes (version 3).
    #[serde(default, rename = "retryCode", deserialize_with = "one_or_many")]
    pub retry_codes: Vec<RetryCode>,
}

/// What was compared with the issuer's records.
#[derive(Clone, Default, PartialEq, Eq, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct VerificationParams {
    /// Full name.
    pub full_name: Option<String>,
    /// Kind of document.
    pub id_type: Option<IdType>,
    /// Date of issue.
    pub issue_date: Option<String>,
    /// Personal number, partly hidden.
    pub identity_number: Option<String>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum OneOrMany<T> {
    Many(Vec<T>),
    One(T),
    None(()),
}

/// A list, one value in place of it, or null.
pub(super) fn one_or_many<'de, T: Deserialize<'de>, D: Deserializer<'de>>(
    deserializer: D,
) -> Result<Vec<T>, D::Error> {
    Ok(match OneOrMany::deserialize(deserializer)? {
        OneOrMany::Many(values) => values,
        OneOrMany::One(value) => vec![value],
        OneOrMany::None(()) => Vec::new(),
    })
}

macro_rules! debug_without_personal_data {
    ($($name:ident { $($shown:ident),* })*) => {$(
        impl fmt::Debug for $name {
            fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
                f.debug_struct(stringify!($name))
                    $(.field(stringify!($shown), &self.$shown))*
                    .finish_non_exhaustive()
            }
        }
    )*};
}

debug_without_personal_data! {
    Submission { kyc }
    PersonData { id_type }
    Kyc { result, comment_codes, attempts }
    Attempt { attempt_cnt, verification_result, retry_codes }
    VerificationParams { id_type }
}

#[cfg(test)]
pub(super) mod tests {
    use super::*;

    /// The vendor page's first sample with a made-up person, as valid JSON.
    pub(in crate::argos) const REJECTED: &str = r#"{
        "data": {"name": "Anna Eriksson", "gender": "male", "nationality": "KOR",
            "date_of_birth": "1990-01-01",
            "cf1": "test", "ip_address": "*.*.*.*", "idcard_issuingCountry": "KOR",
            "idcard_issueDate": "2016-08-16", "idType": "government_id", "identityNumber": "900101-1******"},
        "email": "test@example.com", "submission_id": "gt7rcxx9l1o", "created_at": "2022-04-07T00:30:35.919Z",
        "userid": "test1",
        "kyc": {"result": "rejected", "comment": ["Too many retry"], "commentCode": ["too_many_retry"],
            "attempts": [
                {"attemptCnt": 1, "livenessScore": 91, "faceSimilarityScore": 99, "verificationParams": {
                    "fullName": "Anna Eriksson", "idType": "government_id", "issueDate": "2016-08-15",
                    "identityNumber": "900101-1******"}, "verificationResult": "fail",
                    "retryMsg": "1. failed"},
                {"attemptCnt": 2, "livenessScore": 98, "verificationParams": {},
                    "verificationResult": "success",
                    "retryMsg": "1. Face compare failed: no matching face"},
                {"attemptCnt": 3, "faceSimilarityScore": 99, "verificationResult": "success",
                    "retryMsg": ["1. Liveness check failed"], "retryCode": ["liveness_error"]}
            ]}}"#;

    #[test]
    fn the_published_sample_reads_with_its_missing_scores() {
        let item: Submission = serde_json::from_str(REJECTED).expect("reads");
        assert_eq!(item.kyc.result, KycStatus::Rejected);
        assert_eq!(item.kyc.comment_codes, [CommentCode::TooManyRetry]);
        assert_eq!(item.kyc.comment, ["Too many retry"]);
        let scores: Vec<_> =
            item.kyc.attempts.iter().map(|a| (a.liveness_score, a.face_similarity_score)).collect();
        assert_eq!(scores, [(Some(91.0), Some(99.0)), (Some(98.0), None), (None, Some(99.0))]);
        assert_eq!(item.kyc.attempts[0].verification_result, Some(VerificationResult::Fail));
        assert_eq!(item.kyc.attempts[1].retry_messages.len(), 1);
        assert_eq!(item.kyc.attempts[2].retry_codes, [RetryCode::LivenessError]);
        assert_eq!(item.created_at_ms(), Some(1_649_291_435_919));
        assert_eq!(item.data.issuing_country.as_deref(), Some("KOR"));
        assert_eq!(item.data.id_type, Some(IdType::GovernmentId));
    }

    #[test]
    fn debug_of_a_submission_shows_no_personal_data() {
        let item: Submission = serde_json::from_str(REJECTED).expect("reads");
        let shown = format!("{item:?} {:?} {:?}", item.data, item.kyc.attempts[0].verification_params);
        for secret in ["Anna", "1990", "900101", "test@", "test1", "2016", "gt7"] {
            assert!(!shown.contains(secret), "{shown}");
        }
        assert!(shown.contains("too_many_retry"));
    }

    #[test]
    fn a_status_that_nobody_published_is_kept_and_a_missing_one_is_refused() {
        let item: Submission =
            serde_json::from_str(r#"{"submission_id":"a","kyc":{"result":"paused","comment":null}}"#)
                .expect("reads");
        assert_eq!(item.kyc.result, KycStatus::Unknown("paused".into()));
        for bad in ["{}", r#"{"submission_id":"a"}"#, r#"{"submission_id":"a","kyc":{}}"#] {
            assert!(serde_json::from_str::<Submission>(bad).is_err(), "{bad}");
        }
    }
}
