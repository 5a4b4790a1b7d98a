//! The shapes of the steps without pictures.

use crate::flow::{Entry, OtpView, PersonView, SecretView, SignatureView, WaitView};
use idv_protocol::{EntryProblem, FieldError, PersonField, PersonForm, SignatureTrigger};
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// What the user hands in at a step without pictures; see [`Entry`]. It has no `Debug`: it is personal data.
#[derive(Clone, Deserialize)]
#[serde(tag = "step", rename_all = "snake_case")]
pub enum EntryDto {
    /// Personal data, by field.
    Person {
        /// What was typed.
        fields: BTreeMap<PersonField, String>,
    },
    /// The code that was sent.
    Otp {
        /// Digits.
        code: String,
    },
    /// The document's secret.
    Secret {
        /// Digits.
        secret: String,
    },
    /// The way to the app that signs.
    Signature {
        /// Which one.
        trigger: SignatureTrigger,
    },
}

impl From<EntryDto> for Entry {
    fn from(entry: EntryDto) -> Self {
        match entry {
            EntryDto::Person { fields } => Self::Person(PersonForm { fields }),
            EntryDto::Otp { code } => Self::Code(code),
            EntryDto::Secret { secret } => Self::Secret(secret),
            EntryDto::Signature { trigger } => Self::Signature(trigger),
        }
    }
}

/// The form; see [`PersonView`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct PersonDto {
    pub country: String,
    pub fields: Vec<PersonField>,
    pub errors: Vec<FieldError>,
}

/// The code; see [`OtpView`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct OtpDto {
    pub digits: u32,
    pub sent: bool,
    pub phone_end: Option<String>,
    pub expires_at_ms: f64,
    pub resend_at_ms: f64,
    pub tries_left: u32,
    pub sends_left: u32,
    pub problem: Option<EntryProblem>,
}

/// The secret; see [`SecretView`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct SecretDto {
    pub digits: u32,
    pub country: String,
    pub tries_left: u32,
    pub problem: Option<EntryProblem>,
}

/// The signature; see [`SignatureView`].
#[derive(Clone, Debug, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct SignatureDto {
    pub provider: &'static str,
    pub triggers: Vec<SignatureTrigger>,
    pub wait: Option<WaitDto>,
}

/// A signature that is waited for; see [`WaitView`].
#[derive(Clone, PartialEq, Serialize)]
#[serde(rename_all = "camelCase")]
#[allow(missing_docs)]
pub struct WaitDto {
    pub trigger: SignatureTrigger,
    pub uri: Option<String>,
    pub expires_at_ms: f64,
    pub looking: bool,
}

impl fmt::Debug for WaitDto {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("WaitDto").field("trigger", &self.trigger).finish_non_exhaustive()
    }
}

impl From<PersonView> for PersonDto {
    fn from(view: PersonView) -> Self {
        Self { country: view.country, fields: view.fields, errors: view.errors }
    }
}

impl From<OtpView> for OtpDto {
    fn from(view: OtpView) -> Self {
        Self {
            digits: view.digits,
            sent: view.sent,
            phone_end: view.phone_end,
            expires_at_ms: view.expires_at_ms,
            resend_at_ms: view.resend_at_ms,
            tries_left: view.tries_left,
            sends_left: view.sends_left,
            problem: view.problem,
        }
    }
}

impl From<SecretView> for SecretDto {
    fn from(view: SecretView) -> Self {
        Self {
            digits: view.digits,
            country: view.country,
            tries_left: view.tries_left,
            problem: view.problem,
        }
    }
}

impl From<SignatureView> for SignatureDto {
    fn from(view: SignatureView) -> Self {
        Self { provider: view.provider, triggers: view.triggers, wait: view.wait.map(WaitDto::from) }
    }
}

impl From<WaitView> for WaitDto {
    fn from(view: WaitView) -> Self {
        Self {
            trigger: view.trigger,
            uri: view.uri,
            expires_at_ms: view.expires_at_ms,
            looking: view.looking,
        }
    }
}
