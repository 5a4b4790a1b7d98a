//! Renders a page: paper, security print, portrait, visual zone and machine-readable zone.

use super::guilloche::Guilloche;
use super::layout::{Layout, MRZ_LINE_MM, MRZ_PITCH_MM, MmRect, VALUE_DROP_MM};
use crate::assets::Assets;
use crate::random::{Lattice, stream};
use crate::raster::{Canvas, Ink, Type, cap_height_em, ink, mix, rgb, rounded_box, smoothstep};

/// Colours of the print.
const NAVY: u32 = 0x1c2f5c;
const BLACK: u32 = 0x1b1a20;
const RED: u32 = 0xb3202c;
const LABEL: u32 = 0x42548a;

/// Height of capitals in mm: labels, values and header.
const LABEL_CAP_MM: f32 = 1.15;
const VALUE_CAP_MM: f32 = 2.05;
const STATE_CAP_MM: f32 = 4.6;

/// Height of the header in mm.
const HEADER_MM: f32 = 11.6;

/// What is printed on a page besides its layout.
pub struct Print<'a> {
    /// The portrait, in the proportions of [`Layout::portrait`], at any size.
    pub portrait: &'a Canvas,
    /// Lines of the machine-readable zone.
    pub mrz: &'a [String],
    /// Seed of the security print, the signature and the paper.
    pub seed: u64,
    /// Scale in px per mm.
    pub px_per_mm: f32,
}

/// The page as an opaque picture with square corners.
pub fn render(assets: &Assets, layout: &Layout, print: &Print<'_>) -> Canvas {
    let mut page = Page { assets, layout, print, canvas: paper(layout, print), scale: print.px_per_mm };
    page.security_print();
    page.header();
    page.portrait();
    page.ghost();
    page.mrz_ground();
    page.specimen_marks();
    page.fields();
    page.mrz();
    page.canvas
}

fn paper(layout: &Layout, print: &Print<'_>) -> Canvas {
    let (width, height) = layout.size_mm;
    let scale = print.px_per_mm;
    let fibre = Lattice::new(&mut stream(print.seed, "paper"));
    let (left, middle, right) = (rgb(0xdcece8), rgb(0xf5f0df), rgb(0xf2e0e4));
    Canvas::opaque((width * scale).round() as usize, (height * scale).round() as usize, |x, y| {
        let u = x / (width * scale);
        let tint = if u < 0.5 { mix(left, middle, u * 2.0) } else { mix(middle, right, u * 2.0 - 1.0) };
        let grain = fibre.fractal(x / scale * 3.0, y / scale * 3.0, 2) * 0.008;
        tint.map(|v| (v + grain).min(1.0))
    })
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
    }

    fn regular(&self, cap_mm: f32) -> Type<'a> {
        Type::new(&self.assets.regular, cap_mm * self.scale / cap_height_em(&self.assets.regular))
    }

    fn px(&self, x_mm: f32, y_mm: f32) -> [f32; 2] {
        [x_mm * self.scale, y_mm * self.scale]
    }

    fn security_print(&mut self) {
        let (width, height) = self.layout.size_mm;
        let mut rng = stream(self.print.seed, "guilloche");
        let mut pen = Guilloche::new(&mut self.canvas, self.scale);
        pen.waves((width, height), &mut rng);
        pen.rosette([width * 0.64, height * 0.43], 27.0, 12, 0.30);
        pen.rosette([width - 12.0, 7.5], 9.0, 8, 0.26);
        pen.arms([9.6, 6.9], 3.9, ink(NAVY, 0.92));
        pen.arms([width * 0.64, height * 0.43], 9.0, ink(0x8a6d2c, 0.16));
        for (y, line_mm) in [(HEADER_MM, 0.22), (HEADER_MM + 0.95, 0.22)] {
            pen.line(&[[5.0, y], [width - 5.0, y]], line_mm, |_| ink(NAVY, 0.75));
        }
    }

    fn header(&mut self) {
        let layout = self.layout;
        let state = self.bold(STATE_CAP_MM).tracked(1.5 * self.scale);
        let at = self.px(17.0, 9.3);
        state.draw(&mut self.canvas, at, layout.state, ink(NAVY, 0.95));
        let end = 17.0 + state.length_px(layout.state) / self.scale + 5.0;
        let (title, sub) = (self.bold(2.3).tracked(0.45 * self.scale), self.regular(1.1));
        let at = self.px(end, 6.9);
        title.draw(&mut self.canvas, at, layout.title, ink(NAVY, 0.95));
        let at = self.px(end, 9.4);
        sub.draw(&mut self.canvas, at, layout.subtitle, ink(NAVY, 0.85));
        // Microprint between the two rules of the header.
        let micro = self.bold(0.42);
        let text = "UTOPIA SPECIMEN ".repeat(60);
        let at = self.px(5.2, HEADER_MM + 0.69);
        let room = (layout.size_mm.0 - 10.4) * self.scale;
        let letters = text.chars().scan(0.0, |end, c| {
            *end += micro.advance_px(c);
            (*end < room).then_some(c)
        });
        micro.draw(&mut self.canvas, at, &letters.collect::<String>(), ink(NAVY, 0.7));
    }

    /// Lays the portrait into `place`: `tone` maps its colour, `cover` its opacity at -1..1 from the middle.
    fn picture(
        &mut self,
        place: MmRect,
        tone: impl Fn([f32; 3]) -> [f32; 3],
        cover: impl Fn(f32, f32) -> f32,
    ) {
        let scale = self.scale;
        let [x, y, width, height] = [place.x, place.y, place.width, place.height].map(|v| v * scale);
        let from = self.print.portrait;
        let small = from.resampled(
            [0.0, 0.0, from.width as f32, from.height as f32],
            width.round() as usize,
            height.round() as usize,
        );
        for (index, px) in small.px.iter().enumerate() {
            let (column, row) = (index % small.width, index / small.width);
            let u = (column as f32 + 0.5) / small.width as f32 * 2.0 - 1.0;
            let v = (row as f32 + 0.5) / small.height as f32 * 2.0 - 1.0;
            let ink = Ink { rgb: tone([px[0], px[1], px[2]]), alpha: cover(u, v) };
            self.canvas.lay(x as i32 + column as i32, y as i32 + row as i32, ink, 1.0);
        }
    }

    fn portrait(&mut self) {
        let place = self.layout.portrait;
        let (half_width, half_height) = (place.width / 2.0, place.height / 2.0);
        self.picture(
            place,
            // Dye on polycarbonate: a little paler and less saturated than a photograph.
            |c| {
                let luma = 0.30 * c[0] + 0.59 * c[1] + 0.11 * c[2];
                c.map(|v| 0.05 + 0.92 * (luma + (v - luma) * 0.86))
            },
            |u, v| {
                let edge = rounded_box(u * half_width, v * half_height, half_width, half_height, 1.4);
                smoothstep(0.0, -1.1, edge)
            },
        );
        // Optically variable seal over the lower corner of the portrait, clear of the face.
        let (cx, cy, radius) = (place.x + place.width - 3.2, place.y + place.height - 4.0, 5.4);
        let scale = self.scale;
        for y in ((cy - radius) * scale) as i32..((cy + radius) * scale) as i32 {
            for x in ((cx - radius) * scale) as i32..((cx + radius) * scale) as i32 {
                let (dx, dy) = (x as f32 / scale - cx, y as f32 / scale - cy);
                let r = dx.hypot(dy) / radius;
                let hue = dx.atan2(dy) * 2.0 + r * 5.0;
                let rgb = [0.0, 2.1, 4.2].map(|shift| 0.62 + 0.38 * (hue + shift).sin());
                let lines = 0.6 + 0.4 * (r * 26.0 + (dy.atan2(dx) * 12.0).sin()).sin();
                self.canvas.lay(x, y, Ink { rgb, alpha: 0.34 * lines }, smoothstep(1.0, 0.94, r));
            }
        }
        let mut pen = Guilloche::new(&mut self.canvas, scale);
        pen.signature(
            [
                self.layout.signature.x,
                self.layout.signature.y,
                self.layout.signature.width,
                self.layout.signature.height,
            ],
            &mut stream(self.print.seed, "signature"),
            ink(0x1d2a55, 0.85),
        );
    }

    fn ghost(&mut self) {
        let tint = rgb(0x35618a);
        self.picture(
            self.layout.ghost,
            |c| {
                let luma = 0.30 * c[0] + 0.59 * c[1] + 0.11 * c[2];
                mix(tint, rgb(0xeef0ea), luma)
            },
            |u, v| 0.46 * smoothstep(1.0, 0.72, (u * u * 1.05 + v * v * 0.95).sqrt()),
        );
    }

    fn mrz_ground(&mut self) {
        let top = self.layout.mrz.top * self.scale;
        let ground = ink(0xf4f2e9, 0.80);
        let (width, height) = (self.canvas.width as f32, self.canvas.height as f32);
        self.canvas
            .fill([0.0, top - 20.0, width, height], ground, |_, y| smoothstep(top - 14.0, top + 6.0, y));
    }

    fn specimen_marks(&mut self) {
        let (width, height) = self.layout.size_mm;
        let angle = -17.0_f32.to_radians();
        let mark = self.bold(9.4).tracked(1.3 * self.scale).turned(angle);
        let length = mark.length_px("SPECIMEN");
        let middle = self.px(width * 0.665, height * 0.46);
        let down = 9.4 / 2.0 * self.scale;
        let at = [
            middle[0] - length / 2.0 * angle.cos() - down * angle.sin(),
            middle[1] - length / 2.0 * angle.sin() + down * angle.cos(),
        ];
        mark.draw(&mut self.canvas, at, "SPECIMEN", ink(RED, 0.20));
        let small = self.bold(2.3).tracked(0.5 * self.scale);
        let length_mm = small.length_px("SPECIMEN") / self.scale;
        let at = self.px(width - 6.5 - length_mm, 8.0);
        small.draw(&mut self.canvas, at, "SPECIMEN", ink(RED, 0.92));
        let (half_width, half_height) = (length_mm / 2.0 + 1.2, 2.1);
        let (cx, cy) = (width - 6.5 - length_mm / 2.0, 6.85);
        let scale = self.scale;
        let bounds =
            [cx - half_width - 1.0, cy - half_height - 1.0, cx + half_width + 1.0, cy + half_height + 1.0];
        self.canvas.fill(bounds.map(|v| v * scale), ink(RED, 0.92), |x, y| {
            let edge = rounded_box(x / scale - cx, y / scale - cy, half_width, half_height, 0.7).abs();
            (0.17 - edge) * scale + 0.5
        });
    }

    fn fields(&mut self) {
        let (label, value) = (self.regular(LABEL_CAP_MM), self.bold(VALUE_CAP_MM));
        for field in &self.layout.fields {
            let at = self.px(field.x, field.y);
            label.draw(&mut self.canvas, at, field.label, ink(LABEL, 0.95));
            let at = self.px(field.x, field.y + VALUE_DROP_MM);
            // A long value is set narrower, so that it ends before the page does.
            let room = (self.layout.size_mm.0 - 4.0 - field.x) * self.scale;
            let shrink = (room / value.length_px(&field.value)).min(1.0);
            let fitted = Type { size_px: value.size_px * shrink, ..value };
            fitted.draw(&mut self.canvas, at, &field.value, ink(BLACK, 0.94));
        }
    }

    fn mrz(&mut self) {
        let place = self.layout.mrz;
        let pitch = MRZ_PITCH_MM * self.scale;
        // OCR-B is a font of one width: at its right size its advance is the pitch.
        let em = Type::new(&self.assets.ocr_b, 1.0).advance_px('0');
        let set = Type::new(&self.assets.ocr_b, pitch / em.max(f32::EPSILON));
        for (line, text) in self.print.mrz.iter().enumerate() {
            for (column, c) in text.chars().enumerate() {
                let x = place.left * self.scale + column as f32 * pitch;
                let y = (place.baseline + line as f32 * MRZ_LINE_MM) * self.scale;
                set.draw_glyph(&mut self.canvas, [x, y], c, ink(BLACK, 0.97));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn ocr_b_at_the_pitch_has_the_height_of_size_one() {
        let Ok(assets) = Assets::open() else { panic!("set IDV_ASSETS or run `cargo xtask models`") };
        let em = Type::new(&assets.ocr_b, 1.0).advance_px('0');
        let cap_mm = MRZ_PITCH_MM / em * cap_height_em(&assets.ocr_b);
        // ISO 1073-2: capitals of size I are 2.4 mm between stroke centres, and a stroke is 0.35 mm.
        assert!((2.3..3.0).contains(&cap_mm), "capitals of {cap_mm} mm");
    }
}
