//! Which proportions a document may have.

use super::geometry::pose_of;
use idv_protocol::{DocumentKind, Quad, Size};

/// The proportions that are expected: a quad of others is the less credible. ID-2 and ID-3 have the same ones.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Shapes {
    card: bool,
    page: bool,
}

impl Default for Shapes {
    fn default() -> Self {
        Self { card: true, page: true }
    }
}

impl Shapes {
    /// Those of `kinds`; any where there are none.
    pub fn of(kinds: &[DocumentKind]) -> Self {
        let card = kinds.contains(&DocumentKind::Id1);
        let page = kinds.iter().any(|kind| *kind != DocumentKind::Id1);
        if card || page { Self { card, page } } else { Self::default() }
    }

    /// Difference between the proportions of the rectangle behind `quad` (px of a frame of this size) and the nearest
    /// that are expected, as a natural logarithm, at least 0.
    pub fn error_of(self, quad: &Quad, frame: Size) -> f32 {
        self.error(pose_of(quad, frame).aspect_ratio)
    }

    /// Distance of an aspect ratio, the longer side over the shorter one, from the nearest that is expected, as a
    /// natural logarithm.
    pub(super) fn error(self, aspect_ratio: f32) -> f32 {
        let (kinds, allowed) = ([DocumentKind::Id1, DocumentKind::Id3], [self.card, self.page]);
        let errors = kinds.iter().zip(allowed).filter(|(_, allowed)| *allowed);
        errors.map(|(kind, _)| distance(aspect_ratio, *kind)).fold(f32::MAX, f32::min)
    }
}

/// The format whose proportions are nearest, and the distance as a natural logarithm; of ID-2 and ID-3 the passport's.
pub(super) fn nearest_kind(aspect_ratio: f32) -> (DocumentKind, f32) {
    let [id1, id3] = [DocumentKind::Id1, DocumentKind::Id3].map(|kind| (kind, distance(aspect_ratio, kind)));
    if id1.1 < id3.1 { id1 } else { id3 }
}

fn distance(aspect_ratio: f32, kind: DocumentKind) -> f32 {
    let (width, height) = kind.size_mm();
    (aspect_ratio.max(1.0).ln() - (width / height).ln()).abs()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_shape_that_is_not_expected_is_as_far_off_as_the_nearest_that_is() {
        let (card, page) = (85.6 / 53.98, 125.0 / 88.0);
        assert!(Shapes::default().error(card) < 1e-3 && Shapes::default().error(page) < 1e-3);
        let cards = Shapes::of(&[DocumentKind::Id1]);
        assert!(cards.error(card) < 1e-3 && (cards.error(page) - 0.11).abs() < 0.01);
        assert!(Shapes::of(&[DocumentKind::Id2]).error(page) < 1e-3);
        assert_eq!(Shapes::of(&[]), Shapes::default());
        assert_eq!(nearest_kind(1.36).0, DocumentKind::Id3);
    }
}
