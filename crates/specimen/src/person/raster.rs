//! Textured triangles without gaps or double edges.

use crate::raster::{Canvas, over};

/// A corner of a triangle: where it is in the frame (px, with its depth), where in the texture (px), its light
/// and its number.
#[derive(Clone, Copy)]
pub(crate) struct Corner {
    pub at: [f32; 2],
    pub z: f32,
    pub uv: [f32; 2],
    pub light: f32,
    pub id: usize,
}

/// What lies this much deeper, in px, than what is already drawn is hidden by it.
const HIDDEN_PX: f32 = 1.5;

/// Lays the triangle over `frame`, except where `depth` (one value a pixel, of what is opaque so far) is nearer.
/// Triangles come from back to front, so that soft edges lie over what is behind them. A pixel on the edge that two triangles share belongs to one of them: the
/// edge is evaluated with the same arithmetic for both, in the order of its corners' numbers.
pub(crate) fn triangle(frame: &mut Canvas, depth: &mut [f32], texture: &Canvas, mut c: [Corner; 3]) {
    let area = cross(c[0].at, c[1].at, c[2].at);
    if area.abs() < 1e-4 {
        return;
    }
    if area < 0.0 {
        c.swap(1, 2);
    }
    let area = area.abs();
    let low = |k: usize| c.iter().map(|p| p.at[k]).fold(f32::MAX, f32::min);
    let high = |k: usize| c.iter().map(|p| p.at[k]).fold(f32::MIN, f32::max);
    let from = |v: f32| (v - 0.5).floor().max(0.0) as usize;
    let to = |v: f32, end: usize| ((v + 0.5).ceil().max(0.0) as usize).min(end);
    let (x0, x1) = (from(low(0)), to(high(0), frame.width));
    let (y0, y1) = (from(low(1)), to(high(1), frame.height));
    let edges = [Edge::new(&c[1], &c[2]), Edge::new(&c[2], &c[0]), Edge::new(&c[0], &c[1])];
    for y in y0..y1 {
        for x in x0..x1 {
            let p = [x as f32 + 0.5, y as f32 + 0.5];
            let (a, b, d) = (edges[0].at(p), edges[1].at(p), edges[2].at(p));
            if !(edges[0].holds(a) && edges[1].holds(b) && edges[2].holds(d)) {
                continue;
            }
            let (a, b, d) = (a / area, b / area, d / area);
            let z = c[0].z * a + c[1].z * b + c[2].z * d;
            let place = y * frame.width + x;
            if z > depth[place] + HIDDEN_PX {
                continue;
            }
            let u = c[0].uv[0] * a + c[1].uv[0] * b + c[2].uv[0] * d;
            let v = c[0].uv[1] * a + c[1].uv[1] * b + c[2].uv[1] * d;
            let sample = texture.sample(u, v);
            if sample[3] > 0.002 {
                let light = c[0].light * a + c[1].light * b + c[2].light * d;
                let lit = [sample[0] * light, sample[1] * light, sample[2] * light, sample[3]];
                over(&mut frame.px[place], lit);
                if sample[3] > 0.9 {
                    depth[place] = z.min(depth[place]);
                }
            }
        }
    }
}

fn cross(a: [f32; 2], b: [f32; 2], p: [f32; 2]) -> f32 {
    (b[0] - a[0]) * (p[1] - a[1]) - (b[1] - a[1]) * (p[0] - a[0])
}

struct Edge {
    a: [f32; 2],
    b: [f32; 2],
    sign: f32,
    /// A pixel exactly on a left or top edge belongs to the triangle, on the others to the neighbour.
    holds_line: bool,
}

impl Edge {
    fn new(a: &Corner, b: &Corner) -> Self {
        let (dx, dy) = (b.at[0] - a.at[0], b.at[1] - a.at[1]);
        let holds_line = dy < 0.0 || (dy == 0.0 && dx > 0.0);
        let (a, b, sign) = if a.id < b.id { (a.at, b.at, 1.0) } else { (b.at, a.at, -1.0) };
        Self { a, b, sign, holds_line }
    }

    #[inline]
    fn at(&self, p: [f32; 2]) -> f32 {
        self.sign * cross(self.a, self.b, p)
    }

    #[inline]
    fn holds(&self, value: f32) -> bool {
        value > 0.0 || (value == 0.0 && self.holds_line)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_fan_of_triangles_covers_each_pixel_once() {
        let texture = Canvas { width: 4, height: 4, px: vec![[0.25, 0.25, 0.25, 0.5]; 16] };
        let mut frame = Canvas::opaque(64, 64, |_, _| [0.0; 3]);
        let mut depth = vec![f32::MAX; 64 * 64];
        let corner = |x: f32, y: f32, id| Corner { at: [x, y], z: 0.0, uv: [2.0, 2.0], light: 1.0, id };
        let middle = corner(31.5, 30.5, 9);
        let ring = [
            corner(0.0, 0.0, 1),
            corner(40.5, 0.0, 4),
            corner(64.0, 0.0, 2),
            corner(64.0, 64.0, 7),
            corner(0.0, 64.0, 3),
        ];
        for i in 0..5 {
            triangle(&mut frame, &mut depth, &texture, [middle, ring[i], ring[(i + 1) % 5]]);
        }
        // Twice covered a pixel would be 0.375, never covered 0.
        assert!(frame.px.iter().all(|px| (px[0] - 0.25).abs() < 1e-6));
    }
}
