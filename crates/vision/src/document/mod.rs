//! Where is the document. In: a frame. Out: a [`Detection`], or nothing. Rule: without four supported sides
//! there is no document; a cluttered desk is none.
//!
//! shrunk planes -> edge pixels -> lines -> candidate quads -> the most credible one -> sides refined on the
//! full frame.

mod cut_off;
mod edges;
mod geometry;
mod lines;
mod params;
mod quads;
mod rectify;
mod refine;
mod score;
mod side;
#[cfg(test)]
mod tests;
mod track;

pub use geometry::{Homography, NOMINAL_FOCAL_RATIO, Pose, intersection_over_union, pose_of};
pub use params::DetectorParams;
pub use rectify::{begun_at, lying, rectify};
pub use score::aspect_error;
pub use track::{Tracker, TrackerParams};

use crate::frame::{Planes, RgbaView};
use edges::EdgeMap;
use idv_protocol::{DocumentKind, Quad};
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

/// Finds the document in a frame. Holds the buffers of one frame and nothing else: each frame is judged alone.
#[derive(Clone, Default)]
pub struct Detector {
    params: DetectorParams,
    planes: Planes,
    edges: EdgeMap,
    lines: LineFinder,
    quads: CandidateFinder,
    settled: Vec<(Quad, f32)>,
}

impl Detector {
    /// A detector with these parameters.
    pub fn new(params: DetectorParams) -> Self {
        Self { params, ..Self::default() }
    }

    /// The most credible document of the frame, if its confidence reaches [`DetectorParams::min_confidence`].
    pub fn detect(&mut self, frame: RgbaView<'_>) -> Option<Detection> {
        let params = &self.params;
        let (sx, sy) = self.planes.fill_from(frame, params.work_side_px);
        let size = self.planes.size;
        let short = size.width.min(size.height) as f32;
        self.edges.fill_from(&self.planes);
        self.lines.find(&self.edges, params.max_lines, params.min_run_ratio * short);
        self.quads.find(&self.lines.lines, size, params.min_side_ratio * short, params.max_candidates);
        self.settled.clear();
        for candidate in &self.quads.candidates {
            let corners = score::settle(&self.edges, &candidate.corners);
            if !self.settled.iter().any(|(known, _)| same(known, &corners)) {
                self.settled.push((corners, score::score(&score::measure(&self.edges, &corners))));
            }
        }
        let best_score = self.settled.iter().map(|(_, score)| *score).max_by(f32::total_cmp)?;
        let (best, score) = self
            .settled
            .iter()
            .filter(|(_, score)| *score >= best_score - params.larger_score_margin)
            .max_by(|(a, _), (b, _)| a.signed_area().abs().total_cmp(&b.signed_area().abs()))?;
        let confidence = score::confidence(*score);
        if confidence < params.min_confidence {
            return None;
        }
        let full = Quad(best.0.map(|p| idv_protocol::Point::new(p.x * sx, p.y * sy)));
        let quad = refine::refine(frame, &full, params.refine_reach_px * sx.max(sy));
        let kind = score::nearest_kind(pose_of(&quad, frame.size()).aspect_ratio).0;
        Some(Detection { quad, confidence, kind })
    }

    /// Whether the frame last given to [`Self::detect`] shows what may be a document that reaches out of the frame
    /// on one side. Worth asking when no document was found, or a small one only.
    pub fn reaches_out(&mut self) -> bool {
        let size = self.planes.size;
        let short = size.width.min(size.height) as f32;
        if self.lines.lines.is_empty() {
            return false;
        }
        self.lines.lines.extend(cut_off::frame_edges(size));
        let params = &self.params;
        self.quads.find(&self.lines.lines, size, params.min_side_ratio * short, params.max_candidates);
        self.quads.candidates.iter().any(|candidate| cut_off::is_cut_off(&self.edges, &candidate.corners))
    }
}

/// Whether two quads of the shrunk frame are one: candidates of neighbouring lines settle on the same edges.
fn same(a: &Quad, b: &Quad) -> bool {
    a.0.iter().zip(b.0).all(|(p, q)| p.distance(q) < 0.5)
}
