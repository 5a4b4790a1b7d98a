//! A track that is asked for another size of its own, and whether it follows.
//!
//! It is asked with `resizeMode: 'none'`: without it Chromium crops and scales the frames of any source, which answers
//! for it.

use super::together;
use idv_protocol::{InjectionCode, InjectionSignal};

/// Sizes of the frames before and after a camera was asked for another one, width and height in px.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Answer {
    /// Before.
    pub before: (f64, f64),
    /// After.
    pub after: (f64, f64),
}

/// What came of asking.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct ProbeFacts {
    /// The track refused sizes that are only wished for, unscaled.
    pub refused: bool,
    /// The settings tell how frames are resized, as they do of cameras wherever this can be asked for.
    pub tells_mode: bool,
    /// What was asked for, width and height in px.
    pub asked: (f64, f64),
    /// What came.
    pub answer: Answer,
}

/// Sizes that nearly every camera has, width and height in px.
const USUAL: [(f64, f64); 2] = [(1280.0, 720.0), (640.0, 480.0)];

/// How much each silence says. Cameras with one size exist, drivers that refuse as well.
const REFUSED_DOUBT: f32 = 0.5;
const NO_MODE_DOUBT: f32 = 0.5;
const SAME_SIZE_DOUBT: f32 = 0.6;

/// A usual size that is not the one there is.
pub fn other_size(size: (f64, f64)) -> (f64, f64) {
    let [first, second] = USUAL;
    if same(size, first) { second } else { first }
}

fn same(a: (f64, f64), b: (f64, f64)) -> bool {
    a == b || a == (b.1, b.0)
}

pub(super) fn signal(probe: &ProbeFacts) -> Option<InjectionSignal> {
    let Answer { before, after } = probe.answer;
    let unmoved = !probe.refused && same(before, after) && !same(before, probe.asked);
    let silences =
        [(probe.refused, REFUSED_DOUBT), (!probe.tells_mode, NO_MODE_DOUBT), (unmoved, SAME_SIZE_DOUBT)];
    let found: Vec<f32> = silences.into_iter().filter(|(is, _)| *is).map(|(_, doubt)| doubt).collect();
    let count = found.len() as f32;
    (count > 0.0).then(|| InjectionSignal::new(InjectionCode::SettingsDoNotAnswer, count, together(found)))
}

#[cfg(test)]
mod tests {
    use super::*;

    const HD: (f64, f64) = (1280.0, 720.0);
    const VGA: (f64, f64) = (640.0, 480.0);

    fn probe(before: (f64, f64), after: (f64, f64)) -> ProbeFacts {
        let asked = other_size(before);
        ProbeFacts { refused: false, tells_mode: true, asked, answer: Answer { before, after } }
    }

    #[test]
    fn a_camera_follows_and_may_choose_a_size_of_its_own() {
        assert_eq!(other_size(HD), VGA);
        assert_eq!(other_size((720.0, 1280.0)), VGA, "upright");
        assert_eq!(other_size(VGA), HD);
        for after in [VGA, (640.0, 360.0)] {
            assert_eq!(signal(&probe(HD, after)), None);
        }
    }

    #[test]
    fn what_does_not_follow_says_little_and_what_says_nothing_of_it_more() {
        let fixed = signal(&probe(HD, HD)).expect("a sign");
        assert!(!fixed.is_sure() && fixed.value == 1.0);
        let drawn = ProbeFacts { tells_mode: false, ..probe(HD, HD) };
        let drawn = signal(&drawn).expect("a sign");
        assert!(drawn.is_sure() && drawn.value == 2.0, "{drawn:?}");
        let refused = ProbeFacts { refused: true, ..probe(HD, HD) };
        assert_eq!(signal(&refused).expect("a sign").value, 1.0);
    }
}
