//! A submission as it is kept, and as it is told.
//!
//! Rule: personal data are here and in the pictures, nowhere else; `Debug` shows the status only.

use super::rules::Comment;
use crate::time::rfc3339_ms;
use idv_edge::argos::{Gender, IdType, KycStatus, VerificationResult};
use serde::{Deserialize, Serialize};
use serde_json::{Map, Value, json};
use std::fmt;

/// A submission.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Record {
    /// Its id.
    pub submission_id: String,
    /// When its first step1 came, in ms since 1970: both clocks run from here.
    pub created_at_ms: u64,
    /// When it last changed.
    pub updated_at_ms: u64,
    /// When it was approved or rejected.
    pub result_at_ms: Option<u64>,
    /// When it began to wait for a person.
    pub pending_at_ms: Option<u64>,
    /// Who looked at it, where a person did.
    pub reviewer: Option<String>,
    /// E-mail address.
    pub email: String,
    /// The customer's user id.
    pub userid: Option<String>,
    /// The customer's fields 1 to 3.
    pub custom: [Option<String>; 3],
    /// Country that issued the document, alpha-3.
    pub issuing_country: String,
    /// Kind of document.
    pub id_type: IdType,
    /// Options of this submission.
    pub options: Options,
    /// What was read.
    pub ocr: Ocr,
    /// What step2 declared.
    pub declared: Declared,
    /// How it stands.
    pub status: KycStatus,
    /// Why.
    pub comments: Vec<Comment>,
    /// Each step2.
    pub attempts: Vec<AttemptRecord>,
    /// Tries used, step1 and step2 together.
    pub tries_used: u32,
    /// Whether step1 asked for another picture.
    pub step1_open: bool,
    /// The person across submissions, once step2 passed.
    pub applicant_id: Option<String>,
    /// Earlier submissions of the same person.
    pub duplicates: Vec<String>,
    /// The screening, once made.
    pub screening: Option<Screening>,
}

impl fmt::Debug for Record {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Record")
            .field("status", &self.status)
            .field("tries_used", &self.tries_used)
            .finish_non_exhaustive()
    }
}

/// `customOptions`: the first four can only be `false`, which switches a rule of the project off.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct Options {
    /// Blocked countries.
    pub blacklist_countries: Option<bool>,
    /// The time after an approval.
    pub approve_period: Option<bool>,
    /// The time after a rejection.
    pub reject_period: Option<bool>,
    /// The age limit.
    pub age_limit: Option<bool>,
    /// Whether a person who was approved before is rejected.
    pub reject_duplicate_user: Option<bool>,
}

/// What was read off the document. Dates are YYYY-MM-DD.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Ocr {
    /// Given names, then the surname.
    pub name: Option<String>,
    /// Gender.
    pub gender: Option<Gender>,
    /// Nationality, alpha-3.
    pub nationality: Option<String>,
    /// Date of birth; absent where a part of it is unknown.
    pub birth_date: Option<String>,
    /// Whether a date of birth was there, with unknown parts.
    pub birth_date_is_partial: bool,
    /// Date of issue.
    pub issue_date: Option<String>,
    /// Date of expiry.
    pub expire_date: Option<String>,
    /// Number of the document.
    pub document_number: Option<String>,
    /// Issuing state, alpha-3.
    pub issuing_country: Option<String>,
}

/// What step2 declared.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Declared {
    /// Full name.
    pub name: String,
    /// Date of birth.
    pub date_of_birth: String,
    /// Gender.
    pub gender: Option<Gender>,
    /// Nationality.
    pub nationality: Option<String>,
    /// Personal number, its last six digits hidden, as the vendor's sample has it.
    pub identity_number: Option<String>,
    /// Number of the document.
    pub document_number: Option<String>,
    /// Date of issue.
    pub date_of_issue: Option<String>,
    /// Date of expiry.
    pub date_of_expiry: Option<String>,
    /// The address, field by field, as it came.
    pub address: Vec<(String, String)>,
}

/// One step2.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct AttemptRecord {
    /// Its number, from 1.
    pub number: u32,
    /// Liveness, 0 to 100; absent where none was measured.
    pub liveness: Option<f32>,
    /// Likeness of the faces, 0 to 100.
    pub similarity: Option<f32>,
    /// The document's number against the issuer's records.
    pub verification: VerificationResult,
    /// Why another try was asked for: code and text.
    pub retry: Option<(String, String)>,
    /// What was compared with the records.
    pub declared: Declared,
}

/// A screening against watchlists.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Screening {
    /// Id of its report.
    pub resource_id: String,
    /// Names on the lists that fit.
    pub hits: Vec<String>,
    /// When it was made, in ms since 1970.
    pub at_ms: u64,
}

impl Screening {
    /// `aml_result` of the item and of webhooks.
    pub(super) fn summary(&self) -> Value {
        let (status, risk) =
            if self.hits.is_empty() { ("clear", "low") } else { ("potential_match", "high") };
        json!({ "resourceId": self.resource_id, "currentstatus": status, "risk_level_summary": risk })
    }
}

impl Record {
    /// Whether a face was sent: an incomplete submission with one becomes rejected by itself.
    pub(super) fn face_sent(&self) -> bool {
        !self.attempts.is_empty()
    }

    /// What is known of the person: read, else declared.
    pub(super) fn person(&self) -> Person<'_> {
        let declared = &self.declared;
        let typed = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
        Person {
            name: self.ocr.name.clone().or_else(|| typed(&declared.name)),
            gender: self.ocr.gender.as_ref().or(declared.gender.as_ref()),
            nationality: self.ocr.nationality.as_deref().or(declared.nationality.as_deref()),
            birth_date: self.ocr.birth_date.clone().or_else(|| typed(&declared.date_of_birth)),
        }
    }

    /// The item of `GET /submission`. What is absent is left out, as in the vendor's samples.
    pub fn item(&self) -> Value {
        let person = self.person();
        let declared = &self.declared;
        let [cf1, cf2, cf3] = &self.custom;
        let mut data = members([
            ("name", person.name.as_deref().map(Value::from)),
            ("gender", person.gender.map(|gender| gender.as_str().into())),
            ("nationality", person.nationality.map(Value::from)),
            ("date_of_birth", person.birth_date.as_deref().map(Value::from)),
            ("cf1", cf1.as_deref().map(Value::from)),
            ("cf2", cf2.as_deref().map(Value::from)),
            ("cf3", cf3.as_deref().map(Value::from)),
            ("ip_address", Some("*.*.*.*".into())),
            ("idcard_issuingCountry", Some(self.issuing_country.as_str().into())),
            ("idcard_issueDate", either(&self.ocr.issue_date, &declared.date_of_issue)),
            ("idcard_expireDate", either(&self.ocr.expire_date, &declared.date_of_expiry)),
            ("idType", Some(self.id_type.as_str().into())),
            ("identityNumber", declared.identity_number.as_deref().map(Value::from)),
            ("documentNumber", either(&self.ocr.document_number, &declared.document_number)),
        ]);
        for (name, value) in &declared.address {
            data.insert(format!("address_{name}"), value.as_str().into());
        }
        let item = members([
            ("data", Some(data.into())),
            ("email", Some(self.email.as_str().into())),
            ("submission_id", Some(self.submission_id.as_str().into())),
            ("created_at", Some(rfc3339_ms(self.created_at_ms).into())),
            ("updated_at", Some(rfc3339_ms(self.updated_at_ms).into())),
            ("kyc_result_at", self.result_at_ms.map(|at_ms| rfc3339_ms(at_ms).into())),
            ("userid", self.userid.as_deref().map(Value::from)),
            ("applicant_id", self.applicant_id.as_deref().map(Value::from)),
            ("reviewer", self.reviewer.as_deref().map(Value::from)),
            ("duplicated_information", (!self.duplicates.is_empty()).then(|| json!(self.duplicates))),
            ("aml_result", self.screening.as_ref().map(Screening::summary)),
            ("kyc", Some(self.kyc())),
        ]);
        item.into()
    }

    fn kyc(&self) -> Value {
        let texts: Vec<&str> = self.comments.iter().map(|comment| comment.text.as_str()).collect();
        let codes: Vec<&str> = self.comments.iter().map(|comment| comment.code.as_str()).collect();
        let attempts: Vec<Value> = self.attempts.iter().map(|attempt| attempt.told(self)).collect();
        members([
            ("result", Some(self.status.as_str().into())),
            ("comment", (!texts.is_empty()).then(|| json!(texts))),
            ("commentCode", (!codes.is_empty()).then(|| json!(codes))),
            ("attempts", (!attempts.is_empty()).then(|| json!(attempts))),
        ])
        .into()
    }
}

impl AttemptRecord {
    /// The entry of `kyc.attempts`.
    pub(super) fn told(&self, record: &Record) -> Value {
        let params = members([
            ("fullName", Some(self.declared.name.as_str().into())),
            ("idType", Some(record.id_type.as_str().into())),
            ("issueDate", self.declared.date_of_issue.as_deref().map(Value::from)),
            ("identityNumber", self.declared.identity_number.as_deref().map(Value::from)),
        ]);
        members([
            ("attemptCnt", Some(self.number.into())),
            ("livenessScore", self.liveness.map(whole)),
            ("faceSimilarityScore", self.similarity.map(whole)),
            ("verificationParams", Some(params.into())),
            ("verificationResult", Some(self.verification.as_str().into())),
            ("retryCode", self.retry.as_ref().map(|(code, _)| code.as_str().into())),
            ("retryMsg", self.retry.as_ref().map(|(_, text)| format!("1. {text}").into())),
        ])
        .into()
    }
}

/// What is known of a person.
pub(super) struct Person<'a> {
    pub(super) name: Option<String>,
    pub(super) gender: Option<&'a Gender>,
    pub(super) nationality: Option<&'a str>,
    pub(super) birth_date: Option<String>,
}

/// A score as the vendor tells it: a whole number. Scores are held as whole ones, so nothing is lost.
pub(super) fn whole(score: f32) -> Value {
    Value::from(score as u8)
}

/// The members that are there.
pub(super) fn members<const N: usize>(all: [(&str, Option<Value>); N]) -> Map<String, Value> {
    all.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?))).collect()
}

fn either(read: &Option<String>, declared: &Option<String>) -> Option<Value> {
    read.as_deref().or(declared.as_deref()).map(Value::from)
}
