//! Which other readings of a checked stretch its check digit would let pass. They make a field doubtful; none
//! of them is ever taken.

use super::check::{value, weighted};
use super::layout::PLACES;

/// Most stretches under one check digit: the composite one of a card.
const MOST_STRETCHES: usize = 4;

/// Combinations of rival characters that are tried; a stretch with more has so many doubts that it is doubtful
/// without trying.
const MAX_COMBINATIONS: usize = 1024;

/// Other readings that are named to the user.
pub(super) const MAX_READINGS: usize = 3;

/// What the recogniser might have seen in place of the character that stands in the zone.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(super) struct Rival {
    /// Where.
    pub place: u8,
    /// The other character, which the format allows here.
    pub character: u8,
    /// Its share of the probability of all that the format allows here.
    pub share: f32,
}

/// The places under one check digit, in the order of its weights.
#[derive(Clone, Copy)]
pub(super) struct Group {
    stretches: [(u8, u8); MOST_STRETCHES],
    len: usize,
    /// Place of the check digit.
    pub check: u8,
}

impl Group {
    /// An empty group with its check digit at `check`.
    pub(super) fn new(check: usize) -> Self {
        Self { stretches: [(0, 0); MOST_STRETCHES], len: 0, check: check as u8 }
    }

    /// Adds places; what would not fit is left out, which no layout reaches.
    #[inline]
    pub(super) fn extend(&mut self, places: std::ops::Range<usize>) {
        if let Some(slot) = self.stretches.get_mut(self.len) {
            *slot = (places.start as u8, places.end as u8);
            self.len += 1;
        }
    }

    /// The places in order.
    pub(super) fn places(&self) -> impl Iterator<Item = u8> {
        self.stretches.into_iter().take(self.len).flat_map(|(start, end)| start..end)
    }

    /// Whether the check digit holds.
    #[inline]
    pub(super) fn holds(&self, chars: &[u8; PLACES]) -> bool {
        let (mut sum, mut index) = (0, 0);
        for &(start, end) in self.stretches.iter().take(self.len) {
            for &character in chars.get(usize::from(start)..usize::from(end)).unwrap_or_default() {
                sum += weighted(value(character), index);
                index = if index == 2 { 0 } else { index + 1 };
            }
        }
        let check = at(chars, self.check);
        check.is_ascii_digit() && sum % 10 == value(check)
    }
}

/// The character at `place`.
#[inline]
fn at(chars: &[u8; PLACES], place: u8) -> u8 {
    chars.get(usize::from(place)).copied().unwrap_or_default()
}

/// Characters put in place of others: (place, character).
pub(super) type Substitution = Vec<(u8, u8)>;

/// What a check digit leaves open.
#[derive(Default)]
pub(super) struct Others {
    /// Other readings that pass, most probable first, at most [`MAX_READINGS`].
    pub readings: Vec<Substitution>,
    /// Whether there is a doubt, also one that is not named.
    pub doubt: bool,
}

/// The other readings of `group` that its check digit, which holds, lets pass as well. A rival alone passes if
/// the two characters are a blind pair; several together if their differences cancel out and their joint
/// probability is at least `joint_min`.
pub(super) fn others(chars: &[u8; PLACES], group: &Group, rivals: &[Rival], joint_min: f32) -> Others {
    let mut found: Vec<(f32, Substitution)> = Vec::new();
    // For each doubtful place: what each rival there adds to the sum less the check digit, modulo 10.
    let mut doubtful: Vec<Vec<(Rival, u32)>> = Vec::new();
    let places = group.places().enumerate().map(|(index, place)| (place, Some(index)));
    for (place, index) in places.chain([(group.check, None)]) {
        let here = value(at(chars, place));
        let mut shifts = Vec::new();
        for rival in rivals.iter().filter(|rival| rival.place == place) {
            let there = value(rival.character);
            let shift = match index {
                Some(index) => weighted(there + 40 - here, index) % 10,
                None => (here + 40 - there) % 10,
            };
            if shift == 0 {
                found.push((rival.share, vec![(place, rival.character)]));
            }
            shifts.push((*rival, shift));
        }
        if !shifts.is_empty() {
            doubtful.push(shifts);
        }
    }
    let mut combinations = 1usize;
    for shifts in &doubtful {
        combinations = combinations.saturating_mul(shifts.len() + 1);
    }
    let too_many = combinations > MAX_COMBINATIONS;
    if !too_many {
        for combination in 1..combinations {
            let (mut rest, mut shift, mut share) = (combination, 0, 1.0);
            let mut substitution = Substitution::new();
            for shifts in &doubtful {
                let choice = rest % (shifts.len() + 1);
                rest /= shifts.len() + 1;
                if let Some((rival, adds)) = choice.checked_sub(1).and_then(|choice| shifts.get(choice)) {
                    shift += adds;
                    share *= rival.share;
                    substitution.push((rival.place, rival.character));
                }
            }
            if substitution.len() > 1 && shift % 10 == 0 && share >= joint_min {
                found.push((share, substitution));
            }
        }
    }
    found.sort_by(|(a, _), (b, _)| b.total_cmp(a));
    let doubt = too_many || !found.is_empty();
    Others { readings: found.into_iter().take(MAX_READINGS).map(|(_, other)| other).collect(), doubt }
}

/// The readings of a stretch that nothing checks: each rival alone, most probable first.
pub(super) fn unchecked(rivals: impl Iterator<Item = Rival>) -> Others {
    let mut rivals: Vec<Rival> = rivals.collect();
    rivals.sort_by(|a, b| b.share.total_cmp(&a.share));
    let doubt = !rivals.is_empty();
    let readings = rivals.iter().take(MAX_READINGS).map(|rival| vec![(rival.place, rival.character)]);
    Others { readings: readings.collect(), doubt }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// A field at the start of the zone with its check digit behind it.
    fn zone(text: &str) -> ([u8; PLACES], Group) {
        let mut chars = [b'<'; PLACES];
        chars[..text.len()].copy_from_slice(text.as_bytes());
        let mut group = Group::new(text.len() - 1);
        group.extend(0..text.len() - 1);
        assert!(group.holds(&chars));
        (chars, group)
    }

    fn rival(place: u8, character: u8, share: f32) -> Rival {
        Rival { place, character, share }
    }

    #[test]
    fn a_blind_pair_is_doubtful_and_another_rival_is_not() {
        let (chars, group) = zone("L898902C36");
        let found = others(&chars, &group, &[rival(1, b'B', 0.4)], 0.02);
        assert!(!found.doubt, "8 and B differ by 3: the check digit tells them apart");
        let found = others(&chars, &group, &[rival(1, b'S', 0.01)], 0.02);
        assert_eq!(found.readings, [vec![(1, b'S')]]);
    }

    #[test]
    fn two_rivals_whose_differences_cancel_out_are_doubtful() {
        // Weights 7 and 3: raising both by one changes the sum by ten.
        let (chars, group) = zone("L898902C36");
        let rivals = [rival(0, b'M', 0.3), rival(1, b'9', 0.3)];
        assert_eq!(others(&chars, &group, &rivals, 0.02).readings, [vec![(0, b'M'), (1, b'9')]]);
        assert!(!others(&chars, &group, &rivals[..1], 0.02).doubt);
        assert!(!others(&chars, &group, &rivals, 0.5).doubt, "too unlikely together");
    }

    #[test]
    fn a_doubtful_check_digit_counts_too() {
        // Position 0 weighs 7: from L to M adds 7, and a check digit 3 in place of 6 takes 7 away, modulo 10.
        let (chars, group) = zone("L898902C36");
        let rivals = [rival(0, b'M', 0.3), rival(9, b'3', 0.3)];
        assert_eq!(others(&chars, &group, &rivals, 0.02).readings, [vec![(0, b'M'), (9, b'3')]]);
    }

    #[test]
    fn very_many_rivals_are_a_doubt_without_being_tried() {
        let (chars, group) = zone("L898902C36");
        let rivals: Vec<Rival> =
            (0..9).flat_map(|place| [b'A', b'D', b'E'].map(|c| rival(place, c, 0.1))).collect();
        assert!(others(&chars, &group, &rivals, 0.02).doubt);
    }
}
