//! Security print: waves, rosettes and the coat of arms, drawn as fine lines.

use crate::raster::{Canvas, Ink, Rgb, Stroke, mix, rgb, segment};
use rand::Rng;
use std::f32::consts::{PI, TAU};

/// Width of a security line in mm.
const LINE_MM: f32 = 0.11;

const TEAL: Rgb = rgb(0x2a7f86);
const ROSE: Rgb = rgb(0xb0587a);
const GOLD: Rgb = rgb(0xa9812f);
const INDIGO: Rgb = rgb(0x39508f);

/// Draws lines on a page whose scale is `px_per_mm`.
pub struct Guilloche<'a> {
    canvas: &'a mut Canvas,
    stroke: Stroke,
    px_per_mm: f32,
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

    /// Fills the whole page with crossing waves whose colour runs from teal over gold to rose. The phases come
    /// from `rng`.
    pub fn waves(&mut self, (width, height): (f32, f32), rng: &mut impl Rng) {
        let phase: [f32; 4] = std::array::from_fn(|_| rng.random_range(0.0..TAU));
        for family in 0..2 {
            let lines = 46;
            for index in 0..lines {
                let share = index as f32 / (lines - 1) as f32;
                let y0 = -4.0 + share * (height + 8.0);
                let spread = share * TAU * 1.5;
                let points: Vec<[f32; 2]> = (0..=250)
                    .map(|step| {
                        let x = width * step as f32 / 250.0;
                        let u = x / width * TAU;
                        let slow = (u * 0.5 + phase[2]).sin() * 2.6 * (spread + phase[3]).cos();
                        let fast =
                            (u * 5.0 + spread + phase[family]).sin() * (1.1 + 0.5 * (u + spread).sin());
                        let side = if family == 0 { 1.0 } else { -1.0 };
                        [x, y0 + side * (slow + fast)]
                    })
                    .collect();
                let tint = if family == 0 { TEAL } else { INDIGO };
                self.line(&points, LINE_MM, |along| Ink {
                    rgb: if along < 0.5 {
                        mix(tint, GOLD, along * 2.0)
                    } else {
                        mix(GOLD, ROSE, along * 2.0 - 1.0)
                    },
                    alpha: 0.26,
                });
            }
        }
    }

    /// A rosette of `petals` about `center` (mm): woven rings out to `radius` mm.
    pub fn rosette(&mut self, center: [f32; 2], radius: f32, petals: u32, alpha: f32) {
        let rings = [(0.30, 0.16, TEAL), (0.56, 0.17, GOLD), (0.82, 0.18, ROSE)];
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

    /// The arms of Utopia about `center` (mm): a star over an island in a ring of rays and laurel, `radius` mm.
    pub fn arms(&mut self, center: [f32; 2], radius: f32, ink: Ink) {
        let at =
            |angle: f32, r: f32| [center[0] + radius * r * angle.cos(), center[1] + radius * r * angle.sin()];
        for ray in 0..40 {
            let angle = TAU * ray as f32 / 40.0;
            let length = if ray % 2 == 0 { 1.0 } else { 0.92 };
            self.line(&[at(angle, 0.80), at(angle, length)], 0.16, |_| ink);
        }
        for r in [0.76, 0.70] {
            let ring: Vec<[f32; 2]> = (0..=90).map(|step| at(TAU * step as f32 / 90.0, r)).collect();
            self.line(&ring, 0.2, |_| ink);
        }
        for wave in 0..3 {
            let y = 0.18 + 0.13 * wave as f32;
            let half = (0.64_f32.powi(2) - y * y).max(0.0).sqrt();
            let points: Vec<[f32; 2]> = (0..=40)
                .map(|step| {
                    let x = -half + 2.0 * half * step as f32 / 40.0;
                    [center[0] + radius * x, center[1] + radius * (y + 0.035 * (x * 22.0).sin())]
                })
                .collect();
            self.line(&points, 0.2, |_| ink);
        }
        let scale = self.px_per_mm;
        let star = |x: f32, y: f32| {
            // Five spikes: the distance to the nearest of five wedges.
            let (dx, dy) = (x - center[0], y - (center[1] - 0.22 * radius));
            let angle = (dx.atan2(-dy) / TAU * 5.0).fract();
            let angle = if angle < 0.0 { angle + 1.0 } else { angle };
            let edge = radius * 0.40 * (1.0 - 1.15 * angle.min(1.0 - angle));
            (edge - dx.hypot(dy)) * scale + 0.5
        };
        let bounds = |x0: f32, y0: f32, x1: f32, y1: f32| [x0, y0, x1, y1].map(|v| v * scale);
        let [cx, cy] = center;
        self.canvas.fill(bounds(cx - radius, cy - radius, cx + radius, cy + radius), ink, |x, y| {
            star(x / scale, y / scale).clamp(0.0, 1.0)
        });
        for side in [-1.0, 1.0] {
            for leaf in 0..7 {
                let angle = PI / 2.0 + side * (0.35 + leaf as f32 * 0.33);
                let (a, b) = (at(angle, 1.10), at(angle + side * 0.22, 1.24));
                let box_mm =
                    [a[0].min(b[0]) - 1.0, a[1].min(b[1]) - 1.0, a[0].max(b[0]) + 1.0, a[1].max(b[1]) + 1.0];
                self.canvas.fill(box_mm.map(|v| v * scale), ink, |x, y| {
                    let (distance, along) = segment([x / scale, y / scale], a, b);
                    let half = radius * 0.075 * (along * (1.0 - along) * 4.0).max(0.0).sqrt();
                    ((half - distance) * scale + 0.5).clamp(0.0, 1.0)
                });
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
