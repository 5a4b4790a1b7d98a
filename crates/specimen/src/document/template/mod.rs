//! Page templates: every place of every kind of document, as tables.

mod card;
mod licence;
mod passport;
mod residence;
mod visa;

pub use card::{BACK as TD1_BACK, FRONT as TD1_FRONT, TD2};
pub use licence::BACK as LICENCE_BACK;
pub use passport::TD3;
pub use residence::{BACK as RESIDENCE_BACK, FRONTS as RESIDENCE_FRONTS};
pub use visa::{MRV_A, MRV_B};

use super::field::Datum;
use super::layout::{MmRect, MrzPlace};
use idv_protocol::DocumentKind;

/// Radius of the corners of cards in mm (ISO/IEC 7810, 3.18 mm).
const CARD_CORNER_MM: f32 = 3.18;

/// From the lower edge of a document to the baseline of the first of two lines, in mm, and from line to line:
/// the lines' middles stand 15.75 and 9.40 mm above the edge, a quarter of an inch apart (Doc 9303-4,
/// appendix A).
const TWO_LINES_MM: f32 = 14.4;
/// See [`TWO_LINES_MM`].
const TWO_LINES_STEP_MM: f32 = 6.35;

/// Where a value of the visual zone stands.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Place {
    /// What the value is.
    pub datum: Datum,
    /// Left edge of label and value, in mm.
    pub x: f32,
    /// Baseline of the label, in mm.
    pub y: f32,
    /// Room for both, in mm.
    pub room: f32,
}

const fn place(datum: Datum, x: f32, y: f32, room: f32) -> Place {
    Place { datum, x, y, room }
}

/// The head of a page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct HeadPlace {
    /// Height in mm.
    pub height: f32,
    /// Middle and radius of the emblem in mm.
    pub emblem: [f32; 3],
    /// Left end and baseline of the issuer's name in mm.
    pub state: [f32; 2],
    /// Height of its capitals in mm, and the most room it may take.
    pub state_cap: f32,
    /// See `state_cap`.
    pub state_room: f32,
    /// Left end and baseline of the title in mm; after the issuer's name where the first is 0.
    pub title: [f32; 2],
    /// Height of the title's capitals in mm.
    pub title_cap: f32,
}

/// A word laid across the page.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Mark {
    /// Its middle in mm.
    pub center: [f32; 2],
    /// Height of its capitals in mm.
    pub cap: f32,
    /// Direction in degrees, clockwise.
    pub angle_deg: f32,
    /// Opacity.
    pub alpha: f32,
    /// Whether a frame runs round it.
    pub boxed: bool,
}

/// A line of small print.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Note {
    /// Left end in mm.
    pub x: f32,
    /// Baseline in mm.
    pub y: f32,
    /// Height of capitals in mm.
    pub cap: f32,
    /// The words.
    pub text: &'static str,
}

/// Where everything stands on one side of a document, in mm from its top left corner.
#[derive(Debug, PartialEq)]
pub struct Template {
    /// Shape of the document.
    pub shape: DocumentKind,
    /// Width and height.
    pub size_mm: (f32, f32),
    /// Radius of the corners.
    pub corner_mm: f32,
    /// What the document is, in the head, and the same in other languages.
    pub title: [&'static str; 2],
    /// The head.
    pub head: Option<HeadPlace>,
    /// The portrait.
    pub portrait: Option<MmRect>,
    /// The small second portrait.
    pub ghost: Option<MmRect>,
    /// The signature.
    pub signature: Option<MmRect>,
    /// Middle and radius of the optically variable seal.
    pub seal: Option<[f32; 3]>,
    /// Left and top of the contacts of a chip.
    pub chip: Option<[f32; 2]>,
    /// A filled strip in the colour of the head.
    pub strip: Option<MmRect>,
    /// Values of the visual zone.
    pub fields: &'static [Place],
    /// Height of the capitals of labels and values, and from the baseline of one to that of the other.
    pub label_cap: f32,
    /// See `label_cap`.
    pub value_cap: f32,
    /// See `label_cap`.
    pub drop: f32,
    /// Middle, radius and opacity of rosettes.
    pub rosettes: &'static [[f32; 4]],
    /// Middle and radius of a faint emblem.
    pub crest: Option<[f32; 3]>,
    /// SPECIMEN, across and small.
    pub marks: &'static [Mark],
    /// Small print.
    pub notes: &'static [Note],
    /// The machine-readable zone.
    pub mrz: Option<MrzPlace>,
    /// Room for the two-dimensional barcode.
    pub barcode: Option<MmRect>,
}

/// What a template is made from by naming what it has: an empty card.
const BLANK: Template = Template {
    shape: DocumentKind::Id1,
    size_mm: DocumentKind::Id1.size_mm(),
    corner_mm: CARD_CORNER_MM,
    title: ["", ""],
    head: None,
    portrait: None,
    ghost: None,
    signature: None,
    seal: None,
    chip: None,
    strip: None,
    fields: &[],
    label_cap: 0.95,
    value_cap: 1.65,
    drop: 2.65,
    rosettes: &[],
    crest: None,
    marks: &[],
    notes: &[],
    mrz: None,
    barcode: None,
};
