//! The elements of a subfile: three letters and a value each.

use super::date::{self, Order};
use super::header::Header;
use idv_protocol::barcode::{LicenceKind, LicenceReading};
use std::collections::BTreeMap;

/// Values that stand for none (AAMVA DL/ID, annex D.12.3: NONE, "unavl" for unavailable).
const NO_VALUE: [&str; 5] = ["NONE", "UNAVL", "UNAVAIL", "UNAVAILABLE", "N/A"];

/// Most elements that are kept: the standard knows about eighty.
const MOST_ELEMENTS: usize = 120;

/// Heights in cm that a person can have.
const HEIGHTS_CM: std::ops::RangeInclusive<f32> = 50.0..=260.0;

/// Inches to cm.
const INCH_CM: f32 = 2.54;

/// The elements of one subfile, by their letters; of an element that comes twice the first.
pub(super) struct Elements<'a>(BTreeMap<&'a str, &'a str>);

impl<'a> Elements<'a> {
    /// The elements of `body`, which `terminator` ends and `separator` divides.
    pub fn of(body: &'a str, separator: char, terminator: char) -> Self {
        let own = body.split(terminator).next().unwrap_or_default();
        let mut elements = BTreeMap::new();
        for line in own.split(separator).take(MOST_ELEMENTS) {
            let Some((name, value)) = line.split_at_checked(3) else { continue };
            if name.bytes().all(|b| b.is_ascii_uppercase()) {
                elements.entry(name).or_insert(value);
            }
        }
        Self(elements)
    }

    /// Whether there is none.
    pub fn is_empty(&self) -> bool {
        self.0.is_empty()
    }

    /// The value of the first of `names` that is there and says something.
    fn value(&self, names: &[&str]) -> Option<&'a str> {
        names.iter().find_map(|name| {
            let value = self.0.get(name)?.trim();
            let says_nothing =
                value.is_empty() || NO_VALUE.iter().any(|none| value.eq_ignore_ascii_case(none));
            (!says_nothing).then_some(value)
        })
    }

    fn text(&self, names: &[&str]) -> Option<String> {
        self.value(names).map(str::to_owned)
    }

    /// All that is known of these elements.
    pub fn reading(&self, kind: LicenceKind, header: &Header) -> LicenceReading {
        let mut malformed = Vec::new();
        let country = self.text(&["DCG"]);
        let year_first = header.rules() == 1 || country.as_deref() == Some("CAN");
        let order = if year_first { Order::YearFirst } else { Order::MonthFirst };
        let mut date = |name: &str| {
            let value = self.value(&[name])?;
            let parsed = date::parse(value, order);
            if parsed.is_none() {
                malformed.push(name.to_owned());
            }
            parsed
        };
        let (birth_date, issue_date, expiry_date) = (date("DBB"), date("DBD"), date("DBA"));
        let mut checked = |name: &str, parsed: fn(&str) -> Option<String>| {
            let value = self.value(&[name])?;
            let parsed = parsed(value);
            if parsed.is_none() {
                malformed.push(name.to_owned());
            }
            parsed
        };
        let sex = checked("DBC", sex);
        let height_cm = checked("DAU", height)
            .or_else(|| checked("DAV", |text| centimetres(text.parse().ok()?)))
            .and_then(|text| text.parse().ok());
        let (surname, given_names) = self.names();
        let is_cut = |name: &str| self.value(&[name]).is_some_and(|mark| mark.eq_ignore_ascii_case("T"));
        LicenceReading {
            kind,
            issuer_number: header.issuer_number.clone(),
            version: header.version,
            document_number: self.text(&["DAQ"]),
            surname,
            given_names,
            names_are_truncated: ["DDE", "DDF", "DDG"].into_iter().any(is_cut),
            birth_date,
            issue_date,
            expiry_date,
            sex,
            height_cm,
            eyes: self.text(&["DAY"]),
            street: self.text(&["DAG", "DAL"]),
            town: self.text(&["DAI", "DAN"]),
            region: self.text(&["DAJ", "DAO"]),
            postal_code: self.value(&["DAK", "DAP"]).map(postal_code),
            country,
            vehicle_class: self.text(&["DCA", "DAR"]),
            malformed,
        }
    }

    /// Family name and given names, which versions 1, 2 to 3 and 4 onwards write differently.
    fn names(&self) -> (Option<String>, Option<String>) {
        let surname = self.text(&["DCS", "DAB"]);
        let given = match (self.value(&["DAC"]), self.value(&["DAD"])) {
            (Some(first), Some(middle)) => Some(format!("{} {}", spaced(first), spaced(middle))),
            (Some(first), None) => Some(spaced(first)),
            (None, _) => self.value(&["DCT"]).map(spaced),
        };
        if surname.is_some() || given.is_some() {
            return (surname, given);
        }
        // Version 1 may have the whole name in one element: family name, first name, middle name.
        let Some(whole) = self.value(&["DAA"]) else { return (None, None) };
        let (surname, rest) = whole.split_once(',').unwrap_or((whole, ""));
        let rest = spaced(rest);
        (Some(surname.trim().to_owned()), (!rest.is_empty()).then_some(rest))
    }
}

/// Names with single spaces where commas or spaces divide them.
fn spaced(text: &str) -> String {
    text.split([',', ' ']).filter(|part| !part.is_empty()).collect::<Vec<_>>().join(" ")
}

/// `F`, `M` or `X` of the digits of ANSI D20 or the letters of version 1.
fn sex(text: &str) -> Option<String> {
    let letter = match text {
        "1" | "M" => "M",
        "2" | "F" => "F",
        "0" | "9" | "X" | "U" => "X",
        _ => return None,
    };
    Some(letter.to_owned())
}

/// Height in whole cm: `178 cm`, `070 in`, or feet and inches as `510`.
fn height(text: &str) -> Option<String> {
    let (number, unit) = text.split_at(text.find(|c: char| !c.is_ascii_digit()).unwrap_or(text.len()));
    let value: f32 = number.parse().ok()?;
    match unit.trim().to_ascii_lowercase().as_str() {
        "cm" => centimetres(value),
        "in" => centimetres(value * INCH_CM),
        "" if number.len() == 3 && value % 100.0 < 12.0 => {
            centimetres(((value / 100.0).trunc() * 12.0 + value % 100.0) * INCH_CM)
        }
        _ => None,
    }
}

fn centimetres(value: f32) -> Option<String> {
    HEIGHTS_CM.contains(&value).then(|| format!("{value:.0}"))
}

/// A postal code without its padding: of nine digits the last four are left out where they are zeros.
fn postal_code(text: &str) -> String {
    match text.strip_suffix("0000") {
        Some(five) if five.len() == 5 && five.bytes().all(|b| b.is_ascii_digit()) => five.to_owned(),
        _ => text.to_owned(),
    }
}
