//! The emblems of the issuers: drawn of lines and simple shapes, none of them a real coat of arms.

use super::design::Emblem;
use super::guilloche::Guilloche;
use crate::raster::{Ink, segment};
use std::f32::consts::{PI, TAU};

/// Widths of the lines of an emblem in mm.
const RAY_MM: f32 = 0.16;
const RING_MM: f32 = 0.2;

impl Guilloche<'_> {
    /// `emblem` about `center` (mm), `radius` mm.
    pub fn emblem(&mut self, emblem: Emblem, center: [f32; 2], radius: f32, ink: Ink) {
        match emblem {
            Emblem::Star => {
                self.rays(center, radius, 40, [0.80, 1.0], ink);
                self.rings(center, radius, &[0.76, 0.70], ink);
                self.sea(center, radius, 0.18, ink);
                self.star([center[0], center[1] - 0.22 * radius], 0.40 * radius, ink);
                self.laurel(center, radius, ink);
            }
            Emblem::Tree => self.tree(center, radius, ink),
            Emblem::Lighthouse => self.lighthouse(center, radius, ink),
            Emblem::Sun => self.sun(center, radius, ink),
        }
    }

    fn rays(&mut self, center: [f32; 2], radius: f32, count: u32, from_to: [f32; 2], ink: Ink) {
        for ray in 0..count {
            let angle = TAU * ray as f32 / count as f32;
            let end = if ray % 2 == 0 { from_to[1] } else { from_to[1] - 0.08 };
            self.line(
                &[polar(center, radius * from_to[0], angle), polar(center, radius * end, angle)],
                RAY_MM,
                |_| ink,
            );
        }
    }

    fn rings(&mut self, center: [f32; 2], radius: f32, at: &[f32], ink: Ink) {
        for r in at {
            let ring: Vec<[f32; 2]> =
                (0..=90).map(|step| polar(center, radius * r, TAU * step as f32 / 90.0)).collect();
            self.line(&ring, RING_MM, |_| ink);
        }
    }

    /// Three waves from `top` (in radii below the middle).
    fn sea(&mut self, center: [f32; 2], radius: f32, top: f32, ink: Ink) {
        for wave in 0..3 {
            let y = top + 0.13 * wave as f32;
            let half = (0.64_f32.powi(2) - y * y).max(0.0).sqrt();
            let points: Vec<[f32; 2]> = (0..=40)
                .map(|step| {
                    let x = -half + 2.0 * half * step as f32 / 40.0;
                    [center[0] + radius * x, center[1] + radius * (y + 0.035 * (x * 22.0).sin())]
                })
                .collect();
            self.line(&points, RING_MM, |_| ink);
        }
    }

    fn star(&mut self, center: [f32; 2], reach: f32, ink: Ink) {
        self.shape(center, reach, ink, |x, y| {
            // Five spikes: the distance to the nearest of five wedges.
            let angle = (x.atan2(-y) / TAU * 5.0).rem_euclid(1.0);
            reach * (1.0 - 1.15 * angle.min(1.0 - angle)) - x.hypot(y)
        });
    }

    fn laurel(&mut self, center: [f32; 2], radius: f32, ink: Ink) {
        for side in [-1.0, 1.0] {
            for leaf in 0..7 {
                let angle = PI / 2.0 + side * (0.35 + leaf as f32 * 0.33);
                let (a, b) =
                    (polar(center, radius * 1.10, angle), polar(center, radius * 1.24, angle + side * 0.22));
                self.leaf(a, b, radius * 0.075, ink);
            }
        }
    }

    fn leaf(&mut self, a: [f32; 2], b: [f32; 2], width: f32, ink: Ink) {
        let middle = [(a[0] + b[0]) / 2.0, (a[1] + b[1]) / 2.0];
        let reach = (b[0] - a[0]).hypot(b[1] - a[1]) / 2.0 + width;
        let local = |p: [f32; 2]| [p[0] - middle[0], p[1] - middle[1]];
        self.shape(middle, reach, ink, |x, y| {
            let (distance, along) = segment([x, y], local(a), local(b));
            width * (along * (1.0 - along) * 4.0).max(0.0).sqrt() - distance
        });
    }

    fn tree(&mut self, center: [f32; 2], radius: f32, ink: Ink) {
        self.rings(center, radius, &[1.0, 0.92], ink);
        let foot = [center[0], center[1] + radius * 0.66];
        let top = [center[0], center[1] - radius * 0.55];
        self.line(&[foot, top], radius * 0.10, |_| ink);
        self.line(&[[foot[0] - radius * 0.45, foot[1]], [foot[0] + radius * 0.45, foot[1]]], RING_MM, |_| {
            ink
        });
        for branch in 0..5 {
            let y = center[1] + radius * (0.30 - 0.19 * branch as f32);
            let length = radius * (0.62 - 0.09 * branch as f32);
            for side in [-1.0, 1.0] {
                let tip = [center[0] + side * length, y - length * 0.55];
                self.line(&[[center[0], y], tip], RAY_MM, |_| ink);
                for leaf in 1..=3 {
                    let share = 0.35 + 0.22 * leaf as f32;
                    let at = [center[0] + side * length * share, y - length * 0.55 * share];
                    for up in [-1.0, 1.0] {
                        let end = [at[0] + side * radius * 0.09, at[1] + up * radius * 0.11];
                        self.leaf(at, end, radius * 0.045, ink);
                    }
                }
            }
        }
    }

    fn lighthouse(&mut self, center: [f32; 2], radius: f32, ink: Ink) {
        self.rings(center, radius, &[1.0, 0.9], ink);
        let (cx, cy) = (center[0], center[1]);
        self.shape([cx, cy + radius * 0.12], radius * 0.62, ink, |x, y| {
            // A tower that narrows upwards, striped.
            let half = radius * (0.115 + 0.10 * (y / radius + 0.42));
            let inside = (half - x.abs()).min(radius * 0.44 - y).min(y + radius * 0.40);
            if (y / radius * 6.0).rem_euclid(2.0) < 1.0 {
                inside
            } else {
                inside.min(x.abs() - half + radius * 0.05)
            }
        });
        self.shape([cx, cy - radius * 0.40], radius * 0.2, ink, |x, y| radius * 0.12 - x.hypot(y));
        for side in [-1.0, 1.0] {
            for beam in 0..4 {
                let angle = -0.32 + 0.21 * beam as f32;
                let at = |r: f32| {
                    [cx + side * radius * r * angle.cos(), cy - radius * 0.40 + radius * r * angle.sin()]
                };
                self.line(&[at(0.2), at(0.72)], RAY_MM, |_| ink);
            }
        }
        self.sea(center, radius, 0.56, ink);
    }

    fn sun(&mut self, center: [f32; 2], radius: f32, ink: Ink) {
        self.rings(center, radius, &[1.0, 0.93], ink);
        let sun = [center[0], center[1] - radius * 0.12];
        self.shape(sun, radius * 0.34, ink, |x, y| radius * 0.30 - x.hypot(y));
        self.rays(sun, radius, 24, [0.38, 0.62], ink);
        for (x, height, width) in [(-0.34, 0.52, 0.42), (0.30, 0.66, 0.5), (0.02, 0.36, 0.4)] {
            let base = center[1] + radius * 0.62;
            let peak = [center[0] + radius * x, base - radius * height];
            let left = [peak[0] - radius * width, base];
            let right = [peak[0] + radius * width, base];
            self.line(&[left, peak, right], RING_MM * 1.3, |_| ink);
            for snow in 1..=2 {
                let share = 0.16 * snow as f32;
                let at =
                    |side: f32| [peak[0] + side * radius * width * share, peak[1] + radius * height * share];
                self.line(
                    &[at(-1.0), [peak[0], peak[1] + radius * height * share * 1.5], at(1.0)],
                    RAY_MM,
                    |_| ink,
                );
            }
        }
    }

    /// Fills what `inside` (mm inside the edge, of a place relative to `center`) encloses within `reach` mm.
    fn shape(&mut self, center: [f32; 2], reach: f32, ink: Ink, inside: impl Fn(f32, f32) -> f32) {
        let scale = self.px_per_mm;
        let reach = reach + 1.0;
        let bounds = [center[0] - reach, center[1] - reach, center[0] + reach, center[1] + reach];
        self.canvas.fill(bounds.map(|v| v * scale), ink, |x, y| {
            (inside(x / scale - center[0], y / scale - center[1]) * scale + 0.5).clamp(0.0, 1.0)
        });
    }
}

fn polar(center: [f32; 2], radius: f32, angle: f32) -> [f32; 2] {
    [center[0] + radius * angle.cos(), center[1] + radius * angle.sin()]
}
