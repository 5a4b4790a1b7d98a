//! `checks` of a record, contract 1.4: how each check ended.

use serde::{Deserialize, Serialize};

/// A check's outcome: `passed`, `failed` or `not_performed`.
pub type CheckOutcome = String;

/// How two values agree: `match`, `partial_match`, `no_match` or `not_checked`.
pub type MatchOutcome = String;

/// Every check.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct Checks {
    /// The person.
    pub biometric: BiometricChecks,
    /// The certificate that something was signed with.
    pub certificate: CertificateCheck,
    /// Personal data against records.
    pub data_source: DataSourceCheck,
    /// The document.
    pub document: DocumentChecks,
    /// A code sent to the phone.
    pub phone_verification: PhoneCheck,
    /// Signs of fraud.
    pub risk: RiskCheck,
    /// Lists of people to look at.
    pub watchlist: WatchlistCheck,
}

/// The person.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct BiometricChecks {
    /// Attempts made.
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
    pub similarity_score: Option<f32>,
}

/// The certificate that something was signed with.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct CertificateCheck {
    /// How it ended.
    pub outcome: CheckOutcome,
    /// When the certificate begins.
    pub valid_from: Option<String>,
    /// When it ends.
    pub valid_to: Option<String>,
    /// When it was verified.
    pub verified_at: Option<String>,
}

/// Personal data against records.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DataSourceCheck {
    /// What kind of address it is; the kinds are in no public text.
    pub address_type: Option<String>,
    /// How each datum agrees.
    pub attribute_match: Option<AttributeMatch>,
    /// How it ended.
    pub outcome: CheckOutcome,
}

/// How what was typed agrees with the record.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AttributeMatch {
    /// Address.
    pub address: MatchOutcome,
    /// Date of birth.
    pub date_of_birth: MatchOutcome,
    /// Number of a document.
    pub id_number: MatchOutcome,
    /// Name.
    pub name: MatchOutcome,
    /// Telephone number.
    pub phone: MatchOutcome,
}

/// The document.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DocumentChecks {
    /// Attempts made.
    pub attempts: Option<u32>,
    /// Forgery.
    pub authenticity: Option<String>,
    /// Fields against other sources.
    pub data_comparison: Option<DataComparison>,
    /// The picture.
    pub image_quality: Option<String>,
    /// All of them.
    pub outcome: CheckOutcome,
}

/// How what was read agrees with another source.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DataComparison {
    /// Date of birth.
    pub date_of_birth: MatchOutcome,
    /// Expiration date.
    pub expiration_date: MatchOutcome,
    /// Issuing country.
    pub issuing_country: MatchOutcome,
    /// Name.
    pub name: MatchOutcome,
}

/// A code sent to the phone.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct PhoneCheck {
    /// Attempts made.
    pub attempts: Option<u32>,
    /// How it ended.
    pub outcome: CheckOutcome,
}

/// Signs of fraud.
#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
#[serde(default)]
pub struct RiskCheck {
    /// How it ended.
    pub outcome: CheckOutcome,
    /// What was seen; its members are the vendor's own and kept as they came.
    pub signals: Option<serde_json::Value>,
}

/// Lists of people to look at.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct WatchlistCheck {
    /// How it ended.
    pub outcome: CheckOutcome,
}
