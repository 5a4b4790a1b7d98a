//! How much of a frame is looked at. In: what the frames before showed. Out: where to look, or that all of the frame is
//! to be looked at. Rule: a document that edges and network agree on is looked for where it was, at a third of the cost;
//! all of the frame is looked at again now and then, after a pause, and as soon as anything is in doubt.

use super::corners::Sighting;
use super::geometry::intersection_over_union;
use idv_protocol::Quad;

/// Parameters of [`Follower`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct FollowerParams {
    /// Confidence of a document from which it is followed: that of a frame that may be captured.
    pub min_confidence: f32,
    /// Overlap of what was found with what the network proposes from which they agree.
    pub min_agreement: f32,
    /// Frames after which all of the frame is looked at again: at ten frames a second, a larger document that is held
    /// beside the one that is followed is seen within 0.6 s.
    pub max_frames: u32,
    /// Time in ms after which a document may be anywhere: a hand moves it by its own width.
    pub max_pause_ms: f64,
}

impl Default for FollowerParams {
    fn default() -> Self {
        Self { min_confidence: 0.65, min_agreement: 0.7, max_frames: 6, max_pause_ms: 400.0 }
    }
}

/// Remembers where the document was found.
#[derive(Clone, Debug, Default)]
pub struct Follower {
    params: FollowerParams,
    found: Option<(Quad, f64)>,
    frames: u32,
}

impl Follower {
    /// A follower with these parameters.
    pub fn new(params: FollowerParams) -> Self {
        Self { params, ..Self::default() }
    }

    /// Forgets the document.
    pub fn clear(&mut self) {
        *self = Self::new(self.params);
    }

    /// Where to look for the document in the frame at `at_ms` (monotonic), in px; `None` for all of the frame.
    pub fn expected(&mut self, at_ms: f64) -> Option<Quad> {
        let (quad, found_ms) = self.found?;
        let pause_ms = at_ms - found_ms;
        let follows =
            self.frames < self.params.max_frames && (0.0..=self.params.max_pause_ms).contains(&pause_ms);
        if !follows {
            self.clear();
        }
        follows.then_some(quad)
    }

    /// Takes in what was found in the frame at `at_ms`, in px, how sure it is, and what the network saw there.
    pub fn update(&mut self, at_ms: f64, found: Option<Quad>, confidence: f32, sighting: &Sighting) {
        let agreed = |quad: &Quad| {
            confidence >= self.params.min_confidence
                && sighting.proposals().iter().any(|proposal| {
                    intersection_over_union(&proposal.quad, quad) >= self.params.min_agreement
                })
        };
        match found.filter(agreed) {
            Some(quad) => {
                self.frames = if sighting.followed().is_some() { self.frames + 1 } else { 0 };
                self.found = Some((quad, at_ms));
            }
            None => self.clear(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use idv_protocol::Point;

    fn card(x: f32) -> Quad {
        Quad([(x, 100.0), (x + 600.0, 100.0), (x + 600.0, 480.0), (x, 480.0)].map(|(x, y)| Point::new(x, y)))
    }

    #[test]
    fn a_document_that_both_witnesses_see_is_looked_for_where_it_was() {
        let mut follower = Follower::default();
        assert_eq!(follower.expected(0.0), None);
        follower.update(0.0, Some(card(300.0)), 0.9, &Sighting::of(&[card(305.0)], None));
        assert_eq!(follower.expected(100.0), Some(card(300.0)));
    }

    #[test]
    fn doubt_makes_it_look_at_all_of_the_frame() {
        let seen = Sighting::of(&[card(305.0)], None);
        for (found, confidence, sighting) in [
            (None, 0.0, &seen),
            (Some(card(300.0)), 0.5, &seen),
            (Some(card(800.0)), 0.9, &seen),
            (Some(card(300.0)), 0.9, &Sighting::of(&[], None)),
        ] {
            let mut follower = Follower::default();
            follower.update(0.0, Some(card(300.0)), 0.9, &seen);
            follower.update(100.0, found, confidence, sighting);
            assert_eq!(follower.expected(200.0), None, "{found:?} {confidence}");
        }
    }

    #[test]
    fn all_of_the_frame_is_looked_at_now_and_then_and_after_a_pause() {
        let mut follower = Follower::default();
        let mut followed = 0;
        follower.update(0.0, Some(card(300.0)), 0.9, &Sighting::of(&[card(300.0)], None));
        for frame in 1..40 {
            let at_ms = f64::from(frame) * 100.0;
            let expected = follower.expected(at_ms);
            followed += u32::from(expected.is_some());
            follower.update(at_ms, Some(card(300.0)), 0.9, &Sighting::of(&[card(300.0)], expected));
        }
        assert_eq!(followed, 34, "six of seven frames");
        assert_eq!(follower.expected(10_000.0), None);
        assert_eq!(follower.expected(10_100.0), None);
    }
}
