//! The portrait on a document.

use crate::document::{lying, rectify};
use crate::error::Error;
use crate::face::{Face, FaceDetector};
use crate::frame::{RgbaImage, RgbaView};
use idv_protocol::{DocumentKind, Quad};

/// Width of a rectified document in px in which its portrait is looked for. A portrait is about a sixth of a document's
/// width, so its face has the 112 px that the embedding of the operator looks at.
pub const PORTRAIT_VIEW_WIDTH_PX: u32 = 1_000;

/// Share of the document's width that a portrait's face has at least; smaller ones are the ghost images and
/// watermarks that many documents carry beside the portrait or on their backs. On specimens, faces of portraits have 0.14
/// and more, those of ghosts some 0.07 (`crates/specimen/tests/sides.rs`).
pub const MIN_PORTRAIT_WIDTH_RATIO: f32 = 0.1;

/// The document `quad` of `kind` in `frame` as if seen from straight ahead, [`PORTRAIT_VIEW_WIDTH_PX`] wide: with a long
/// side on top, and the other way up. Fails with [`crate::ErrorKind::BadFrame`] for a quad that is not convex.
pub fn both_ways_up(frame: RgbaView<'_>, quad: &Quad, kind: DocumentKind) -> Result<[RgbaImage; 2], Error> {
    let upright = rectify(frame, &lying(quad), kind, PORTRAIT_VIEW_WIDTH_PX)?;
    let turned = upright.data.chunks_exact(4).rev().flatten().copied().collect();
    let turned = RgbaImage { data: turned, size: upright.size };
    Ok([upright, turned])
}

/// The portrait on a document of which `views` are as [`both_ways_up`] makes them: the largest face of the view in which
/// it is found with more certainty, in px of that view, and the view's index. `None` where no face is
/// [`MIN_PORTRAIT_WIDTH_RATIO`] wide. Fails with [`crate::ErrorKind::Inference`].
pub fn find_portrait(
    detector: &mut FaceDetector,
    views: &[RgbaImage; 2],
) -> Result<Option<(Face, usize)>, Error> {
    let mut best: Option<(Face, usize)> = None;
    for (index, view) in views.iter().enumerate() {
        let least_px = MIN_PORTRAIT_WIDTH_RATIO * view.size.width as f32;
        let largest = detector
            .detect(view.view()?)?
            .into_iter()
            .filter(|face| face.rect.width >= least_px)
            .max_by(|a, b| a.rect.width.total_cmp(&b.rect.width));
        if let Some(face) = largest
            && best.as_ref().is_none_or(|(held, _)| face.score > held.score)
        {
            best = Some((face, index));
        }
    }
    Ok(best)
}
