//! The truth about a picture of a specimen, as JSON beside it.

use super::Page;
use super::layout::MmRect;
use crate::camera::Homography;
use idv_protocol::{Point, Quad};
use serde::Serialize;
use std::collections::BTreeMap;

/// Four corners, top left first, clockwise on the document: x and y in px of the picture.
pub type Corners = [[f32; 2]; 4];

/// What is true of one picture. What a side does not have is left out.
#[derive(Clone, Debug, PartialEq, Serialize)]
pub struct Label {
    /// Name of the picture's file.
    pub file: String,
    /// Lines of the machine-readable zone.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub lines: Vec<String>,
    /// Formats that have lines of this number and length.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub format: Option<&'static str>,
    /// Width of the picture in px.
    pub width: u32,
    /// Height of the picture in px.
    pub height: u32,
    /// Corners of the document; left out where the picture shows none.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub quad: Option<Corners>,
    /// What the document is.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub kind: Option<&'static str>,
    /// Its series.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub design: Option<&'static str>,
    /// Its seed.
    pub seed: u64,
    /// Scale of a flat picture in px per mm.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub px_per_mm: Option<f32>,
    /// Values of the visual zone, as printed.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub fields: BTreeMap<&'static str, String>,
    /// What the barcode says.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub barcode: Option<String>,
    /// Corners of what stands on the document: `zone` (the letters of the machine-readable zone), `portrait`,
    /// `ghost`, `signature`, `barcode`.
    #[serde(skip_serializing_if = "BTreeMap::is_empty")]
    pub quads: BTreeMap<&'static str, Corners>,
    /// Where the picture comes from.
    pub source: &'static str,
}

/// The source that labels name.
const SOURCE: &str = "idv-specimen";

impl Label {
    /// The label of the flat picture of `page` in `file`.
    pub fn flat(file: String, page: &Page) -> Self {
        let (width, height) = (page.picture.width as f32, page.picture.height as f32);
        let whole =
            Quad([[0.0, 0.0], [width, 0.0], [width, height], [0.0, height]].map(|[x, y]| Point::new(x, y)));
        let size = [page.picture.width as u32, page.picture.height as u32];
        Self { px_per_mm: Some(page.px_per_mm), ..Self::seen(file, size, page, &whole) }
    }

    /// The label of a picture of `size` px in which `page` fills `quad`.
    pub fn seen(file: String, size: [u32; 2], page: &Page, quad: &Quad) -> Self {
        let (width, height) = page.layout.size_mm;
        let to_px = Homography::from_rect([0.0, 0.0, width, height], quad);
        let corners = |place: MmRect| {
            let MmRect { x, y, width, height } = place;
            [[x, y], [x + width, y], [x + width, y + height], [x, y + height]]
                .map(|[x, y]| to_px.map(x, y).map(tenths))
        };
        let template = page.layout.template;
        let barcode = page.barcode.as_ref();
        let places = [
            ("zone", template.mrz.map(|place| place.letters())),
            ("portrait", template.portrait),
            ("ghost", template.ghost),
            ("signature", template.signature),
            ("barcode", template.barcode.zip(barcode).map(|(room, barcode)| barcode.place(room))),
        ];
        let fields = page.layout.fields.iter().map(|field| (field.datum.name(), field.value.clone()));
        Self {
            lines: page.mrz.clone(),
            format: template.mrz.map(|place| place.format.label()),
            quad: Some(quad.0.map(|p| [tenths(p.x), tenths(p.y)])),
            kind: Some(page.what.name()),
            design: Some(page.layout.design.name),
            fields: fields.collect(),
            barcode: barcode.map(|barcode| barcode.text.clone()),
            quads: places.into_iter().filter_map(|(name, place)| Some((name, corners(place?)))).collect(),
            ..Self::empty(file, size, page.seed)
        }
    }

    /// The label of a picture of `size` px that shows no document.
    pub fn empty(file: String, [width, height]: [u32; 2], seed: u64) -> Self {
        Self {
            file,
            lines: Vec::new(),
            format: None,
            width,
            height,
            quad: None,
            kind: None,
            design: None,
            seed,
            px_per_mm: None,
            fields: BTreeMap::new(),
            barcode: None,
            quads: BTreeMap::new(),
            source: SOURCE,
        }
    }
}

fn tenths(value: f32) -> f32 {
    (value * 10.0).round() / 10.0
}
