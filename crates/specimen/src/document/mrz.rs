//! The machine-readable zone by ICAO Doc 9303: check digits, names, and the lines of every format.
//!
//! Check digits and transliteration are written here a second time, apart from `idv_vision::reading::mrz`, which
//! reads them: specimens are the truth that the reader is measured by, and a mistake in code that both share would
//! never show. The tests hold the two against each other on random input.

use super::holder::Holder;

/// The filler.
const FILLER: char = '<';

/// Letters that the zone has for the document number.
const NUMBER_COLUMNS: usize = 9;

/// A format of the zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Format {
    /// Three lines of 30 (Doc 9303-5).
    Td1,
    /// Two lines of 36 (Doc 9303-6).
    Td2,
    /// Two lines of 44 (Doc 9303-4).
    Td3,
    /// Two lines of 44 without a composite check digit (Doc 9303-7, section 4).
    MrvA,
    /// Two lines of 36 without a composite check digit (Doc 9303-7, section 5).
    MrvB,
    /// Two lines of 36 of the French national identity card of 1988. No kind of specimen has them by itself: see
    /// [`page_with_zone`](super::page_with_zone).
    FraId,
}

impl Format {
    /// Letters in a line.
    pub const fn columns(self) -> usize {
        match self {
            Self::Td1 => 30,
            Self::Td2 | Self::MrvB | Self::FraId => 36,
            Self::Td3 | Self::MrvA => 44,
        }
    }

    /// Number of lines.
    pub const fn rows(self) -> usize {
        match self {
            Self::Td1 => 3,
            _ => 2,
        }
    }

    /// The formats that have lines of this number and length, as labels name them.
    pub const fn label(self) -> &'static str {
        match self {
            Self::Td1 => "TD1",
            Self::Td2 | Self::MrvB | Self::FraId => "TD2/MRV-B/FRA",
            Self::Td3 | Self::MrvA => "TD3/MRV-A",
        }
    }

    /// The lines for `holder`.
    pub fn lines(self, holder: &Holder) -> Vec<String> {
        match self {
            Self::Td1 => td1(holder),
            Self::Td2 => two_lines(holder, self.columns(), true),
            Self::Td3 => td3(holder),
            Self::MrvA | Self::MrvB => two_lines(holder, self.columns(), false),
            Self::FraId => french_card(holder),
        }
    }
}

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
            'Ñ' | 'Ń' | 'Ň' => out.push('N'),
            'Ç' | 'Č' | 'Ć' => out.push('C'),
            'Á' | 'À' | 'Â' | 'Ã' | 'Ā' | 'Ą' => out.push('A'),
            'É' | 'È' | 'Ê' | 'Ë' | 'Ē' | 'Ę' => out.push('E'),
            'Ğ' => out.push('G'),
            'Í' | 'Ì' | 'Î' | 'Ï' | 'İ' | 'Ī' => out.push('I'),
            'Ó' | 'Ò' | 'Ô' | 'Õ' => out.push('O'),
            'Ú' | 'Ù' | 'Û' | 'Ū' => out.push('U'),
            'Ý' => out.push('Y'),
            'Ð' | 'Đ' => out.push('D'),
            'Ł' => out.push('L'),
            'Š' | 'Ş' | 'Ś' => out.push('S'),
            'Ž' | 'Ź' | 'Ż' => out.push('Z'),
            _ => {}
        }
    }
    out
}

/// `field` cut or filled up to `columns` letters.
fn filled(field: &str, columns: usize) -> String {
    field.chars().chain(std::iter::repeat(FILLER)).take(columns).collect()
}

/// Surname and given names as `SURNAME<<GIVEN<NAMES`, filled up to `columns`. Of a name that is too long the
/// end is lost, first of the given names, then of the surname, so that the given names keep at least one letter
/// and the last place holds a letter (Doc 9303-4 to 7, truncation of names).
pub fn names(surname: &str, given_names: &str, columns: usize) -> String {
    let (surname, given) = (transliterate(surname), transliterate(given_names));
    let whole = if given.is_empty() { surname.clone() } else { format!("{surname}<<{given}") };
    if whole.len() <= columns {
        return filled(&whole, columns);
    }
    if given.is_empty() {
        return shortened(&surname, columns);
    }
    // What is kept of the surname: one letter less where a filler would come last.
    (1..=columns.saturating_sub(3).min(surname.len()))
        .rev()
        .map(|kept| {
            let kept = surname.get(..kept).unwrap_or(&surname).trim_end_matches(FILLER);
            filled(&format!("{kept}<<{given}"), columns)
        })
        .find(|cut| !cut.ends_with(FILLER))
        .unwrap_or_else(|| filled(&whole, columns))
}

/// A name of one part that is too long: where a filler would come last, the first component gives up letters.
fn shortened(surname: &str, columns: usize) -> String {
    let (first, rest) = surname.split_at(surname.find(FILLER).unwrap_or(surname.len()));
    (1..=first.len())
        .rev()
        .map(|kept| filled(&format!("{}{rest}", first.get(..kept).unwrap_or(first)), columns))
        .find(|cut| !cut.ends_with(FILLER))
        .unwrap_or_else(|| filled(surname, columns))
}

/// The first five letters: what the document is and who issued it.
fn opening(holder: &Holder) -> String {
    filled(holder.code, 2) + &filled(holder.issuer, 3)
}

fn number(holder: &Holder) -> String {
    checked(&filled(&transliterate(&holder.document_number), NUMBER_COLUMNS))
}

/// The three lines of a TD1 document. A longer number goes on in the optional data, with its check digit there
/// and a filler in place of the check digit (Doc 9303-5, 4.2.2, note j).
fn td1(holder: &Holder) -> Vec<String> {
    let number = transliterate(&holder.document_number);
    let (head, personal) = (opening(holder), transliterate(&holder.personal_number));
    let (upper, optional) = match number.split_at_checked(NUMBER_COLUMNS) {
        Some((principal, rest)) if !rest.is_empty() => {
            (format!("{head}{principal}<{rest}{}<", check_digit(&number)), personal)
        }
        _ => (format!("{head}{}{personal}", checked(&filled(&number, NUMBER_COLUMNS))), String::new()),
    };
    let upper = filled(&upper, 30);
    let birth = checked(&holder.birth.mrz());
    let expiry = checked(&holder.expiry.mrz());
    let (sex, nationality) = (holder.sex.mrz(), filled(holder.nationality, 3));
    let optional = filled(&optional, 11);
    let data: String = upper.chars().skip(5).collect();
    let composite = check_digit(&format!("{data}{birth}{expiry}{optional}"));
    let middle = format!("{birth}{sex}{expiry}{nationality}{optional}{composite}");
    vec![upper, middle, names(&holder.surname, &holder.given_names, 30)]
}

/// The two lines of a TD3 document (Doc 9303-4, 4.2.2), 44 letters each.
fn td3(holder: &Holder) -> Vec<String> {
    let upper = opening(holder) + &names(&holder.surname, &holder.given_names, 39);
    let (number, birth, expiry) =
        (number(holder), checked(&holder.birth.mrz()), checked(&holder.expiry.mrz()));
    let personal = filled(&transliterate(&holder.personal_number), 14);
    // An unused personal number may have a filler for its check digit (Doc 9303-4, 4.2.2.2, position 43).
    let personal =
        if holder.personal_number.is_empty() { format!("{personal}<") } else { checked(&personal) };
    let (sex, nationality) = (holder.sex.mrz(), filled(holder.nationality, 3));
    let composite = check_digit(&format!("{number}{birth}{expiry}{personal}"));
    vec![upper, format!("{number}{nationality}{birth}{sex}{expiry}{personal}{composite}")]
}

/// The two lines of a TD2 document (Doc 9303-6, 4.2.2), or of a visa, which has no composite check digit
/// (Doc 9303-7, 4.2.2 and 5.2.2).
fn two_lines(holder: &Holder, columns: usize, composite: bool) -> Vec<String> {
    let upper = opening(holder) + &names(&holder.surname, &holder.given_names, columns - 5);
    let (number, birth, expiry) =
        (number(holder), checked(&holder.birth.mrz()), checked(&holder.expiry.mrz()));
    let (sex, nationality) = (holder.sex.mrz(), filled(holder.nationality, 3));
    let rest = columns - 28 - usize::from(composite);
    // An optional field is whole or not there: a number that was cut would be another number.
    let personal = transliterate(&holder.personal_number);
    let personal = if personal.len() > rest { String::new() } else { personal };
    let optional = filled(&personal, rest);
    let mut lower = format!("{number}{nationality}{birth}{sex}{expiry}{optional}");
    if composite {
        lower.push(check_digit(&format!("{number}{birth}{expiry}{optional}")));
    }
    vec![upper, lower]
}

/// The two lines of the French card: the surname with the code of the issuing office, then year and month of issue
/// with a running number, the given names and the birth; the composite check digit covers both lines.
fn french_card(holder: &Holder) -> Vec<String> {
    let running: String = holder.personal_number.chars().filter(char::is_ascii_digit).collect();
    let digits =
        |columns: usize| -> String { format!("{running:0<columns$}").chars().take(columns).collect() };
    let surname = filled(&transliterate(&holder.surname), 25);
    let upper = format!("IDFRA{surname}{}", digits(6));
    let (year, month) = (holder.issue.year % 100, holder.issue.month);
    let number = checked(&format!("{year:02}{month:02}{}", digits(8)));
    let given = filled(&transliterate(&holder.given_names), 14);
    let lower = format!("{number}{given}{}{}", checked(&holder.birth.mrz()), holder.sex.mrz());
    let composite = check_digit(&format!("{upper}{lower}"));
    vec![upper, format!("{lower}{composite}")]
}

fn checked(field: &str) -> String {
    format!("{field}{}", check_digit(field))
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::super::holder::{Date, Sex};
    use super::*;
    use idv_protocol::reading::{CalendarDate, MrzStatus};
    use idv_vision::reading::mrz as reading;
    use rand::Rng;

    fn anna() -> Holder {
        Holder {
            document_number: "L898902C3".into(),
            personal_number: "ZE184226B".into(),
            surname: "Eriksson".into(),
            given_names: "Anna Maria".into(),
            birth: Date::new(1974, 8, 12),
            expiry: Date::new(2012, 4, 15),
            ..Holder::draw(1, Sex::Female)
        }
    }

    #[test]
    fn builds_the_samples_of_doc_9303() {
        let td3 = Format::Td3.lines(&anna());
        assert_eq!(td3[0], "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<");
        assert_eq!(td3[1], "L898902C36UTO7408122F1204159ZE184226B<<<<<10");
        let card = Holder {
            code: "I",
            document_number: "D23145890".into(),
            personal_number: String::new(),
            ..anna()
        };
        let td2 = Format::Td2.lines(&card);
        assert_eq!(td2[0], "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<");
        assert_eq!(td2[1], "D231458907UTO7408122F1204159<<<<<<<6");
        let td1 = Format::Td1.lines(&card);
        assert_eq!(
            td1,
            [
                "I<UTOD231458907<<<<<<<<<<<<<<<",
                "7408122F1204159UTO<<<<<<<<<<<6",
                "ERIKSSON<<ANNA<MARIA<<<<<<<<<<"
            ]
        );
        let visa = Holder {
            code: "V",
            document_number: "L8988901C".into(),
            personal_number: String::new(),
            ..anna()
        };
        assert_eq!(Format::MrvA.lines(&visa)[1], "L8988901C4UTO7408122F1204159<<<<<<<<<<<<<<<<");
        assert_eq!(Format::MrvB.lines(&visa)[1], "L8988901C4UTO7408122F1204159<<<<<<<<");
    }

    #[test]
    fn a_long_number_goes_on_in_the_optional_data_of_a_card() {
        let long = Holder {
            code: "I",
            document_number: "D23145890734".into(),
            personal_number: String::new(),
            ..anna()
        };
        let lines = Format::Td1.lines(&long);
        // The example of Doc 9303-5, 4.2.4.
        assert_eq!(lines[0], "I<UTOD23145890<7349<<<<<<<<<<<");
        assert_eq!(lines[1], "7408122F1204159UTO<<<<<<<<<<<6");
    }

    #[test]
    fn the_reader_computes_the_same_check_digits_on_random_fields() {
        let mut rng = crate::random::stream(1, "check digits");
        let alphabet = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<";
        for _ in 0..20_000 {
            let length = rng.random_range(0..90);
            let field: String =
                (0..length).map(|_| char::from(alphabet[rng.random_range(0..alphabet.len())])).collect();
            assert_eq!(check_digit(&field), char::from(reading::check_digit(field.bytes())), "{field}");
        }
    }

    #[test]
    fn the_reader_spells_the_letters_of_specimens_the_same_way() {
        let letters: Vec<char> = ('\u{20}'..'\u{250}')
            .filter(|c| !transliterate(&c.to_string()).is_empty() && *c != FILLER)
            .collect();
        assert!(letters.len() > 120, "{}", letters.len());
        let mut rng = crate::random::stream(2, "letters");
        for _ in 0..20_000 {
            let length = rng.random_range(0..20);
            let name: String = (0..length).map(|_| letters[rng.random_range(0..letters.len())]).collect();
            assert_eq!(transliterate(&name), reading::transliterate::transliterate(&name), "{name}");
        }
    }

    #[test]
    fn the_reader_reads_what_is_written() {
        let today = CalendarDate::new(2026, 1, 1);
        for (format, kind) in [
            (Format::Td1, Kind::Td1Back),
            (Format::Td2, Kind::Td2),
            (Format::Td3, Kind::Td3),
            (Format::MrvA, Kind::MrvA),
            (Format::MrvB, Kind::MrvB),
            (Format::FraId, Kind::Td2),
        ] {
            for seed in 0..300 {
                let mut holder = Holder::varied(seed, kind);
                if format == Format::FraId && holder.given_names.is_empty() {
                    // Every holder of the French card has a given name.
                    holder.given_names = "Anna".into();
                }
                let lines = format.lines(&holder);
                let read = reading::parse_text(&lines.join("\n"), today).expect("a zone");
                assert_eq!(read.status, MrzStatus::Valid, "{lines:?}");
                assert_eq!(read.lines, lines);
                if format != Format::FraId {
                    assert_eq!(read.document_number.value, holder.document_number);
                    let surname = transliterate(&holder.surname).replace(FILLER, " ");
                    assert!(surname.starts_with(&read.primary_identifier.value), "{lines:?}");
                }
                assert_eq!(read.birth_date.raw, holder.birth.mrz());
                assert_eq!(read.sex.raw, holder.sex.mrz().to_string());
            }
        }
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
        let lines = Format::Td3.lines(&Holder { personal_number: String::new(), ..anna() });
        assert!(lines[1].ends_with("<<<<<<<<<<<<<<<8"), "{}", lines[1]);
    }

    #[test]
    fn spells_national_letters_out() {
        assert_eq!(transliterate("D'Artagnan-Müller Straße"), "DARTAGNAN<MUELLER<STRASSE");
    }

    #[test]
    fn a_name_that_is_too_long_ends_in_a_letter_and_keeps_one_of_the_given_names() {
        let long = names(&"Papandropoulous".repeat(4), "Jonathon", 39);
        assert!(long.ends_with("<<J") && long.len() == 39, "{long}");
        assert_eq!(
            names("Nilavadhanananda", "Chayapa Dejthamrong Krasuang", 39),
            "NILAVADHANANANDA<<CHAYAPA<DEJTHAMRONG<K"
        );
        // The cut would fall on a filler: the surname gives up a letter.
        assert_eq!(names("Abcdefgh", "Ij Klm", 13), "ABCDEFG<<IJ<K");
        assert_eq!(names("Abcde Fghij", "", 6), "ABCD<F");
    }

    #[test]
    fn lines_of_every_kind_have_their_length_and_only_letters_of_the_zone() {
        for kind in Kind::ALL {
            let Some(format) = kind.format() else { continue };
            for seed in 0..300 {
                let holder = Holder::varied(seed, kind);
                let lines = format.lines(&holder);
                assert_eq!(lines.len(), format.rows());
                for line in &lines {
                    assert_eq!(line.chars().count(), format.columns(), "{kind:?} {seed} {line}");
                    assert!(line.bytes().all(|b| matches!(b, b'A'..=b'Z' | b'0'..=b'9' | b'<')), "{line}");
                }
            }
        }
    }
}
