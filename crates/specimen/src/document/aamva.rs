//! What the barcode of a driving licence says (AAMVA DL/ID card design standard, 2020, annex D).

use super::holder::{Holder, Sex};
use super::mrz::transliterate;
use crate::random::stream;
use rand::Rng;
use std::fmt::Write;

/// Compliance indicator, data element separator, record separator and segment terminator.
const OPENING: &str = "@\n\u{1e}\rANSI ";
/// Number of the issuer: none that AAMVA has given to anyone.
const ISSUER: &str = "999999";
/// Version of the standard (2020), and of the issuer's own.
const VERSIONS: &str = "1000";
/// Length of the header with one subfile designator.
const HEADER_LENGTH: usize = 31;

/// Share of licences of Canada, whose dates have another order.
const CANADA_RATIO: f64 = 0.25;

/// The states whose licences are made, by the codes that their barcodes have (ISO 3166-1 alpha-3).
pub const STATES: [&str; 2] = [USA, CANADA];
const USA: &str = "USA";
const CANADA: &str = "CAN";

/// The state of the licence with `seed`: one of [`STATES`].
pub fn state(seed: u64) -> &'static str {
    state_drawn(&mut stream(seed, "licence"))
}

fn state_drawn(rng: &mut impl Rng) -> &'static str {
    if rng.random_bool(CANADA_RATIO) { CANADA } else { USA }
}

/// The text of the barcode for `holder`: header, one designator and the subfile `DL`.
pub fn payload(holder: &Holder, seed: u64) -> String {
    let mut rng = stream(seed, "licence");
    let state = state_drawn(&mut rng);
    let canada = state == CANADA;
    let date = |date: super::holder::Date| if canada { date.aamva_canada() } else { date.aamva() };
    let (first, middle) = holder.given_names.split_once(' ').unwrap_or((&holder.given_names, ""));
    let cut = |text: &str, most: usize| {
        let plain: String = transliterate(text).replace('<', " ").chars().take(most).collect();
        if plain.is_empty() { "NONE".to_owned() } else { plain }
    };
    // The marks of truncation: N for a name that is whole, T for one that is cut.
    let truncated = |text: &str| if transliterate(text).len() > 40 { "T" } else { "N" };
    let sex = match holder.sex {
        Sex::Male => "1",
        Sex::Female => "2",
        Sex::Unspecified => "9",
    };
    let eyes = match holder.eyes {
        "BLUE" => "BLU",
        "GREEN" => "GRN",
        "GREY" => "GRY",
        "HAZEL" => "HAZ",
        _ => "BRO",
    };
    let height = if canada {
        format!("{:03} cm", holder.height_cm)
    } else {
        format!("{:03} in", (f32::from(holder.height_cm) / 2.54).round() as u16)
    };
    let region = if canada { "UC" } else { "UT" };
    let elements: [(&str, String); 24] = [
        ("DAQ", holder.document_number.clone()),
        ("DCS", cut(&holder.surname, 40)),
        ("DDE", truncated(&holder.surname).into()),
        ("DAC", cut(first, 40)),
        ("DDF", truncated(first).into()),
        ("DAD", cut(middle, 40)),
        ("DDG", truncated(middle).into()),
        ("DCA", "C".into()),
        ("DCB", "B".into()),
        ("DCD", "NONE".into()),
        ("DBD", date(holder.issue)),
        ("DBB", date(holder.birth)),
        ("DBA", date(holder.expiry)),
        ("DBC", sex.into()),
        ("DAU", height),
        ("DAY", eyes.into()),
        ("DAG", cut(&holder.street, 35)),
        ("DAI", cut(&holder.town, 20)),
        ("DAJ", region.into()),
        ("DAK", format!("{:<11}", format!("{}0000", holder.postal_code))),
        ("DCF", format!("SPECIMEN{:08}", rng.random_range(0..99_999_999_u32))),
        ("DCG", state.into()),
        ("DDA", "N".into()),
        ("DDB", date(holder.issue)),
    ];
    let mut subfile = String::from("DL");
    for (index, (element, value)) in elements.iter().enumerate() {
        let end = if index + 1 == elements.len() { '\r' } else { '\n' };
        // Writing into a string cannot fail.
        let _ = write!(subfile, "{element}{value}{end}");
    }
    format!("{OPENING}{ISSUER}{VERSIONS}01DL{HEADER_LENGTH:04}{:04}{subfile}", subfile.len())
}

#[cfg(test)]
mod tests {
    use super::super::Kind;
    use super::*;

    #[test]
    fn the_designator_points_at_the_subfile_and_says_its_length() {
        for seed in 0..100 {
            let text = payload(&Holder::varied(seed, Kind::LicenceBack), seed);
            assert!(text.is_ascii());
            let offset: usize = text[23..27].parse().expect("an offset");
            let length: usize = text[27..31].parse().expect("a length");
            assert!(text[offset..].starts_with("DLDAQ"), "{text:?}");
            assert_eq!(offset + length, text.len());
            assert!(text.ends_with('\r'));
            assert!(text.contains(&format!("\nDCG{}\n", state(seed))), "{text:?}");
        }
    }
}
