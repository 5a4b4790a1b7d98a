//! Names: `PRIMARY<<SECONDARY<SECONDARY<<<` (Doc 9303-3, 4.6).

use super::check::FILLER;
use std::ops::Range;

/// Where the two identifiers stand in the characters of a name field.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(super) struct Names {
    /// Primary identifier.
    pub primary: Range<usize>,
    /// Secondary identifier, empty when there is none.
    pub secondary: Range<usize>,
    /// Whether nothing but fillers stands before, between and after the two, as Doc 9303 has it.
    pub tidy: bool,
    /// Whether the last column holds no filler: what a cut-off name leaves, or one that just fits (4.6.4).
    pub full: bool,
}

/// First place of two fillers side by side from `from` on, or the end.
fn gap(characters: &[u8], from: usize) -> usize {
    let rest = characters.get(from..).unwrap_or_default();
    rest.windows(2).position(|pair| pair == [FILLER; 2]).map_or(characters.len(), |at| from + at)
}

/// `range` without the fillers at its end.
fn trimmed(characters: &[u8], range: Range<usize>) -> Range<usize> {
    let inside = characters.get(range.clone()).unwrap_or_default();
    let kept = inside.iter().rposition(|&c| c != FILLER).map_or(0, |last| last + 1);
    range.start..range.start + kept
}

/// Splits a name field. Without `<<` all of it is the primary identifier.
pub(super) fn split(characters: &[u8]) -> Names {
    let end = characters.len();
    let full = characters.last().is_some_and(|&c| c != FILLER);
    let first = gap(characters, 0);
    let primary = trimmed(characters, 0..first);
    let start = (first + 2).min(end);
    let second = gap(characters, start);
    let mut secondary = trimmed(characters, start..second);
    let mut tidy = characters.first().is_some_and(|&c| c != FILLER);
    if characters.get(second..).unwrap_or_default().iter().any(|&c| c != FILLER) {
        tidy = false;
        secondary = trimmed(characters, start..end);
    }
    if characters.get(secondary.start) == Some(&FILLER) {
        tidy &= secondary.is_empty();
    }
    Names { primary, secondary, tidy, full }
}

/// The column from which the format demands fillers: the first of the two behind the secondary identifier, or
/// behind the two that follow a primary identifier without one. Nothing if there are no two.
pub(super) fn split_before_fill(characters: &[u8]) -> Option<usize> {
    let second = gap(characters, gap(characters, 0) + 2);
    (second < characters.len()).then_some(second)
}

/// The characters with one space for each run of fillers, without fillers at the ends.
pub(super) fn spaced(characters: &[u8]) -> String {
    let mut text = String::with_capacity(characters.len());
    for &character in characters {
        if character != FILLER {
            text.push(char::from(character));
        } else if !text.is_empty() && !text.ends_with(' ') {
            text.push(' ');
        }
    }
    text.truncate(text.trim_end().len());
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    fn parts(field: &str) -> (String, String, bool, bool) {
        let names = split(field.as_bytes());
        let text = |range: Range<usize>| spaced(&field.as_bytes()[range]);
        (text(names.primary), text(names.secondary), names.tidy, names.full)
    }

    #[test]
    fn splits_names_as_doc_9303_writes_them() {
        for (field, primary, secondary, tidy, full) in [
            ("ERIKSSON<<ANNA<MARIA<<<<", "ERIKSSON", "ANNA MARIA", true, false),
            ("ARKFREITH<<<<<", "ARKFREITH", "", true, false),
            ("VAN<DER<MUELLEN<<MARIANNE", "VAN DER MUELLEN", "MARIANNE", true, true),
            ("NILAVADHANANANDA<<ARNPOL<PETC", "NILAVADHANANANDA", "ARNPOL PETC", true, true),
            ("BENNELONG<WOOLOOMOOLOO", "BENNELONG WOOLOOMOOLOO", "", true, true),
            ("SMITH<<JOHN<<<K<<<", "SMITH", "JOHN K", false, false),
            ("<<<<<<", "", "", false, false),
            ("<SMITH<<JOHN<<", "SMITH", "JOHN", false, false),
            ("SMITH<<J", "SMITH", "J", true, true),
        ] {
            assert_eq!(parts(field), (primary.into(), secondary.into(), tidy, full), "{field}");
        }
    }

    #[test]
    fn every_field_can_be_split() {
        for field in ["", "<", "A", "<<", "A<", "A<<", "<A", "A<<<B"] {
            let names = split(field.as_bytes());
            assert!(names.primary.end <= field.len() && names.secondary.end <= field.len());
        }
    }
}
