//! Whether two runs over the same frames decided the same.
//!
//! What counts are the ends: whether the picture was taken, whether the challenge was met, which of its actions were.
//! On the way hints may differ by a frame: a JPEG is decoded a little differently by every library, and values near a
//! threshold fall to either side.

use super::{Decision, Played};

/// Share of the frames in which the hints of two runs may differ.
pub const HINTS_DIFFER_RATIO: f64 = 0.1;

/// How far the largest value of an action may be off, in degrees; of what is measured as a ratio, a hundredth of that.
pub const REPORT_TOLERANCE_DEG: f32 = 3.0;

/// How two runs compare.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Comparison {
    /// Frames that both looked at.
    pub frames: usize,
    /// Those of them at which they decided differently.
    pub differing: Vec<usize>,
    /// What differs at the end; empty where nothing does.
    pub ends: Vec<String>,
}

impl Comparison {
    /// Whether they decided the same, within the tolerances of this file.
    pub fn is_same(&self) -> bool {
        self.ends.is_empty() && self.differing.len() as f64 <= HINTS_DIFFER_RATIO * self.frames as f64
    }

    /// Whether they decided the same at every frame.
    pub fn is_identical(&self) -> bool {
        self.ends.is_empty() && self.differing.is_empty()
    }
}

/// Compares two runs.
pub fn compare(one: &Played, other: &Played) -> Comparison {
    let pairs = || one.decisions.iter().zip(&other.decisions);
    let differing = pairs().enumerate().filter(|(_, (a, b))| a != b).map(|(index, _)| index).collect();
    let mut ends = Vec::new();
    let taken = |run: &Played| {
        run.decisions.iter().any(|decision| matches!(decision, Decision::Document { captured: true, .. }))
    };
    if taken(one) != taken(other) {
        ends.push(format!("picture taken: {} and {}", taken(one), taken(other)));
    }
    match (&one.report, &other.report) {
        (None, None) => {}
        (Some(a), Some(b)) => {
            if (a.challenge_met, a.draw) != (b.challenge_met, b.draw) {
                let say = |met: bool, draw: u32| format!("met: {met}, draw {draw}");
                ends.push(format!("{} and {}", say(a.challenge_met, a.draw), say(b.challenge_met, b.draw)));
            }
            if a.actions.len() != b.actions.len() {
                ends.push(format!("actions: {} and {}", a.actions.len(), b.actions.len()));
            }
            for (a, b) in a.actions.iter().zip(&b.actions) {
                let met = (a.met_at_ms.is_some(), b.met_at_ms.is_some());
                // Degrees are tens, ratios are near one.
                let scale = if a.value.abs().max(b.value.abs()) < 5.0 { 0.01 } else { 1.0 };
                let near = (a.value - b.value).abs() <= REPORT_TOLERANCE_DEG * scale;
                if a.action != b.action || met.0 != met.1 || !near {
                    ends.push(format!(
                        "{}: met {} and {}, value {} and {}",
                        a.action.kind.code(),
                        met.0,
                        met.1,
                        a.value,
                        b.value
                    ));
                }
            }
            let flat = |depth: Option<idv_protocol::DepthReport>| depth.map(|depth| depth.flat);
            if flat(a.depth) != flat(b.depth) {
                ends.push(format!("flat: {:?} and {:?}", flat(a.depth), flat(b.depth)));
            }
        }
        (a, b) => ends.push(format!("ended: {} and {}", a.is_some(), b.is_some())),
    }
    Comparison { frames: pairs().count(), differing, ends }
}

#[cfg(test)]
mod tests {
    use super::*;
    use idv_protocol::DocumentHint;

    fn run(hints: &[DocumentHint], captured: bool) -> Played {
        let decisions = hints.iter().map(|hint| Decision::Document { hint: *hint, captured }).collect();
        Played { decisions, ..Played::default() }
    }

    #[test]
    fn a_hint_that_is_off_by_a_frame_is_the_same_and_another_end_is_not() {
        let mut hints = [DocumentHint::Searching; 20];
        let one = run(&hints, true);
        hints[3] = DocumentHint::Blurred;
        let off = compare(&one, &run(&hints, true));
        // The numbers of all are off only where the hint is.
        assert_eq!((off.frames, off.differing.as_slice()), (20, &[3][..]));
        assert!(off.is_same() && !off.is_identical());
        hints[7..10].fill(DocumentHint::Glare);
        assert!(!compare(&one, &run(&hints, true)).is_same());
        assert!(!compare(&one, &run(&[DocumentHint::Searching; 20], false)).is_same());
        assert!(compare(&one, &one).is_identical());
    }
}
