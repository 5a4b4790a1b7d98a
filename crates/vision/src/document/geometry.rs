//! Quads under perspective: homographies, true proportions, tilt, overlap.

use idv_protocol::{Point, Quad, Size};

/// Focal length of a camera whose own is unknown, in longer frame sides: a phone's or laptop's video stream sees
/// some 60 degrees along its longer side (1 / (2 tan 30)).
pub const NOMINAL_FOCAL_RATIO: f32 = 0.87;

/// A map of the plane, row by row; the last element is 1.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Homography(pub [f32; 9]);

impl Homography {
    /// The map that takes (0,0), (1,0), (1,1), (0,1) to the corners of `quad`. `None` for a quad without area.
    pub fn from_unit_square(quad: &Quad) -> Option<Self> {
        let [a, b, c, d] = quad.0;
        let (dx1, dx2, sx) = (b.x - c.x, d.x - c.x, a.x - b.x + c.x - d.x);
        let (dy1, dy2, sy) = (b.y - c.y, d.y - c.y, a.y - b.y + c.y - d.y);
        let det = dx1 * dy2 - dx2 * dy1;
        if !det.is_finite() || det.abs() < 1e-6 {
            return None;
        }
        let g = (sx * dy2 - dx2 * sy) / det;
        let h = (dx1 * sy - sx * dy1) / det;
        Some(Self([
            b.x - a.x + g * b.x,
            d.x - a.x + h * d.x,
            a.x,
            b.y - a.y + g * b.y,
            d.y - a.y + h * d.y,
            a.y,
            g,
            h,
            1.0,
        ]))
    }

    /// Where the map takes (`u`, `v`).
    #[inline]
    pub fn apply(&self, u: f32, v: f32) -> Point {
        let m = &self.0;
        let w = m[6] * u + m[7] * v + m[8];
        Point::new((m[0] * u + m[1] * v + m[2]) / w, (m[3] * u + m[4] * v + m[5]) / w)
    }
}

/// A quad as the picture of a flat rectangle.
#[derive(Clone, Copy, Debug, PartialEq)]
pub struct Pose {
    /// Longer side by shorter side of the rectangle, at least 1.
    pub aspect_ratio: f32,
    /// Angle between the rectangle's plane and the sensor's, 0 to 90 degrees.
    pub tilt_deg: f32,
}

/// The rectangle behind `quad` by the pinhole model: square pixels, principal point at the centre of the frame,
/// focal length from the quad itself where both pairs of sides converge enough to tell it, else
/// [`NOMINAL_FOCAL_RATIO`]. Falls back to the mean side ratio and no tilt for a quad without area.
pub fn pose_of(quad: &Quad, frame: Size) -> Pose {
    let centre = Point::new(frame.width as f32 / 2.0, frame.height as f32 / 2.0);
    let centred = Quad(quad.0.map(|p| Point::new(p.x - centre.x, p.y - centre.y)));
    let flat = Pose { aspect_ratio: mean_side_ratio(quad), tilt_deg: 0.0 };
    let Some(Homography(m)) = Homography::from_unit_square(&centred) else {
        return flat;
    };
    let nominal = NOMINAL_FOCAL_RATIO * frame.width.max(frame.height) as f32;
    let f = focal_length(&m, nominal);
    let right = [m[0] / f, m[3] / f, m[6]];
    let down = [m[1] / f, m[4] / f, m[7]];
    let (width, height) = (norm(right), norm(down));
    let normal = cross(right, down);
    let length = norm(normal);
    if !(width > 0.0 && height > 0.0 && length > 0.0) {
        return flat;
    }
    Pose {
        aspect_ratio: (width / height).max(height / width),
        tilt_deg: (normal[2].abs() / length).clamp(0.0, 1.0).acos().to_degrees(),
    }
}

/// Focal length in px at which the columns of `m` are orthogonal, when it lies within half and double `nominal`
/// and the vanishing points are near enough to tell; else `nominal`.
fn focal_length(m: &[f32; 9], nominal: f32) -> f32 {
    // Convergence in each direction, as the change of scale from one side of the quad to the other. Below 8 %
    // corner errors of a pixel move the focal length more than a camera's choice of lens does.
    const MIN_CONVERGENCE: f32 = 0.08;
    if m[6].abs() < MIN_CONVERGENCE || m[7].abs() < MIN_CONVERGENCE {
        return nominal;
    }
    let squared = -(m[0] * m[1] + m[3] * m[4]) / (m[6] * m[7]);
    let (low, high) = (nominal / 2.0, nominal * 2.0);
    if squared.is_finite() && squared > low * low && squared < high * high { squared.sqrt() } else { nominal }
}

/// Longer by shorter mean of opposite sides, at least 1.
fn mean_side_ratio(quad: &Quad) -> f32 {
    let [a, b, c, d] = quad.0;
    let width = a.distance(b) + c.distance(d);
    let height = b.distance(c) + d.distance(a);
    if width > 0.0 && height > 0.0 { (width / height).max(height / width) } else { 1.0 }
}

/// Intersection over union of two convex quads of either direction, 0 to 1.
pub fn intersection_over_union(a: &Quad, b: &Quad) -> f32 {
    let mut polygon: Vec<Point> = clockwise(a).to_vec();
    let clip = clockwise(b);
    for i in 0..4 {
        let (from, to) = (clip[i], clip[(i + 1) % 4]);
        let side = |p: Point| (to.x - from.x) * (p.y - from.y) - (to.y - from.y) * (p.x - from.x);
        let mut next = Vec::with_capacity(polygon.len() + 1);
        for (k, &p) in polygon.iter().enumerate() {
            let q = polygon[(k + 1) % polygon.len()];
            let (sp, sq) = (side(p), side(q));
            if sp >= 0.0 {
                next.push(p);
            }
            if (sp > 0.0 && sq < 0.0) || (sp < 0.0 && sq > 0.0) {
                let t = sp / (sp - sq);
                next.push(Point::new(p.x + t * (q.x - p.x), p.y + t * (q.y - p.y)));
            }
        }
        polygon = next;
        if polygon.is_empty() {
            return 0.0;
        }
    }
    let common = polygon
        .iter()
        .zip(polygon.iter().cycle().skip(1))
        .map(|(p, q)| p.x * q.y - q.x * p.y)
        .sum::<f32>()
        .abs()
        / 2.0;
    let union = a.signed_area().abs() + b.signed_area().abs() - common;
    if union > 0.0 { (common / union).clamp(0.0, 1.0) } else { 0.0 }
}

/// The corners in clockwise order (y down).
fn clockwise(quad: &Quad) -> [Point; 4] {
    let [a, b, c, d] = quad.0;
    if quad.signed_area() >= 0.0 { [a, b, c, d] } else { [a, d, c, b] }
}

/// The corners in the order top left, top right, bottom right, bottom left as seen in the frame: clockwise,
/// beginning with the corner from which the next side runs most to the right.
pub(super) fn as_seen(corners: [Point; 4]) -> Quad {
    let p = clockwise(&Quad(corners));
    let rightward = |i: usize| {
        let (a, b) = (p[i % 4], p[(i + 1) % 4]);
        let (c, d) = (p[(i + 2) % 4], p[(i + 3) % 4]);
        let (dx, dy) = ((b.x - a.x) + (c.x - d.x), (b.y - a.y) + (c.y - d.y));
        dx / dx.hypot(dy).max(f32::EPSILON)
    };
    let first = (0..4).max_by(|&i, &j| rightward(i).total_cmp(&rightward(j))).unwrap_or(0);
    Quad([p[first], p[(first + 1) % 4], p[(first + 2) % 4], p[(first + 3) % 4]])
}

/// A line through two points.
pub(super) type Segment = (Point, Point);

/// Where two lines meet; `None` when they are parallel.
pub(super) fn meet(a: Segment, b: Segment) -> Option<Point> {
    let (dx, dy) = (a.1.x - a.0.x, a.1.y - a.0.y);
    let (ex, ey) = (b.1.x - b.0.x, b.1.y - b.0.y);
    let det = dx * ey - dy * ex;
    if det.abs() < 1e-6 {
        return None;
    }
    let t = ((b.0.x - a.0.x) * ey - (b.0.y - a.0.y) * ex) / det;
    Some(Point::new(a.0.x + t * dx, a.0.y + t * dy))
}

fn norm(v: [f32; 3]) -> f32 {
    (v[0] * v[0] + v[1] * v[1] + v[2] * v[2]).sqrt()
}

fn cross(a: [f32; 3], b: [f32; 3]) -> [f32; 3] {
    [a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]]
}

#[cfg(test)]
mod tests {
    use super::*;

    const FRAME: Size = Size { width: 1280, height: 720 };

    /// The picture of a rectangle of `aspect` turned by `yaw`, `pitch`, `roll` degrees, by a camera of `focal` px.
    fn seen(aspect: f32, yaw: f32, pitch: f32, roll: f32, focal: f32) -> Quad {
        let (sy, cy) = yaw.to_radians().sin_cos();
        let (sp, cp) = pitch.to_radians().sin_cos();
        let (sr, cr) = roll.to_radians().sin_cos();
        let corners = [(-1.0, -1.0), (1.0, -1.0), (1.0, 1.0), (-1.0, 1.0)];
        Quad(corners.map(|(u, v): (f32, f32)| {
            let (x, y) = (u * aspect / 2.0, v / 2.0);
            let (x, y) = (x * cr - y * sr, x * sr + y * cr);
            let (x, z) = (x * cy, x * sy);
            let (y, z) = (y * cp - z * sp, y * sp + z * cp);
            let depth = z + 2.2;
            Point::new(640.0 + focal * x / depth, 360.0 + focal * y / depth)
        }))
    }

    #[test]
    fn recovers_proportions_and_tilt_of_a_tilted_card() {
        let nominal = NOMINAL_FOCAL_RATIO * 1280.0;
        for (yaw, pitch, roll, focal) in [
            (0.0, 0.0, 0.0, nominal),
            (25.0, 0.0, 10.0, nominal),
            (0.0, 30.0, 0.0, nominal),
            (20.0, -20.0, 30.0, nominal),
            (30.0, 30.0, 0.0, 1.4 * nominal),
        ] {
            for aspect in [85.6 / 53.98, 125.0 / 88.0] {
                let pose = pose_of(&seen(aspect, yaw, pitch, roll, focal), FRAME);
                let tilt = (yaw.to_radians().cos() * pitch.to_radians().cos()).acos().to_degrees();
                assert!((pose.aspect_ratio - aspect).abs() < 0.02, "{yaw} {pitch} {focal}: {pose:?}");
                assert!((pose.tilt_deg - tilt).abs() < 1.5, "{yaw} {pitch} {focal}: {pose:?} not {tilt}");
            }
        }
    }

    #[test]
    fn a_quad_without_area_falls_back_to_side_ratios() {
        let line =
            Quad([Point::new(0.0, 0.0), Point::new(9.0, 0.0), Point::new(9.0, 0.0), Point::new(0.0, 0.0)]);
        assert_eq!(pose_of(&line, FRAME), Pose { aspect_ratio: 1.0, tilt_deg: 0.0 });
    }

    #[test]
    fn overlap_is_exact_for_squares_of_either_direction() {
        let square = |x: f32, y: f32| {
            [(x, y), (x + 2.0, y), (x + 2.0, y + 2.0), (x, y + 2.0)].map(|(x, y)| Point::new(x, y))
        };
        let a = Quad(square(0.0, 0.0));
        let [p, q, r, s] = square(1.0, 0.0);
        assert!((intersection_over_union(&a, &a) - 1.0).abs() < 1e-6);
        assert!((intersection_over_union(&a, &Quad([p, s, r, q])) - 1.0 / 3.0).abs() < 1e-6);
        assert_eq!(intersection_over_union(&a, &Quad(square(5.0, 5.0))), 0.0);
    }

    #[test]
    fn corners_start_top_left_as_seen() {
        let p = [(10.0, 12.0), (90.0, 4.0), (95.0, 60.0), (12.0, 66.0)].map(|(x, y)| Point::new(x, y));
        for start in 0..4 {
            let turned = [p[start], p[(start + 1) % 4], p[(start + 2) % 4], p[(start + 3) % 4]];
            let [a, b, c, d] = turned;
            assert_eq!(as_seen(turned), Quad(p));
            assert_eq!(as_seen([d, c, b, a]), Quad(p));
        }
    }
}
