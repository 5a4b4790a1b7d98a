//! The country of a verification, and the canonical key of its policy.

use super::policy::{KycPolicy, method_word, owner_words, subject_words};
use crate::error::{Error, ErrorKind};
use serde::{Deserialize, Serialize};
use std::fmt;
use std::str::FromStr;

/// `country` of a start request: two lower-case letters, as ISO 3166 alpha-2 or `uk`, or `unknown`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(into = "String", try_from = "String")]
pub struct Country(String);

impl Country {
    /// The code.
    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl FromStr for Country {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let two_letters = text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_lowercase());
        if two_letters || text == "unknown" {
            Ok(Self(text.to_owned()))
        } else {
            Err(Error::new(ErrorKind::PolicyInvalid, "country is not a lower-case alpha-2 code or unknown"))
        }
    }
}

impl TryFrom<String> for Country {
    type Error = Error;

    fn try_from(text: String) -> Result<Self, Error> {
        text.parse()
    }
}

impl From<Country> for String {
    fn from(country: Country) -> Self {
        country.0
    }
}

/// The canonical key of a policy in a country: `{country}:default`, or
/// `{country}:{subject.kind}:{id_type}:{method}:{owner.kind}` and, where the owner assurance has one, `:{type}`.
/// The grammar is inferred from two published examples.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub struct PolicyKey {
    /// Country.
    pub country: Country,
    /// The policy; absent for the country's default.
    pub policy: Option<KycPolicy>,
}

impl fmt::Display for PolicyKey {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let country = self.country.as_str();
        let Some(policy) = &self.policy else { return write!(f, "{country}:default") };
        let (kind, id_type) = subject_words(policy.subject());
        let (owner_kind, owner_type) = owner_words(policy.owner());
        write!(f, "{country}:{kind}:{id_type}:{}:{owner_kind}", method_word(policy.method()))?;
        owner_type.map_or(Ok(()), |word| write!(f, ":{word}"))
    }
}

impl FromStr for PolicyKey {
    type Err = Error;

    fn from_str(text: &str) -> Result<Self, Error> {
        let parts: Vec<&str> = text.split(':').collect();
        let (country, policy) = match parts.as_slice() {
            [country, "default"] => (country, None),
            [country, kind, id_type, method, owner] => {
                (country, Some(KycPolicy::from_words(kind, id_type, method, owner, None)?))
            }
            [country, kind, id_type, method, owner, owner_type] => {
                (country, Some(KycPolicy::from_words(kind, id_type, method, owner, Some(owner_type))?))
            }
            _ => return Err(Error::new(ErrorKind::PolicyInvalid, "not a policy key")),
        };
        Ok(Self { country: country.parse()?, policy })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The combinations TomoIDV's own test board uses, and the two published keys.
    const KNOWN: [&str; 9] = [
        "us:personal_info:null:personal_info_verf:owner_verf:sms_otp",
        "us:document:residential_card:document_ocr_check:no_owner_assurance",
        "jp:document:id_card:government_id_verf:owner_verf:document_secret",
        "jp:document:passport:document_ocr_check:no_owner_assurance",
        "cn:document:id_card:government_id_verf:no_owner_assurance",
        "cn:document:id_card:document_authenticity_check:owner_check:submitted_doc_selfie_match",
        "cn:document:id_card:document_ocr_check:owner_check:submitted_doc_selfie_match",
        "us:default",
        "kr:eid:certificate:government_ci_verf:owner_verf:toss",
    ];

    #[test]
    fn every_known_key_reads_and_writes_back() {
        for text in KNOWN {
            let key: PolicyKey = text.parse().expect(text);
            assert_eq!(key.to_string(), text);
        }
    }

    #[test]
    fn impossible_policies_are_refused() {
        let impossible = [
            "kr:personal_info:null:document_ocr_check:no_owner_assurance",
            "kr:personal_info:null:personal_info_verf:owner_check:submitted_doc_selfie_match",
            "kr:document:passport:government_id_verf:owner_check:submitted_doc_selfie_match",
            "kr:document:passport:document_ocr_check:owner_verf:toss",
            "kr:eid:certificate:document_ocr_check:no_owner_assurance",
            "kr:document:null:document_ocr_check:no_owner_assurance",
            "kr:document:passport:document_ocr_check:owner_check",
            "kr:document:passport:document_ocr_check:no_owner_assurance:sms_otp",
            "kr:document:passport:telepathy:no_owner_assurance",
            "KR:default",
            "korea:default",
            "kr:",
            "kr",
            "",
        ];
        for text in impossible {
            let error = text.parse::<PolicyKey>().expect_err(text);
            assert_eq!(error.kind(), ErrorKind::PolicyInvalid, "{text}");
        }
    }
}
