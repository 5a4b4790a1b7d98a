//! Renders a page: paper, security print, head, pictures, visual zone, barcode and machine-readable zone.

mod ground;
mod pictures;
mod text;

use super::Barcode;
use super::guilloche::Guilloche;
use super::layout::Layout;
use crate::assets::Assets;
use crate::random::stream;
use crate::raster::{Canvas, Type, cap_height_em, ink};

/// Colours of the print.
const BLACK: u32 = 0x1b1a20;
const RED: u32 = 0xb3202c;
const PALE: u32 = 0xf6f4ec;
const SIGNATURE: u32 = 0x1d2a55;

/// Opacity of a faint emblem.
const CREST_ALPHA: f32 = 0.16;

/// What is printed on a page besides its layout.
pub struct Print<'a> {
    /// The portrait, in the proportions of the template's, at any size.
    pub portrait: &'a Canvas,
    /// Lines of the machine-readable zone.
    pub mrz: &'a [String],
    /// The barcode.
    pub barcode: Option<&'a Barcode>,
    /// Seed of the security print, the signature and the paper.
    pub seed: u64,
    /// Scale in px per mm.
    pub px_per_mm: f32,
}

/// The page as an opaque picture with square corners.
pub fn render(assets: &Assets, layout: &Layout, print: &Print<'_>) -> Canvas {
    let canvas = ground::paper(layout, print);
    let mut page = Page { assets, layout, print, canvas, scale: print.px_per_mm };
    page.security_print();
    page.head();
    page.portrait();
    page.seal();
    page.signature();
    page.ghost();
    page.chip();
    page.mrz_ground();
    page.marks();
    page.fields();
    page.notes();
    page.barcode();
    page.mrz();
    page.canvas
}

struct Page<'a> {
    assets: &'a Assets,
    layout: &'a Layout,
    print: &'a Print<'a>,
    canvas: Canvas,
    scale: f32,
}

impl<'a> Page<'a> {
    fn bold(&self, cap_mm: f32) -> Type<'a> {
        Type::new(&self.assets.bold, cap_mm * self.scale / cap_height_em(&self.assets.bold))
            .stretched(self.layout.design.stretch)
    }

    fn regular(&self, cap_mm: f32) -> Type<'a> {
        Type::new(&self.assets.regular, cap_mm * self.scale / cap_height_em(&self.assets.regular))
            .stretched(self.layout.design.stretch)
    }

    fn px(&self, x_mm: f32, y_mm: f32) -> [f32; 2] {
        [x_mm * self.scale, y_mm * self.scale]
    }

    fn signature(&mut self) {
        let Some(place) = self.layout.template.signature else { return };
        let mut pen = Guilloche::new(&mut self.canvas, self.scale);
        pen.signature(
            [place.x, place.y, place.width, place.height],
            &mut stream(self.print.seed, "signature"),
            ink(SIGNATURE, 0.85),
        );
    }
}
