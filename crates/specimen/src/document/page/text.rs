//! Everything that is written: head, values, small print, SPECIMEN, barcode and machine-readable zone.

use super::{BLACK, PALE, Page, RED};
use crate::document::design::Head;
use crate::document::guilloche::Guilloche;
use crate::document::layout::MRZ_PITCH_MM;
use crate::document::template::{HeadPlace, Mark};
use crate::raster::{Type, ink, rounded_box};

/// Height of the capitals of microprint in mm.
const MICRO_CAP_MM: f32 = 0.42;

/// How far letters may be narrowed before they are made smaller.
const NARROWEST: f32 = 0.78;

/// Space between the issuer's name and the title in mm.
const TITLE_GAP_MM: f32 = 4.0;

impl<'a> Page<'a> {
    /// `set` made narrower, then smaller, until `text` fits into `room_mm`.
    fn fitted(&self, set: Type<'a>, text: &str, room_mm: f32) -> Type<'a> {
        let shrink = (room_mm * self.scale / set.length_px(text).max(1.0)).min(1.0);
        let narrow = shrink.max(NARROWEST);
        Type {
            stretch: set.stretch * narrow,
            size_px: set.size_px * (shrink / narrow),
            tracking_px: set.tracking_px * shrink,
            ..set
        }
    }

    /// Strip, emblem, issuer and title.
    pub(super) fn head(&mut self) {
        let (design, template) = (self.layout.design, self.layout.template);
        if let Some(strip) = template.strip {
            let bounds = [strip.x, strip.y, strip.x + strip.width, strip.y + strip.height];
            self.canvas.fill(bounds.map(|v| v * self.scale), ink(design.head_ink, 0.82), |_, _| 1.0);
        }
        let Some(place) = template.head else {
            if let Some(strip) = template.strip {
                let set = self.bold(1.9).tracked(0.35 * self.scale);
                let at = self.px(5.0, strip.y + strip.height / 2.0 + 0.95);
                set.draw(&mut self.canvas, at, template.title[0], ink(PALE, 0.96));
            }
            return;
        };
        let banded = design.head == Head::Band;
        if banded {
            let bounds = [0.0, 0.0, self.layout.size_mm.0, place.height].map(|v| v * self.scale);
            self.canvas.fill(bounds, ink(design.head_ink, 0.16), |_, _| 1.0);
        }
        let [x, y, radius] = place.emblem;
        let color = if self.on_strip([x, y]) { ink(PALE, 0.92) } else { ink(design.head_ink, 0.92) };
        Guilloche::new(&mut self.canvas, self.scale).emblem(design.emblem, [x, y], radius, color);
        self.title(&place);
        match design.head {
            Head::Rules => self.rules(place.height),
            Head::Band => self.microprint(place.height + 0.75),
            Head::Plain => self.microprint(place.height + 0.9),
        }
    }

    fn on_strip(&self, [x, y]: [f32; 2]) -> bool {
        let strip = self.layout.template.strip;
        strip.is_some_and(|s| (s.x..s.x + s.width).contains(&x) && (s.y..s.y + s.height).contains(&y))
    }

    fn title(&mut self, place: &HeadPlace) {
        let (design, template) = (self.layout.design, self.layout.template);
        let state = self.bold(place.state_cap).tracked(0.32 * place.state_cap * self.scale);
        let state = self.fitted(state, design.state, place.state_room);
        let at = self.px(place.state[0], place.state[1]);
        state.draw(&mut self.canvas, at, design.state, ink(design.head_ink, 0.95));
        let [mut x, y] = place.title;
        if x == 0.0 {
            x = place.state[0] + state.length_px(design.state) / self.scale + TITLE_GAP_MM;
        }
        let title = self.bold(place.title_cap).tracked(0.19 * place.title_cap * self.scale);
        let at = self.px(x, y);
        title.draw(&mut self.canvas, at, template.title[0], ink(design.head_ink, 0.95));
        let small = self.regular(place.title_cap * 0.48);
        // Below the title, or beside it where the issuer's name stands above.
        let at = if place.title[0] == 0.0 {
            self.px(x, y + place.title_cap * 1.05)
        } else {
            self.px(x + title.length_px(template.title[0]) / self.scale + 2.0, y)
        };
        small.draw(&mut self.canvas, at, template.title[1], ink(design.head_ink, 0.85));
    }

    /// Two rules with microprint between them.
    fn rules(&mut self, y: f32) {
        let (width, color) = (self.layout.size_mm.0, ink(self.layout.design.head_ink, 0.75));
        let left = self.layout.template.strip.map_or(0.0, |strip| strip.width) + self.margin();
        let mut pen = Guilloche::new(&mut self.canvas, self.scale);
        for y in [y, y + 0.95] {
            pen.line(&[[left, y], [width - 4.0, y]], 0.22, |_| color);
        }
        self.microprint(y + 0.69);
    }

    fn margin(&self) -> f32 {
        if self.layout.template.strip.is_some() { 1.5 } else { 4.2 }
    }

    fn microprint(&mut self, y: f32) {
        let set = self.bold(MICRO_CAP_MM);
        let left = self.layout.template.strip.map_or(0.0, |strip| strip.width) + self.margin() + 0.2;
        let text = format!("{} SPECIMEN UTOPIA ", self.layout.design.state).repeat(30);
        let room = (self.layout.size_mm.0 - 4.2 - left) * self.scale;
        let letters = text.chars().scan(0.0, |end, c| {
            *end += set.advance_px(c);
            (*end < room).then_some(c)
        });
        let (at, color) = (self.px(left, y), ink(self.layout.design.head_ink, 0.7));
        set.draw(&mut self.canvas, at, &letters.collect::<String>(), color);
    }

    /// SPECIMEN, across the page and small.
    pub(super) fn marks(&mut self) {
        for mark in self.layout.template.marks {
            self.mark(mark);
        }
    }

    fn mark(&mut self, mark: &Mark) {
        let angle = mark.angle_deg.to_radians();
        let tracking = if mark.boxed { 0.22 } else { 0.14 };
        let set = self.bold(mark.cap).tracked(tracking * mark.cap * self.scale).turned(angle);
        let (length, down) = (set.length_px("SPECIMEN"), mark.cap / 2.0 * self.scale);
        let [cx, cy] = self.px(mark.center[0], mark.center[1]);
        let at = [
            cx - length / 2.0 * angle.cos() - down * angle.sin(),
            cy - length / 2.0 * angle.sin() + down * angle.cos(),
        ];
        // On the filled strip red would drown.
        let color = if self.on_strip(mark.center) { ink(PALE, mark.alpha) } else { ink(RED, mark.alpha) };
        set.draw(&mut self.canvas, at, "SPECIMEN", color);
        if mark.boxed {
            let scale = self.scale;
            let (half_width, half_height) = (length / scale / 2.0 + 0.52 * mark.cap, 0.91 * mark.cap);
            let [cx, cy] = mark.center;
            let reach = [half_width + 1.0, half_height + 1.0];
            let bounds = [cx - reach[0], cy - reach[1], cx + reach[0], cy + reach[1]];
            self.canvas.fill(bounds.map(|v| v * scale), color, |x, y| {
                let edge =
                    rounded_box(x / scale - cx, y / scale - cy, half_width, half_height, 0.3 * mark.cap)
                        .abs();
                (0.075 * mark.cap - edge) * scale + 0.5
            });
        }
    }

    /// The visual zone.
    pub(super) fn fields(&mut self) {
        let (layout, template) = (self.layout, self.layout.template);
        for field in &layout.fields {
            let label = self.fitted(self.regular(template.label_cap), &field.label, field.room);
            let at = self.px(field.x, field.y);
            label.draw(&mut self.canvas, at, &field.label, ink(layout.design.label_ink, 0.95));
            let value = self.fitted(self.bold(template.value_cap), &field.value, field.room);
            let at = self.px(field.x, field.y + template.drop);
            value.draw(&mut self.canvas, at, &field.value, ink(BLACK, 0.94));
        }
    }

    /// Small print.
    pub(super) fn notes(&mut self) {
        for note in self.layout.template.notes {
            let set = self.regular(note.cap);
            let at = self.px(note.x, note.y);
            set.draw(&mut self.canvas, at, note.text, ink(self.layout.design.label_ink, 0.95));
        }
    }

    /// The barcode on white, in the whole room of the template.
    pub(super) fn barcode(&mut self) {
        let (Some(room), Some(bars)) = (self.layout.template.barcode, self.print.barcode) else { return };
        let place = bars.place(room);
        let scale = self.scale;
        let ground = [room.x, room.y, room.x + room.width, room.y + room.height].map(|v| v * scale);
        self.canvas.fill(ground, ink(0xfbfaf6, 0.97), |_, _| 1.0);
        let (module, row) = (place.width / bars.columns as f32, place.height / bars.rows as f32);
        for (index, _) in bars.dark.iter().enumerate().filter(|(_, dark)| **dark) {
            let (column, line) = (index % bars.columns, index / bars.columns);
            let (x, y) = (place.x + column as f32 * module, place.y + line as f32 * row);
            let [x0, y0, x1, y1] = [x, y, x + module, y + row].map(|v| v * scale);
            self.canvas.fill([x0, y0, x1, y1], ink(0x121214, 1.0), |px, py| {
                // The share of the pixel that the module covers.
                let across = (px + 0.5).min(x1) - (px - 0.5).max(x0);
                let down = (py + 0.5).min(y1) - (py - 0.5).max(y0);
                across.clamp(0.0, 1.0) * down.clamp(0.0, 1.0)
            });
        }
    }

    /// The machine-readable zone.
    pub(super) fn mrz(&mut self) {
        let Some(place) = self.layout.template.mrz else { return };
        let pitch = MRZ_PITCH_MM * self.scale;
        // OCR-B is a font of one width: at its right size its advance is the pitch.
        let em = Type::new(&self.assets.ocr_b, 1.0).advance_px('0');
        let set = Type::new(&self.assets.ocr_b, pitch / em.max(f32::EPSILON));
        for (line, text) in self.print.mrz.iter().enumerate() {
            for (column, c) in text.chars().enumerate() {
                let x = place.left * self.scale + column as f32 * pitch;
                let y = (place.baseline + line as f32 * place.line) * self.scale;
                set.draw_glyph(&mut self.canvas, [x, y], c, ink(BLACK, 0.97));
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::assets::Assets;
    use crate::document::layout::MRZ_CAP_MM;
    use crate::raster::cap_height_em;

    #[test]
    fn ocr_b_at_the_pitch_has_the_height_of_size_one() {
        let Ok(assets) = Assets::open() else { panic!("set IDV_ASSETS or run `cargo xtask models`") };
        let em = Type::new(&assets.ocr_b, 1.0).advance_px('0');
        let cap_mm = MRZ_PITCH_MM / em * cap_height_em(&assets.ocr_b);
        assert!((cap_mm - MRZ_CAP_MM).abs() < 0.25, "capitals of {cap_mm} mm");
    }
}
