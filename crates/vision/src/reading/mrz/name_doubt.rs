//! Which of the two identifiers a doubt about a name field concerns. In: the places in doubt. Out: a [`NameDoubt`]
//! for each identifier. Rule: a doubt about one does not mark the other; one about the separator, the fill or the
//! form marks both.

use super::ambiguity::MAX_READINGS;
use super::layout::{Field, PLACES};
use super::name::{self, Names};
use super::zone::Zone;
use idv_protocol::reading::MrzFieldStatus;
use std::ops::Range;

/// What is in doubt of one identifier.
#[derive(Default)]
pub(super) struct NameDoubt {
    /// Other values that it may have, most probable first, at most [`MAX_READINGS`].
    pub others: Vec<String>,
    /// Whether there is a doubt that names no other value.
    unnamed: bool,
    /// Whether it holds a character that no name has.
    malformed: bool,
}

impl NameDoubt {
    /// The status of the identifier in a field whose status is `whole`.
    pub(super) fn status(&self, whole: MrzFieldStatus) -> MrzFieldStatus {
        match whole {
            MrzFieldStatus::Malformed if self.malformed => MrzFieldStatus::Malformed,
            MrzFieldStatus::Malformed | MrzFieldStatus::NeedsConfirmation => {
                let is_doubtful = self.unnamed || !self.others.is_empty();
                if is_doubtful { MrzFieldStatus::NeedsConfirmation } else { MrzFieldStatus::Unverified }
            }
            sound => sound,
        }
    }
}

impl Zone {
    /// What is in doubt of the primary and of the secondary identifier of `field`, which stand at `names` in it and
    /// whose status together is `status`.
    pub(super) fn name_doubts(&self, field: &Field, status: MrzFieldStatus, names: &Names) -> [NameDoubt; 2] {
        let mut doubts = <[NameDoubt; 2]>::default();
        if !matches!(status, MrzFieldStatus::NeedsConfirmation | MrzFieldStatus::Malformed) {
            return doubts;
        }
        let here = values(field, &self.chars);
        let mut rivals: Vec<_> = self.rivals_in(field).collect();
        rivals.sort_by(|a, b| b.share.total_cmp(&a.share));
        for rival in rivals {
            let there = values(field, &self.with(&[(rival.place, rival.character)]));
            for ((doubt, here), there) in doubts.iter_mut().zip(&here).zip(there) {
                if *here != there && doubt.others.len() < MAX_READINGS && !doubt.others.contains(&there) {
                    doubt.others.push(there);
                }
            }
        }
        let inside = field.at.start()..field.at.end();
        let concerned = |place: usize| {
            let column = place.saturating_sub(inside.start);
            let [primary, secondary] =
                [&names.primary, &names.secondary].map(|range| range.contains(&column));
            [primary || !secondary, secondary || !primary]
        };
        for &place in &self.weak {
            let place = usize::from(place);
            if inside.contains(&place) {
                for (doubt, concerned) in doubts.iter_mut().zip(concerned(place)) {
                    doubt.unnamed |= concerned;
                }
            }
        }
        let letters = field.kind.allowed();
        for (place, character) in inside.clone().zip(self.characters(field.at)) {
            if !letters.has(*character) {
                for (doubt, concerned) in doubts.iter_mut().zip(concerned(place)) {
                    doubt.malformed |= concerned;
                }
            }
        }
        let none = doubts.iter().all(|doubt| doubt.others.is_empty() && !doubt.unnamed && !doubt.malformed);
        if !names.tidy || none {
            doubts.iter_mut().for_each(|doubt| doubt.unnamed = true);
        }
        doubts
    }
}

/// The values of both identifiers of `field` in `chars`.
fn values(field: &Field, chars: &[u8; PLACES]) -> [String; 2] {
    let characters = chars.get(field.at.start()..field.at.end()).unwrap_or_default();
    let names = name::split(characters);
    let value = |range: Range<usize>| name::spaced(characters.get(range).unwrap_or_default());
    [value(names.primary), value(names.secondary)]
}
