//! JSON of JavaScript to values of this crate, and back.

use crate::error::{Error, ErrorKind};
use crate::tomo::{Country, KycPolicy, PolicyKey, WireOwner, WirePolicy, WireSubject};
use serde::Deserialize;
use serde::de::DeserializeOwned;
use serde_json::{Map, Value};

/// Options in camelCase. Fails with [`ErrorKind::RequestInvalid`], which names the member and no value.
pub(super) fn options<T: DeserializeOwned>(json: &str) -> Result<T, Error> {
    serde_json::from_str(json).map_err(|error| {
        // serde's text quotes values of enums and unknown members; members are harmless, values are not.
        let text = error.to_string();
        let why = match text.split('`').nth(1) {
            Some(member) if text.starts_with("unknown field") => format!("an unknown option: {member}"),
            Some(member) if text.starts_with("missing field") => format!("an option is missing: {member}"),
            _ => "an option has another type than it should".to_owned(),
        };
        Error::new(ErrorKind::RequestInvalid, why)
    })
}

/// The same value with the names of all members in camelCase.
pub(super) fn camel(value: Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members.into_iter().map(|(name, value)| (camel_name(&name), camel(value))).collect(),
        ),
        Value::Array(values) => Value::Array(values.into_iter().map(camel).collect()),
        other => other,
    }
}

/// The same value with the names of all members in snake_case.
pub(super) fn snake(value: Value) -> Value {
    match value {
        Value::Object(members) => Value::Object(
            members.into_iter().map(|(name, value)| (snake_name(&name), snake(value))).collect(),
        ),
        Value::Array(values) => Value::Array(values.into_iter().map(snake).collect()),
        other => other,
    }
}

fn snake_name(name: &str) -> String {
    let mut snake = String::with_capacity(name.len() + 4);
    for letter in name.chars() {
        if letter.is_ascii_uppercase() {
            snake.push('_');
        }
        snake.push(letter.to_ascii_lowercase());
    }
    snake
}

/// The same value without members that are null.
pub(super) fn present(value: Value) -> Value {
    match value {
        Value::Object(members) => {
            let kept: Map<String, Value> = members
                .into_iter()
                .filter(|(_, value)| !value.is_null())
                .map(|(name, value)| (name, present(value)))
                .collect();
            Value::Object(kept)
        }
        Value::Array(values) => Value::Array(values.into_iter().map(present).collect()),
        other => other,
    }
}

fn camel_name(name: &str) -> String {
    let mut words = name.split('_');
    let mut camel = words.next().unwrap_or_default().to_owned();
    for word in words {
        let mut letters = word.chars();
        camel.extend(letters.next().map(|first| first.to_ascii_uppercase()));
        camel.push_str(letters.as_str());
    }
    camel
}

/// A kyc_policy in camelCase.
#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
pub(super) struct PolicyDto {
    subject: SubjectDto,
    method: String,
    owner_assurance: OwnerDto,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase", deny_unknown_fields)]
struct SubjectDto {
    kind: String,
    id_type: String,
}

#[derive(Deserialize)]
#[serde(deny_unknown_fields)]
struct OwnerDto {
    kind: String,
    #[serde(default, rename = "type")]
    assurance: Option<String>,
}

impl PolicyDto {
    pub(super) fn policy(self) -> Result<KycPolicy, Error> {
        WirePolicy {
            subject: WireSubject { kind: self.subject.kind, id_type: self.subject.id_type },
            method: self.method,
            owner_assurance: WireOwner {
                kind: self.owner_assurance.kind,
                assurance: self.owner_assurance.assurance,
            },
            preset: None,
        }
        .try_into()
    }
}

/// Country and policy, given by their key or apart. Fails with [`ErrorKind::RequestInvalid`] where both ways
/// are used.
pub(super) fn country_and_policy(
    key: Option<String>,
    country: Option<String>,
    policy: Option<PolicyDto>,
) -> Result<(Option<Country>, Option<KycPolicy>), Error> {
    match key {
        Some(_) if country.is_some() || policy.is_some() => {
            let why = "policyKey says country and policy: leave the other two out";
            Err(Error::new(ErrorKind::RequestInvalid, why))
        }
        Some(key) => {
            let PolicyKey { country, policy } = key.parse()?;
            Ok((Some(country), policy))
        }
        None => Ok((
            country.map(|country| country.parse()).transpose()?,
            policy.map(PolicyDto::policy).transpose()?,
        )),
    }
}
