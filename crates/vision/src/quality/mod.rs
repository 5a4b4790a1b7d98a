//! Is the document shown well enough to be read. In: a frame, a [`crate::document::Detection`], the motion since
//! earlier frames. Out: a [`idv_protocol::QualityReport`], each check with its value and threshold. Rule: poor
//! pictures are hints, not errors; what is measured does not depend on the distance to the camera, but for size.

mod cover;
mod document;
mod expected;
mod motion;
mod params;
mod periodic;
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
