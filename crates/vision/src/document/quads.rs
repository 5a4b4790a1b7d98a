//! Candidate quads from lines: two lines that face each other, crossed by two others, all four supported
//! between their crossings.

use super::lines::Line;
use idv_protocol::{Point, Quad, Size};

/// Cosine of the largest angle between opposite sides: a card tilted by 45 degrees that fills the frame shows 30.
const MIN_OPPOSITE_COSINE: f32 = 0.85;

/// Cosine of the smallest angle between neighbouring sides, 50 degrees.
const MAX_CORNER_COSINE: f32 = 0.64;

/// Least share of a side that edges must support in a candidate: fingers may cover the rest.
const MIN_SIDE_SUPPORT: f32 = 0.3;

/// Crossing lines kept for each pair of facing lines.
const MAX_CROSSINGS: usize = 14;

/// How far outside the frame a corner may lie, in shares of the frame's shorter side: the fit of a corner in the
/// frame can end up there.
const MAX_OUTSIDE_RATIO: f32 = 0.02;

/// Four lines that may be the sides of a document.
#[derive(Clone, Copy, Debug)]
pub(super) struct Candidate {
    /// Corners in order around the quad, in px of the shrunk frame.
    pub corners: Quad,
    /// First guess of how good it is; larger is better.
    pub rank: f32,
}

/// A line that crosses a facing pair.
#[derive(Clone, Copy)]
struct Crossing {
    line: usize,
    /// Corner on the first and on the second line of the pair.
    corners: [Point; 2],
    /// Places of the corners along the first and the second line of the pair.
    places: [f32; 2],
    support: f32,
    /// Support just beyond the corners.
    overshoot: f32,
}

/// The candidates of one frame and the buffers they are found with.
#[derive(Clone, Default)]
pub(super) struct CandidateFinder {
    /// The candidates, best rank first.
    pub candidates: Vec<Candidate>,
    crossings: Vec<Crossing>,
}

impl CandidateFinder {
    /// Finds up to `max_candidates` quads whose sides are at least `min_side_px`. Reuses its memory.
    pub fn find(&mut self, lines: &[Line], frame: Size, min_side_px: f32, max_candidates: usize) {
        self.candidates.clear();
        for (i, a) in lines.iter().enumerate() {
            for (j, c) in lines.iter().enumerate().skip(i + 1) {
                if facing(a, c) {
                    self.cross(lines, [i, j], frame, min_side_px);
                    self.pair_up(lines, [i, j], frame, min_side_px, max_candidates);
                }
            }
        }
        self.candidates.sort_unstable_by(|a, b| b.rank.total_cmp(&a.rank));
        self.candidates.truncate(max_candidates);
    }

    /// Finds the lines that cross the pair.
    fn cross(&mut self, lines: &[Line], pair: [usize; 2], frame: Size, min_side_px: f32) {
        self.crossings.clear();
        let [Some(a), Some(c)] = pair.map(|i| lines.get(i)) else { return };
        let short = frame.width.min(frame.height) as f32;
        let outside = short * MAX_OUTSIDE_RATIO;
        let inside = |p: Point| {
            p.x >= -outside
                && p.y >= -outside
                && p.x <= frame.width as f32 + outside
                && p.y <= frame.height as f32 + outside
        };
        for (k, b) in lines.iter().enumerate() {
            // Every quad has two pairs of facing sides; it is built from the flatter pair only.
            if k == pair[0] || k == pair[1] || !crossing(a, b) || !crossing(c, b) {
                continue;
            }
            let (Some(p), Some(q)) = (a.meet(b), c.meet(b)) else { continue };
            if !inside(p) || !inside(q) || p.distance(q) < min_side_px {
                continue;
            }
            let (from, to) = (b.place_of(p), b.place_of(q));
            let support = b.support(from, to);
            if support < MIN_SIDE_SUPPORT {
                continue;
            }
            self.crossings.push(Crossing {
                line: k,
                corners: [p, q],
                places: [a.place_of(p), c.place_of(q)],
                support,
                overshoot: overshoot(b, from, to),
            });
        }
        self.crossings
            .sort_unstable_by(|x, y| (y.support - y.overshoot).total_cmp(&(x.support - x.overshoot)));
        self.crossings.truncate(MAX_CROSSINGS);
    }

    /// Makes candidates of the pair and any two of its crossings.
    fn pair_up(
        &mut self,
        lines: &[Line],
        pair: [usize; 2],
        frame: Size,
        min_side_px: f32,
        max_candidates: usize,
    ) {
        let [Some(a), Some(c)] = pair.map(|i| lines.get(i)) else { return };
        let frame_area = frame.width as f32 * frame.height as f32;
        for (i, b) in self.crossings.iter().enumerate() {
            for d in self.crossings.iter().skip(i + 1) {
                let [Some(lb), Some(ld)] = [b.line, d.line].map(|i| lines.get(i)) else { continue };
                let lengths = [(b.places[0] - d.places[0]).abs(), (b.places[1] - d.places[1]).abs()];
                if !facing(lb, ld)
                    || lengths[0].min(lengths[1]) < min_side_px
                    || flatness(a, c) < flatness(lb, ld)
                {
                    continue;
                }
                let sa = a.support(b.places[0], d.places[0]);
                let sc = c.support(b.places[1], d.places[1]);
                if sa.min(sc) < MIN_SIDE_SUPPORT {
                    continue;
                }
                let corners = Quad([b.corners[0], d.corners[0], d.corners[1], b.corners[1]]);
                if !corners.is_convex() {
                    continue;
                }
                let supports = [sa, d.support, sc, b.support];
                let mean = supports.iter().sum::<f32>() / 4.0;
                let least = supports.iter().copied().fold(1.0, f32::min);
                let beyond = (overshoot(a, b.places[0], d.places[0])
                    + overshoot(c, b.places[1], d.places[1])
                    + b.overshoot
                    + d.overshoot)
                    / 4.0;
                let area = corners.signed_area().abs() / frame_area;
                let rank = mean + 0.5 * least - 0.5 * beyond + 0.5 * area.sqrt().min(0.7);
                let candidate = Candidate { corners, rank };
                offer(&mut self.candidates, candidate, max_candidates);
            }
        }
    }
}

/// Keeps a candidate. The list is cut back to the best now and then: cheaper than keeping it sorted.
fn offer(candidates: &mut Vec<Candidate>, candidate: Candidate, max_candidates: usize) {
    candidates.push(candidate);
    if candidates.len() >= 16 * max_candidates {
        candidates.sort_unstable_by(|a, b| b.rank.total_cmp(&a.rank));
        candidates.truncate(max_candidates);
    }
}

/// Support in the stretch just beyond both ends of a side: a document ends there, a table's edge or a ruling
/// goes on.
fn overshoot(line: &Line, from: f32, to: f32) -> f32 {
    let (low, high) = (from.min(to), from.max(to));
    let reach = ((high - low) * 0.12).clamp(6.0, 24.0);
    // The first px beyond a corner still see the other side's edge.
    const CORNER_PX: f32 = 3.0;
    let before = line.support(low - CORNER_PX - reach, low - CORNER_PX);
    let after = line.support(high + CORNER_PX, high + CORNER_PX + reach);
    (before + after) / 2.0
}

fn facing(a: &Line, b: &Line) -> bool {
    (a.nx * b.nx + a.ny * b.ny).abs() >= MIN_OPPOSITE_COSINE
}

fn crossing(a: &Line, b: &Line) -> bool {
    (a.nx * b.nx + a.ny * b.ny).abs() <= MAX_CORNER_COSINE
}

/// How level a pair of lines is, 0 to 2.
fn flatness(a: &Line, b: &Line) -> f32 {
    a.ny.abs() + b.ny.abs()
}
