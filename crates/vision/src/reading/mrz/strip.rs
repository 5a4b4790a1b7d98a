//! A line as the recogniser wants to see it: cut out, straight, at one size and contrast.

use super::line::TextLine;
use crate::frame::Luma;

/// Height of a strip in px.
pub const STRIP_HEIGHT: usize = 32;

/// Width of a strip in px: 44 letters and a margin.
pub const STRIP_WIDTH: usize = 768;

/// From letter to letter in a strip, in px.
pub const STRIP_PITCH_PX: f32 = 16.0;

/// Height of capitals in a strip, in px.
pub const STRIP_CAP_PX: f32 = 20.0;

/// Left of the first letter's cell in a strip, in px.
pub const STRIP_START_PX: f32 = 8.0;

/// Shares of the pixels that become black and white.
const BLACK_SHARE: f32 = 0.02;
const WHITE_SHARE: f32 = 0.98;

/// Fills `strip` with `line`, [`STRIP_HEIGHT`] rows of [`STRIP_WIDTH`] values from 0, dark, to 1, paper. Right
/// of the line and its margin is paper.
pub fn cut(plane: &Luma, line: &TextLine, strip: &mut Vec<f32>) {
    strip.clear();
    strip.resize(STRIP_HEIGHT * STRIP_WIDTH, 0.0);
    let across = line.pitch_px / STRIP_PITCH_PX;
    let down = line.cap_px / STRIP_CAP_PX;
    // A px of the strip that covers several of the plane is their mean, lest fine print turns into noise.
    let (nx, ny) = (across.round().clamp(1.0, 4.0) as usize, down.round().clamp(1.0, 4.0) as usize);
    let middle = STRIP_HEIGHT as f32 / 2.0;
    for (row, values) in strip.chunks_exact_mut(STRIP_WIDTH).enumerate() {
        for (column, slot) in values.iter_mut().enumerate() {
            let mut sum = 0.0;
            for v in 0..ny {
                for u in 0..nx {
                    let x = column as f32 + (u as f32 + 0.5) / nx as f32 - STRIP_START_PX;
                    let y = row as f32 + (v as f32 + 0.5) / ny as f32 - middle;
                    let p = line.at(x * across, y * down);
                    sum += plane.sample(p.x, p.y);
                }
            }
            *slot = sum / (nx * ny) as f32;
        }
    }
    let used = (STRIP_START_PX + (line.columns as f32 + 1.0) * STRIP_PITCH_PX) as usize;
    normalise(strip, used.clamp(64, STRIP_WIDTH));
}

/// Stretches the contrast of the first `used` columns to 0..=1; what lies behind them becomes paper.
fn normalise(strip: &mut [f32], used: usize) {
    let mut counts = [0usize; 256];
    for row in strip.chunks_exact(STRIP_WIDTH) {
        for value in row.iter().take(used) {
            if let Some(count) = counts.get_mut(value.clamp(0.0, 255.0) as usize) {
                *count += 1;
            }
        }
    }
    let total: usize = counts.iter().sum();
    let level = |share: f32| {
        let mut left = (total as f32 * share) as usize;
        for (level, &count) in counts.iter().enumerate() {
            if count > left {
                return level as f32;
            }
            left -= count;
        }
        255.0
    };
    let (black, white) = (level(BLACK_SHARE), level(WHITE_SHARE));
    let paper = level(0.75);
    let range = (white - black).max(1.0);
    for row in strip.chunks_exact_mut(STRIP_WIDTH) {
        for (column, value) in row.iter_mut().enumerate() {
            let level = if column < used { *value } else { paper };
            *value = ((level - black) / range).clamp(0.0, 1.0);
        }
    }
}
