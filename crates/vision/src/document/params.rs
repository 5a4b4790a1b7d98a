//! Knobs of the detector.

use super::Shapes;

/// Parameters of [`super::Detector`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DetectorParams {
    /// Longer side of the shrunk frame in px on which lines are sought. A card that fills a third of the frame
    /// is then 160 px wide: its sides stand clear of its print. Twice that costs four times the time.
    pub work_side_px: u32,
    /// Lines kept for quads. A page of print alone gives some forty.
    pub max_lines: usize,
    /// Least supported stretch of a line, in shares of the frame's shorter side. The short side of the smallest
    /// card that can be read, with a third of it covered.
    pub min_run_ratio: f32,
    /// Least side of a quad, in shares of the frame's shorter side.
    pub min_side_ratio: f32,
    /// Quads that are measured in full.
    pub max_candidates: usize,
    /// Of the quads whose score (the logarithm of the odds) is this near to the best, the largest is taken: a
    /// printed frame scores like the edge of the paper around it.
    pub larger_score_margin: f32,
    /// Confidence from which a quad is called a document by its edges alone. A little under one half: a document with fingers over a
    /// corner is met more often than a tiled floor.
    pub min_confidence: f32,
    /// The same by edges and network together, whose confidence is how often such a quad is right: one that is right at
    /// every third time is worth drawing while the user moves it into a better place.
    pub min_confidence_fused: f32,
    /// Confidence from which a document that is followed from the frame before is called one without a look at the rest
    /// of the frame: that of a frame that may be captured.
    pub min_confidence_followed: f32,
    /// Proportions that are expected.
    pub shapes: Shapes,
    /// How far a side may move in refinement, in px of the shrunk frame.
    pub refine_reach_px: f32,
}

impl Default for DetectorParams {
    fn default() -> Self {
        Self {
            work_side_px: 480,
            max_lines: 96,
            min_run_ratio: 0.1,
            min_side_ratio: 0.18,
            max_candidates: 48,
            larger_score_margin: 0.4,
            min_confidence: 0.45,
            min_confidence_fused: 0.3,
            min_confidence_followed: 0.65,
            shapes: Shapes::default(),
            refine_reach_px: 3.0,
        }
    }
}
