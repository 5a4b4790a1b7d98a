//! Identity cards: TD1, 85.60 x 53.98 mm, with the zone on the back (Doc 9303-5), and TD2, 105 x 74 mm, with the
//! zone on the front (Doc 9303-6).

use super::{BLANK, HeadPlace, Mark, Note, Place, TWO_LINES_MM, TWO_LINES_STEP_MM, Template, place};
use crate::document::field::Datum;
use crate::document::layout::{MRZ_HEIGHT_MM, MmRect, MrzPlace};
use crate::document::mrz::Format;
use idv_protocol::DocumentKind;

const HEIGHT_MM: f32 = DocumentKind::Id1.size_mm().1;
const TD2_HEIGHT_MM: f32 = DocumentKind::Id2.size_mm().1;

/// The zone of a card: three lines, six to the inch, within the lower 23.2 mm; the first letter's cell 5 mm from
/// the left edge (Doc 9303-5, 4.2.1.3; its lines' middles here 14.4, 10.2 and 5.9 mm above the edge).
pub(super) const TD1_ZONE: MrzPlace = MrzPlace {
    format: Format::Td1,
    top: HEIGHT_MM - MRZ_HEIGHT_MM,
    left: 5.0,
    baseline: HEIGHT_MM - 13.0,
    line: 25.4 / 6.0,
};

const fn row(n: u8) -> f32 {
    13.4 + 5.5 * n as f32
}

const LEFT: f32 = 33.0;

/// The front of an identity card.
pub static FRONT: Template = Template {
    title: ["IDENTITY CARD", "CARTE D'IDENTITÉ · PERSONALAUSWEIS"],
    head: Some(HeadPlace {
        height: 9.2,
        emblem: [6.6, 5.1, 2.9],
        state: [11.6, 6.7],
        state_cap: 3.0,
        state_room: 30.0,
        title: [0.0, 4.9],
        title_cap: 1.65,
    }),
    portrait: Some(MmRect::new(4.0, 12.0, 26.0, 33.0)),
    ghost: Some(MmRect::new(69.0, 33.0, 12.0, 15.4)),
    signature: Some(MmRect::new(5.0, 46.3, 23.0, 4.2)),
    seal: Some([28.4, 41.6, 4.2]),
    fields: &[
        place(Datum::Surname, LEFT, row(0), 48.0),
        place(Datum::GivenNames, LEFT, row(1), 48.0),
        place(Datum::Sex, LEFT, row(2), 11.0),
        place(Datum::Nationality, 45.0, row(2), 17.0),
        place(Datum::BirthDate, 63.0, row(2), 19.0),
        place(Datum::Birthplace, LEFT, row(3), 34.0),
        place(Datum::DocumentNumber, LEFT, row(4), 34.0),
        place(Datum::ExpiryDate, LEFT, row(5), 16.5),
        place(Datum::PersonalNumber, 51.0, row(5), 17.0),
    ],
    rosettes: &[[55.0, 29.0, 19.0, 0.28], [78.0, 5.5, 6.5, 0.24]],
    crest: Some([55.0, 29.0, 7.0]),
    marks: &[
        Mark { center: [57.0, 29.5], cap: 6.4, angle_deg: -17.0, alpha: 0.20, boxed: false },
        Mark { center: [73.8, 4.9], cap: 1.6, angle_deg: 0.0, alpha: 0.92, boxed: true },
    ],
    ..BLANK
};

/// Values on the back of an identity card.
const BACK_FIELDS: &[Place] = &[
    place(Datum::Street, 5.0, 5.2, 38.0),
    place(Datum::Town, 5.0, 10.6, 38.0),
    place(Datum::Authority, 5.0, 16.0, 38.0),
    place(Datum::Height, 46.0, 5.2, 18.0),
    place(Datum::Eyes, 46.0, 10.6, 18.0),
    place(Datum::IssueDate, 46.0, 16.0, 22.0),
];

/// The back of an identity card.
pub static BACK: Template = Template {
    ghost: Some(MmRect::new(70.0, 4.0, 11.5, 14.8)),
    fields: BACK_FIELDS,
    rosettes: &[[43.0, 17.0, 16.0, 0.26]],
    crest: Some([43.0, 17.0, 7.5]),
    marks: &[
        Mark { center: [42.0, 17.0], cap: 6.0, angle_deg: -12.0, alpha: 0.18, boxed: false },
        Mark { center: [74.6, 26.4], cap: 1.6, angle_deg: 0.0, alpha: 0.92, boxed: true },
    ],
    notes: &[Note {
        x: 5.0,
        y: 26.9,
        cap: 0.95,
        text: "This specimen is no valid document. If found, return it to any registry of Utopia.",
    }],
    mrz: Some(TD1_ZONE),
    ..BLANK
};

const fn td2_row(n: u8) -> f32 {
    14.2 + 6.15 * n as f32
}

const TD2_LEFT: f32 = 37.0;
const TD2_RIGHT: f32 = 64.0;

/// The front of a document of the size TD2.
pub static TD2: Template = Template {
    shape: DocumentKind::Id2,
    size_mm: DocumentKind::Id2.size_mm(),
    title: ["IDENTITY CARD", "CARTE D'IDENTITÉ · PERSONALAUSWEIS"],
    head: Some(HeadPlace {
        height: 10.0,
        emblem: [7.6, 5.7, 3.3],
        state: [13.4, 7.6],
        state_cap: 3.7,
        state_room: 38.0,
        title: [0.0, 5.5],
        title_cap: 1.9,
    }),
    portrait: Some(MmRect::new(4.5, 12.4, 28.5, 36.4)),
    ghost: Some(MmRect::new(88.0, 22.0, 13.0, 16.8)),
    signature: Some(MmRect::new(84.0, 43.6, 18.0, 5.0)),
    seal: Some([31.6, 45.4, 4.6]),
    fields: &[
        place(Datum::Surname, TD2_LEFT, td2_row(0), 62.0),
        place(Datum::GivenNames, TD2_LEFT, td2_row(1), 50.0),
        place(Datum::Nationality, TD2_LEFT, td2_row(2), 25.0),
        place(Datum::Sex, TD2_RIGHT, td2_row(2), 20.0),
        place(Datum::BirthDate, TD2_LEFT, td2_row(3), 25.0),
        place(Datum::Birthplace, TD2_RIGHT, td2_row(3), 24.0),
        place(Datum::DocumentNumber, TD2_LEFT, td2_row(4), 25.0),
        place(Datum::Authority, TD2_RIGHT, td2_row(4), 24.0),
        place(Datum::IssueDate, TD2_LEFT, td2_row(5), 25.0),
        place(Datum::ExpiryDate, TD2_RIGHT, td2_row(5), 19.0),
    ],
    label_cap: 1.05,
    value_cap: 1.8,
    drop: 2.9,
    rosettes: &[[66.0, 31.0, 22.0, 0.28], [96.0, 6.0, 7.5, 0.24]],
    crest: Some([66.0, 31.0, 8.0]),
    marks: &[
        Mark { center: [68.0, 32.0], cap: 7.6, angle_deg: -17.0, alpha: 0.20, boxed: false },
        Mark { center: [90.6, 5.6], cap: 1.9, angle_deg: 0.0, alpha: 0.92, boxed: true },
    ],
    mrz: Some(MrzPlace {
        format: Format::Td2,
        top: TD2_HEIGHT_MM - MRZ_HEIGHT_MM,
        // 4 mm from the left edge (Doc 9303-6, figure 6).
        left: 4.0,
        baseline: TD2_HEIGHT_MM - TWO_LINES_MM,
        line: TWO_LINES_STEP_MM,
    }),
    ..BLANK
};
