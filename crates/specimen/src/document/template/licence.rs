//! The back of a driving licence, ID-1, with the barcode of AAMVA's card standard.

use super::{BLANK, Mark, Note, Template};
use crate::document::layout::MmRect;

const fn note(x: f32, y: f32, cap: f32, text: &'static str) -> Note {
    Note { x, y, cap, text }
}

/// The back of a licence. The barcode has a clear zone about it and stands level (AAMVA DL/ID, annex D).
pub static BACK: Template = Template {
    title: ["DRIVER LICENSE", ""],
    ghost: Some(MmRect::new(70.4, 12.2, 11.0, 14.2)),
    rosettes: &[[24.0, 16.0, 14.0, 0.26], [62.0, 14.0, 9.0, 0.22]],
    crest: Some([24.0, 16.0, 6.0]),
    strip: Some(MmRect::new(0.0, 3.6, 85.6, 4.6)),
    marks: &[
        Mark { center: [42.0, 18.0], cap: 6.0, angle_deg: -10.0, alpha: 0.18, boxed: false },
        Mark { center: [74.8, 5.9], cap: 1.6, angle_deg: 0.0, alpha: 0.92, boxed: true },
    ],
    notes: &[
        note(5.0, 12.6, 1.25, "CLASS  C  Any single vehicle under 11,794 kg"),
        note(5.0, 15.4, 1.25, "END    NONE  No endorsement"),
        note(5.0, 18.2, 1.25, "REST   B  Corrective lenses"),
        note(5.0, 21.0, 1.25, "       E  No manual transmission"),
        note(
            5.0,
            24.6,
            0.95,
            "This specimen permits nobody to drive. The issuer is invented and so is the holder.",
        ),
        note(5.0, 26.6, 0.95, "Change of address: tell the registry within thirty days."),
    ],
    barcode: Some(MmRect::new(5.0, 30.0, 75.6, 20.0)),
    ..BLANK
};
