//! Signs of a copy: the even pattern of a screen, a picture without colour. Measured on the submitted pictures, as the
//! engine measures them on the device.

use super::document::Found;
use super::{CheckOutcome, Finding};
use idv_protocol::{CaptureKind, CheckCode, Reason};
use idv_vision::Error;
use idv_vision::frame::RgbaImage;
use idv_vision::quality::{SignalParams, measure_signals};
use std::collections::BTreeMap;

/// Signals that say how a document came before the camera. Shadow and resolution say how it was photographed, and
/// are held against nobody.
const OF_COPIES: [CheckCode; 2] = [CheckCode::Moire, CheckCode::Colour];

/// Whether a side of the document shows the sign of a copy. All signals of all sides stand in the finding.
pub(super) fn check<'a>(
    pictures: &BTreeMap<CaptureKind, RgbaImage>,
    sides: impl Iterator<Item = (CaptureKind, &'a Found)>,
    finding: &mut Finding,
) -> Result<Option<Reason>, Error> {
    for (kind, found) in sides {
        let Some(picture) = pictures.get(&kind) else { continue };
        let params = SignalParams::default();
        finding.signals.extend(measure_signals(picture.view()?, &found.quad, found.kind, params));
    }
    let copied = finding.signals.iter().any(|signal| OF_COPIES.contains(&signal.code) && !signal.passed);
    finding.checks.authenticity = if copied { CheckOutcome::Failed } else { CheckOutcome::Passed };
    Ok(copied.then_some(Reason::DocumentNotAuthentic))
}
