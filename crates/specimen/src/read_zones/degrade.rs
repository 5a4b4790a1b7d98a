//! What cameras and print do to a flat picture, by a seed. Lengths are for letters of the zone that are 20 px
//! apart.

use clap::ValueEnum;
use idv_specimen::random::{gaussian, stream};
use image::{Rgba, RgbaImage};
use rand::Rng;

/// Most lean of a skewed picture, in degrees either way: what is left of a document held by hand after its
/// corners were found, and more.
const SKEW_DEG: f32 = 3.0;

/// Noise of a skewed picture: a Gaussian's deviation in grey levels.
const SKEW_NOISE: f32 = 12.0;

/// Blur: a Gaussian's deviation in px, from a twelfth to a ninth of the letters' distance.
const BLUR_PX: std::ops::Range<f32> = 1.6..2.2;

/// Share of the light that a line of the guilloche takes.
const GUILLOCHE_INK: f32 = 0.35;

/// Distance of the lines of a guilloche in px.
const GUILLOCHE_STEP_PX: std::ops::Range<f32> = 5.0..9.0;

/// Noise of a blurred picture, in grey levels.
const BLUR_NOISE: f32 = 4.0;

/// What is done to a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
pub enum Degradation {
    /// Nothing.
    Clean,
    /// Leaning and noisy.
    SkewNoise,
    /// Wavy lines printed over all of it, out of focus, a little noisy.
    BlurGuilloche,
}

impl Degradation {
    /// The picture after it, the same for the same seed.
    pub fn apply(self, picture: &RgbaImage, seed: u64) -> RgbaImage {
        let mut rng = stream(seed, "degrade");
        match self {
            Self::Clean => picture.clone(),
            Self::SkewNoise => {
                let lean = rng.random_range(-SKEW_DEG..SKEW_DEG).to_radians();
                noisy(&turned(picture, lean), SKEW_NOISE, &mut rng)
            }
            Self::BlurGuilloche => {
                let printed = guilloche(picture, &mut rng);
                let deviation = rng.random_range(BLUR_PX);
                noisy(&image::imageops::blur(&printed, deviation), BLUR_NOISE, &mut rng)
            }
        }
    }
}

/// Turned about the middle by `lean` radians on a ground of middle grey, bilinearly sampled.
fn turned(picture: &RgbaImage, lean: f32) -> RgbaImage {
    const GROUND: Rgba<u8> = Rgba([120, 116, 110, 255]);
    let (width, height) = (picture.width() as f32, picture.height() as f32);
    let (sin, cos) = lean.sin_cos();
    let wide = (width * cos + height * sin.abs()).ceil();
    let high = (height * cos + width * sin.abs()).ceil();
    RgbaImage::from_fn(wide as u32, high as u32, |x, y| {
        let (dx, dy) = (x as f32 + 0.5 - wide / 2.0, y as f32 + 0.5 - high / 2.0);
        let (u, v) = (dx * cos + dy * sin + width / 2.0, -dx * sin + dy * cos + height / 2.0);
        if u < 0.0 || v < 0.0 || u >= width || v >= height {
            return GROUND;
        }
        image::imageops::interpolate_bilinear(picture, u - 0.5, v - 0.5)
            .unwrap_or_else(|| *picture.get_pixel(u as u32, v as u32))
    })
}

/// Two families of wavy lines over the whole picture.
fn guilloche(picture: &RgbaImage, rng: &mut impl Rng) -> RgbaImage {
    let mut out = picture.clone();
    for _ in 0..2 {
        let step = rng.random_range(GUILLOCHE_STEP_PX);
        let (length, height) = (rng.random_range(60.0..160.0_f32), rng.random_range(4.0..14.0_f32));
        let (lean, start) = (rng.random_range(-0.4..0.4_f32), rng.random_range(0.0..1000.0_f32));
        for (x, y, pixel) in out.enumerate_pixels_mut() {
            let wave = height * ((x as f32 + start) * std::f32::consts::TAU / length).sin();
            let place = (y as f32 + wave + lean * x as f32).rem_euclid(step);
            // A line about a px wide with soft edges.
            let cover = (1.2 - (place - step / 2.0).abs()).clamp(0.0, 1.0);
            for value in pixel.0.iter_mut().take(3) {
                *value = (f32::from(*value) * (1.0 - GUILLOCHE_INK * cover)) as u8;
            }
        }
    }
    out
}

fn noisy(picture: &RgbaImage, deviation: f32, rng: &mut impl Rng) -> RgbaImage {
    let mut out = picture.clone();
    for pixel in out.pixels_mut() {
        let shared = gaussian(rng) * deviation;
        for value in pixel.0.iter_mut().take(3) {
            *value = (f32::from(*value) + shared + gaussian(rng) * deviation * 0.4).clamp(0.0, 255.0) as u8;
        }
    }
    out
}
