//! Security print as fine lines: the pen, rosettes and signatures.

use crate::raster::{Canvas, Ink, Rgb, Stroke};
use rand::Rng;
use std::f32::consts::{PI, TAU};

/// Width of a security line in mm.
pub const LINE_MM: f32 = 0.11;

/// Draws lines on a page whose scale is `px_per_mm`.
pub struct Guilloche<'a> {
    pub(super) canvas: &'a mut Canvas,
    stroke: Stroke,
    pub(super) px_per_mm: f32,
}

impl<'a> Guilloche<'a> {
    /// A pen for `canvas`, whose scale is `px_per_mm`.
    pub fn new(canvas: &'a mut Canvas, px_per_mm: f32) -> Self {
        let stroke = Stroke::new(canvas);
        Self { canvas, stroke, px_per_mm }
    }

    /// One line through `points` (mm) of `line_mm` width.
    pub fn line(&mut self, points: &[[f32; 2]], line_mm: f32, ink: impl Fn(f32) -> Ink) {
        let scale = self.px_per_mm;
        let px: Vec<[f32; 2]> = points.iter().map(|p| [p[0] * scale, p[1] * scale]).collect();
        self.stroke.draw(self.canvas, &px, line_mm * scale, ink);
    }

    /// A rosette of `petals` about `center` (mm): woven rings out to `radius` mm, in `tints` from within.
    pub fn rosette(&mut self, center: [f32; 2], radius: f32, petals: u32, tints: [Rgb; 3], alpha: f32) {
        let rings = [(0.30, 0.16, tints[0]), (0.56, 0.17, tints[1]), (0.82, 0.18, tints[2])];
        for (ring, (middle, swing, tint)) in rings.into_iter().enumerate() {
            let strands = 10;
            for strand in 0..strands {
                let shift = TAU * strand as f32 / strands as f32;
                let points: Vec<[f32; 2]> = (0..=720)
                    .map(|step| {
                        let angle = TAU * step as f32 / 720.0;
                        let wave = (petals as f32 * angle + shift).sin();
                        let second = (2.0 * petals as f32 * angle - shift).sin() * 0.3;
                        let r = radius * (middle + swing * (wave + second) / 1.3);
                        let turn = angle + ring as f32 * PI / petals as f32;
                        [center[0] + r * turn.cos(), center[1] + r * turn.sin()]
                    })
                    .collect();
                self.line(&points, LINE_MM, |_| Ink { rgb: tint, alpha });
            }
        }
    }

    /// A signature in the box from `x`, `y` (mm) of `width` x `height` mm: loops of a pen, drawn from `rng`.
    pub fn signature(&mut self, [x, y, width, height]: [f32; 4], rng: &mut impl Rng, ink: Ink) {
        let phase: [f32; 5] = std::array::from_fn(|_| rng.random_range(0.0..TAU));
        let loops = rng.random_range(6.0..8.0_f32);
        let points: Vec<[f32; 2]> = (0..=400)
            .map(|step| {
                let t = step as f32 / 400.0;
                // Tall strokes now and then, small letters between, flattening towards the end.
                let tall = (t * 11.0 + phase[0]).sin().max(0.0).powi(2)
                    + (t * 4.3 + phase[3]).sin().max(0.0).powi(3);
                let swing = (0.16 + 0.55 * tall) * (1.0 - 0.75 * t);
                let turn = (t + 0.035 * (t * 9.0 + phase[4]).sin()) * loops * TAU + phase[1];
                let forward = t + 0.022 * (turn + 0.7).cos() + 0.012 * (t * 17.0 + phase[2]).sin();
                let up = swing * turn.sin() * 0.62 + 0.07 * (t * 5.0 + phase[2]).sin() + 0.12 * t;
                [x + width * forward * 0.95, y + height * (0.68 - up)]
            })
            .collect();
        self.line(&points, 0.28, |_| ink);
        let swash: Vec<[f32; 2]> = (0..=30)
            .map(|step| {
                let t = step as f32 / 30.0;
                [x + width * (0.12 + 0.86 * t), y + height * (0.98 - 0.32 * t * t)]
            })
            .collect();
        self.line(&swash, 0.18, |_| ink);
    }
}
