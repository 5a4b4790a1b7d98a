//! What was read off a document, in the words of TomoIDV's contracts.

use crate::decision::ReadOff;
use idv_edge::tomo::{DocumentView, Person, PersonFields};
use idv_protocol::barcode::LicenceReading;
use idv_protocol::reading::{MrzField, MrzReading};

/// What a document says of its holder and of itself, from its zone, or else from its barcode. What was not read is
/// empty.
#[derive(Default)]
pub(super) struct Holder<'a> {
    given_name: &'a str,
    family_name: &'a str,
    birth_date: &'a str,
    sex: &'a str,
    nationality: &'a str,
    document_number: &'a str,
    issuing_country: &'a str,
    expiry_date: &'a str,
}

impl<'a> Holder<'a> {
    /// The holder, where anything was read.
    pub(super) fn of(read: &'a ReadOff) -> Option<Self> {
        read.zone.as_ref().map(Self::of_zone).or_else(|| read.licence.as_ref().map(Self::of_licence))
    }

    fn of_zone(zone: &'a MrzReading) -> Self {
        let text = |field: Option<&'a MrzField>| field.map_or("", |field| field.value.as_str());
        Self {
            given_name: &zone.secondary_identifier.value,
            family_name: &zone.primary_identifier.value,
            birth_date: &zone.birth_date.value,
            sex: &zone.sex.value,
            nationality: text(zone.nationality.as_ref()),
            document_number: &zone.document_number.value,
            issuing_country: &zone.issuing_state.value,
            expiry_date: text(zone.expiry_date.as_ref()),
        }
    }

    fn of_licence(licence: &'a LicenceReading) -> Self {
        let text = |field: &'a Option<String>| field.as_deref().unwrap_or_default();
        Self {
            given_name: text(&licence.given_names),
            family_name: text(&licence.surname),
            birth_date: text(&licence.birth_date),
            sex: text(&licence.sex),
            nationality: "",
            document_number: text(&licence.document_number),
            issuing_country: text(&licence.country),
            expiry_date: text(&licence.expiry_date),
        }
    }

    /// Given names, then the family name, as in the contract's sample.
    fn full_name(&self) -> String {
        format!("{} {}", self.given_name, self.family_name).trim().to_owned()
    }
}

/// Person of contract 1.4. What was not read is an empty string.
pub(super) fn person(holder: Option<&Holder<'_>>) -> Person {
    let Some(holder) = holder else { return Person::default() };
    Person {
        full_name: holder.full_name(),
        given_name: holder.given_name.to_owned(),
        family_name: holder.family_name.to_owned(),
        date_of_birth: day(holder.birth_date),
        sex: holder.sex.to_owned(),
        nationality: holder.nationality.to_owned(),
    }
}

/// Document of contract 1.4, of this category.
pub(super) fn document(holder: Option<&Holder<'_>>, category: &str) -> DocumentView {
    let category = category.to_owned();
    let Some(holder) = holder else { return DocumentView { category, ..DocumentView::default() } };
    DocumentView {
        category,
        number: holder.document_number.to_owned(),
        issuing_country: holder.issuing_country.to_owned(),
        expiration_date: day(holder.expiry_date),
    }
}

/// Personal data of contract 1.3 for a verification in `country`.
pub(super) fn person_fields(holder: Option<&Holder<'_>>, country: &str) -> PersonFields {
    let country = country.to_owned();
    let Some(holder) = holder else { return PersonFields { country, ..PersonFields::default() } };
    let some = |text: &str| Some(text.to_owned()).filter(|text| !text.is_empty());
    PersonFields {
        date_of_birth: day(holder.birth_date),
        full_name: holder.full_name(),
        country,
        full_address: String::new(),
        given_name: some(holder.given_name),
        family_name: some(holder.family_name),
        sex: some(holder.sex),
    }
}

/// A date as the contract has it, YYYY-MM-DD; empty where a part is unknown.
fn day(date: &str) -> String {
    if date.contains('X') { String::new() } else { date.to_owned() }
}

#[cfg(test)]
mod tests {
    use super::*;
    use idv_protocol::reading::CalendarDate;
    use idv_vision::reading::mrz::parse_text;

    /// ICAO Doc 9303-4, the specimen of a passport, with an unknown day of birth.
    const SPECIMEN: &str =
        "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";

    fn read() -> ReadOff {
        let zone = parse_text(SPECIMEN, CalendarDate::new(2011, 1, 1)).expect("parses");
        ReadOff { zone: Some(zone), licence: None }
    }

    #[test]
    fn the_specimen_of_a_passport_reads_as_its_holder() {
        let read = read();
        let holder = Holder::of(&read).expect("a holder");
        let person = person(Some(&holder));
        assert_eq!(person.full_name, "ANNA MARIA ERIKSSON");
        assert_eq!((person.given_name.as_str(), person.family_name.as_str()), ("ANNA MARIA", "ERIKSSON"));
        assert_eq!((person.date_of_birth.as_str(), person.sex.as_str()), ("1974-08-12", "F"));
        assert_eq!(person.nationality, "UTO");
        let document = document(Some(&holder), "passport");
        assert_eq!((document.number.as_str(), document.issuing_country.as_str()), ("L898902C3", "UTO"));
        assert_eq!(document.expiration_date, "2012-04-15");
        let fields = person_fields(Some(&holder), "unknown");
        assert_eq!((fields.full_name, fields.country), (person.full_name, "unknown".to_owned()));
    }

    #[test]
    fn a_date_with_an_unknown_part_is_no_date() {
        let mut read = read();
        if let Some(zone) = &mut read.zone {
            zone.birth_date.value = "1974-08-XX".to_owned();
        }
        assert_eq!(person(Holder::of(&read).as_ref()).date_of_birth, "");
        assert_eq!(person(None), Person::default());
        assert!(Holder::of(&ReadOff::default()).is_none(), "nothing was read");
    }
}
