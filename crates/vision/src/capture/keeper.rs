//! The best frame so far, held until it is clear that it is the one.

use super::{Capture, make_capture};
use crate::error::Error;
use crate::frame::RgbaView;
use idv_protocol::{CaptureKind, Quad, QualityReport, Size};

/// Holds one frame. Its memory is reused from frame to frame.
#[derive(Default)]
pub(crate) struct Keeper {
    rgba: Vec<u8>,
    held: Option<Held>,
}

struct Held {
    size: Size,
    at_ms: f64,
    score: f32,
    quad: Option<Quad>,
    quality: QualityReport,
}

/// What is said of a frame that is offered.
pub(crate) struct Offer<'a> {
    /// When it was taken, in ms since the step began.
    pub(crate) at_ms: f64,
    /// How good it is; only compared with other scores.
    pub(crate) score: f32,
    /// Where the document is in it, in px.
    pub(crate) quad: Option<Quad>,
    /// Its checks.
    pub(crate) quality: &'a QualityReport,
}

impl Keeper {
    /// Keeps `frame` when its `score` is above that of the frame that is held.
    pub(crate) fn offer(&mut self, frame: RgbaView<'_>, offer: &Offer<'_>) {
        let &Offer { at_ms, score, quad, quality } = offer;
        if self.held.as_ref().is_some_and(|held| held.score >= score) {
            return;
        }
        self.rgba.clear();
        self.rgba.extend_from_slice(frame.data());
        self.held = Some(Held { size: frame.size(), at_ms, score, quad, quality: quality.clone() });
    }

    /// The frame that is held, and the document in it.
    pub(crate) fn held(&self) -> Option<(RgbaView<'_>, Option<Quad>)> {
        let held = self.held.as_ref()?;
        Some((RgbaView::new(&self.rgba, held.size).ok()?, held.quad))
    }

    /// When the frame that is held was taken, in ms since the step began.
    pub(crate) fn held_at_ms(&self) -> Option<f64> {
        self.held.as_ref().map(|held| held.at_ms)
    }

    /// Lets go of the frame.
    pub(crate) fn clear(&mut self) {
        self.held = None;
    }

    /// The frame as a capture, and lets go of it; `None` when none is held.
    pub(crate) fn take(&mut self, kind: CaptureKind, attempt: u32) -> Result<Option<Capture>, Error> {
        let Some(held) = self.held.take() else { return Ok(None) };
        let view = RgbaView::new(&self.rgba, held.size)?;
        make_capture(view, kind, attempt, held.at_ms, held.quad, held.quality).map(Some)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_best_frame_is_the_one_that_is_taken() {
        let size = Size { width: 64, height: 64 };
        let mut keeper = Keeper::default();
        for (grey, score) in [(10, 0.2), (200, 0.9), (90, 0.5)] {
            let data = vec![grey; 64 * 64 * 4];
            let frame = RgbaView::new(&data, size).expect("fits");
            let quality = QualityReport::default();
            keeper.offer(frame, &Offer { at_ms: f64::from(grey), score, quad: None, quality: &quality });
        }
        let capture = keeper.take(CaptureKind::Selfie, 3).expect("encodes").expect("held");
        assert_eq!((capture.meta.at_ms, capture.meta.attempt), (200.0, 3));
        let decoded = crate::frame::decode_image(&capture.jpeg).expect("a JPEG");
        assert!(decoded.data[0].abs_diff(200) < 4);
        assert!(keeper.take(CaptureKind::Selfie, 3).expect("encodes").is_none());
    }
}
