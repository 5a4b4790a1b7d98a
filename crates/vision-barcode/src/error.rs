//! What can go wrong while a barcode is read.

use std::fmt;

/// An error of this crate. It carries no character of what was read.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Error {
    kind: ErrorKind,
}

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
#[non_exhaustive]
pub enum ErrorKind {
    /// The pixels are not as many as the size says.
    BadPicture,
    /// The picture is smaller than any code that can be read.
    PictureTooSmall,
    /// The picture is larger than what is read.
    PictureTooLarge,
    /// The code's text is longer than any barcode's.
    TextTooLong,
    /// The reader failed on this picture.
    ReaderFailed,
    /// The text does not begin as one by AAMVA does.
    NotAamva,
    /// The header ends early or holds what it must not.
    BadHeader,
    /// The version of the standard is none that was published.
    UnsupportedVersion,
    /// There is no subfile of a licence or an identity card.
    NoSubfile,
    /// The subfile has no element.
    EmptySubfile,
}

impl Error {
    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// A stable code.
    pub fn code(&self) -> &'static str {
        match self.kind {
            ErrorKind::BadPicture => "barcode_bad_picture",
            ErrorKind::PictureTooSmall => "barcode_picture_too_small",
            ErrorKind::PictureTooLarge => "barcode_picture_too_large",
            ErrorKind::TextTooLong => "barcode_text_too_long",
            ErrorKind::ReaderFailed => "barcode_reader_failed",
            ErrorKind::NotAamva => "aamva_not_found",
            ErrorKind::BadHeader => "aamva_bad_header",
            ErrorKind::UnsupportedVersion => "aamva_unsupported_version",
            ErrorKind::NoSubfile => "aamva_no_subfile",
            ErrorKind::EmptySubfile => "aamva_empty_subfile",
        }
    }

    /// True where another picture may do better.
    pub fn retryable(&self) -> bool {
        matches!(self.kind, ErrorKind::ReaderFailed | ErrorKind::PictureTooSmall)
    }
}

impl From<ErrorKind> for Error {
    fn from(kind: ErrorKind) -> Self {
        Self { kind }
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(match self.kind {
            ErrorKind::BadPicture => "the pixels are not as many as width times height",
            ErrorKind::PictureTooSmall => "the picture is too small for a barcode",
            ErrorKind::PictureTooLarge => "the picture is too large; scale it down",
            ErrorKind::TextTooLong => "the text is longer than any barcode's",
            ErrorKind::ReaderFailed => "the barcode reader failed on this picture; take another",
            ErrorKind::NotAamva => "the text is not that of a licence by AAMVA",
            ErrorKind::BadHeader => "the header of the licence's barcode is broken",
            ErrorKind::UnsupportedVersion => "the licence's barcode has an unknown version",
            ErrorKind::NoSubfile => "the barcode has no subfile of a licence or an identity card",
            ErrorKind::EmptySubfile => "the subfile of the licence's barcode is empty",
        })
    }
}

impl std::error::Error for Error {}
