//! The machine-readable zone by ICAO Doc 9303: check digits, names and the two lines of a TD3 document.

use super::holder::{Holder, Sex};

/// Letters in a line of a TD3 document (Doc 9303-4, 4.2.2).
pub const TD3_COLUMNS: usize = 44;

/// The filler.
const FILLER: char = '<';

/// The check digit of `field` (Doc 9303-3, 4.9): weights 7, 3, 1; digits count as they are, A to Z as 10 to
/// 35, fillers as 0.
pub fn check_digit(field: &str) -> char {
    let sum: u32 = field
        .chars()
        .zip([7, 3, 1].into_iter().cycle())
        .map(|(c, weight)| c.to_digit(36).unwrap_or(0) * weight)
        .sum();
    char::from_digit(sum % 10, 10).unwrap_or('0')
}

/// `text` as it stands in the zone (Doc 9303-3, 4.6 and 6): capitals, national letters spelled out, hyphens
/// and spaces as fillers, apostrophes and anything else left out.
pub fn transliterate(text: &str) -> String {
    let mut out = String::new();
    for c in text.chars().flat_map(char::to_uppercase) {
        match c {
            'A'..='Z' | '0'..='9' => out.push(c),
            ' ' | '-' | FILLER => out.push(FILLER),
            'Ä' | 'Æ' => out.push_str("AE"),
            'Ö' | 'Ø' | 'Œ' => out.push_str("OE"),
            'Ü' => out.push_str("UE"),
            'Å' => out.push_str("AA"),
            'Þ' => out.push_str("TH"),
            'ẞ' => out.push_str("SS"),
            'Ñ' => out.push('N'),
            'Ç' => out.push('C'),
            'Á' | 'À' | 'Â' | 'Ã' => out.push('A'),
            'É' | 'È' | 'Ê' | 'Ë' => out.push('E'),
            'Í' | 'Ì' | 'Î' | 'Ï' => out.push('I'),
            'Ó' | 'Ò' | 'Ô' | 'Õ' => out.push('O'),
            'Ú' | 'Ù' | 'Û' => out.push('U'),
            'Ý' => out.push('Y'),
            'Ð' | 'Đ' => out.push('D'),
            'Ł' => out.push('L'),
            'Š' => out.push('S'),
            'Č' => out.push('C'),
            'Ž' => out.push('Z'),
            _ => {}
        }
    }
    out
}

/// `field` cut or filled up to `columns` letters.
fn filled(field: &str, columns: usize) -> String {
    field.chars().chain(std::iter::repeat(FILLER)).take(columns).collect()
}

/// Surname and given names as `SURNAME<<GIVEN<NAMES`, filled up to `columns`. A name that is too long loses
/// its end, but the given names keep at least one letter (Doc 9303-4, 4.2.3).
pub fn names(surname: &str, given_names: &str, columns: usize) -> String {
    let (surname, given) = (transliterate(surname), transliterate(given_names));
    if given.is_empty() {
        return filled(&surname, columns);
    }
    let room = columns.saturating_sub(3);
    let kept: String = surname.chars().take(room).collect();
    filled(&format!("{kept}<<{given}"), columns)
}

/// The two lines of a TD3 document (Doc 9303-4, 4.2.2), 44 letters each.
pub fn td3(holder: &Holder) -> [String; 2] {
    let issuer = filled(holder.issuer, 3);
    let upper = format!("P<{issuer}{}", names(&holder.surname, &holder.given_names, TD3_COLUMNS - 5));
    let number = checked(&filled(&transliterate(&holder.document_number), 9));
    let birth = checked(&holder.birth.mrz());
    let expiry = checked(&holder.expiry.mrz());
    let personal = filled(&transliterate(&holder.personal_number), 14);
    // An unused personal number may have a filler for its check digit (Doc 9303-4, 4.2.2.2, position 43).
    let personal =
        if holder.personal_number.is_empty() { format!("{personal}<") } else { checked(&personal) };
    let sex = match holder.sex {
        Sex::Female => 'F',
        Sex::Male => 'M',
        Sex::Unspecified => FILLER,
    };
    let nationality = filled(holder.nationality, 3);
    let composite = check_digit(&format!("{number}{birth}{expiry}{personal}"));
    let lower = format!("{number}{nationality}{birth}{sex}{expiry}{personal}{composite}");
    [upper, lower]
}

fn checked(field: &str) -> String {
    format!("{field}{}", check_digit(field))
}

#[cfg(test)]
mod tests {
    use super::super::holder::Date;
    use super::*;

    fn anna() -> Holder {
        Holder {
            issuer: "UTO",
            nationality: "UTO",
            surname: "Eriksson".into(),
            given_names: "Anna Maria".into(),
            document_number: "L898902C3".into(),
            personal_number: "ZE184226B".into(),
            birth: Date::new(1974, 8, 12),
            sex: Sex::Female,
            birthplace: "Zenith".into(),
            issue: Date::new(2007, 4, 16),
            expiry: Date::new(2012, 4, 15),
            authority: "Passport Office".into(),
        }
    }

    #[test]
    fn builds_the_td3_sample_of_doc_9303() {
        let lines = td3(&anna());
        assert_eq!(lines[0], "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<");
        assert_eq!(lines[1], "L898902C36UTO7408122F1204159ZE184226B<<<<<10");
    }

    #[test]
    fn computes_the_check_digits_of_doc_9303() {
        for (field, digit) in [
            ("520727", '3'),
            ("AB2134<<<", '5'),
            ("L898902C3", '6'),
            ("740812", '2'),
            ("120415", '9'),
            ("ZE184226B<<<<<", '1'),
            ("HA672242<658022549601086<<<<<<<<<<<<<<0", '8'),
        ] {
            assert_eq!(check_digit(field), digit, "{field}");
        }
    }

    #[test]
    fn leaves_an_unused_personal_number_without_digit() {
        let lines = td3(&Holder { personal_number: String::new(), ..anna() });
        assert!(lines[1].ends_with("<<<<<<<<<<<<<<<8"), "{}", lines[1]);
        assert_eq!(lines[1].len(), TD3_COLUMNS);
    }

    #[test]
    fn spells_national_letters_out_and_cuts_long_names() {
        assert_eq!(transliterate("D'Artagnan-Müller Straße"), "DARTAGNAN<MUELLER<STRASSE");
        let long = names(&"Papandropoulous".repeat(4), "Jonathon", 39);
        assert_eq!(long.len(), 39);
        assert!(long.ends_with("<<J"));
    }
}
