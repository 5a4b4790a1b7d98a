//! What is wrong with lines that make no zone. No message holds a character of them.

use std::fmt;

/// Lines that make no zone.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct MrzError {
    kind: MrzErrorKind,
    line: usize,
    column: usize,
}

/// What is wrong.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
#[non_exhaustive]
pub enum MrzErrorKind {
    /// Neither two nor three lines.
    LineCount,
    /// A line of another length than every format has, or than the first line.
    LineLength,
    /// A character that is none of A to Z, 0 to 9 and `<`.
    Character,
}

impl MrzError {
    pub(super) const fn at(kind: MrzErrorKind, line: usize, column: usize) -> Self {
        Self { kind, line, column }
    }

    /// What is wrong.
    pub const fn kind(&self) -> MrzErrorKind {
        self.kind
    }

    /// Line it is in, from 0.
    pub const fn line(&self) -> usize {
        self.line
    }

    /// Stable code.
    pub const fn code(&self) -> &'static str {
        match self.kind {
            MrzErrorKind::LineCount => "mrz_line_count",
            MrzErrorKind::LineLength => "mrz_line_length",
            MrzErrorKind::Character => "mrz_character",
        }
    }
}

impl fmt::Display for MrzError {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let (line, column) = (self.line + 1, self.column + 1);
        match self.kind {
            MrzErrorKind::LineCount => f.write_str("a zone has two or three lines"),
            MrzErrorKind::LineLength => {
                write!(f, "line {line} has a length that no zone has: 3 lines of 30, 2 of 36 or 2 of 44")
            }
            MrzErrorKind::Character => {
                write!(f, "line {line}, column {column}: only A to Z, 0 to 9 and < stand in a zone")
            }
        }
    }
}

impl std::error::Error for MrzError {}
