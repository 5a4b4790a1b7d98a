//! Whether a text can be what its field asks for, by the rules of its country.
//!
//! In: what was typed. Out: the spelling that is compared, or what is wrong. Rule: people write numbers with spaces and
//! hyphens, and in the full width of their script: all of that is understood.

use super::{FIRST_BIRTH_YEAR, FieldProblem, MAX_FIELD_CHARS, PersonField};
use crate::reading::CalendarDate;

/// One field in its spelling, or what is wrong with it. `country` is a lower-case ISO 3166 alpha-2 code; one without
/// rules here has the loosest.
pub(super) fn check(
    field: PersonField,
    typed: &str,
    country: &str,
    today: CalendarDate,
) -> Result<String, FieldProblem> {
    let text = typed.split_whitespace().collect::<Vec<_>>().join(" ");
    if text.is_empty() {
        return Err(FieldProblem::Missing);
    }
    if text.chars().count() > MAX_FIELD_CHARS {
        return Err(FieldProblem::TooLong);
    }
    match field {
        PersonField::FullName | PersonField::GivenName | PersonField::FamilyName => name(text),
        PersonField::BirthDate => birth_date(&text, today),
        PersonField::DocumentNumber => document_number(&narrow(&text), country, today),
        PersonField::Street | PersonField::City => {
            if text.chars().any(|c| c.is_control() || matches!(c, '<' | '>' | '{' | '}')) {
                return Err(FieldProblem::BadCharacters);
            }
            Ok(text)
        }
        PersonField::Region => region(text, country),
        PersonField::PostalCode => postal_code(&narrow(&text), country),
        PersonField::Phone => phone(&narrow(&text), country),
    }
}

/// ASCII in the place of the full-width forms that East Asian keyboards type.
fn narrow(text: &str) -> String {
    let narrowed = |c: char| match c {
        '\u{FF01}'..='\u{FF5E}' => char::from_u32(c as u32 - 0xFEE0).unwrap_or(c),
        '\u{3000}' => ' ',
        '\u{2010}'..='\u{2015}' | '\u{2212}' | '\u{30FC}' => '-',
        _ => c,
    };
    text.chars().map(narrowed).collect()
}

fn name(text: String) -> Result<String, FieldProblem> {
    let fits = |c: char| match c {
        _ if c.is_ascii() => c.is_ascii_alphabetic() || matches!(c, ' ' | '\'' | '-' | '.' | ','),
        _ => !c.is_control() && !c.is_numeric(),
    };
    let lettered = text.chars().any(char::is_alphabetic);
    if lettered && text.chars().all(fits) { Ok(text) } else { Err(FieldProblem::BadCharacters) }
}

fn birth_date(text: &str, today: CalendarDate) -> Result<String, FieldProblem> {
    let parts: Vec<&str> = text.split('-').collect();
    let [year, month, day] = parts.as_slice() else { return Err(FieldProblem::NotADate) };
    let digits = |text: &str, most: usize| {
        let good = (1..=most).contains(&text.len()) && text.bytes().all(|byte| byte.is_ascii_digit());
        good.then(|| text.parse::<u16>().ok()).flatten().ok_or(FieldProblem::NotADate)
    };
    let (year, month, day) = (digits(year, 4)?, digits(month, 2)?, digits(day, 2)?);
    if day == 0 || day > days_of(year, month) {
        return Err(FieldProblem::NotADate);
    }
    let date = CalendarDate::new(year, month as u8, day as u8);
    if year < FIRST_BIRTH_YEAR || date > today {
        return Err(FieldProblem::DateOutOfRange);
    }
    Ok(format!("{year:04}-{month:02}-{day:02}"))
}

/// Days of a month; 0 for one that does not exist.
fn days_of(year: u16, month: u16) -> u16 {
    match month {
        1 | 3 | 5 | 7 | 8 | 10 | 12 => 31,
        4 | 6 | 9 | 11 => 30,
        2 if year.is_multiple_of(4) && (!year.is_multiple_of(100) || year.is_multiple_of(400)) => 29,
        2 => 28,
        _ => 0,
    }
}

fn document_number(text: &str, country: &str, today: CalendarDate) -> Result<String, FieldProblem> {
    let number: String =
        text.chars().filter(|c| !matches!(c, ' ' | '-')).map(|c| c.to_ascii_uppercase()).collect();
    match country {
        "cn" => resident_id(&number, today)?,
        // Twelve digits, on the driving licence as on the individual number card.
        "jp" if number.len() != 12 || !is_digits(&number) => return Err(FieldProblem::WrongForm),
        "jp" => {}
        _ if !(4..=20).contains(&number.len()) || !number.bytes().all(|b| b.is_ascii_alphanumeric()) => {
            return Err(FieldProblem::WrongForm);
        }
        _ => {}
    }
    Ok(number)
}

/// Citizen identification number of the People's Republic of China, GB 11643-1999: six digits of the place, eight
/// of the birth date, three of the order, and a check character by ISO 7064 MOD 11-2.
fn resident_id(number: &str, today: CalendarDate) -> Result<(), FieldProblem> {
    let (Some(body), Some(check)) = (number.get(..17), number.get(17..)) else {
        return Err(FieldProblem::WrongForm);
    };
    if !is_digits(body) || check.len() != 1 || !(is_digits(check) || check == "X") {
        return Err(FieldProblem::WrongForm);
    }
    let born = [6..10, 10..12, 12..14].map(|range| body.get(range).unwrap_or_default());
    birth_date(&born.join("-"), today).map_err(|_| FieldProblem::WrongForm)?;
    let value = |c: char| if c == 'X' { 10 } else { c.to_digit(10).unwrap_or_default() };
    let remainder = number.chars().fold(0, |sum, c| (sum * 2 + value(c)) % 11);
    if remainder == 1 { Ok(()) } else { Err(FieldProblem::WrongCheckDigit) }
}

fn region(text: String, country: &str) -> Result<String, FieldProblem> {
    if country != "us" {
        return name(text);
    }
    // The two letters of the Postal Service; the list itself is the records' matter.
    if text.len() == 2 && text.bytes().all(|byte| byte.is_ascii_alphabetic()) {
        Ok(text.to_ascii_uppercase())
    } else {
        Err(FieldProblem::WrongForm)
    }
}

fn postal_code(text: &str, country: &str) -> Result<String, FieldProblem> {
    let good = match country {
        // ZIP code, or ZIP+4.
        "us" => match text.split_once('-') {
            None => text.len() == 5 && is_digits(text),
            Some((zip, plus)) => zip.len() == 5 && is_digits(zip) && plus.len() == 4 && is_digits(plus),
        },
        _ => {
            (3..=10).contains(&text.len())
                && text.bytes().all(|byte| byte.is_ascii_alphanumeric() || matches!(byte, b' ' | b'-'))
        }
    };
    if good { Ok(text.to_ascii_uppercase()) } else { Err(FieldProblem::WrongForm) }
}

/// A mobile number: of the United States as `+1` and ten digits, of Korea as its ten or eleven digits, of another
/// country with `+` and its code (ITU-T E.164: at most 15 digits).
fn phone(text: &str, country: &str) -> Result<String, FieldProblem> {
    let typed: String = text.chars().filter(|c| !matches!(c, ' ' | '-' | '.' | '(' | ')' | '/')).collect();
    let national = |code: &str| match typed.strip_prefix('+') {
        Some(rest) => rest.strip_prefix(code).map(str::to_owned),
        None => Some(typed.clone()),
    };
    let number = match country {
        "us" => national("1")
            .map(|number| if number.len() == 11 { number.replacen('1', "", 1) } else { number })
            // North American Numbering Plan: area code and exchange do not begin with 0 or 1.
            .filter(|number| number.len() == 10 && is_digits(number))
            .filter(|number| [0, 3].iter().all(|at| number.as_bytes().get(*at).is_some_and(|b| *b >= b'2')))
            .map(|number| format!("+1{number}")),
        "kr" => national("82")
            .map(|number| if number.starts_with('1') { format!("0{number}") } else { number })
            .filter(|number| number.starts_with("01") && (10..=11).contains(&number.len()))
            .filter(|number| is_digits(number)),
        _ => typed
            .strip_prefix('+')
            .filter(|number| (7..=15).contains(&number.len()) && is_digits(number))
            .map(|number| format!("+{number}")),
    };
    number.ok_or(FieldProblem::NotAPhone)
}

fn is_digits(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit())
}

#[cfg(test)]
mod tests {
    use super::*;

    const TODAY: CalendarDate = CalendarDate::new(2026, 2, 28);

    fn of(field: PersonField, typed: &str, country: &str) -> Result<String, FieldProblem> {
        check(field, typed, country, TODAY)
    }

    #[test]
    fn names_of_every_script_are_taken_and_what_is_no_name_is_not() {
        for name in ["Anna Maria", "O'Neil-Smith", "김토스", "山田 太郎", "José", "Đặng Thị Hồng", "李·明"]
        {
            assert_eq!(of(PersonField::FullName, name, "us").as_deref(), Ok(name));
        }
        assert_eq!(of(PersonField::FullName, "  Anna \t Maria ", "us").as_deref(), Ok("Anna Maria"));
        for name in ["4nna", "<Anna>", "anna@shop", "- .", "٣"] {
            assert_eq!(of(PersonField::GivenName, name, "us"), Err(FieldProblem::BadCharacters), "{name}");
        }
        assert_eq!(of(PersonField::GivenName, " ", "us"), Err(FieldProblem::Missing));
        let long = "a".repeat(MAX_FIELD_CHARS + 1);
        assert_eq!(of(PersonField::GivenName, &long, "us"), Err(FieldProblem::TooLong));
    }

    #[test]
    fn a_birth_date_is_a_day_between_1900_and_today() {
        assert_eq!(of(PersonField::BirthDate, "1993-3-24", "kr").as_deref(), Ok("1993-03-24"));
        assert_eq!(of(PersonField::BirthDate, "2000-02-29", "kr").as_deref(), Ok("2000-02-29"));
        assert_eq!(of(PersonField::BirthDate, "2026-02-28", "kr").as_deref(), Ok("2026-02-28"));
        for text in ["1900-02-29", "1993-13-01", "1993-00-01", "1993-04-31", "24.3.1993", "1993-03", "-1-1-1"]
        {
            assert_eq!(of(PersonField::BirthDate, text, "kr"), Err(FieldProblem::NotADate), "{text}");
        }
        for text in ["1899-12-31", "2026-03-01", "93-03-24"] {
            assert_eq!(of(PersonField::BirthDate, text, "kr"), Err(FieldProblem::DateOutOfRange), "{text}");
        }
    }

    #[test]
    fn a_chinese_number_must_agree_with_its_check_character() {
        // The example of the public description of GB 11643-1999, and its neighbours.
        assert_eq!(
            of(PersonField::DocumentNumber, "11010519491231002x", "cn").as_deref(),
            Ok("11010519491231002X")
        );
        assert_eq!(
            of(PersonField::DocumentNumber, "110105194912310021", "cn"),
            Err(FieldProblem::WrongCheckDigit)
        );
        for text in ["11010519491331002X", "1101051949123100", "11010519491231002Y", "X1010519491231002X"] {
            assert_eq!(of(PersonField::DocumentNumber, text, "cn"), Err(FieldProblem::WrongForm), "{text}");
        }
    }

    #[test]
    fn numbers_are_read_as_people_write_them() {
        let number = |text, country| of(PersonField::DocumentNumber, text, country);
        assert_eq!(number("１２３４ ５６７８ ９０１２", "jp").as_deref(), Ok("123456789012"));
        assert_eq!(number("12345678901", "jp"), Err(FieldProblem::WrongForm));
        assert_eq!(number("ab 12-34", "fr").as_deref(), Ok("AB1234"));
        assert_eq!(number("ab", "fr"), Err(FieldProblem::WrongForm));
        let phone = |text, country| of(PersonField::Phone, text, country);
        assert_eq!(phone("(202) 555-0143", "us").as_deref(), Ok("+12025550143"));
        assert_eq!(phone("+1 202.555.0143", "us").as_deref(), Ok("+12025550143"));
        assert_eq!(phone("1 202 555 0143", "us").as_deref(), Ok("+12025550143"));
        assert_eq!(phone("010-0000-0000", "kr").as_deref(), Ok("01000000000"));
        assert_eq!(phone("+82 10 0000 0000", "kr").as_deref(), Ok("01000000000"));
        assert_eq!(phone("+44 20 7946 0000", "uk").as_deref(), Ok("+442079460000"));
        for (text, country) in [
            ("102 555 0143", "us"),
            ("555 0143", "us"),
            ("02-123-4567", "kr"),
            ("020 7946", "uk"),
            ("+", "fr"),
        ] {
            assert_eq!(phone(text, country), Err(FieldProblem::NotAPhone), "{text}");
        }
        assert_eq!(of(PersonField::PostalCode, "20500-0003", "us").as_deref(), Ok("20500-0003"));
        assert_eq!(of(PersonField::PostalCode, "2050", "us"), Err(FieldProblem::WrongForm));
        assert_eq!(of(PersonField::Region, "dc", "us").as_deref(), Ok("DC"));
        assert_eq!(of(PersonField::Region, "D1", "us"), Err(FieldProblem::WrongForm));
        assert_eq!(of(PersonField::Street, "1600 <b>", "us"), Err(FieldProblem::BadCharacters));
    }
}
