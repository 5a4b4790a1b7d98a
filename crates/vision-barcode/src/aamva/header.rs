//! The header: who issued the card, by which version, and where its subfiles stand.

use crate::error::{Error, ErrorKind};
use idv_protocol::barcode::LicenceKind;

/// Letters after the compliance indicator and the separators: the file type of the standard, and that of its
/// first drafts.
const FILE_TYPES: [&str; 2] = ["ANSI ", "AAMVA"];

/// Where the file type may begin: after `@` and up to three separators; some issuers write fewer.
const FILE_TYPE_AT: std::ops::RangeInclusive<usize> = 1..=5;

/// Newest version with rules of its own; later ones have kept to it.
const NEWEST_RULES: u8 = 10;

/// First version with a number of the issuer's own version in the header (2003).
const ISSUER_VERSION_SINCE: u8 = 2;

/// Most subfiles: one digit pair would allow 99, no card has over ten.
const MOST_SUBFILES: usize = 10;

/// Most characters of a designator: type, offset, length.
const DESIGNATOR_LENGTH: usize = 10;

/// What the header says.
#[derive(Debug)]
pub(super) struct Header {
    /// Number of the issuer, six digits.
    pub issuer_number: String,
    /// Version of the standard.
    pub version: u8,
    /// Ends an element.
    pub separator: char,
    /// Ends a subfile.
    pub terminator: char,
    /// Byte where the designators begin.
    designators_at: usize,
    /// How many there are.
    subfiles: usize,
}

impl Header {
    /// Reads the header of `text`.
    pub fn parse(text: &str) -> Result<Self, Error> {
        let not_aamva = || Error::from(ErrorKind::NotAamva);
        let bad = || Error::from(ErrorKind::BadHeader);
        if !text.starts_with('@') {
            return Err(not_aamva());
        }
        let type_at = FILE_TYPE_AT
            .into_iter()
            .find(|at| {
                text.get(*at..).is_some_and(|rest| FILE_TYPES.iter().any(|name| rest.starts_with(name)))
            })
            .ok_or_else(not_aamva)?;
        // The separators are those the header itself shows; where it shows none, those of the standard.
        let shown: Vec<char> = text.get(1..type_at).unwrap_or_default().chars().collect();
        let separator = shown.first().copied().filter(char::is_ascii_control).unwrap_or('\n');
        let terminator = shown.get(2).copied().filter(char::is_ascii_control).unwrap_or('\r');
        let rest = text.get(type_at + 5..).ok_or_else(bad)?;
        let digits = |from: usize, to: usize| {
            rest.get(from..to).filter(|part| part.bytes().all(|b| b.is_ascii_digit())).ok_or_else(bad)
        };
        let number = |from: usize, to: usize| digits(from, to)?.parse::<u8>().map_err(|_| bad());
        let issuer_number = digits(0, 6)?.to_owned();
        let version = number(6, 8)?;
        if version == 0 {
            return Err(ErrorKind::UnsupportedVersion.into());
        }
        let entries_at = if version >= ISSUER_VERSION_SINCE { 10 } else { 8 };
        let subfiles = usize::from(number(entries_at, entries_at + 2)?);
        if subfiles == 0 || subfiles > MOST_SUBFILES {
            return Err(bad());
        }
        let designators_at = type_at + 5 + entries_at + 2;
        Ok(Self { issuer_number, version, separator, terminator, designators_at, subfiles })
    }

    /// Version whose rules apply.
    pub fn rules(&self) -> u8 {
        self.version.min(NEWEST_RULES)
    }

    /// The kind and the elements of the first subfile of a licence or an identity card. Offsets are not
    /// trusted: where they do not lead to the subfile, it is looked for behind the header.
    pub fn subfile<'a>(&self, text: &'a str) -> Result<(LicenceKind, &'a str), Error> {
        for index in 0..self.subfiles {
            let at = self.designators_at + index * DESIGNATOR_LENGTH;
            let Some(designator) = text.get(at..at + DESIGNATOR_LENGTH) else { break };
            let (Some(name), Some(offset)) = (designator.get(..2), designator.get(2..6)) else { continue };
            let Some(kind) = kind_of(name) else { continue };
            let offset = offset.parse::<usize>().unwrap_or(0);
            let there = text.get(offset..).filter(|_| offset >= self.designators_at);
            let found = there.and_then(|rest| body(rest, name)).or_else(|| self.searched(text, name));
            if let Some(found) = found {
                return Ok((kind, found));
            }
        }
        Err(ErrorKind::NoSubfile.into())
    }

    /// The elements behind the first `name` that an element follows, after the designators.
    fn searched<'a>(&self, text: &'a str, name: &str) -> Option<&'a str> {
        let rest = text.get(self.designators_at..)?;
        rest.match_indices(name).find_map(|(at, _)| body(rest.get(at..)?, name))
    }
}

/// What follows `name` at the start of `rest`, when it is an element.
fn body<'a>(rest: &'a str, name: &str) -> Option<&'a str> {
    let body = rest.strip_prefix(name)?.trim_start_matches(['\n', '\r']);
    let mut letters = body.bytes();
    let is_element = letters.next() == Some(b'D')
        && letters.next().is_some_and(|b| matches!(b, b'A'..=b'D'))
        && letters.next().is_some_and(|b| b.is_ascii_uppercase());
    is_element.then_some(body)
}

fn kind_of(name: &str) -> Option<LicenceKind> {
    match name {
        "DL" => Some(LicenceKind::DrivingLicence),
        "ID" => Some(LicenceKind::IdentityCard),
        _ => None,
    }
}
