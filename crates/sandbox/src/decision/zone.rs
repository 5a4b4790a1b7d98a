//! The machine-readable zone, read again on the submitted picture.

use super::document::Found;
use super::models::Models;
use super::{CheckOutcome, Finding};
use idv_protocol::reading::{CalendarDate, MrzReading};
use idv_protocol::{DocumentKind, Reason};
use idv_vision::Error;
use idv_vision::reading::{has_zone_in_front, is_readable};

/// Reads the zone where this kind of document has it: cards on their back. Nothing where there is none.
pub(super) fn read(
    models: &mut Models,
    front: &Found,
    back: Option<&Found>,
    today: CalendarDate,
) -> Result<Option<MrzReading>, Error> {
    let sides = if has_zone_in_front(front.kind) { [Some(front), None] } else { [back, Some(front)] };
    for side in sides.into_iter().flatten() {
        let [either_way_up, _] = &side.rectified;
        if let Some(reading) = models.zone.read(either_way_up.view()?, today)? {
            return Ok(Some(reading));
        }
    }
    Ok(None)
}

/// Holds the reading against what the document must have: passports, visas and larger cards have a zone, some cards
/// of ID-1 have none. A zone that needs confirmation passes: the customer sees which field does.
pub(super) fn check(
    reading: Option<&MrzReading>,
    kind: DocumentKind,
    today: CalendarDate,
    finding: &mut Finding,
) -> Option<Reason> {
    if reading.is_none() && !has_zone_in_front(kind) {
        return None;
    }
    finding.checks.zone = CheckOutcome::Failed;
    if !is_readable(reading) {
        return Some(Reason::DocumentUnreadable);
    }
    let expiry = reading.and_then(|reading| reading.expiry_date.as_ref());
    if expiry.is_some_and(|expiry| is_past(&expiry.value, today)) {
        return Some(Reason::DocumentExpired);
    }
    finding.checks.zone = CheckOutcome::Passed;
    None
}

/// Whether a date, such as `2031-04-15`, lies before `today`. Unknown parts count as the latest possible.
pub(super) fn is_past(date: &str, today: CalendarDate) -> bool {
    let mut parts = date.split('-').map(|part| part.parse::<u16>().ok());
    let Some(Some(year)) = parts.next() else { return false };
    let month = parts.next().flatten().unwrap_or(12);
    let day = parts.next().flatten().unwrap_or(31);
    (year, month, day) < (today.year, today.month.into(), today.day.into())
}

#[cfg(test)]
mod tests {
    use super::*;

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
            assert_eq!(is_past(value, today), past, "{value}");
        }
    }
}
