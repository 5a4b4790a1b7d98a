//! The zone of a document in a frame.

use super::mrz::MrzReader;
use crate::document::{lying, rectify};
use crate::error::Error;
use crate::frame::{MAX_SIDE_PX, MIN_SIDE_PX, RgbaView};
use crate::quality::MRZ_PITCH_MM;
use idv_protocol::reading::{CalendarDate, MrzFormat, MrzReading, MrzStatus};
use idv_protocol::{DocumentKind, DocumentSide, Quad};

/// Pitch of the zone in px on the rectified document: what the recogniser was measured at, and no less than a
/// capture holds.
const PITCH_PX: f32 = 20.0;

/// Reads the zone of the document `quad`, of `kind` and whichever way up, in `frame`. Nothing is found where there
/// is none. Fails with [`crate::ErrorKind::Inference`], or [`crate::ErrorKind::BadFrame`] for a quad that is not convex.
pub fn read_document(
    reader: &mut MrzReader,
    frame: RgbaView<'_>,
    quad: &Quad,
    kind: DocumentKind,
    today: CalendarDate,
) -> Result<Option<MrzReading>, Error> {
    let width_px = (kind.size_mm().0 / MRZ_PITCH_MM * PITCH_PX) as u32;
    let flat = rectify(frame, &lying(quad), kind, width_px.clamp(MIN_SIDE_PX, MAX_SIDE_PX))?;
    reader.read(flat.view()?, today)
}

/// Whether a document of this shape has a zone on the side with the portrait: passports, visas and larger cards
/// do (ICAO Doc 9303-4, -6, -7); cards of ID-1 have it on their back (Doc 9303-5).
pub const fn has_zone_in_front(kind: DocumentKind) -> bool {
    matches!(kind, DocumentKind::Id2 | DocumentKind::Id3)
}

/// Whether the side `side` of a document of this shape should have a zone: [`has_zone_in_front`], and the back of a card.
/// Many cards have none there, such as driving licences.
pub const fn has_zone(kind: DocumentKind, side: DocumentSide) -> bool {
    match side {
        DocumentSide::Front => has_zone_in_front(kind),
        DocumentSide::Back => matches!(kind, DocumentKind::Id1),
    }
}

/// The shape of the documents that have a zone of this format (ICAO Doc 9303-4 to 7); of the larger visa, the page that
/// it fills. `None` for a format of a later version.
pub const fn kind_of(format: MrzFormat) -> Option<DocumentKind> {
    match format {
        MrzFormat::Td1 => Some(DocumentKind::Id1),
        MrzFormat::Td2 | MrzFormat::MrvB | MrzFormat::FraId => Some(DocumentKind::Id2),
        MrzFormat::Td3 | MrzFormat::MrvA => Some(DocumentKind::Id3),
        _ => None,
    }
}

/// Whether a reading is one to go on with: found, and not in contradiction with itself.
pub fn is_readable(reading: Option<&MrzReading>) -> bool {
    reading.is_some_and(|reading| reading.status != MrzStatus::Invalid)
}
