//! What can go wrong in the engine. Poor pictures are no errors: they are hints.

use std::fmt;

/// An error of this crate.
#[derive(Debug)]
pub struct Error {
    kind: ErrorKind,
    message: String,
}

/// What went wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum ErrorKind {
    /// A frame whose size is zero, too large, or does not fit its bytes.
    BadFrame,
    /// Bytes that are not a picture this crate decodes.
    NotAnImage,
    /// A model file that is not the one its manifest names.
    ModelDigestMismatch,
    /// A model file that cannot be read.
    ModelUnreadable,
    /// A model that is needed and was not loaded.
    ModelMissing,
    /// A model that failed while running.
    Inference,
    /// Encoding a picture failed.
    Encode,
    /// A call that does not fit the state of the engine.
    OutOfOrder,
    /// A challenge whose nonce is malformed or whose turns do not follow from it.
    BadChallenge,
}

impl Error {
    /// An error of `kind`; `message` is for developers and holds no personal data.
    pub fn new(kind: ErrorKind, message: impl Into<String>) -> Self {
        Self { kind, message: message.into() }
    }

    /// What went wrong.
    pub fn kind(&self) -> ErrorKind {
        self.kind
    }

    /// Stable code, the same in Rust, TypeScript and locales.
    pub fn code(&self) -> &'static str {
        match self.kind {
            ErrorKind::BadFrame => "bad_frame",
            ErrorKind::NotAnImage => "not_an_image",
            ErrorKind::ModelDigestMismatch => "model_digest_mismatch",
            ErrorKind::ModelUnreadable => "model_unreadable",
            ErrorKind::ModelMissing => "model_missing",
            ErrorKind::Inference => "inference_failed",
            ErrorKind::Encode => "encode_failed",
            ErrorKind::OutOfOrder => "out_of_order",
            ErrorKind::BadChallenge => "bad_challenge",
        }
    }

    /// Whether the same call can succeed with another frame.
    pub fn retryable(&self) -> bool {
        matches!(self.kind, ErrorKind::BadFrame | ErrorKind::NotAnImage)
    }
}

impl fmt::Display for Error {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.message)
    }
}

impl std::error::Error for Error {}
