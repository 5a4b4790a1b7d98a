//! A closer look at one picture of a document, before it is captured: what its zone says, whether there is a portrait,
//! whether it is the kind and the side that was asked for.

use super::portrait;
use crate::error::Error;
use crate::face::FaceDetector;
use crate::frame::RgbaView;
use crate::quality::{CoverParams, measure_cover, portrait_check, zone_kind_check};
use crate::reading::mrz::MrzReader;
use crate::reading::{has_zone, is_readable, kind_of, read_document};
use idv_protocol::reading::{MrzFormat, MrzReading};
use idv_protocol::{
    Check, CheckCode, DocumentHint, DocumentKind, DocumentSide, DocumentTask, Quad, QualityReport,
};

/// The networks that look closer at a document. What needs one that is missing is not judged.
#[derive(Default)]
pub struct DocumentModels<'a> {
    /// Reads the machine-readable zone.
    pub reader: Option<&'a mut MrzReader>,
    /// Finds the portrait.
    pub faces: Option<&'a mut FaceDetector>,
}

/// What is to be done about a picture.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Verdict {
    /// It is captured.
    Good,
    /// Its zone says that it is of a kind that is not accepted.
    WrongKind,
    /// It is the back of a card where the front is asked for: it has the zone of one, and no portrait.
    OtherSide,
    /// No portrait was found where the front is asked for, or one beside the zone of a card's back.
    NoPortrait,
    /// Something lies over its zone.
    Covered,
    /// It should have a zone, of which nothing sound was read.
    Unreadable,
    /// It should have a barcode, which was not read.
    NoBarcode,
}

impl Verdict {
    /// What to tell the user.
    pub(super) const fn hint(self) -> DocumentHint {
        match self {
            Self::Good => DocumentHint::Capturing,
            Self::WrongKind => DocumentHint::WrongKind,
            Self::OtherSide | Self::NoPortrait => DocumentHint::WrongSide,
            Self::Covered => DocumentHint::Covered,
            Self::Unreadable | Self::NoBarcode => DocumentHint::Unreadable,
        }
    }
}

/// What a closer look found.
pub(super) struct Finding {
    /// Shape: by the zone where it was read, else by proportions; `None` where neither is known.
    pub(super) kind: Option<DocumentKind>,
    /// What the zone says.
    pub(super) reading: Option<MrzReading>,
    /// What is to be done.
    pub(super) verdict: Verdict,
    /// The checks that need a closer look.
    checks: Vec<Check>,
}

impl Finding {
    /// Whether the zone was read and names the kind.
    pub(super) fn reading_settles_kind(&self) -> bool {
        self.checks.iter().any(|check| check.code == CheckCode::Kind)
    }

    /// Adds what was found to the checks of the picture; the zone's word on the kind stands for that of the proportions.
    pub(super) fn add_to(&self, quality: &mut QualityReport) {
        for check in &self.checks {
            match quality.checks.iter_mut().find(|known| known.code == check.code) {
                Some(known) => *known = check.clone(),
                None => quality.checks.push(check.clone()),
            }
        }
    }
}

/// Looks at the document `place` (corners in px, shape by proportions) in `frame`; without it, at the whole frame.
pub(super) fn look_closer(
    frame: RgbaView<'_>,
    place: Option<(Quad, DocumentKind)>,
    task: &DocumentTask,
    models: &mut DocumentModels<'_>,
) -> Result<Finding, Error> {
    let reading = match (&mut models.reader, place) {
        (Some(reader), Some((quad, kind))) => read_document(reader, frame, &quad, kind, task.today)?,
        (Some(reader), None) => reader.read(frame, task.today)?,
        (None, _) => None,
    };
    let readable = is_readable(reading.as_ref());
    let format = reading.as_ref().filter(|_| readable).map(|reading| reading.format);
    let kind = format.and_then(kind_of).or(place.map(|(_, kind)| kind));
    let mut finding = Finding { kind, reading, verdict: Verdict::Good, checks: Vec::new() };
    if let Some(check) = format.and_then(kind_of).and_then(|kind| zone_kind_check(kind, &task.kinds)) {
        if !check.passed {
            finding.verdict = Verdict::WrongKind;
        }
        finding.checks.push(check);
    }
    let Some((quad, kind)) = place else { return Ok(finding) };
    if task.side == DocumentSide::Front {
        let verdict = front(frame, (&quad, kind), format, models, &mut finding.checks)?;
        finding.settle(verdict);
    }
    if has_zone(kind, task.side) && !readable {
        let cover = measure_cover(frame, &quad, kind, CoverParams::default());
        let is_covered = cover.as_ref().is_some_and(|check| !check.passed);
        finding.checks.extend(cover);
        if is_covered {
            finding.settle(Verdict::Covered);
        } else if models.reader.is_some() && !(task.barcode && task.side == DocumentSide::Back) {
            finding.settle(Verdict::Unreadable);
        }
    }
    Ok(finding)
}

impl Finding {
    /// The first reason is the one that counts.
    fn settle(&mut self, verdict: Verdict) {
        if self.verdict == Verdict::Good {
            self.verdict = verdict;
        }
    }
}

/// Whether it is the front. Visas may do without a portrait (ICAO Doc 9303-7, zone V); the three lines of a card stand on
/// its back (Doc 9303-5), whatever small pictures are beside them.
fn front(
    frame: RgbaView<'_>,
    (quad, kind): (&Quad, DocumentKind),
    format: Option<MrzFormat>,
    models: &mut DocumentModels<'_>,
    checks: &mut Vec<Check>,
) -> Result<Verdict, Error> {
    let is_visa = matches!(format, Some(MrzFormat::MrvA | MrzFormat::MrvB));
    let is_back = format == Some(MrzFormat::Td1);
    let portraits = match &mut models.faces {
        Some(faces) if !is_visa => {
            let views = portrait::both_ways_up(frame, quad, kind)?;
            Some(usize::from(portrait::find_portrait(faces, &views)?.is_some()))
        }
        _ => None,
    };
    let check = portrait_check(if is_back { 0 } else { portraits.unwrap_or_default() });
    if is_back || portraits.is_some() {
        checks.push(check);
    }
    Ok(match portraits {
        Some(0) if is_back => Verdict::OtherSide,
        Some(0) => Verdict::NoPortrait,
        _ if is_back => Verdict::NoPortrait,
        _ => Verdict::Good,
    })
}

/// The value of the check of this code, 0 where it was not made.
pub(super) fn value_of(quality: &QualityReport, code: CheckCode) -> f32 {
    quality.checks.iter().find(|check| check.code == code).map_or(0.0, |check| check.value)
}
