//! One side of a candidate: the edges along it and the colours beside it.

use super::edges::EdgeMap;
use crate::frame::PLANE_SCALE;
use idv_protocol::{Point, Size};

/// Places sampled along each side.
const SAMPLES: usize = 48;

/// Distance in px of the shrunk frame at which colours inside and outside a side are compared: beyond the blur
/// of the edge itself.
pub(super) const NEAR_PX: [f32; 2] = [3.0, 5.0];

/// The same beyond a printed frame: 3 mm on a passport page that fills two thirds of the frame.
pub(super) const DEEP_PX: [f32; 2] = [7.0, 9.0];

/// Share of a side next to each corner that is not compared: rounded corners of ID-1 cards (3.18 mm of 54 mm).
const CORNER_SHARE: f32 = 0.07;

/// Cosine of the largest angle between a side and an edge that supports it, 17 degrees.
const MIN_ALIGNMENT: f32 = 0.956;

/// What a side shows of the colours beside it.
pub(super) struct ColourStep {
    /// Mean colour just inside.
    pub inside: [f32; 3],
    /// Size of the mean step.
    pub step: f32,
    /// Size of the mean step by the mean size of the steps, 0 to 1.
    pub consistency: f32,
}

/// A side and its inward normal.
pub(super) struct Side {
    from: Point,
    dx: f32,
    dy: f32,
    pub length: f32,
    nx: f32,
    ny: f32,
}

impl Side {
    pub fn new(from: Point, to: Point, centre: Point) -> Self {
        let length = from.distance(to).max(1e-3);
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let (nx, ny) = (-dy / length, dx / length);
        let inward = if (centre.x - from.x) * nx + (centre.y - from.y) * ny >= 0.0 { 1.0 } else { -1.0 };
        Self { from, dx, dy, length, nx: nx * inward, ny: ny * inward }
    }

    /// Share of places between two shares of the side at which an aligned edge lies, and their mean weight. Places
    /// outside the frame do not count; both are 0 when fewer than 4 px are inside.
    pub fn support(&self, map: &EdgeMap, low: f32, high: f32) -> (f32, f32) {
        let count = ((high - low) * self.length).ceil().clamp(4.0, 4.0 * SAMPLES as f32) as usize;
        let upright = self.dx.abs() < self.dy.abs();
        let (mut inside, mut hits, mut weight) = (0, 0, 0f32);
        for k in 0..count {
            let t = low + (high - low) * (k as f32 + 0.5) / count as f32;
            let (x, y) = (self.from.x + t * self.dx, self.from.y + t * self.dy);
            if x < 0.0 || y < 0.0 || x >= map.size.width as f32 || y >= map.size.height as f32 {
                continue;
            }
            inside += 1;
            let mut best = 0f32;
            for across in -2..=2 {
                let (u, v) = if upright {
                    (x.floor() as i32 + across, y.floor() as i32)
                } else {
                    (x.floor() as i32, y.floor() as i32 + across)
                };
                if let Some(edge) = map.at(u, v) {
                    let off = ((edge.x - x) * self.nx + (edge.y - y) * self.ny).abs();
                    if off < 1.5 && (edge.nx * self.nx + edge.ny * self.ny).abs() > MIN_ALIGNMENT {
                        best = best.max(edge.weight);
                    }
                }
            }
            if best > 0.0 {
                hits += 1;
                weight += best;
            }
        }
        if inside < 4 {
            return (0.0, 0.0);
        }
        (hits as f32 / inside as f32, weight / hits.max(1) as f32)
    }

    pub fn colour_step(&self, map: &EdgeMap, reaches: [f32; 2]) -> ColourStep {
        let (mut sum, mut inside, mut size) = ([0f32; 3], [0f32; 3], 0f32);
        let mut count = 0f32;
        for k in 0..SAMPLES {
            let t = CORNER_SHARE + (1.0 - 2.0 * CORNER_SHARE) * (k as f32 + 0.5) / SAMPLES as f32;
            let (x, y) = (self.from.x + t * self.dx, self.from.y + t * self.dy);
            let mut difference = [0f32; 3];
            for reach in reaches {
                let within = map.colour_at(x + reach * self.nx, y + reach * self.ny);
                let without = map.colour_at(x - reach * self.nx, y - reach * self.ny);
                for c in 0..3 {
                    difference[c] += (within[c] - without[c]) / reaches.len() as f32;
                    inside[c] += within[c] / reaches.len() as f32;
                }
            }
            for c in 0..3 {
                sum[c] += difference[c];
            }
            size += length_of(difference);
            count += 1.0;
        }
        let step = length_of(sum) / count;
        // A step of less than a grey level is no step, however consistent.
        let consistency = length_of(sum) / (size + count * PLANE_SCALE as f32);
        ColourStep { inside: inside.map(|v| v / count), step, consistency }
    }

    pub fn at_border(&self, frame: Size) -> bool {
        let (w, h) = (frame.width as f32, frame.height as f32);
        let margin = 0.012 * w.max(h);
        let near = |x: f32, y: f32| x < margin || y < margin || x > w - margin || y > h - margin;
        near(self.from.x + 0.25 * self.dx, self.from.y + 0.25 * self.dy)
            && near(self.from.x + 0.75 * self.dx, self.from.y + 0.75 * self.dy)
    }

    /// Shares of the side that lie between a corner and where edges beyond it are sought, and that they are
    /// sought in: past the other side's own edge, over some tiles of a tiled table.
    pub fn overshoot_span(&self) -> (f32, f32) {
        let length = self.length.max(1.0);
        (4.0 / length, (0.2 * length).clamp(12.0, 40.0) / length)
    }

    /// The side moved onto the edges within `reach` px that run along it, by weighted least squares; as it was
    /// when there are too few.
    pub fn settled(&self, map: &EdgeMap, reach: f32) -> (Point, Point) {
        let (dx, dy) = (self.dx / self.length, self.dy / self.length);
        let upright = dx.abs() < dy.abs();
        let cells = (1.42 * reach).ceil() as i32;
        let mut sum = [0f32; 5];
        for k in 0..self.length as usize {
            let (x, y) = (self.from.x + (k as f32 + 0.5) * dx, self.from.y + (k as f32 + 0.5) * dy);
            for across in -cells..=cells {
                let (u, v) =
                    if upright { (x as i32 + across, y as i32) } else { (x as i32, y as i32 + across) };
                let Some(edge) = map.at(u, v) else { continue };
                let (ex, ey) = (edge.x - self.from.x, edge.y - self.from.y);
                let off = ex * self.nx + ey * self.ny;
                if off.abs() <= reach && (edge.nx * self.nx + edge.ny * self.ny).abs() > MIN_ALIGNMENT {
                    let t = (ex * dx + ey * dy) / self.length - 0.5;
                    for (total, value) in sum.iter_mut().zip([1.0, t, off, t * t, t * off]) {
                        *total += edge.weight * value;
                    }
                }
            }
        }
        let [n, st, so, stt, sto] = sum;
        let to = Point::new(self.from.x + self.dx, self.from.y + self.dy);
        let det = n * stt - st * st;
        // Edges in one spot only cannot tell the direction.
        if n < 0.1 * self.length || det < 0.02 * n * n {
            return (self.from, to);
        }
        let slope = (n * sto - st * so) / det;
        let middle = (so - slope * st) / n;
        let (a, b) =
            ((middle - slope / 2.0).clamp(-reach, reach), (middle + slope / 2.0).clamp(-reach, reach));
        (
            Point::new(self.from.x + a * self.nx, self.from.y + a * self.ny),
            Point::new(to.x + b * self.nx, to.y + b * self.ny),
        )
    }
}

/// Length of a vector.
pub(super) fn length_of(v: [f32; 3]) -> f32 {
    (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]).sqrt()
}
