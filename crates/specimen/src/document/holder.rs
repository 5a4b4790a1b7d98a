//! The person a specimen document is made out to. Every name, place and number is invented.

use crate::random::stream;
use rand::Rng;
use rand::seq::IndexedRandom;
use std::fmt;

/// A date of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// Year, such as 1974.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day, 1 to 31.
    pub day: u8,
}

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

impl Date {
    /// The date of `year`, `month` and `day`.
    pub const fn new(year: u16, month: u8, day: u8) -> Self {
        Self { year, month, day }
    }

    /// `YYMMDD`, as in the machine-readable zone.
    pub fn mrz(self) -> String {
        format!("{:02}{:02}{:02}", self.year % 100, self.month, self.day)
    }
}

/// `12 AUG 1974`, as in the visual zone.
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let month = MONTHS.get(usize::from(self.month).saturating_sub(1)).unwrap_or(&"---");
        write!(f, "{:02} {month} {}", self.day, self.year)
    }
}

/// Sex as a travel document states it.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sex {
    /// F.
    Female,
    /// M.
    Male,
    /// X in the visual zone, a filler in the machine-readable zone.
    Unspecified,
}

impl Sex {
    /// The letter in the visual zone.
    pub const fn letter(self) -> &'static str {
        match self {
            Self::Female => "F",
            Self::Male => "M",
            Self::Unspecified => "X",
        }
    }
}

/// What a document says of its holder and of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// Issuing state, three letters.
    pub issuer: &'static str,
    /// Nationality, three letters.
    pub nationality: &'static str,
    /// Primary identifier.
    pub surname: String,
    /// Secondary identifier.
    pub given_names: String,
    /// Number of the document, at most nine letters and digits.
    pub document_number: String,
    /// Optional data; may be empty.
    pub personal_number: String,
    /// Date of birth.
    pub birth: Date,
    /// Sex.
    pub sex: Sex,
    /// Place of birth.
    pub birthplace: String,
    /// Date of issue.
    pub issue: Date,
    /// Date of expiry: ten years less a day after the issue.
    pub expiry: Date,
    /// Issuing authority.
    pub authority: String,
}

/// Utopia, the state that ICAO invented for specimens (Doc 9303-3, section 5).
pub const UTOPIA: &str = "UTO";

/// Years a specimen is issued in, so that it is valid whenever it is made and expires in the 2030s.
const ISSUE_YEARS: std::ops::RangeInclusive<u16> = 2022..=2024;

const SURNAMES: [&str; 16] = [
    "Amaranth",
    "Bellweather",
    "Corvane",
    "Dunmarrow",
    "Eldergrove",
    "Fennimore",
    "Glasswright",
    "Hollander",
    "Ingelby",
    "Larkspur",
    "Marchbanks",
    "Nightingale",
    "Orsova",
    "Quillan",
    "Silverstrand",
    "Thornquist",
];
const FEMALE: [&str; 10] =
    ["Ada", "Clara", "Edith", "Helena", "Iris", "Livia", "Mira", "Nora", "Thea", "Vera"];
const MALE: [&str; 10] =
    ["Anton", "Bruno", "Edgar", "Felix", "Hugo", "Jasper", "Linus", "Oscar", "Ruben", "Viktor"];
const NEUTRAL: [&str; 6] = ["Alex", "Kim", "Noa", "Robin", "Sasha", "Toni"];
const PLACES: [&str; 8] =
    ["Amaurot", "Zenith", "Port Anyder", "New Harmony", "Halcyon Bay", "Upper Concord", "Lacuna", "Everland"];
const OFFICES: [&str; 4] = ["Travel Office", "Registry Zenith", "Amaurot Office", "Ministry of Travel"];

impl Holder {
    /// The holder of the specimen with `seed`, of the given `sex`: an adult citizen of Utopia.
    pub fn draw(seed: u64, sex: Sex) -> Self {
        let mut rng = stream(seed, "holder");
        let first = match sex {
            Sex::Female => &FEMALE[..],
            Sex::Male => &MALE[..],
            Sex::Unspecified => &NEUTRAL[..],
        };
        let mut pick = |from: &[&str]| from.choose(&mut rng).map_or(String::new(), ToString::to_string);
        let (surname, birthplace, authority) = (pick(&SURNAMES), pick(&PLACES), pick(&OFFICES));
        let (one, other) = (pick(first), pick(first));
        let given_names = if one == other { one } else { format!("{one} {other}") };
        let mut day = |years: std::ops::RangeInclusive<u16>| {
            Date::new(rng.random_range(years), rng.random_range(1..=12), rng.random_range(2..=28))
        };
        let (birth, issue) = (day(1968..=1994), day(ISSUE_YEARS));
        let expiry = Date::new(issue.year + 10, issue.month, issue.day - 1);
        // Letters that cannot be taken for digits.
        let letters: Vec<char> = "CFGHJKLMNPRTVWXYZ".chars().collect();
        let letter = *letters.choose(&mut rng).unwrap_or(&'C');
        let document_number = format!("{letter}{:08}", rng.random_range(10_000_000..99_999_999_u32));
        let personal_number = format!("{:09}", rng.random_range(100_000_000..999_999_999_u32));
        Self {
            issuer: UTOPIA,
            nationality: UTOPIA,
            surname,
            given_names,
            document_number,
            personal_number,
            birth,
            sex,
            birthplace,
            issue,
            expiry,
            authority,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holders_repeat_by_seed_and_differ_between_seeds() {
        assert_eq!(Holder::draw(4, Sex::Female), Holder::draw(4, Sex::Female));
        assert_ne!(Holder::draw(4, Sex::Female), Holder::draw(5, Sex::Female));
    }

    #[test]
    fn documents_are_valid_for_ten_years_less_a_day() {
        for seed in 0..50 {
            let holder = Holder::draw(seed, Sex::Male);
            assert_eq!(holder.expiry.year, holder.issue.year + 10);
            assert_eq!(holder.expiry.day, holder.issue.day - 1);
            assert!(holder.birth < holder.issue);
        }
    }
}
