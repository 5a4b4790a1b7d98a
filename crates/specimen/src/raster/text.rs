//! Text from font outlines, at any angle.

use super::{Canvas, Ink};
use ab_glyph::{Font, FontVec, OutlineCurve, point};
use ab_glyph_rasterizer::{Point, Rasterizer};

/// How text is set.
#[derive(Clone, Copy)]
pub struct Type<'a> {
    /// The font.
    pub font: &'a FontVec,
    /// Size of the em square in px.
    pub size_px: f32,
    /// Space added after each letter, in px.
    pub tracking_px: f32,
    /// Direction of the line in radians, clockwise.
    pub angle_rad: f32,
    /// Width of the letters over the font's own.
    pub stretch: f32,
}

impl<'a> Type<'a> {
    /// Level text of `size_px` without added space.
    pub fn new(font: &'a FontVec, size_px: f32) -> Self {
        Self { font, size_px, tracking_px: 0.0, angle_rad: 0.0, stretch: 1.0 }
    }

    /// The same with `tracking_px` after each letter.
    pub fn tracked(self, tracking_px: f32) -> Self {
        Self { tracking_px, ..self }
    }

    /// The same along a line turned clockwise by `angle_rad`.
    pub fn turned(self, angle_rad: f32) -> Self {
        Self { angle_rad, ..self }
    }

    /// The same with letters `stretch` times as wide.
    pub fn stretched(self, stretch: f32) -> Self {
        Self { stretch, ..self }
    }

    /// Length of `text` in px, without the space after its last letter.
    pub fn length_px(&self, text: &str) -> f32 {
        let sum: f32 = text.chars().map(|c| self.advance_px(c)).sum();
        (sum - self.tracking_px).max(0.0)
    }

    /// Draws `text` with its first letter's origin at `x`, `y` (px) on the baseline.
    pub fn draw(&self, canvas: &mut Canvas, [x, y]: [f32; 2], text: &str, ink: Ink) {
        let (sin, cos) = self.angle_rad.sin_cos();
        let mut along = 0.0;
        for c in text.chars() {
            self.draw_glyph(canvas, [x + along * cos, y + along * sin], c, ink);
            along += self.advance_px(c);
        }
    }

    /// Draws one letter with its origin at `x`, `y` (px) on the baseline.
    pub fn draw_glyph(&self, canvas: &mut Canvas, [x, y]: [f32; 2], c: char, ink: Ink) {
        let Some(outline) = self.font.outline(self.font.glyph_id(c)) else { return };
        let (sin, cos) = self.angle_rad.sin_cos();
        let scale = self.scale();
        let place = |p: ab_glyph::Point| {
            let (u, v) = (p.x * scale * self.stretch, -p.y * scale);
            [x + u * cos - v * sin, y + u * sin + v * cos]
        };
        let bounds = outline.bounds;
        let corners = [
            place(bounds.min),
            place(point(bounds.max.x, bounds.min.y)),
            place(bounds.max),
            place(point(bounds.min.x, bounds.max.y)),
        ];
        let low = |k: usize| corners.iter().map(|p| p[k]).fold(f32::MAX, f32::min).floor() - 1.0;
        let high = |k: usize| corners.iter().map(|p| p[k]).fold(f32::MIN, f32::max).ceil() + 1.0;
        let (left, top) = (low(0), low(1));
        let (width, height) = ((high(0) - left) as usize, (high(1) - top) as usize);
        if width == 0 || height == 0 || width > 4 * canvas.width || height > 4 * canvas.height {
            return;
        }
        let mut raster = Rasterizer::new(width, height);
        let local = |p: ab_glyph::Point| {
            let [u, v] = place(p);
            Point { x: u - left, y: v - top }
        };
        for curve in &outline.curves {
            match *curve {
                OutlineCurve::Line(a, b) => raster.draw_line(local(a), local(b)),
                OutlineCurve::Quad(a, b, c) => raster.draw_quad(local(a), local(b), local(c)),
                OutlineCurve::Cubic(a, b, c, d) => {
                    raster.draw_cubic(local(a), local(b), local(c), local(d));
                }
            }
        }
        raster.for_each_pixel_2d(|u, v, share| {
            if share > 0.0 {
                canvas.lay(left as i32 + u as i32, top as i32 + v as i32, ink, share.min(1.0));
            }
        });
    }

    /// Advance of `c` in px, with tracking.
    pub fn advance_px(&self, c: char) -> f32 {
        self.font.h_advance_unscaled(self.font.glyph_id(c)) * self.scale() * self.stretch + self.tracking_px
    }

    fn scale(&self) -> f32 {
        self.size_px / self.font.units_per_em().unwrap_or(1000.0)
    }
}

/// Height of the capital H of `font`, in parts of the em square.
pub fn cap_height_em(font: &FontVec) -> f32 {
    let height = font.outline(font.glyph_id('H')).map_or(0.0, |outline| outline.bounds.height().abs());
    height / font.units_per_em().unwrap_or(1000.0)
}
