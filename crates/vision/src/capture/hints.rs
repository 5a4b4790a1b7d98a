//! Hints that can be read: one does not replace another until it has lasted.

/// Time a hint must last before it replaces another, in ms: below it a changing line of text cannot be read.
pub const HINT_MS: f64 = 300.0;

/// Shows the first hint at once, and another when it has been the measured one for [`HINT_MS`] without a break.
#[derive(Clone, Copy, Debug)]
pub struct SteadyHint<H> {
    shown: Option<H>,
    waiting: Option<(H, f64)>,
}

impl<H> Default for SteadyHint<H> {
    fn default() -> Self {
        Self { shown: None, waiting: None }
    }
}

impl<H: Copy + PartialEq> SteadyHint<H> {
    /// Takes in the hint measured at `at_ms` and returns the one to show.
    pub fn update(&mut self, at_ms: f64, measured: H) -> H {
        let shown = *self.shown.get_or_insert(measured);
        if shown == measured {
            self.waiting = None;
            return shown;
        }
        let since_ms = match self.waiting {
            Some((hint, since_ms)) if hint == measured => since_ms,
            _ => {
                self.waiting = Some((measured, at_ms));
                at_ms
            }
        };
        if at_ms - since_ms < HINT_MS {
            return shown;
        }
        *self = Self { shown: Some(measured), waiting: None };
        measured
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_hint_replaces_another_only_when_it_has_lasted() {
        let mut hint = SteadyHint::default();
        let shown: Vec<char> = [
            (0.0, 'a'),
            (100.0, 'b'),
            (200.0, 'a'),
            (300.0, 'b'),
            (450.0, 'c'),
            (500.0, 'b'),
            (790.0, 'b'),
            (800.0, 'b'),
            (900.0, 'a'),
        ]
        .map(|(at_ms, measured)| hint.update(at_ms, measured))
        .to_vec();
        assert_eq!(shown.into_iter().collect::<String>(), "aaaaaaabb");
    }
}
