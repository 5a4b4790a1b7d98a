//! Parameters of the document step.

use crate::document::DetectorParams;
use crate::quality::DocumentQualityParams;

/// Parameters of [`super::DocumentSession`].
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct DocumentSessionParams {
    /// How documents are found.
    pub detector: DetectorParams,
    /// What counts as good.
    pub quality: DocumentQualityParams,
    /// Least confidence of a good frame. Above the detector's own: part of a document that is cut off by the frame
    /// reaches 0.6, a whole one held in focus 0.7 and more.
    pub min_confidence: f32,
    /// Largest difference of the proportions from the nearest ID format, as a natural logarithm. A hand's tilt and an
    /// unknown lens shift them by 0.06; a page that is cut off by the frame, a banknote or a telephone is further off.
    pub max_aspect_error: f32,
    /// Least confidence of a good frame whose proportions are those of a kind that is asked for, to
    /// [`Self::exact_aspect_error`]: a card with a dark band along a side is as uncertain as this to a network that has
    /// seen few of them. What is no document has neither portrait nor zone, and is not captured for it.
    pub min_confidence_exact: f32,
    /// Difference of proportions up to which they are those of a kind, as a natural logarithm: a quarter of
    /// [`Self::max_aspect_error`], and of the distance between the two shapes.
    pub exact_aspect_error: f32,
    /// Good frames in a row before the capture: enough to choose from on a slow device.
    pub good_frames: u32,
    /// Time they must span, in ms: longer than a hand on its way is still by chance, shorter than people find
    /// holding still tiresome.
    pub good_ms: f64,
    /// Frames in a row that may fail before the good ones are forgotten: one, for a single frame with noise.
    pub forgiven_frames: u32,
    /// Time without a document after which the good frames are forgotten, in ms: a hand that passes in front takes
    /// less, a change of document more.
    pub lost_ms: f64,
    /// Captures given up for one and the same reason (the zone could not be read, no portrait was found, no barcode
    /// was), before one is taken as it is: the operator may see more in it, and says so if not. Three take some three
    /// seconds.
    pub max_unreadable: u32,
    /// Time for which it is said why a capture was given up, in ms, while the document stays: six words at the 0.3 s a
    /// word that subtitles are given (BBC Subtitle Guidelines).
    pub given_up_hint_ms: f64,
}

impl Default for DocumentSessionParams {
    fn default() -> Self {
        Self {
            detector: DetectorParams::default(),
            quality: DocumentQualityParams::default(),
            min_confidence: 0.65,
            max_aspect_error: 0.12,
            min_confidence_exact: 0.45,
            exact_aspect_error: 0.03,
            good_frames: 4,
            good_ms: 600.0,
            forgiven_frames: 1,
            lost_ms: 200.0,
            max_unreadable: 3,
            given_up_hint_ms: 1_800.0,
        }
    }
}
