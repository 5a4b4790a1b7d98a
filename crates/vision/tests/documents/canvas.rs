//! A picture to draw on, with its own seeded randomness.

use idv_protocol::{Point, Quad, Size};
use idv_vision::document::Homography;
use idv_vision::frame::{RgbaImage, RgbaView};

/// Red, green, blue, 0 to 255.
pub type Colour = [f32; 3];

/// The same sequence of numbers for the same seed (splitmix64).
#[derive(Clone)]
pub struct Random(u64);

impl Random {
    pub fn new(seed: u64) -> Self {
        Self(seed.wrapping_mul(0x9e37_79b9_7f4a_7c15) ^ 0x5851_f42d_4c95_7f2d)
    }

    pub fn bits(&mut self) -> u64 {
        self.0 = self.0.wrapping_add(0x9e37_79b9_7f4a_7c15);
        let mut z = self.0;
        z = (z ^ (z >> 30)).wrapping_mul(0xbf58_476d_1ce4_e5b9);
        z = (z ^ (z >> 27)).wrapping_mul(0x94d0_49bb_1331_11eb);
        z ^ (z >> 31)
    }

    pub fn unit(&mut self) -> f32 {
        (self.bits() >> 40) as f32 / (1u64 << 24) as f32
    }

    pub fn range(&mut self, low: f32, high: f32) -> f32 {
        low + (high - low) * self.unit()
    }

    pub fn chance(&mut self, share: f32) -> bool {
        self.unit() < share
    }

    pub fn colour(&mut self, low: f32, high: f32) -> Colour {
        let grey = self.range(low, high);
        [0, 1, 2].map(|_| (grey + self.range(-40.0, 40.0)).clamp(0.0, 255.0))
    }
}

/// A picture in floating point.
pub struct Canvas {
    pub width: usize,
    pub height: usize,
    pub pixels: Vec<Colour>,
}

impl Canvas {
    pub fn new(width: usize, height: usize, colour: Colour) -> Self {
        Self { width, height, pixels: vec![colour; width * height] }
    }

    /// Changes each pixel by `change(x, y, colour)`.
    pub fn map(&mut self, mut change: impl FnMut(usize, usize, Colour) -> Colour) {
        for (i, pixel) in self.pixels.iter_mut().enumerate() {
            *pixel = change(i % self.width, i / self.width, *pixel);
        }
    }

    /// Draws `paint(u, v)` with u, v of 0 to 1 within `quad`; where it gives `None` nothing is drawn.
    pub fn quad(&mut self, quad: &Quad, paint: impl Fn(f32, f32) -> Option<Colour>) {
        let back = inverse(&Homography::from_unit_square(quad).expect("a quad with an area"));
        let xs = quad.0.map(|p| p.x);
        let ys = quad.0.map(|p| p.y);
        let low = |v: [f32; 4]| v.into_iter().fold(f32::MAX, f32::min).max(0.0) as usize;
        let high = |v: [f32; 4], end: usize| (v.into_iter().fold(0.0, f32::max) as usize + 2).min(end);
        for y in low(ys)..high(ys, self.height) {
            for x in low(xs)..high(xs, self.width) {
                let (mut sum, mut share) = ([0f32; 3], 0f32);
                for (dx, dy) in [(0.25, 0.25), (0.75, 0.25), (0.25, 0.75), (0.75, 0.75)] {
                    let p = back.apply(x as f32 + dx, y as f32 + dy);
                    if (0.0..1.0).contains(&p.x)
                        && (0.0..1.0).contains(&p.y)
                        && let Some(colour) = paint(p.x, p.y)
                    {
                        (0..3).for_each(|c| sum[c] += colour[c] / 4.0);
                        share += 0.25;
                    }
                }
                let pixel = &mut self.pixels[y * self.width + x];
                *pixel = [0, 1, 2].map(|c| sum[c] + (1.0 - share) * pixel[c]);
            }
        }
    }

    /// Draws an ellipse turned by `angle` radians; `shade(r)` is its colour at 0 (middle) to 1 (edge).
    pub fn ellipse(&mut self, middle: Point, radii: [f32; 2], angle: f32, shade: impl Fn(f32) -> Colour) {
        let (sin, cos) = angle.sin_cos();
        let reach = radii[0].max(radii[1]) + 2.0;
        let span = |v: f32, end: usize| {
            ((v - reach).max(0.0) as usize).min(end)..((v + reach).max(0.0) as usize).min(end)
        };
        for y in span(middle.y, self.height) {
            for x in span(middle.x, self.width) {
                let (dx, dy) = (x as f32 + 0.5 - middle.x, y as f32 + 0.5 - middle.y);
                let r = ((dx * cos + dy * sin) / radii[0]).hypot((dy * cos - dx * sin) / radii[1]);
                let soft = (1.0 - r) * radii[0].min(radii[1]);
                let share = soft.clamp(0.0, 1.0);
                let colour = shade(r.min(1.0));
                let pixel = &mut self.pixels[y * self.width + x];
                *pixel = [0, 1, 2].map(|c| share * colour[c] + (1.0 - share) * pixel[c]);
            }
        }
    }

    /// Blurs with a box of `radius` px, twice.
    pub fn blur(&mut self, radius: usize) {
        let mut old = Vec::new();
        for _ in 0..2 {
            for (stride, count, step, length) in
                [(self.width, self.height, 1, self.width), (1, self.width, self.width, self.height)]
            {
                for line in 0..count {
                    old.clear();
                    old.extend((0..length).map(|i| self.pixels[line * stride + i * step]));
                    let mut sum = [0f32; 3];
                    let add = |sum: &mut [f32; 3], i: usize, sign: f32| {
                        (0..3).for_each(|c| sum[c] += sign * old[i][c]);
                    };
                    (0..radius.min(length)).for_each(|i| add(&mut sum, i, 1.0));
                    for i in 0..length {
                        if i + radius < length {
                            add(&mut sum, i + radius, 1.0);
                        }
                        if i > radius {
                            add(&mut sum, i - radius - 1, -1.0);
                        }
                        let n = ((i + radius + 1).min(length) - i.saturating_sub(radius)) as f32;
                        self.pixels[line * stride + i * step] = sum.map(|v| v / n);
                    }
                }
            }
        }
    }

    /// Multiplies with a smaller canvas that is stretched over this one.
    pub fn multiply(&mut self, mask: &Canvas) {
        let (sx, sy) = (mask.width as f32 / self.width as f32, mask.height as f32 / self.height as f32);
        self.map(|x, y, colour| {
            let (u, v) = ((x as f32 + 0.5) * sx - 0.5, (y as f32 + 0.5) * sy - 0.5);
            let (u, v) = (u.clamp(0.0, mask.width as f32 - 1.01), v.clamp(0.0, mask.height as f32 - 1.01));
            let (i, j, a, b) = (u as usize, v as usize, u.fract(), v.fract());
            let at = |i: usize, j: usize| mask.pixels[j * mask.width + i][0];
            let top = at(i, j) * (1.0 - a) + at(i + 1, j) * a;
            let bottom = at(i, j + 1) * (1.0 - a) + at(i + 1, j + 1) * a;
            colour.map(|value| value * (top * (1.0 - b) + bottom * b))
        });
    }

    /// Adds noise of `sigma` grey levels, most of it common to the channels.
    pub fn noise(&mut self, random: &mut Random, sigma: f32) {
        // The sum of four bytes is nearly normal, with this deviation.
        const DEVIATION: f32 = 147.8;
        let normal =
            |bits: u32| (bits.to_le_bytes().iter().map(|&b| f32::from(b)).sum::<f32>() - 510.0) / DEVIATION;
        for pixel in &mut self.pixels {
            let (first, second) = (random.bits(), random.bits());
            let own =
                [first as u32, (first >> 32) as u32, second as u32].map(|bits| normal(bits) * sigma * 0.6);
            let common = normal((second >> 32) as u32) * sigma * 0.8;
            (0..3).for_each(|c| pixel[c] += common + own[c]);
        }
    }

    /// The picture in 8 bits.
    pub fn finish(&self) -> RgbaImage {
        let data = self
            .pixels
            .iter()
            .flat_map(|p| [p[0], p[1], p[2], 255.0].map(|v| v.round().clamp(0.0, 255.0) as u8))
            .collect();
        RgbaImage { data, size: Size { width: self.width as u32, height: self.height as u32 } }
    }
}

/// The inverse map, up to scale.
fn inverse(plane: &Homography) -> Homography {
    let m = plane.0.map(f64::from);
    let minor = |a: usize, b: usize, c: usize, d: usize| m[a] * m[d] - m[b] * m[c];
    let adjugate = [
        minor(4, 5, 7, 8),
        -minor(1, 2, 7, 8),
        minor(1, 2, 4, 5),
        -minor(3, 5, 6, 8),
        minor(0, 2, 6, 8),
        -minor(0, 2, 3, 5),
        minor(3, 4, 6, 7),
        -minor(0, 1, 6, 7),
        minor(0, 1, 3, 4),
    ];
    Homography(adjugate.map(|v| (v / adjugate[8]) as f32))
}

/// A smooth random field: value noise of several octaves, 0 to 1.
pub struct Field {
    seed: u64,
    cell_px: f32,
    octaves: u32,
}

impl Field {
    pub fn new(seed: u64, cell_px: f32, octaves: u32) -> Self {
        Self { seed, cell_px, octaves }
    }

    pub fn at(&self, x: f32, y: f32) -> f32 {
        let (mut sum, mut total) = (0.0, 0.0);
        for octave in 0..self.octaves {
            let scale = self.cell_px / (1 << octave) as f32;
            let amount = 0.6f32.powi(octave as i32);
            sum += amount * self.lattice(x / scale, y / scale, u64::from(octave));
            total += amount;
        }
        sum / total
    }

    fn lattice(&self, x: f32, y: f32, octave: u64) -> f32 {
        let (x0, y0) = (x.floor(), y.floor());
        let ease = |t: f32| t * t * (3.0 - 2.0 * t);
        let (ax, ay) = (ease(x - x0), ease(y - y0));
        let value = |i: f32, j: f32| {
            let key = (i as i64 as u64).wrapping_mul(0x1f1f_1f1f)
                ^ (j as i64 as u64).wrapping_mul(0x0003_5a4f_2357);
            Random(self.seed ^ key ^ (octave << 40)).unit()
        };
        let top = value(x0, y0) * (1.0 - ax) + value(x0 + 1.0, y0) * ax;
        let bottom = value(x0, y0 + 1.0) * (1.0 - ax) + value(x0 + 1.0, y0 + 1.0) * ax;
        top * (1.0 - ay) + bottom * ay
    }
}

/// The view of a picture that was drawn.
pub fn view(image: &RgbaImage) -> RgbaView<'_> {
    image.view().expect("a drawn picture fits its bytes")
}
