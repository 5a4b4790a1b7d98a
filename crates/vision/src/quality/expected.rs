//! Is it the document that was asked for: its shape, its side.

use super::document::{at_least, at_most};
use crate::document::pose_of;
use idv_protocol::{Check, CheckCode, DocumentKind, Quad, Size};

/// Largest difference of the proportions from the nearest accepted shape, as a natural logarithm: halfway between the
/// 0.06 by which a hand's tilt and an unknown lens shift them and the 0.11 between ID-1 and ID-3. Of photographed
/// specimens (`crates/specimen/tests/sides.rs`) cards stay below 0.06, and nine in ten pages are over 0.09 from a card.
pub const MAX_KIND_ERROR: f32 = 0.085;

/// What a shape that the zone names counts as, where it is not accepted: a factor of e, which is no document's
/// proportions.
const ZONE_NAMES_ANOTHER: f32 = 1.0;

/// Faces on the side with the portrait.
const MIN_PORTRAITS: f32 = 1.0;

/// Likeness from which the back is the front still: halfway between photographed specimens' (`crates/specimen/tests/
/// sides.rs`), whose fronts have 0.82 and more with themselves and whose backs have 0.30 at most with their fronts.
pub const MAX_LIKENESS: f32 = 0.55;

/// The shape in `accepted` that the proportions of `quad` are nearest to, and the check that they are near enough.
/// `None` where every shape is accepted.
pub fn kind_check(quad: &Quad, frame: Size, accepted: &[DocumentKind]) -> Option<(DocumentKind, Check)> {
    let aspect = pose_of(quad, frame).aspect_ratio.max(1.0).ln();
    let error = |kind: DocumentKind| {
        let (width, height) = kind.size_mm();
        (aspect - (width / height).ln()).abs()
    };
    let nearest = accepted.iter().copied().min_by(|a, b| error(*a).total_cmp(&error(*b)))?;
    Some((nearest, at_most(CheckCode::Kind, error(nearest), MAX_KIND_ERROR)))
}

/// The check that the shape which the zone names is accepted. `None` where every shape is.
pub fn zone_kind_check(kind: DocumentKind, accepted: &[DocumentKind]) -> Option<Check> {
    let other = if accepted.contains(&kind) { 0.0 } else { ZONE_NAMES_ANOTHER };
    (!accepted.is_empty()).then(|| at_most(CheckCode::Kind, other, MAX_KIND_ERROR))
}

/// The check that there is a portrait on the front.
pub fn portrait_check(portraits: usize) -> Check {
    at_least(CheckCode::Portrait, portraits as f32, MIN_PORTRAITS)
}

/// The check that the back is not the front still; `likeness` is their correlation.
pub fn likeness_check(likeness: f32) -> Check {
    at_most(CheckCode::Likeness, likeness, MAX_LIKENESS)
}
