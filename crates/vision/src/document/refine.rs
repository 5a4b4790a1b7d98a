//! Sides to a fraction of a pixel: on the full frame, along lines across each side, the steepest step; a line
//! through those.

use super::geometry::{Segment, as_seen, meet};
use crate::frame::RgbaView;
use idv_protocol::{Point, Quad};

/// Places along each side at which the step is sought.
const SAMPLES: usize = 72;

/// Share of a side next to each corner that is left out: rounded corners of ID-1 cards (3.18 mm of 54 mm).
const CORNER_SHARE: f32 = 0.08;

/// Rounds of weighted fitting; each narrows what still counts as on the line.
const ROUNDS: usize = 5;

/// Profiles are at most this many samples to either side.
const MAX_REACH: usize = 24;

/// Refines `quad`, in px of `frame`, within `reach_px` to either side. A side whose steps do not agree on a line
/// stays as it was.
pub(super) fn refine(frame: RgbaView<'_>, quad: &Quad, reach_px: f32) -> Quad {
    let sides = [0, 1, 2, 3].map(|i| refine_side(frame, quad.0[i], quad.0[(i + 1) % 4], reach_px));
    let mut corners = quad.0;
    for (i, corner) in corners.iter_mut().enumerate() {
        let (before, after) = (sides[(i + 3) % 4], sides[i]);
        if let Some(p) = meet(before, after)
            && p.distance(*corner) < 3.0 * reach_px
        {
            *corner = p;
        }
    }
    let refined = Quad(corners);
    if refined.is_convex() { as_seen(corners) } else { as_seen(quad.0) }
}

fn refine_side(frame: RgbaView<'_>, from: Point, to: Point, reach_px: f32) -> Segment {
    let length = from.distance(to);
    if length < 8.0 {
        return (from, to);
    }
    let (dx, dy) = ((to.x - from.x) / length, (to.y - from.y) / length);
    let (nx, ny) = (-dy, dx);
    let spacing = (reach_px / MAX_REACH as f32).max(0.75);
    let reach = ((reach_px / spacing) as usize).clamp(2, MAX_REACH);
    let taps = 2 * reach + 1;
    let mut profiles = [[[0f32; 3]; 2 * MAX_REACH + 1]; SAMPLES];
    let mut mean = [0f32; 3];
    for (k, profile) in profiles.iter_mut().enumerate() {
        let t = length * (CORNER_SHARE + (1.0 - 2.0 * CORNER_SHARE) * (k as f32 + 0.5) / SAMPLES as f32);
        for (j, value) in profile.iter_mut().take(taps).enumerate() {
            let across = (j as f32 - reach as f32) * spacing;
            *value = frame.sample(from.x + t * dx + across * nx, from.y + t * dy + across * ny);
        }
        for c in 0..3 {
            let half = |range: std::ops::Range<usize>| -> f32 { profile[range].iter().map(|v| v[c]).sum() };
            mean[c] += half(reach + 1..taps) - half(0..reach);
        }
    }
    let size = (mean[0] * mean[0] + mean[1] * mean[1] + mean[2] * mean[2]).sqrt();
    if size < 1e-3 {
        return (from, to);
    }
    let axis = mean.map(|v| v / size);
    let mut steps = [(0f32, 0f32, 0f32); SAMPLES];
    for (k, (profile, step)) in profiles.iter().zip(&mut steps).enumerate() {
        let t = length * (CORNER_SHARE + (1.0 - 2.0 * CORNER_SHARE) * (k as f32 + 0.5) / SAMPLES as f32);
        let (offset, height) = steepest(&profile[..taps], axis, reach);
        *step = (t, offset * spacing, height);
    }
    match fit(&steps, length, reach_px) {
        Some((at_start, slope)) => {
            let end = at_start + slope * length;
            (
                Point::new(from.x + at_start * nx, from.y + at_start * ny),
                Point::new(to.x + end * nx, to.y + end * ny),
            )
        }
        None => (from, to),
    }
}

/// Place, in samples from the middle, and height of the steepest rise of a profile along `axis`.
fn steepest(profile: &[[f32; 3]], axis: [f32; 3], reach: usize) -> (f32, f32) {
    let mut values = [0f32; 2 * MAX_REACH + 1];
    for (value, colour) in values.iter_mut().zip(profile) {
        *value = colour[0] * axis[0] + colour[1] * axis[1] + colour[2] * axis[2];
    }
    let n = profile.len();
    // Difference of two neighbours on either side: the step under a light blur.
    let rise = |j: usize| (values[j + 1] + values[j + 2] - values[j - 1] - values[j - 2]) / 2.0;
    let mut best = (0.0, 0f32);
    for j in 2..n - 2 {
        // Of equal steps the nearest to the line as it was.
        let nearness = 1.0 - 0.3 * (j as f32 - reach as f32).abs() / reach as f32;
        let height = rise(j) * nearness;
        if height > best.1 {
            let (before, after) =
                (if j > 2 { rise(j - 1) } else { 0.0 }, if j + 3 < n { rise(j + 1) } else { 0.0 });
            let curve = before - 2.0 * rise(j) + after;
            let shift = if curve < -1e-3 { (0.5 * (before - after) / curve).clamp(-0.5, 0.5) } else { 0.0 };
            best = (j as f32 - reach as f32 + shift, height);
        }
    }
    best
}

/// Fits offset = a + b t through the steps by repeated weighted least squares (Tukey's biweight). `None` when
/// under a third of the steps lie on the line.
fn fit(steps: &[(f32, f32, f32)], length: f32, reach_px: f32) -> Option<(f32, f32)> {
    let (mut a, mut b) = (0.0, 0.0);
    let typical = steps.iter().map(|s| s.2).sum::<f32>() / steps.len() as f32;
    if typical <= 0.0 {
        return None;
    }
    let mut kept = 0;
    for round in 0..ROUNDS {
        let tolerance = (reach_px * 0.6f32.powi(round as i32)).max(1.5);
        let mut sum = [0f64; 5];
        kept = 0;
        for &(t, offset, height) in steps {
            let off = (offset - a - b * t) / tolerance;
            if off.abs() >= 1.0 || height <= 0.0 {
                continue;
            }
            kept += usize::from(off.abs() < 0.7);
            let near = 1.0 - off * off;
            let weight = f64::from(near * near * (height / typical).min(1.5));
            let (t, offset) = (f64::from(t), f64::from(offset));
            for (total, value) in sum.iter_mut().zip([1.0, t, offset, t * t, t * offset]) {
                *total += weight * value;
            }
        }
        let [n, st, so, stt, sto] = sum;
        let det = n * stt - st * st;
        if n <= 0.0 || det.abs() < 1e-6 {
            return None;
        }
        b = ((n * sto - st * so) / det) as f32;
        a = ((so - f64::from(b) * st) / n) as f32;
    }
    let within = a.abs() <= reach_px && (a + b * length).abs() <= reach_px;
    (within && kept * 3 >= steps.len()).then_some((a, b))
}
