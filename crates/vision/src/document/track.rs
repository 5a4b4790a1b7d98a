//! The document from frame to frame. In: where it was found, or that it was not. Out: where to draw it. Rule: a
//! still document stands still, a moving one is followed, and one that is gone is let go in time.
//!
//! Each corner runs through a one-euro filter (Casiez, Roussel, Vogel 2012): a low pass whose cutoff rises with
//! the speed, so that noise is smoothed where nothing moves and nothing lags where something does.

use super::rectify::begun_at;
use idv_protocol::{Point, Quad};
use std::f32::consts::TAU;

/// Parameters of [`Tracker`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct TrackerParams {
    /// Cutoff for a still document in Hz: noise of a corner is cut to a third at 30 frames a second.
    pub still_cutoff_hz: f32,
    /// How fast the cutoff rises with the speed, in Hz per diagonal a second. A hand that brings a document into
    /// the frame moves it by half a diagonal a second: the cutoff is then 21 Hz, a lag of 8 ms.
    pub cutoff_per_speed: f32,
    /// Cutoff of the speed itself in Hz, the value of the filter's authors.
    pub speed_cutoff_hz: f32,
    /// Step of a corner in shares of the diagonal beyond which it is another document, or the same one taken up
    /// again: drawn there at once.
    pub jump_ratio: f32,
    /// Time in ms for which a document that is not found is still drawn where it was. A frame that fails now and
    /// then does not flicker; longer would stick to an empty table.
    pub hold_ms: f64,
}

impl Default for TrackerParams {
    fn default() -> Self {
        Self {
            still_cutoff_hz: 1.5,
            cutoff_per_speed: 40.0,
            speed_cutoff_hz: 1.0,
            jump_ratio: 0.2,
            hold_ms: 150.0,
        }
    }
}

/// Follows one document.
#[derive(Clone, Debug, Default)]
pub struct Tracker {
    params: TrackerParams,
    held: Option<Held>,
}

#[derive(Clone, Copy, Debug)]
struct Held {
    at_ms: f64,
    /// As found in the last frame.
    found: Quad,
    /// As drawn.
    drawn: Quad,
    /// Speed of each corner in px a second, smoothed.
    speed: [Point; 4],
}

impl Tracker {
    /// A tracker with these parameters.
    pub fn new(params: TrackerParams) -> Self {
        Self { params, held: None }
    }

    /// Forgets the document.
    pub fn clear(&mut self) {
        self.held = None;
    }

    /// Takes in what the frame at `at_ms` (monotonic) shows, corners in px, and says where to draw the document.
    /// The corners keep their places on the document while it turns.
    pub fn update(&mut self, at_ms: f64, found: Option<&Quad>) -> Option<Quad> {
        let params = self.params;
        let Some(found) = found else {
            self.held = self.held.filter(|held| at_ms - held.at_ms < params.hold_ms);
            return self.held.map(|held| held.drawn);
        };
        let followed = self.held.map(|held| (held, nearest_turn(found, &held.found)));
        self.held = Some(match followed {
            Some((held, found)) if !is_jump(&held.found, &found, params.jump_ratio) => {
                held.followed(at_ms, found, &params)
            }
            _ => Held { at_ms, found: *found, drawn: *found, speed: [Point::default(); 4] },
        });
        self.held.map(|held| held.drawn)
    }
}

impl Held {
    fn followed(&self, at_ms: f64, found: Quad, params: &TrackerParams) -> Self {
        let dt_s = ((at_ms - self.at_ms) / 1000.0).max(0.001) as f32;
        let diagonal = diagonal_of(&found);
        let mut next = Self { at_ms, found, ..*self };
        for i in 0..4 {
            let (now, before) = (found.0[i], self.found.0[i]);
            let raw = Point::new((now.x - before.x) / dt_s, (now.y - before.y) / dt_s);
            next.speed[i] = blend(self.speed[i], raw, smoothing(params.speed_cutoff_hz, dt_s));
            let speed = next.speed[i].x.hypot(next.speed[i].y) / diagonal;
            let cutoff_hz = params.still_cutoff_hz + params.cutoff_per_speed * speed;
            next.drawn.0[i] = blend(self.drawn.0[i], now, smoothing(cutoff_hz, dt_s));
        }
        next
    }
}

/// Weight of the newest value in a low pass.
fn smoothing(cutoff_hz: f32, dt_s: f32) -> f32 {
    let step = TAU * cutoff_hz * dt_s;
    step / (step + 1.0)
}

fn blend(old: Point, new: Point, weight: f32) -> Point {
    Point::new(old.x + weight * (new.x - old.x), old.y + weight * (new.y - old.y))
}

fn diagonal_of(quad: &Quad) -> f32 {
    let [a, b, c, d] = quad.0;
    ((a.distance(c) + b.distance(d)) / 2.0).max(1.0)
}

/// `quad` begun at the corner that brings it nearest to `before`: a detector names corners by where they are in the
/// frame, so that their order changes while a document turns.
fn nearest_turn(quad: &Quad, before: &Quad) -> Quad {
    let distance = |quad: &Quad| -> f32 { quad.0.iter().zip(before.0).map(|(p, q)| p.distance(q)).sum() };
    (1..4)
        .map(|first| begun_at(quad, first))
        .fold(*quad, |best, next| if distance(&next) < distance(&best) { next } else { best })
}

fn is_jump(before: &Quad, now: &Quad, ratio: f32) -> bool {
    let limit = ratio * diagonal_of(now);
    before.0.iter().zip(now.0).any(|(p, q)| p.distance(q) > limit)
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME_MS: f64 = 1000.0 / 30.0;

    fn card(x: f32, y: f32) -> Quad {
        Quad([(x, y), (x + 600.0, y), (x + 600.0, y + 380.0), (x, y + 380.0)].map(|(x, y)| Point::new(x, y)))
    }

    /// Noise within 2 px, the same at every run.
    fn noise(frame: usize, corner: usize) -> f32 {
        let hash = (frame * 37 + corner * 101).wrapping_mul(2_654_435_761) >> 7;
        (hash % 2001) as f32 / 500.0 - 2.0
    }

    fn shaken(quad: Quad, frame: usize) -> Quad {
        let mut corners = quad.0;
        for (i, corner) in corners.iter_mut().enumerate() {
            *corner = Point::new(corner.x + noise(frame, i), corner.y + noise(frame, i + 4));
        }
        Quad(corners)
    }

    #[test]
    fn a_still_document_stands_still_although_its_corners_shake() {
        let mut tracker = Tracker::default();
        let (mut raw, mut drawn) = (0f32, 0f32);
        let mut last = None::<(Quad, Quad)>;
        for frame in 0..90 {
            let found = shaken(card(300.0, 170.0), frame);
            let quad = tracker.update(frame as f64 * FRAME_MS, Some(&found)).expect("drawn");
            if let Some((before, drawn_before)) = last.filter(|_| frame > 30) {
                raw += found.0[0].distance(before.0[0]);
                drawn += quad.0[0].distance(drawn_before.0[0]);
            }
            last = Some((found, quad));
        }
        assert!(drawn < 0.3 * raw, "drawn moves {drawn} px, found {raw} px");
    }

    #[test]
    fn a_moving_document_is_followed_closely() {
        let mut tracker = Tracker::default();
        // Half a diagonal a second across the frame.
        let mut worst = 0f32;
        for frame in 0..45 {
            let found = card(100.0 + 11.8 * frame as f32, 170.0);
            let quad = tracker.update(frame as f64 * FRAME_MS, Some(&found)).expect("drawn");
            if frame > 15 {
                worst = worst.max(quad.0[0].distance(found.0[0]));
            }
        }
        assert!(worst < 7.0, "lags by {worst} px");
    }

    #[test]
    fn a_missed_frame_does_not_flicker_and_a_lost_document_is_lost_within_200_ms() {
        let mut tracker = Tracker::default();
        let quad = card(300.0, 170.0);
        tracker.update(0.0, Some(&quad));
        assert!(tracker.update(FRAME_MS, None).is_some());
        assert!(tracker.update(2.0 * FRAME_MS, Some(&quad)).is_some());
        let seen_ms = 2.0 * FRAME_MS;
        let lost_ms = (3..20)
            .map(|frame| f64::from(frame) * FRAME_MS)
            .find(|at_ms| tracker.update(*at_ms, None).is_none())
            .expect("lost");
        assert!(lost_ms - seen_ms <= 200.0, "{}", lost_ms - seen_ms);
    }

    #[test]
    fn another_document_is_drawn_where_it_is_at_once() {
        let mut tracker = Tracker::default();
        tracker.update(0.0, Some(&card(100.0, 100.0)));
        let other = card(500.0, 300.0);
        assert_eq!(tracker.update(FRAME_MS, Some(&other)), Some(other));
    }

    #[test]
    fn corners_keep_their_places_on_a_document_that_turns() {
        let mut tracker = Tracker::default();
        let first = card(300.0, 170.0);
        tracker.update(0.0, Some(&first));
        let mut renamed = first.0;
        renamed.rotate_left(1);
        let drawn = tracker.update(FRAME_MS, Some(&Quad(renamed))).expect("drawn");
        assert!(drawn.0[0].distance(first.0[0]) < 0.01, "{drawn:?}");
    }
}
