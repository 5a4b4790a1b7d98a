//! A zone whose format is known: its characters, its doubts, and what its check digits say of both.

use super::ambiguity::{self, Group, Others, Rival};
use super::check::{FILLER, code};
use super::codes::is_state;
use super::correct::{CorrectionParams, corrected};
use super::date::{Century, PartialDate};
use super::error::{MrzError, MrzErrorKind};
use super::glyph::ReadLine;
use super::layout::{
    Cover, Field, FieldKind, FillerCheck, Layout, MAX_COLUMNS, MAX_FIELDS, MAX_LINES, PLACES, Stretch,
    layout_of,
};
use super::name;
use idv_protocol::reading::{CalendarDate, MrzCorrection, MrzFieldStatus, MrzFormat, MrzStatus};

/// A zone of one of the formats. Made from text it needs no memory of its own. No `Debug`: it is personal data.
#[derive(Clone)]
pub struct Zone {
    pub(super) layout: &'static Layout,
    pub(super) chars: [u8; PLACES],
    /// What might stand in place of a character.
    pub(super) rivals: Vec<Rival>,
    /// Places that were read without certainty, whatever their rivals.
    pub(super) weak: Vec<u8>,
    pub(super) corrections: Vec<MrzCorrection>,
    /// [`CorrectionParams::joint_rival_min`].
    pub(super) joint_min: f32,
}

/// What is said of each field, in the order of the layout.
pub(super) struct Verdicts {
    pub fields: [MrzFieldStatus; MAX_FIELDS],
    pub composite: Option<bool>,
    pub status: MrzStatus,
}

impl Zone {
    /// A zone given as text, as in [`super::parse_text`]. Reads no further than four lines of 45 characters.
    pub fn from_text(text: &str) -> Result<Self, MrzError> {
        let mut chars = [FILLER; PLACES];
        let (mut lines, mut columns, mut rest) = (0, 0, text.as_bytes());
        while !rest.is_empty() {
            // One more than any line has, and the two characters of a line end.
            let near = rest.get(..MAX_COLUMNS + 3).unwrap_or(rest);
            let end = near.iter().position(|&byte| byte == b'\n');
            let line = match near.get(..end.unwrap_or(near.len())) {
                Some([line @ .., b'\r']) if end.is_some() => line,
                Some(line) => line,
                None => near,
            };
            if lines == MAX_LINES {
                return Err(MrzError::at(MrzErrorKind::LineCount, lines, 0));
            }
            if let Some(column) = line.iter().position(|&byte| code(byte).is_none()) {
                return Err(MrzError::at(MrzErrorKind::Character, lines, column));
            }
            columns = same_length(lines, line.len(), columns)?;
            let start = lines * MAX_COLUMNS;
            if let Some(places) = chars.get_mut(start..start + line.len()) {
                places.copy_from_slice(line);
            }
            lines += 1;
            rest = rest.get(end.map_or(rest.len(), |end| end + 1)..).unwrap_or_default();
        }
        let layout = layout_for(lines, columns, &chars)?;
        let (rivals, weak, corrections) = (Vec::new(), Vec::new(), Vec::new());
        Ok(Self { layout, chars, rivals, weak, corrections, joint_min: 0.0 })
    }

    /// A zone that was recognised, its characters decided between the recogniser's alternatives and the format.
    pub fn from_lines(lines: &[ReadLine], params: &CorrectionParams) -> Result<Self, MrzError> {
        if lines.len() > MAX_LINES {
            return Err(MrzError::at(MrzErrorKind::LineCount, MAX_LINES, 0));
        }
        let mut columns = 0;
        for (line, read) in lines.iter().enumerate() {
            columns = same_length(line, read.glyphs.len(), columns)?;
        }
        corrected(lines, columns, params)
    }

    /// The format.
    pub fn format(&self) -> MrzFormat {
        self.layout.format
    }

    /// How far the zone can be trusted as a whole.
    pub fn status(&self, today: CalendarDate) -> MrzStatus {
        self.verdicts(today).status
    }

    /// The characters of `stretch`.
    pub(super) fn characters(&self, stretch: Stretch) -> &[u8] {
        self.chars.get(stretch.start()..stretch.end()).unwrap_or_default()
    }

    /// Columns of the optional data that belong to a document number which runs on into them, the check digit
    /// included; 0 if it does not.
    pub(super) fn overflow(&self) -> usize {
        let Some(number) = self.layout.field(FieldKind::DocumentNumber) else { return 0 };
        let runs_on = number.cover == Cover::Own(FillerCheck::RunsOn);
        if !runs_on || self.chars.get(number.at.end()) != Some(&FILLER) {
            return 0;
        }
        let Some(optional) = self.layout.field(FieldKind::OptionalData) else { return 0 };
        let characters = self.characters(optional.at);
        characters.iter().position(|&c| c == FILLER).unwrap_or(characters.len())
    }

    /// The places that check digit covers; nothing if a filler stands in its place and says that it has none.
    pub(super) fn group(&self, field: &Field) -> Option<Group> {
        let check = field.at.end();
        let fills = self.chars.get(check) == Some(&FILLER);
        match field.cover {
            Cover::Own(FillerCheck::RunsOn) if fills => {
                let optional = self.layout.field(FieldKind::OptionalData)?;
                // At least one character and the check digit have to stand in the optional data.
                let last = self.overflow().checked_sub(1).filter(|&last| last > 0)?;
                let start = optional.at.start();
                let mut group = Group::new(start + last);
                group.extend(field.at.start()..field.at.end());
                group.extend(start..start + last);
                Some(group)
            }
            Cover::Own(FillerCheck::Unused) if fills => None,
            Cover::Own(_) => {
                let mut group = Group::new(check);
                group.extend(field.at.start()..field.at.end());
                Some(group)
            }
            Cover::Bare | Cover::Composite => None,
        }
    }

    /// The places that the composite check digit covers.
    pub(super) fn composite(&self) -> Option<Group> {
        let mut group = Group::new(self.layout.composite_at?);
        for stretch in self.layout.composite {
            group.extend(stretch.start()..stretch.end());
        }
        Some(group)
    }

    /// Rivals in places of `field`.
    pub(super) fn rivals_in(&self, field: &Field) -> impl Iterator<Item = Rival> {
        let places = field.at.start()..field.at.end();
        self.rivals.iter().copied().filter(move |rival| places.contains(&usize::from(rival.place)))
    }

    /// What the check digit of `field`, which holds, leaves open; for a field that has none, every rival.
    pub(super) fn others(&self, field: &Field) -> Others {
        if self.rivals.is_empty() {
            return Others::default();
        }
        match field.cover {
            Cover::Own(rule) => {
                let Some(group) = self.group(field) else {
                    return ambiguity::unchecked(self.rivals_in(field));
                };
                let mut others = ambiguity::others(&self.chars, &group, &self.rivals, self.joint_min);
                // Whether the number runs on hangs on one character: with both alive, all of it is open.
                let check = field.at.end();
                let here = self.chars.get(check) == Some(&FILLER);
                others.doubt |= rule == FillerCheck::RunsOn
                    && self.rivals.iter().any(|rival| {
                        usize::from(rival.place) == check && (rival.character == FILLER) != here
                    });
                others
            }
            Cover::Composite => {
                let Some(group) = self.composite() else { return Others::default() };
                let mut others =
                    ambiguity::others(&self.chars, &group, &self.composite_rivals(), self.joint_min);
                let places = field.at.start()..field.at.end();
                others
                    .readings
                    .retain(|other| other.iter().any(|(place, _)| places.contains(&usize::from(*place))));
                others.doubt =
                    !others.readings.is_empty() || (others.doubt && self.rivals_in(field).next().is_some());
                others
            }
            Cover::Bare => match field.kind {
                FieldKind::IssuingState | FieldKind::Nationality => self.other_states(field),
                _ => ambiguity::unchecked(self.rivals_in(field)),
            },
        }
    }

    /// Rivals in places that only the composite check digit covers, and of that digit.
    fn composite_rivals(&self) -> Vec<Rival> {
        let fields = || self.layout.fields.iter().filter(|field| field.cover == Cover::Composite);
        let number = self.layout.field(FieldKind::DocumentNumber).and_then(|number| self.group(number));
        let inside = |rival: &&Rival| {
            let place = usize::from(rival.place);
            // What the number has run on into is covered by the number's own check digit.
            let own = number.is_some_and(|group| {
                group.check == rival.place || group.places().any(|place| place == rival.place)
            });
            Some(place) == self.layout.composite_at
                || (!own && fields().any(|field| (field.at.start()..field.at.end()).contains(&place)))
        };
        self.rivals.iter().filter(inside).copied().collect()
    }

    /// Other codes of states that the rivals of `field` make.
    fn other_states(&self, field: &Field) -> Others {
        let mut readings = Vec::new();
        for substitution in state_readings(self.characters(field.at), field.at, self.rivals_in(field)) {
            readings.push(substitution);
        }
        Others { doubt: !readings.is_empty(), readings }
    }

    /// What is said of every field and of the whole.
    pub(super) fn verdicts(&self, today: CalendarDate) -> Verdicts {
        let composite = self.composite().map(|group| group.holds(&self.chars));
        let mut fields = [MrzFieldStatus::Valid; MAX_FIELDS];
        let mut status = if composite == Some(false) { MrzStatus::Invalid } else { MrzStatus::Valid };
        for (slot, field) in fields.iter_mut().zip(self.layout.fields) {
            *slot = self.verdict(field, composite, today);
            status = match (*slot, status) {
                (MrzFieldStatus::InvalidCheck | MrzFieldStatus::Malformed, _) => MrzStatus::Invalid,
                (MrzFieldStatus::NeedsConfirmation, MrzStatus::Valid) => MrzStatus::NeedsConfirmation,
                (_, status) => status,
            };
        }
        Verdicts { fields, composite, status }
    }

    fn verdict(&self, field: &Field, composite: Option<bool>, today: CalendarDate) -> MrzFieldStatus {
        let characters = self.characters(field.at);
        let form = form_of(field.kind, characters, today);
        if form == Form::Malformed {
            return MrzFieldStatus::Malformed;
        }
        let holds = match field.cover {
            Cover::Own(rule) => match self.group(field) {
                Some(group) => group.holds(&self.chars),
                None => rule == FillerCheck::Unused && characters.iter().all(|&c| c == FILLER),
            },
            Cover::Composite => composite == Some(true),
            Cover::Bare => false,
        };
        if !holds && matches!(field.cover, Cover::Own(_)) {
            return MrzFieldStatus::InvalidCheck;
        }
        let weak =
            !holds && self.weak.iter().any(|&p| (field.at.start()..field.at.end()).contains(&usize::from(p)));
        if form == Form::Odd || weak || self.doubtful(field, holds) {
            MrzFieldStatus::NeedsConfirmation
        } else if holds {
            MrzFieldStatus::Valid
        } else {
            MrzFieldStatus::Unverified
        }
    }

    fn doubtful(&self, field: &Field, holds: bool) -> bool {
        if self.rivals.is_empty() {
            return false;
        }
        // Under a composite check digit that fails, every rival is a doubt.
        if holds || field.cover == Cover::Bare {
            self.others(field).doubt
        } else {
            self.rivals_in(field).next().is_some()
        }
    }
}

/// Whether a field holds what its format allows.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
enum Form {
    Good,
    /// Allowed, but not as Doc 9303 has it: a state that is not in its tables, something behind the names.
    Odd,
    Malformed,
}

fn form_of(kind: FieldKind, characters: &[u8], today: CalendarDate) -> Form {
    let allowed = kind.allowed();
    if !characters.iter().all(|&c| allowed.has(c)) {
        return Form::Malformed;
    }
    let good = match kind {
        FieldKind::BirthDate if PartialDate::read(characters, Century::Past, today).is_none() => {
            return Form::Malformed;
        }
        FieldKind::ExpiryDate if PartialDate::read(characters, Century::Near, today).is_none() => {
            return Form::Malformed;
        }
        FieldKind::DocumentCode if characters.first() == Some(&FILLER) => return Form::Malformed,
        FieldKind::IssuingState | FieldKind::Nationality => {
            <[u8; 3]>::try_from(characters).is_ok_and(is_state)
        }
        FieldKind::Names => name::split(characters).tidy,
        FieldKind::Surname => {
            let names = name::split(characters);
            names.tidy && names.secondary.is_empty()
        }
        FieldKind::GivenNames => characters.first().is_some_and(|&c| c != FILLER),
        FieldKind::DocumentNumber => characters.first().is_some_and(|&c| c != FILLER),
        _ => true,
    };
    if good { Form::Good } else { Form::Odd }
}

/// Codes of states that come about when rivals replace characters of `code`, which stands at `at`.
pub(super) fn state_readings(
    code: &[u8],
    at: Stretch,
    rivals: impl Iterator<Item = Rival>,
) -> Vec<ambiguity::Substitution> {
    let Ok(code) = <[u8; 3]>::try_from(code) else { return Vec::new() };
    let mut options: [Vec<(u8, f32)>; 3] = code.map(|character| vec![(character, 1.0)]);
    for rival in rivals {
        if let Some(column) = usize::from(rival.place).checked_sub(at.start())
            && let Some(options) = options.get_mut(column)
        {
            options.push((rival.character, rival.share));
        }
    }
    let [first, second, third] = &options;
    let mut found = Vec::new();
    for (a, p) in first {
        for (b, q) in second {
            for (c, r) in third {
                let other = [*a, *b, *c];
                if other != code && is_state(other) {
                    found.push((p * q * r, other));
                }
            }
        }
    }
    found.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let substitution = |other: [u8; 3]| {
        let pairs = other.into_iter().zip(code).enumerate().filter(|(_, (there, here))| there != here);
        pairs.map(|(column, (there, _))| ((at.start() + column) as u8, there)).collect()
    };
    found.into_iter().map(|(_, other)| substitution(other)).collect()
}

fn same_length(line: usize, length: usize, before: usize) -> Result<usize, MrzError> {
    let known = matches!(length, 30 | 36 | 44) && (line == 0 || length == before);
    if known { Ok(length) } else { Err(MrzError::at(MrzErrorKind::LineLength, line, length)) }
}

/// The layout of a zone of `lines` lines of `columns`, whose upper line begins `chars`.
pub(super) fn layout_for(
    lines: usize,
    columns: usize,
    chars: &[u8; PLACES],
) -> Result<&'static Layout, MrzError> {
    if !(2..=MAX_LINES).contains(&lines) {
        return Err(MrzError::at(MrzErrorKind::LineCount, lines, 0));
    }
    layout_of(lines, columns, chars).ok_or(MrzError::at(MrzErrorKind::LineLength, 0, columns))
}
