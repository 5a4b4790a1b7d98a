//! The person a specimen document is made out to. Every name, place and number is invented.

use super::Kind;
pub use super::date::{Date, Sex};
use super::names::{
    AUTHORITIES, EYES, FEMALE, LONG_GIVEN, LONG_SURNAMES, MALE, NATIONAL_GIVEN, NATIONAL_SURNAMES, NEUTRAL,
    PERMITS, PLACES, STREETS, SURNAMES, VISAS,
};
use crate::random::stream;
use rand::Rng;
use rand::seq::IndexedRandom;

/// What a document says of its holder and of itself.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Holder {
    /// First letters of the zone, one or two, such as `P` or `IR`.
    pub code: &'static str,
    /// Issuing state, up to three letters.
    pub issuer: &'static str,
    /// Nationality, up to three letters.
    pub nationality: &'static str,
    /// Primary identifier.
    pub surname: String,
    /// Secondary identifier; empty for a person of one name.
    pub given_names: String,
    /// Number of the document: letters and digits, over nine of them only on a card of the size TD1.
    pub document_number: String,
    /// Optional data; may be empty.
    pub personal_number: String,
    /// Date of birth; parts of it may be unknown.
    pub birth: Date,
    /// Sex.
    pub sex: Sex,
    /// Place of birth.
    pub birthplace: String,
    /// Date of issue.
    pub issue: Date,
    /// Date of expiry: ten years less a day after the issue, five for cards, one for visas.
    pub expiry: Date,
    /// Issuing authority.
    pub authority: String,
    /// Street and number.
    pub street: String,
    /// Town of the address.
    pub town: String,
    /// Postal code of the address.
    pub postal_code: String,
    /// Height in cm.
    pub height_cm: u16,
    /// Colour of the eyes.
    pub eyes: &'static str,
    /// Number of the passport that a visa belongs to.
    pub passport_number: String,
    /// Kind of a visa or of a permit of residence.
    pub category: &'static str,
    /// Entries that a visa allows.
    pub entries: &'static str,
}

/// Utopia, the state that ICAO invented for specimens (Doc 9303-3, section 5).
pub const UTOPIA: &str = "UTO";

/// Years a specimen is issued in, so that it is valid whenever it is made and expires in the 2030s.
const ISSUE_YEARS: std::ops::RangeInclusive<u16> = 2022..=2024;

/// Shares of the special cases, of one.
const NATIONAL_RATIO: f64 = 0.30;
const LONG_NAME_RATIO: f64 = 0.10;
const ONE_NAME_RATIO: f64 = 0.03;
const LONG_NUMBER_RATIO: f64 = 0.25;
const SHORT_NUMBER_RATIO: f64 = 0.08;
const NO_PERSONAL_NUMBER_RATIO: f64 = 0.35;
const UNKNOWN_DAY_RATIO: f64 = 0.03;
const UNKNOWN_MONTH_RATIO: f64 = 0.02;
const UNKNOWN_BIRTH_RATIO: f64 = 0.005;

/// Letters that cannot be taken for digits.
const LETTERS: &[u8] = b"CFGHJKLMNPRTVWXYZ";

impl Holder {
    /// The holder of the specimen with `seed`, of the given `sex`: an adult citizen of Utopia with a passport
    /// and a name that needs no transliteration.
    pub fn draw(seed: u64, sex: Sex) -> Self {
        let mut rng = stream(seed, "holder");
        let first = match sex {
            Sex::Female => &FEMALE[..],
            Sex::Male => &MALE[..],
            Sex::Unspecified => &NEUTRAL[..],
        };
        let mut pick = |from: &[&str]| from.choose(&mut rng).map_or(String::new(), ToString::to_string);
        let (surname, birthplace, authority) = (pick(&SURNAMES), pick(&PLACES), pick(&AUTHORITIES));
        let (one, other) = (pick(first), pick(first));
        let given_names = if one == other { one } else { format!("{one} {other}") };
        let mut day = |years: std::ops::RangeInclusive<u16>| {
            Date::new(rng.random_range(years), rng.random_range(1..=12), rng.random_range(2..=28))
        };
        let (birth, issue) = (day(1968..=1994), day(ISSUE_YEARS));
        let expiry = Date::new(issue.year + 10, issue.month, issue.day - 1);
        let letter = char::from(*LETTERS.choose(&mut rng).unwrap_or(&b'C'));
        let document_number = format!("{letter}{:08}", rng.random_range(10_000_000..99_999_999_u32));
        let personal_number = format!("{:09}", rng.random_range(100_000_000..999_999_999_u32));
        let mut home = stream(seed, "home");
        let street = STREETS.choose(&mut home).unwrap_or(&"");
        Self {
            code: "P",
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
            street: format!("{} {street}", home.random_range(1..199)),
            town: PLACES.choose(&mut home).map_or(String::new(), ToString::to_string),
            postal_code: format!("{:05}", home.random_range(10_000..99_999_u32)),
            height_cm: home.random_range(152..198),
            eyes: EYES.choose(&mut home).unwrap_or(&"BROWN"),
            passport_number: format!("L{:08}", home.random_range(10_000_000..99_999_999_u32)),
            category: "",
            entries: "MULTIPLE",
        }
    }

    /// The holder of a document of `kind` with `seed`: of any sex, with names that need transliteration or are
    /// too long for the zone, numbers of several lengths and, now and then, a birthday that is not wholly known.
    pub fn varied(seed: u64, kind: Kind) -> Self {
        let mut rng = stream(seed, "variety");
        let sex = match rng.random_range(0..100) {
            0..46 => Sex::Female,
            46..92 => Sex::Male,
            _ => Sex::Unspecified,
        };
        let mut holder = Self::draw(seed, sex);
        holder.vary_name(&mut rng);
        // A driver's birthday is known.
        holder.vary_birth(&mut rng, kind != Kind::LicenceBack);
        holder.document_number = number(&mut rng, kind);
        if rng.random_bool(NO_PERSONAL_NUMBER_RATIO) {
            holder.personal_number.clear();
        }
        let codes: &[&'static str] = match kind {
            Kind::Td3 => &["P", "P", "P", "P", "PP", "PD", "PO"],
            Kind::Td1Front | Kind::Td1Back => &["I", "I", "ID", "C", "AR"],
            Kind::Td2 => &["I", "I", "ID", "A"],
            Kind::Residence | Kind::ResidenceBack => &["IR", "IR", "AR", "C"],
            Kind::MrvA | Kind::MrvB => &["V", "V", "VB", "VS"],
            Kind::LicenceBack => &["D"],
        };
        holder.code = codes.choose(&mut rng).unwrap_or(&"P");
        let mut years = 10;
        if matches!(kind, Kind::Residence | Kind::ResidenceBack) {
            holder.category = PERMITS.choose(&mut rng).unwrap_or(&"");
            // Stateless persons, refugees and the unspecified (Doc 9303-3, section 5).
            holder.nationality =
                ["UTO", "UTO", "UTO", "XXA", "XXB", "XXX"].choose(&mut rng).unwrap_or(&UTOPIA);
            years = 5;
        }
        if matches!(kind, Kind::MrvA | Kind::MrvB) {
            holder.category = VISAS.choose(&mut rng).unwrap_or(&"");
            holder.entries = ["SINGLE", "DOUBLE", "MULTIPLE"].choose(&mut rng).unwrap_or(&"MULTIPLE");
            years = 1;
        }
        let years = if kind == Kind::LicenceBack { 8 } else { years };
        holder.expiry.year = holder.issue.year + years;
        holder
    }

    fn vary_name(&mut self, rng: &mut impl Rng) {
        let mut pick = |from: &[&str]| from.choose(rng).map_or(String::new(), ToString::to_string);
        let (national, other, given) = (pick(&NATIONAL_SURNAMES), pick(&SURNAMES), pick(&NATIONAL_GIVEN));
        let (long, long_given) = (pick(&LONG_SURNAMES), pick(&LONG_GIVEN));
        if rng.random_bool(NATIONAL_RATIO) {
            self.surname = if rng.random_bool(0.25) { format!("{national}-{other}") } else { national };
            if rng.random_bool(0.6) {
                self.given_names = given;
            }
        } else if rng.random_bool(LONG_NAME_RATIO) {
            if rng.random_bool(0.6) {
                self.surname = long;
            }
            self.given_names = long_given;
        } else if rng.random_bool(ONE_NAME_RATIO) {
            self.given_names.clear();
        }
    }

    fn vary_birth(&mut self, rng: &mut impl Rng, may_be_unknown: bool) {
        self.birth.year = rng.random_range(1931..=2006);
        if !may_be_unknown {
            return;
        }
        if rng.random_bool(UNKNOWN_DAY_RATIO) {
            self.birth.day = 0;
        } else if rng.random_bool(UNKNOWN_MONTH_RATIO) {
            self.birth = Date::new(self.birth.year, 0, 0);
        } else if rng.random_bool(UNKNOWN_BIRTH_RATIO) {
            self.birth = Date::new(0, 0, 0);
        }
    }

    /// The adjective or group that stands for the nationality in the visual zone.
    pub fn nationality_shown(&self) -> &'static str {
        match self.nationality {
            "XXA" => "STATELESS",
            "XXB" => "REFUGEE",
            "XXX" => "UNSPECIFIED",
            _ => "UTOPIAN",
        }
    }
}

/// A document number: mostly one letter and eight digits, now and then shorter, or mixed, or with more than the
/// nine places that the zone has for it.
fn number(rng: &mut impl Rng, kind: Kind) -> String {
    let mut text = String::new();
    let length = match kind {
        Kind::Td1Front | Kind::Td1Back | Kind::Residence | Kind::ResidenceBack
            if rng.random_bool(LONG_NUMBER_RATIO) =>
        {
            rng.random_range(10..=14)
        }
        _ if rng.random_bool(SHORT_NUMBER_RATIO) => rng.random_range(6..=8),
        _ => 9,
    };
    let mixed = rng.random_bool(0.35);
    for place in 0..length {
        let is_letter = if mixed { rng.random_bool(0.4) } else { place == 0 };
        if is_letter {
            text.push(char::from(*LETTERS.choose(rng).unwrap_or(&b'C')));
        } else {
            text.push(char::from(b'0' + rng.random_range(0..10_u8)));
        }
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn holders_repeat_by_seed_and_differ_between_seeds() {
        assert_eq!(Holder::draw(4, Sex::Female), Holder::draw(4, Sex::Female));
        assert_ne!(Holder::draw(4, Sex::Female), Holder::draw(5, Sex::Female));
        assert_eq!(Holder::varied(4, Kind::Td2), Holder::varied(4, Kind::Td2));
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

    #[test]
    fn both_sides_of_a_card_are_made_out_to_the_same_person() {
        for seed in 0..50 {
            assert_eq!(Holder::varied(seed, Kind::Td1Front), Holder::varied(seed, Kind::Td1Back));
        }
    }

    #[test]
    fn every_special_case_comes_up() {
        let holders: Vec<Holder> = (0..600).map(|seed| Holder::varied(seed, Kind::Td1Back)).collect();
        let any = |case: fn(&Holder) -> bool| assert!(holders.iter().any(case));
        any(|h| h.sex == Sex::Unspecified);
        any(|h| h.sex == Sex::Female);
        any(|h| h.sex == Sex::Male);
        any(|h| h.document_number.len() > 9);
        any(|h| h.document_number.len() < 9);
        any(|h| h.personal_number.is_empty());
        any(|h| h.given_names.is_empty());
        any(|h| !h.surname.is_ascii());
        any(|h| h.surname.len() + h.given_names.len() > 30);
        any(|h| h.birth.day == 0 && h.birth.month != 0);
        any(|h| h.birth.month == 0 && h.birth.year != 0);
        any(|h| h.birth.year == 0);
    }
}
