//! Which policy runs: the one that is named, or the default of the country.

use crate::error::Error;
use idv_edge::tomo::{Country, IdType, KycPolicy, Method, OwnerAssurance, PolicyKey, Subject, WirePolicy};
use serde_json::Value;

/// The policy key that is asked for, and the policy that runs for it.
pub(super) fn policy_of(
    country: Option<&str>,
    policy: Option<Value>,
) -> Result<(PolicyKey, KycPolicy), Error> {
    let policy = policy.filter(|policy| !policy.is_null()).map(read).transpose()?;
    let Some(country) = country else {
        return Err(unsupported("Unsupported kyc_policy: country is missing"));
    };
    let country: Country =
        country.parse().map_err(|error| unsupported(format!("Unsupported kyc_policy: {error}")))?;
    let key = PolicyKey { country, policy };
    let runs = running_policy(&key)?;
    Ok((key, runs))
}

/// A policy in TomoIDV's JSON.
pub(super) fn read(value: Value) -> Result<KycPolicy, Error> {
    serde_json::from_value::<WirePolicy>(value)
        .map_err(|_| unsupported("Unsupported kyc_policy: subject, method and owner_assurance are needed"))
        .and_then(|wire| KycPolicy::try_from(wire).map_err(unsupported))
}

/// The policy that runs for `key`.
pub(crate) fn running_policy(key: &PolicyKey) -> Result<KycPolicy, Error> {
    match &key.policy {
        Some(policy) => Ok(policy.clone()),
        None => default_policy(&key.country),
    }
}

/// What `{country}:default` stands for: own choice, the first policy of the country on TomoIDV's test board, and of
/// Korea the one in its samples. `unknown` has this sandbox's demo policy, other countries have none.
fn default_policy(country: &Country) -> Result<KycPolicy, Error> {
    let (subject, method, owner) = match country.as_str() {
        "us" => (Subject::PersonalInfo, Method::PersonalInfoVerf, OwnerAssurance::SmsOtp),
        "jp" => (Subject::Document(IdType::IdCard), Method::GovernmentIdVerf, OwnerAssurance::DocumentSecret),
        "cn" => (Subject::Document(IdType::IdCard), Method::GovernmentIdVerf, OwnerAssurance::None),
        "kr" => (Subject::EidCertificate, Method::GovernmentCiVerf, OwnerAssurance::Toss),
        "unknown" => (
            Subject::Document(IdType::Passport),
            Method::DocumentOcrCheck,
            OwnerAssurance::SubmittedDocSelfieMatch,
        ),
        _ => {
            let why = "Unsupported kyc_policy: this country has no default here; name a policy";
            return Err(unsupported(why));
        }
    };
    KycPolicy::new(subject, method, owner).map_err(unsupported)
}

pub(super) fn unsupported(description: impl ToString) -> Error {
    Error::bad_request("invalid_request", description.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_country_of_the_test_board_has_its_first_policy_as_default() {
        let default = |country: &str| {
            let key = PolicyKey { country: country.parse().expect("country"), policy: None };
            let policy = running_policy(&key).ok()?;
            Some(PolicyKey { policy: Some(policy), ..key }.to_string())
        };
        let expected = [
            ("us", "us:personal_info:null:personal_info_verf:owner_verf:sms_otp"),
            ("jp", "jp:document:id_card:government_id_verf:owner_verf:document_secret"),
            ("cn", "cn:document:id_card:government_id_verf:no_owner_assurance"),
            ("kr", "kr:eid:certificate:government_ci_verf:owner_verf:toss"),
        ];
        for (country, key) in expected {
            assert_eq!(default(country).as_deref(), Some(key));
        }
        assert_eq!(default("fr"), None);
    }
}
