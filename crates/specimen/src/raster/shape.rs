//! Signed distances of simple shapes, below 0 inside, and ramps between values.

/// Distance in px from `x`, `y` to a box of half sizes `half_width`, `half_height` about the origin whose
/// corners are rounded by `radius`; below 0 inside.
#[inline]
pub fn rounded_box(x: f32, y: f32, half_width: f32, half_height: f32, radius: f32) -> f32 {
    let (qx, qy) = (x.abs() - half_width + radius, y.abs() - half_height + radius);
    qx.max(0.0).hypot(qy.max(0.0)) + qx.max(qy).min(0.0) - radius
}

/// Distance from `p` to the segment from `a` to `b`, and where along it the nearest point lies (0 to 1).
#[inline]
pub fn segment(p: [f32; 2], a: [f32; 2], b: [f32; 2]) -> (f32, f32) {
    let (dx, dy) = (b[0] - a[0], b[1] - a[1]);
    let (px, py) = (p[0] - a[0], p[1] - a[1]);
    let along = ((px * dx + py * dy) / (dx * dx + dy * dy).max(1e-9)).clamp(0.0, 1.0);
    ((px - dx * along).hypot(py - dy * along), along)
}

/// 0 below `from`, 1 above `to`, smooth between; `from` may lie above `to`.
#[inline]
pub fn smoothstep(from: f32, to: f32, value: f32) -> f32 {
    let t = ((value - from) / (to - from)).clamp(0.0, 1.0);
    t * t * (3.0 - 2.0 * t)
}

/// The colour `share` (0 to 1) of the way from `a` to `b`.
#[inline]
pub fn mix(a: [f32; 3], b: [f32; 3], share: f32) -> [f32; 3] {
    [0, 1, 2].map(|c| a[c] + (b[c] - a[c]) * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_rounded_box_is_where_its_sides_are() {
        assert!((rounded_box(10.0, 0.0, 10.0, 5.0, 2.0)).abs() < 1e-5);
        assert!((rounded_box(0.0, 8.0, 10.0, 5.0, 2.0) - 3.0).abs() < 1e-5);
        assert!(rounded_box(10.0, 5.0, 10.0, 5.0, 2.0) > 0.5, "the corner is cut");
        assert!(rounded_box(0.0, 0.0, 10.0, 5.0, 2.0) < -4.0);
    }

    #[test]
    fn a_smoothstep_runs_both_ways() {
        assert_eq!(smoothstep(1.0, 3.0, 0.0), 0.0);
        assert_eq!(smoothstep(3.0, 1.0, 0.0), 1.0);
        assert!((smoothstep(1.0, 3.0, 2.0) - 0.5).abs() < 1e-6);
    }
}
