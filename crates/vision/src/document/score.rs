//! How much a candidate looks like a document: what its sides and surroundings measure, and the confidence
//! that follows.

use super::edges::EdgeMap;
use super::geometry::{Homography, meet, pose_of};
use super::shapes::nearest_kind;
use super::side::{DEEP_PX, NEAR_PX, Side, length_of};
use crate::frame::PLANE_SCALE;
use idv_protocol::{Point, Quad, Size};

/// What is measured of a candidate, each 0 to 1 unless said otherwise.
#[derive(Clone, Copy, Debug, Default, PartialEq)]
pub(super) struct Features {
    /// Mean over the sides of the share that an aligned edge supports.
    pub support: f32,
    /// The same of the worst side.
    pub least_support: f32,
    /// Mean weight of the supporting edges.
    pub strength: f32,
    /// Mean over the sides of how consistently the colour steps from inside to outside.
    pub step: f32,
    /// The same of the worst side.
    pub least_step: f32,
    /// The same as `step`, further from the side: beyond a printed frame lies the same paper again.
    pub deep_step: f32,
    /// The same of the worst side: beyond a line of print lies the same paper again.
    pub least_deep_step: f32,
    /// How far edges go on beyond the corners, mean over the eight ends.
    pub overshoot: f32,
    /// How far both neighbours of a side go on beyond it, the worst side: a line of print has the document's sides
    /// go on to either side of it.
    pub crossed: f32,
    /// Difference of colour along the inside of the border between sides, as a share of the step to the outside.
    pub unevenness: f32,
    /// Step of the proportions from the nearest ID format that is expected, natural logarithm.
    pub aspect_error: f32,
    /// Square root of the share of the frame it covers.
    pub size: f32,
    /// Number of sides at the border of the frame, 0 to 4.
    pub at_border: f32,
    /// Share of the inside that edges cover, as print does.
    pub print: f32,
    /// Tilt in degrees, divided by 90.
    pub tilt: f32,
    /// Share of the line midway between the short sides that an aligned edge supports: the fold of an open passport.
    pub fold: f32,
}

/// Moves the sides of a candidate onto the edges beside them, in rounds of these reaches in px of the shrunk frame.
pub(super) fn settle(map: &EdgeMap, quad: &Quad, reaches_px: &[f32]) -> Quad {
    let mut settled = *quad;
    for &reach in reaches_px {
        let centre = centre_of(&settled);
        let sides =
            [0, 1, 2, 3].map(|i| Side::new(settled.0[i], settled.0[(i + 1) % 4], centre).settled(map, reach));
        for i in 0..4 {
            let corner = &mut settled.0[i];
            if let Some(p) = meet(sides[(i + 3) % 4], sides[i])
                && p.distance(*corner) < 3.0 * reach
            {
                *corner = p;
            }
        }
    }
    if settled.is_convex() { settled } else { *quad }
}

/// Reaches of [`settle`] for a candidate of lines, which were fitted to all their edges across the frame, not to
/// those of the document alone.
pub(super) const SETTLE_LINES_PX: [f32; 2] = [2.5, 1.5];

/// The same for a proposal of the corner network, whose corners are known to some 2 px of its input.
pub(super) const SETTLE_PROPOSAL_PX: [f32; 4] = [6.0, 4.0, 2.5, 1.5];

fn centre_of(quad: &Quad) -> Point {
    quad.0.iter().fold(Point::default(), |s, p| Point::new(s.x + p.x / 4.0, s.y + p.y / 4.0))
}

/// Difference between the proportions of the rectangle behind `quad` (px of a frame of this size) and those of the
/// nearest ID format, as a natural logarithm, at least 0.
pub fn aspect_error(quad: &Quad, frame: Size) -> f32 {
    nearest_kind(pose_of(quad, frame).aspect_ratio).1
}

/// Measures a candidate. `quad` is in px of the shrunk frame.
pub(super) fn measure(map: &EdgeMap, quad: &Quad) -> Features {
    let frame = map.size;
    let mut features = Features::default();
    let centre = centre_of(quad);
    let (mut least_support, mut least_step, mut least_deep_step) = (1f32, 1f32, 1f32);
    let (mut inner, mut beyond) = ([[0f32; 3]; 4], [[0f32; 2]; 4]);
    let mut steps = 0f32;
    for (i, inside) in inner.iter_mut().enumerate() {
        let side = Side::new(quad.0[i], quad.0[(i + 1) % 4], centre);
        let (support, strength) = side.support(map, 0.0, 1.0);
        features.support += support / 4.0;
        features.strength += strength / 4.0;
        least_support = least_support.min(support);
        let colour = side.colour_step(map, NEAR_PX);
        let deep = side.colour_step(map, DEEP_PX).consistency;
        features.deep_step += deep / 4.0;
        least_deep_step = least_deep_step.min(deep);
        features.step += colour.consistency / 4.0;
        least_step = least_step.min(colour.consistency);
        *inside = colour.inside;
        steps += colour.step / 4.0;
        let (gap, reach) = side.overshoot_span();
        beyond[i] =
            [side.support(map, -gap - reach, -gap).0, side.support(map, 1.0 + gap, 1.0 + gap + reach).0];
        features.at_border += f32::from(side.at_border(frame));
    }
    features.overshoot = beyond.iter().flatten().sum::<f32>() / 8.0;
    // Side i is crossed by the far end of the side before it and the near end of the side after it.
    features.crossed = (0..4).map(|i| beyond[(i + 3) % 4][1].min(beyond[(i + 1) % 4][0])).fold(0.0, f32::max);
    features.least_support = least_support;
    features.least_step = least_step;
    features.least_deep_step = least_deep_step;
    features.unevenness = (spread(&inner) / (steps + PLANE_SCALE as f32)).min(2.0) / 2.0;
    let pose = pose_of(quad, frame);
    features.aspect_error = map.shapes.error(pose.aspect_ratio);
    features.tilt = pose.tilt_deg / 90.0;
    features.size = (quad.signed_area().abs() / (frame.width as f32 * frame.height as f32)).sqrt().min(1.0);
    features.print = print_share(map, quad);
    features.fold = fold(map, quad, centre);
    features
}

/// Logarithm of the odds that a candidate with these features is a document. The weights are a logistic regression
/// over candidates of drawn scenes with and without a document (those of the tests, other seeds), of recordings of
/// the specimen passport and of both cut off by the frame, held close to a first guess so that print, table and
/// light may differ from these.
pub(super) fn score(f: &Features) -> f32 {
    -12.95
        + 6.1 * f.support
        + 1.1 * f.least_support
        + 0.7 * f.strength
        + 2.0 * f.step
        + 1.0 * f.least_step
        + 0.8 * f.deep_step
        + 1.85 * f.least_deep_step
        + 1.3 * f.print
        + 6.1 * f.size.min(ENOUGH_SIZE)
        - 4.4 * f.overshoot
        - 1.5 * f.crossed
        - 2.0 * f.unevenness
        - 6.5 * f.aspect_error.min(MAX_ASPECT_ERROR)
        - 0.9 * f.at_border
        - 1.0 * (f.tilt - FREE_TILT).max(0.0)
}

/// Confidence that goes with a score, 0 to 1.
pub(super) fn confidence(score: f32) -> f32 {
    1.0 / (1.0 + (-score).exp())
}

/// From this size on a larger quad is no better one.
pub(super) const ENOUGH_SIZE: f32 = 0.6;

/// Proportions further off than this are all alike: a banknote, a receipt, a letter cut by its photo.
pub(super) const MAX_ASPECT_ERROR: f32 = 0.3;

/// Tilt that a hand has anyway, 27 degrees, in the unit of [`Features::tilt`].
pub(super) const FREE_TILT: f32 = 0.3;

/// Support of each side.
pub(super) fn supports(map: &EdgeMap, quad: &Quad) -> [f32; 4] {
    let centre = centre_of(quad);
    [0, 1, 2, 3].map(|i| Side::new(quad.0[i], quad.0[(i + 1) % 4], centre).support(map, 0.0, 1.0).0)
}

/// Support of the line midway between the shorter pair of sides.
fn fold(map: &EdgeMap, quad: &Quad, centre: Point) -> f32 {
    let middle = |a: Point, b: Point| Point::new((a.x + b.x) / 2.0, (a.y + b.y) / 2.0);
    let [a, b, c, d] = quad.0;
    let wide = a.distance(b) + c.distance(d) >= b.distance(c) + d.distance(a);
    let (from, to) = if wide { (middle(a, b), middle(c, d)) } else { (middle(b, c), middle(d, a)) };
    Side::new(from, to, centre).support(map, 0.04, 0.96).0
}

/// Mean distance of four colours from their mean.
fn spread(colours: &[[f32; 3]; 4]) -> f32 {
    let mean = [0, 1, 2].map(|c| colours.iter().map(|colour| colour[c]).sum::<f32>() / 4.0);
    colours.iter().map(|colour| length_of([0, 1, 2].map(|c| colour[c] - mean[c]))).sum::<f32>() / 4.0
}

/// Share of places within the quad at or next to which an edge lies.
fn print_share(map: &EdgeMap, quad: &Quad) -> f32 {
    const GRID: usize = 24;
    let Some(plane) = Homography::from_unit_square(quad) else { return 0.0 };
    let mut hits = 0;
    for i in 0..GRID {
        for j in 0..GRID {
            let place = |k: usize| 0.08 + 0.84 * (k as f32 + 0.5) / GRID as f32;
            let p = plane.apply(place(i), place(j));
            let (x, y) = (p.x as i32, p.y as i32);
            hits += usize::from((-1..=1).any(|dx| (-1..=1).any(|dy| map.at(x + dx, y + dy).is_some())));
        }
    }
    hits as f32 / (GRID * GRID) as f32
}
