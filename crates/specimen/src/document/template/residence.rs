//! Cards of permits of residence, in three layouts of their own; the back carries the zone of a TD1 document.

use super::card::TD1_ZONE;
use super::{BLANK, HeadPlace, Mark, Note, Template, place};
use crate::document::field::Datum;
use crate::document::layout::MmRect;

const TITLE: [&str; 2] = ["RESIDENCE PERMIT", "TITRE DE SÉJOUR · PERMISO DE RESIDENCIA"];

const fn row(n: u8) -> f32 {
    13.6 + 5.5 * n as f32
}

/// The fronts, one layout after the other.
pub static FRONTS: [Template; 3] = [
    // The portrait at the left, the contacts of a chip over the ghost image.
    Template {
        title: TITLE,
        head: Some(HeadPlace {
            height: 9.4,
            emblem: [78.4, 6.0, 3.2],
            state: [4.2, 5.2],
            state_cap: 2.2,
            state_room: 50.0,
            title: [4.2, 8.2],
            title_cap: 1.5,
        }),
        portrait: Some(MmRect::new(4.0, 12.4, 25.0, 32.0)),
        ghost: Some(MmRect::new(68.0, 34.6, 12.0, 15.4)),
        signature: Some(MmRect::new(5.0, 45.8, 23.0, 4.4)),
        seal: Some([27.4, 41.0, 4.2]),
        chip: Some([66.5, 17.5]),
        fields: &[
            place(Datum::Surname, 32.0, row(0), 33.0),
            place(Datum::GivenNames, 32.0, row(1), 33.0),
            place(Datum::Sex, 32.0, row(2), 12.0),
            place(Datum::Nationality, 45.5, row(2), 19.5),
            place(Datum::BirthDate, 32.0, row(3), 33.0),
            place(Datum::Category, 32.0, row(4), 34.0),
            place(Datum::DocumentNumber, 32.0, row(5), 17.0),
            place(Datum::ExpiryDate, 51.0, row(5), 16.0),
        ],
        rosettes: &[[50.0, 30.0, 20.0, 0.28]],
        crest: Some([50.0, 30.0, 8.0]),
        marks: &[
            Mark { center: [52.0, 31.0], cap: 6.2, angle_deg: -17.0, alpha: 0.20, boxed: false },
            Mark { center: [63.6, 5.2], cap: 1.6, angle_deg: 0.0, alpha: 0.92, boxed: true },
        ],
        ..BLANK
    },
    // The portrait at the right, values at the left.
    Template {
        title: TITLE,
        head: Some(HeadPlace {
            height: 9.4,
            emblem: [6.8, 5.0, 3.1],
            state: [12.2, 5.0],
            state_cap: 2.1,
            state_room: 52.0,
            title: [12.2, 7.9],
            title_cap: 1.4,
        }),
        portrait: Some(MmRect::new(56.0, 12.6, 25.6, 32.8)),
        ghost: Some(MmRect::new(40.5, 31.0, 12.4, 16.0)),
        signature: Some(MmRect::new(58.0, 46.4, 22.0, 4.2)),
        seal: Some([57.2, 41.6, 4.2]),
        fields: &[
            place(Datum::DocumentNumber, 5.0, row(0), 34.0),
            place(Datum::Surname, 5.0, row(1), 48.0),
            place(Datum::GivenNames, 5.0, row(2), 48.0),
            place(Datum::BirthDate, 5.0, row(3), 20.0),
            place(Datum::Sex, 27.0, row(3), 13.0),
            place(Datum::Nationality, 5.0, row(4), 20.0),
            place(Datum::ExpiryDate, 5.0, row(5), 20.0),
            place(Datum::Category, 5.0, row(6), 34.0),
        ],
        rosettes: &[[28.0, 30.0, 19.0, 0.28], [78.0, 6.0, 6.5, 0.24]],
        crest: Some([28.0, 30.0, 7.0]),
        marks: &[
            Mark { center: [30.0, 31.0], cap: 6.2, angle_deg: -17.0, alpha: 0.20, boxed: false },
            Mark { center: [74.4, 4.9], cap: 1.5, angle_deg: 0.0, alpha: 0.92, boxed: true },
        ],
        ..BLANK
    },
    // A strip along the left edge with the emblem, then the portrait.
    Template {
        title: TITLE,
        head: Some(HeadPlace {
            height: 8.2,
            emblem: [6.6, 44.6, 4.4],
            state: [16.4, 4.6],
            state_cap: 2.0,
            state_room: 46.0,
            title: [16.4, 7.3],
            title_cap: 1.35,
        }),
        strip: Some(MmRect::new(0.0, 0.0, 13.2, 53.98)),
        portrait: Some(MmRect::new(16.4, 11.4, 25.0, 32.0)),
        ghost: Some(MmRect::new(70.4, 35.4, 11.2, 14.4)),
        signature: Some(MmRect::new(17.6, 45.0, 22.0, 4.6)),
        seal: Some([40.4, 39.8, 4.0]),
        fields: &[
            place(Datum::Surname, 44.6, row(0), 37.0),
            place(Datum::GivenNames, 44.6, row(1), 37.0),
            place(Datum::BirthDate, 44.6, row(2), 19.0),
            place(Datum::Sex, 66.0, row(2), 15.0),
            place(Datum::Nationality, 44.6, row(3), 30.0),
            place(Datum::Category, 44.6, row(4), 25.0),
            place(Datum::DocumentNumber, 44.6, row(5), 25.0),
            place(Datum::ExpiryDate, 44.6, row(6), 25.0),
        ],
        rosettes: &[[60.0, 30.0, 19.0, 0.28]],
        crest: Some([60.0, 30.0, 7.4]),
        marks: &[
            Mark { center: [58.0, 31.0], cap: 6.0, angle_deg: -17.0, alpha: 0.20, boxed: false },
            Mark { center: [74.2, 4.7], cap: 1.5, angle_deg: 0.0, alpha: 0.92, boxed: true },
        ],
        ..BLANK
    },
];

/// The back.
pub static BACK: Template = Template {
    ghost: Some(MmRect::new(5.0, 4.2, 11.0, 14.2)),
    fields: &[
        place(Datum::Birthplace, 19.0, 5.4, 30.0),
        place(Datum::Authority, 19.0, 10.9, 30.0),
        place(Datum::IssueDate, 19.0, 16.4, 22.0),
        place(Datum::Street, 51.0, 5.4, 31.0),
        place(Datum::Town, 51.0, 10.9, 31.0),
        place(Datum::Height, 51.0, 16.4, 15.0),
        place(Datum::Eyes, 67.0, 16.4, 15.0),
    ],
    rosettes: &[[45.0, 15.0, 15.0, 0.26]],
    crest: Some([45.0, 15.0, 7.0]),
    marks: &[
        Mark { center: [46.0, 16.0], cap: 5.6, angle_deg: -12.0, alpha: 0.18, boxed: false },
        Mark { center: [74.6, 26.6], cap: 1.6, angle_deg: 0.0, alpha: 0.92, boxed: true },
    ],
    notes: &[Note {
        x: 5.0,
        y: 27.1,
        cap: 0.95,
        text: "Specimen of an invented country. It grants no right of residence anywhere.",
    }],
    mrz: Some(TD1_ZONE),
    ..BLANK
};
