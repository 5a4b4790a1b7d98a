//! How the sides of one document, and what the holder declared, agree.

use serde::{Deserialize, Serialize};
use std::fmt;

/// What the holder declared. Every field may be missing. `Debug` shows which are there.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(default)]
pub struct DeclaredData {
    /// Number of the document.
    pub document_number: Option<String>,
    /// Surname, in Latin or Cyrillic script.
    pub surname: Option<String>,
    /// Given names, in Latin or Cyrillic script.
    pub given_names: Option<String>,
    /// Date of birth, `1974-08-12`.
    pub birth_date: Option<String>,
    /// Date of expiry, `1974-08-12`.
    pub expiry_date: Option<String>,
    /// `F`, `M` or `X`.
    pub sex: Option<String>,
    /// Nationality, a code of Doc 9303-3, section 5.
    pub nationality: Option<String>,
    /// Issuing state, a code of Doc 9303-3, section 5.
    pub issuing_state: Option<String>,
}

impl fmt::Debug for DeclaredData {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("DeclaredData")
            .field("document_number", &self.document_number.is_some())
            .field("surname", &self.surname.is_some())
            .field("given_names", &self.given_names.is_some())
            .field("birth_date", &self.birth_date.is_some())
            .field("expiry_date", &self.expiry_date.is_some())
            .field("sex", &self.sex.is_some())
            .field("nationality", &self.nationality.is_some())
            .field("issuing_state", &self.issuing_state.is_some())
            .finish()
    }
}

/// Where a value comes from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// The machine-readable zone.
    Zone,
    /// The barcode.
    Barcode,
    /// The holder.
    Declared,
}

/// What is compared.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum ComparedField {
    /// Number of the document.
    DocumentNumber,
    /// Surname.
    Surname,
    /// Given names.
    GivenNames,
    /// Date of birth.
    BirthDate,
    /// Date of expiry.
    ExpiryDate,
    /// Sex.
    Sex,
    /// Nationality.
    Nationality,
    /// Issuing state.
    IssuingState,
}

/// How two values agree.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum Agreement {
    /// The same, in one of the ways to write it.
    Same,
    /// One states a part of the other and nothing else: a name that was cut, a date with unknown parts, a sex
    /// that is not specified.
    Partial,
    /// One of the readings that the zone can have is the same: see the zone's field.
    Possible,
    /// Nothing can be said: a check digit fails, or a name has characters that no table has.
    NotComparable,
    /// Another value.
    Different,
}

/// One field of two sources.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct Comparison {
    /// What is compared.
    pub field: ComparedField,
    /// The two sources, in the order of [`Source`].
    pub between: (Source, Source),
    /// How they agree.
    pub agreement: Agreement,
}
