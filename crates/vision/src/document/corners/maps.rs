//! From the network's maps to quads: peaks of the corner map, every four of them weighed. The script that trains
//! the network does the same.

use super::super::geometry::{as_seen, intersection_over_union};
use super::{CELLS, STRIDE};
use idv_protocol::{Point, Quad};

/// Height from which a peak of the corner map may be a corner.
const LEAST_PEAK: f32 = 0.08;

/// Peaks that are looked at: 210 sets of four.
const MOST_PEAKS: usize = 10;

/// Least sine of the angles of a quad: 30 to 150 degrees.
const LEAST_SINE: f32 = 0.5;

/// Least area of a quad in cells: 14 x 14 px of the input.
const LEAST_AREA_CELLS: f32 = 12.0;

/// Places along and across a quad at which the mask is read.
const GRID: usize = 8;

/// Distance from a side at which the mask is read beyond it, in cells.
const BEYOND_CELLS: f32 = 1.25;

/// Of quads that overlap by more than this the better one is kept.
const MOST_OVERLAP: f32 = 0.4;

/// Quads that are kept.
const MOST_QUADS: usize = 3;

/// Farthest that a corner lies from the middle of its cell, in cells.
const MOST_OFFSET: f32 = 1.5;

/// Least height of a corner: a fifth of that of a peak.
const LEAST_HEIGHT: f32 = 0.015;

/// Cells around a corner in which the corner map is read.
const SEEK_CELLS: i32 = 3;

/// Distance in cells at which a corner of the map counts 0.6: the network tells a document from a part of it, where the
/// edge runs the edges tell better.
const SAME_CORNER_CELLS: f32 = 1.4;

/// Logistic regression of "overlaps with a document by 0.9 and more" on pictures held out from training: 1, mean and
/// least logarithm of the peaks' heights, share of the mask inside the quad and beyond its sides.
const WEIGHTS: [f32; 5] = [-2.125, 2.109, 1.19, 6.119, -6.89];

/// A peak of the corner map.
#[derive(Clone, Copy)]
struct Peak {
    place: Point,
    height: f32,
}

/// Reads maps; the buffers are reused.
#[derive(Default)]
pub(super) struct Maps {
    inside: Vec<f32>,
    corner: Vec<f32>,
    places: Vec<Point>,
    peaks: Vec<Peak>,
    scored: Vec<(Quad, f32)>,
}

impl Maps {
    /// Takes the network's output: inside, corner, offset x, offset y, each row-major.
    pub fn read(&mut self, values: &[f32]) {
        let plane = |k: usize| values.get(k * CELLS * CELLS..(k + 1) * CELLS * CELLS).unwrap_or_default();
        self.inside.clear();
        self.inside.extend(plane(0).iter().map(|&v| sigmoid(v)));
        self.corner.clear();
        self.corner.extend(plane(1).iter().map(|&v| sigmoid(v)));
        self.places.clear();
        self.places.extend(plane(2).iter().zip(plane(3)).enumerate().map(|(i, (dx, dy))| {
            Point::new(
                (i % CELLS) as f32 + 0.5 + dx.clamp(-MOST_OFFSET, MOST_OFFSET),
                (i / CELLS) as f32 + 0.5 + dy.clamp(-MOST_OFFSET, MOST_OFFSET),
            )
        }));
        self.find_peaks();
    }

    /// The quads between peaks, corners in cells, with the logarithm of their odds, best first.
    pub fn quads(&mut self) -> impl Iterator<Item = (Quad, f32)> {
        self.scored.clear();
        let n = self.peaks.len();
        for a in 0..n {
            for b in a + 1..n {
                for c in b + 1..n {
                    for d in c + 1..n {
                        let four = [a, b, c, d].map(|i| self.peaks[i]);
                        if let Some(quad) = sound_quad(&four) {
                            let score = odds(&self.features(&quad, four.map(|peak| peak.height)));
                            self.scored.push((quad, score));
                        }
                    }
                }
            }
        }
        self.scored.sort_by(|a, b| b.1.total_cmp(&a.1));
        let mut kept: Vec<(Quad, f32)> = Vec::with_capacity(MOST_QUADS);
        for (quad, score) in &self.scored {
            if kept.len() < MOST_QUADS
                && kept.iter().all(|(known, _)| intersection_over_union(known, quad) < MOST_OVERLAP)
            {
                kept.push((*quad, *score));
            }
        }
        kept.into_iter().map(|(quad, score)| (as_seen(quad.0), score))
    }

    /// What the maps show of `quad`, any convex one in cells, clockwise: mean and least logarithm of the heights of its
    /// corners, share of the mask inside it and beyond its sides.
    pub fn evidence(&self, quad: &Quad) -> [f32; 4] {
        self.features(quad, quad.0.map(|corner| self.height_at(corner)))
    }

    /// Height of the corner map for a corner at `place`: that of the cells around, the less the farther away they
    /// say that their corner lies.
    fn height_at(&self, place: Point) -> f32 {
        let (x, y) = (place.x.floor() as i32, place.y.floor() as i32);
        let mut best = LEAST_HEIGHT;
        for v in (y - SEEK_CELLS).max(0)..=(y + SEEK_CELLS).min(CELLS as i32 - 1) {
            for u in (x - SEEK_CELLS).max(0)..=(x + SEEK_CELLS).min(CELLS as i32 - 1) {
                let i = v as usize * CELLS + u as usize;
                if let (Some(&height), Some(said)) = (self.corner.get(i), self.places.get(i))
                    && height > best
                {
                    let off = said.distance(place);
                    best =
                        best.max(height * (-off * off / (2.0 * SAME_CORNER_CELLS * SAME_CORNER_CELLS)).exp());
                }
            }
        }
        best
    }

    /// The local maxima of the corner map, highest first.
    fn find_peaks(&mut self) {
        self.peaks.clear();
        for (i, (&height, &place)) in self.corner.iter().zip(&self.places).enumerate() {
            let (x, y) = (i % CELLS, i / CELLS);
            let highest = || {
                (y.saturating_sub(1)..(y + 2).min(CELLS)).all(|v| {
                    (x.saturating_sub(1)..(x + 2).min(CELLS)).all(|u| self.corner[v * CELLS + u] <= height)
                })
            };
            if height >= LEAST_PEAK && highest() {
                self.peaks.push(Peak { place, height });
            }
        }
        self.peaks.sort_by(|a, b| b.height.total_cmp(&a.height));
        self.peaks.truncate(MOST_PEAKS);
    }

    /// What the maps show of `quad`, clockwise, whose corners have these heights.
    fn features(&self, quad: &Quad, heights: [f32; 4]) -> [f32; 4] {
        let logs = heights.map(f32::ln);
        let [a, b, c, d] = quad.0;
        let share = |k: usize| (k as f32 + 0.5) / GRID as f32;
        let (mut within, mut beyond) = (0.0, 0.0);
        for i in 0..GRID {
            for j in 0..GRID {
                let (u, v) = (share(i), share(j));
                let mix = |a: f32, b: f32, c: f32, d: f32| {
                    (1.0 - v) * ((1.0 - u) * a + u * b) + v * (u * c + (1.0 - u) * d)
                };
                within += self.inside_at(mix(a.x, b.x, c.x, d.x), mix(a.y, b.y, c.y, d.y));
            }
        }
        for i in 0..4 {
            let (from, to) = (quad.0[i], quad.0[(i + 1) % 4]);
            let (dx, dy) = (to.x - from.x, to.y - from.y);
            let reach = BEYOND_CELLS / dx.hypot(dy).max(1e-6);
            for t in (0..GRID).map(share) {
                beyond += self.inside_at(from.x + t * dx + reach * dy, from.y + t * dy - reach * dx);
            }
        }
        [
            logs.iter().sum::<f32>() / 4.0,
            logs.into_iter().fold(f32::MAX, f32::min),
            within / (GRID * GRID) as f32,
            beyond / (4 * GRID) as f32,
        ]
    }

    /// The mask at a place in cells; 0 outside of the picture.
    fn inside_at(&self, x: f32, y: f32) -> f32 {
        if x < 0.0 || y < 0.0 || x >= CELLS as f32 || y >= CELLS as f32 {
            return 0.0;
        }
        self.inside.get(y as usize * CELLS + x as usize).copied().unwrap_or(0.0)
    }
}

/// Logarithm of the odds that a quad of which the maps show `evidence` is a document.
pub(in super::super) fn odds(evidence: &[f32; 4]) -> f32 {
    let [bias, weights @ ..] = WEIGHTS;
    bias + weights.iter().zip(evidence).map(|(weight, value)| weight * value).sum::<f32>()
}

/// The quad with these corners, clockwise, if its angles and its area are a document's.
fn sound_quad(peaks: &[Peak; 4]) -> Option<Quad> {
    let mut corners = peaks.map(|peak| peak.place);
    let (cx, cy) = corners.iter().fold((0.0, 0.0), |(x, y), p| (x + p.x / 4.0, y + p.y / 4.0));
    corners.sort_by(|p, q| (p.y - cy).atan2(p.x - cx).total_cmp(&(q.y - cy).atan2(q.x - cx)));
    let sound = (0..4).all(|i| {
        let (p, q, r) = (corners[i], corners[(i + 1) % 4], corners[(i + 2) % 4]);
        let ((ax, ay), (bx, by)) = ((q.x - p.x, q.y - p.y), (r.x - q.x, r.y - q.y));
        ax * by - ay * bx >= LEAST_SINE * ax.hypot(ay) * bx.hypot(by)
    });
    let quad = Quad(corners);
    (sound && quad.signed_area() >= LEAST_AREA_CELLS).then_some(quad)
}

pub(super) fn sigmoid(value: f32) -> f32 {
    1.0 / (1.0 + (-value).exp())
}

// The corner map is read in cells of the input.
const _: () = assert!(CELLS * STRIDE == super::CORNERS_SIDE_PX);
