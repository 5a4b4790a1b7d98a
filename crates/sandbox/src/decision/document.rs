//! The document: found again in its picture, and the portrait on it.

use super::Submission;
use super::models::Models;
use idv_protocol::{CaptureKind, DocumentKind, DocumentSide, Quad};
use idv_vision::Error;
use idv_vision::document::{
    Detection, Detector, DetectorParams, Shapes, begun_at, intersection_over_union, lying, rectify,
};
use idv_vision::face::{Embedding, Face};
use idv_vision::frame::RgbaImage;
use std::collections::BTreeMap;

/// Width of the rectified document in px. A portrait is about a sixth of a document's width, so its face has
/// the 112 px that the embedding looks at.
const RECTIFIED_WIDTH_PX: u32 = 1_000;

/// Share of the document's width that a portrait's face has at least; smaller ones are the ghost images and
/// watermarks that many documents carry beside the portrait.
const MIN_FACE_WIDTH_RATIO: f32 = 0.06;

/// One side of the document, found in its picture.
pub(super) struct Found {
    /// Its shape by proportions.
    pub(super) kind: DocumentKind,
    /// Its corners in px of the picture.
    pub(super) quad: Quad,
    /// Overlap of those corners with the page's, where it names some (intersection over union, 0 to 1).
    pub(super) quad_overlap: Option<f32>,
    /// As if seen from straight ahead, upright or upside down.
    pub(super) rectified: [RgbaImage; 2],
}

/// Finds the document in the picture of a side. The page's corners are only compared: the operator's own count.
pub(super) fn find(
    models: &mut Models,
    submission: &Submission,
    pictures: &BTreeMap<CaptureKind, RgbaImage>,
    side: DocumentSide,
) -> Result<Option<Found>, Error> {
    let Some(picture) = pictures.get(&side.capture_kind()) else { return Ok(None) };
    let Some(found) = find_in(models, picture, submission.accepted_kinds())? else { return Ok(None) };
    let claimed = submission
        .evidence
        .captures
        .iter()
        .find(|capture| capture.kind == side.capture_kind())
        .and_then(|capture| capture.quad);
    let quad_overlap = claimed.map(|claimed| intersection_over_union(&found.quad, &claimed));
    Ok(Some(Found { quad_overlap, ..found }))
}

/// Finds a document of one of the `accepted` shapes in a picture. Part of a card can have the proportions of a page, where
/// its design is divided: of two that are found the larger is the document.
pub(super) fn find_in(
    models: &mut Models,
    picture: &RgbaImage,
    accepted: &[DocumentKind],
) -> Result<Option<Found>, Error> {
    let view = picture.view()?;
    let sighting = models.corners.look(view)?;
    let mut found: Option<Detection> = None;
    for shape in [DocumentKind::Id1, DocumentKind::Id3] {
        if !accepted.iter().any(|kind| same_shape(shape, *kind)) {
            continue;
        }
        let params = DetectorParams { shapes: Shapes::of(&[shape]), ..DetectorParams::default() };
        let detection = Detector::new(params).detect_with(view, Some(sighting));
        let Some(detection) = detection.filter(|it| same_shape(shape, it.kind)) else { continue };
        let area = |it: &Detection| it.quad.signed_area().abs();
        if found.as_ref().is_none_or(|held| area(held) < area(&detection)) {
            found = Some(detection);
        }
    }
    let Some(detection) = found else { return Ok(None) };
    let kind = detection.kind;
    let quad = lying(&detection.quad);
    let upside_down = begun_at(&quad, 2);
    Ok(Some(Found {
        kind,
        quad: detection.quad,
        quad_overlap: None,
        rectified: [
            rectify(view, &quad, kind, RECTIFIED_WIDTH_PX)?,
            rectify(view, &upside_down, kind, RECTIFIED_WIDTH_PX)?,
        ],
    }))
}

/// The portrait on the document as an embedding: the largest face, either way up.
pub(super) fn portrait(models: &mut Models, found: &Found) -> Result<Option<Embedding>, Error> {
    let mut best: Option<(Face, &RgbaImage)> = None;
    for picture in &found.rectified {
        let faces = models.detector.detect(picture.view()?)?;
        let large = faces
            .into_iter()
            .filter(|face| face.rect.width >= MIN_FACE_WIDTH_RATIO * RECTIFIED_WIDTH_PX as f32)
            .max_by(|a, b| a.rect.width.total_cmp(&b.rect.width));
        if let Some(face) = large
            && best.as_ref().is_none_or(|(held, _)| face.score > held.score)
        {
            best = Some((face, picture));
        }
    }
    let Some((face, picture)) = best else { return Ok(None) };
    let view = picture.view()?;
    let mesh = models.mesh.fit(view, &face)?;
    models.embedder.embed(view, &mesh).map(Some)
}

/// ID-2 and ID-3 have the same proportions.
fn same_shape(a: DocumentKind, b: DocumentKind) -> bool {
    (a == DocumentKind::Id1) == (b == DocumentKind::Id1)
}
