//! Presentation attacks: somebody, or something, that tries to pass for a person who is not there.
//!
//! In: the photograph of the person who is impersonated, that of the attacker, and what is asked for. Out: a
//! recording, by seed. Rule: each attack does the most that its means allow: who holds a print tilts it as if a
//! head turned, who replays a film replays one that answers where the attack's name does not say otherwise.

mod bent;
mod cut;
mod injected;
mod screen;

use super::answer::{Answers, CYCLES};
use super::face::Person;
use super::{Recording, Settings, Take};
use crate::error::Error;
use crate::person::{Cut, Subject, Worn};
use crate::random::stream;
use idv_protocol::{Action, ActionKind};
use rand::Rng;

/// A kind of attack.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AttackKind {
    /// A printed photograph, held still.
    PrintStill,
    /// A printed photograph, turned, tilted and brought closer as is asked for.
    PrintMoved,
    /// The same, bent about the vertical axis as a face is.
    PrintBent,
    /// A printed photograph worn before the face, with holes through which the attacker's own eyes look and blink.
    CutOut,
    /// A phone that shows a film of the person who does what is asked for.
    PhoneAnswer,
    /// A phone that shows a film of the person who does other things.
    PhoneOther,
    /// A monitor that shows a film of the person who does what is asked for, and fills the frame.
    MonitorAnswer,
    /// A monitor that shows a film of the person who does other things.
    MonitorOther,
    /// A painted mask with the shape of the person's face, which has no expression.
    Mask,
    /// The person at first, and another, who does what is asked for, from one frame to the next.
    CutBetween,
    /// A file in place of the camera: the person without a camera's noise, in a loop, filmed for another session.
    InjectedOther,
    /// The same, made for this session.
    InjectedAnswer,
}

impl AttackKind {
    /// All of them.
    pub const ALL: [Self; 12] = [
        Self::PrintStill,
        Self::PrintMoved,
        Self::PrintBent,
        Self::CutOut,
        Self::PhoneAnswer,
        Self::PhoneOther,
        Self::MonitorAnswer,
        Self::MonitorOther,
        Self::Mask,
        Self::CutBetween,
        Self::InjectedOther,
        Self::InjectedAnswer,
    ];

    /// The name in commands and reports.
    pub fn name(self) -> &'static str {
        match self {
            Self::PrintStill => "print_still",
            Self::PrintMoved => "print_moved",
            Self::PrintBent => "print_bent",
            Self::CutOut => "cut_out",
            Self::PhoneAnswer => "phone_answer",
            Self::PhoneOther => "phone_other",
            Self::MonitorAnswer => "monitor_answer",
            Self::MonitorOther => "monitor_other",
            Self::Mask => "mask",
            Self::CutBetween => "cut_between",
            Self::InjectedOther => "injected_other",
            Self::InjectedAnswer => "injected_answer",
        }
    }

    /// The kind of this name.
    pub fn named(name: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|kind| kind.name() == name)
    }
}

/// A recording of an attack of `kind` by `attacker`, who wants to pass for `shown`, when one of `draws` is asked
/// for. Fails with [`crate::ErrorKind::BadRequest`] without an action.
pub fn attack<D: AsRef<[Action]>>(
    settings: &Settings,
    kind: AttackKind,
    shown: &Subject,
    attacker: &Subject,
    draws: &[D],
) -> Result<Recording, Error> {
    let mut rng = stream(settings.seed, "attack");
    let answers = Answers::new(settings, draws)?;
    let frames = answers.intro + answers.cycle * CYCLES;
    let file = |of: &Subject| Person::new(settings, of, draws);
    let other_file = |of: &Subject| Person::new(settings, of, &[others(draws)]);
    let film = |of: &Subject| file(of).map(Person::live);
    let other_film = |of: &Subject| other_file(of).map(Person::live);
    let take: Box<dyn Take> = match kind {
        AttackKind::PrintStill => Box::new(super::print::print_take(settings, shown, None)?),
        AttackKind::PrintMoved => Box::new(super::print::print_take(settings, shown, Some(answers))?),
        AttackKind::PrintBent => Box::new(bent::Bent::new(settings, shown, answers)?),
        AttackKind::CutOut => {
            let (cut, bend) = (rng.random_bool(0.5), rng.random_bool(0.5));
            let cut = if cut { Cut::Oval } else { Cut::Rectangle };
            let wearer = film(attacker)?;
            let worn = Worn::print(wearer.head(), shown, cut, if bend { 0.25 } else { 0.0 });
            Box::new(wearer.wearing(worn))
        }
        AttackKind::Mask => {
            let wearer = film(attacker)?;
            let worn = Worn::mask(wearer.head(), shown);
            Box::new(wearer.wearing(worn))
        }
        AttackKind::PhoneAnswer => Box::new(screen::Screen::phone(settings, film(shown)?)?),
        AttackKind::PhoneOther => Box::new(screen::Screen::phone(settings, other_film(shown)?)?),
        AttackKind::MonitorAnswer => Box::new(screen::Screen::monitor(settings, film(shown)?)?),
        AttackKind::MonitorOther => Box::new(screen::Screen::monitor(settings, other_film(shown)?)?),
        AttackKind::CutBetween => Box::new(cut::CutBetween::new(settings, film(shown)?, film(attacker)?)),
        AttackKind::InjectedOther => Box::new(injected::Injected::new(other_file(shown)?.perfect())),
        AttackKind::InjectedAnswer => Box::new(injected::Injected::new(file(shown)?.perfect())),
    };
    Ok(Recording { take, settings: *settings, intro: 0, cycle: 0, frames })
}

/// What a film of another session shows: actions of the kinds that none of `draws` asks for, with the windows of
/// those that are.
fn others<D: AsRef<[Action]>>(draws: &[D]) -> Vec<Action> {
    let asked: Vec<Action> = draws.iter().flat_map(|draw| draw.as_ref()).copied().collect();
    let window_ms = asked.iter().map(|action| action.window_ms).min().unwrap_or_default();
    ActionKind::ALL
        .into_iter()
        .filter(|kind| asked.iter().all(|action| action.kind != *kind))
        .map(|kind| Action { kind, times: 2, window_ms })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn every_kind_is_found_by_its_name() {
        for kind in AttackKind::ALL {
            assert_eq!(AttackKind::named(kind.name()), Some(kind));
        }
        assert_eq!(AttackKind::named("nothing"), None);
    }

    #[test]
    fn a_film_of_another_session_does_nothing_that_is_asked() {
        let asked = [ActionKind::TurnLeft, ActionKind::Smile];
        let draw = asked.map(|kind| Action { kind, times: 1, window_ms: 6000 });
        let others = others(&[draw]);
        assert!(others.len() == 5 && others.iter().all(|action| !asked.contains(&action.kind)));
    }
}
