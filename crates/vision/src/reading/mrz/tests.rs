use super::*;
use idv_protocol::reading::{MrzFieldStatus, MrzFormat, MrzStatus};

const TODAY: CalendarDate = CalendarDate::new(2026, 11, 21);

/// ICAO's own specimens, and a French card of 1988.
const TD1: &str =
    "I<UTOD231458907<<<<<<<<<<<<<<<\n7408122F1204159UTO<<<<<<<<<<<6\nERIKSSON<<ANNA<MARIA<<<<<<<<<<";
const TD2: &str = "I<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nD231458907UTO7408122F1204159<<<<<<<6";
const TD3: &str =
    "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";
const MRV_A: &str =
    "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL8988901C4XXX4009078F96121096ZE184226B<<<<<<";
const MRV_B: &str = "V<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<\nL8988901C4XXX4009078F9612109<<<<<<<<";
const FRA_ID: &str = "IDFRABERTHIER<<<<<<<<<<<<<<<<<<<<<<<\n8806923102858CORINNE<<<<<<<6512068F6";

fn read(text: &str) -> MrzReading {
    parse_text(text, TODAY).expect("a zone")
}

/// `text` as a recogniser would read it with certainty.
fn glyphs(text: &str) -> Vec<ReadLine> {
    let line = |line: &str| ReadLine { glyphs: line.bytes().map(Glyph::certain).collect() };
    text.lines().map(line).collect()
}

/// Line, column, and what the character there may be.
type Doubt<'a> = (usize, usize, &'a [(u8, f32)]);

/// Reads `text` with other alternatives in some places.
fn read_with(text: &str, doubts: &[Doubt<'_>]) -> MrzReading {
    let mut lines = glyphs(text);
    for (line, column, alternatives) in doubts {
        lines[*line].glyphs[*column] = Glyph::new(alternatives.iter().copied());
    }
    parse_lines(&lines, TODAY, &CorrectionParams::default()).expect("a zone")
}

#[test]
fn reads_the_specimens_of_every_format() {
    for (text, format) in [
        (TD1, MrzFormat::Td1),
        (TD2, MrzFormat::Td2),
        (TD3, MrzFormat::Td3),
        (MRV_A, MrzFormat::MrvA),
        (MRV_B, MrzFormat::MrvB),
        (FRA_ID, MrzFormat::FraId),
    ] {
        let reading = read(text);
        assert_eq!(reading.format, format);
        assert_eq!(reading.status, MrzStatus::Valid, "{reading:?}");
        assert_eq!(reading.lines.join("\n"), text);
        assert_eq!(parse_lines(&glyphs(text), TODAY, &CorrectionParams::default()).expect("a zone"), reading);
    }
}

#[test]
fn reads_every_field_of_a_passport() {
    let reading = read(TD3);
    assert_eq!(reading.document_code.value, "P");
    assert_eq!(reading.issuing_state.value, "UTO");
    assert_eq!(reading.primary_identifier.value, "ERIKSSON");
    assert_eq!(reading.secondary_identifier.value, "ANNA MARIA");
    assert_eq!(reading.document_number.value, "L898902C3");
    assert_eq!(reading.nationality.as_ref().expect("there").value, "UTO");
    assert_eq!(reading.birth_date.value, "1974-08-12");
    assert_eq!(reading.sex.value, "F");
    assert_eq!(reading.expiry_date.as_ref().expect("there").value, "2012-04-15");
    assert_eq!(reading.optional_data[0].value, "ZE184226B");
    assert_eq!(reading.composite_valid, Some(true));
    assert!(!reading.names_may_be_truncated);
    let statuses: Vec<_> = reading.fields().map(|(_, field)| field.status).collect();
    use MrzFieldStatus::{Unverified as U, Valid as V};
    assert_eq!(statuses, [U, U, U, U, V, U, V, U, V, V], "what no check digit covers is not valid");
    let place = reading.secondary_identifier.position;
    assert_eq!((place.line, place.column, place.length), (0, 15, 10));
}

#[test]
fn reads_the_french_card() {
    let reading = read(FRA_ID);
    assert_eq!(reading.primary_identifier.value, "BERTHIER");
    assert_eq!(reading.secondary_identifier.value, "CORINNE");
    assert_eq!(reading.document_number.value, "880692310285");
    assert_eq!(reading.birth_date.value, "1965-12-06");
    assert_eq!(reading.sex.value, "F");
    assert!(reading.nationality.is_none() && reading.expiry_date.is_none());
    assert!(reading.fields().all(|(_, field)| field.status == MrzFieldStatus::Valid), "{reading:?}");
}

#[test]
fn reads_a_number_that_runs_on_into_the_optional_data() {
    let text =
        "I<UTOD23145890<7349<<<<<<<<<<<\n3407127M9507122UTO<<<<<<<<<<<2\nSTEVENSON<<PETER<JOHN<<<<<<<<<";
    let reading = read(text);
    assert_eq!(reading.document_number.value, "D23145890734");
    assert_eq!(reading.document_number.status, MrzFieldStatus::Valid);
    assert_eq!(reading.optional_data[0].value, "");
    assert_eq!(reading.status, MrzStatus::Valid, "{reading:?}");
    let wrong = text.replace("7349", "7359");
    assert_eq!(read(&wrong).document_number.status, MrzFieldStatus::InvalidCheck);
    let alone = text.replace("<7349", "<<<<<");
    assert_eq!(read(&alone).document_number.status, MrzFieldStatus::InvalidCheck);
}

#[test]
fn a_check_digit_that_fails_is_reported_and_never_repaired() {
    let reading = read(&TD3.replace("L898902C36", "L898902C37"));
    assert_eq!(reading.document_number.status, MrzFieldStatus::InvalidCheck);
    assert_eq!((reading.status, reading.composite_valid), (MrzStatus::Invalid, Some(false)));
    // The alternative that would make the check digit hold is there, and is not taken.
    let reading = read_with(&TD3.replace("L898902C36", "L398902C36"), &[(1, 1, &[(b'3', 0.6), (b'8', 0.4)])]);
    assert_eq!(reading.document_number.value, "L398902C3");
    assert_eq!(reading.document_number.status, MrzFieldStatus::InvalidCheck);
    assert!(reading.corrections.is_empty());
}

#[test]
fn a_blind_pair_with_both_alternatives_alive_needs_confirmation() {
    let reading = read_with(TD3, &[(1, 0, &[(b'L', 0.9), (b'1', 0.1)])]);
    assert_eq!(reading.status, MrzStatus::NeedsConfirmation);
    assert_eq!(reading.document_number.status, MrzFieldStatus::NeedsConfirmation);
    assert_eq!(reading.document_number.readings, ["L898902C3", "1898902C3"]);
    // A pair that the check digit tells apart is settled by it.
    let reading = read_with(TD3, &[(1, 1, &[(b'8', 0.7), (b'B', 0.3)])]);
    assert_eq!(reading.document_number.status, MrzFieldStatus::Valid);
    // Under the composite check digit alone, the same.
    let optional = TD1.replace("8907<<<", "8907K<<");
    let reading = read_with(&optional, &[(0, 15, &[(b'K', 0.6), (b'<', 0.4)])]);
    assert_eq!(reading.optional_data[0].status, MrzFieldStatus::NeedsConfirmation);
    assert_eq!(reading.optional_data[0].readings, ["K", ""]);
}

#[test]
fn the_format_decides_between_a_letter_and_a_digit() {
    let text = TD3.replace("7408122", "74O8122").replace("UTOE", "UT0E");
    let reading =
        read_with(&text, &[(1, 15, &[(b'O', 0.7), (b'0', 0.3)]), (0, 4, &[(b'0', 0.6), (b'O', 0.4)])]);
    assert_eq!(reading.lines.join("\n"), TD3);
    assert_eq!(reading.corrections.len(), 2);
    assert_eq!(reading.status, MrzStatus::Valid, "{reading:?}");
    // Without the alternative nothing changes.
    let reading = read(&text);
    assert_eq!(reading.birth_date.status, MrzFieldStatus::Malformed);
    assert_eq!(reading.issuing_state.status, MrzFieldStatus::Malformed);
    assert_eq!(reading.status, MrzStatus::Invalid);
}

#[test]
fn only_fillers_stand_behind_the_names() {
    let text = TD3.replacen("<<<<<<<<<<<<<<<<<<<\n", "<<<<<<<K<<<<<<<<<<<\n", 1);
    let reading = read_with(&text, &[(0, 32, &[(b'K', 0.6), (b'<', 0.4)])]);
    assert_eq!(reading.lines.join("\n"), TD3);
    assert_eq!(reading.secondary_identifier.status, MrzFieldStatus::Unverified);
    let reading = read(&text);
    assert_eq!(reading.secondary_identifier.status, MrzFieldStatus::NeedsConfirmation, "no alternative");
    // Right behind the name, a letter and a filler are both possible.
    let reading = read_with(TD3, &[(0, 25, &[(b'<', 0.9), (b'K', 0.1)])]);
    assert_eq!(reading.secondary_identifier.readings, ["ANNA MARIA", "ANNA MARIAK"]);
    assert_eq!(reading.status, MrzStatus::NeedsConfirmation);
}

#[test]
fn a_doubtful_name_needs_confirmation() {
    let reading = read_with(TD3, &[(0, 5, &[(b'E', 0.7), (b'F', 0.3)])]);
    assert_eq!(reading.primary_identifier.status, MrzFieldStatus::NeedsConfirmation);
    assert_eq!(reading.primary_identifier.readings, ["ERIKSSON", "FRIKSSON"]);
    // Doubt without a rival that could be named.
    let reading = read_with(TD3, &[(0, 5, &[(b'E', 0.6)])]);
    assert_eq!(reading.primary_identifier.status, MrzFieldStatus::NeedsConfirmation);
    assert_eq!(reading.primary_identifier.readings, ["ERIKSSON"]);
}

#[test]
fn a_doubt_about_one_identifier_does_not_mark_the_other() {
    use MrzFieldStatus::{Malformed, NeedsConfirmation, Unverified};
    let statuses = |doubts: &[Doubt<'_>]| {
        let reading = read_with(TD3, doubts);
        (reading.primary_identifier.status, reading.secondary_identifier.status)
    };
    let (sure_e, rival_m) = ([(b'E', 0.7), (b'F', 0.3)], [(b'M', 0.7), (b'N', 0.3)]);
    assert_eq!(statuses(&[(0, 5, &sure_e)]), (NeedsConfirmation, Unverified));
    assert_eq!(statuses(&[(0, 20, &rival_m)]), (Unverified, NeedsConfirmation));
    assert_eq!(statuses(&[(0, 20, &[(b'M', 0.6)])]), (Unverified, NeedsConfirmation), "without a rival");
    assert_eq!(statuses(&[(0, 6, &[(b'8', 1.0)])]), (Malformed, Unverified));
    // A doubt about a filler of the separator is a doubt about both.
    let reading = read_with(TD3, &[(0, 13, &[(b'<', 0.7), (b'K', 0.3)])]);
    assert_eq!(reading.primary_identifier.readings, ["ERIKSSON", "ERIKSSONK ANNA MARIA"]);
    assert_eq!(reading.secondary_identifier.readings, ["ANNA MARIA", ""]);
    // Rivals of one identifier do not crowd out those of the other.
    let few = [(b'E', 0.4), (b'F', 0.2), (b'B', 0.2), (b'P', 0.2)];
    let reading = read_with(TD3, &[(0, 5, &few), (0, 20, &[(b'M', 0.9), (b'N', 0.1)])]);
    assert_eq!(reading.primary_identifier.readings.len(), 4);
    assert_eq!(reading.secondary_identifier.readings, ["ANNA MARIA", "ANNA NARIA"]);
}

#[test]
fn a_state_is_completed_only_from_alternatives_that_make_one_code() {
    let text = TD3.replace("UTO7", "UTQ7");
    let reading = read_with(&text, &[(1, 12, &[(b'Q', 0.7), (b'O', 0.3)])]);
    assert_eq!(reading.nationality.as_ref().expect("there").value, "UTO");
    let reading = read(&text);
    assert_eq!(reading.nationality.expect("there").status, MrzFieldStatus::NeedsConfirmation);
    // Both are states: the more probable one stands and both are named.
    let text = TD3.replace("UTO7", "MLI7");
    let reading = read_with(&text, &[(1, 12, &[(b'I', 0.8), (b'T', 0.2)])]);
    let nationality = reading.nationality.expect("there");
    assert_eq!(
        (nationality.status, nationality.readings.join(" ")),
        (MrzFieldStatus::NeedsConfirmation, "MLI MLT".to_owned())
    );
}

#[test]
fn unknown_parts_of_dates_and_unspecified_sex_are_read() {
    let lower = "L898902C36UTO74<<<<";
    let birth = check_digit(*b"74<<<<");
    let mut lower = format!("{lower}{}<1204159ZE184226B<<<<<1", char::from(birth));
    let composite: Vec<u8> =
        lower.bytes().enumerate().filter(|(i, _)| !matches!(i, 10..=12 | 20)).map(|(_, c)| c).collect();
    lower.push(char::from(check_digit(composite)));
    let reading = read(&format!("P<D<<MUSTERMANN<<ERIKA<<<<<<<<<<<<<<<<<<<<<<\n{lower}"));
    assert_eq!(reading.status, MrzStatus::Valid, "{reading:?}");
    assert_eq!(reading.birth_date.value, "1974-XX-XX");
    assert_eq!(reading.sex.value, "X");
    assert_eq!(reading.issuing_state.value, "D");
}

#[test]
fn lines_that_make_no_zone_are_refused() {
    use MrzErrorKind::{Character, LineCount, LineLength};
    let (upper, lower) = TD3.split_once('\n').expect("two lines");
    for (text, kind) in [
        (String::new(), LineCount),
        ("\n".to_owned(), LineLength),
        (upper.to_owned(), LineCount),
        (format!("{upper}\n{lower}\n{lower}"), LineLength),
        (format!("{upper}\n\n{lower}"), LineLength),
        (format!(" {upper}\n{lower}"), Character),
        (format!("{upper}\n{}", lower.to_lowercase()), Character),
        (format!("{upper}\n{lower} "), Character),
        (format!("{upper}\r{lower}"), Character),
        (format!("{}\n{lower}", &upper[1..]), LineLength),
        (format!("{upper}\n{}É", &lower[..43]), Character),
        ("<".repeat(10_000_000), LineLength),
        (format!("{TD1}\n{}", &TD1[..30]), LineCount),
    ] {
        assert_eq!(parse_text(&text, TODAY).expect_err("refused").kind(), kind);
    }
    for text in [format!("{upper}\r\n{lower}\r\n"), format!("{TD3}\n")] {
        assert_eq!(read(&text).status, MrzStatus::Valid);
    }
    let empty = [ReadLine::default(), ReadLine::default()];
    let params = CorrectionParams::default();
    assert_eq!(parse_lines(&empty, TODAY, &params).expect_err("refused").kind(), LineLength);
    let mut blank = glyphs(TD3);
    blank[0].glyphs[7] = Glyph::new([]);
    let error = parse_lines(&blank, TODAY, &params).expect_err("refused");
    assert_eq!((error.kind(), error.line()), (Character, 0));
}

#[test]
fn nothing_personal_is_shown_by_debug_or_in_errors() {
    let mut text = format!("{:?}", read(TD3));
    text.push_str(&format!("{:?}", read(TD3).primary_identifier));
    text.push_str(&parse_text(&TD3.to_lowercase(), TODAY).expect_err("refused").to_string());
    for secret in ["ERIKSSON", "ANNA", "L898902C3", "1974", "740812", "eriksson"] {
        assert!(!text.contains(secret), "{text}");
    }
}

#[test]
fn the_wire_form_is_snake_case_and_comes_back() {
    let reading = read_with(TD3, &[(1, 0, &[(b'L', 0.9), (b'1', 0.1)])]);
    let json = serde_json::to_value(&reading).expect("serialises");
    assert_eq!(json["format"], "td3");
    assert_eq!(json["status"], "needs_confirmation");
    assert_eq!(json["document_number"]["readings"][1], "1898902C3");
    assert_eq!(serde_json::from_value::<MrzReading>(json).expect("comes back"), reading);
}
