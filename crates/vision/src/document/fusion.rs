//! What the edges say of a candidate and what the corner network says of it, as one score.
//!
//! Both are logarithms of odds, and they add up, as those of two witnesses do who do not know of each other. So a quad
//! that both see is surer than to either; a quad that one alone sees stands by how sure that one is; where they see
//! different quads each is the less sure for it, and the better supported one is taken.

use super::corners::Sighting;
use super::edges::EdgeMap;
use super::geometry::{as_seen, intersection_over_union, meet};
use super::{Candidate, scaled, snap};
use idv_protocol::Quad;

/// Weights of 1, the edges and the network: a logistic regression of "overlaps with the document by 0.9 and more" over
/// the candidates of drawn camera frames held out from the network's training.
const WEIGHTS: [f32; 3] = [1.8, 0.51, 0.36];

/// What the edges say counts up to here, to either side: beyond, they are no surer.
const MOST_EDGES: f32 = 5.0;

/// The same of the network.
const MOST_NETWORK: f32 = 8.0;

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
        candidate.network = self.sighting.odds(&as_seen(scaled(&candidate.quad, self.sx, self.sy).0));
        candidate.score = fused(candidate.edges, candidate.network);
    }

    /// `best` with those of its sides replaced by the ones that the network proposes for the same document that make
    /// it more credible: print near a faint side draws a side of the edges to itself.
    pub fn mended(&self, map: &EdgeMap, best: Candidate) -> Candidate {
        let mut mended = best;
        for quad in self.proposals() {
            if intersection_over_union(&quad, &best.quad) < SAME_DOCUMENT {
                continue;
            }
            for other in [quad, snap::snap(map, &quad)].map(|quad| as_seen(quad.0)) {
                for side in 0..4 {
                    let Some(quad) = with_side(&as_seen(mended.quad.0), &other, side) else { continue };
                    let mut candidate = Candidate::new(map, quad);
                    self.weigh(&mut candidate);
                    if candidate.score > mended.score {
                        mended = candidate;
                    }
                }
            }
        }
        mended
    }
}

/// `quad` with its side from corner `side` on replaced by that of `other`; `None` where that gives no quad.
fn with_side(quad: &Quad, other: &Quad, side: usize) -> Option<Quad> {
    let corner = |k: usize| quad.0[k % 4];
    let line = (other.0[side], other.0[(side + 1) % 4]);
    let mut corners = quad.0;
    corners[side] = meet((corner(side + 3), corner(side)), line)?;
    corners[(side + 1) % 4] = meet(line, (corner(side + 1), corner(side + 2)))?;
    let quad = Quad(corners);
    quad.is_convex().then_some(quad)
}

/// Logarithm of the odds that a quad is a document, of which the edges say `edges` and the network `network`.
pub(super) fn fused(edges: f32, network: f32) -> f32 {
    let [bias, of_edges, of_network] = WEIGHTS;
    bias + of_edges * edges.clamp(-MOST_EDGES, MOST_EDGES)
        + of_network * network.clamp(-MOST_NETWORK, MOST_NETWORK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn agreement_is_surer_than_either_alone() {
        let (both, edges_alone, network_alone) = (fused(3.0, 3.0), fused(3.0, -3.0), fused(-3.0, 3.0));
        assert!(both > edges_alone && both > network_alone, "{both} {edges_alone} {network_alone}");
        assert!(both > 0.0, "what both see is accepted: {both}");
        assert!(fused(-3.0, -8.0) < -1.5, "what neither sees is not");
    }

    #[test]
    fn no_witness_is_heard_without_limit() {
        assert_eq!(fused(50.0, 0.0), fused(MOST_EDGES, 0.0));
        assert_eq!(fused(0.0, -50.0), fused(0.0, -MOST_NETWORK));
    }
}
