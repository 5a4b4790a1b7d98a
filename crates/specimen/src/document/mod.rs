//! Specimen documents. In: a seed and a photograph with its face. Out: a [`Page`]: the picture of a data page
//! of Utopia and everything that is printed on it. Rule: nothing on it belongs to a real state or person, and
//! SPECIMEN stands on it.

mod guilloche;
pub mod holder;
pub mod layout;
pub mod mrz;
mod page;
mod portrait;

use crate::assets::Assets;
use crate::raster::Canvas;
use holder::{Holder, Sex};
use idv_protocol::{DocumentKind, PxRect};
use image::RgbImage;
use layout::Layout;

/// Scale of a page in px per mm: 1500 x 1056 px for a passport, above anything a 720-line camera resolves.
pub const PX_PER_MM: f32 = 12.0;

/// A data page.
pub struct Page {
    /// Its picture at [`PX_PER_MM`], opaque, with square corners.
    pub picture: Canvas,
    /// Its layout, with the texts of the visual zone.
    pub layout: Layout,
    /// Whom it is made out to.
    pub holder: Holder,
    /// The lines of its machine-readable zone.
    pub mrz: Vec<String>,
    /// Its shape.
    pub kind: DocumentKind,
}

/// The data page of a passport of Utopia with `seed`. `photo` shows the holder, whose face (from the
/// hairline or the brows to the chin) stands in `face` (px of the photo); the portrait is cut around it.
pub fn passport(assets: &Assets, seed: u64, photo: &RgbImage, face: PxRect) -> Page {
    let holder = Holder::draw(seed, Sex::Female);
    let layout = layout::td3(&holder);
    let mrz = mrz::td3(&holder).to_vec();
    let portrait = portrait::crop(photo, face, layout.portrait.width / layout.portrait.height);
    let print = page::Print { portrait: &portrait, mrz: &mrz, seed, px_per_mm: PX_PER_MM };
    let picture = page::render(assets, &layout, &print);
    Page { picture, layout, holder, mrz, kind: DocumentKind::Id3 }
}
