//! Documents that reach out of the frame: three good sides that end at the frame's edge, around its middle.

use super::edges::EdgeMap;
use super::lines::Line;
use super::side::{NEAR_PX, Side};
use idv_protocol::{Point, Quad, Size};

/// Least share of each of the three sides that edges support.
const MIN_SUPPORT: f32 = 0.75;

/// Least consistency of the step of colour across each of the three sides.
const MIN_STEP: f32 = 0.8;

/// Least share of the frame within the sides: what lies at the rim is not what the user holds up.
const MIN_AREA_RATIO: f32 = 0.3;

/// How near to the frame's edge a corner is at it, in px of the shrunk frame.
const EDGE_PX: f32 = 1.5;

/// The four edges of a frame as lines, supported all along.
pub(super) fn frame_edges(size: Size) -> [Line; 4] {
    let (w, h) = (size.width as f32, size.height as f32);
    [
        Line::whole(1.0, 0.0, 0.0, Point::new(0.0, 0.0), h),
        Line::whole(1.0, 0.0, w, Point::new(w, 0.0), h),
        Line::whole(0.0, 1.0, 0.0, Point::new(w, 0.0), w),
        Line::whole(0.0, 1.0, h, Point::new(w, h), w),
    ]
}

/// Whether `quad`, in px of the shrunk frame, has one side on the frame's edge and looks like a document along
/// the other three.
pub(super) fn is_cut_off(map: &EdgeMap, quad: &Quad) -> bool {
    let (w, h) = (map.size.width as f32, map.size.height as f32);
    let on_edge = |a: Point, b: Point| {
        (a.x.max(b.x) <= EDGE_PX || a.x.min(b.x) >= w - EDGE_PX)
            || (a.y.max(b.y) <= EDGE_PX || a.y.min(b.y) >= h - EDGE_PX)
    };
    let middle = Point::new(w / 2.0, h / 2.0);
    let around_middle = (0..4).all(|i| {
        let (a, b) = (quad.0[i], quad.0[(i + 1) % 4]);
        let turn = (b.x - a.x) * (middle.y - a.y) - (b.y - a.y) * (middle.x - a.x);
        turn * quad.signed_area() > 0.0
    });
    if !around_middle || quad.signed_area().abs() < MIN_AREA_RATIO * w * h {
        return false;
    }
    let (mut edges, mut good) = (0, 0);
    for i in 0..4 {
        let (a, b) = (quad.0[i], quad.0[(i + 1) % 4]);
        if on_edge(a, b) {
            edges += 1;
            continue;
        }
        let side = Side::new(a, b, middle);
        good += usize::from(
            side.support(map, 0.0, 1.0).0 >= MIN_SUPPORT
                && side.colour_step(map, NEAR_PX).consistency >= MIN_STEP,
        );
    }
    (edges, good) == (1, 3)
}
