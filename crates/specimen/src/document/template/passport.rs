//! The data page of a passport, ID-3, 125 x 88 mm: the machine-readable zone takes the lower 23.2 mm and its
//! lines begin 6 mm from the left edge; the portrait is 35 x 45 mm (Doc 9303-4, section 3 and appendix A).

use super::{BLANK, HeadPlace, Mark, TWO_LINES_MM, TWO_LINES_STEP_MM, Template, place};
use crate::document::field::Datum;
use crate::document::layout::{MRZ_HEIGHT_MM, MmRect, MrzPlace};
use crate::document::mrz::Format;
use idv_protocol::DocumentKind;

const HEIGHT_MM: f32 = DocumentKind::Id3.size_mm().1;

/// First row of the visual zone and the step from row to row, in mm.
const fn row(n: u8) -> f32 {
    16.4 + 7.05 * n as f32
}

const LEFT: f32 = 45.5;
const RIGHT: f32 = 78.0;

/// The data page of a passport.
pub static TD3: Template = Template {
    shape: DocumentKind::Id3,
    size_mm: DocumentKind::Id3.size_mm(),
    title: ["PASSPORT", "PASSEPORT · PASAPORTE · REISEPASS"],
    head: Some(HeadPlace {
        height: 11.6,
        emblem: [9.6, 6.9, 3.9],
        state: [17.0, 9.3],
        state_cap: 4.6,
        state_room: 48.0,
        title: [0.0, 6.9],
        title_cap: 2.3,
    }),
    portrait: Some(MmRect::new(5.8, 14.0, 35.0, 45.0)),
    ghost: Some(MmRect::new(104.5, 24.0, 15.5, 20.0)),
    signature: Some(MmRect::new(9.0, 59.6, 28.0, 4.6)),
    seal: Some([37.6, 55.0, 5.4]),
    fields: &[
        place(Datum::Code, LEFT, row(0), 13.0),
        place(Datum::Issuer, 60.0, row(0), 16.0),
        place(Datum::OwnPassportNumber, RIGHT, row(0), 43.0),
        place(Datum::Surname, LEFT, row(1), 75.0),
        place(Datum::GivenNames, LEFT, row(2), 58.0),
        place(Datum::Nationality, LEFT, row(3), 31.0),
        place(Datum::PersonalNumber, RIGHT, row(3), 26.0),
        place(Datum::BirthDate, LEFT, row(4), 31.0),
        place(Datum::Sex, RIGHT, row(4), 26.0),
        place(Datum::Birthplace, LEFT, row(5), 31.0),
        place(Datum::Authority, RIGHT, row(5), 43.0),
        place(Datum::IssueDate, LEFT, row(6), 31.0),
        place(Datum::ExpiryDate, RIGHT, row(6), 43.0),
    ],
    label_cap: 1.15,
    value_cap: 2.05,
    drop: 3.3,
    rosettes: &[[80.0, 37.84, 27.0, 0.30], [113.0, 7.5, 9.0, 0.26]],
    crest: Some([80.0, 37.84, 9.0]),
    marks: &[
        Mark { center: [83.1, 40.5], cap: 9.4, angle_deg: -17.0, alpha: 0.20, boxed: false },
        Mark { center: [108.0, 6.85], cap: 2.3, angle_deg: 0.0, alpha: 0.92, boxed: true },
    ],
    mrz: Some(MrzPlace {
        format: Format::Td3,
        top: HEIGHT_MM - MRZ_HEIGHT_MM,
        left: 6.0,
        baseline: HEIGHT_MM - TWO_LINES_MM,
        line: TWO_LINES_STEP_MM,
    }),
    ..BLANK
};
