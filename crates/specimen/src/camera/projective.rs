//! Perspective: a pinhole camera, planes in space, and the map between a plane and the picture.

use idv_protocol::{Point, Quad};

/// A pinhole camera. x to the right, y down, z away from the camera, in mm.
#[derive(Clone, Copy, Debug)]
pub struct Pinhole {
    /// Focal length in px.
    pub focal_px: f32,
    /// Where the optical axis meets the picture, in px.
    pub center: [f32; 2],
}

/// Horizontal field of view in degrees: between a laptop's camera (about 60) and a phone's (about 68).
const FIELD_OF_VIEW_DEG: f32 = 65.0;

impl Pinhole {
    /// A camera with the usual field of view for pictures of `width_px` x `height_px`.
    pub fn new(width_px: f32, height_px: f32) -> Self {
        let focal_px = width_px / 2.0 / (FIELD_OF_VIEW_DEG.to_radians() / 2.0).tan();
        Self { focal_px, center: [width_px / 2.0, height_px / 2.0] }
    }

    /// The picture of a point in space (mm), in px.
    pub fn project(&self, [x, y, z]: [f32; 3]) -> Point {
        let scale = self.focal_px / z.max(1.0);
        Point::new(self.center[0] + x * scale, self.center[1] + y * scale)
    }

    /// The picture of a sheet of `width_mm` x `height_mm` in `pose`.
    pub fn quad(&self, pose: &Pose, width_mm: f32, height_mm: f32) -> Quad {
        let (w, h) = (width_mm / 2.0, height_mm / 2.0);
        Quad([[-w, -h], [w, -h], [w, h], [-w, h]].map(|[x, y]| self.project(pose.place([x, y, 0.0]))))
    }
}

/// Where a rigid thing is: turned about its own middle, then moved.
#[derive(Clone, Copy, Debug, Default)]
pub struct Pose {
    /// About the vertical axis in degrees; above 0 the front turns to the right of the picture.
    pub yaw_deg: f32,
    /// About the horizontal axis in degrees; above 0 the front turns up.
    pub pitch_deg: f32,
    /// About the line of sight in degrees, clockwise in the picture.
    pub roll_deg: f32,
    /// Its middle in mm from the camera.
    pub at_mm: [f32; 3],
}

impl Pose {
    /// The rotation as a matrix: roll, then pitch, then yaw.
    pub fn rotation(&self) -> [[f32; 3]; 3] {
        let (sy, cy) = self.yaw_deg.to_radians().sin_cos();
        let (sp, cp) = self.pitch_deg.to_radians().sin_cos();
        let (sr, cr) = self.roll_deg.to_radians().sin_cos();
        // The front looks at the camera, along -z.
        let yaw = [[cy, 0.0, -sy], [0.0, 1.0, 0.0], [sy, 0.0, cy]];
        let pitch = [[1.0, 0.0, 0.0], [0.0, cp, sp], [0.0, -sp, cp]];
        let roll = [[cr, -sr, 0.0], [sr, cr, 0.0], [0.0, 0.0, 1.0]];
        product(yaw, product(pitch, roll))
    }

    /// A point of the thing (mm from its middle) in space.
    pub fn place(&self, point: [f32; 3]) -> [f32; 3] {
        let turned = turn(self.rotation(), point);
        [0, 1, 2].map(|i| turned[i] + self.at_mm[i])
    }
}

/// The matrix `m` applied to `point`.
pub fn turn(m: [[f32; 3]; 3], point: [f32; 3]) -> [f32; 3] {
    m.map(|row| row[0] * point[0] + row[1] * point[1] + row[2] * point[2])
}

fn product(a: [[f32; 3]; 3], b: [[f32; 3]; 3]) -> [[f32; 3]; 3] {
    a.map(|row| [0, 1, 2].map(|j| row[0] * b[0][j] + row[1] * b[1][j] + row[2] * b[2][j]))
}

/// A projective map of the plane, `[x, y, 1] -> [a b c; d e f; g h 1]`.
#[derive(Clone, Copy, Debug)]
pub struct Homography(pub [f64; 9]);

impl Homography {
    /// The map that takes the corners of the rectangle from `x`, `y` of `width` x `height` (top left, top
    /// right, bottom right, bottom left) to `quad`. The quad must be convex; of a degenerate one the result is
    /// degenerate too.
    pub fn from_rect([x, y, width, height]: [f32; 4], quad: &Quad) -> Self {
        let p = quad.0.map(|p| [f64::from(p.x), f64::from(p.y)]);
        // Heckbert: the unit square to a quad.
        let d1 = [p[1][0] - p[2][0], p[1][1] - p[2][1]];
        let d2 = [p[3][0] - p[2][0], p[3][1] - p[2][1]];
        let s = [p[0][0] - p[1][0] + p[2][0] - p[3][0], p[0][1] - p[1][1] + p[2][1] - p[3][1]];
        let det = d1[0] * d2[1] - d2[0] * d1[1];
        let g = (s[0] * d2[1] - d2[0] * s[1]) / det;
        let h = (d1[0] * s[1] - s[0] * d1[1]) / det;
        let unit = [
            p[1][0] - p[0][0] + g * p[1][0],
            p[3][0] - p[0][0] + h * p[3][0],
            p[0][0],
            p[1][1] - p[0][1] + g * p[1][1],
            p[3][1] - p[0][1] + h * p[3][1],
            p[0][1],
            g,
            h,
            1.0,
        ];
        let (sx, sy) = (1.0 / f64::from(width), 1.0 / f64::from(height));
        let (tx, ty) = (-f64::from(x) * sx, -f64::from(y) * sy);
        let rows = [0, 3, 6].map(|i| {
            let (a, b, c) = (unit[i], unit[i + 1], unit[i + 2]);
            [a * sx, b * sy, a * tx + b * ty + c]
        });
        Self([
            rows[0][0], rows[0][1], rows[0][2], rows[1][0], rows[1][1], rows[1][2], rows[2][0], rows[2][1],
            rows[2][2],
        ])
    }

    /// The map back (of a degenerate map: not finite).
    pub fn inverse(&self) -> Self {
        let [a, b, c, d, e, f, g, h, i] = self.0;
        let adjugate = [
            e * i - f * h,
            c * h - b * i,
            b * f - c * e,
            f * g - d * i,
            a * i - c * g,
            c * d - a * f,
            d * h - e * g,
            b * g - a * h,
            a * e - b * d,
        ];
        Self(adjugate.map(|v| v / adjugate[8]))
    }

    /// Where `x`, `y` goes.
    pub fn map(&self, x: f32, y: f32) -> [f32; 2] {
        let [a, b, c, d, e, f, g, h, i] = self.0;
        let (x, y) = (f64::from(x), f64::from(y));
        let w = g * x + h * y + i;
        [((a * x + b * y + c) / w) as f32, ((d * x + e * y + f) / w) as f32]
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn tilted() -> Quad {
        let camera = Pinhole::new(1280.0, 720.0);
        let pose = Pose { yaw_deg: 20.0, pitch_deg: -12.0, roll_deg: 8.0, at_mm: [10.0, -4.0, 160.0] };
        camera.quad(&pose, 125.0, 88.0)
    }

    #[test]
    fn a_homography_takes_corners_to_corners_and_back() {
        let quad = tilted();
        let map = Homography::from_rect([-3.0, 2.0, 125.0, 88.0], &quad);
        let corners = [[-3.0, 2.0], [122.0, 2.0], [122.0, 90.0], [-3.0, 90.0]];
        for (corner, want) in corners.into_iter().zip(quad.0) {
            let got = map.map(corner[0], corner[1]);
            assert!((got[0] - want.x).hypot(got[1] - want.y) < 1e-2);
            let back = map.inverse().map(want.x, want.y);
            assert!((back[0] - corner[0]).hypot(back[1] - corner[1]) < 1e-3);
        }
    }

    #[test]
    fn the_near_side_of_a_turned_sheet_is_longer() {
        // The front turns to the right of the picture: its left edge comes nearer.
        let pose = Pose { yaw_deg: 25.0, at_mm: [0.0, 0.0, 200.0], ..Pose::default() };
        let quad = Pinhole::new(1280.0, 720.0).quad(&pose, 100.0, 70.0);
        let (left, right) = (quad.0[0].distance(quad.0[3]), quad.0[1].distance(quad.0[2]));
        assert!(left > right * 1.1, "left {left}, right {right}");
        assert!(quad.is_convex() && quad.signed_area() > 0.0);
    }
}
