//! Frames that come again, and frames without noise.

use super::share_between;
use idv_protocol::seal::FrameMark;
use idv_protocol::{InjectionCode, InjectionSignal};
use std::collections::HashMap;

/// Fewest frames with even regions: below, a share says nothing.
const MIN_FRAMES: u32 = 24;

/// Frames after which the same one is no repetition any more but a return.
const RETURN_AFTER: u32 = 8;

/// Looks that are remembered: two minutes at 30 frames a second.
const MAX_LOOKS: usize = 4096;

/// Noises that a median is of: half a minute at 16 frames a second.
const MAX_NOISES: usize = 512;

/// Share of repeated frames up to which a browser that hands a frame out twice explains them.
const HONEST_REPEATS: f32 = 0.2;

/// Share of repeated frames from which on it is sure: every other one.
const SURE_REPEATS: f32 = 0.5;

/// Frames that returned up to which it may be an accident, and from which on it is sure. Two frames of a sensor never
/// agree in every one of 100 000 pixels.
const HONEST_RETURNS: f32 = 1.0;
const SURE_RETURNS: f32 = 8.0;

/// Noise in levels from which on nothing is doubted. Phones that smooth their pictures keep half a level.
const HONEST_NOISE: f32 = 0.3;

/// The same below which there is none.
const NO_NOISE: f32 = 0.05;

/// Most confidence of each. A camera behind a slow codec sends even regions without noise.
const REPEAT_CONFIDENCE: f32 = 0.85;
const RETURN_CONFIDENCE: f32 = 0.95;
const NOISE_CONFIDENCE: f32 = 0.8;

/// What the frames of an attempt show. Only those with even regions count: a covered lens sends the same black frame.
#[derive(Clone, Debug, Default, PartialEq)]
pub struct FrameSigns {
    count: u32,
    repeated: u32,
    returned: u32,
    last: String,
    seen: HashMap<String, u32>,
    noises: Vec<f32>,
}

impl FrameSigns {
    /// Adds what the worker says of a frame.
    pub fn add(&mut self, mark: &FrameMark) {
        let Some(noise) = mark.noise else { return };
        self.count += 1;
        if self.noises.len() < MAX_NOISES {
            self.noises.push(noise.temporal);
        }
        if mark.look == self.last {
            self.repeated += 1;
        } else if let Some(before) = self.seen.get(&mark.look) {
            self.returned += u32::from(self.count - before > RETURN_AFTER);
        }
        if self.seen.len() < MAX_LOOKS || self.seen.contains_key(&mark.look) {
            self.seen.insert(mark.look.clone(), self.count);
        }
        self.last.clone_from(&mark.look);
    }

    /// What they show.
    pub fn signals(&self) -> Vec<InjectionSignal> {
        if self.count < MIN_FRAMES {
            return Vec::new();
        }
        let share = |part: u32| part as f32 / self.count as f32;
        let noise = self.noise();
        let repeats = share_between(share(self.repeated), HONEST_REPEATS, SURE_REPEATS);
        let returns = share_between(self.returned as f32, HONEST_RETURNS, SURE_RETURNS);
        let noiseless = share_between(noise, HONEST_NOISE, NO_NOISE);
        let rows = [
            (InjectionCode::IdenticalFrames, share(self.repeated), REPEAT_CONFIDENCE * repeats),
            (InjectionCode::LoopingFrames, share(self.returned), RETURN_CONFIDENCE * returns),
            (InjectionCode::NoSensorNoise, noise, NOISE_CONFIDENCE * noiseless),
        ];
        rows.into_iter()
            .filter(|(.., confidence)| *confidence > 0.0)
            .map(|(code, value, confidence)| InjectionSignal::new(code, value, confidence))
            .collect()
    }

    /// Median of the noise from frame to frame.
    fn noise(&self) -> f32 {
        let mut sorted = self.noises.clone();
        sorted.sort_unstable_by(f32::total_cmp);
        sorted.get(sorted.len() / 2).copied().unwrap_or(HONEST_NOISE)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use idv_protocol::seal::FrameNoise;

    fn signs(looks: impl Iterator<Item = u32>, temporal: f32) -> Vec<(InjectionCode, bool)> {
        let mut signs = FrameSigns::default();
        for (index, look) in looks.enumerate() {
            signs.add(&FrameMark {
                index: index as u32,
                leaf: String::new(),
                look: format!("{look:016x}"),
                noise: Some(FrameNoise { temporal, spatial: 1.0 }),
                held: vec![],
            });
        }
        signs.signals().iter().map(|signal| (signal.code, signal.is_sure())).collect()
    }

    #[test]
    fn a_sensors_frames_are_each_their_own() {
        assert_eq!(signs(0..200, 1.2), []);
        assert_eq!(signs((0..200).map(|index| index - u32::from(index % 9 == 0 && index > 0)), 1.2), []);
    }

    #[test]
    fn a_film_that_begins_again_is_a_loop() {
        assert_eq!(signs((0..90).map(|index| index % 60), 1.2), [(InjectionCode::LoopingFrames, true)]);
        assert_eq!(signs((0..62).map(|index| index % 60), 1.2), [(InjectionCode::LoopingFrames, false)]);
    }

    #[test]
    fn a_still_repeats_itself_and_has_no_noise() {
        let found = signs((0..60).map(|_| 7), 0.0);
        assert_eq!(found, [(InjectionCode::IdenticalFrames, true), (InjectionCode::NoSensorNoise, true)]);
        assert_eq!(signs(0..10, 0.0), [], "too few");
    }

    #[test]
    fn little_noise_is_little_doubt() {
        assert_eq!(signs(0..60, 0.15), [(InjectionCode::NoSensorNoise, false)]);
        assert_eq!(signs(0..60, 0.35), []);
    }

    #[test]
    fn a_covered_lens_is_no_loop() {
        let mut signs = FrameSigns::default();
        for index in 0..100 {
            signs.add(&FrameMark {
                index,
                leaf: String::new(),
                look: "black".into(),
                noise: None,
                held: vec![],
            });
        }
        assert_eq!(signs.signals(), []);
    }
}
