//! What was read off a document, in the words of TomoIDV's contracts.

use idv_edge::tomo::{DocumentView, Person, PersonFields};
use idv_protocol::reading::{MrzField, MrzReading};

/// Person of contract 1.4. What was not read is an empty string.
pub(super) fn person(reading: Option<&MrzReading>) -> Person {
    let Some(reading) = reading else { return Person::default() };
    Person {
        full_name: full_name(reading),
        given_name: reading.secondary_identifier.value.clone(),
        family_name: reading.primary_identifier.value.clone(),
        date_of_birth: day(Some(&reading.birth_date)),
        sex: reading.sex.value.clone(),
        nationality: text(reading.nationality.as_ref()),
    }
}

/// Document of contract 1.4, of this category.
pub(super) fn document(reading: Option<&MrzReading>, category: &str) -> DocumentView {
    let category = category.to_owned();
    let Some(reading) = reading else { return DocumentView { category, ..DocumentView::default() } };
    DocumentView {
        category,
        number: reading.document_number.value.clone(),
        issuing_country: reading.issuing_state.value.clone(),
        expiration_date: day(reading.expiry_date.as_ref()),
    }
}

/// Personal data of contract 1.3 for a verification in `country`.
pub(super) fn person_fields(reading: Option<&MrzReading>, country: &str) -> PersonFields {
    let country = country.to_owned();
    let Some(reading) = reading else { return PersonFields { country, ..PersonFields::default() } };
    let some = |field: &MrzField| Some(field.value.clone()).filter(|value| !value.is_empty());
    PersonFields {
        date_of_birth: day(Some(&reading.birth_date)),
        full_name: full_name(reading),
        country,
        full_address: String::new(),
        given_name: some(&reading.secondary_identifier),
        family_name: some(&reading.primary_identifier),
        sex: some(&reading.sex),
    }
}

/// Given names, then the family name, as in the contract's sample.
fn full_name(reading: &MrzReading) -> String {
    format!("{} {}", reading.secondary_identifier.value, reading.primary_identifier.value).trim().to_owned()
}

fn text(field: Option<&MrzField>) -> String {
    field.map(|field| field.value.clone()).unwrap_or_default()
}

/// A date as the contract has it, YYYY-MM-DD; empty where a part is unknown.
fn day(field: Option<&MrzField>) -> String {
    let value = text(field);
    if value.contains('X') { String::new() } else { value }
}

#[cfg(test)]
mod tests {
    use super::*;
    use idv_protocol::reading::CalendarDate;
    use idv_vision::reading::mrz::parse_text;

    /// ICAO Doc 9303-4, the specimen of a passport, with an unknown day of birth.
    const SPECIMEN: &str =
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";

    #[test]
    fn the_specimen_of_a_passport_reads_as_its_holder() {
        let reading = parse_text(SPECIMEN, CalendarDate::new(2011, 1, 1)).expect("parses");
        let person = person(Some(&reading));
        assert_eq!(person.full_name, "ANNA MARIA ERIKSSON");
        assert_eq!((person.given_name.as_str(), person.family_name.as_str()), ("ANNA MARIA", "ERIKSSON"));
        assert_eq!((person.date_of_birth.as_str(), person.sex.as_str()), ("1974-08-12", "F"));
        assert_eq!(person.nationality, "UTO");
        let document = document(Some(&reading), "passport");
        assert_eq!((document.number.as_str(), document.issuing_country.as_str()), ("L898902C3", "UTO"));
        assert_eq!(document.expiration_date, "2012-04-15");
        let fields = person_fields(Some(&reading), "unknown");
        assert_eq!((fields.full_name, fields.country), (person.full_name, "unknown".to_owned()));
    }

    #[test]
    fn a_date_with_an_unknown_part_is_no_date() {
        let mut reading = parse_text(SPECIMEN, CalendarDate::new(2011, 1, 1)).expect("parses");
        reading.birth_date.value = "1974-08-XX".to_owned();
        assert_eq!(person(Some(&reading)).date_of_birth, "");
        assert_eq!(person(None), Person::default());
    }
}
