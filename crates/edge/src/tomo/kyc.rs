//! `kyc` of a record, contract 1.4: `StandardKycResultView` as the vendor's public models have it. What is not known is
//! null there, not absent; absent members read as null.

use super::hidden::debug_without_personal_data;
use idv_protocol::{Outcome, Reason};
use serde::{Deserialize, Serialize};

/// `schema_version` of contract 1.4.
pub const SCHEMA_VERSION: &str = "kyc_result.v1";

/// A record of contract 1.4. `status_reason` and `submission_id` are this project's additions.
#[derive(Clone, PartialEq, Serialize, Deserialize)]
pub struct Kyc {
    /// `kyc_result.v1`.
    pub schema_version: String,
    /// How it ended.
    pub status: Outcome,
    /// When it ended, RFC 3339 in UTC.
    #[serde(default)]
    pub completed_at: Option<String>,
    /// Personal data.
    #[serde(default)]
    pub person: Person,
    /// How the person is reached.
    #[serde(default)]
    pub contact: Contact,
    /// Where the person lives.
    #[serde(default)]
    pub address: Address,
    /// The document.
    #[serde(default)]
    pub document: DocumentView,
    /// What was checked.
    #[serde(default)]
    pub checks: super::checks::Checks,
    /// Steps that ran.
    #[serde(default)]
    pub process: Process,
    /// Pictures, each at an address that asks for the access token that this result asks for.
    #[serde(default)]
    pub media: Vec<Media>,
    /// Which members were derived, which are missing, and which nobody asked for.
    #[serde(default)]
    pub field_provenance: FieldProvenance,
    /// Why it did not succeed; absent when it did, or when the server is not this project's.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub status_reason: Option<Reason>,
    /// The relay's id of the submission, the one in the page's receipt.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub submission_id: Option<String>,
}

/// The person.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Person {
    /// Full name.
    pub full_name: Option<String>,
    /// Given name.
    pub given_name: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// Date of birth, YYYY-MM-DD.
    pub date_of_birth: Option<String>,
    /// Sex.
    pub sex: Option<String>,
    /// Nationality.
    pub nationality: Option<String>,
    /// The person's number at a government.
    pub government_id: Option<GovernmentId>,
    /// The name in other writings.
    pub name_variants: Vec<NameVariant>,
}

/// A person's number at a government.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct GovernmentId {
    /// What kind of number; the kinds are in no public text.
    #[serde(rename = "type")]
    pub kind: Option<String>,
    /// The number.
    pub value: String,
}

/// A name in another writing.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct NameVariant {
    /// `phonetic`, `phonetic_half_width`, `alternate_script` or `previous`.
    pub kind: String,
    /// The name.
    pub value: String,
}

/// How the person is reached.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Contact {
    /// Email address.
    pub email_address: Option<String>,
    /// Telephone number.
    pub phone_number: Option<String>,
}

/// Where the person lives.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Address {
    /// The whole of it on one line.
    pub full: Option<String>,
    /// Street and number.
    pub street: Option<String>,
    /// A second line.
    pub street2: Option<String>,
    /// City.
    pub city: Option<String>,
    /// State or province.
    pub region: Option<String>,
    /// Postal code.
    pub postal_code: Option<String>,
    /// Country.
    pub country: Option<String>,
}

/// The document.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DocumentView {
    /// `passport`, `id_card`, `residence_card` and others; null where none was presented.
    pub category: Option<String>,
    /// Number.
    pub number: Option<String>,
    /// Issuing country.
    pub issuing_country: Option<String>,
    /// Issuing state or province.
    pub issuing_region: Option<String>,
    /// Expiration date.
    pub expiration_date: Option<String>,
    /// What was read off its pictures, as far as any were read.
    pub extracted: Option<Extracted>,
    /// What a residence permit says; its members are the vendor's own and kept as they came.
    pub residence_permit: Option<serde_json::Value>,
}

/// What was read off a document's pictures.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Extracted {
    /// Category.
    pub category: Option<String>,
    /// Date of birth.
    pub date_of_birth: Option<String>,
    /// Expiration date.
    pub expiration_date: Option<String>,
    /// Family name.
    pub family_name: Option<String>,
    /// Given name.
    pub given_name: Option<String>,
    /// Number.
    pub id_number: Option<String>,
    /// Issuing country.
    pub issuing_country: Option<String>,
    /// Issuing state or province.
    pub issuing_region: Option<String>,
}

/// The steps of a verification.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Process {
    /// Each step.
    pub steps: ProcessSteps,
}

/// How each step ended; null where it did not run. The words are in no public text; this project's are those of checks.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct ProcessSteps {
    /// The visitor agreed.
    pub terms_acceptance: Option<String>,
    /// The document was looked at.
    pub document_check: Option<String>,
    /// The person was looked at.
    pub biometric_check: Option<String>,
    /// Records were asked.
    pub data_source_check: Option<String>,
    /// A code was sent.
    pub phone_verification: Option<String>,
    /// Risks were looked for.
    pub risk_check: Option<String>,
    /// Watchlists were searched.
    pub watchlist_screening: Option<String>,
}

impl ProcessSteps {
    /// Names of the steps that ran.
    pub fn ran(&self) -> Vec<&'static str> {
        [
            ("terms_acceptance", &self.terms_acceptance),
            ("document_check", &self.document_check),
            ("biometric_check", &self.biometric_check),
            ("data_source_check", &self.data_source_check),
            ("phone_verification", &self.phone_verification),
            ("risk_check", &self.risk_check),
            ("watchlist_screening", &self.watchlist_screening),
        ]
        .into_iter()
        .filter(|(_, ended)| ended.is_some())
        .map(|(name, _)| name)
        .collect()
    }
}

/// A picture of a verification.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct Media {
    /// `document_front`, `document_back`, `portrait`, `selfie_image` or `selfie_video`.
    pub kind: String,
    /// Where it is.
    pub url: String,
}

/// Where the members of a record come from: names of [`STANDARD_FIELDS`].
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct FieldProvenance {
    /// Made of other members.
    pub derived_fields: Vec<String>,
    /// Asked for and not known.
    pub missing_fields: Vec<String>,
    /// Not asked for by this policy.
    pub not_collected_fields: Vec<String>,
}

/// Members that [`FieldProvenance`] names.
pub const STANDARD_FIELDS: [&str; 20] = [
    "status",
    "full_name",
    "family_name",
    "given_name",
    "date_of_birth",
    "sex",
    "nationality",
    "government_id",
    "full_address",
    "street",
    "city",
    "region",
    "postal_code",
    "email_address",
    "phone_number",
    "document_category",
    "document_number",
    "document_issuing_country",
    "document_issuing_region",
    "document_expiration_date",
];

debug_without_personal_data! {
    Kyc { status, status_reason, completed_at, checks, process, field_provenance }
    Person {}
    GovernmentId { kind }
    NameVariant { kind }
    Contact {}
    Address {}
    DocumentView { category }
    Extracted {}
    Media { kind }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_1_4_record_of_another_server_reads_without_our_additions() {
        let kyc: Kyc = serde_json::from_str(
            r#"{"schema_version":"kyc_result.v1","status":"approved","completed_at":null,
                "person":{"full_name":"Anna Eriksson","sex":null,"government_id":{"type":null,"value":"7"},
                          "name_variants":[{"kind":"phonetic","value":"アンナ"}]},
                "contact":{"email_address":null,"phone_number":"+46"},"address":{"full":"Main Street 1"},
                "document":{"category":"passport","extracted":{"id_number":"L1"},"residence_permit":{"card_type":"x"}},
                "checks":{"biometric":{"outcome":"passed"},"risk":{"outcome":"not_performed","signals":null}},
                "process":{"steps":{"document_check":"done","risk_check":null}},
                "media":[{"kind":"portrait","url":"https://api.tomopayment.com/m/1"}],
                "field_provenance":{"missing_fields":["sex"]}}"#,
        )
        .expect("reads");
        assert_eq!(
            (kyc.status, kyc.status_reason, kyc.completed_at.as_deref()),
            (Outcome::Approved, None, None)
        );
        assert_eq!(kyc.checks.biometric.outcome, "passed");
        assert_eq!(kyc.process.steps.ran(), ["document_check"]);
        assert_eq!(
            (kyc.person.name_variants[0].kind.as_str(), kyc.media[0].kind.as_str()),
            ("phonetic", "portrait")
        );
        assert_eq!(kyc.field_provenance.missing_fields, ["sex"]);
        let shown = format!("{kyc:?} {:?} {:?} {:?}", kyc.person, kyc.contact, kyc.media);
        for secret in ["Anna", "アンナ", "+46", "Main", "L1", "/m/1"] {
            assert!(!shown.contains(secret), "{shown}");
        }
    }

    #[test]
    fn what_is_not_known_is_null_and_not_absent() {
        let json = serde_json::to_value(Person::default()).expect("json");
        assert!(json["full_name"].is_null() && json.get("full_name").is_some());
        assert_eq!(json["name_variants"], serde_json::json!([]));
        let steps = serde_json::to_value(ProcessSteps::default()).expect("json");
        assert_eq!(steps.as_object().map(serde_json::Map::len), Some(7));
    }
}
