//! The times at which frames were captured. A sensor, its driver and the bus between them are never quite in time; a
//! program that counts frames is.

use super::share_between;
use idv_protocol::{InjectionCode, InjectionSignal};

/// Distances that are looked at together.
const WINDOW: usize = 64;

/// Distances over the median from which a frame was left out between two.
const GAP_RATIO: f64 = 1.5;

/// Fewest distances without a gap in a window.
const MIN_DISTANCES: usize = 40;

/// Spread of the distances over their mean from which on nothing is doubted: a hundredth of a frame, 0.3 ms at 30 Hz.
const HONEST_RATIO: f32 = 0.01;

/// The same below which only a counter is that exact: 3 microseconds at 30 Hz.
const COUNTED_RATIO: f32 = 1e-4;

/// Some systems give a camera's frames the times that they should have had. That is no sign of anything else.
const MOST_CONFIDENCE: f32 = 0.5;

/// Gathers times.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct Timing {
    last_ms: Option<f64>,
    distances_ms: Vec<f64>,
}

impl Timing {
    /// Adds the time of a frame in ms of any clock. At the end of each window, what it shows.
    pub fn add(&mut self, at_ms: f64) -> Option<InjectionSignal> {
        let before_ms = self.last_ms.replace(at_ms);
        let distance_ms = at_ms - before_ms?;
        if distance_ms.is_finite() && distance_ms > 0.0 {
            self.distances_ms.push(distance_ms);
        }
        if self.distances_ms.len() < WINDOW {
            return None;
        }
        let ratio = spread_ratio(&mut self.distances_ms);
        self.distances_ms.clear();
        let ratio = ratio? as f32;
        let confidence =
            MOST_CONFIDENCE * share_between(ratio.log10(), HONEST_RATIO.log10(), COUNTED_RATIO.log10());
        (confidence > 0.0).then(|| InjectionSignal::new(InjectionCode::FrameTiming, ratio, confidence))
    }
}

/// Spread of the distances over their mean, without gaps; `None` where too few are left.
fn spread_ratio(distances_ms: &mut Vec<f64>) -> Option<f64> {
    distances_ms.sort_unstable_by(f64::total_cmp);
    let median = *distances_ms.get(distances_ms.len() / 2)?;
    distances_ms.retain(|distance| *distance < GAP_RATIO * median);
    let count = distances_ms.len();
    if count < MIN_DISTANCES {
        return None;
    }
    let mean = distances_ms.iter().sum::<f64>() / count as f64;
    let squares: f64 = distances_ms.iter().map(|distance| (distance - mean).powi(2)).sum();
    Some((squares / count as f64).sqrt() / mean)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn signs(times_ms: impl Iterator<Item = f64>) -> Vec<InjectionSignal> {
        let mut timing = Timing::default();
        times_ms.filter_map(|at_ms| timing.add(at_ms)).collect()
    }

    #[test]
    fn frames_that_are_counted_out_are_a_sign_that_is_never_sure() {
        let found = signs((0..70).map(|index| f64::from(index) * 100.0 / 3.0));
        assert_eq!(found.len(), 1);
        assert!(found[0].confidence == 0.5 && found[0].value < 1e-6, "{found:?}");
    }

    #[test]
    fn a_camera_that_is_a_millisecond_off_is_none() {
        let unsteady = (0..200)
            .map(|index: u32| f64::from(index) * 33.3 + f64::from(index.wrapping_mul(7919) % 13) / 10.0);
        assert_eq!(signs(unsteady), []);
    }

    #[test]
    fn frames_that_were_left_out_are_not_unsteadiness() {
        let counted = (0..120).filter(|index| index % 10 != 3).map(|index| f64::from(index) * 40.0);
        assert!(!signs(counted).is_empty());
        assert_eq!(signs((0..30).map(f64::from)), [], "too few");
    }
}
