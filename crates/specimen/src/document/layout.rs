//! Where everything stands on a page, in millimetres from its top left corner.

use super::design::Design;
use super::field::Datum;
use super::holder::Holder;
use super::mrz::Format;
use super::template::Template;

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
    /// What the value is.
    pub datum: Datum,
    /// Left edge of label and value, in mm.
    pub x: f32,
    /// Baseline of the label, in mm.
    pub y: f32,
    /// Room for label and value, in mm.
    pub room: f32,
    /// The words before the value.
    pub label: String,
    /// The value.
    pub value: String,
}

/// Where the machine-readable zone stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct MrzPlace {
    /// Its format.
    pub format: Format,
    /// Top of the zone, in mm.
    pub top: f32,
    /// Left edge of the first letter's cell, in mm.
    pub left: f32,
    /// Baseline of the first line, in mm.
    pub baseline: f32,
    /// From line to line, in mm.
    pub line: f32,
}

/// Pitch of the letters in mm: ten to the inch (Doc 9303-3, 4.4: OCR-B size 1, 2.54 mm).
pub const MRZ_PITCH_MM: f32 = 2.54;

/// Height of the zone in mm, from the lower edge of the document (Doc 9303-4 to 7, zone VII).
pub const MRZ_HEIGHT_MM: f32 = 23.2;

/// Height of capitals of OCR-B size 1 in mm: 2.40 mm between the middles of the strokes and a stroke of 0.35 mm
/// (ISO 1073-2).
pub const MRZ_CAP_MM: f32 = 2.75;

impl MrzPlace {
    /// The box about all letters, in mm.
    pub fn letters(&self) -> MmRect {
        let rows = self.format.rows() as f32 - 1.0;
        MmRect::new(
            self.left,
            self.baseline - MRZ_CAP_MM,
            self.format.columns() as f32 * MRZ_PITCH_MM,
            MRZ_CAP_MM + rows * self.line,
        )
    }
}

/// A page: its template, its look and its texts.
#[derive(Clone, Debug, PartialEq)]
pub struct Layout {
    /// Width and height in mm.
    pub size_mm: (f32, f32),
    /// Radius of the corners in mm.
    pub corner_mm: f32,
    /// Where everything stands.
    pub template: &'static Template,
    /// How it looks.
    pub design: &'static Design,
    /// The visual zone.
    pub fields: Vec<Field>,
}

impl Layout {
    /// The page of `template` in the look of `design`, made out to `holder`.
    pub fn new(template: &'static Template, design: &'static Design, holder: &Holder) -> Self {
        let fields = template
            .fields
            .iter()
            .map(|place| Field {
                datum: place.datum,
                x: place.x,
                y: place.y,
                room: place.room,
                label: place.datum.label(design.language),
                value: place.datum.value(holder),
            })
            .filter(|field| !field.value.is_empty())
            .collect();
        Self { size_mm: template.size_mm, corner_mm: template.corner_mm, template, design, fields }
    }
}
