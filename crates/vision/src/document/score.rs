//! How much a candidate looks like a document: what its sides and surroundings measure, and the confidence
//! that follows.

use super::edges::EdgeMap;
use super::geometry::pose_of;
use crate::frame::PLANE_SCALE;
use idv_protocol::{DocumentKind, Point, Quad, Size};

/// Places sampled along each side.
const SAMPLES: usize = 48;

/// Distance in px of the shrunk frame at which colours inside and outside a side are compared: beyond the blur
/// of the edge itself.
const COLOUR_REACH_PX: [f32; 2] = [3.0, 5.0];

/// Share of a side next to each corner that is not compared: rounded corners of ID-1 cards (3.18 mm of 54 mm).
const CORNER_SHARE: f32 = 0.07;

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
    /// How far edges go on beyond the corners, mean over the eight ends.
    pub overshoot: f32,
    /// Difference of colour along the inside of the border between sides, as a share of the step to the outside.
    pub unevenness: f32,
    /// Step of the proportions from the nearest ID format, natural logarithm.
    pub aspect_error: f32,
    /// Square root of the share of the frame it covers.
    pub size: f32,
    /// Number of sides at the border of the frame, 0 to 4.
    pub at_border: f32,
    /// Share of the inside that edges cover, as print does.
    pub print: f32,
    /// Tilt in degrees, divided by 90.
    pub tilt: f32,
}

/// The format whose proportions are nearest, and the distance as a natural logarithm. ID-2 and ID-3 have the
/// same proportions; the passport's is meant.
pub(super) fn nearest_kind(aspect_ratio: f32) -> (DocumentKind, f32) {
    let error = |kind: DocumentKind| {
        let (w, h) = kind.size_mm();
        (aspect_ratio.max(1.0).ln() - (w / h).ln()).abs()
    };
    let (id1, id3) = (error(DocumentKind::Id1), error(DocumentKind::Id3));
    if id1 < id3 { (DocumentKind::Id1, id1) } else { (DocumentKind::Id3, id3) }
}

/// Measures a candidate. `quad` is in px of the shrunk frame.
pub(super) fn measure(map: &EdgeMap, quad: &Quad) -> Features {
    let frame = map.size;
    let mut features = Features::default();
    let centre = quad.0.iter().fold(Point::default(), |s, p| Point::new(s.x + p.x / 4.0, s.y + p.y / 4.0));
    let (mut least_support, mut least_step) = (1f32, 1f32);
    let mut inner = [[0f32; 3]; 4];
    let mut steps = 0f32;
    for i in 0..4 {
        let side = Side::new(quad.0[i], quad.0[(i + 1) % 4], centre);
        let (support, strength) = side.support(map, 0.0, 1.0);
        features.support += support / 4.0;
        features.strength += strength / 4.0;
        least_support = least_support.min(support);
        let colour = side.colour_step(map);
        features.step += colour.consistency / 4.0;
        least_step = least_step.min(colour.consistency);
        inner[i] = colour.inside;
        steps += colour.step / 4.0;
        let reach = (12.0 / side.length.max(1.0)).clamp(0.1, 0.3);
        let gap = 3.0 / side.length.max(1.0);
        features.overshoot += (side.support(map, -gap - reach, -gap).0
            + side.support(map, 1.0 + gap, 1.0 + gap + reach).0)
            / 8.0;
        features.at_border += f32::from(side.at_border(frame));
    }
    features.least_support = least_support;
    features.least_step = least_step;
    features.unevenness = (spread(&inner) / (steps + PLANE_SCALE as f32)).min(2.0) / 2.0;
    let pose = pose_of(quad, frame);
    features.aspect_error = nearest_kind(pose.aspect_ratio).1.min(1.0);
    features.tilt = pose.tilt_deg / 90.0;
    features.size = (quad.signed_area().abs() / (frame.width as f32 * frame.height as f32)).sqrt().min(1.0);
    features.print = print_share(map, quad);
    features
}

/// Confidence that a candidate with these features is a document, 0 to 1. The weights are a logistic regression
/// over candidates of drawn scenes with and without a document (those of the tests, other seeds), held close to a
/// first guess so that print, table and light may differ from the drawn ones.
pub(super) fn confidence(f: &Features) -> f32 {
    let score = -13.1
        + 6.5 * f.support
        + 2.0 * f.least_support
        + 0.8 * f.strength
        + 2.8 * f.step
        + 1.7 * f.least_step
        + 1.2 * f.print
        + 5.7 * f.size.min(ENOUGH_SIZE)
        - 4.5 * f.overshoot
        - 2.0 * f.unevenness
        - 6.6 * f.aspect_error.min(MAX_ASPECT_ERROR)
        - 1.0 * f.at_border
        - 1.1 * (f.tilt - FREE_TILT).max(0.0);
    1.0 / (1.0 + (-score).exp())
}

/// From this size on a larger quad is no better one.
const ENOUGH_SIZE: f32 = 0.6;

/// Proportions further off than this are all alike: a banknote, a receipt, a letter cut by its photo.
const MAX_ASPECT_ERROR: f32 = 0.3;

/// Tilt that a hand has anyway, 27 degrees, in the unit of [`Features::tilt`].
const FREE_TILT: f32 = 0.3;

/// What a side shows of the colours beside it.
struct ColourStep {
    /// Mean colour just inside.
    inside: [f32; 3],
    /// Size of the mean step.
    step: f32,
    /// Size of the mean step by the mean size of the steps, 0 to 1.
    consistency: f32,
}

/// A side and its inward normal.
struct Side {
    from: Point,
    dx: f32,
    dy: f32,
    length: f32,
    nx: f32,
    ny: f32,
}

impl Side {
    fn new(from: Point, to: Point, centre: Point) -> Self {
        let length = from.distance(to).max(1e-3);
        let (dx, dy) = (to.x - from.x, to.y - from.y);
        let (nx, ny) = (-dy / length, dx / length);
        let inward = if (centre.x - from.x) * nx + (centre.y - from.y) * ny >= 0.0 { 1.0 } else { -1.0 };
        Self { from, dx, dy, length, nx: nx * inward, ny: ny * inward }
    }

    /// Share of places between two shares of the side at which an aligned edge lies, and their mean weight.
    fn support(&self, map: &EdgeMap, low: f32, high: f32) -> (f32, f32) {
        let count = ((high - low) * self.length).ceil().clamp(4.0, 4.0 * SAMPLES as f32) as usize;
        let upright = self.dx.abs() < self.dy.abs();
        let (mut hits, mut weight) = (0, 0f32);
        for k in 0..count {
            let t = low + (high - low) * (k as f32 + 0.5) / count as f32;
            let (x, y) = (self.from.x + t * self.dx, self.from.y + t * self.dy);
            let mut best = 0f32;
            for across in -2..=2 {
                let (u, v) = if upright {
                    (x.floor() as i32 + across, y.floor() as i32)
                } else {
                    (x.floor() as i32, y.floor() as i32 + across)
                };
                if let Some(edge) = map.at(u, v) {
                    let off = ((edge.x - x) * self.nx + (edge.y - y) * self.ny).abs();
                    if off < 1.5 && (edge.nx * self.nx + edge.ny * self.ny).abs() > 0.95 {
                        best = best.max(edge.weight);
                    }
                }
            }
            if best > 0.0 {
                hits += 1;
                weight += best;
            }
        }
        (hits as f32 / count as f32, weight / (hits.max(1)) as f32)
    }

    fn colour_step(&self, map: &EdgeMap) -> ColourStep {
        let (mut sum, mut inside, mut size) = ([0f32; 3], [0f32; 3], 0f32);
        let mut count = 0f32;
        for k in 0..SAMPLES {
            let t = CORNER_SHARE + (1.0 - 2.0 * CORNER_SHARE) * (k as f32 + 0.5) / SAMPLES as f32;
            let (x, y) = (self.from.x + t * self.dx, self.from.y + t * self.dy);
            let mut difference = [0f32; 3];
            for reach in COLOUR_REACH_PX {
                let within = map.colour_at(x + reach * self.nx, y + reach * self.ny);
                let without = map.colour_at(x - reach * self.nx, y - reach * self.ny);
                for c in 0..3 {
                    difference[c] += (within[c] - without[c]) / COLOUR_REACH_PX.len() as f32;
                    inside[c] += within[c] / COLOUR_REACH_PX.len() as f32;
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

    fn at_border(&self, frame: Size) -> bool {
        let (w, h) = (frame.width as f32, frame.height as f32);
        let margin = 0.012 * w.max(h);
        let near = |x: f32, y: f32| x < margin || y < margin || x > w - margin || y > h - margin;
        near(self.from.x + 0.25 * self.dx, self.from.y + 0.25 * self.dy)
            && near(self.from.x + 0.75 * self.dx, self.from.y + 0.75 * self.dy)
    }
}

fn length_of(v: [f32; 3]) -> f32 {
    (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]).sqrt()
}

/// Mean distance of four colours from their mean.
fn spread(colours: &[[f32; 3]; 4]) -> f32 {
    let mean = [0, 1, 2].map(|c| colours.iter().map(|colour| colour[c]).sum::<f32>() / 4.0);
    colours.iter().map(|colour| length_of([0, 1, 2].map(|c| colour[c] - mean[c]))).sum::<f32>() / 4.0
}

/// Share of places within the quad at or next to which an edge lies.
fn print_share(map: &EdgeMap, quad: &Quad) -> f32 {
    const GRID: usize = 24;
    let Some(plane) = super::geometry::Homography::from_unit_square(quad) else { return 0.0 };
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
