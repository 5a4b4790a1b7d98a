//! Where everything stands on a page, in millimetres from its top left corner.

use super::holder::Holder;

/// A rectangle in millimetres.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MmRect {
    /// Left edge.
    pub x: f32,
    /// Top edge.
    pub y: f32,
    /// Width.
    pub width: f32,
    /// Height.
    pub height: f32,
}

impl MmRect {
    /// A rectangle of `width` x `height` mm at `x`, `y`.
    pub const fn new(x: f32, y: f32, width: f32, height: f32) -> Self {
        Self { x, y, width, height }
    }
}

/// A labelled value of the visual zone.
#[derive(Clone, Debug, PartialEq)]
pub struct Field {
    /// Left edge of label and value, in mm.
    pub x: f32,
    /// Baseline of the label, in mm; the value stands [`VALUE_DROP_MM`] below.
    pub y: f32,
    /// What the value is.
    pub label: &'static str,
    /// The value.
    pub value: String,
}

/// From the baseline of a label to that of its value, in mm.
pub const VALUE_DROP_MM: f32 = 3.3;

/// Where the machine-readable zone stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MrzPlace {
    /// Top of the zone, in mm.
    pub top: f32,
    /// Left edge of the first letter's cell, in mm.
    pub left: f32,
    /// Baseline of the first line, in mm.
    pub baseline: f32,
}

/// Pitch of the letters in mm: ten to the inch (Doc 9303-3, 4.4: OCR-B size 1, 2.54 mm).
pub const MRZ_PITCH_MM: f32 = 2.54;

/// From line to line in mm: four to the inch (ISO 1831, as Doc 9303-4 prints its zone).
pub const MRZ_LINE_MM: f32 = 6.35;

/// A page: its size, its places and its texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Width and height in mm.
    pub size_mm: (f32, f32),
    /// Radius of the corners in mm.
    pub corner_mm: f32,
    /// Name of the state, in the header.
    pub state: &'static str,
    /// What the document is, in the header.
    pub title: &'static str,
    /// The same in other languages.
    pub subtitle: &'static str,
    /// The portrait.
    pub portrait: MmRect,
    /// The small second portrait.
    pub ghost: MmRect,
    /// The holder's signature.
    pub signature: MmRect,
    /// The visual zone.
    pub fields: Vec<Field>,
    /// The machine-readable zone.
    pub mrz: MrzPlace,
}

/// The data page of a passport, ID-3, 125 x 88 mm. The machine-readable zone takes the lower 23.2 mm and its
/// lines begin 6 mm from the left edge; the portrait is 35 x 45 mm (Doc 9303-4, section 3 and appendix A).
pub fn td3(holder: &Holder) -> Layout {
    let mut fields = Vec::new();
    let mut field = |x: f32, y: f32, label: &'static str, value: String| {
        fields.push(Field { x, y, label, value });
    };
    // Columns and rows of the visual zone, in mm.
    let (left, middle, right) = (45.5, 60.0, 78.0);
    let row = |n: u8| 16.4 + 7.05 * f32::from(n);
    field(left, row(0), "Type / Type", "P".into());
    field(middle, row(0), "Code / Code", holder.issuer.into());
    field(right, row(0), "Passport No. / No. de passeport", holder.document_number.clone());
    field(left, row(1), "Surname / Nom", holder.surname.to_uppercase());
    field(left, row(2), "Given names / Prénoms", holder.given_names.to_uppercase());
    field(left, row(3), "Nationality / Nationalité", "UTOPIAN".into());
    field(right, row(3), "Personal No. / No. personnel", holder.personal_number.clone());
    field(left, row(4), "Date of birth / Date de naissance", holder.birth.to_string());
    field(right, row(4), "Sex / Sexe", holder.sex.letter().into());
    field(left, row(5), "Place of birth / Lieu de naissance", holder.birthplace.to_uppercase());
    field(right, row(5), "Authority / Autorité", holder.authority.to_uppercase());
    field(left, row(6), "Date of issue / Date de délivrance", holder.issue.to_string());
    field(right, row(6), "Date of expiry / Date d'expiration", holder.expiry.to_string());
    Layout {
        size_mm: idv_protocol::DocumentKind::Id3.size_mm(),
        corner_mm: 3.18, // ISO/IEC 7810, as on cards
        state: "UTOPIA",
        title: "PASSPORT",
        subtitle: "PASSEPORT · PASAPORTE · REISEPASS",
        portrait: MmRect::new(5.8, 14.0, 35.0, 45.0),
        ghost: MmRect::new(104.5, 24.0, 15.5, 20.0),
        signature: MmRect::new(9.0, 59.6, 28.0, 4.6),
        fields,
        mrz: MrzPlace { top: 88.0 - 23.2, left: 6.0, baseline: 73.6 },
    }
}
