//! The structure of a PNG (W3C PNG, section 5).

use super::probe::{Format, Probe};
use idv_protocol::{FileProblem, Size};

/// The signature.
pub(super) const MAGIC: [u8; 8] = *b"\x89PNG\r\n\x1a\n";

/// Length and checksum around a chunk's type and data.
const LENGTH_BYTES: usize = 4;
const TYPE_BYTES: usize = 4;
const CHECKSUM_BYTES: usize = 4;

/// Reads through the chunks up to the end chunk.
pub(super) fn probe(bytes: &[u8]) -> Result<Probe, FileProblem> {
    let mut at = MAGIC.len();
    let Some((b"IHDR", header)) = chunk(bytes, &mut at) else { return Err(FileProblem::Damaged) };
    let &[w3, w2, w1, w0, h3, h2, h1, h0, ..] = header else { return Err(FileProblem::Damaged) };
    let (width, height) = (u32::from_be_bytes([w3, w2, w1, w0]), u32::from_be_bytes([h3, h2, h1, h0]));
    if width == 0 || height == 0 {
        return Err(FileProblem::Damaged);
    }
    let is_whole = loop {
        match chunk(bytes, &mut at) {
            None => break false,
            Some((b"IEND", _)) => break true,
            Some((b"acTL", _)) => return Err(FileProblem::Animated),
            Some(_) => {}
        }
    };
    Ok(Probe { format: Format::Png, size: Size { width, height }, is_whole })
}

/// Type and data of the chunk at `at`, which moves behind it; nothing where the file ends before.
fn chunk<'a>(bytes: &'a [u8], at: &mut usize) -> Option<(&'a [u8; 4], &'a [u8])> {
    let (length, rest) = bytes.get(*at..)?.split_first_chunk::<LENGTH_BYTES>()?;
    let (kind, rest) = rest.split_first_chunk::<TYPE_BYTES>()?;
    let length = usize::try_from(u32::from_be_bytes(*length)).ok()?;
    let data = rest.get(..length)?;
    rest.get(length..length.checked_add(CHECKSUM_BYTES)?)?;
    *at += LENGTH_BYTES + TYPE_BYTES + length + CHECKSUM_BYTES;
    Some((kind, data))
}
