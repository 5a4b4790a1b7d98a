//! Two people, cut together from one frame to the next: the one who is impersonated first, then another, as in a
//! clumsy deep fake that holds only while the head keeps still.

use super::super::face::Person;
use super::super::{Scratch, Settings, Take, Truth};
use crate::random::stream;
use image::RgbImage;
use rand::Rng;

/// How long before the action the cut comes, in ms.
const BEFORE_MS: f64 = 150.0;

/// The take.
pub(super) struct CutBetween {
    shown: Person,
    attacker: Person,
    /// From when to when in ms of the cycle the attacker is seen.
    span: [f64; 2],
}

impl CutBetween {
    /// `shown`, and in the middle `attacker`: from the first action, or from the second on.
    pub(super) fn new(settings: &Settings, shown: Person, attacker: Person) -> Self {
        let spans: Vec<(f64, f64)> =
            shown.answers.spans().map(|(begin_ms, end_ms, _)| (begin_ms, end_ms)).collect();
        let first = stream(settings.seed, "cut").random_range(0..spans.len().min(2));
        let begin_ms = spans.get(first).map_or(0.0, |span| span.0) - BEFORE_MS;
        let end_ms = spans.last().map_or(0.0, |span| span.1) - BEFORE_MS;
        Self { shown, attacker, span: [begin_ms, end_ms] }
    }

    fn seen(&self, at_ms: f64) -> &Person {
        let phase_ms = self.shown.answers.phase_ms(at_ms);
        if phase_ms >= self.span[0] && phase_ms < self.span[1] { &self.attacker } else { &self.shown }
    }
}

impl Take for CutBetween {
    fn frame(&self, at_ms: f64, scratch: &mut Scratch) -> RgbImage {
        self.seen(at_ms).frame(at_ms, scratch)
    }

    fn truth(&self, at_ms: f64) -> Truth {
        self.seen(at_ms).truth(at_ms)
    }
}
