//! From glyphs to characters: where the format rules the recogniser's first choice out, the best of its other
//! alternatives takes the place. No check digit has a say in it.

use super::ambiguity::Rival;
use super::check::{FILLER, code, indistinguishable};
use super::codes::is_state;
use super::error::{MrzError, MrzErrorKind};
use super::glyph::{Glyph, ReadLine};
use super::layout::{Allowed, FRA_ID_START, FieldKind, MAX_COLUMNS, PLACES};
use super::name;
use super::zone::{Zone, layout_for, state_readings};
use idv_protocol::reading::MrzCorrection;

/// When an alternative may take a place, and when it is a doubt.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct CorrectionParams {
    /// Least probability of an alternative that takes the place of one which the format rules out. Below, the
    /// recogniser saw nothing that the format allows, and the character stays and is reported. 1 in 500.
    pub correction_min: f32,
    /// Least share of the allowed probability that makes an alternative a rival. 1 in 200: of held-out characters
    /// whose best rival has less, 1 in 10,000 is wrong, and of the wrong ones 9 in 10 have more
    /// (`models/training/mrz/calibrate.py`).
    pub rival_min: f32,
    /// The same for an alternative that a check digit cannot tell from the first choice, so that nothing else
    /// will find the error. Lower for that reason: 1 in 500.
    pub blind_rival_min: f32,
    /// Least joint probability of several rivals that a check digit would let pass together. 1 in 5,000, a tenth of
    /// that of a single one: errors of one picture go together, so that their product is too low an estimate.
    pub joint_rival_min: f32,
    /// Certainty below which a character that no check digit covers is in doubt, whatever its rivals: 0.9.
    pub sure_min: f32,
    /// Probability from which a character that the format put in place counts as read: 1 in 10.
    pub corrected_sure_min: f32,
}

impl Default for CorrectionParams {
    fn default() -> Self {
        Self {
            correction_min: 0.002,
            rival_min: 0.005,
            blind_rival_min: 0.002,
            joint_rival_min: 0.0002,
            sure_min: 0.9,
            corrected_sure_min: 0.1,
        }
    }
}

/// A glyph under the rule of its place.
struct Decided {
    character: u8,
    /// What stood first, if the format ruled it out.
    from: Option<u8>,
    sure: bool,
}

/// Decides `glyph` between what `allowed` allows and calls `rival` for each other allowed alternative with its
/// share. A glyph of which nothing is allowed keeps its first choice. `None` for one that is no character.
fn decide(
    glyph: &Glyph,
    allowed: Allowed,
    params: &CorrectionParams,
    mut rival: impl FnMut(u8, u8, f32),
) -> Option<Decided> {
    let known = || glyph.alternatives().iter().filter(|(c, _)| code(*c).is_some());
    let first = known().next()?.0;
    let fitting = || known().filter(|(c, _)| allowed.has(*c));
    let chosen = fitting().next().filter(|(c, p)| *c == first || *p >= params.correction_min);
    let Some(&(character, probability)) = chosen else {
        return Some(Decided { character: first, from: None, sure: false });
    };
    let total: f32 = fitting().map(|(_, p)| p).sum();
    for &(other, p) in fitting().skip(1) {
        rival(character, other, p / total.max(f32::EPSILON));
    }
    let ruled_out: f32 = known().filter(|(c, _)| !allowed.has(*c)).map(|(_, p)| p).sum();
    let corrected = character != first;
    let sure = probability + ruled_out >= params.sure_min
        && (!corrected || probability >= params.corrected_sure_min);
    Some(Decided { character, from: corrected.then_some(first), sure })
}

/// The zone that `lines`, each `columns` long, make.
pub(super) fn corrected(
    lines: &[ReadLine],
    columns: usize,
    params: &CorrectionParams,
) -> Result<Zone, MrzError> {
    let mut chars = [FILLER; PLACES];
    for (place, glyph) in glyphs(lines) {
        let decided = decide(glyph, Allowed::Any, params, |_, _, _| ());
        let Some(Decided { character, .. }) = decided else {
            return Err(MrzError::at(MrzErrorKind::Character, place / MAX_COLUMNS, place % MAX_COLUMNS));
        };
        if let Some(slot) = chars.get_mut(place) {
            *slot = character;
        }
    }
    // The format hangs on the first characters, which are letters in every format.
    let mut start = chars;
    for (place, glyph) in glyphs(lines).take(FRA_ID_START.len()) {
        if let (Some(slot), Some(decided)) =
            (start.get_mut(place), decide(glyph, Allowed::Letters, params, |_, _, _| ()))
        {
            *slot = decided.character;
        }
    }
    let layout = layout_for(lines.len(), columns, &start)?;
    let (rivals, weak, corrections) = (Vec::new(), Vec::new(), Vec::new());
    let mut zone = Zone { layout, chars, rivals, weak, corrections, joint_min: params.joint_rival_min };
    for (place, glyph) in glyphs(lines) {
        let Zone { rivals, weak, .. } = &mut zone;
        let decided = decide(glyph, layout.allowed_at(place), params, |here, other, share| {
            let min = if indistinguishable(here, other) { params.blind_rival_min } else { params.rival_min };
            if share >= min.min(params.rival_min) {
                rivals.push(Rival { place: place as u8, character: other, share });
            }
        });
        let Some(decided) = decided else { continue };
        if !decided.sure {
            weak.push(place as u8);
        }
        if let Some(from) = decided.from {
            zone.put(place, from, decided.character);
        }
    }
    for kind in [FieldKind::Names, FieldKind::Surname] {
        zone.fill_behind_names(kind, lines, params);
    }
    for kind in [FieldKind::IssuingState, FieldKind::Nationality] {
        zone.complete_state(kind, lines, params);
    }
    Ok(zone)
}

/// Every glyph with its place.
fn glyphs(lines: &[ReadLine]) -> impl Iterator<Item = (usize, &Glyph)> {
    lines.iter().enumerate().flat_map(|(line, read)| {
        read.glyphs.iter().enumerate().map(move |(column, glyph)| (line * MAX_COLUMNS + column, glyph))
    })
}

impl Zone {
    /// Puts `character` where `from` stood.
    fn put(&mut self, place: usize, from: u8, character: u8) {
        if let Some(slot) = self.chars.get_mut(place) {
            *slot = character;
        }
        let (line, column) = ((place / MAX_COLUMNS) as u8, (place % MAX_COLUMNS) as u8);
        self.corrections.retain(|known| (known.line, known.column) != (line, column));
        self.corrections.push(MrzCorrection { line, column, from: from.into(), to: character.into() });
    }

    /// Behind the second `<<` of a name field nothing but fillers can stand: a letter there gives way to a
    /// filler that the recogniser saw as well, and letters are no rivals.
    fn fill_behind_names(&mut self, kind: FieldKind, lines: &[ReadLine], params: &CorrectionParams) {
        let Some(field) = self.layout.field(kind) else { return };
        let names = name::split_before_fill(self.characters(field.at));
        let Some(end) = names.map(|end| field.at.start() + end) else { return };
        for (place, glyph) in glyphs(lines).filter(|(place, _)| (end..field.at.end()).contains(place)) {
            let filler = glyph.alternatives().iter().find(|(c, _)| *c == FILLER);
            let Some(&(_, probability)) = filler.filter(|(_, p)| *p >= params.correction_min) else {
                continue;
            };
            let here = self.chars.get(place).copied().unwrap_or(FILLER);
            // One letter right behind a single filler would be a further name: it stays a doubt.
            if place > end + 1 {
                self.rivals.retain(|rival| usize::from(rival.place) != place);
                self.weak.retain(|weak| usize::from(*weak) != place);
            }
            if here != FILLER && place > end + 1 {
                self.put(place, here, FILLER);
                if probability < params.corrected_sure_min {
                    self.weak.push(place as u8);
                }
            }
        }
    }

    /// A code that no state has gives way to the only one that the recogniser's alternatives make.
    fn complete_state(&mut self, kind: FieldKind, lines: &[ReadLine], params: &CorrectionParams) {
        let Some(field) = self.layout.field(kind) else { return };
        if <[u8; 3]>::try_from(self.characters(field.at)).is_ok_and(is_state) {
            return;
        }
        let inside = field.at.start()..field.at.end();
        let mut rivals = Vec::new();
        for (place, glyph) in glyphs(lines).filter(|(place, _)| inside.contains(place)) {
            let here = self.chars.get(place).copied();
            for &(character, share) in glyph.alternatives() {
                let other = Some(character) != here && Allowed::Letters.has(character);
                if other && share >= params.correction_min {
                    rivals.push(Rival { place: place as u8, character, share });
                }
            }
        }
        let found = state_readings(self.characters(field.at), field.at, rivals.iter().copied());
        let [only] = found.as_slice() else { return };
        for &(place, character) in only {
            let from = self.chars.get(usize::from(place)).copied().unwrap_or(FILLER);
            self.put(usize::from(place), from, character);
            let share = rivals.iter().find(|r| (r.place, r.character) == (place, character));
            self.weak.retain(|weak| *weak != place);
            if share.is_none_or(|rival| rival.share < params.corrected_sure_min) {
                self.weak.push(place);
            }
        }
        // What stood there makes no state: it is no rival any more.
        self.rivals.retain(|rival| !inside.contains(&usize::from(rival.place)));
    }
}
