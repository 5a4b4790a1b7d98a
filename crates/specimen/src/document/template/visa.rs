//! Visas: MRV-A, 120 x 80 mm, and MRV-B, 105 x 74 mm, labels with square corners; what the visa allows stands
//! above whom it allows it to, and the zone begins 4 mm from the left edge (Doc 9303-7).

use super::{BLANK, HeadPlace, Mark, TWO_LINES_MM, TWO_LINES_STEP_MM, Template, place};
use crate::document::field::Datum;
use crate::document::layout::{MRZ_HEIGHT_MM, MmRect, MrzPlace};
use crate::document::mrz::Format;
use idv_protocol::DocumentKind;

/// Width and height of an MRV-A in mm (Doc 9303-7, 2.1).
const A_SIZE_MM: (f32, f32) = (120.0, 80.0);
/// The same of an MRV-B (Doc 9303-7, 2.2).
const B_SIZE_MM: (f32, f32) = (105.0, 74.0);

/// Radius of the corners of a label in mm.
const LABEL_CORNER_MM: f32 = 0.6;

const fn zone(format: Format, height_mm: f32) -> Option<MrzPlace> {
    Some(MrzPlace {
        format,
        top: height_mm - MRZ_HEIGHT_MM,
        left: 4.0,
        baseline: height_mm - TWO_LINES_MM,
        line: TWO_LINES_STEP_MM,
    })
}

const fn a_row(n: u8) -> f32 {
    16.2 + 6.8 * n as f32
}

/// The larger visa.
pub static MRV_A: Template = Template {
    shape: DocumentKind::Id3,
    size_mm: A_SIZE_MM,
    corner_mm: LABEL_CORNER_MM,
    title: ["VISA", "VISADO · VISUM · VISTO"],
    head: Some(HeadPlace {
        height: 11.2,
        emblem: [8.8, 6.4, 3.6],
        state: [15.4, 8.6],
        state_cap: 4.2,
        state_room: 46.0,
        title: [0.0, 6.3],
        title_cap: 2.6,
    }),
    portrait: Some(MmRect::new(4.5, 14.2, 30.0, 38.4)),
    ghost: Some(MmRect::new(101.5, 25.6, 14.0, 18.0)),
    signature: Some(MmRect::new(88.0, 47.4, 24.0, 6.0)),
    seal: Some([33.0, 48.6, 5.0]),
    fields: &[
        place(Datum::IssuePlace, 39.0, a_row(0), 24.0),
        place(Datum::ValidFrom, 65.0, a_row(0), 23.0),
        place(Datum::ValidUntil, 91.0, a_row(0), 24.0),
        place(Datum::Category, 39.0, a_row(1), 24.0),
        place(Datum::Entries, 65.0, a_row(1), 23.0),
        place(Datum::DocumentNumber, 39.0, a_row(2), 24.0),
        place(Datum::PassportNumber, 65.0, a_row(2), 30.0),
        place(Datum::Name, 39.0, a_row(3), 61.0),
        place(Datum::Nationality, 39.0, a_row(4), 24.0),
        place(Datum::Sex, 65.0, a_row(4), 20.0),
        place(Datum::BirthDate, 39.0, a_row(5), 24.0),
    ],
    label_cap: 1.1,
    value_cap: 1.9,
    drop: 3.1,
    rosettes: &[[78.0, 35.0, 25.0, 0.28], [109.0, 7.0, 8.5, 0.24]],
    crest: Some([78.0, 35.0, 9.0]),
    marks: &[
        Mark { center: [79.0, 36.0], cap: 8.8, angle_deg: -17.0, alpha: 0.20, boxed: false },
        Mark { center: [104.4, 6.3], cap: 2.1, angle_deg: 0.0, alpha: 0.92, boxed: true },
    ],
    mrz: zone(Format::MrvA, A_SIZE_MM.1),
    ..BLANK
};

const fn b_row(n: u8) -> f32 {
    14.2 + 6.05 * n as f32
}

/// The smaller visa.
pub static MRV_B: Template = Template {
    shape: DocumentKind::Id2,
    size_mm: B_SIZE_MM,
    corner_mm: LABEL_CORNER_MM,
    title: ["VISA", "VISADO · VISUM · VISTO"],
    head: Some(HeadPlace {
        height: 10.0,
        emblem: [7.8, 5.7, 3.2],
        state: [13.6, 7.6],
        state_cap: 3.7,
        state_room: 40.0,
        title: [0.0, 5.5],
        title_cap: 2.2,
    }),
    portrait: Some(MmRect::new(4.0, 12.4, 27.0, 34.6)),
    ghost: Some(MmRect::new(88.5, 24.0, 12.5, 16.1)),
    signature: Some(MmRect::new(77.0, 42.6, 22.0, 5.4)),
    seal: Some([29.6, 43.4, 4.5]),
    fields: &[
        place(Datum::IssuePlace, 35.0, b_row(0), 22.0),
        place(Datum::ValidFrom, 58.5, b_row(0), 20.0),
        place(Datum::ValidUntil, 80.5, b_row(0), 21.0),
        place(Datum::Category, 35.0, b_row(1), 22.0),
        place(Datum::Entries, 58.5, b_row(1), 20.0),
        place(Datum::DocumentNumber, 35.0, b_row(2), 22.0),
        place(Datum::PassportNumber, 58.5, b_row(2), 26.0),
        place(Datum::Name, 35.0, b_row(3), 52.0),
        place(Datum::Nationality, 35.0, b_row(4), 22.0),
        place(Datum::Sex, 58.5, b_row(4), 18.0),
        place(Datum::BirthDate, 35.0, b_row(5), 22.0),
    ],
    label_cap: 1.0,
    value_cap: 1.7,
    drop: 2.75,
    rosettes: &[[66.0, 31.0, 22.0, 0.28], [96.0, 6.0, 7.5, 0.24]],
    crest: Some([66.0, 31.0, 8.0]),
    marks: &[
        Mark { center: [67.0, 32.0], cap: 7.6, angle_deg: -17.0, alpha: 0.20, boxed: false },
        Mark { center: [91.0, 5.6], cap: 1.9, angle_deg: 0.0, alpha: 0.92, boxed: true },
    ],
    mrz: zone(Format::MrvB, B_SIZE_MM.1),
    ..BLANK
};
