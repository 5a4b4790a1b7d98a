//! The actions of a challenge, from its nonce. The relay draws them for the plan, the engine refuses a plan that does not
//! fit, and the operator draws them again: a recording of another session answers another schedule.
//!
//! HKDF-SHA256 (RFC 5869) of the nonce, with set and draw as its info, gives numbers; these choose one of the ordered
//! pairs of kinds, then the number of blinks and the length of each window.

use hkdf::Hkdf;
use idv_protocol::{Action, ActionKind, Challenge, ChallengeSet};
use sha2::Sha256;

/// Bytes of a nonce.
pub const NONCE_BYTES: usize = 32;

/// Actions of a challenge: as many as captures of actions are made.
pub const ACTIONS: usize = 2;

/// Salt of the derivation: another rule gets another text.
const SALT: &[u8] = b"idv-challenge-1";

/// Fewest blinks, and how many more there may be. One alone is no answer: everybody blinks every few seconds.
const BLINKS: (u32, u32) = (2, 2);

/// Shortest window in ms: reading the prompt, moving slowly, and some patience.
pub const MIN_WINDOW_MS: u32 = 7_000;

/// A window is longer by one of [`WINDOW_STEPS`] multiples of this, in ms.
const WINDOW_STEP_MS: u32 = 500;

/// See [`WINDOW_STEP_MS`]: 10 s is the longest window, after which waiting feels like a fault.
const WINDOW_STEPS: u32 = 7;

/// How much longer the windows of people are who do not see well what is shown: the prompt is read to them first. WCAG
/// 2.2, 2.2.1 asks for limits that can be ten times as long; after each window the attempt can be repeated.
const WIDE_FACTOR: u32 = 3;

/// Movements of the head, in which depth is seen.
const HEAD: &[ActionKind] =
    &[ActionKind::TurnLeft, ActionKind::TurnRight, ActionKind::LookUp, ActionKind::LookDown];

/// The actions of draw `draw` from `set`: [`ACTIONS`] of them, of different kinds. In the standard set one moves the head,
/// in which depth is seen, and one the face alone, which a rigid mask cannot. A face that comes closer shows the mesh
/// neither; it is asked of those who cannot move their head. Every ordered pair is as likely as any other.
pub fn schedule(nonce: &[u8; NONCE_BYTES], set: ChallengeSet, draw: u32) -> Vec<Action> {
    let mut numbers = Numbers::new(nonce, set, draw);
    let pairs = pairs(set);
    let Some([first, second]) = pairs.get(numbers.below(pairs.len() as u32) as usize) else {
        return Vec::new();
    };
    [first, second].map(|kind| action(*kind, set, &mut numbers)).to_vec()
}

/// The challenge of a plan, drawn from `set`. `None` where `nonce_hex` is no nonce.
pub fn challenge(nonce_hex: &str, set: ChallengeSet, tolerance_ms: u32, max_draws: u32) -> Option<Challenge> {
    let actions = schedule(&nonce_of(nonce_hex)?, set, 0);
    let alternatives = Vec::new();
    Some(Challenge { nonce: nonce_hex.to_owned(), set, actions, tolerance_ms, alternatives, max_draws })
}

/// The bytes of a nonce: [`NONCE_BYTES`] as hex.
pub fn nonce_of(hex: &str) -> Option<[u8; NONCE_BYTES]> {
    hex::decode(hex).ok()?.try_into().ok()
}

/// Kinds of a set in two groups: one action is of each.
fn groups(set: ChallengeSet) -> [&'static [ActionKind]; 2] {
    use ActionKind::{Blink, ComeCloser, Smile, TurnLeft, TurnRight};
    match set {
        ChallengeSet::Standard => [HEAD, &[Blink, Smile]],
        ChallengeSet::NoHeadMovement => [&[ComeCloser], &[Blink, Smile]],
        ChallengeSet::NoPreciseSight => [&[TurnLeft, TurnRight], &[TurnLeft, TurnRight, Blink]],
    }
}

/// Every order of two kinds of `set`, one of each group.
fn pairs(set: ChallengeSet) -> Vec<[ActionKind; ACTIONS]> {
    let [one, other] = groups(set);
    let fits = |a: &ActionKind, b: &ActionKind| one.contains(a) && other.contains(b);
    let all = || ActionKind::ALL.into_iter();
    all()
        .flat_map(|first| all().map(move |second| [first, second]))
        .filter(|[first, second]| first != second && (fits(first, second) || fits(second, first)))
        .collect()
}

fn action(kind: ActionKind, set: ChallengeSet, numbers: &mut Numbers) -> Action {
    let (times, window) = (BLINKS.0 + numbers.below(BLINKS.1), numbers.below(WINDOW_STEPS));
    let factor = if set == ChallengeSet::NoPreciseSight { WIDE_FACTOR } else { 1 };
    Action {
        kind,
        times: if kind == ActionKind::Blink { times } else { 1 },
        window_ms: (MIN_WINDOW_MS + WINDOW_STEP_MS * window) * factor,
    }
}

/// Numbers that follow from a nonce, a set and a draw.
struct Numbers {
    bytes: [u8; 4 * Numbers::COUNT],
    next: usize,
}

impl Numbers {
    /// One for the pair, two for each action.
    const COUNT: usize = 1 + 2 * ACTIONS;

    fn new(nonce: &[u8; NONCE_BYTES], set: ChallengeSet, draw: u32) -> Self {
        let mut bytes = [0; 4 * Self::COUNT];
        let info = [set.code().as_bytes(), &draw.to_be_bytes()];
        // Fails only for more than 255 hashes.
        let expanded = Hkdf::<Sha256>::new(Some(SALT), nonce).expand_multi_info(&info, &mut bytes);
        debug_assert!(expanded.is_ok());
        Self { bytes, next: 0 }
    }

    /// A number below `count`. What a 32-bit draw is off from even is below 2^-26 for our counts.
    fn below(&mut self, count: u32) -> u32 {
        let number = self.bytes.get(self.next..).and_then(|rest| rest.first_chunk::<4>());
        self.next += 4;
        let number = number.map_or(0, |bytes| u32::from_be_bytes(*bytes));
        ((u64::from(number) * u64::from(count)) >> 32) as u32
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use std::collections::{HashMap, HashSet};

    fn draws(set: ChallengeSet) -> impl Iterator<Item = Vec<Action>> {
        (0..3000u32).map(move |draw| schedule(&[(draw % 251) as u8; NONCE_BYTES], set, draw))
    }

    #[test]
    fn a_schedule_is_that_of_rfc_5869() {
        // By Python's hmac and hashlib: the first 20 bytes of HKDF with this salt and the info b"standard" + bytes(4).
        let numbers = Numbers::new(&[0; NONCE_BYTES], ChallengeSet::Standard, 0);
        assert_eq!(hex::encode(numbers.bytes), "32530b7a240b8be6cd59c5f2729a7dd0b3e14326");
    }

    #[test]
    fn two_actions_never_repeat_a_kind_and_come_of_both_groups() {
        for set in ChallengeSet::ALL {
            let [one, other] = groups(set);
            for actions in draws(set) {
                let kinds: Vec<_> = actions.iter().map(|action| action.kind).collect();
                assert!(kinds.len() == ACTIONS && kinds[0] != kinds[1], "{kinds:?}");
                let fits = |a: &ActionKind, b: &ActionKind| one.contains(a) && other.contains(b);
                assert!(fits(&kinds[0], &kinds[1]) || fits(&kinds[1], &kinds[0]), "{set:?} {kinds:?}");
                let head = kinds.iter().any(|kind| kind.shows_depth());
                assert_eq!(head, set != ChallengeSet::NoHeadMovement, "{set:?} {kinds:?}");
            }
        }
    }

    #[test]
    fn every_order_of_kinds_comes_up_about_equally_often() {
        let mut counts: HashMap<Vec<ActionKind>, usize> = HashMap::new();
        for actions in draws(ChallengeSet::Standard) {
            *counts.entry(actions.iter().map(|action| action.kind).collect()).or_default() += 1;
        }
        // Four movements of the head, two of the face, in two orders; 188 draws each, of which 4 sigma is 53.
        assert_eq!(counts.len(), 16);
        assert!(counts.values().all(|count| (135..=241).contains(count)), "{counts:?}");
    }

    #[test]
    fn times_and_windows_are_drawn_too_and_are_wide_where_sight_is_not_precise() {
        let blinks = |set| -> HashSet<u32> {
            draws(set)
                .flatten()
                .filter(|action| action.kind == ActionKind::Blink)
                .map(|action| action.times)
                .collect()
        };
        assert_eq!(blinks(ChallengeSet::Standard), HashSet::from([2, 3]));
        let windows = |set| draws(set).flatten().map(|action| action.window_ms).collect::<HashSet<_>>();
        assert_eq!(windows(ChallengeSet::Standard).len(), WINDOW_STEPS as usize);
        assert!(windows(ChallengeSet::Standard).iter().all(|ms| (7_000..=10_000).contains(ms)));
        assert!(windows(ChallengeSet::NoPreciseSight).iter().all(|ms| (21_000..=30_000).contains(ms)));
        assert!(
            draws(ChallengeSet::Standard)
                .flatten()
                .all(|action| action.times == 1 || action.kind == ActionKind::Blink)
        );
    }

    #[test]
    fn nonce_set_and_draw_each_change_the_schedule() {
        let own = |draw| schedule(&[7; NONCE_BYTES], ChallengeSet::Standard, draw);
        assert_eq!(own(0), own(0));
        let others: HashSet<_> = (0..20).map(own).collect();
        assert!(others.len() > 12);
        assert_ne!(own(0), schedule(&[8; NONCE_BYTES], ChallengeSet::Standard, 0));
        assert_ne!(own(0), schedule(&[7; NONCE_BYTES], ChallengeSet::NoPreciseSight, 0));
    }

    #[test]
    fn anything_but_32_bytes_of_hex_is_no_nonce() {
        for nonce in ["", "00", &"0".repeat(63), &"zz".repeat(32), &"00".repeat(33)] {
            assert_eq!(challenge(nonce, ChallengeSet::Standard, 1, 1), None);
        }
        let drawn = challenge(&"00".repeat(32), ChallengeSet::Standard, 1_000, 3).expect("a nonce");
        assert_eq!(drawn.actions, schedule(&[0; NONCE_BYTES], ChallengeSet::Standard, 0));
    }
}
