//! Dates and sexes as travel documents write them.

use std::fmt;

/// A date of the Gregorian calendar whose day, month or year may be unknown.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Date {
    /// Year, such as 1974; 0 where it is unknown.
    pub year: u16,
    /// Month, 1 to 12; 0 where it is unknown.
    pub month: u8,
    /// Day, 1 to 31; 0 where it is unknown.
    pub day: u8,
}

const MONTHS: [&str; 12] =
    ["JAN", "FEB", "MAR", "APR", "MAY", "JUN", "JUL", "AUG", "SEP", "OCT", "NOV", "DEC"];

impl Date {
    /// The date of `year`, `month` and `day`; 0 for a part that is unknown.
    pub const fn new(year: u16, month: u8, day: u8) -> Self {
        Self { year, month, day }
    }

    /// `YYMMDD`, as in the machine-readable zone; an unknown part is `<<` (Doc 9303-3, 4.8).
    pub fn mrz(self) -> String {
        let part = |known: bool, value: u16| {
            if known { format!("{value:02}") } else { "<<".to_owned() }
        };
        let year = part(self.year > 0, self.year % 100);
        let month = part(self.month > 0, u16::from(self.month));
        year + &month + &part(self.day > 0, u16::from(self.day))
    }

    /// `MMDDYYYY`, as the barcode of a licence of the United States has it.
    pub fn aamva(self) -> String {
        format!("{:02}{:02}{:04}", self.month, self.day, self.year)
    }

    /// `CCYYMMDD`, as the barcode of a licence of Canada has it.
    pub fn aamva_canada(self) -> String {
        format!("{:04}{:02}{:02}", self.year, self.month, self.day)
    }

    /// `YYYY-MM-DD`; an unknown part is left out from the end, or `XX` inside.
    pub fn iso(self) -> String {
        match (self.year, self.month, self.day) {
            (0, 0, 0) => String::new(),
            (year, 0, 0) => format!("{year:04}"),
            (year, month, 0) => format!("{year:04}-{month:02}"),
            (year, 0, day) => format!("{year:04}-XX-{day:02}"),
            (year, month, day) => format!("{year:04}-{month:02}-{day:02}"),
        }
    }
}

/// `12 AUG 1974`, as in the visual zone; an unknown part is written with X (Doc 9303-3, 3.8).
impl fmt::Display for Date {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let month = MONTHS.get(usize::from(self.month).wrapping_sub(1)).unwrap_or(&"XXX");
        match self.day {
            0 => write!(f, "XX {month} ")?,
            day => write!(f, "{day:02} {month} ")?,
        }
        if self.year == 0 { f.write_str("XXXX") } else { write!(f, "{}", self.year) }
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

    /// The letter in the machine-readable zone.
    pub const fn mrz(self) -> char {
        match self {
            Self::Female => 'F',
            Self::Male => 'M',
            Self::Unspecified => '<',
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_unknown_part_is_a_filler_in_the_zone_and_an_x_for_the_eye() {
        for (date, mrz, seen, iso) in [
            (Date::new(1974, 8, 12), "740812", "12 AUG 1974", "1974-08-12"),
            (Date::new(1974, 8, 0), "7408<<", "XX AUG 1974", "1974-08"),
            (Date::new(1974, 0, 0), "74<<<<", "XX XXX 1974", "1974"),
            (Date::new(0, 0, 0), "<<<<<<", "XX XXX XXXX", ""),
        ] {
            assert_eq!(date.mrz(), mrz);
            assert_eq!(date.to_string(), seen);
            assert_eq!(date.iso(), iso);
        }
    }
}
