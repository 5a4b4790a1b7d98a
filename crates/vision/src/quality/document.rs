//! The checks of a document.

use super::params::{DocumentQualityParams, MRZ_PITCH_MM};
use super::sheet::Sheet;
use crate::document::{Detection, pose_of};
use crate::frame::RgbaView;
use idv_protocol::{Check, CheckCode, DocumentHint, Point, QualityReport, Size};

/// Measures documents; holds the memory it needs for one.
#[derive(Clone, Default)]
pub struct DocumentMeter {
    params: DocumentQualityParams,
    sheet: Sheet,
}

impl DocumentMeter {
    /// A meter with these limits.
    pub fn new(params: DocumentQualityParams) -> Self {
        Self { params, sheet: Sheet::default() }
    }

    /// The checks of `detection` in `frame`, most important first: cut off (margin in shares of the frame's
    /// shorter side), size (longer side in px), exposure (mean luma), tilt (degrees), stability (`motion_ratio`,
    /// left out when there is none, as for a single picture), sharpness and glare (shares).
    pub fn measure(
        &mut self,
        frame: RgbaView<'_>,
        detection: &Detection,
        motion_ratio: Option<f32>,
    ) -> QualityReport {
        let params = self.params;
        let quad = &detection.quad;
        let pose = pose_of(quad, frame.size());
        self.sheet.fill_from(frame, quad, detection.kind);
        let seen = self.sheet.measure();
        let least_side_px = params.min_pitch_px / MRZ_PITCH_MM * detection.kind.size_mm().0;
        let [a, b, c, d] = quad.0;
        let side_px = (a.distance(b) + c.distance(d)).max(b.distance(c) + d.distance(a)) / 2.0;
        let mut checks = vec![
            at_least(CheckCode::CutOff, margin_ratio(&quad.0, frame.size()), params.min_margin_ratio),
            at_least(CheckCode::Size, side_px, least_side_px),
            at_least(CheckCode::ExposureLow, seen.mean_luma, params.min_luma),
            at_most(CheckCode::ExposureHigh, seen.mean_luma, params.max_luma),
            at_most(CheckCode::Tilt, pose.tilt_deg, params.max_tilt_deg),
        ];
        checks
            .extend(motion_ratio.map(|ratio| at_most(CheckCode::Stability, ratio, params.max_motion_ratio)));
        checks.push(at_least(CheckCode::Sharpness, seen.sharpness, params.min_sharpness));
        checks.push(at_most(CheckCode::Glare, seen.glare_ratio, params.max_glare_ratio));
        QualityReport { checks, signals: Vec::new() }
    }
}

/// The checks of one picture, as [`DocumentMeter::measure`] makes them.
pub fn measure_document(
    frame: RgbaView<'_>,
    detection: &Detection,
    motion_ratio: Option<f32>,
    params: DocumentQualityParams,
) -> QualityReport {
    DocumentMeter::new(params).measure(frame, detection, motion_ratio)
}

/// What to tell the user: the remedy of the first failed check, or that the document is being captured.
pub fn hint_for(report: &QualityReport) -> DocumentHint {
    match report.first_failed().map(|check| check.code) {
        None => DocumentHint::Capturing,
        Some(CheckCode::Likeness) => DocumentHint::TurnOver,
        Some(CheckCode::Kind) => DocumentHint::WrongKind,
        Some(CheckCode::Portrait) => DocumentHint::WrongSide,
        Some(CheckCode::Covered) => DocumentHint::Covered,
        Some(CheckCode::CutOff) => DocumentHint::MoveBack,
        Some(CheckCode::Size) => DocumentHint::MoveCloser,
        Some(CheckCode::ExposureLow) => DocumentHint::TooDark,
        Some(CheckCode::ExposureHigh) => DocumentHint::TooBright,
        Some(CheckCode::Tilt) => DocumentHint::HoldFlat,
        Some(CheckCode::Sharpness) => DocumentHint::Blurred,
        Some(CheckCode::Glare) => DocumentHint::Glare,
        Some(_) => DocumentHint::HoldStill,
    }
}

pub(super) fn at_least(code: CheckCode, value: f32, threshold: f32) -> Check {
    Check { code, value, threshold, passed: value >= threshold }
}

pub(super) fn at_most(code: CheckCode, value: f32, threshold: f32) -> Check {
    Check { code, value, threshold, passed: value <= threshold }
}

/// Distance of the nearest corner from the frame's edge in shares of the frame's shorter side; below 0 outside.
fn margin_ratio(corners: &[Point; 4], frame: Size) -> f32 {
    let (w, h) = (frame.width as f32, frame.height as f32);
    let nearest = corners.iter().map(|p| p.x.min(p.y).min(w - p.x).min(h - p.y)).fold(f32::MAX, f32::min);
    nearest / w.min(h)
}
