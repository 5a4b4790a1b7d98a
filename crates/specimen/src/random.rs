//! Seeded randomness: one independent stream for each thing that is drawn, and smooth motion made of it.

use rand::{Rng, SeedableRng};
use rand_chacha::ChaCha8Rng;
use std::f32::consts::TAU;
use std::ops::Range;

/// The random stream of `name` under `seed`. Streams of different names are independent, so that drawing one
/// thing differently leaves every other thing as it was.
pub fn stream(seed: u64, name: &str) -> ChaCha8Rng {
    // FNV-1a, 64 bit.
    let hash = name.bytes().fold(0xcbf2_9ce4_8422_2325_u64, |hash, byte| {
        (hash ^ u64::from(byte)).wrapping_mul(0x0100_0000_01b3)
    });
    ChaCha8Rng::seed_from_u64(seed ^ hash)
}

/// A value with mean 0 and deviation 1 (Box-Muller).
pub fn gaussian(rng: &mut impl Rng) -> f32 {
    let radius = (-2.0 * (1.0 - rng.random::<f32>()).max(f32::MIN_POSITIVE).ln()).sqrt();
    radius * (TAU * rng.random::<f32>()).cos()
}

/// Smooth random motion: a sum of sines whose frequencies lie in one band, mean 0, deviation about 1, never
/// over 3.5.
#[derive(Clone, Debug)]
pub struct Drift {
    waves: Vec<(f32, f32)>,
    gain: f32,
}

/// Sines in one [`Drift`]: enough that no period can be seen.
const WAVES: usize = 6;

impl Drift {
    /// Motion with frequencies of `band_hz`. With `period_s` every frequency is a multiple of one over the
    /// period, so that the motion repeats without a jump.
    pub fn new(rng: &mut impl Rng, band_hz: Range<f32>, period_s: Option<f32>) -> Self {
        let waves = (0..WAVES)
            .map(|_| {
                let hz = rng.random_range(band_hz.clone());
                let hz = match period_s {
                    Some(period_s) => (hz * period_s).round().max(1.0) / period_s,
                    None => hz,
                };
                (hz * TAU, rng.random_range(0.0..TAU))
            })
            .collect();
        Self { waves, gain: (2.0 / WAVES as f32).sqrt() }
    }

    /// The value at `at_s` seconds.
    pub fn at(&self, at_s: f32) -> f32 {
        self.waves.iter().map(|(speed, phase)| (at_s * speed + phase).sin()).sum::<f32>() * self.gain
    }
}

/// Smooth lattice noise of a plane in -1 to 1, for textures: wood, skin, paper.
#[derive(Clone, Copy, Debug)]
pub struct Lattice(u32);

impl Lattice {
    /// A lattice of its own for each `rng` state.
    pub fn new(rng: &mut impl Rng) -> Self {
        Self(rng.random())
    }

    /// The noise at `x`, `y`; features are about one unit across.
    pub fn at(&self, x: f32, y: f32) -> f32 {
        let (x0, y0) = (x.floor(), y.floor());
        let ease = |t: f32| t * t * (3.0 - 2.0 * t);
        let (ax, ay) = (ease(x - x0), ease(y - y0));
        let (ix, iy) = (x0 as i32, y0 as i32);
        let top = self.node(ix, iy) * (1.0 - ax) + self.node(ix + 1, iy) * ax;
        let bottom = self.node(ix, iy + 1) * (1.0 - ax) + self.node(ix + 1, iy + 1) * ax;
        top * (1.0 - ay) + bottom * ay
    }

    /// Noise of `octaves` scales, each half as large and half as strong as the one before; within -2 to 2.
    pub fn fractal(&self, x: f32, y: f32, octaves: u32) -> f32 {
        let (mut sum, mut gain, mut scale) = (0.0, 1.0, 1.0);
        for _ in 0..octaves {
            sum += self.at(x * scale + 17.3 * scale, y * scale - 9.1 * scale) * gain;
            gain *= 0.5;
            scale *= 2.0;
        }
        sum
    }

    fn node(&self, x: i32, y: i32) -> f32 {
        let mut h = self.0 ^ (x as u32).wrapping_mul(0x9e37_79b1) ^ (y as u32).wrapping_mul(0x85eb_ca77);
        h = (h ^ (h >> 15)).wrapping_mul(0x2c1b_3c6d);
        h = (h ^ (h >> 12)).wrapping_mul(0x297a_2d39);
        h ^= h >> 15;
        h as f32 / (u32::MAX as f32 / 2.0) - 1.0
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn streams_repeat_by_seed_and_differ_by_name() {
        let draw = |seed, name| stream(seed, name).random::<u64>();
        assert_eq!(draw(7, "hand"), draw(7, "hand"));
        assert_ne!(draw(7, "hand"), draw(7, "desk"));
        assert_ne!(draw(7, "hand"), draw(8, "hand"));
    }

    #[test]
    fn a_drift_with_a_period_joins_its_end_to_its_start() {
        let drift = Drift::new(&mut stream(1, "drift"), 0.2..3.0, Some(5.4));
        for step in 0..20 {
            let at_s = step as f32 * 0.27;
            assert!((drift.at(at_s) - drift.at(at_s + 5.4)).abs() < 1e-2);
        }
    }

    #[test]
    fn a_drift_stays_in_its_bounds() {
        let drift = Drift::new(&mut stream(2, "drift"), 0.2..3.0, None);
        let values: Vec<f32> = (0..3000).map(|step| drift.at(step as f32 * 0.033)).collect();
        let deviation = (values.iter().map(|v| v * v).sum::<f32>() / values.len() as f32).sqrt();
        assert!((0.7..1.3).contains(&deviation), "deviation {deviation}");
        assert!(values.iter().all(|v| v.abs() <= 3.5));
    }
}
