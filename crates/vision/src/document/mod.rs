//! Where is the document. In: a frame, and what the corner network proposes for it. Out: a [`Detection`], or nothing.
//! Rule: without four supported sides there is no document; a cluttered desk is none.
//!
//! shrunk planes -> edge pixels -> lines -> candidate quads, and those of the network -> the most credible one -> a close
//! look at its sides -> sides refined on the full frame. A document that is followed from the frame before skips the
//! lines.

mod close;
mod corners;
mod cut_off;
mod edges;
mod follow;
mod fusion;
mod geometry;
mod lines;
mod params;
mod quads;
mod rectify;
mod refine;
mod score;
mod shapes;
mod side;
mod snap;
#[cfg(test)]
mod tests;
mod track;

pub(crate) use corners::fill_pixels;
pub use corners::{CORNERS_SIDE_PX, CornerNet, Proposal, Sighting};
pub use follow::{Follower, FollowerParams};
pub use fusion::EVIDENCE;
pub use geometry::{Homography, NOMINAL_FOCAL_RATIO, Pose, intersection_over_union, pose_of};
pub use params::DetectorParams;
pub use rectify::{begun_at, lying, rectify};
pub use score::aspect_error;
pub use shapes::Shapes;
pub use track::{Tracker, TrackerParams};

use crate::frame::{Planes, RgbaView};
use edges::EdgeMap;
use fusion::Witness;
use idv_protocol::{DocumentKind, Point, Quad};
use lines::LineFinder;
use quads::CandidateFinder;

/// A document in a frame.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Detection {
    /// Corners in px of the frame: top left, top right, bottom right, bottom left as seen. Which way up the print
    /// runs is not resolved.
    pub quad: Quad,
    /// How sure it is that this quad is a document, 0 to 1.
    pub confidence: f32,
    /// Shape by proportions. ID-2 and ID-3 have the same; both are called ID-3.
    pub kind: DocumentKind,
}

/// Finds the document in a frame. Holds the buffers of one frame and nothing else: each frame is judged alone, but where
/// a [`Sighting`] says that the document of the frame before is followed.
#[derive(Clone, Default)]
pub struct Detector {
    params: DetectorParams,
    planes: Planes,
    edges: EdgeMap,
    lines: LineFinder,
    quads: CandidateFinder,
    candidates: Vec<Candidate>,
    shrunk_by: (f32, f32),
    /// Whether lines were not sought in the frame, because the document of the one before was found again.
    followed: bool,
}

/// A quad that was weighed, and what was said of it.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Candidate {
    /// Corners in px of the shrunk frame, whose longer side is [`DetectorParams::work_side_px`].
    pub quad: Quad,
    /// What the edges say: logarithm of the odds that it is a document.
    pub edges: f32,
    /// What the network says, likewise; 0 without one.
    pub network: f32,
    /// Both together: logarithm of the odds.
    pub score: f32,
    /// What both measure, in the order of the weights of the score.
    pub evidence: [f32; EVIDENCE],
}

impl Candidate {
    fn new(map: &EdgeMap, quad: Quad) -> Self {
        let features = score::measure(map, &quad);
        let edges = score::score(&features);
        Self { quad, edges, network: 0.0, score: edges, evidence: fusion::of_edges(&features) }
    }
}

impl Detector {
    /// A detector with these parameters.
    pub fn new(params: DetectorParams) -> Self {
        Self { params, ..Self::default() }
    }

    /// The most credible document of the frame by its edges alone, if its confidence reaches
    /// [`DetectorParams::min_confidence`].
    pub fn detect(&mut self, frame: RgbaView<'_>) -> Option<Detection> {
        self.detect_with(frame, None)
    }

    /// The same with what [`CornerNet::look`] saw in this frame: its proposals are candidates beside those of the
    /// lines, and each candidate is as credible as edges and network together make it. A document that
    /// [`CornerNet::look_near`] still sees where it was is taken where it is now, unless it is in doubt. `None` where no
    /// network is loaded.
    pub fn detect_with(&mut self, frame: RgbaView<'_>, sighting: Option<&Sighting>) -> Option<Detection> {
        let params = self.params;
        let (sx, sy) = self.planes.fill_from(frame, self.params.work_side_px);
        self.shrunk_by = (sx, sy);
        let size = self.planes.size;
        let short = size.width.min(size.height) as f32;
        self.edges.fill_from(&self.planes);
        self.edges.shapes = params.shapes;
        self.followed = false;
        let witness = sighting.map(|sighting| Witness::new(sighting, sx, sy));
        if let Some((witness, expected)) = witness.as_ref().zip(sighting.and_then(Sighting::followed)) {
            let best = witness.followed(frame, &self.edges, &scaled(&expected, 1.0 / sx, 1.0 / sy));
            if score::confidence(best.score) >= params.min_confidence_followed {
                self.followed = true;
                return Some(self.refined(frame, &best));
            }
        }
        self.lines.find(&self.edges, params.max_lines, params.min_run_ratio * short);
        self.quads.find(&self.lines.lines, size, params.min_side_ratio * short, params.max_candidates);
        self.candidates.clear();
        for candidate in &self.quads.candidates {
            let corners = score::settle(&self.edges, &candidate.corners, &score::SETTLE_LINES_PX);
            add(&mut self.candidates, &self.edges, corners);
        }
        if let Some(witness) = &witness {
            for quad in witness.proposals() {
                let snapped = snap::snap(&self.edges, &quad);
                for corners in [
                    score::settle(&self.edges, &quad, &score::SETTLE_PROPOSAL_PX),
                    score::settle(&self.edges, &snapped, &score::SETTLE_LINES_PX),
                    quad,
                ] {
                    add(&mut self.candidates, &self.edges, corners);
                }
            }
            for candidate in &mut self.candidates {
                witness.weigh(candidate);
            }
        }
        let best_score = self.candidates.iter().map(|candidate| candidate.score).max_by(f32::total_cmp)?;
        let mut best = *self
            .candidates
            .iter()
            .filter(|candidate| candidate.score >= best_score - params.larger_score_margin)
            .max_by(|a, b| a.quad.signed_area().abs().total_cmp(&b.quad.signed_area().abs()))?;
        if let Some(witness) = &witness {
            let margin = params.larger_score_margin;
            best = witness.mended(frame, &self.edges, best, &mut self.candidates, margin);
        }
        let confidence = score::confidence(best.score);
        let least = if witness.is_some() { params.min_confidence_fused } else { params.min_confidence };
        if confidence < least {
            return None;
        }
        Some(self.refined(frame, &best))
    }

    /// A candidate as a detection, its sides on the edges of the full frame.
    fn refined(&self, frame: RgbaView<'_>, best: &Candidate) -> Detection {
        let (sx, sy) = self.shrunk_by;
        let full = scaled(&best.quad, sx, sy);
        let quad = refine::refine(frame, &full, self.params.refine_reach_px * sx.max(sy));
        let kind = shapes::nearest_kind(pose_of(&quad, frame.size()).aspect_ratio).0;
        Detection { quad, confidence: score::confidence(best.score), kind }
    }

    /// The quads that were weighed in the frame last looked at, in no order.
    pub fn candidates(&self) -> &[Candidate] {
        &self.candidates
    }

    /// Factors from px of the shrunk frame last looked at to px of the frame, for x and y.
    pub fn shrunk_by(&self) -> (f32, f32) {
        self.shrunk_by
    }

    /// Whether the frame last given to [`Self::detect`] shows what may be a document that reaches out of the frame
    /// on one side. Worth asking when no document was found, or a small one only.
    pub fn reaches_out(&mut self) -> bool {
        let size = self.planes.size;
        let params = self.params;
        let short = size.width.min(size.height) as f32;
        if self.followed {
            self.lines.find(&self.edges, params.max_lines, params.min_run_ratio * short);
            self.followed = false;
        }
        if self.lines.lines.is_empty() {
            return false;
        }
        self.lines.lines.extend(cut_off::frame_edges(size));
        self.quads.find(&self.lines.lines, size, params.min_side_ratio * short, params.max_candidates);
        self.quads.candidates.iter().any(|candidate| cut_off::is_cut_off(&self.edges, &candidate.corners))
    }
}

/// `quad` with its coordinates multiplied.
fn scaled(quad: &Quad, x: f32, y: f32) -> Quad {
    Quad(quad.0.map(|p| Point::new(p.x * x, p.y * y)))
}

/// Adds a quad, in px of the shrunk frame, unless it is known already.
fn add(candidates: &mut Vec<Candidate>, map: &EdgeMap, quad: Quad) {
    if !candidates.iter().any(|known| same(&known.quad, &quad)) {
        candidates.push(Candidate::new(map, quad));
    }
}

/// Whether two quads of the shrunk frame are one: candidates of neighbouring lines settle on the same edges.
fn same(a: &Quad, b: &Quad) -> bool {
    a.0.iter().zip(b.0).all(|(p, q)| p.distance(q) < 0.5)
}
