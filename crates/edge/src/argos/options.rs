//! `customOptions` of step1: a JSON text in a form field.

use super::fields::{Country, invalid};
use crate::error::Error;
use serde_json::{Map, Value};

/// Options of one submission. What is `None` or empty stays as the project is set up. Countries as an array
/// and periods as whole numbers are this project's reading: the page names the options, not their types.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct CustomOptions {
    /// Countries to refuse (`blacklistCountries`).
    pub blacklist_countries: Vec<Country>,
    /// `approvePeriod`.
    pub approve_period: Option<u32>,
    /// `rejectPeriod`.
    pub reject_period: Option<u32>,
    /// Switches the age limit off (`ageLimit: false`, the only value that the option takes). The default
    /// limit is 13 years.
    pub without_age_limit: bool,
    /// Whether to reject a person who has submitted before (`rejectDuplicateUser`).
    pub reject_duplicate_user: Option<bool>,
}

impl CustomOptions {
    /// The JSON text; `None` where nothing is set.
    pub(super) fn to_json(&self) -> Result<Option<String>, Error> {
        let mut options = Map::new();
        if !self.blacklist_countries.is_empty() {
            let countries: Vec<&str> = self.blacklist_countries.iter().map(Country::as_str).collect();
            options.insert("blacklistCountries".into(), countries.into());
        }
        let periods = [("approvePeriod", self.approve_period), ("rejectPeriod", self.reject_period)];
        for (name, period) in periods {
            match period {
                Some(0) => return Err(invalid(format!("{name} is 0"))),
                Some(period) => drop(options.insert(name.into(), period.into())),
                None => {}
            }
        }
        if self.without_age_limit {
            options.insert("ageLimit".into(), false.into());
        }
        if let Some(reject) = self.reject_duplicate_user {
            options.insert("rejectDuplicateUser".into(), reject.into());
        }
        Ok((!options.is_empty()).then(|| Value::Object(options).to_string()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn custom_options_are_json_with_only_what_is_set() {
        assert_eq!(CustomOptions::default().to_json().expect("none"), None);
        let all = CustomOptions {
            blacklist_countries: vec![Country::new("PRK").expect("country")],
            approve_period: Some(30),
            reject_period: Some(7),
            without_age_limit: true,
            reject_duplicate_user: Some(true),
        };
        let json: Value = serde_json::from_str(&all.to_json().expect("json").expect("some")).expect("reads");
        let expected = serde_json::json!({
            "blacklistCountries": ["PRK"], "approvePeriod": 30, "rejectPeriod": 7, "ageLimit": false,
            "rejectDuplicateUser": true
        });
        assert_eq!(json, expected);
        let zero = CustomOptions { approve_period: Some(0), ..CustomOptions::default() };
        assert!(zero.to_json().is_err());
    }
}
