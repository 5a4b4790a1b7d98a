//! What the edges say of a candidate and what the corner network says of it, as one score: the logarithm of the odds
//! that it overlaps with the document by 0.9 and more. Both are witnesses: a quad that both see is surer than to either;
//! where they see different quads, each is the less sure for it.
//!
//! The weights are logistic regressions, `models/training/corners/calibrate.py`: half of the loss is the choice among
//! the candidates of a frame, half whether the best few of them are right, held near to a sum of both witnesses' own
//! odds. They were fitted on 450 frames of `frames.py` (other documents and pictures than the network was trained on,
//! seed 6) and 330 of `document_bench draw`, seeds 100 and up; other seeds than those of any test or bench.

use super::close::{CLOSE_EVIDENCE, CloseLook};
use super::corners::{Sighting, odds};
use super::edges::EdgeMap;
use super::geometry::{Segment, as_seen, intersection_over_union, meet};
use super::score::{self, Features};
use super::{Candidate, begun_at, scaled, snap};
use crate::frame::RgbaView;
use idv_protocol::{Point, Quad};

/// Number of values in [`Candidate::evidence`].
pub const EVIDENCE: usize = FIRST + CLOSE_EVIDENCE;

/// Of these, those of the edges: 1, the fifteen measures of the edges' score, the fold.
const EDGES: usize = 17;

/// Those before the close look: also the four of the network's score, and both scores.
const FIRST: usize = EDGES + 4 + 2;

/// Weights of the evidence before the close look.
#[rustfmt::skip]
const WEIGHTS: [f32; FIRST] = [
    2.521, 0.790, 1.172, -0.471, -0.819, 0.149, -0.504, 0.176, 0.592, 0.655, -3.109, -0.359, -0.991, -4.960,
    -0.388, -1.395, -2.003, 0.301, 0.000, 0.677, -2.007, 0.673, 0.404,
];

/// Weights of all evidence.
#[rustfmt::skip]
const CLOSE_WEIGHTS: [f32; EVIDENCE] = [
    0.775, 0.737, 1.075, -0.422, -0.399, 0.229, -0.483, -0.192, 0.336, 0.273, -2.929, -0.365, -0.201, -3.770,
    -0.452, -1.701, -1.377, 0.159, 0.000, 0.520, -0.434, 0.603, 0.348, 0.173, 0.297, -1.916, 0.708,
];

/// Quads that are weighed again after the close look.
const MOST_AGAIN: usize = 10;

/// What the edges say counts up to here, to either side: beyond, they are no surer.
const MOST_EDGES: f32 = 5.0;

/// The same of the network.
const MOST_NETWORK: f32 = 8.0;

/// How much more credible another quad must be than the one that is followed: what is drawn keeps to one of two edges.
const MOVED_MARGIN: f32 = 1.0;

/// How much more credible a quad must become by a side that the network proposes.
const PROPOSED_MARGIN: f32 = 0.05;

/// The same by a line beside a side, of which there are many: each is a chance to be wrong.
const BESIDE_MARGIN: f32 = 0.3;

/// Overlap with a proposal from which its sides are tried in place of a candidate's.
const SAME_DOCUMENT: f32 = 0.6;

/// What the network saw of a frame that was shrunk.
pub(super) struct Witness<'a> {
    sighting: &'a Sighting,
    /// Factors from px of the shrunk frame to px of the frame.
    sx: f32,
    sy: f32,
}

impl<'a> Witness<'a> {
    pub fn new(sighting: &'a Sighting, sx: f32, sy: f32) -> Self {
        Self { sighting, sx, sy }
    }

    /// The proposed quads, in px of the shrunk frame.
    pub fn proposals(&self) -> impl Iterator<Item = Quad> {
        self.sighting.proposals().iter().map(|proposal| scaled(&proposal.quad, 1.0 / self.sx, 1.0 / self.sy))
    }

    /// Adds what the network says to a candidate.
    pub fn weigh(&self, candidate: &mut Candidate) {
        let shown = self.sighting.evidence(&as_seen(scaled(&candidate.quad, self.sx, self.sy).0));
        candidate.network = odds(&shown);
        candidate.evidence[EDGES..EDGES + 4].copy_from_slice(&shown);
        candidate.evidence[EDGES + 4] = candidate.edges.clamp(-MOST_EDGES, MOST_EDGES);
        candidate.evidence[EDGES + 5] = candidate.network.clamp(-MOST_NETWORK, MOST_NETWORK);
        candidate.score = WEIGHTS.iter().zip(candidate.evidence).map(|(w, v)| w * v).sum();
    }

    /// Adds what the close look shows to a candidate whose quad, in px of the frame, is `quad`.
    fn weigh_close(map: &EdgeMap, close: &CloseLook, candidate: &mut Candidate, quad: &Quad) {
        let supports = score::supports(map, &candidate.quad);
        candidate.evidence[FIRST..].copy_from_slice(&close.evidence(quad, supports));
        candidate.score = CLOSE_WEIGHTS.iter().zip(candidate.evidence).map(|(w, v)| w * v).sum();
    }

    /// The document that was found in the frame before at `expected`, in px of the shrunk frame, where it is now: its
    /// sides moved onto the edges beside them, or those of the network's proposal for it.
    pub fn followed(&self, frame: RgbaView<'_>, map: &EdgeMap, expected: &Quad) -> Candidate {
        let near = score::settle(map, expected, &score::SETTLE_LINES_PX);
        let far = score::settle(map, expected, &score::SETTLE_PROPOSAL_PX);
        let proposed =
            self.proposals().next().map(|quad| score::settle(map, &quad, &score::SETTLE_PROPOSAL_PX));
        let weighed = |quad: Quad| {
            let mut candidate = Candidate::new(map, as_seen(quad.0));
            self.weigh(&mut candidate);
            candidate
        };
        let mut best = weighed(near);
        for quad in [Some(far), proposed].into_iter().flatten() {
            let candidate = weighed(quad);
            if candidate.score > best.score + MOVED_MARGIN {
                best = candidate;
            }
        }
        let quad = scaled(&best.quad, self.sx, self.sy);
        Self::weigh_close(map, &CloseLook::at(frame, &quad), &mut best, &quad);
        best
    }

    /// The most credible of `candidates` near `best` and of `best` with sides replaced by others of the same document,
    /// after a close look at its sides: print near a faint side draws a side of the edges to itself, and so does a
    /// shadow. Tried are the sides that the network proposes and the lines beside a side along which the colour steps.
    /// Each quad that was weighed is added to `candidates`; of those nearly as credible as the best the largest is taken.
    pub fn mended(
        &self,
        frame: RgbaView<'_>,
        map: &EdgeMap,
        best: Candidate,
        candidates: &mut Vec<Candidate>,
        larger_score_margin: f32,
    ) -> Candidate {
        let first = candidates.len();
        let (sx, sy) = (self.sx, self.sy);
        let start = as_seen(best.quad.0);
        let close = CloseLook::at(frame, &scaled(&start, sx, sy));
        let mut again: Vec<Candidate> = candidates
            .iter()
            .filter(|known| intersection_over_union(&known.quad, &start) >= SAME_DOCUMENT)
            .copied()
            .collect();
        again.sort_unstable_by(|a, b| b.score.total_cmp(&a.score));
        again.truncate(MOST_AGAIN);
        let mut mended = Candidate { score: f32::MIN, ..best };
        for mut candidate in again {
            candidate.quad = turned_to(&as_seen(candidate.quad.0), &start);
            let quad = scaled(&candidate.quad, sx, sy);
            Self::weigh_close(map, &close, &mut candidate, &quad);
            candidates.push(candidate);
            if candidate.score > mended.score {
                mended = candidate;
            }
        }
        let mut weigh = |quad: Quad, mended: &mut Candidate, margin: f32| {
            let mut candidate = Candidate::new(map, quad);
            self.weigh(&mut candidate);
            Self::weigh_close(map, &close, &mut candidate, &scaled(&quad, sx, sy));
            candidates.push(candidate);
            if candidate.score > mended.score + margin {
                *mended = candidate;
            }
        };
        // All sides together first: around a printed frame each alone makes the shape worse.
        for quad in close.around() {
            weigh(scaled(&quad, 1.0 / sx, 1.0 / sy), &mut mended, BESIDE_MARGIN);
        }
        let mut others: Vec<Quad> = Vec::new();
        for quad in self.proposals() {
            if intersection_over_union(&quad, &start) >= SAME_DOCUMENT {
                others.push(turned_to(&as_seen(quad.0), &start));
                others.push(turned_to(&as_seen(snap::snap(map, &quad).0), &start));
            }
        }
        for side in 0..4 {
            let proposed = others.iter().map(|other| (other.0[side], other.0[(side + 1) % 4]));
            let proposed = proposed.map(|line| (line, PROPOSED_MARGIN));
            let beside = close.lines(side).map(|(from, to)| {
                let line = (Point::new(from.x / sx, from.y / sy), Point::new(to.x / sx, to.y / sy));
                (line, BESIDE_MARGIN)
            });
            for (line, margin) in proposed.chain(beside) {
                if let Some(quad) = with_side(&mended.quad, line, side) {
                    weigh(quad, &mut mended, margin);
                }
            }
        }
        let weighed = candidates.iter().skip(first);
        weighed
            .filter(|candidate| candidate.score >= mended.score - larger_score_margin)
            .max_by(|a, b| a.quad.signed_area().total_cmp(&b.quad.signed_area()))
            .copied()
            .unwrap_or(mended)
    }
}

/// `quad` begun at the corner nearest to the first of `other`: near 45 degrees of rotation what is the top left corner
/// of one is another of the other.
fn turned_to(quad: &Quad, other: &Quad) -> Quad {
    let distance = |quad: &Quad| -> f32 { quad.0.iter().zip(other.0).map(|(p, q)| p.distance(q)).sum() };
    (1..4)
        .map(|first| begun_at(quad, first))
        .fold(*quad, |best, next| if distance(&next) < distance(&best) { next } else { best })
}

/// `quad` with its side from corner `side` on replaced by `line`; `None` where that gives no quad.
fn with_side(quad: &Quad, line: Segment, side: usize) -> Option<Quad> {
    let corner = |k: usize| quad.0[k % 4];
    let mut corners = quad.0;
    corners[side] = meet((corner(side + 3), corner(side)), line)?;
    corners[(side + 1) % 4] = meet(line, (corner(side + 1), corner(side + 2)))?;
    let replaced = Quad(corners);
    (replaced.is_convex() && replaced.signed_area() * quad.signed_area() > 0.0).then_some(replaced)
}

/// The evidence of the edges; that of the network is added by [`Witness::weigh`].
pub(super) fn of_edges(f: &Features) -> [f32; EVIDENCE] {
    [
        1.0,
        f.support,
        f.least_support,
        f.strength,
        f.step,
        f.least_step,
        f.deep_step,
        f.least_deep_step,
        f.print,
        f.size.min(score::ENOUGH_SIZE),
        f.overshoot,
        f.crossed,
        f.unevenness,
        f.aspect_error.min(score::MAX_ASPECT_ERROR),
        f.at_border,
        (f.tilt - score::FREE_TILT).max(0.0),
        f.fold,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
        0.0,
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    /// The score before the close look of a candidate of which edges and network say this much, all else being equal.
    fn fused(edges: f32, network: f32) -> f32 {
        let [.., of_edges, of_network] = WEIGHTS;
        of_edges * edges.clamp(-MOST_EDGES, MOST_EDGES)
            + of_network * network.clamp(-MOST_NETWORK, MOST_NETWORK)
    }

    #[test]
    fn agreement_is_surer_than_either_alone() {
        let (both, edges_alone, network_alone) = (fused(3.0, 3.0), fused(3.0, -3.0), fused(-3.0, 3.0));
        assert!(
            both > edges_alone + 1.0 && both > network_alone + 1.0,
            "{both} {edges_alone} {network_alone}"
        );
        let [bias, ..] = WEIGHTS;
        assert!(bias + fused(-3.0, -8.0) < 0.0, "what neither sees is not believed");
    }

    #[test]
    fn sides_are_replaced_one_by_one() {
        let corners = [(10.0, 10.0), (90.0, 10.0), (90.0, 60.0), (10.0, 60.0)];
        let quad = Quad(corners.map(|(x, y)| Point::new(x, y)));
        let lower = (Point::new(100.0, 70.0), Point::new(0.0, 70.0));
        let moved = with_side(&quad, lower, 2).expect("a quad");
        assert_eq!(moved.0.map(|p| p.y), [10.0, 10.0, 70.0, 70.0]);
        assert_eq!(moved.0.map(|p| p.x), quad.0.map(|p| p.x));
        let crossing = (Point::new(100.0, 0.0), Point::new(0.0, 5.0));
        assert_eq!(with_side(&quad, crossing, 2), None);
        assert_eq!(turned_to(&begun_at(&quad, 3), &quad), quad);
    }
}
