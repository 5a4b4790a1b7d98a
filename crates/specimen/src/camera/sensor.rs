//! From light to bytes: lens blur, vignetting, exposure, white balance, noise.

use super::px_scale;
use crate::random::{gaussian, stream};
use crate::raster::{Canvas, blur};
use image::RgbImage;
use rand::Rng;

/// Entries of the noise table: large enough that no pattern repeats within a row.
const NOISE_LEN: usize = 1 << 16;

/// Read noise and shot noise as deviations of an 8-bit value over 255, at black and added at white: a small
/// sensor in a lit room.
const READ_NOISE: f32 = 0.0065;
const SHOT_NOISE: f32 = 0.0085;

/// How the noise of the three channels hangs together: mosaic sensors are denoised mostly in colour.
const CHROMA_NOISE_RATIO: f32 = 0.45;

/// Light lost in the corners, as a share.
const VIGNETTE: f32 = 0.16;

/// Blur of a lens in focus, as a Gaussian's deviation in px of the reference frame.
const SHARPEST_PX: f32 = 0.45;

/// Settings of one exposure.
#[derive(Clone, Copy, Debug)]
pub struct Exposure {
    /// Blur of the whole frame as a Gaussian's deviation in px, besides what the lens itself blurs.
    pub defocus_px: f32,
    /// Factor of all light.
    pub gain: f32,
    /// Factors of red and blue.
    pub tint: [f32; 2],
    /// Counts the exposures; each has its own noise.
    pub index: u64,
}

/// A lens and a sensor. One is made for each recording; exposing a frame allocates only the frame.
pub struct Sensor {
    seed: u64,
    lens_px: f32,
    falloff: Vec<f32>,
    noise: Vec<[f32; 4]>,
}

impl Sensor {
    /// A sensor of `width` x `height` px.
    pub fn new(seed: u64, width: usize, height: usize) -> Self {
        let (cx, cy) = (width as f32 / 2.0, height as f32 / 2.0);
        let corner = cx.hypot(cy);
        let falloff = (0..width * height)
            .map(|index| {
                let (x, y) = ((index % width) as f32 + 0.5 - cx, (index / width) as f32 + 0.5 - cy);
                1.0 - VIGNETTE * (x.hypot(y) / corner).powi(3)
            })
            .collect();
        let mut rng = stream(seed, "sensor");
        let mut noise: Vec<[f32; 4]> = Vec::with_capacity(NOISE_LEN);
        for _ in 0..NOISE_LEN {
            let shared = gaussian(&mut rng);
            let own: [f32; 3] = std::array::from_fn(|_| gaussian(&mut rng) * CHROMA_NOISE_RATIO);
            // Neighbours along a row hang together, as after a camera's own filter.
            let before = noise.last().copied().unwrap_or([0.0; 4]);
            let fresh = [shared + own[0], shared + own[1], shared + own[2], 0.0];
            noise.push(std::array::from_fn(|k| fresh[k] * 0.88 + before[k] * 0.35));
        }
        Self { seed, lens_px: SHARPEST_PX * px_scale(width).max(0.5), falloff, noise }
    }

    /// Exposes `frame`, which is used up: its content is blurred on the way. `scratch` is reused.
    pub fn expose(&self, frame: &mut Canvas, exposure: &Exposure, scratch: &mut Vec<[f32; 4]>) -> RgbImage {
        blur(frame, self.lens_px.hypot(exposure.defocus_px), scratch);
        let (width, height) = (frame.width, frame.height);
        let gain = [exposure.gain * exposure.tint[0], exposure.gain, exposure.gain * exposure.tint[1], 0.0];
        let mut rng = stream(self.seed ^ exposure.index.wrapping_mul(0x9e37_79b9_7f4a_7c15), "rows");
        let mut bytes = vec![0_u8; width * height * 3];
        for y in 0..height {
            let start = rng.random_range(0..NOISE_LEN);
            let row = y * width;
            let out = bytes[row * 3..][..width * 3].chunks_exact_mut(3);
            let light = frame.px[row..][..width].iter().zip(&self.falloff[row..][..width]);
            for ((x, to), (px, falloff)) in out.enumerate().zip(light) {
                let noise = &self.noise[(start + x) % NOISE_LEN];
                let mut value = [0.0_f32; 4];
                for k in 0..4 {
                    let v = (px[k] * gain[k] * falloff).max(0.0);
                    // Above nine tenths the response bends, so that lights roll off instead of clipping hard.
                    let v = if v > 0.9 { 0.9 + 0.1 * (1.0 - (-(v - 0.9) * 10.0).exp()) } else { v };
                    value[k] = (v + noise[k] * (READ_NOISE + SHOT_NOISE * v.sqrt())) * 255.0 + 0.5;
                }
                for k in 0..3 {
                    to[k] = value[k].clamp(0.0, 255.0) as u8;
                }
            }
        }
        RgbImage::from_raw(width as u32, height as u32, bytes).unwrap_or_default()
    }
}

/// Lays a soft reflection of a lamp over `frame` about `x`, `y` (px), with a Gaussian's deviation of
/// `radius_px` and `strength` (0 to 1) in the middle.
pub fn glare(frame: &mut Canvas, [x, y]: [f32; 2], radius_px: f32, strength: f32) {
    if strength < 0.004 {
        return;
    }
    let reach = radius_px * 3.0;
    let columns = (x - reach).max(0.0) as usize..((x + reach).max(0.0) as usize).min(frame.width);
    for v in (y - reach).max(0.0) as usize..((y + reach).max(0.0) as usize).min(frame.height) {
        for u in columns.clone() {
            let distance = ((u as f32 - x).powi(2) + (v as f32 - y).powi(2)) / (2.0 * radius_px * radius_px);
            let light = strength * (-distance).exp();
            let px = &mut frame.px[v * frame.width + u];
            px.iter_mut().take(3).for_each(|c| *c += (1.0 - *c) * light);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const STILL: Exposure = Exposure { defocus_px: 0.0, gain: 1.0, tint: [1.0, 1.0], index: 0 };

    #[test]
    fn noise_is_there_and_repeats_only_for_the_same_exposure() {
        let sensor = Sensor::new(3, 96, 64);
        let expose = |index| {
            let mut frame = Canvas::opaque(96, 64, |_, _| [0.5; 3]);
            sensor.expose(&mut frame, &Exposure { index, ..STILL }, &mut Vec::new())
        };
        assert_eq!(expose(5), expose(5));
        assert_ne!(expose(5), expose(6));
        let values: Vec<f32> =
            expose(5).pixels().skip(96 * 20 + 30).take(30).map(|p| f32::from(p[1])).collect();
        let mean = values.iter().sum::<f32>() / values.len() as f32;
        let deviation = (values.iter().map(|v| (v - mean).powi(2)).sum::<f32>() / values.len() as f32).sqrt();
        assert!((1.0..6.0).contains(&deviation), "deviation {deviation}");
    }

    #[test]
    fn corners_are_darker_than_the_middle() {
        let sensor = Sensor::new(3, 128, 96);
        let mut frame = Canvas::opaque(128, 96, |_, _| [0.6; 3]);
        let image = sensor.expose(&mut frame, &STILL, &mut Vec::new());
        let mean = |x0: u32, y0: u32| {
            (0..100).map(|i| f32::from(image.get_pixel(x0 + i % 10, y0 + i / 10)[1])).sum::<f32>() / 100.0
        };
        assert!(mean(0, 0) < mean(59, 43) - 8.0);
    }
}
