//! From a [`Zone`] to the [`MrzReading`] that goes over the wire.

use super::check::FILLER;
use super::date::{Century, PartialDate};
use super::layout::{Field, FieldKind, PLACES};
use super::name;
use super::name_doubt::NameDoubt;
use super::zone::{Verdicts, Zone};
use idv_protocol::reading::{CalendarDate, MrzField, MrzFieldStatus, MrzPosition, MrzReading};
use std::ops::Range;

impl Zone {
    /// Everything the zone says. `today` settles the centuries.
    pub fn reading(&self, today: CalendarDate) -> MrzReading {
        let Verdicts { fields: statuses, composite, status } = self.verdicts(today);
        let mut reading = MrzReading {
            format: self.layout.format,
            status,
            lines: self.lines(),
            document_code: empty(),
            issuing_state: empty(),
            primary_identifier: empty(),
            secondary_identifier: empty(),
            names_may_be_truncated: false,
            document_number: empty(),
            nationality: None,
            birth_date: empty(),
            sex: empty(),
            expiry_date: None,
            optional_data: Vec::new(),
            composite_valid: composite,
            corrections: self.corrections.clone(),
        };
        for (field, status) in self.layout.fields.iter().zip(statuses) {
            match field.kind {
                FieldKind::DocumentCode => reading.document_code = self.field(field, status, today),
                FieldKind::IssuingState => reading.issuing_state = self.field(field, status, today),
                FieldKind::Names => self.names(field, status, &mut reading),
                FieldKind::Surname => {
                    reading.primary_identifier = self.field(field, status, today);
                    reading.names_may_be_truncated |= self.is_full(field);
                }
                FieldKind::GivenNames => {
                    reading.secondary_identifier = self.field(field, status, today);
                    reading.names_may_be_truncated |= self.is_full(field);
                }
                FieldKind::DocumentNumber => reading.document_number = self.field(field, status, today),
                FieldKind::Nationality => reading.nationality = Some(self.field(field, status, today)),
                FieldKind::BirthDate => reading.birth_date = self.field(field, status, today),
                FieldKind::Sex => reading.sex = self.field(field, status, today),
                FieldKind::ExpiryDate => reading.expiry_date = Some(self.field(field, status, today)),
                FieldKind::OptionalData => reading.optional_data.push(self.field(field, status, today)),
            }
        }
        reading
    }

    /// The lines as text.
    pub fn lines(&self) -> Vec<String> {
        self.chars
            .chunks_exact(super::layout::MAX_COLUMNS)
            .take(self.layout.lines)
            .map(|line| text(line.get(..self.layout.columns).unwrap_or_default()))
            .collect()
    }

    fn is_full(&self, field: &Field) -> bool {
        self.characters(field.at).last().is_some_and(|&c| c != FILLER)
    }

    fn field(&self, field: &Field, status: MrzFieldStatus, today: CalendarDate) -> MrzField {
        let value = self.value(field, &self.chars, today);
        let readings = self.readings(field, status, &value, |chars| self.value(field, chars, today));
        let mut raw = text(self.characters(field.at));
        if field.kind == FieldKind::DocumentNumber {
            raw.push_str(&self.run_on(&self.chars));
        }
        let position = MrzPosition { line: field.at.line, column: field.at.column, length: field.at.length };
        MrzField { value, raw, status, readings, position }
    }

    /// The characters of the number that stand in the optional data, without the check digit.
    fn run_on(&self, chars: &[u8; PLACES]) -> String {
        let last = self.overflow().saturating_sub(1);
        let optional = self.layout.field(FieldKind::OptionalData).filter(|_| last > 0);
        let start = optional.map_or(0, |field| field.at.start());
        text(chars.get(start..start + last).unwrap_or_default())
    }

    fn value(&self, field: &Field, chars: &[u8; PLACES], today: CalendarDate) -> String {
        let characters = chars.get(field.at.start()..field.at.end()).unwrap_or_default();
        match field.kind {
            FieldKind::BirthDate => date(characters, Century::Past, today),
            FieldKind::ExpiryDate => date(characters, Century::Near, today),
            FieldKind::Sex => match characters {
                [FILLER] => "X".to_owned(),
                [letter @ (b'F' | b'M')] => char::from(*letter).to_string(),
                _ => String::new(),
            },
            FieldKind::Names | FieldKind::Surname | FieldKind::GivenNames => name::spaced(characters),
            FieldKind::DocumentNumber => {
                let mut number = without_fill(characters);
                number.push_str(&self.run_on(chars));
                number
            }
            FieldKind::OptionalData => {
                // What the number has run on into is no optional data.
                let taken = match self.layout.field(FieldKind::OptionalData) {
                    Some(first) if first.at == field.at => self.overflow(),
                    _ => 0,
                };
                without_fill(characters.get(taken..).unwrap_or_default().trim_ascii_start())
                    .trim_start_matches('<')
                    .to_owned()
            }
            FieldKind::DocumentCode | FieldKind::IssuingState | FieldKind::Nationality => {
                without_fill(characters)
            }
        }
    }

    /// The values that a field with `needs_confirmation` may have.
    fn readings(
        &self,
        field: &Field,
        status: MrzFieldStatus,
        value: &str,
        value_of: impl Fn(&[u8; PLACES]) -> String,
    ) -> Vec<String> {
        if status != MrzFieldStatus::NeedsConfirmation {
            return Vec::new();
        }
        let mut readings = vec![value.to_owned()];
        for other in self.others(field).readings {
            let other = value_of(&self.with(&other));
            if !readings.contains(&other) {
                readings.push(other);
            }
        }
        readings
    }

    /// The characters with others put in their place.
    pub(super) fn with(&self, substitution: &[(u8, u8)]) -> [u8; PLACES] {
        let mut chars = self.chars;
        for &(place, character) in substitution {
            if let Some(slot) = chars.get_mut(usize::from(place)) {
                *slot = character;
            }
        }
        chars
    }

    fn names(&self, field: &Field, status: MrzFieldStatus, reading: &mut MrzReading) {
        let characters = self.characters(field.at);
        let names = name::split(characters);
        reading.names_may_be_truncated = names.full;
        let [primary, secondary] = self.name_doubts(field, status, &names);
        let identifier = |range: Range<usize>, doubt: NameDoubt| {
            let characters = characters.get(range.clone()).unwrap_or_default();
            let value = name::spaced(characters);
            let status = doubt.status(status);
            let readings = match status {
                MrzFieldStatus::NeedsConfirmation => {
                    std::iter::once(value.clone()).chain(doubt.others).collect()
                }
                _ => Vec::new(),
            };
            let column = field.at.column + range.start as u8;
            let position = MrzPosition { line: field.at.line, column, length: range.len() as u8 };
            MrzField { value, raw: text(characters), status, readings, position }
        };
        reading.primary_identifier = identifier(names.primary, primary);
        reading.secondary_identifier = identifier(names.secondary, secondary);
    }
}

fn empty() -> MrzField {
    MrzField {
        value: String::new(),
        raw: String::new(),
        status: MrzFieldStatus::Unverified,
        readings: Vec::new(),
        position: MrzPosition::default(),
    }
}

fn date(characters: &[u8], century: Century, today: CalendarDate) -> String {
    PartialDate::read(characters, century, today).map(PartialDate::text).unwrap_or_default()
}

/// The characters, all of them ASCII, as text.
fn text(characters: &[u8]) -> String {
    std::str::from_utf8(characters).map(str::to_owned).unwrap_or_default()
}

/// The characters without the fillers at the end.
fn without_fill(characters: &[u8]) -> String {
    let kept = characters.iter().rposition(|&c| c != FILLER).map_or(0, |last| last + 1);
    text(characters.get(..kept).unwrap_or_default())
}
