//! Single photographs of a document: at any angle on some background, in a hand or not, with the light, the
//! shadows, the reflections and the blur that phones meet.

use super::Scratch;
use super::sheet::{Held, Sheet};
use crate::assets::Assets;
use crate::camera::{Exposure, Pinhole, Pose, Sensor, glare};
use crate::document::Page;
use crate::error::{Error, ErrorKind};
use crate::random::{Lattice, stream};
use crate::raster::{Canvas, mix, smoothstep};
use crate::scene::{Grip, desk};
use idv_protocol::{Quad, Size};
use image::RgbImage;
use rand::Rng;
use rand::seq::IndexedRandom;

/// A photograph and the truth about it.
pub struct Photograph {
    /// The picture.
    pub image: RgbImage,
    /// Corners of the document in px, of square corners where they are rounded; `None` without a document.
    pub quad: Option<Quad>,
}

/// Length of the document's longer side over the shorter side of the picture.
const SIZE_RATIO: std::ops::Range<f32> = 0.62..1.10;

/// Least distance of a corner from the edge of the picture, over the picture's shorter side.
const CLEAR_RATIO: f32 = 0.015;

/// Poses that are tried before the document is made smaller.
const TRIES: usize = 40;

/// Largest tilt in degrees, and the share of documents that lie nearly upright.
const TILT_DEG: f32 = 26.0;
const UPRIGHT_RATIO: f64 = 0.6;
const UPRIGHT_DEG: f32 = 9.0;

/// Shares of what spoils a picture.
const HAND_RATIO: f64 = 0.4;
const GLARE_RATIO: f64 = 0.35;
const SHADOW_RATIO: f64 = 0.4;
const DEFOCUS_RATIO: f64 = 0.3;
const MOTION_RATIO: f64 = 0.25;

/// Blur in px of a 1280 px picture, and motion in mm while the shutter is open.
const DEFOCUS_PX: std::ops::Range<f32> = 0.4..2.2;
const MOTION_MM_PER_MS: std::ops::Range<f32> = 0.005..0.09;

/// Pictures that set-up fetches and that look like nothing of a document's.
const TEXTURES: [&str; 7] = ["brick", "grass", "gravel", "coffee", "coins", "rocket", "motorcycle_left"];

/// A photograph of `page`, or of the background alone, of `size` px, drawn from `seed`. Fails with
/// [`ErrorKind::BadRequest`] for sides outside 160 to 4096 px and with [`ErrorKind::AssetMissing`] when a
/// background is not there.
pub fn photograph(assets: &Assets, seed: u64, size: Size, page: Option<&Page>) -> Result<Photograph, Error> {
    let sides = 160..=4096;
    if !sides.contains(&size.width) || !sides.contains(&size.height) {
        return Err(Error::new(ErrorKind::BadRequest, "a photograph needs sides of 160 to 4096 px"));
    }
    let (width, height) = (size.width as usize, size.height as usize);
    let mut rng = stream(seed, "photograph");
    let mut scratch = Scratch::new();
    scratch.frame = background(assets, seed, width, height, &mut rng)?;
    let quad = page.map(|page| lay(page, seed, &mut scratch, &mut rng));
    if rng.random_bool(SHADOW_RATIO) {
        shadow(&mut scratch.frame, &mut rng);
    }
    let scale = width.max(height) as f32 / 1280.0;
    let defocus_px = if rng.random_bool(DEFOCUS_RATIO) { rng.random_range(DEFOCUS_PX) * scale } else { 0.0 };
    let exposure = Exposure {
        defocus_px,
        gain: rng.random_range(0.55..1.12),
        tint: [rng.random_range(0.93..1.08), rng.random_range(0.90..1.06)],
        index: seed,
    };
    let image = Sensor::new(seed, width, height).expose(&mut scratch.frame, &exposure, &mut scratch.blur);
    Ok(Photograph { image, quad })
}

/// Lays `page` into the scratch frame; returns where.
fn lay(page: &Page, seed: u64, scratch: &mut Scratch, rng: &mut impl Rng) -> Quad {
    let (width, height) = (scratch.frame.width as f32, scratch.frame.height as f32);
    let pinhole = Pinhole::new(width.max(height), width.min(height));
    let pinhole = Pinhole { center: [width / 2.0, height / 2.0], ..pinhole };
    let pose = pose(page.layout.size_mm, pinhole, [width, height], rng);
    let px_per_mm = pinhole.focal_px / pose.at_mm[2];
    let grip = rng.random_bool(HAND_RATIO).then(|| Grip {
        at_mm: [page.layout.size_mm.0, page.layout.size_mm.1 * rng.random_range(0.45..0.75)],
        reach_mm: rng.random_range(6.0..15.0),
        size: rng.random_range(0.85..1.1),
        extent_mm: [110.0, 120.0],
    });
    let held = Held {
        picture: &page.picture,
        size_mm: page.layout.size_mm,
        corner_mm: page.layout.corner_mm,
        grip,
        shadow: rng.random_range(0.15..0.5),
    };
    let sheet = Sheet::new(seed, &held, px_per_mm, pinhole);
    let velocity = if rng.random_bool(MOTION_RATIO) { rng.random_range(MOTION_MM_PER_MS) } else { 0.0 };
    let heading = rng.random_range(0.0..std::f32::consts::TAU);
    let moving = |at_ms: f64| {
        let way = velocity * at_ms as f32;
        let [x, y, z] = pose.at_mm;
        Pose { at_mm: [x + way * heading.cos(), y + way * heading.sin(), z], ..pose }
    };
    let slope = [rng.random_range(-0.0015..0.0015), rng.random_range(-0.0015..0.0015)];
    let map = sheet.lay(scratch, 0.0, moving, |u, v| 1.0 + slope[0] * u + slope[1] * v);
    if rng.random_bool(GLARE_RATIO) {
        let (w, h) = page.layout.size_mm;
        let at = map.map(w * rng.random_range(0.0..1.0), h * rng.random_range(0.0..1.0));
        let radius = rng.random_range(4.0..16.0) * px_per_mm;
        glare(&mut scratch.frame, at, radius, rng.random_range(0.25..0.95));
    }
    sheet.quad(&pose)
}

/// A pose that shows the whole of a document of `size_mm`.
fn pose(size_mm: (f32, f32), pinhole: Pinhole, [width, height]: [f32; 2], rng: &mut impl Rng) -> Pose {
    let clear = CLEAR_RATIO * width.min(height);
    let mut ratio = rng.random_range(SIZE_RATIO);
    loop {
        for _ in 0..TRIES {
            let roll_deg = if rng.random_bool(UPRIGHT_RATIO) {
                rng.random_range(-UPRIGHT_DEG..UPRIGHT_DEG)
            } else {
                rng.random_range(-180.0..180.0)
            };
            let distance = size_mm.0 * pinhole.focal_px / (ratio * width.min(height));
            let aside = |span: f32, rng: &mut dyn FnMut() -> f32| span / pinhole.focal_px * distance * rng();
            let mut share = || rng.random_range(-0.32..0.32_f32);
            let (x, y) = (aside(width, &mut share), aside(height, &mut share));
            let pose = Pose {
                yaw_deg: rng.random_range(-TILT_DEG..TILT_DEG) * rng.random::<f32>(),
                pitch_deg: rng.random_range(-TILT_DEG..TILT_DEG) * rng.random::<f32>(),
                roll_deg,
                at_mm: [x, y, distance],
            };
            let quad = pinhole.quad(&pose, size_mm.0, size_mm.1);
            let inside = |p: &idv_protocol::Point| {
                (clear..width - clear).contains(&p.x) && (clear..height - clear).contains(&p.y)
            };
            if quad.is_convex() && quad.0.iter().all(inside) {
                return pose;
            }
        }
        ratio *= 0.9;
    }
}

/// A desk, a picture or a surface.
fn background(
    assets: &Assets,
    seed: u64,
    width: usize,
    height: usize,
    rng: &mut impl Rng,
) -> Result<Canvas, Error> {
    match rng.random_range(0..10) {
        0..3 => desk(assets, seed, width, height),
        3..7 => {
            let name = TEXTURES.choose(rng).unwrap_or(&TEXTURES[0]);
            Ok(part(&Canvas::from_image(&assets.background(name)?), width, height, rng))
        }
        _ => Ok(surface(width, height, rng)),
    }
}

/// A part of `picture` in the proportions asked for, mirrored now and then, in a light of its own.
fn part(picture: &Canvas, width: usize, height: usize, rng: &mut impl Rng) -> Canvas {
    let aspect = width as f32 / height as f32;
    let (full_width, full_height) = (picture.width as f32, picture.height as f32);
    let cut_width = full_width.min(full_height * aspect) * rng.random_range(0.5..1.0);
    let cut_height = cut_width / aspect;
    let x = (full_width - cut_width) * rng.random::<f32>();
    let y = (full_height - cut_height) * rng.random::<f32>();
    let mut out = picture.resampled([x, y, cut_width, cut_height], width, height);
    if rng.random_bool(0.5) {
        out.px.chunks_exact_mut(width).for_each(<[_]>::reverse);
    }
    let tint = [0, 1, 2].map(|_| rng.random_range(0.75..1.1));
    out.px.iter_mut().for_each(|px| (0..3).for_each(|c| px[c] = (px[c] * tint[c]).min(1.0)));
    out
}

/// Cloth, a painted board or paper: two tones in grain, now and then with stripes.
fn surface(width: usize, height: usize, rng: &mut impl Rng) -> Canvas {
    let (coarse, fine) = (Lattice::new(rng), Lattice::new(rng));
    let base: [f32; 3] = std::array::from_fn(|_| rng.random_range(0.06..0.92));
    let other = base.map(|v| (v + rng.random_range(-0.25..0.25)).clamp(0.02, 0.97));
    let grain = rng.random_range(0.005..0.07);
    let (period, angle) = (rng.random_range(6.0..60.0_f32), rng.random_range(0.0..3.0_f32));
    let stripes = if rng.random_bool(0.4) { rng.random_range(0.1..0.8) } else { 0.0 };
    let scale = 1280.0 / width.max(height) as f32;
    let (sin, cos) = angle.sin_cos();
    Canvas::opaque(width, height, |x, y| {
        let (x, y) = (x * scale, y * scale);
        let cloud = coarse.fractal(x * 0.004, y * 0.004, 3) * 0.5 + 0.5;
        let wave = ((x * cos + y * sin) / period * std::f32::consts::TAU).sin() * 0.5 + 0.5;
        let noise = fine.fractal(x * 0.35, y * 0.35, 2) * grain;
        let share = (cloud + (wave - 0.5) * stripes).clamp(0.0, 1.0);
        mix(base, other, share).map(|v| (v + noise).clamp(0.0, 1.0))
    })
}

/// A soft shadow over a part of the picture, as of the phone or its owner.
fn shadow(frame: &mut Canvas, rng: &mut impl Rng) {
    let (width, height) = (frame.width as f32, frame.height as f32);
    let angle = rng.random_range(0.0..std::f32::consts::TAU);
    let (sin, cos) = angle.sin_cos();
    let middle = rng.random_range(-0.25..0.35) * width.max(height);
    let soft = rng.random_range(0.01..0.25) * width.max(height);
    let depth = rng.random_range(0.25..0.62);
    frame.shade(|x, y| {
        let across = (x - width / 2.0) * cos + (y - height / 2.0) * sin - middle;
        1.0 - depth * smoothstep(-soft, soft, across)
    });
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_pose_shows_the_whole_document_in_any_proportions() {
        for seed in 0..200 {
            let size = if seed % 2 == 0 { [1280.0, 720.0] } else { [720.0, 1280.0] };
            let pinhole = Pinhole { center: [size[0] / 2.0, size[1] / 2.0], ..Pinhole::new(1280.0, 720.0) };
            let pose = pose((125.0, 88.0), pinhole, size, &mut stream(seed, "pose"));
            let quad = pinhole.quad(&pose, 125.0, 88.0);
            assert!(quad.is_convex() && quad.signed_area() > 0.0);
            assert!(quad.0.iter().all(|p| p.x > 0.0 && p.y > 0.0 && p.x < size[0] && p.y < size[1]));
        }
    }
}
