//! The machine-readable zone (ICAO Doc 9303). In: lines of text, or of glyphs with their alternatives. Out: a
//! [`MrzReading`] with a status for each field. Rule: a character changes only where the recogniser's own
//! alternatives allow it and the format demands it; a check digit confirms or refuses a reading and never picks one.
//!
//! lines -> [`Zone`] (layout found, format applied) -> statuses -> reading.

mod ambiguity;
mod check;
mod codes;
mod correct;
mod date;
pub mod decode;
mod error;
mod glyph;
mod layout;
pub mod line;
pub mod locate;
mod name;
mod name_doubt;
mod reader;
mod reading;
pub mod strip;
pub mod transliterate;
mod zone;

pub use check::{BLIND_PAIRS, FILLER, check_digit, indistinguishable};
pub use codes::is_state;
pub use correct::CorrectionParams;
pub use error::{MrzError, MrzErrorKind};
pub use glyph::{ALTERNATIVES, Glyph, ReadLine};
pub use reader::MrzReader;
pub use zone::Zone;

use idv_protocol::reading::{CalendarDate, MrzReading};

/// Reads a zone that is given as text: two or three lines, ended by LF or CRLF. A line end after the last line
/// is allowed, nothing else is: no space, no lower case. `today` settles the centuries. Text carries no doubt,
/// so that no field of it is `needs_confirmation` for a rival reading.
///
/// ```
/// # use idv_vision::reading::mrz::parse_text;
/// # use idv_protocol::reading::{CalendarDate, MrzStatus};
/// let text = "P<UTOERIKSSON<<ANNA<MARIA<<<<<<<<<<<<<<<<<<<\nL898902C36UTO7408122F1204159ZE184226B<<<<<10";
/// let reading = parse_text(text, CalendarDate::new(2026, 1, 31)).unwrap();
/// assert_eq!(reading.status, MrzStatus::Valid);
/// assert_eq!(reading.birth_date.value, "1974-08-12");
/// ```
pub fn parse_text(text: &str, today: CalendarDate) -> Result<MrzReading, MrzError> {
    Ok(Zone::from_text(text)?.reading(today))
}

/// Reads a zone that was recognised: lines of glyphs, each with its alternatives. `today` settles the centuries.
pub fn parse_lines(
    lines: &[ReadLine],
    today: CalendarDate,
    params: &CorrectionParams,
) -> Result<MrzReading, MrzError> {
    Ok(Zone::from_lines(lines, params)?.reading(today))
}

#[cfg(test)]
mod tests;
