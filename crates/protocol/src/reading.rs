//! What a machine-readable zone says (ICAO Doc 9303), field by field. All of it is personal data: no `Debug`
//! shows a character of it.

use serde::{Deserialize, Serialize};
use std::fmt;

/// A day of the Gregorian calendar.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct CalendarDate {
    /// Year, such as 1974.
    pub year: u16,
    /// Month, 1 to 12.
    pub month: u8,
    /// Day, 1 to 31.
    pub day: u8,
}

impl CalendarDate {
    /// The date of `year`, `month` and `day`, unchecked.
    pub const fn new(year: u16, month: u8, day: u8) -> Self {
        Self { year, month, day }
    }

    /// The day in UTC of a time in ms since 1970. Years beyond 9999 count as 9999.
    pub fn of_unix_ms(unix_ms: u64) -> Self {
        const DAYS_OF_400_YEARS: u64 = 146_097;
        // Counted from the first of March of the year 0, so that the leap day is a year's last.
        let days = unix_ms / 86_400_000 + 719_468;
        let (era, day_of_era) = (days / DAYS_OF_400_YEARS, days % DAYS_OF_400_YEARS);
        let year_of_era =
            (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
        let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
        let from_march = (5 * day_of_year + 2) / 153;
        let day = day_of_year - (153 * from_march + 2) / 5 + 1;
        let month = if from_march < 10 { from_march + 3 } else { from_march - 9 };
        let year = era * 400 + year_of_era + u64::from(month <= 2);
        Self { year: year.min(9_999) as u16, month: month as u8, day: day as u8 }
    }
}

/// Layout of a zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
#[non_exhaustive]
pub enum MrzFormat {
    /// Card, three lines of 30 (Doc 9303-5).
    Td1,
    /// Larger card, two lines of 36 (Doc 9303-6).
    Td2,
    /// Passport, two lines of 44 (Doc 9303-4).
    Td3,
    /// Visa, two lines of 44 (Doc 9303-7).
    MrvA,
    /// Small visa, two lines of 36 (Doc 9303-7).
    MrvB,
    /// French national identity card of 1988 to 2021, two lines of 36 in a layout of its own.
    FraId,
}

/// How far a zone can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MrzStatus {
    /// Every checked field holds and nothing rests on an unresolved ambiguity. Fields that no check digit
    /// covers stay `unverified`.
    Valid,
    /// Nothing contradicts the check digits, but a field has more than one reading, or one to be looked at.
    NeedsConfirmation,
    /// A check digit fails, or a field holds what its format does not allow.
    Invalid,
}

/// How far one field can be trusted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
#[serde(rename_all = "snake_case")]
pub enum MrzFieldStatus {
    /// A check digit covers it and holds, and no other reading of it would hold as well.
    Valid,
    /// No check digit covers it, or only the composite one, which fails; its characters were read with
    /// certainty.
    Unverified,
    /// Read with a doubt that no check digit settles: see [`MrzField::readings`].
    NeedsConfirmation,
    /// Its check digit fails.
    InvalidCheck,
    /// It holds what its format does not allow, such as a month 13.
    Malformed,
}

/// Where a field stands. Lines and columns count from 0.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MrzPosition {
    /// Line.
    pub line: u8,
    /// Column of the first character.
    pub column: u8,
    /// Characters.
    pub length: u8,
}

/// A field. `Debug` shows its status and place only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MrzField {
    /// The value without fillers. Names have a space for a filler; dates stand as `1974-08-12` with `XX` for
    /// an unknown part (ISO 8601-2); sex is `F`, `M` or `X` for unspecified. Empty when the field is empty or
    /// malformed.
    pub value: String,
    /// The characters as they stand in the zone, fillers included.
    pub raw: String,
    /// How far it can be trusted.
    pub status: MrzFieldStatus,
    /// With `needs_confirmation`: the values that are possible, most probable first.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub readings: Vec<String>,
    /// Where it stands.
    pub position: MrzPosition,
}

impl fmt::Debug for MrzField {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MrzField")
            .field("status", &self.status)
            .field("position", &self.position)
            .finish_non_exhaustive()
    }
}

/// A character that the recogniser put lower than another, but that the format demands. `Debug` shows its
/// place only.
#[derive(Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MrzCorrection {
    /// Line, from 0.
    pub line: u8,
    /// Column, from 0.
    pub column: u8,
    /// What the recogniser took it for.
    pub from: char,
    /// What stands in the reading.
    pub to: char,
}

impl fmt::Debug for MrzCorrection {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("MrzCorrection")
            .field("line", &self.line)
            .field("column", &self.column)
            .finish_non_exhaustive()
    }
}

/// What a zone says. `Debug` shows format and statuses only.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct MrzReading {
    /// Layout.
    pub format: MrzFormat,
    /// How far it can be trusted as a whole.
    pub status: MrzStatus,
    /// The lines, corrections included.
    pub lines: Vec<String>,
    /// Kind of document, one or two letters.
    pub document_code: MrzField,
    /// Issuing state or organisation (Doc 9303-3, section 5).
    pub issuing_state: MrzField,
    /// Primary identifier: the surname in most states.
    pub primary_identifier: MrzField,
    /// Secondary identifier: the given names in most states; empty when there is none.
    pub secondary_identifier: MrzField,
    /// True when the names fill their field to its end, as names do that were cut off.
    pub names_may_be_truncated: bool,
    /// Number of the document; on cards longer than nine characters where it runs on into the optional data.
    pub document_number: MrzField,
    /// Nationality; the French card has none.
    pub nationality: Option<MrzField>,
    /// Date of birth, never in the future.
    pub birth_date: MrzField,
    /// Sex.
    pub sex: MrzField,
    /// Date of expiry; the French card has none.
    pub expiry_date: Option<MrzField>,
    /// Optional data, in the order of the zone.
    pub optional_data: Vec<MrzField>,
    /// Whether the composite check digit holds; visas have none.
    pub composite_valid: Option<bool>,
    /// Characters that the format decided against the recogniser's first choice.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub corrections: Vec<MrzCorrection>,
}

impl MrzReading {
    /// The fields with their names as on the wire, in the order of this type.
    pub fn fields(&self) -> impl Iterator<Item = (&'static str, &MrzField)> {
        [
            Some(("document_code", &self.document_code)),
            Some(("issuing_state", &self.issuing_state)),
            Some(("primary_identifier", &self.primary_identifier)),
            Some(("secondary_identifier", &self.secondary_identifier)),
            Some(("document_number", &self.document_number)),
            self.nationality.as_ref().map(|field| ("nationality", field)),
            Some(("birth_date", &self.birth_date)),
            Some(("sex", &self.sex)),
            self.expiry_date.as_ref().map(|field| ("expiry_date", field)),
        ]
        .into_iter()
        .flatten()
        .chain(self.optional_data.iter().map(|field| ("optional_data", field)))
    }
}

impl fmt::Debug for MrzReading {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let mut debug = f.debug_struct("MrzReading");
        debug.field("format", &self.format).field("status", &self.status);
        for (name, field) in self.fields() {
            debug.field(name, &field.status);
        }
        debug.field("composite_valid", &self.composite_valid).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_has_its_day() {
        let day_ms = 86_400_000;
        for (days, year, month, day) in [
            (0, 1970, 1, 1),
            (58, 1970, 2, 28),
            (59, 1970, 3, 1),
            (11_016, 2000, 2, 29),
            (11_017, 2000, 3, 1),
            (20_778, 2026, 11, 21),
            (47_540, 2100, 2, 28),
            (47_541, 2100, 3, 1),
        ] {
            let expected = CalendarDate::new(year, month, day);
            assert_eq!(CalendarDate::of_unix_ms(days * day_ms), expected);
            assert_eq!(CalendarDate::of_unix_ms(days * day_ms + day_ms - 1), expected);
        }
    }
}
