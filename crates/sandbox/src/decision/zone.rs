//! The machine-readable zone, read again on the submitted picture.

use super::document::Found;
use super::models::Models;
use super::{CheckOutcome, Finding};
use idv_protocol::Reason;
use idv_protocol::reading::{CalendarDate, MrzField, MrzReading};
use idv_vision::Error;
use idv_vision::reading::{has_zone_in_front, is_readable};

/// Reads the zone, either way up; nothing where there is none.
pub(super) fn read(
    models: &mut Models,
    document: &Found,
    today: CalendarDate,
) -> Result<Option<MrzReading>, Error> {
    let [upright, _] = &document.rectified;
    models.zone.read(upright.view()?, today)
}

/// Holds the reading against what the document must have. A zone that needs confirmation passes: the customer
/// sees which field does.
pub(super) fn check(
    reading: Option<&MrzReading>,
    document: &Found,
    today: CalendarDate,
    finding: &mut Finding,
) -> Option<Reason> {
    if reading.is_none() && !has_zone_in_front(document.kind) {
        return None;
    }
    finding.checks.zone = CheckOutcome::Failed;
    if !is_readable(reading) {
        return Some(Reason::DocumentUnreadable);
    }
    if reading.and_then(|reading| reading.expiry_date.as_ref()).is_some_and(|expiry| is_past(expiry, today)) {
        return Some(Reason::DocumentExpired);
    }
    finding.checks.zone = CheckOutcome::Passed;
    None
}

/// Whether a date, such as `2031-04-15`, lies before `today`. Unknown parts count as the latest possible.
fn is_past(date: &MrzField, today: CalendarDate) -> bool {
    let mut parts = date.value.split('-').map(|part| part.parse::<u16>().ok());
    let Some(Some(year)) = parts.next() else { return false };
    let month = parts.next().flatten().unwrap_or(12);
    let day = parts.next().flatten().unwrap_or(31);
    (year, month, day) < (today.year, today.month.into(), today.day.into())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn dated(value: &str) -> MrzField {
        MrzField {
            value: value.to_owned(),
            raw: String::new(),
            status: idv_protocol::reading::MrzFieldStatus::Valid,
            readings: Vec::new(),
            position: Default::default(),
        }
    }

    #[test]
    fn a_document_is_good_through_its_last_day() {
        let today = CalendarDate::new(2026, 11, 21);
        for (value, past) in [
            ("2026-11-20", true),
            ("2026-11-21", false),
            ("2027-01-01", false),
            ("2026-11-XX", false),
            ("2026-XX-XX", false),
            ("2025-XX-XX", true),
            ("XXXX-01-01", false),
            ("", false),
        ] {
            assert_eq!(is_past(&dated(value), today), past, "{value}");
        }
    }
}
