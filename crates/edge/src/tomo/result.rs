//! The result, contracts 1.3 and 1.4. Types that hold personal data show none in `Debug`.

use super::policy::KycPolicy;
use super::policy_key::Country;
use idv_protocol::{Outcome, Reason};
use serde::{Deserialize, Serialize};
use std::fmt;

/// Path of the result.
pub const RESULT_PATH: &str = "/v1/idv/result";

/// Asks for the results of a user.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct ResultRequest {
    /// The customer's user id, or the ppid.
    pub user_id: String,
    /// Only this country.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub country: Option<Country>,
    /// Only this policy. The field is named `policy` here, `kyc_policy` in a start request.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub policy: Option<KycPolicy>,
}

/// The answer: one record in `result`, or several in `results`, or none.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct ResultResponse {
    /// The ppid (contract 1.4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub user_id: Option<String>,
    /// The only record.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub result: Option<ResultRecord>,
    /// The records, newest first.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub results: Option<Vec<ResultRecord>>,
}

impl ResultResponse {
    /// Every record, whichever form the answer has.
    pub fn records(&self) -> impl Iterator<Item = &ResultRecord> {
        self.result.iter().chain(self.results.iter().flatten())
    }

    /// The record of one policy.
    pub fn record(&self, policy_key: &str) -> Option<&ResultRecord> {
        self.records().find(|record| record.policy_key == policy_key)
    }
}

/// One verified policy of a user.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct ResultRecord {
    /// Id of this verification at TomoIDV.
    pub auth_id: String,
    /// Canonical key of the policy.
    pub policy_key: String,
    /// Country.
    pub country: String,
    /// Personal data (contract 1.3).
    pub result: PersonFields,
    /// Status, checks and personal data (contract 1.4).
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub kyc: Option<Kyc>,
}

/// Personal data of contract 1.3. What was not read is an empty string.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PersonFields {
    /// Date of birth, YYYY-MM-DD.
    pub date_of_birth: String,
    /// Full name.
    pub full_name: String,
    /// Country.
    pub country: String,
    /// Full address.
    pub full_address: String,
    /// Given name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub given_name: Option<String>,
    /// Family name.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub family_name: Option<String>,
    /// Sex.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub sex: Option<String>,
    /// Street and number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub street: Option<String>,
    /// City.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub city: Option<String>,
    /// State or province.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub region: Option<String>,
    /// Postal code.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub postal_code: Option<String>,
    /// Telephone number.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub phone_number: Option<String>,
    /// Email address.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub email_address: Option<String>,
}

/// `StandardKycResultView` of contract 1.4. `status_reason` and `submission_id` are this project's additions.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Kyc {
    /// `kyc_result.v1`.
    pub schema_version: String,
    /// How it ended.
    pub status: Outcome,
    /// When it ended, RFC 3339 in UTC.
    pub completed_at: String,
    /// Personal data.
    #[serde(default)]
    pub person: Person,
    /// The document.
    #[serde(default)]
    pub document: DocumentView,
    /// What was checked.
    #[serde(default)]
    pub checks: Checks,
    /// Steps that ran.
    #[serde(default)]
    pub process: Process,
    /// Why it did not succeed; absent when it did, or when the server is not this project's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason: Option<Reason>,
    /// The relay's id of the submission, the one in the page's receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submission_id: Option<String>,
}

/// Person of contract 1.4. What was not read is an empty string.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Person {
    /// Full name.
    pub full_name: String,
    /// Given name.
    pub given_name: String,
    /// Family name.
    pub family_name: String,
    /// Date of birth, YYYY-MM-DD.
    pub date_of_birth: String,
    /// Sex.
    pub sex: String,
    /// Nationality.
    pub nationality: String,
}

/// Document of contract 1.4. What was not read is an empty string.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DocumentView {
    /// `passport`, `id_card`, `residence_card` and others.
    pub category: String,
    /// Number.
    pub number: String,
    /// Issuing country.
    pub issuing_country: String,
    /// Expiration date.
    pub expiration_date: String,
}

/// Checks of contract 1.4 that this project knows.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Checks {
    /// The person.
    pub biometric: BiometricChecks,
    /// The certificate that something was signed with.
    pub certificate: CheckOf,
    /// Personal data against records.
    pub data_source: CheckOf,
    /// The document.
    pub document: DocumentChecks,
    /// A code sent to the phone.
    pub phone_verification: CheckOf,
}

/// A check of which only the outcome is known here; the contract names no other member.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CheckOf {
    /// How it ended.
    pub outcome: CheckOutcome,
}

/// A check's outcome: `passed`, `failed` or `not_performed`.
pub type CheckOutcome = String;

/// Biometric checks of contract 1.4.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BiometricChecks {
    /// Attempts made.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub attempts: Option<u32>,
    /// The face on the document against the selfie.
    pub document_comparison: CheckOutcome,
    /// The same person in every picture.
    pub face_match: CheckOutcome,
    /// A live person.
    pub liveness: CheckOutcome,
    /// All of them.
    pub outcome: CheckOutcome,
    /// Cosine similarity of portrait and selfie, -1 to 1.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub similarity_score: Option<f32>,
}

/// Document checks of contract 1.4.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct DocumentChecks {
    /// Attempts made.
    pub attempts: u32,
    /// Forgery.
    pub authenticity: CheckOutcome,
    /// Fields against other sources.
    pub data_comparison: CheckOutcome,
    /// The picture.
    pub image_quality: CheckOutcome,
    /// All of them.
    pub outcome: CheckOutcome,
}

/// Steps of contract 1.4.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Process {
    /// `terms_acceptance`, `document_check`, `biometric_check` and others, in order.
    pub steps: Vec<String>,
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
    ResultRequest { country, policy }
    ResultRecord { policy_key, country, kyc }
    PersonFields {}
    Kyc { status, status_reason, completed_at, checks, process }
    Person {}
    DocumentView { category }
}

#[cfg(test)]
mod tests {
    use super::*;

    const RECORD_1_3: &str = r#"{"auth_id":"a1","policy_key":"us:default","country":"us","result":
        {"date_of_birth":"1990-01-01","full_name":"Anna Eriksson","country":"us","full_address":"","city":"x"}}"#;

    #[test]
    fn both_forms_of_the_answer_read_alike() {
        let one: ResultResponse =
            serde_json::from_str(&format!(r#"{{"result":{RECORD_1_3}}}"#)).expect("one");
        let many: ResultResponse =
            serde_json::from_str(&format!(r#"{{"results":[{RECORD_1_3}]}}"#)).expect("many");
        assert_eq!(one.record("us:default"), many.record("us:default"));
        assert!(one.record("us:default").expect("record").kyc.is_none());
        assert!(one.record("kr:default").is_none());
        let none: ResultResponse = serde_json::from_str(r#"{"results":[]}"#).expect("none");
        assert_eq!(none.records().count(), 0);
    }

    #[test]
    fn a_1_4_record_of_another_server_reads_without_our_additions() {
        let kyc: Kyc = serde_json::from_str(
            r#"{"schema_version":"kyc_result.v1","status":"approved","completed_at":"2026-01-01T00:00:00Z",
                "person":{"full_name":"Anna Eriksson","name_variants":[]},"contact":{},"address":{},
                "document":{"category":"passport"},"checks":{"biometric":{"outcome":"passed"},"risk":{}},
                "process":{"steps":["document_check"]},"media":[],"field_provenance":{}}"#,
        )
        .expect("reads");
        assert_eq!(kyc.status, Outcome::Approved);
        assert_eq!(kyc.status_reason, None);
        assert_eq!(kyc.checks.biometric.outcome, "passed");
    }

    #[test]
    fn debug_shows_no_personal_data() {
        let one: ResultResponse =
            serde_json::from_str(&format!(r#"{{"result":{RECORD_1_3}}}"#)).expect("one");
        let shown = format!("{one:?}");
        assert!(!shown.contains("Eriksson") && !shown.contains("1990"), "{shown}");
    }
}
