//! Properties of the zone's parser: over any text, over made zones of every format, over every change of one
//! character.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used)]

use idv_protocol::reading::{CalendarDate, MrzFieldStatus, MrzReading, MrzStatus};
use idv_vision::reading::mrz::{
    CorrectionParams, Glyph, ReadLine, check_digit, indistinguishable, parse_lines, parse_text,
};
use proptest::prelude::*;

const TODAY: CalendarDate = CalendarDate::new(2026, 11, 21);
const ALPHABET: &[u8; 37] = b"0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ<";

/// What a zone is made of.
#[derive(Clone, Debug)]
struct Holder {
    number: String,
    surname: String,
    given: String,
    birth: (u16, u8, u8),
    expiry: (u16, u8, u8),
    sex: char,
    optional: String,
}

fn holder() -> impl Strategy<Value = Holder> {
    let date = |years: std::ops::Range<u16>| (years, 1u8..=12, 1u8..=28);
    (
        "[A-Z0-9]{6,9}",
        "[A-Z]{1,12}",
        "[A-Z]{0,10}",
        date(1930..2026),
        date(2000..2060),
        prop::sample::select(vec!['F', 'M', '<']),
        "[A-Z0-9]{0,7}",
    )
        .prop_map(|(number, surname, given, birth, expiry, sex, optional)| Holder {
            number,
            surname,
            given,
            birth,
            expiry,
            sex,
            optional,
        })
}

fn fill(text: &str, columns: usize) -> String {
    text.chars().chain(std::iter::repeat('<')).take(columns).collect()
}

fn checked(field: &str) -> String {
    format!("{field}{}", char::from(check_digit(field.bytes())))
}

fn short((year, month, day): (u16, u8, u8)) -> String {
    format!("{:02}{month:02}{day:02}", year % 100)
}

fn long((year, month, day): (u16, u8, u8)) -> String {
    format!("{year:04}-{month:02}-{day:02}")
}

/// The zone of `holder` in the format of this number, 0 to 4: TD1, TD2, TD3, MRV-A, MRV-B.
fn zone(holder: &Holder, format: usize) -> String {
    let name = if holder.given.is_empty() {
        holder.surname.clone()
    } else {
        format!("{}<<{}", holder.surname, holder.given)
    };
    let number = checked(&fill(&holder.number, 9));
    let (birth, expiry) = (checked(&short(holder.birth)), checked(&short(holder.expiry)));
    let sex = holder.sex;
    let composed = |columns: usize, optional: String| {
        let composite = char::from(check_digit(format!("{number}{birth}{expiry}{optional}").bytes()));
        let upper = format!("{}UTO{}", if columns == 36 { "I<" } else { "P<" }, fill(&name, columns - 5));
        format!("{upper}\n{number}UTO{birth}{sex}{expiry}{optional}{composite}")
    };
    match format {
        0 => {
            let (first, second) = (fill(&holder.optional, 15), fill("", 11));
            let composite =
                char::from(check_digit(format!("{number}{first}{birth}{expiry}{second}").bytes()));
            let lower = format!("{birth}{sex}{expiry}UTO{second}{composite}");
            format!("I<UTO{number}{first}\n{lower}\n{}", fill(&name, 30))
        }
        1 => composed(36, fill(&holder.optional, 7)),
        2 => composed(44, checked(&fill(&holder.optional, 14))),
        _ => {
            let columns = if format == 3 { 44 } else { 36 };
            let upper = format!("V<UTO{}", fill(&name, columns - 5));
            let optional = fill(&holder.optional, columns - 28);
            format!("{upper}\n{number}UTO{birth}{sex}{expiry}{optional}")
        }
    }
}

fn read(text: &str) -> MrzReading {
    parse_text(text, TODAY).expect("a zone")
}

/// Places (line, column) that a check digit covers, check digits included, of the format of this number.
fn covered(format: usize) -> Vec<(usize, usize)> {
    let lower = |end: usize| {
        (0..end).filter(|column| !matches!(column, 10..=12 | 20)).map(|column| (1, column)).collect()
    };
    match format {
        0 => (5..30)
            .map(|column| (0, column))
            .chain((0..30).filter(|column| !matches!(column, 7 | 15..=17)).map(|column| (1, column)))
            .collect(),
        1 => lower(36),
        2 => lower(44),
        _ => lower(28),
    }
}

proptest! {
    #![proptest_config(ProptestConfig { failure_persistence: None, ..ProptestConfig::default() })]

    #[test]
    fn no_text_makes_it_panic(text in "\\PC{0,200}") {
        let _ = parse_text(&text, TODAY);
    }

    #[test]
    fn no_unicode_makes_it_panic_and_only_its_own_characters_make_a_zone(
        text in any::<String>(), at in 0usize..89, odd in any::<char>(),
    ) {
        let _ = parse_text(&text, TODAY);
        let whole = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";
        prop_assume!(!odd.is_ascii());
        let (before, after) = whole.split_at(at);
        let replaced = format!("{before}{odd}{}", after.get(1..).unwrap_or_default());
        let inserted = format!("{before}{odd}{after}");
        prop_assert!(parse_text(&replaced, TODAY).is_err());
        prop_assert!(parse_text(&inserted, TODAY).is_err());
    }

    #[test]
    fn lines_of_other_numbers_or_lengths_are_refused(
        lengths in prop::collection::vec(prop_oneof![0usize..100, Just(30), Just(36), Just(44)], 0..6),
    ) {
        let is_format = matches!(lengths.as_slice(), [30, 30, 30] | [36, 36] | [44, 44]);
        let text = lengths.iter().map(|length| "A".repeat(*length)).collect::<Vec<_>>().join("\n");
        // A last line without characters is the end of the one before.
        let ended = matches!(lengths.as_slice(), [30, 30, 30, 0] | [36, 36, 0] | [44, 44, 0]);
        prop_assert_eq!(parse_text(&text, TODAY).is_ok(), is_format || ended);
        let line = |length: &usize| ReadLine { glyphs: vec![Glyph::certain(b'A'); *length] };
        let lines: Vec<ReadLine> = lengths.iter().map(line).collect();
        prop_assert_eq!(parse_lines(&lines, TODAY, &CorrectionParams::default()).is_ok(), is_format);
    }

    #[test]
    fn no_lines_of_the_right_characters_make_it_panic(
        lines in prop::collection::vec("[A-Z0-9<]{0,46}", 0..5),
        year in 0u16..10_000, month in 0u8..20, day in 0u8..40,
    ) {
        let _ = parse_text(&lines.join("\n"), CalendarDate::new(year, month, day));
    }

    #[test]
    fn lines_of_a_formats_length_always_read(
        (columns, lines) in prop::sample::select(vec![(30usize, 3usize), (36, 2), (44, 2)]),
        bytes in prop::collection::vec(0usize..37, 90),
    ) {
        let character = |index: usize| char::from(ALPHABET[bytes[index % 90]]);
        let line = |line: usize| -> String { (0..columns).map(|c| character(line * columns + c)).collect() };
        let text = (0..lines).map(line).collect::<Vec<_>>().join("\n");
        let reading = read(&text);
        prop_assert_eq!(reading.lines.join("\n"), text);
    }

    #[test]
    fn a_made_zone_comes_back_field_by_field(holder in holder(), format in 0usize..5) {
        let reading = read(&zone(&holder, format));
        prop_assert_eq!(reading.status, MrzStatus::Valid, "{:?}", reading);
        prop_assert_eq!(&reading.document_number.value, &holder.number);
        prop_assert_eq!(&reading.primary_identifier.value, &holder.surname);
        prop_assert_eq!(&reading.secondary_identifier.value, &holder.given);
        prop_assert_eq!(&reading.birth_date.value, &long(holder.birth));
        prop_assert_eq!(&reading.expiry_date.as_ref().expect("there").value, &long(holder.expiry));
        prop_assert_eq!(&reading.optional_data[0].value, &holder.optional);
        prop_assert_eq!(&reading.sex.value, if holder.sex == '<' { "X" } else { &reading.sex.raw });
    }

    #[test]
    fn one_changed_character_that_a_check_digit_can_see_is_always_flagged(
        holder in holder(), format in 0usize..5, at in any::<prop::sample::Index>(), to in 0usize..37,
    ) {
        let text = zone(&holder, format);
        let places = covered(format);
        let (line, column) = places[at.index(places.len())];
        let columns = text.find('\n').expect("lines");
        let mut bytes = text.into_bytes();
        let place = line * (columns + 1) + column;
        prop_assume!(!indistinguishable(bytes[place], ALPHABET[to]));
        bytes[place] = ALPHABET[to];
        let reading = read(std::str::from_utf8(&bytes).expect("ASCII"));
        prop_assert_eq!(reading.status, MrzStatus::Invalid, "{} {}: {:?}", line, column, reading);
    }

    #[test]
    fn a_rival_that_a_check_digit_cannot_see_is_never_valid(
        holder in holder(), format in 0usize..5, at in any::<prop::sample::Index>(),
        to in any::<prop::sample::Index>(), share in 0.01f32..0.49,
    ) {
        let text = zone(&holder, format);
        let mut lines: Vec<ReadLine> = text
            .lines()
            .map(|line| ReadLine { glyphs: line.bytes().map(Glyph::certain).collect() })
            .collect();
        // The characters of the number, which may be any.
        let column = at.index(holder.number.len());
        let (line, column) = if format == 0 { (0, column + 5) } else { (1, column) };
        let here = lines[line].glyphs[column].alternatives()[0].0;
        let blind: Vec<u8> =
            ALPHABET.iter().copied().filter(|&other| other != here && indistinguishable(other, here)).collect();
        let rival = blind[to.index(blind.len())];
        lines[line].glyphs[column] = Glyph::new([(here, 1.0 - share), (rival, share)]);
        let reading = parse_lines(&lines, TODAY, &CorrectionParams::default()).expect("a zone");
        prop_assert_eq!(reading.document_number.status, MrzFieldStatus::NeedsConfirmation);
        prop_assert_eq!(reading.document_number.readings.len(), 2);
        prop_assert_eq!(reading.status, MrzStatus::NeedsConfirmation);
    }

    #[test]
    fn no_glyphs_make_it_panic_or_bring_in_a_character_that_was_not_seen(
        columns in prop::sample::select(vec![30usize, 36, 44]),
        seen in prop::collection::vec(prop::collection::vec((any::<u8>(), any::<f32>()), 0..7), 132),
    ) {
        let count = if columns == 30 { 3 } else { 2 };
        let glyphs = |line: usize| seen.iter().skip(line * columns).take(columns);
        let lines: Vec<ReadLine> = (0..count)
            .map(|line| ReadLine { glyphs: glyphs(line).map(|g| Glyph::new(g.iter().copied())).collect() })
            .collect();
        if let Ok(reading) = parse_lines(&lines, TODAY, &CorrectionParams::default()) {
            for (line, text) in reading.lines.iter().enumerate() {
                for (glyph, character) in glyphs(line).zip(text.bytes()) {
                    prop_assert!(glyph.iter().any(|(known, _)| *known == character));
                }
            }
        }
    }
}

#[test]
fn absurd_lengths_are_refused_without_being_read_to_their_end() {
    let started = std::time::Instant::now();
    for text in ["A".repeat(50_000_000), "\n".repeat(50_000_000), "<".repeat(44) + &"\r\n".repeat(20_000_000)]
    {
        assert!(parse_text(&text, TODAY).is_err());
    }
    let long = ReadLine { glyphs: vec![Glyph::certain(b'<'); 1_000_000] };
    let params = CorrectionParams::default();
    assert!(parse_lines(&[long.clone(), long.clone()], TODAY, &params).is_err());
    assert!(parse_lines(&vec![ReadLine::default(); 100_000], TODAY, &params).is_err());
    assert!(started.elapsed().as_secs() < 10, "seconds are a hundred times what it takes");
}
