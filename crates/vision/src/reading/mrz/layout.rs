//! Where every field of every format stands, what it may hold, and which check digit covers it.

use super::check::FILLER;
use idv_protocol::reading::MrzFormat;

/// Columns of the longest line.
pub(super) const MAX_COLUMNS: usize = 44;

/// Lines of the format with most.
pub(super) const MAX_LINES: usize = 3;

/// Places of a zone: line by line, [`MAX_COLUMNS`] a line.
pub(super) const PLACES: usize = MAX_LINES * MAX_COLUMNS;

/// Most fields of a format.
pub(super) const MAX_FIELDS: usize = 10;

/// Characters side by side in one line.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) struct Stretch {
    pub line: u8,
    pub column: u8,
    pub length: u8,
}

impl Stretch {
    const fn new(line: u8, column: u8, length: u8) -> Self {
        Self { line, column, length }
    }

    /// Place of the first character.
    pub(super) const fn start(self) -> usize {
        self.line as usize * MAX_COLUMNS + self.column as usize
    }

    /// One past the place of the last character.
    pub(super) const fn end(self) -> usize {
        self.start() + self.length as usize
    }
}

/// What a place may hold.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Allowed {
    /// A to Z and fillers.
    Letters,
    /// A to Z.
    Letter,
    /// 0 to 9.
    Digits,
    /// 0 to 9 and fillers.
    DigitsOrFiller,
    /// Every character of a zone.
    Any,
    /// F, M or a filler.
    Sex,
}

impl Allowed {
    /// Whether `character` may stand here.
    #[inline]
    pub(super) fn has(self, character: u8) -> bool {
        match self {
            Self::Letters => character.is_ascii_uppercase() || character == FILLER,
            Self::Letter => character.is_ascii_uppercase(),
            Self::Digits => character.is_ascii_digit(),
            Self::DigitsOrFiller => character.is_ascii_digit() || character == FILLER,
            Self::Any => true,
            Self::Sex => matches!(character, b'F' | b'M' | FILLER),
        }
    }
}

/// What a field is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FieldKind {
    DocumentCode,
    IssuingState,
    /// Both identifiers.
    Names,
    /// The primary identifier alone.
    Surname,
    /// The secondary identifier alone.
    GivenNames,
    DocumentNumber,
    Nationality,
    BirthDate,
    Sex,
    ExpiryDate,
    OptionalData,
}

impl FieldKind {
    /// What each place of the field may hold.
    pub(super) const fn allowed(self) -> Allowed {
        match self {
            Self::DocumentCode | Self::IssuingState | Self::Nationality => Allowed::Letters,
            Self::Names | Self::Surname | Self::GivenNames => Allowed::Letters,
            Self::BirthDate | Self::ExpiryDate => Allowed::DigitsOrFiller,
            Self::Sex => Allowed::Sex,
            Self::DocumentNumber | Self::OptionalData => Allowed::Any,
        }
    }
}

/// What a filler means in the place of a check digit.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum FillerCheck {
    /// Nothing: it does not hold.
    Wrong,
    /// The number runs on into the optional data, whose last character before a filler is the check digit
    /// (Doc 9303-5, 4.2.2.1 note j; Doc 9303-6 likewise).
    RunsOn,
    /// The field is unused (Doc 9303-4, 4.2.2.2, position 43).
    Unused,
}

/// Which check digit covers a field.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Cover {
    /// None.
    Bare,
    /// The one in the place right after the field.
    Own(FillerCheck),
    /// The composite one alone.
    Composite,
}

/// A field of a format.
#[derive(Clone, Copy, Debug)]
pub(super) struct Field {
    pub kind: FieldKind,
    pub at: Stretch,
    pub cover: Cover,
}

/// A format.
#[derive(Debug)]
pub(super) struct Layout {
    pub format: MrzFormat,
    pub lines: usize,
    pub columns: usize,
    /// In the order of the zone.
    pub fields: &'static [Field],
    /// What the composite check digit covers, in order; nothing on visas.
    pub composite: &'static [Stretch],
    /// Place of the composite check digit.
    pub composite_at: Option<usize>,
}

const fn field(kind: FieldKind, line: u8, column: u8, length: u8, cover: Cover) -> Field {
    Field { kind, at: Stretch::new(line, column, length), cover }
}

use Cover::{Bare, Composite, Own};
use FieldKind as Kind;
use FillerCheck::{RunsOn, Unused, Wrong};

/// Cards (Doc 9303-5, 4.2.2).
pub(super) static TD1: Layout = Layout {
    format: MrzFormat::Td1,
    lines: 3,
    columns: 30,
    fields: &[
        field(Kind::DocumentCode, 0, 0, 2, Bare),
        field(Kind::IssuingState, 0, 2, 3, Bare),
        field(Kind::DocumentNumber, 0, 5, 9, Own(RunsOn)),
        field(Kind::OptionalData, 0, 15, 15, Composite),
        field(Kind::BirthDate, 1, 0, 6, Own(Wrong)),
        field(Kind::Sex, 1, 7, 1, Bare),
        field(Kind::ExpiryDate, 1, 8, 6, Own(Wrong)),
        field(Kind::Nationality, 1, 15, 3, Bare),
        field(Kind::OptionalData, 1, 18, 11, Composite),
        field(Kind::Names, 2, 0, 30, Bare),
    ],
    composite: &[
        Stretch::new(0, 5, 25),
        Stretch::new(1, 0, 7),
        Stretch::new(1, 8, 7),
        Stretch::new(1, 18, 11),
    ],
    composite_at: Some(MAX_COLUMNS + 29),
};

/// Larger cards (Doc 9303-6, 4.2.2).
pub(super) static TD2: Layout = Layout {
    format: MrzFormat::Td2,
    lines: 2,
    columns: 36,
    fields: &[
        field(Kind::DocumentCode, 0, 0, 2, Bare),
        field(Kind::IssuingState, 0, 2, 3, Bare),
        field(Kind::Names, 0, 5, 31, Bare),
        field(Kind::DocumentNumber, 1, 0, 9, Own(RunsOn)),
        field(Kind::Nationality, 1, 10, 3, Bare),
        field(Kind::BirthDate, 1, 13, 6, Own(Wrong)),
        field(Kind::Sex, 1, 20, 1, Bare),
        field(Kind::ExpiryDate, 1, 21, 6, Own(Wrong)),
        field(Kind::OptionalData, 1, 28, 7, Composite),
    ],
    composite: &[Stretch::new(1, 0, 10), Stretch::new(1, 13, 7), Stretch::new(1, 21, 14)],
    composite_at: Some(MAX_COLUMNS + 35),
};

/// Passports (Doc 9303-4, 4.2.2).
pub(super) static TD3: Layout = Layout {
    format: MrzFormat::Td3,
    lines: 2,
    columns: 44,
    fields: &[
        field(Kind::DocumentCode, 0, 0, 2, Bare),
        field(Kind::IssuingState, 0, 2, 3, Bare),
        field(Kind::Names, 0, 5, 39, Bare),
        field(Kind::DocumentNumber, 1, 0, 9, Own(Wrong)),
        field(Kind::Nationality, 1, 10, 3, Bare),
        field(Kind::BirthDate, 1, 13, 6, Own(Wrong)),
        field(Kind::Sex, 1, 20, 1, Bare),
        field(Kind::ExpiryDate, 1, 21, 6, Own(Wrong)),
        field(Kind::OptionalData, 1, 28, 14, Own(Unused)),
    ],
    composite: &[Stretch::new(1, 0, 10), Stretch::new(1, 13, 7), Stretch::new(1, 21, 22)],
    composite_at: Some(MAX_COLUMNS + 43),
};

/// Visas (Doc 9303-7, 4.2.2).
pub(super) static MRV_A: Layout = Layout {
    format: MrzFormat::MrvA,
    lines: 2,
    columns: 44,
    fields: &[
        field(Kind::DocumentCode, 0, 0, 2, Bare),
        field(Kind::IssuingState, 0, 2, 3, Bare),
        field(Kind::Names, 0, 5, 39, Bare),
        field(Kind::DocumentNumber, 1, 0, 9, Own(Wrong)),
        field(Kind::Nationality, 1, 10, 3, Bare),
        field(Kind::BirthDate, 1, 13, 6, Own(Wrong)),
        field(Kind::Sex, 1, 20, 1, Bare),
        field(Kind::ExpiryDate, 1, 21, 6, Own(Wrong)),
        field(Kind::OptionalData, 1, 28, 16, Bare),
    ],
    composite: &[],
    composite_at: None,
};

/// Small visas (Doc 9303-7, 5.2.2).
pub(super) static MRV_B: Layout = Layout {
    format: MrzFormat::MrvB,
    lines: 2,
    columns: 36,
    fields: &[
        field(Kind::DocumentCode, 0, 0, 2, Bare),
        field(Kind::IssuingState, 0, 2, 3, Bare),
        field(Kind::Names, 0, 5, 31, Bare),
        field(Kind::DocumentNumber, 1, 0, 9, Own(Wrong)),
        field(Kind::Nationality, 1, 10, 3, Bare),
        field(Kind::BirthDate, 1, 13, 6, Own(Wrong)),
        field(Kind::Sex, 1, 20, 1, Bare),
        field(Kind::ExpiryDate, 1, 21, 6, Own(Wrong)),
        field(Kind::OptionalData, 1, 28, 8, Bare),
    ],
    composite: &[],
    composite_at: None,
};

/// The French national identity card of 1988: the surname above with the code of the issuing office behind it,
/// the number, the given names and the birth below; the composite check digit covers all of both lines.
pub(super) static FRA_ID: Layout = Layout {
    format: MrzFormat::FraId,
    lines: 2,
    columns: 36,
    fields: &[
        field(Kind::DocumentCode, 0, 0, 2, Composite),
        field(Kind::IssuingState, 0, 2, 3, Composite),
        field(Kind::Surname, 0, 5, 25, Composite),
        field(Kind::OptionalData, 0, 30, 6, Composite),
        field(Kind::DocumentNumber, 1, 0, 12, Own(Wrong)),
        field(Kind::GivenNames, 1, 13, 14, Composite),
        field(Kind::BirthDate, 1, 27, 6, Own(Wrong)),
        field(Kind::Sex, 1, 34, 1, Composite),
    ],
    composite: &[Stretch::new(0, 0, 36), Stretch::new(1, 0, 35)],
    composite_at: Some(MAX_COLUMNS + 35),
};

/// Begins the upper line of the French card.
pub(super) const FRA_ID_START: &[u8; 5] = b"IDFRA";

/// The layout of so many lines of so many columns, whose first characters are `start`.
pub(super) fn layout_of(lines: usize, columns: usize, start: &[u8]) -> Option<&'static Layout> {
    let visa = start.first() == Some(&b'V');
    Some(match (lines, columns) {
        (3, 30) => &TD1,
        (2, 44) if visa => &MRV_A,
        (2, 44) => &TD3,
        (2, 36) if visa => &MRV_B,
        (2, 36) if start.starts_with(FRA_ID_START) => &FRA_ID,
        (2, 36) => &TD2,
        _ => return None,
    })
}

impl Layout {
    /// What `place` may hold.
    pub(super) fn allowed_at(&self, place: usize) -> Allowed {
        if Some(place) == self.composite_at {
            return Allowed::Digits;
        }
        for field in self.fields {
            if (field.at.start()..field.at.end()).contains(&place) {
                let first = place == field.at.start();
                return match field.kind {
                    Kind::DocumentCode | Kind::Names | Kind::Surname if first => Allowed::Letter,
                    kind => kind.allowed(),
                };
            }
            if place == field.at.end() {
                match field.cover {
                    Own(Wrong) => return Allowed::Digits,
                    Own(RunsOn | Unused) => return Allowed::DigitsOrFiller,
                    Bare | Composite => {}
                }
            }
        }
        Allowed::Any
    }

    /// The field of the given kind, the first if there are several.
    pub(super) fn field(&self, kind: FieldKind) -> Option<&'static Field> {
        self.fields.iter().find(|field| field.kind == kind)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn fields_and_check_digits_fill_every_format() {
        for layout in [&TD1, &TD2, &TD3, &MRV_A, &MRV_B, &FRA_ID] {
            let mut taken = [0; PLACES];
            for field in layout.fields {
                let own = usize::from(matches!(field.cover, Own(_)));
                taken[field.at.start()..field.at.end() + own].iter_mut().for_each(|place| *place += 1);
            }
            if let Some(at) = layout.composite_at {
                taken[at] += 1;
            }
            for line in 0..layout.lines {
                for column in 0..layout.columns {
                    assert_eq!(taken[line * MAX_COLUMNS + column], 1, "{:?} {line} {column}", layout.format);
                }
            }
            assert_eq!(taken.iter().sum::<i32>() as usize, layout.lines * layout.columns);
            assert!(layout.fields.len() <= MAX_FIELDS);
        }
    }

    #[test]
    fn composites_cover_what_doc_9303_says() {
        let covered = |layout: &Layout| layout.composite.iter().map(|s| usize::from(s.length)).sum::<usize>();
        assert_eq!(covered(&TD1), 25 + 7 + 7 + 11);
        assert_eq!(covered(&TD2), 10 + 7 + 14);
        assert_eq!(covered(&TD3), 10 + 7 + 22);
        assert_eq!(covered(&FRA_ID), 36 + 35);
    }
}
