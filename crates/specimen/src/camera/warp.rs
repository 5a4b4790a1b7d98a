//! Flat pictures in space: a sprite in millimetres, laid into a frame through a homography.

use super::projective::Homography;
use crate::raster::{Canvas, over};

/// A flat picture with a scale: its pixels stand on a plane measured in mm.
pub struct Sprite {
    /// The picture; what is transparent shows what lies behind.
    pub picture: Canvas,
    /// Where its first pixel's corner stands on the plane, in mm.
    pub origin_mm: [f32; 2],
    /// Pixels per mm.
    pub px_per_mm: f32,
}

/// Transparent border of a sprite in px, so that its edge is filtered like its inside.
pub const BORDER_PX: usize = 2;

impl Sprite {
    /// Lays the sprite into `frame`: `to_frame` takes mm of its plane to px of the frame. Each pixel is one
    /// bilinear sample, so the sprite's scale should be about the frame's. `light` gives the factor of its
    /// colours at a place in mm.
    pub fn lay(&self, frame: &mut Canvas, to_frame: &Homography, light: impl Fn(f32, f32) -> f32) {
        let [x0, y0, x1, y1] = self.bounds(to_frame, frame);
        let width = frame.width;
        self.scan(to_frame, [x0, y0, x1, y1], |x, y, u, v, sample| {
            let gain = light(u, v);
            let lit = [sample[0] * gain, sample[1] * gain, sample[2] * gain, sample[3]];
            over(&mut frame.px[y * width + x], lit);
        });
    }

    /// The same for a sprite that moves while the shutter is open: the mean over `poses`.
    pub fn lay_moving(
        &self,
        frame: &mut Canvas,
        poses: &[Homography],
        light: impl Fn(f32, f32) -> f32,
        scratch: &mut Canvas,
    ) {
        let [first, ..] = poses else { return };
        if poses.len() == 1 {
            return self.lay(frame, first, light);
        }
        let mut bounds = self.bounds(first, frame);
        for pose in &poses[1..] {
            let other = self.bounds(pose, frame);
            bounds = [
                bounds[0].min(other[0]),
                bounds[1].min(other[1]),
                bounds[2].max(other[2]),
                bounds[3].max(other[3]),
            ];
        }
        let width = frame.width;
        if scratch.px.len() != frame.px.len() {
            *scratch = Canvas::clear(frame.width, frame.height);
        }
        for y in bounds[1]..bounds[3] {
            scratch.px[y * width + bounds[0]..y * width + bounds[2]].fill([0.0; 4]);
        }
        let share = 1.0 / poses.len() as f32;
        for pose in poses {
            self.scan(pose, bounds, |x, y, u, v, sample| {
                let gain = light(u, v) * share;
                let px = &mut scratch.px[y * width + x];
                px[0] += sample[0] * gain;
                px[1] += sample[1] * gain;
                px[2] += sample[2] * gain;
                px[3] += sample[3] * share;
            });
        }
        for y in bounds[1]..bounds[3] {
            for x in bounds[0]..bounds[2] {
                over(&mut frame.px[y * width + x], scratch.px[y * width + x]);
            }
        }
    }

    /// The part of the frame the sprite can touch: left, top, right, bottom in px.
    fn bounds(&self, to_frame: &Homography, frame: &Canvas) -> [usize; 4] {
        let [x, y] = self.origin_mm;
        let (w, h) =
            (self.picture.width as f32 / self.px_per_mm, self.picture.height as f32 / self.px_per_mm);
        let corners = [[x, y], [x + w, y], [x + w, y + h], [x, y + h]].map(|[u, v]| to_frame.map(u, v));
        let low = |k: usize, end: usize| {
            corners.iter().map(|p| p[k]).fold(f32::MAX, f32::min).floor().clamp(0.0, end as f32) as usize
        };
        let high = |k: usize, end: usize| {
            corners.iter().map(|p| p[k]).fold(f32::MIN, f32::max).ceil().clamp(0.0, end as f32) as usize
        };
        let (x0, y0) = (low(0, frame.width), low(1, frame.height));
        [x0, y0, high(0, frame.width).max(x0), high(1, frame.height).max(y0)]
    }

    /// Calls `put` with x, y (px of the frame), u, v (mm) and the sample for each pixel that the sprite covers.
    fn scan(
        &self,
        to_frame: &Homography,
        [x0, y0, x1, y1]: [usize; 4],
        mut put: impl FnMut(usize, usize, f32, f32, [f32; 4]),
    ) {
        let m = to_frame.inverse().0.map(|v| v as f32);
        let (right, bottom) = ((self.picture.width - 1) as f32, (self.picture.height - 1) as f32);
        let origin = self.origin_mm;
        for y in y0..y1 {
            let fy = y as f32 + 0.5;
            for x in x0..x1 {
                let fx = x as f32 + 0.5;
                let w = 1.0 / (m[6] * fx + m[7] * fy + m[8]);
                let u = (m[0] * fx + m[1] * fy + m[2]) * w;
                let v = (m[3] * fx + m[4] * fy + m[5]) * w;
                let (px, py) = ((u - origin[0]) * self.px_per_mm, (v - origin[1]) * self.px_per_mm);
                if px > 0.5 && py > 0.5 && px < right && py < bottom {
                    let sample = self.picture.sample(px, py);
                    if sample[3] > 0.0 {
                        put(x, y, u, v, sample);
                    }
                }
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use idv_protocol::{Point, Quad};

    fn white() -> Sprite {
        let mut picture = Canvas::opaque(104, 84, |_, _| [1.0; 3]);
        for (index, px) in picture.px.iter_mut().enumerate() {
            let (x, y) = (index % 104, index / 104);
            if !(BORDER_PX..104 - BORDER_PX).contains(&x) || !(BORDER_PX..84 - BORDER_PX).contains(&y) {
                *px = [0.0; 4];
            }
        }
        Sprite { picture, origin_mm: [-0.2, -0.2], px_per_mm: 10.0 }
    }

    #[test]
    fn a_sprite_covers_the_area_of_its_quad() {
        let quad = Quad([
            Point::new(20.3, 14.1),
            Point::new(121.0, 22.6),
            Point::new(110.4, 95.0),
            Point::new(12.7, 88.2),
        ]);
        let map = Homography::from_rect([0.0, 0.0, 10.0, 8.0], &quad);
        let mut frame = Canvas::opaque(140, 110, |_, _| [0.0; 3]);
        white().lay(&mut frame, &map, |_, _| 1.0);
        let area: f32 = frame.px.iter().map(|px| px[0]).sum();
        assert!((area / quad.signed_area() - 1.0).abs() < 0.01, "{area} of {}", quad.signed_area());
    }

    #[test]
    fn motion_blur_keeps_the_light_and_softens_the_edge() {
        let square = |x: f32| {
            let quad = Quad([
                Point::new(x, 10.0),
                Point::new(x + 60.0, 10.0),
                Point::new(x + 60.0, 60.0),
                Point::new(x, 60.0),
            ]);
            Homography::from_rect([0.0, 0.0, 10.0, 8.0], &quad)
        };
        let mut frame = Canvas::opaque(140, 110, |_, _| [0.0; 3]);
        let poses = [20.0, 22.0, 24.0, 26.0].map(square);
        white().lay_moving(&mut frame, &poses, |_, _| 1.0, &mut Canvas::clear(0, 0));
        let sum: f32 = frame.px.iter().map(|px| px[0]).sum();
        assert!((sum / 3000.0 - 1.0).abs() < 0.01, "{sum}");
        let edge = frame.px[30 * 140 + 23][0];
        assert!((0.3..0.7).contains(&edge), "{edge}");
    }
}
