//! A close look at the sides of a quad: along which lines beside them the colour steps sharply, at a finer scale than
//! the edges were found on. Tells the edge of a document from that of its shadow, which is soft, and the edge of a faint
//! paper from a printed frame that lies further inside.

use super::geometry::{Segment, meet};
use super::side::length_of;
use crate::frame::RgbaView;
use idv_protocol::{Point, Quad};

/// Places along a side.
const SAMPLES: usize = 64;

/// Longer side of the frame in units of this module: that of a camera's frame, so that a unit is a px of that.
const FRAME_UNITS: f32 = 1280.0;

/// How far inside of a side lines are sought, in units.
const INSIDE: usize = 26;

/// How far outside: a printed frame lies up to 6 mm from the edge of its card.
const OUTSIDE: usize = 66;

/// Positions across a side.
const POSITIONS: usize = INSIDE + OUTSIDE + 1;

/// How much further out one end of a line is than its middle, in units, for each step of the tilt.
const TILT_UNITS: f32 = 1.5;

/// Steps of the tilt to either side.
const TILTS: usize = 4;

/// Distance in units at which a soft step is still the same and a sharp one is over.
const SOFT: usize = 4;

/// Share of a side next to each corner that is left out: rounded corners of ID-1 cards.
const CORNER_SHARE: f32 = 0.07;

/// A step of so many grey levels counts half, so that a faint edge that runs all along counts beside a strong one.
const HALF_WEIGHT_LEVELS: f32 = 4.0;

/// Least height of a line, 0 to 1: below, what noise sums to by chance.
const LEAST_HEIGHT: f32 = 0.12;

/// Lines kept for each side, of those outside of it and of the others: inside lies print.
const MOST_LINES: usize = 3;

/// Distance in units from which two lines beside a side are two.
const APART: usize = 5;

/// How near a side must be to a line to lie on it, in units: sides are refined afterwards.
const ON_LINE: f32 = 5.0;

/// Values of [`CloseLook::evidence`].
pub(super) const CLOSE_EVIDENCE: usize = 4;

/// A line beside a side.
#[derive(Clone, Copy, Debug)]
struct Line {
    /// How far outside of the side its ends lie, in units.
    ends: [f32; 2],
    /// How sharply and consistently the colour steps: 1 for a strong edge all along, up to 2 beside one of the other
    /// direction.
    height: f32,
}

impl Line {
    fn middle(&self) -> f32 {
        (self.ends[0] + self.ends[1]) / 2.0
    }
}

/// What the sides of one quad look like from close.
pub(super) struct CloseLook {
    quad: Quad,
    /// Px of the frame for each unit.
    unit_px: f32,
    lines: [Vec<Line>; 4],
}

impl CloseLook {
    /// Looks at the sides of `quad`, clockwise, in px of `frame`.
    pub fn at(frame: RgbaView<'_>, quad: &Quad) -> Self {
        let unit_px = frame.size().width.max(frame.size().height) as f32 / FRAME_UNITS;
        let lines = [0, 1, 2, 3].map(|i| lines(frame, quad.0[i], quad.0[(i + 1) % 4], unit_px));
        Self { quad: *quad, unit_px, lines }
    }

    /// The lines beside a side, the highest first, in px of the frame.
    pub fn lines(&self, side: usize) -> impl Iterator<Item = Segment> {
        let (from, to, normal) = self.side(side);
        let lines = self.lines.get(side).map(Vec::as_slice).unwrap_or_default();
        lines.iter().map(move |line| {
            let moved = |p: Point, out: f32| {
                Point::new(p.x + out * self.unit_px * normal.0, p.y + out * self.unit_px * normal.1)
            };
            (moved(from, line.ends[0]), moved(to, line.ends[1]))
        })
    }

    /// Quads with all sides on lines outside: on the highest, on the nearest and on the farthest ones.
    pub fn around(&self) -> impl Iterator<Item = Quad> {
        [
            self.outside(|a, b| a.height > b.height),
            self.outside(|a, b| a.middle() < b.middle()),
            self.outside(|a, b| a.middle() > b.middle()),
        ]
        .into_iter()
        .flatten()
    }

    /// What is seen of `quad`, near to the one that was looked at: mean and least height of the lines that its sides
    /// lie on, least height of the highest lines outside of each side, and least of what speaks for an edge at a side:
    /// such a line, or the edge pixels that support it, whose shares are `supports`.
    pub fn evidence(&self, quad: &Quad, supports: [f32; 4]) -> [f32; CLOSE_EVIDENCE] {
        let (mut mean, mut least, mut least_outside, mut least_backed) = (0.0, 1f32, 1f32, 1f32);
        for (side, support) in supports.into_iter().enumerate() {
            let (from, to, normal) = self.side(side);
            let out = |p: Point, q: Point| ((p.x - q.x) * normal.0 + (p.y - q.y) * normal.1) / self.unit_px;
            let (start, end) = (quad.0[side], quad.0[(side + 1) % 4]);
            let ends = [out(start, from), out(end, to)];
            let middle = (ends[0] + ends[1]) / 2.0;
            let (mut own, mut outside) = (0f32, 0f32);
            for line in self.lines.get(side).into_iter().flatten() {
                if (line.ends[0] - ends[0]).abs() <= ON_LINE && (line.ends[1] - ends[1]).abs() <= ON_LINE {
                    own = own.max(line.height);
                } else if line.middle() > middle + ON_LINE {
                    outside = outside.max(line.height);
                }
            }
            let own = own.min(1.0);
            mean += own / 4.0;
            least = least.min(own);
            least_outside = least_outside.min(outside);
            least_backed = least_backed.min(support.max(own));
        }
        [mean, least, least_outside, least_backed]
    }

    fn outside(&self, better: fn(&Line, &Line) -> bool) -> Option<Quad> {
        let mut sides = [0, 1, 2, 3].map(|i| (self.quad.0[i], self.quad.0[(i + 1) % 4]));
        let mut moved = false;
        for (side, segment) in sides.iter_mut().enumerate() {
            let found = self.lines.get(side).into_iter().flatten().enumerate();
            let outside = found.filter(|(_, line)| line.middle() > ON_LINE);
            let best = outside.reduce(|a, b| if better(b.1, a.1) { b } else { a });
            if let Some((k, _)) = best
                && let Some(line) = self.lines(side).nth(k)
            {
                *segment = line;
                moved = true;
            }
        }
        let mut corners = self.quad.0;
        for (i, corner) in corners.iter_mut().enumerate() {
            *corner = meet(sides[(i + 3) % 4], sides[i])?;
        }
        let quad = Quad(corners);
        (moved && quad.is_convex()).then_some(quad)
    }

    /// A side and its outward normal: that of a clockwise quad, y down.
    fn side(&self, side: usize) -> (Point, Point, (f32, f32)) {
        let (from, to) = (self.quad.0[side % 4], self.quad.0[(side + 1) % 4]);
        let length = from.distance(to).max(1e-3);
        (from, to, ((to.y - from.y) / length, (from.x - to.x) / length))
    }
}

fn lines(frame: RgbaView<'_>, from: Point, to: Point, unit_px: f32) -> Vec<Line> {
    let length = from.distance(to);
    if length < SAMPLES as f32 * unit_px {
        return Vec::new();
    }
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let (nx, ny) = (dy / length * unit_px, -dx / length * unit_px);
    let place = |k: usize| CORNER_SHARE + (1.0 - 2.0 * CORNER_SHARE) * (k as f32 + 0.5) / SAMPLES as f32;
    // Sums of weighted steps along each line; the steps of two more positions at either end are not known.
    let mut sums = [[[0f32; 3]; POSITIONS]; 2 * TILTS + 1];
    let mut colours = [[0f32; 3]; POSITIONS + 4];
    let mut steps = [[0f32; 3]; POSITIONS];
    for k in 0..SAMPLES {
        let t = place(k);
        let (x, y) = (from.x + t * dx, from.y + t * dy);
        for (j, colour) in colours.iter_mut().enumerate() {
            let out = j as f32 - (INSIDE + 2) as f32;
            *colour = frame.sample(x + out * nx, y + out * ny);
        }
        for (step, near) in steps.iter_mut().zip(colours.windows(5)) {
            let rise = [0, 1, 2].map(|c| (near[3][c] + near[4][c] - near[1][c] - near[0][c]) / 2.0);
            let weight = 1.0 / (length_of(rise) + HALF_WEIGHT_LEVELS);
            *step = rise.map(|value| value * weight / SAMPLES as f32);
        }
        for (tilt, sums) in sums.iter_mut().enumerate() {
            let lean = (tilt as f32 - TILTS as f32) * TILT_UNITS * 2.0 * (t - 0.5);
            let shift = lean.round() as isize;
            let (to, from) = (shift.min(0).unsigned_abs(), shift.max(0).unsigned_abs());
            let count = POSITIONS - to.max(from);
            for (sum, step) in sums[to..to + count].iter_mut().zip(&steps[from..from + count]) {
                (0..3).for_each(|c| sum[c] += step[c]);
            }
        }
    }
    let mut best = [(0f32, 0usize); POSITIONS];
    for (tilt, sums) in sums.iter().enumerate() {
        for j in SOFT..POSITIONS - SOFT {
            let (before, here, after) = (sums[j - SOFT], sums[j], sums[j + SOFT]);
            let height = length_of([0, 1, 2].map(|c| here[c] - (before[c] + after[c]) / 2.0));
            if height > best[j].0 {
                best[j] = (height, tilt);
            }
        }
    }
    let mut order: [usize; POSITIONS] = std::array::from_fn(|j| j);
    order.sort_unstable_by(|&a, &b| best[b].0.total_cmp(&best[a].0));
    let (mut found, mut taken) = (Vec::with_capacity(2 * MOST_LINES), Vec::with_capacity(2 * MOST_LINES));
    let mut kept = [0; 2];
    for j in order {
        let (height, tilt) = best[j];
        let out = j as f32 - INSIDE as f32;
        let kept = &mut kept[usize::from(out > ON_LINE)];
        if height < LEAST_HEIGHT {
            break;
        }
        if *kept == MOST_LINES || taken.iter().any(|&other: &usize| j.abs_diff(other) < APART) {
            continue;
        }
        *kept += 1;
        taken.push(j);
        let lean = (tilt as f32 - TILTS as f32) * TILT_UNITS;
        found.push(Line { ends: [out - lean, out + lean], height });
    }
    found
}

#[cfg(test)]
mod tests {
    use super::*;
    use idv_protocol::Size;

    /// A faint paper on a table, a dark printed frame 30 px inside of its edge, and below the paper a soft shadow.
    fn paper(corners: &Quad) -> Vec<u8> {
        let depth = |x: f32, y: f32| {
            let inside = |i: usize| {
                let (a, b) = (corners.0[i], corners.0[(i + 1) % 4]);
                let (dx, dy) = (b.x - a.x, b.y - a.y);
                (dx * (y - a.y) - dy * (x - a.x)) / dx.hypot(dy)
            };
            (0..4).map(inside).fold(f32::MAX, f32::min)
        };
        let mut state = 5u32;
        let mut data = Vec::new();
        for y in 0..720 {
            for x in 0..1280 {
                let inside = depth(x as f32 + 0.5, y as f32 + 0.5);
                let shadow = ((inside + 30.0) / 15.0).clamp(0.0, 1.0);
                let level = match inside {
                    d if d > 30.0 && d < 34.0 => 60.0,
                    d if d > 0.0 => 186.0,
                    _ => 180.0 - 12.0 * shadow,
                };
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let level = (level + (state >> 24) as f32 / 255.0 * 8.0 - 4.0).round() as u8;
                data.extend([level, level, level, 255]);
            }
        }
        data
    }

    fn rectangle(left: f32, top: f32, right: f32, bottom: f32) -> Quad {
        Quad([(left, top), (right, top), (right, bottom), (left, bottom)].map(|(x, y)| Point::new(x, y)))
    }

    #[test]
    fn the_edge_of_a_faint_paper_is_seen_around_its_printed_frame() {
        let edge = rectangle(300.0, 180.0, 980.0, 560.0);
        let data = paper(&edge);
        let frame = RgbaView::new(&data, Size { width: 1280, height: 720 }).expect("a frame");
        let close = CloseLook::at(frame, &rectangle(331.0, 211.0, 949.0, 529.0));
        let found = close.around().any(|quad| quad.0.iter().zip(edge.0).all(|(p, q)| p.distance(q) < 5.0));
        assert!(found, "{:?}", close.lines);
        let [_, least, _, _] = close.evidence(&edge, [0.0; 4]);
        let [.., outside, _] = close.evidence(&rectangle(331.0, 211.0, 949.0, 529.0), [0.0; 4]);
        assert!(least > 0.3 && outside > 0.3, "{least} {outside}");
        let [_, of_nothing, _, _] = close.evidence(&rectangle(316.0, 196.0, 964.0, 544.0), [0.0; 4]);
        assert_eq!(of_nothing, 0.0);
    }

    #[test]
    fn a_side_of_a_few_px_shows_no_lines() {
        let data = paper(&rectangle(300.0, 180.0, 980.0, 560.0));
        let frame = RgbaView::new(&data, Size { width: 1280, height: 720 }).expect("a frame");
        let close = CloseLook::at(frame, &rectangle(300.0, 180.0, 303.0, 560.0));
        assert_eq!((close.lines(0).count(), close.lines(7).count()), (0, 0));
    }
}
