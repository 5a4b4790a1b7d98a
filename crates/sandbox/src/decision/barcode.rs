//! The barcode of a licence, read again on the submitted picture, and what it says beside the zone.

use super::document::Found;
use super::zone::is_past;
use super::{CheckOutcome, Finding};
use idv_protocol::Reason;
use idv_protocol::barcode::LicenceReading;
use idv_protocol::comparison::Agreement;
use idv_protocol::reading::{CalendarDate, MrzReading};
use idv_vision::Error;
use idv_vision::frame::RgbaImage;
use idv_vision::reading::compare::compare;
use idv_vision_barcode::{Formats, LumaView, read as read_code};

/// Reads the licence in the barcode of the last of `pictures` that has one: whole, for its modules are fine, then
/// straightened. Nothing where there is none, or another code.
pub(super) fn read(picture: Option<&RgbaImage>, side: &Found) -> Result<Option<LicenceReading>, Error> {
    let [flat, _] = &side.rectified;
    for picture in picture.into_iter().chain([flat]) {
        let luma: Vec<u8> = picture.data.chunks_exact(4).map(luma).collect();
        let Ok(view) = LumaView::new(&luma, picture.size) else { continue };
        if let Ok(Some(reading)) = read_code(view, Formats::default())
            && let Some(licence) = reading.licence
        {
            return Ok(Some(licence));
        }
    }
    Ok(None)
}

/// Luma of a pixel (ITU-R BT.601).
fn luma(rgba: &[u8]) -> u8 {
    let weighted: u32 = rgba.iter().zip([77, 150, 29]).map(|(v, weight)| u32::from(*v) * weight).sum();
    (weighted >> 8) as u8
}

/// Holds the barcode against what the plan asks for, its own dates, and the zone.
pub(super) fn check(
    licence: Option<&LicenceReading>,
    zone: Option<&MrzReading>,
    today: CalendarDate,
    finding: &mut Finding,
) -> Option<Reason> {
    finding.checks.barcode = CheckOutcome::Failed;
    let Some(licence) = licence else { return Some(Reason::DocumentUnreadable) };
    if licence.expiry_date.as_deref().is_some_and(|date| is_past(date, today)) {
        return Some(Reason::DocumentExpired);
    }
    finding.comparisons = compare(zone, Some(licence), None);
    if finding.comparisons.iter().any(|one| one.agreement == Agreement::Different) {
        return Some(Reason::DocumentMismatch);
    }
    finding.checks.barcode = CheckOutcome::Passed;
    None
}
