//! Drawing. In: shapes, strokes, text and pictures. Out: a [`Canvas`], antialiased. Rule: colours are
//! gamma-encoded RGB from 0 to 1, premultiplied by alpha, so that filtering never bleeds a hidden colour.

mod blur;
mod shape;
mod stroke;
mod text;

pub use blur::{blur, blur_plane};
pub use shape::{mix, rounded_box, segment, smoothstep};
pub use stroke::Stroke;
pub use text::{Type, cap_height_em};

use image::RgbImage;

/// Red, green and blue, gamma-encoded, 0 to 1.
pub type Rgb = [f32; 3];

/// A colour and how much of it covers what lies beneath, 0 to 1.
#[derive(Clone, Copy, Debug)]
pub struct Ink {
    /// The colour.
    pub rgb: Rgb,
    /// Opacity, 0 to 1.
    pub alpha: f32,
}

/// An ink from a 24-bit colour such as `0x1d3557`.
pub const fn ink(hex: u32, alpha: f32) -> Ink {
    Ink { rgb: rgb(hex), alpha }
}

/// A colour from 24 bits such as `0x1d3557`.
pub const fn rgb(hex: u32) -> Rgb {
    [(hex >> 16 & 255) as f32 / 255.0, (hex >> 8 & 255) as f32 / 255.0, (hex & 255) as f32 / 255.0]
}

/// A picture that is drawn on: premultiplied RGBA, rows from top to bottom.
pub struct Canvas {
    /// Width in px.
    pub width: usize,
    /// Height in px.
    pub height: usize,
    /// The pixels, row by row.
    pub px: Vec<[f32; 4]>,
}

impl Canvas {
    /// A canvas of `width` x `height` px, fully transparent.
    pub fn clear(width: usize, height: usize) -> Self {
        Self { width, height, px: vec![[0.0; 4]; width * height] }
    }

    /// A canvas of `width` x `height` px where `color` gives the opaque colour of each pixel.
    pub fn opaque(width: usize, height: usize, mut color: impl FnMut(f32, f32) -> Rgb) -> Self {
        let mut px = Vec::with_capacity(width * height);
        for y in 0..height {
            for x in 0..width {
                let [r, g, b] = color(x as f32 + 0.5, y as f32 + 0.5);
                px.push([r, g, b, 1.0]);
            }
        }
        Self { width, height, px }
    }

    /// A picture as an opaque canvas.
    pub fn from_image(image: &RgbImage) -> Self {
        let px = image
            .pixels()
            .map(|p| [f32::from(p[0]) / 255.0, f32::from(p[1]) / 255.0, f32::from(p[2]) / 255.0, 1.0])
            .collect();
        Self { width: image.width() as usize, height: image.height() as usize, px }
    }

    /// The colours as 8-bit RGB; transparent parts are black.
    pub fn to_image(&self) -> RgbImage {
        let mut image = RgbImage::new(self.width as u32, self.height as u32);
        for (to, from) in image.pixels_mut().zip(&self.px) {
            to.0 = [0, 1, 2].map(|c| (from[c].clamp(0.0, 1.0) * 255.0 + 0.5) as u8);
        }
        image
    }

    /// Lays `ink` over the pixel at `x`, `y`, scaled by `coverage` (0 to 1). Pixels outside are ignored.
    #[inline]
    pub fn lay(&mut self, x: i32, y: i32, ink: Ink, coverage: f32) {
        if x < 0 || y < 0 || x as usize >= self.width || y as usize >= self.height {
            return;
        }
        let alpha = ink.alpha * coverage;
        let px = &mut self.px[y as usize * self.width + x as usize];
        for (to, from) in px.iter_mut().zip([ink.rgb[0], ink.rgb[1], ink.rgb[2], 1.0]) {
            *to = *to * (1.0 - alpha) + from * alpha;
        }
    }

    /// Lays `ink` over every pixel whose centre (px) is covered by `coverage` (0 to 1) within the box
    /// from `x0`, `y0` to `x1`, `y1`.
    pub fn fill(&mut self, [x0, y0, x1, y1]: [f32; 4], ink: Ink, mut coverage: impl FnMut(f32, f32) -> f32) {
        for y in y0.floor().max(0.0) as usize..(y1.ceil().max(0.0) as usize).min(self.height) {
            for x in x0.floor().max(0.0) as usize..(x1.ceil().max(0.0) as usize).min(self.width) {
                let share = coverage(x as f32 + 0.5, y as f32 + 0.5);
                if share > 0.0 {
                    self.lay(x as i32, y as i32, ink, share.min(1.0));
                }
            }
        }
    }

    /// Multiplies the colour of every pixel by `gain` of its centre (px).
    pub fn shade(&mut self, mut gain: impl FnMut(f32, f32) -> f32) {
        for (index, px) in self.px.iter_mut().enumerate() {
            let factor = gain((index % self.width) as f32 + 0.5, (index / self.width) as f32 + 0.5);
            px.iter_mut().take(3).for_each(|v| *v *= factor);
        }
    }

    /// Lays `top` over this canvas with its first pixel at `x`, `y`.
    pub fn lay_canvas(&mut self, top: &Canvas, x: i32, y: i32) {
        for row in 0..top.height {
            let v = y + row as i32;
            if v < 0 || v as usize >= self.height {
                continue;
            }
            for column in 0..top.width {
                let u = x + column as i32;
                if u < 0 || u as usize >= self.width {
                    continue;
                }
                over(&mut self.px[v as usize * self.width + u as usize], top.px[row * top.width + column]);
            }
        }
    }

    /// Bilinear sample at `x`, `y` in px (centre of the first pixel at 0.5, 0.5), clamped to the edge.
    #[inline]
    pub fn sample(&self, x: f32, y: f32) -> [f32; 4] {
        let fx = (x - 0.5).clamp(0.0, (self.width - 1) as f32);
        let fy = (y - 0.5).clamp(0.0, (self.height - 1) as f32);
        let (x0, y0) = (fx as usize, fy as usize);
        let (ax, ay) = (fx - x0 as f32, fy - y0 as f32);
        let right = usize::from(x0 + 1 < self.width);
        let below = if y0 + 1 < self.height { self.width } else { 0 };
        let i = y0 * self.width + x0;
        let (a, b) = (self.px[i], self.px[i + right]);
        let (c, d) = (self.px[i + below], self.px[i + below + right]);
        let mut sample = [0.0; 4];
        for k in 0..4 {
            let top = a[k] + (b[k] - a[k]) * ax;
            let bottom = c[k] + (d[k] - c[k]) * ax;
            sample[k] = top + (bottom - top) * ay;
        }
        sample
    }

    /// The part of `width` x `height` px from `x`, `y` (px, may reach outside, where the edge is repeated),
    /// resampled to `to_width` x `to_height` px: averaged where it shrinks, bilinear where it grows.
    pub fn resampled(&self, [x, y, width, height]: [f32; 4], to_width: usize, to_height: usize) -> Self {
        let (sx, sy) = (width / to_width as f32, height / to_height as f32);
        let (nx, ny) = (sx.ceil().max(1.0) as usize, sy.ceil().max(1.0) as usize);
        let share = 1.0 / (nx * ny) as f32;
        let mut out = Self::clear(to_width, to_height);
        for (index, px) in out.px.iter_mut().enumerate() {
            let (column, row) = ((index % to_width) as f32, (index / to_width) as f32);
            for j in 0..ny {
                for i in 0..nx {
                    let u = x + (column + (i as f32 + 0.5) / nx as f32) * sx;
                    let v = y + (row + (j as f32 + 0.5) / ny as f32) * sy;
                    let sample = self.sample(u, v);
                    px.iter_mut().zip(sample).for_each(|(to, from)| *to += from * share);
                }
            }
        }
        out
    }
}

impl Clone for Canvas {
    fn clone(&self) -> Self {
        Self { width: self.width, height: self.height, px: self.px.clone() }
    }

    fn clone_from(&mut self, source: &Self) {
        self.width = source.width;
        self.height = source.height;
        self.px.clone_from(&source.px);
    }
}

/// Lays the premultiplied `top` over `under`.
#[inline]
pub fn over(under: &mut [f32; 4], top: [f32; 4]) {
    let rest = 1.0 - top[3];
    for k in 0..4 {
        under[k] = top[k] + under[k] * rest;
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_picture_survives_the_way_through_a_canvas() {
        let image = RgbImage::from_fn(9, 7, |x, y| image::Rgb([(x * 28) as u8, (y * 36) as u8, 200]));
        assert_eq!(Canvas::from_image(&image).to_image(), image);
    }

    #[test]
    fn shrinking_keeps_the_mean() {
        let stripes =
            Canvas::opaque(64, 64, |x, _| if (x as usize).is_multiple_of(2) { [1.0; 3] } else { [0.0; 3] });
        let small = stripes.resampled([0.0, 0.0, 64.0, 64.0], 16, 16);
        assert!(small.px.iter().all(|px| (px[0] - 0.5).abs() < 0.02), "{:?}", small.px[0]);
    }
}
