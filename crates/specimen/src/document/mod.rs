//! Specimen documents. In: a kind, a seed and a photograph with its face. Out: a [`Page`]: the picture of one
//! side of a document and everything that is printed on it. Rule: nothing on it belongs to a real state or
//! person, SPECIMEN stands on it, and what can be read in clear agrees with the zone and the barcode.

mod aamva;
mod date;
pub mod design;
mod emblem;
pub mod field;
mod guilloche;
pub mod holder;
mod kind;
pub mod labels;
pub mod layout;
pub mod mrz;
mod names;
mod page;
mod pattern;
mod pdf417;
mod portrait;
pub mod template;

pub use aamva::{STATES as LICENCE_STATES, state as licence_state};
pub use kind::Kind;
pub use pdf417::Barcode;

use crate::assets::Assets;
use crate::error::Error;
use crate::raster::Canvas;
use design::Design;
use holder::{Holder, Sex};
use idv_protocol::{DocumentKind, PxRect};
use image::RgbImage;
use layout::Layout;
use template::Template;

/// Scale of a page in px per mm: 1500 x 1056 px for a passport, above anything a 720-line camera resolves.
pub const PX_PER_MM: f32 = 12.0;

/// Scales that a page can be drawn at, in px per mm: from a letter of the zone in 5 px to one in 100 px.
pub const PX_PER_MM_RANGE: std::ops::RangeInclusive<f32> = 2.0..=40.0;

/// One side of a document.
pub struct Page {
    /// What it is.
    pub what: Kind,
    /// Its picture at [`Page::px_per_mm`], opaque, with square corners.
    pub picture: Canvas,
    /// Scale of the picture in px per mm.
    pub px_per_mm: f32,
    /// Its layout, with the texts of the visual zone.
    pub layout: Layout,
    /// Whom it is made out to.
    pub holder: Holder,
    /// The lines of its machine-readable zone; none on a side without one.
    pub mrz: Vec<String>,
    /// Its barcode, on a side that has one.
    pub barcode: Option<Barcode>,
    /// Its shape.
    pub kind: DocumentKind,
    /// Seed of everything drawn at random.
    pub seed: u64,
}

/// A photograph and the box of the face in it, from hairline or brows to chin, in px.
#[derive(Clone, Copy)]
pub struct Photo<'a> {
    /// The photograph.
    pub image: &'a RgbImage,
    /// The face.
    pub face: PxRect,
}

/// The data page of a passport of Utopia with `seed`. `photo` shows the holder, whose face (from the
/// hairline or the brows to the chin) stands in `face` (px of the photo); the portrait is cut around it.
pub fn passport(assets: &Assets, seed: u64, photo: &RgbImage, face: PxRect) -> Page {
    let order = Order { what: Kind::Td3, seed, px_per_mm: PX_PER_MM };
    let holder = Holder::draw(seed, Sex::Female);
    let print = Printed { design: &design::SEA, holder, barcode: None, zone: None };
    draw(assets, &order, print, Photo { image: photo, face })
}

/// The side that `order` asks for, made out to the holder that [`Holder::varied`] draws, whom `photo` shows.
/// Fails with [`ErrorKind::BadRequest`](crate::ErrorKind::BadRequest) when the barcode has no room for what it is to say.
pub fn page(assets: &Assets, order: &Order, photo: Photo<'_>) -> Result<Page, Error> {
    made(assets, order, None, photo)
}

/// The same with `zone` in place of the holder's own lines, for zones that no kind of specimen has by itself. Lines
/// that are longer or more than its format's run off the page.
pub fn page_with_zone(
    assets: &Assets,
    order: &Order,
    zone: Vec<String>,
    photo: Photo<'_>,
) -> Result<Page, Error> {
    made(assets, order, Some(zone), photo)
}

fn made(assets: &Assets, order: &Order, zone: Option<Vec<String>>, photo: Photo<'_>) -> Result<Page, Error> {
    let (low, high) = (*PX_PER_MM_RANGE.start(), *PX_PER_MM_RANGE.end());
    let order = Order { px_per_mm: order.px_per_mm.clamp(low, high), ..*order };
    let design = design::drawn(order.seed, order.what.designs());
    let holder = Holder::varied(order.seed, order.what);
    let has_barcode = order.what.template(design).barcode.is_some();
    let barcode = if has_barcode { Some(Barcode::of(aamva::payload(&holder, order.seed))?) } else { None };
    Ok(draw(assets, &order, Printed { design, holder, barcode, zone }, photo))
}

/// What is to be made.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Order {
    /// What it is.
    pub what: Kind,
    /// Seed of everything drawn at random.
    pub seed: u64,
    /// Scale of the picture in px per mm; kept within [`PX_PER_MM_RANGE`].
    pub px_per_mm: f32,
}

/// What a page shows besides its places.
struct Printed {
    design: &'static Design,
    holder: Holder,
    barcode: Option<Barcode>,
    /// Lines of the zone, where they are not the holder's own.
    zone: Option<Vec<String>>,
}

fn draw(assets: &Assets, order: &Order, printed: Printed, photo: Photo<'_>) -> Page {
    let Printed { design, holder, barcode, zone } = printed;
    let Order { what, seed, px_per_mm } = *order;
    let template: &'static Template = what.template(design);
    let layout = Layout::new(template, design, &holder);
    let own = || template.mrz.map_or_else(Vec::new, |place| place.format.lines(&holder));
    let mrz = zone.unwrap_or_else(own);
    let place = template.portrait.or(template.ghost);
    let aspect = place.map_or(1.0, |place| place.width / place.height);
    let portrait = portrait::crop(photo.image, photo.face, aspect);
    let print = page::Print { portrait: &portrait, mrz: &mrz, barcode: barcode.as_ref(), seed, px_per_mm };
    let picture = page::render(assets, &layout, &print);
    Page { what, picture, px_per_mm, layout, holder, mrz, barcode, kind: template.shape, seed }
}
