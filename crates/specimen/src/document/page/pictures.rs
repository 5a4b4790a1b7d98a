//! Portrait, second portrait and the optically variable seal.

use super::Page;
use crate::document::design::{Edge, Tone};
use crate::document::guilloche::Guilloche;
use crate::document::layout::MmRect;
use crate::raster::{Ink, ink, mix, rgb, rounded_box, smoothstep};

/// Width of the frame of a framed portrait in mm.
const FRAME_MM: f32 = 0.28;

fn luma(c: [f32; 3]) -> f32 {
    0.30 * c[0] + 0.59 * c[1] + 0.11 * c[2]
}

impl Page<'_> {
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
            (width.round() as usize).max(1),
            (height.round() as usize).max(1),
        );
        for (index, px) in small.px.iter().enumerate() {
            let (column, row) = (index % small.width, index / small.width);
            let u = (column as f32 + 0.5) / small.width as f32 * 2.0 - 1.0;
            let v = (row as f32 + 0.5) / small.height as f32 * 2.0 - 1.0;
            let ink = Ink { rgb: tone([px[0], px[1], px[2]]), alpha: cover(u, v) };
            self.canvas.lay(x as i32 + column as i32, y as i32 + row as i32, ink, 1.0);
        }
    }

    /// The portrait.
    pub(super) fn portrait(&mut self) {
        let Some(place) = self.layout.template.portrait else { return };
        let (half_width, half_height) = (place.width / 2.0, place.height / 2.0);
        let (tone, edge) = (self.layout.design.tone, self.layout.design.edge);
        self.picture(
            place,
            |c| {
                let grey = luma(c);
                match tone {
                    // Dye on polycarbonate: a little paler and less saturated than a photograph.
                    Tone::Colour => c.map(|v| 0.05 + 0.92 * (grey + (v - grey) * 0.86)),
                    // A laser blackens the card: no white lighter than the card, no full black.
                    Tone::Engraved => [0.10, 0.10, 0.11].map(|dark| dark + (0.90 - dark) * grey),
                }
            },
            |u, v| {
                let at = rounded_box(u * half_width, v * half_height, half_width, half_height, 1.4);
                match edge {
                    Edge::Soft => smoothstep(0.0, -1.1, at),
                    Edge::Framed => 1.0,
                    Edge::Faded => {
                        smoothstep(1.02, 0.80, u.abs().max((v + 0.04).abs()))
                            * smoothstep(1.34, 0.98, u.hypot(v))
                    }
                }
            },
        );
        if edge == Edge::Framed {
            let MmRect { x, y, width, height } = place;
            let corners = [[x, y], [x + width, y], [x + width, y + height], [x, y + height], [x, y]];
            let frame = ink(self.layout.design.head_ink, 0.9);
            Guilloche::new(&mut self.canvas, self.scale).line(&corners, FRAME_MM, |_| frame);
        }
    }

    /// The optically variable seal over a corner of the portrait, clear of the face.
    pub(super) fn seal(&mut self) {
        let Some([cx, cy, radius]) = self.layout.template.seal else { return };
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
    }

    /// The small second portrait.
    pub(super) fn ghost(&mut self) {
        let Some(place) = self.layout.template.ghost else { return };
        let tint = mix(rgb(self.layout.design.head_ink), rgb(0x5a86b0), 0.45);
        self.picture(
            place,
            |c| mix(tint, rgb(0xeef0ea), luma(c)),
            |u, v| 0.50 * smoothstep(1.0, 0.72, (u * u * 1.05 + v * v * 0.95).sqrt()),
        );
    }
}
