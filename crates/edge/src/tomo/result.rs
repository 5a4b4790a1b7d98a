//! The result, contracts 1.3 and 1.4. Types that hold personal data show none in `Debug`.

use super::hidden::debug_without_personal_data;
use super::kyc::Kyc;
use super::policy::KycPolicy;
use super::policy_key::Country;
use serde::{Deserialize, Serialize};

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

debug_without_personal_data! {
    ResultRequest { country, policy }
    ResultRecord { policy_key, country, kyc }
    PersonFields {}
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
    fn debug_shows_no_personal_data() {
        let one: ResultResponse =
            serde_json::from_str(&format!(r#"{{"result":{RECORD_1_3}}}"#)).expect("one");
        let shown = format!("{one:?}");
        assert!(!shown.contains("Eriksson") && !shown.contains("1990"), "{shown}");
    }
}
