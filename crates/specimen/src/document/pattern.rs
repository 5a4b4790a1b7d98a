//! The patterns behind the text: families of fine lines over the whole page.

use super::design::{Design, Pattern};
use super::guilloche::{Guilloche, LINE_MM};
use crate::raster::{Ink, Rgb, mix};
use rand::Rng;
use std::f32::consts::TAU;

/// Opacity of a line of a pattern.
const ALPHA: f32 = 0.26;

/// Steps of one line.
const STEPS: usize = 250;

/// Fills the page of `size` mm with the pattern of `design`. The phases come from `rng`.
pub fn fill(pen: &mut Guilloche<'_>, design: &Design, size: (f32, f32), rng: &mut impl Rng) {
    let phase: [f32; 4] = std::array::from_fn(|_| rng.random_range(0.0..TAU));
    let mut draw = |family: usize, points: &[[f32; 2]]| {
        let tint = design.lines[family % 2];
        pen.line(points, LINE_MM, |along| Ink {
            rgb: faded(tint, design.lines[2], design.lines[3], along),
            alpha: ALPHA * design.depth,
        });
    };
    match design.pattern {
        Pattern::Waves => waves(size, phase, &mut draw),
        Pattern::Rings => rings(size, phase, &mut draw),
        Pattern::Ribbons => ribbons(size, phase, &mut draw),
        Pattern::Net => net(size, phase, &mut draw),
    }
}

/// From `tint` over `middle` to `end`.
fn faded(tint: Rgb, middle: Rgb, end: Rgb, along: f32) -> Rgb {
    if along < 0.5 { mix(tint, middle, along * 2.0) } else { mix(middle, end, along * 2.0 - 1.0) }
}

/// A line from 0 to 1 along its length.
fn trace(point: impl Fn(f32) -> [f32; 2]) -> Vec<[f32; 2]> {
    (0..=STEPS).map(|step| point(step as f32 / STEPS as f32)).collect()
}

fn waves((width, height): (f32, f32), phase: [f32; 4], draw: &mut impl FnMut(usize, &[[f32; 2]])) {
    for family in 0..2 {
        let lines = 46;
        for index in 0..lines {
            let share = index as f32 / (lines - 1) as f32;
            let y0 = -4.0 + share * (height + 8.0);
            let spread = share * TAU * 1.5;
            let side = if family == 0 { 1.0 } else { -1.0 };
            draw(
                family,
                &trace(|t| {
                    let u = t * TAU;
                    let slow = (u * 0.5 + phase[2]).sin() * 2.6 * (spread + phase[3]).cos();
                    let fast = (u * 5.0 + spread + phase[family]).sin() * (1.1 + 0.5 * (u + spread).sin());
                    [t * width, y0 + side * (slow + fast)]
                }),
            );
        }
    }
}

fn rings((width, height): (f32, f32), phase: [f32; 4], draw: &mut impl FnMut(usize, &[[f32; 2]])) {
    for family in 0..2 {
        let center = if family == 0 {
            [-0.14 * width, height * (0.5 + 0.2 * phase[0].sin())]
        } else {
            [1.12 * width, height * (0.5 + 0.2 * phase[1].cos())]
        };
        let lines = 58;
        for index in 0..lines {
            let radius = width * (0.06 + 1.25 * index as f32 / lines as f32);
            draw(
                family,
                &trace(|t| {
                    // The half of the ring that faces the page.
                    let angle = (t - 0.5) * std::f32::consts::PI * 0.96;
                    let angle = if family == 0 { angle } else { std::f32::consts::PI - angle };
                    let wobble = (angle * 9.0 + phase[2] + index as f32 * 0.31).sin() * 0.9
                        + (angle * 4.0 + phase[3]).sin() * 1.6;
                    let r = radius + wobble;
                    [center[0] + r * angle.cos(), center[1] + r * angle.sin()]
                }),
            );
        }
    }
}

fn ribbons((width, height): (f32, f32), phase: [f32; 4], draw: &mut impl FnMut(usize, &[[f32; 2]])) {
    for ribbon in 0..6 {
        let base = height * (-0.05 + 0.22 * ribbon as f32);
        let shift = phase[ribbon % 4] + ribbon as f32 * 1.7;
        let strands = 15;
        for strand in 0..strands {
            let share = strand as f32 / (strands - 1) as f32 - 0.5;
            draw(
                ribbon,
                &trace(|t| {
                    let u = t * TAU;
                    // The strands cross where the ribbon turns over.
                    let twist = (u * 1.5 + shift).cos();
                    let middle = (u * 0.8 + shift).sin() * height * 0.10;
                    [t * width, base + middle + share * twist * height * 0.24 + (u * 7.0 + shift).sin() * 0.3]
                }),
            );
        }
    }
}

fn net((width, height): (f32, f32), phase: [f32; 4], draw: &mut impl FnMut(usize, &[[f32; 2]])) {
    let reach = width + height;
    let lines = 62;
    for family in 0..2 {
        let slope = if family == 0 { 0.62 } else { -0.62 };
        for index in 0..lines {
            let offset = -0.35 * reach + 1.1 * reach * index as f32 / lines as f32;
            draw(
                family,
                &trace(|t| {
                    let x = t * width;
                    let sway = (t * TAU * 3.0 + phase[family] + offset * 0.08).sin() * 1.3
                        + (t * TAU * 1.0 + phase[2]).sin() * 1.8;
                    [x, offset + slope * (x - width / 2.0) + sway]
                }),
            );
        }
    }
}
