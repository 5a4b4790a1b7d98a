//! What a file is and how large, from its bytes alone.

use super::{jpeg, png};
use idv_protocol::{FileProblem, Size};

/// A format that is decoded.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::frame) enum Format {
    /// JPEG: baseline, extended sequential or progressive, 8 bits.
    Jpeg,
    /// PNG.
    Png,
}

/// What the structure of a file says.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(in crate::frame) struct Probe {
    pub format: Format,
    /// Width and height in px, each at least 1.
    pub size: Size,
    /// Whether the file goes on to its end mark.
    pub is_whole: bool,
}

/// Bytes within which a PDF says that it is one (ISO 32000-1, annex H, 3.4.1).
const PDF_HEADER_WITHIN: usize = 1024;

/// Brands of the HEIF family (ISO/IEC 23008-12, AV1 Image File Format): pictures as phones keep them.
const HEIF_BRANDS: [&[u8; 4]; 12] = [
    b"heic", b"heix", b"heim", b"heis", b"hevc", b"hevx", b"hevm", b"hevs", b"mif1", b"msf1", b"avif",
    b"avis",
];

/// Reads the format and the size of a JPEG or PNG; says which problem anything else is. Allocates nothing.
pub(in crate::frame) fn probe(bytes: &[u8]) -> Result<Probe, FileProblem> {
    if bytes.starts_with(&jpeg::MAGIC) {
        return jpeg::probe(bytes);
    }
    if bytes.starts_with(&png::MAGIC) {
        return png::probe(bytes);
    }
    if is_heif(bytes) {
        return Err(FileProblem::Heic);
    }
    let head = bytes.get(..PDF_HEADER_WITHIN).unwrap_or(bytes);
    if head.windows(5).any(|window| window == b"%PDF-") {
        return Err(FileProblem::Pdf);
    }
    Err(FileProblem::UnsupportedFormat)
}

/// Whether it opens with a file type box that names one of [`HEIF_BRANDS`].
fn is_heif(bytes: &[u8]) -> bool {
    let Some(([a, b, c, d], rest)) = bytes.split_first_chunk::<4>() else { return false };
    let length = u32::from_be_bytes([*a, *b, *c, *d]) as usize;
    let Some(brands) = rest.strip_prefix(b"ftyp") else { return false };
    let brands = brands.get(..length.saturating_sub(8)).unwrap_or(brands);
    // The major brand, its version, then the brands that it goes with as well.
    brands
        .chunks_exact(4)
        .enumerate()
        .any(|(place, brand)| place != 1 && HEIF_BRANDS.iter().any(|known| known.as_slice() == brand))
}
