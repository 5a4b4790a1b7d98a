//! What was read off a document, typed, or said by who signed, in the words of TomoIDV's contracts.

use crate::db::Signer;
use crate::decision::ReadOff;
use idv_edge::tomo::{
    Address, Contact, DocumentView, Extracted, GovernmentId, KycPolicy, Method, NameVariant, Person,
    PersonFields,
};
use idv_protocol::barcode::LicenceReading;
use idv_protocol::reading::{MrzField, MrzReading};
use idv_protocol::{PersonField, PersonForm};

/// What is known of a person: of a document's holder from its zone, or else from its barcode; of who signed from the
/// provider; else what was typed and found on record. What is not known is empty.
#[derive(Default)]
pub(super) struct Holder<'a> {
    /// Where it is known in one piece only.
    full_name: &'a str,
    given_name: &'a str,
    family_name: &'a str,
    birth_date: &'a str,
    sex: &'a str,
    nationality: &'a str,
    document_number: &'a str,
    issuing_country: &'a str,
    expiry_date: &'a str,
    street: &'a str,
    city: &'a str,
    region: &'a str,
    postal_code: &'a str,
    phone: &'a str,
    /// As the customer gave it.
    pub(super) email: &'a str,
    /// The name as it was typed, beside one that the provider told.
    typed_name: &'a str,
}

impl<'a> Holder<'a> {
    /// The person, where anything is known.
    pub(super) fn of(
        read: Option<&'a ReadOff>,
        typed: Option<&'a PersonForm>,
        signer: Option<&'a Signer>,
    ) -> Option<Self> {
        if let Some(read) = read
            && let Some(holder) =
                read.zone.as_ref().map(Self::of_zone).or_else(|| read.licence.as_ref().map(Self::of_licence))
        {
            return Some(holder);
        }
        let typed = typed.map(Self::of_typed);
        match signer {
            Some(signer) => Some(Self {
                typed_name: typed.as_ref().map_or("", |typed| typed.full_name),
                full_name: &signer.full_name,
                birth_date: &signer.birth_date,
                sex: &signer.sex,
                nationality: &signer.nationality,
                ..typed.unwrap_or_default()
            }),
            None => typed,
        }
    }

    fn of_typed(typed: &'a PersonForm) -> Self {
        Self {
            full_name: typed.text(PersonField::FullName),
            given_name: typed.text(PersonField::GivenName),
            family_name: typed.text(PersonField::FamilyName),
            birth_date: typed.text(PersonField::BirthDate),
            document_number: typed.text(PersonField::DocumentNumber),
            street: typed.text(PersonField::Street),
            city: typed.text(PersonField::City),
            region: typed.text(PersonField::Region),
            postal_code: typed.text(PersonField::PostalCode),
            phone: typed.text(PersonField::Phone),
            ..Self::default()
        }
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
            ..Self::default()
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
            street: text(&licence.street),
            city: text(&licence.town),
            region: text(&licence.region),
            postal_code: text(&licence.postal_code),
            ..Self::default()
        }
    }

    /// As it is known, or given names, then the family name, as in the contract's sample.
    pub(super) fn full_name(&self) -> String {
        if !self.full_name.is_empty() {
            return self.full_name.to_owned();
        }
        format!("{} {}", self.given_name, self.family_name).trim().to_owned()
    }
}

impl Holder<'_> {
    /// Whether the full name was put together here.
    pub(super) fn derives_full_name(&self) -> bool {
        self.full_name.is_empty() && !self.full_name().is_empty()
    }

    /// Street, city, then region and postal code, as the country that has all of them writes it; empty without one.
    pub(super) fn full_address(&self) -> String {
        let last = format!("{} {}", self.region, self.postal_code);
        let parts = [self.street, self.city, last.trim()];
        parts.into_iter().filter(|part| !part.is_empty()).collect::<Vec<_>>().join(", ")
    }
}

/// What is known, or null.
fn known(text: &str) -> Option<String> {
    Some(text.to_owned()).filter(|text| !text.is_empty())
}

/// Person of contract 1.4.
pub(super) fn person(holder: Option<&Holder<'_>>, policy: &KycPolicy) -> Person {
    let Some(holder) = holder else { return Person::default() };
    let full_name = holder.full_name();
    // A government's records know a person by the number of the card.
    let government_id = match policy.method() {
        Method::GovernmentIdVerf => known(holder.document_number)
            .map(|value| GovernmentId { kind: known(super::checks::category(policy)), value }),
        _ => None,
    };
    Person {
        name_variants: variants(&full_name, holder.typed_name),
        full_name: known(&full_name),
        given_name: known(holder.given_name),
        family_name: known(holder.family_name),
        date_of_birth: known(&day(holder.birth_date)),
        sex: known(holder.sex),
        nationality: known(holder.nationality),
        government_id,
    }
}

/// The name in another script, where one source has it so.
fn variants(full_name: &str, other: &str) -> Vec<NameVariant> {
    let differs = !other.is_empty() && full_name.is_ascii() != other.is_ascii();
    let variant = NameVariant { kind: "alternate_script".to_owned(), value: other.to_owned() };
    differs.then_some(variant).into_iter().collect()
}

/// Contact of contract 1.4.
pub(super) fn contact(holder: Option<&Holder<'_>>) -> Contact {
    let Some(holder) = holder else { return Contact::default() };
    Contact { email_address: known(holder.email), phone_number: known(holder.phone) }
}

/// Address of contract 1.4.
pub(super) fn address(holder: Option<&Holder<'_>>) -> Address {
    let Some(holder) = holder else { return Address::default() };
    Address {
        full: known(&holder.full_address()),
        street: known(holder.street),
        street2: None,
        city: known(holder.city),
        region: known(holder.region),
        postal_code: known(holder.postal_code),
        country: None,
    }
}

/// Document of contract 1.4, of this category, and what was read off its pictures.
pub(super) fn document(holder: Option<&Holder<'_>>, category: &str, read: Option<&ReadOff>) -> DocumentView {
    let category = known(category);
    let Some(holder) = holder else { return DocumentView { category, ..DocumentView::default() } };
    let was_read = read.is_some_and(|read| read.zone.is_some() || read.licence.is_some());
    DocumentView {
        number: known(holder.document_number),
        issuing_country: known(holder.issuing_country),
        // A barcode names the state of the address, which need not be the one that issued it.
        issuing_region: None,
        expiration_date: known(&day(holder.expiry_date)),
        extracted: was_read.then(|| Extracted {
            category: category.clone(),
            date_of_birth: known(&day(holder.birth_date)),
            expiration_date: known(&day(holder.expiry_date)),
            family_name: known(holder.family_name),
            given_name: known(holder.given_name),
            id_number: known(holder.document_number),
            issuing_country: known(holder.issuing_country),
            issuing_region: None,
        }),
        residence_permit: None,
        category,
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
        full_address: holder.full_address(),
        given_name: some(holder.given_name),
        family_name: some(holder.family_name),
        sex: some(holder.sex),
        street: some(holder.street),
        city: some(holder.city),
        region: some(holder.region),
        postal_code: some(holder.postal_code),
        phone_number: some(holder.phone),
        email_address: some(holder.email),
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

    fn policy(key: &str) -> KycPolicy {
        let key: idv_edge::tomo::PolicyKey = key.parse().expect("key");
        key.policy.expect("policy")
    }

    fn read() -> ReadOff {
        let zone = parse_text(SPECIMEN, CalendarDate::new(2011, 1, 1)).expect("parses");
        ReadOff { zone: Some(zone), licence: None }
    }

    #[test]
    fn the_specimen_of_a_passport_reads_as_its_holder() {
        let read = read();
        let holder = Holder::of(Some(&read), None, None).expect("a holder");
        let policy = policy("unknown:document:passport:document_ocr_check:no_owner_assurance");
        let person = person(Some(&holder), &policy);
        assert_eq!(person.full_name.as_deref(), Some("ANNA MARIA ERIKSSON"));
        assert_eq!(person.given_name.as_deref(), Some("ANNA MARIA"));
        assert_eq!(person.family_name.as_deref(), Some("ERIKSSON"));
        assert_eq!((person.date_of_birth.as_deref(), person.sex.as_deref()), (Some("1974-08-12"), Some("F")));
        assert_eq!((person.nationality.as_deref(), person.government_id), (Some("UTO"), None));
        let document = document(Some(&holder), "passport", Some(&read));
        assert_eq!(document.number.as_deref(), Some("L898902C3"));
        assert_eq!(document.issuing_country.as_deref(), Some("UTO"));
        assert_eq!(document.expiration_date.as_deref(), Some("2012-04-15"));
        let extracted = document.extracted.expect("read");
        assert_eq!(
            (extracted.id_number.as_deref(), extracted.category.as_deref()),
            (Some("L898902C3"), Some("passport"))
        );
        assert!(super::document(Some(&holder), "passport", None).extracted.is_none());
        let fields = person_fields(Some(&holder), "unknown");
        assert_eq!((Some(fields.full_name), fields.country), (person.full_name, "unknown".to_owned()));
    }

    #[test]
    fn a_date_with_an_unknown_part_is_no_date() {
        let mut read = read();
        if let Some(zone) = &mut read.zone {
            zone.birth_date.value = "1974-08-XX".to_owned();
        }
        let policy = policy("unknown:document:passport:document_ocr_check:no_owner_assurance");
        assert_eq!(person(Holder::of(Some(&read), None, None).as_ref(), &policy).date_of_birth, None);
        assert_eq!(person(None, &policy), Person::default());
        assert!(Holder::of(Some(&ReadOff::default()), None, None).is_none(), "nothing was read");
    }

    #[test]
    fn who_typed_an_address_has_it_in_the_result_and_who_signed_is_named_by_the_provider() {
        let fields = [
            (PersonField::GivenName, "Alex"),
            (PersonField::FamilyName, "Sample"),
            (PersonField::BirthDate, "1990-01-02"),
            (PersonField::Street, "1 Main Street"),
            (PersonField::City, "Springfield"),
            (PersonField::Region, "IL"),
            (PersonField::PostalCode, "62701"),
            (PersonField::Phone, "+12025550143"),
        ];
        let typed = PersonForm { fields: fields.map(|(field, text)| (field, text.to_owned())).into() };
        let fields = person_fields(Holder::of(None, Some(&typed), None).as_ref(), "us");
        assert_eq!(fields.full_address, "1 Main Street, Springfield, IL 62701");
        assert_eq!(fields.phone_number.as_deref(), Some("+12025550143"));
        assert_eq!((fields.full_name.as_str(), fields.date_of_birth.as_str()), ("Alex Sample", "1990-01-02"));
        let signer = Signer {
            full_name: "김토스".into(),
            birth_date: "1993-03-24".into(),
            sex: "F".into(),
            nationality: "KOR".into(),
        };
        let policy = policy("kr:eid:certificate:government_ci_verf:owner_verf:toss");
        let mut holder = Holder::of(None, Some(&typed), Some(&signer)).expect("a holder");
        holder.email = "alex@example.com";
        let person = person(Some(&holder), &policy);
        assert_eq!((person.full_name.as_deref(), person.sex.as_deref()), (Some("김토스"), Some("F")));
        let address = address(Some(&holder));
        assert_eq!(address.full.as_deref(), Some("1 Main Street, Springfield, IL 62701"));
        assert_eq!((address.city.as_deref(), address.street2), (Some("Springfield"), None));
        let contact = contact(Some(&holder));
        assert_eq!(contact.phone_number.as_deref(), Some("+12025550143"));
        assert_eq!(contact.email_address.as_deref(), Some("alex@example.com"));
        let latin = PersonForm { fields: [(PersonField::FullName, "KIM TOSS".to_owned())].into() };
        let holder = Holder::of(None, Some(&latin), Some(&signer)).expect("a holder");
        let variants = super::person(Some(&holder), &policy).name_variants;
        assert_eq!((variants[0].kind.as_str(), variants[0].value.as_str()), ("alternate_script", "KIM TOSS"));
    }
}
