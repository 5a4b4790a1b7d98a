//! Is the document shown well enough to be read, and is it the one that was asked for. In: a frame, a
//! [`crate::document::Detection`], the motion since earlier frames. Out: a [`idv_protocol::QualityReport`], each check
//! with its value and threshold. Rule: poor pictures are hints, not errors; what is measured does not depend on the
//! distance to the camera, but for size.
//!
//! The checks of documents, in the order in which they are mended; the first that fails is the hint. In every frame:
//!
//! | check | value | good | threshold and its source | remedy (hint) |
//! |---|---|---|---|---|
//! | `likeness` | correlation of the back with the front that was captured, -1 to 1 | at most | [`MAX_LIKENESS`]: measured on specimens | `turn_over` |
//! | `cut_off` | distance of the nearest corner from the frame's edge, in its shorter sides | at least | [`DocumentQualityParams::min_margin_ratio`]: a line of print can look like a side | `move_back` |
//! | `size` | longer side, px | at least | [`DocumentQualityParams::min_pitch_px`] of the zone's letters: Tesseract's guide | `move_closer` |
//! | `exposure_low`, `exposure_high` | mean luma, 0 to 255 | at least, at most | [`DocumentQualityParams::min_luma`], `max_luma`: noise, paper near 255 | `too_dark`, `too_bright` |
//! | `tilt` | degrees | at most | [`DocumentQualityParams::max_tilt_deg`]: letters squeezed by 13 % | `hold_flat` |
//! | `kind` | proportions from the nearest accepted shape, natural logarithm; 1 where the zone names another | at most | [`MAX_KIND_ERROR`]: between the scatter of one shape and the next shape, measured on specimens | `wrong_kind` |
//! | `stability` | motion of a corner in [`Motion::WINDOW_MS`], in diagonals | at most | [`DocumentQualityParams::max_motion_ratio`]: one stroke of the zone in a shutter time | `hold_still` |
//! | `sharpness` | steepest steps, in shares of the contrast per 0.25 mm | at least | [`DocumentQualityParams::min_sharpness`]: a blur of half a stroke | `blurred` |
//! | `glare` | share blown out without structure | at most | [`DocumentQualityParams::max_glare_ratio`]: ten letters of the zone | `glare` |
//!
//! At capture, of the best frame:
//!
//! | check | value | good | threshold and its source | remedy (hint) |
//! |---|---|---|---|---|
//! | `portrait` | faces on the front, 0 on a side with a card's zone | at least | 1; a face counts from [`crate::capture::MIN_PORTRAIT_WIDTH_RATIO`], measured on specimens | `wrong_side` |
//! | `covered` | share of the zone's lines that something lies over; only where the zone was not read | at most | [`CoverParams::max_covered_ratio`]: drawn thumbs on specimens | `covered` |
//!
//! Signals, recorded at capture and no reason to refuse a picture: each has honest causes.
//!
//! | signal | value | good | threshold and its source |
//! |---|---|---|---|
//! | `resolution` | dots an inch | at least | [`SignalParams::min_dpi`]: the pitch that `size` asks for |
//! | `shadow` | paper of the darker parts over that of the lighter ones | at least | [`SignalParams::min_evenness`]: one of two lamps shaded |
//! | `colour` | colourfulness, units of luma | at least | [`SignalParams::min_colour`]: above a camera's noise, below pale security print |
//! | `moire` | share of fields with one fine period | at most | [`SignalParams::max_periodic_ratio`]: a screen covers all, print a part |

mod cover;
mod document;
mod expected;
mod motion;
mod params;
pub(crate) mod periodic;
mod sheet;
mod signals;

pub use cover::{CoverParams, measure_cover};
pub use document::{DocumentMeter, hint_for, measure_document};
pub use expected::{
    MAX_KIND_ERROR, MAX_LIKENESS, kind_check, likeness_check, portrait_check, zone_kind_check,
};
pub use motion::Motion;
pub use params::{DocumentQualityParams, MRZ_PITCH_MM, MRZ_STROKE_MM};
pub use signals::{SignalParams, measure_signals};
