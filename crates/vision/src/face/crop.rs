//! Turned and scaled pieces of a frame, as networks take them.

use crate::frame::RgbaView;
use idv_protocol::Point;

/// Most samples along each axis of one output pixel. Four cover a face that fills a 1280 px frame when it is
/// shrunk to the smallest network input here, 112 px.
const MAX_SAMPLES: usize = 4;

/// A map that keeps angles: turns, scales and moves.
/// x' = a x - b y + dx, y' = b x + a y + dy.
#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) struct Similarity {
    a: f32,
    b: f32,
    dx: f32,
    dy: f32,
}

impl Similarity {
    /// From the pixels of a `side_px` wide square to the square of `size_px` around `centre` in a frame, whose
    /// x axis is turned by `angle` (radians, clockwise in the picture).
    pub(crate) fn of_square(centre: Point, size_px: f32, angle: f32, side_px: f32) -> Self {
        let (sin, cos) = angle.sin_cos();
        let scale = size_px / side_px;
        let (a, b) = (scale * cos, scale * sin);
        let half = side_px / 2.0;
        Self { a, b, dx: centre.x - a * half + b * half, dy: centre.y - b * half - a * half }
    }

    /// The map that brings `from` closest to `to` in the least squares (Umeyama 1991, without reflection).
    /// `None` when all of `from` are one point.
    pub(crate) fn between<const N: usize>(from: &[Point; N], to: &[Point; N]) -> Option<Self> {
        let mean = |points: &[Point; N]| {
            let sum = points.iter().fold((0.0, 0.0), |(x, y), p| (x + p.x, y + p.y));
            (sum.0 / N as f32, sum.1 / N as f32)
        };
        let ((fx, fy), (tx, ty)) = (mean(from), mean(to));
        let (mut dot, mut cross, mut spread) = (0.0, 0.0, 0.0);
        for (p, q) in from.iter().zip(to) {
            let (px, py, qx, qy) = (p.x - fx, p.y - fy, q.x - tx, q.y - ty);
            dot += px * qx + py * qy;
            cross += px * qy - py * qx;
            spread += px * px + py * py;
        }
        (spread > f32::EPSILON).then(|| {
            let (a, b) = (dot / spread, cross / spread);
            Self { a, b, dx: tx - a * fx + b * fy, dy: ty - b * fx - a * fy }
        })
    }

    /// Where `x`, `y` goes.
    #[inline]
    pub(crate) fn apply(&self, x: f32, y: f32) -> Point {
        Point::new(self.a * x - self.b * y + self.dx, self.b * x + self.a * y + self.dy)
    }

    /// How much longer things become.
    pub(crate) fn scale(&self) -> f32 {
        self.a.hypot(self.b)
    }
}

/// Samples a square of `side` px out of `frame`: `to_frame` says where each of its points lies, `shrink` how
/// many frame pixels go into one of its. `put` gets each pixel's index, row by row, and its red, green and blue,
/// 0 to 255. Where the frame is shrunk several samples are averaged; beyond its edge it goes on with its
/// outermost pixels.
pub(crate) fn sample(
    frame: RgbaView<'_>,
    side: usize,
    shrink: f32,
    to_frame: impl Fn(f32, f32) -> Point,
    mut put: impl FnMut(usize, [f32; 3]),
) {
    let samples = (shrink.round() as usize).clamp(1, MAX_SAMPLES);
    let weight = 1.0 / (samples * samples) as f32;
    for y in 0..side {
        for x in 0..side {
            let mut sum = [0.0; 3];
            for sy in 0..samples {
                for sx in 0..samples {
                    let at = to_frame(
                        x as f32 + (sx as f32 + 0.5) / samples as f32,
                        y as f32 + (sy as f32 + 0.5) / samples as f32,
                    );
                    let rgb = frame.sample(at.x, at.y);
                    sum = [sum[0] + rgb[0], sum[1] + rgb[1], sum[2] + rgb[2]];
                }
            }
            put(y * side + x, sum.map(|value| value * weight));
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use idv_protocol::Size;

    fn close(p: Point, x: f32, y: f32) -> bool {
        (p.x - x).abs() < 1e-3 && (p.y - y).abs() < 1e-3
    }

    #[test]
    fn a_square_is_mapped_corner_by_corner() {
        let quarter = std::f32::consts::FRAC_PI_2;
        let map = Similarity::of_square(Point::new(100.0, 50.0), 40.0, quarter, 10.0);
        assert!(close(map.apply(5.0, 5.0), 100.0, 50.0));
        // A quarter turn clockwise: the square's x axis points down the picture.
        assert!(close(map.apply(10.0, 5.0), 100.0, 70.0));
    }

    #[test]
    fn the_map_between_points_is_found_again() {
        let known = Similarity::of_square(Point::new(30.0, 80.0), 50.0, 0.3, 112.0);
        let from = [(10.0, 20.0), (90.0, 25.0), (50.0, 70.0)].map(|(x, y)| Point::new(x, y));
        let found = Similarity::between(&from, &from.map(|p| known.apply(p.x, p.y))).expect("three points");
        assert!(close(found.apply(112.0, 0.0), known.apply(112.0, 0.0).x, known.apply(112.0, 0.0).y));
        assert!(Similarity::between(&[Point::default(); 3], &from).is_none());
    }

    #[test]
    fn shrinking_averages_and_edges_repeat() {
        let size = Size { width: 64, height: 64 };
        let data: Vec<u8> = (0..64 * 64)
            .flat_map(|i| if i % 2 == 0 { [200, 0, 90, 255] } else { [100, 0, 90, 255] })
            .collect();
        let frame = RgbaView::new(&data, size).expect("fits");
        let whole = Similarity::of_square(Point::new(32.0, 32.0), 64.0, 0.0, 32.0);
        sample(
            frame,
            32,
            whole.scale(),
            |x, y| whole.apply(x, y),
            |_, rgb| assert_eq!(rgb, [150.0, 0.0, 90.0]),
        );
        let outside = Similarity::of_square(Point::new(-40.0, 32.0), 8.0, 0.0, 8.0);
        sample(
            frame,
            8,
            outside.scale(),
            |x, y| outside.apply(x, y),
            |_, rgb| assert_eq!(rgb, [200.0, 0.0, 90.0]),
        );
    }
}
