//! How still the document is.

use idv_protocol::Quad;
use std::collections::VecDeque;

/// Remembers where the document was in the last frames.
#[derive(Clone, Debug, Default)]
pub struct Motion {
    seen: VecDeque<(f64, Quad)>,
}

impl Motion {
    /// Time over which motion is measured, in ms: some six frames of a 30 fps camera, two of a slow device.
    pub const WINDOW_MS: f64 = 200.0;

    /// Age in ms beyond which even the last frame says nothing of motion: the camera was paused in between.
    pub const MAX_GAP_MS: f64 = 1000.0;

    /// Most frames remembered: 200 ms of a 120 fps camera.
    const MAX_FRAMES: usize = 24;

    /// Forgets everything.
    pub fn clear(&mut self) {
        self.seen.clear();
    }

    /// Takes in where the document is at `at_ms` and returns how far any corner has been from there within
    /// [`Self::WINDOW_MS`], or in the last frame where frames are rarer, in shares of the quad's mean diagonal.
    /// `None` until there is a frame to compare with.
    pub fn update(&mut self, at_ms: f64, quad: &Quad) -> Option<f32> {
        while let Some((seen_ms, _)) = self.seen.front() {
            let limit_ms = if self.seen.len() > 1 { Self::WINDOW_MS } else { Self::MAX_GAP_MS };
            if at_ms - seen_ms <= limit_ms && self.seen.len() < Self::MAX_FRAMES {
                break;
            }
            self.seen.pop_front();
        }
        let [a, b, c, d] = quad.0;
        let diagonal = ((a.distance(c) + b.distance(d)) / 2.0).max(1.0);
        let farthest = self
            .seen
            .iter()
            .flat_map(|(_, earlier)| quad.0.iter().zip(earlier.0).map(|(p, q)| p.distance(q)))
            .reduce(f32::max);
        self.seen.push_back((at_ms, *quad));
        farthest.map(|distance| distance / diagonal)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use idv_protocol::Point;

    fn quad_at(x: f32) -> Quad {
        Quad([(x, 0.0), (x + 300.0, 0.0), (x + 300.0, 400.0), (x, 400.0)].map(|(x, y)| Point::new(x, y)))
    }

    #[test]
    fn motion_is_the_farthest_a_corner_was_within_the_window() {
        let mut motion = Motion::default();
        assert_eq!(motion.update(0.0, &quad_at(0.0)), None);
        assert_eq!(motion.update(50.0, &quad_at(5.0)), Some(0.01));
        assert_eq!(motion.update(100.0, &quad_at(-5.0)), Some(0.02));
        assert_eq!(motion.update(290.0, &quad_at(-5.0)), Some(0.0));
        assert_eq!(motion.update(900.0, &quad_at(-10.0)), Some(0.01));
        assert_eq!(motion.update(2000.0, &quad_at(-10.0)), None);
    }
}
