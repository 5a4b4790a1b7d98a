//! What can go wrong while a specimen is made.

use std::fmt;

/// An error of this crate; its message says what to do.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
}

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A font, picture or model that set-up fetches is not there or cannot be read.
    AssetMissing,
    /// The photograph shows no face that can be used.
    FaceNotFound,
    /// A size, duration or list of turns that cannot be rendered.
    BadRequest,
    /// A model failed.
    Vision,
    /// A frame could not be encoded or written.
    Write,
}

impl Error {
    /// An error of `kind` with a message for the developer.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}

impl From<idv_vision::Error> for Error {
    fn from(error: idv_vision::Error) -> Self {
        Self::new(ErrorKind::Vision, format!("{}: {error}", error.code()))
    }
}

impl From<std::io::Error> for Error {
    fn from(error: std::io::Error) -> Self {
        Self::new(ErrorKind::Write, format!("cannot write the recording: {error}"))
    }
}
