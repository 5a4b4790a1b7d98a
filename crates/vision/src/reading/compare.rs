//! Zone, barcode and declared data held against each other. In: what two or three of them say. Out: how they
//! agree, field by field. Rule: only what both state is compared, and what was read with a doubt is no difference
//! but a doubt.

use super::mrz::transliterate::{NameMatch, compare as compare_names};
use idv_protocol::barcode::LicenceReading;
use idv_protocol::comparison::{Agreement, ComparedField, Comparison, DeclaredData, Source};
use idv_protocol::reading::{MrzField, MrzFieldStatus, MrzReading};

/// The fields in the order of the answer.
const FIELDS: [ComparedField; 8] = [
    ComparedField::DocumentNumber,
    ComparedField::Surname,
    ComparedField::GivenNames,
    ComparedField::BirthDate,
    ComparedField::ExpiryDate,
    ComparedField::Sex,
    ComparedField::Nationality,
    ComparedField::IssuingState,
];

/// Germany has one letter in zones and three everywhere else (Doc 9303-3, section 5).
const GERMANY: [&str; 2] = ["D", "DEU"];

/// A part of a date that is unknown.
const UNKNOWN_PART: &str = "XX";

/// Compares every two of `zone`, `barcode` and `declared` in every field that both state. Empty when fewer than
/// two are given.
pub fn compare(
    zone: Option<&MrzReading>,
    barcode: Option<&LicenceReading>,
    declared: Option<&DeclaredData>,
) -> Vec<Comparison> {
    let mut out = Vec::new();
    for field in FIELDS {
        let stated = [
            (Source::Zone, zone.and_then(|zone| of_zone(zone, field))),
            (Source::Barcode, barcode.and_then(|barcode| of_barcode(barcode, field))),
            (Source::Declared, declared.and_then(|declared| of_declared(declared, field))),
        ];
        for (index, (first, a)) in stated.iter().enumerate() {
            for (second, b) in stated.iter().skip(index + 1) {
                if let (Some(a), Some(b)) = (a, b) {
                    let agreement = agreement(field, a, b);
                    out.push(Comparison { field, between: (*first, *second), agreement });
                }
            }
        }
    }
    out
}

/// A value as its source states it.
struct Stated<'a> {
    value: &'a str,
    /// Other readings of the same characters.
    readings: &'a [String],
    /// False where its check digit fails or its format is broken.
    is_sound: bool,
}

fn plain(value: Option<&String>) -> Option<Stated<'_>> {
    let value = value.map(String::as_str).filter(|value| !value.trim().is_empty())?;
    Some(Stated { value, readings: &[], is_sound: true })
}

fn of_zone(zone: &MrzReading, field: ComparedField) -> Option<Stated<'_>> {
    let of: &MrzField = match field {
        ComparedField::DocumentNumber => &zone.document_number,
        ComparedField::Surname => &zone.primary_identifier,
        ComparedField::GivenNames => &zone.secondary_identifier,
        ComparedField::BirthDate => &zone.birth_date,
        ComparedField::ExpiryDate => zone.expiry_date.as_ref()?,
        ComparedField::Sex => &zone.sex,
        ComparedField::Nationality => zone.nationality.as_ref()?,
        ComparedField::IssuingState => &zone.issuing_state,
    };
    let is_sound = !matches!(of.status, MrzFieldStatus::InvalidCheck | MrzFieldStatus::Malformed);
    // A malformed field has no value: that it is there still has to be said.
    if of.value.is_empty() && is_sound {
        return None;
    }
    Some(Stated { value: &of.value, readings: &of.readings, is_sound })
}

fn of_barcode(barcode: &LicenceReading, field: ComparedField) -> Option<Stated<'_>> {
    plain(match field {
        ComparedField::DocumentNumber => barcode.document_number.as_ref(),
        ComparedField::Surname => barcode.surname.as_ref(),
        ComparedField::GivenNames => barcode.given_names.as_ref(),
        ComparedField::BirthDate => barcode.birth_date.as_ref(),
        ComparedField::ExpiryDate => barcode.expiry_date.as_ref(),
        ComparedField::Sex => barcode.sex.as_ref(),
        ComparedField::Nationality => None,
        ComparedField::IssuingState => barcode.country.as_ref(),
    })
}

fn of_declared(declared: &DeclaredData, field: ComparedField) -> Option<Stated<'_>> {
    plain(match field {
        ComparedField::DocumentNumber => declared.document_number.as_ref(),
        ComparedField::Surname => declared.surname.as_ref(),
        ComparedField::GivenNames => declared.given_names.as_ref(),
        ComparedField::BirthDate => declared.birth_date.as_ref(),
        ComparedField::ExpiryDate => declared.expiry_date.as_ref(),
        ComparedField::Sex => declared.sex.as_ref(),
        ComparedField::Nationality => declared.nationality.as_ref(),
        ComparedField::IssuingState => declared.issuing_state.as_ref(),
    })
}

/// How `a`, of the earlier source, and `b` agree.
fn agreement(field: ComparedField, a: &Stated<'_>, b: &Stated<'_>) -> Agreement {
    if !a.is_sound || !b.is_sound {
        return Agreement::NotComparable;
    }
    let direct = values(field, a.value, b.value);
    if direct == Agreement::Same {
        return direct;
    }
    let holds = |a: &str, b: &str| values(field, a, b) == Agreement::Same;
    let rival = a.readings.iter().any(|reading| holds(reading, b.value))
        || b.readings.iter().any(|reading| holds(a.value, reading));
    if rival { Agreement::Possible } else { direct }
}

fn values(field: ComparedField, a: &str, b: &str) -> Agreement {
    match field {
        ComparedField::Surname | ComparedField::GivenNames => names(a, b),
        ComparedField::BirthDate | ComparedField::ExpiryDate => dates(a.trim(), b.trim()),
        ComparedField::Sex => sexes(a.trim(), b.trim()),
        ComparedField::DocumentNumber => same(number(a) == number(b)),
        ComparedField::Nationality | ComparedField::IssuingState => same(state(a) == state(b)),
    }
}

fn same(is_same: bool) -> Agreement {
    if is_same { Agreement::Same } else { Agreement::Different }
}

/// Names: `b` as it was declared against `a` as it is printed, and the other way round for names that the
/// holder left out.
fn names(a: &str, b: &str) -> Agreement {
    match (compare_names(b, a), compare_names(a, b)) {
        (NameMatch::Same, _) | (_, NameMatch::Same) => Agreement::Same,
        (NameMatch::Shortened, _) | (_, NameMatch::Shortened) => Agreement::Partial,
        (NameMatch::Different, NameMatch::Different) => Agreement::Different,
        _ => Agreement::NotComparable,
    }
}

/// Dates as `1974-08-12`, in which a part may be `XX` or left out from the end.
fn dates(a: &str, b: &str) -> Agreement {
    let parts = |text: &str| -> [Option<String>; 3] {
        let mut parts = text.split('-').map(|part| (part != UNKNOWN_PART).then(|| part.to_owned()));
        [(); 3].map(|()| parts.next().flatten())
    };
    let (a, b) = (parts(a), parts(b));
    let agrees = a.iter().zip(&b).all(|(a, b)| a.is_none() || b.is_none() || a == b);
    match (a == b, agrees) {
        (true, _) => Agreement::Same,
        (false, true) => Agreement::Partial,
        (false, false) => Agreement::Different,
    }
}

fn sexes(a: &str, b: &str) -> Agreement {
    if a.eq_ignore_ascii_case(b) {
        Agreement::Same
    } else if a.eq_ignore_ascii_case("X") || b.eq_ignore_ascii_case("X") {
        Agreement::Partial
    } else {
        Agreement::Different
    }
}

/// A document number without the spaces and hyphens that only the eye needs.
fn number(text: &str) -> String {
    text.chars().filter(|c| c.is_alphanumeric()).flat_map(char::to_uppercase).collect()
}

fn state(text: &str) -> String {
    let code: String =
        text.chars().filter(char::is_ascii_alphabetic).map(|c| c.to_ascii_uppercase()).collect();
    if code == GERMANY[0] { GERMANY[1].to_owned() } else { code }
}

#[cfg(test)]
mod tests {
    use super::super::mrz::parse_text;
    use super::*;
    use idv_protocol::barcode::LicenceKind;
    use idv_protocol::reading::CalendarDate;

    const TODAY: CalendarDate = CalendarDate::new(2026, 1, 31);

    fn zone() -> MrzReading {
        let text =
            "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";
        parse_text(text, TODAY).expect("the sample of Doc 9303")
    }

    fn declared() -> DeclaredData {
        DeclaredData {
            document_number: Some("L 898902-c3".into()),
            surname: Some("Eriksson".into()),
            given_names: Some("Anna Maria".into()),
            birth_date: Some("1974-08-12".into()),
            expiry_date: Some("2012-04-15".into()),
            sex: Some("F".into()),
            nationality: Some("UTO".into()),
            issuing_state: Some("UTO".into()),
        }
    }

    fn licence() -> LicenceReading {
        LicenceReading {
            kind: LicenceKind::DrivingLicence,
            issuer_number: "999999".into(),
            version: 10,
            document_number: Some("L898902C3".into()),
            surname: Some("ERIKSSON".into()),
            given_names: Some("ANNA".into()),
            names_are_truncated: false,
            birth_date: Some("1974-08-12".into()),
            issue_date: None,
            expiry_date: None,
            sex: Some("F".into()),
            height_cm: None,
            eyes: None,
            street: None,
            town: None,
            region: None,
            postal_code: None,
            country: Some("UTO".into()),
            vehicle_class: None,
            malformed: Vec::new(),
        }
    }

    fn found(all: &[Comparison], field: ComparedField) -> Vec<Agreement> {
        all.iter().filter(|one| one.field == field).map(|one| one.agreement).collect()
    }

    #[test]
    fn one_source_has_nothing_to_agree_with() {
        assert!(compare(Some(&zone()), None, None).is_empty());
        assert!(compare(None, None, None).is_empty());
    }

    #[test]
    fn a_document_that_was_declared_as_it_is_agrees_in_every_field() {
        let all = compare(Some(&zone()), None, Some(&declared()));
        assert_eq!(all.len(), 8);
        for one in all {
            assert_eq!(one.agreement, Agreement::Same, "{one:?}");
            assert_eq!(one.between, (Source::Zone, Source::Declared));
        }
    }

    #[test]
    fn each_field_that_differs_is_named_and_no_other() {
        for (field, change) in [
            (
                ComparedField::DocumentNumber,
                (|d| d.document_number = Some("L898902C4".into())) as fn(&mut DeclaredData),
            ),
            (ComparedField::Surname, |d| d.surname = Some("Ericson".into())),
            (ComparedField::GivenNames, |d| d.given_names = Some("Hanna Maria".into())),
            (ComparedField::BirthDate, |d| d.birth_date = Some("1974-12-08".into())),
            (ComparedField::ExpiryDate, |d| d.expiry_date = Some("2022-04-15".into())),
            (ComparedField::Sex, |d| d.sex = Some("M".into())),
            (ComparedField::Nationality, |d| d.nationality = Some("D".into())),
            (ComparedField::IssuingState, |d| d.issuing_state = Some("DEU".into())),
        ] {
            let mut other = declared();
            change(&mut other);
            let all = compare(Some(&zone()), None, Some(&other));
            let different: Vec<ComparedField> =
                all.iter().filter(|one| one.agreement == Agreement::Different).map(|one| one.field).collect();
            assert_eq!(different, [field]);
        }
    }

    #[test]
    fn three_sources_are_compared_pair_by_pair() {
        let all = compare(Some(&zone()), Some(&licence()), Some(&declared()));
        assert_eq!(found(&all, ComparedField::Surname), [Agreement::Same; 3]);
        // The licence has one given name of two: a part of what zone and holder state.
        assert_eq!(
            found(&all, ComparedField::GivenNames),
            [Agreement::Partial, Agreement::Same, Agreement::Partial]
        );
        assert_eq!(found(&all, ComparedField::Nationality), [Agreement::Same], "no barcode states it");
    }

    #[test]
    fn names_agree_through_their_transliteration() {
        for (printed, declared, want) in [
            ("MUELLER", "Müller", Agreement::Same),
            ("MULLER", "Müller", Agreement::Same),
            ("OESTGAARD", "Østgård", Agreement::Same),
            ("SMIRNOVA", "Смирнова", Agreement::Same),
            ("NILAVADHANANANDA", "Nilavadhanananda Petch", Agreement::Partial),
            ("MUELLER", "Möller", Agreement::Different),
            ("LI", "李", Agreement::NotComparable),
        ] {
            assert_eq!(names(printed, declared), want, "{declared}");
        }
    }

    #[test]
    fn unknown_parts_of_a_date_agree_with_any() {
        for (a, b, want) in [
            ("1974-08-12", "1974-08-12", Agreement::Same),
            ("1974-08-XX", "1974-08-12", Agreement::Partial),
            ("1974-XX-XX", "1974", Agreement::Same),
            ("1974-XX-XX", "1975-08-12", Agreement::Different),
            ("1974-08", "1974-08-12", Agreement::Partial),
            ("1974-08-12", "1974-12-08", Agreement::Different),
        ] {
            assert_eq!(dates(a, b), want, "{a} and {b}");
        }
    }

    #[test]
    fn a_field_whose_check_digit_fails_is_no_difference() {
        let mut broken = zone();
        broken.document_number.status = MrzFieldStatus::InvalidCheck;
        let all = compare(Some(&broken), None, Some(&declared()));
        assert_eq!(found(&all, ComparedField::DocumentNumber), [Agreement::NotComparable]);
    }

    #[test]
    fn a_reading_that_is_one_of_several_is_possible() {
        let mut unsure = zone();
        unsure.document_number.value = "L898902C8".into();
        unsure.document_number.status = MrzFieldStatus::NeedsConfirmation;
        unsure.document_number.readings = vec!["L898902C8".into(), "L898902C3".into()];
        let all = compare(Some(&unsure), None, Some(&declared()));
        assert_eq!(found(&all, ComparedField::DocumentNumber), [Agreement::Possible]);
    }
}
