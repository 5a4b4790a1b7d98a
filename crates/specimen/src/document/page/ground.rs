//! What lies under the text: paper, security print, the ground of the zone, the contacts of a chip.

use super::{CREST_ALPHA, Page, Print};
use crate::document::guilloche::Guilloche;
use crate::document::layout::Layout;
use crate::document::pattern;
use crate::random::{Lattice, stream};
use crate::raster::{Canvas, Ink, ink, mix, rounded_box, smoothstep};

/// Width and height of the contacts of a chip in mm (ISO/IEC 7816-2, with the metal about them).
const CHIP_MM: [f32; 2] = [12.4, 11.4];

/// The empty sheet: three colours that run into one another, and the grain of paper.
pub fn paper(layout: &Layout, print: &Print<'_>) -> Canvas {
    let (width, height) = layout.size_mm;
    let scale = print.px_per_mm;
    let fibre = Lattice::new(&mut stream(print.seed, "paper"));
    let [left, middle, right] = layout.design.paper;
    Canvas::opaque((width * scale).round() as usize, (height * scale).round() as usize, |x, y| {
        let u = x / (width * scale);
        let tint = if u < 0.5 { mix(left, middle, u * 2.0) } else { mix(middle, right, u * 2.0 - 1.0) };
        let grain = fibre.fractal(x / scale * 3.0, y / scale * 3.0, 2) * 0.008;
        tint.map(|v| (v + grain).min(1.0))
    })
}

impl Page<'_> {
    /// Pattern, rosettes and the faint emblem.
    pub(super) fn security_print(&mut self) {
        let (design, template) = (self.layout.design, self.layout.template);
        let mut rng = stream(self.print.seed, "guilloche");
        let mut pen = Guilloche::new(&mut self.canvas, self.scale);
        pattern::fill(&mut pen, design, self.layout.size_mm, &mut rng);
        let [first, second, third, fourth] = design.lines;
        for (index, [x, y, radius, alpha]) in template.rosettes.iter().enumerate() {
            let petals = if index == 0 { design.petals } else { design.petals * 2 / 3 };
            let tints = if index == 0 { [first, third, fourth] } else { [second, third, fourth] };
            pen.rosette([*x, *y], *radius, petals.max(5), tints, *alpha * design.depth);
        }
        if let Some([x, y, radius]) = template.crest {
            pen.emblem(design.emblem, [x, y], radius, Ink { rgb: third, alpha: CREST_ALPHA });
        }
    }

    /// A calm ground under the zone, so that it can be read.
    pub(super) fn mrz_ground(&mut self) {
        let Some(place) = self.layout.template.mrz else { return };
        let scale = self.scale;
        let top = place.top * scale;
        let (width, height) = (self.canvas.width as f32, self.canvas.height as f32);
        self.canvas.fill([0.0, top - 2.0 * scale, width, height], ink(0xf4f2e9, 0.80), |_, y| {
            smoothstep(top - 1.2 * scale, top + 0.5 * scale, y)
        });
    }

    /// The contacts of a chip: eight fields of gold round a ninth.
    pub(super) fn chip(&mut self) {
        let Some([left, top]) = self.layout.template.chip else { return };
        let [width, height] = CHIP_MM;
        let scale = self.scale;
        let bounds = [left - 0.5, top - 0.5, left + width + 0.5, top + height + 0.5].map(|v| v * scale);
        let place = |x: f32, y: f32| (x / scale - left - width / 2.0, y / scale - top - height / 2.0);
        self.canvas.fill(bounds, ink(0x6b5420, 0.9), |x, y| {
            let (u, v) = place(x, y);
            0.5 - (rounded_box(u, v, width / 2.0, height / 2.0, 1.6) - 0.08) * scale
        });
        self.canvas.fill(bounds, ink(0xd9b65c, 1.0), |x, y| {
            let (u, v) = place(x, y);
            let plate = rounded_box(u, v, width / 2.0, height / 2.0, 1.5);
            // Gaps between the fields: two uprights, three level ones that stop at the middle field.
            let upright = (u.abs() - 2.3).abs() - 0.09;
            let level = (v.rem_euclid(2.85) - 1.42).abs() - 0.09;
            let gap = if u.abs() < 2.3 { -level.max(4.2 - v.abs()) } else { -level };
            let inside = (-plate).min(upright).min(-gap);
            inside * scale + 0.5
        });
        self.canvas.fill(bounds, ink(0xfff2c8, 0.35), |x, y| {
            let (u, v) = place(x, y);
            let plate = rounded_box(u, v, width / 2.0, height / 2.0, 1.5);
            if plate < 0.0 { smoothstep(2.4, 0.0, (u + v + 2.0).abs()) } else { 0.0 }
        });
    }
}
