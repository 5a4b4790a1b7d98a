//! The text of a North American driving licence's or identity card's barcode (AAMVA DL/ID card design standard,
//! annex D, versions 1 of 2000 to 10 of 2020). In: the text of a PDF417 code. Out: [`LicenceReading`]. Rule: a
//! value that the standard does not allow is named as malformed and left out, never guessed.

mod date;
mod elements;
mod header;

use crate::error::{Error, ErrorKind};
use elements::Elements;
use header::Header;
use idv_protocol::barcode::LicenceReading;

/// Most characters that a PDF417 code holds: 1850 of text, 2710 digits (ISO/IEC 15438, 5.1).
pub const MAX_LENGTH: usize = 2710;

/// Reads `text`. Fails with [`ErrorKind::TextTooLong`], [`ErrorKind::NotAamva`], [`ErrorKind::BadHeader`],
/// [`ErrorKind::UnsupportedVersion`], [`ErrorKind::NoSubfile`] or [`ErrorKind::EmptySubfile`].
pub fn parse(text: &str) -> Result<LicenceReading, Error> {
    if text.len() > 4 * MAX_LENGTH || text.chars().count() > MAX_LENGTH {
        return Err(ErrorKind::TextTooLong.into());
    }
    let header = Header::parse(text)?;
    let (kind, body) = header.subfile(text)?;
    let elements = Elements::of(body, header.separator, header.terminator);
    if elements.is_empty() {
        return Err(ErrorKind::EmptySubfile.into());
    }
    Ok(elements.reading(kind, &header))
}

#[cfg(test)]
mod tests;
