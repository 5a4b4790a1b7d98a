//! `customOptions` of step1: a JSON text in a form field.

use serde_json::{Map, Value};

/// Options of one submission. What is not set stays as the project is set up. The vendor's list of these options
/// lets each of the first four be `false` only, which switches the project's rule off, and the last be either.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomOptions {
    /// Takes documents of the project's blocked countries too (`blacklistCountries: false`).
    pub without_country_blacklist: bool,
    /// Takes an address again that was approved within the project's period (`approvePeriod: false`).
    pub without_approve_period: bool,
    /// Takes an address again that was rejected within the project's period (`rejectPeriod: false`).
    pub without_reject_period: bool,
    /// Switches the age limit off (`ageLimit: false`). The default limit is 13 years.
    pub without_age_limit: bool,
    /// Whether to reject a person who has submitted before (`rejectDuplicateUser`).
    pub reject_duplicate_user: Option<bool>,
}

impl CustomOptions {
    /// The JSON text; `None` where nothing is set.
    pub(super) fn to_json(&self) -> Option<String> {
        let switches = [
            ("blacklistCountries", self.without_country_blacklist.then_some(false)),
            ("approvePeriod", self.without_approve_period.then_some(false)),
            ("rejectPeriod", self.without_reject_period.then_some(false)),
            ("ageLimit", self.without_age_limit.then_some(false)),
            ("rejectDuplicateUser", self.reject_duplicate_user),
        ];
        let options: Map<String, Value> = switches
            .into_iter()
            .filter_map(|(name, value)| Some((name.to_owned(), Value::Bool(value?))))
            .collect();
        (!options.is_empty()).then(|| Value::Object(options).to_string())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn custom_options_are_json_with_only_what_is_set() {
        assert_eq!(CustomOptions::default().to_json(), None);
        let all = CustomOptions {
            without_country_blacklist: true,
            without_approve_period: true,
            without_reject_period: true,
            without_age_limit: true,
            reject_duplicate_user: Some(true),
        };
        let json: Value = serde_json::from_str(&all.to_json().expect("some")).expect("reads");
        let expected = serde_json::json!({
            "blacklistCountries": false, "approvePeriod": false, "rejectPeriod": false, "ageLimit": false,
            "rejectDuplicateUser": true
        });
        assert_eq!(json, expected);
        let one = CustomOptions { reject_duplicate_user: Some(false), ..CustomOptions::default() };
        assert_eq!(one.to_json().as_deref(), Some(r#"{"rejectDuplicateUser":false}"#));
    }
}
