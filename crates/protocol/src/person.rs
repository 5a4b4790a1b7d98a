//! What a person types of themselves, and whether it can be what its field asks for. All of it is personal data:
//! no `Debug` shows a character of it.
//!
//! In: a form as it was typed, its step, the day. Out: the form in the spelling that is compared and sent on, or
//! what is wrong with each field. Rule: the page and the relay hold a form against the same rules; whether it is
//! true, neither of them knows.

mod check;

use crate::plan::PersonStep;
use crate::reading::CalendarDate;
use serde::{Deserialize, Serialize};
use std::collections::BTreeMap;
use std::fmt;

/// Longest text of a field, in characters: far above names and addresses on documents (Doc 9303 has 39).
pub const MAX_FIELD_CHARS: usize = 100;

/// First year of birth that is believed. The oldest person alive was born later.
pub const FIRST_BIRTH_YEAR: u16 = 1900;

/// A field of the form. The code is also the key of its label in the locales.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum PersonField {
    /// Family name and given names, as the country writes them.
    FullName,
    /// Given names.
    GivenName,
    /// Family name.
    FamilyName,
    /// Date of birth, YYYY-MM-DD.
    BirthDate,
    /// Number of the document.
    DocumentNumber,
    /// Street and number.
    Street,
    /// City.
    City,
    /// State or province.
    Region,
    /// Postal code.
    PostalCode,
    /// Number of the mobile phone.
    Phone,
}

impl PersonField {
    /// The code, as in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::FullName => "full_name",
            Self::GivenName => "given_name",
            Self::FamilyName => "family_name",
            Self::BirthDate => "birth_date",
            Self::DocumentNumber => "document_number",
            Self::Street => "street",
            Self::City => "city",
            Self::Region => "region",
            Self::PostalCode => "postal_code",
            Self::Phone => "phone",
        }
    }
}

/// What is wrong with a field. The code is the key of the text in the locales.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum FieldProblem {
    /// Nothing was typed.
    Missing,
    /// Over [`MAX_FIELD_CHARS`].
    TooLong,
    /// A character that no name or address has.
    BadCharacters,
    /// No day of the calendar.
    NotADate,
    /// A day in the future, or before [`FIRST_BIRTH_YEAR`].
    DateOutOfRange,
    /// No number of a mobile phone in this country.
    NotAPhone,
    /// Not of the form that the country gives this number or code.
    WrongForm,
    /// The number contradicts its own check digit: a slip of the finger.
    WrongCheckDigit,
}

impl FieldProblem {
    /// The code, as in JSON.
    pub const fn code(self) -> &'static str {
        match self {
            Self::Missing => "missing",
            Self::TooLong => "too_long",
            Self::BadCharacters => "bad_characters",
            Self::NotADate => "not_a_date",
            Self::DateOutOfRange => "date_out_of_range",
            Self::NotAPhone => "not_a_phone",
            Self::WrongForm => "wrong_form",
            Self::WrongCheckDigit => "wrong_check_digit",
        }
    }
}

/// A field that cannot be right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct FieldError {
    /// Which one.
    pub field: PersonField,
    /// Why.
    pub problem: FieldProblem,
}

/// A form: POST `/person`. `Debug` shows its fields without their texts.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct PersonForm {
    /// What was typed.
    pub fields: BTreeMap<PersonField, String>,
}

impl fmt::Debug for PersonForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_set().entries(self.fields.keys()).finish()
    }
}

impl PersonForm {
    /// The text of a field; empty where there is none.
    pub fn text(&self, field: PersonField) -> &str {
        self.fields.get(&field).map_or("", String::as_str)
    }

    /// Family name and given names in one: as typed, or given names first where they were typed apart.
    pub fn full_name(&self) -> String {
        let whole = self.text(PersonField::FullName);
        if whole.is_empty() {
            let (given, family) = (self.text(PersonField::GivenName), self.text(PersonField::FamilyName));
            format!("{given} {family}").trim().to_owned()
        } else {
            whole.to_owned()
        }
    }

    /// This form in the spelling that is compared and sent on, or every field of `step` that cannot be right on the
    /// day `today`. Fields that `step` does not ask for are dropped.
    pub fn checked(&self, step: &PersonStep, today: CalendarDate) -> Result<Self, Vec<FieldError>> {
        let mut checked = Self::default();
        let mut errors = Vec::new();
        for field in &step.fields {
            match check::check(*field, self.text(*field), &step.country, today) {
                Ok(text) => {
                    checked.fields.insert(*field, text);
                }
                Err(problem) => errors.push(FieldError { field: *field, problem }),
            }
        }
        if errors.is_empty() { Ok(checked) } else { Err(errors) }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: CalendarDate = CalendarDate::new(2026, 2, 28);

    #[test]
    fn every_code_is_the_one_in_the_json() {
        for field in [
            PersonField::FullName,
            PersonField::GivenName,
            PersonField::FamilyName,
            PersonField::BirthDate,
            PersonField::DocumentNumber,
            PersonField::Street,
            PersonField::City,
            PersonField::Region,
            PersonField::PostalCode,
            PersonField::Phone,
        ] {
            assert_eq!(serde_json::to_value(field).unwrap(), field.code());
        }
        for problem in [
            FieldProblem::Missing,
            FieldProblem::TooLong,
            FieldProblem::BadCharacters,
            FieldProblem::NotADate,
            FieldProblem::DateOutOfRange,
            FieldProblem::NotAPhone,
            FieldProblem::WrongForm,
            FieldProblem::WrongCheckDigit,
        ] {
            assert_eq!(serde_json::to_value(problem).unwrap(), problem.code());
        }
    }

    #[test]
    fn a_form_names_every_field_that_is_wrong_and_keeps_what_was_asked_for() {
        let step = PersonStep {
            country: "kr".into(),
            fields: vec![PersonField::FullName, PersonField::Phone, PersonField::BirthDate],
        };
        let mut form = PersonForm::default();
        form.fields.insert(PersonField::FullName, "김토스".into());
        form.fields.insert(PersonField::Phone, "12".into());
        form.fields.insert(PersonField::City, "서울".into());
        let wrong = |field, problem| FieldError { field, problem };
        assert_eq!(
            form.checked(&step, TODAY),
            Err(vec![
                wrong(PersonField::Phone, FieldProblem::NotAPhone),
                wrong(PersonField::BirthDate, FieldProblem::Missing)
            ])
        );
        form.fields.insert(PersonField::Phone, "010 0000 0000".into());
        form.fields.insert(PersonField::BirthDate, "1993-03-24".into());
        let checked = form.checked(&step, TODAY).unwrap();
        assert_eq!(checked.text(PersonField::Phone), "01000000000");
        assert_eq!(checked.text(PersonField::City), "");
        assert!(!format!("{form:?}").contains("010"));
    }
}
