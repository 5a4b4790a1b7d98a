//! Sides moved to where the colour steps most consistently along their whole length. Finds sides too faint for any
//! single edge pixel: what noise hides at one place shows in the mean of many.

use super::edges::EdgeMap;
use super::geometry::{Segment, meet};
use super::side::length_of;
use crate::frame::PLANE_SCALE;
use idv_protocol::{Point, Quad};

/// Places along a side.
const SAMPLES: usize = 48;

/// How far each end of a side is moved at most, in px of the shrunk frame: 3 px of the network's input.
const REACH: usize = 8;

/// Positions that are tried for each end.
const POSITIONS: usize = 2 * REACH + 1;

/// Distance to either side at which colours are compared, in px: beyond the blur of the planes.
const HALF_STEP_PX: f32 = 2.0;

/// Share of a side next to each corner that is left out: rounded corners of ID-1 cards.
const CORNER_SHARE: f32 = 0.07;

/// A step of so many grey levels counts half, so that a strong edge nearby does not outweigh a faint one that runs
/// all along.
const HALF_WEIGHT_LEVELS: f32 = 4.0;

/// What the farthest position loses against one in place.
const FAR_LOSS: f32 = 0.25;

/// `quad`, in px of the shrunk frame, with each side where the step across it is most consistent.
pub(super) fn snap(map: &EdgeMap, quad: &Quad) -> Quad {
    let sides = [0, 1, 2, 3].map(|i| snapped(map, quad.0[i], quad.0[(i + 1) % 4]));
    let mut corners = quad.0;
    for (i, corner) in corners.iter_mut().enumerate() {
        if let Some(p) = meet(sides[(i + 3) % 4], sides[i])
            && p.distance(*corner) < 3.0 * REACH as f32
        {
            *corner = p;
        }
    }
    let snapped = Quad(corners);
    if snapped.is_convex() { snapped } else { *quad }
}

fn snapped(map: &EdgeMap, from: Point, to: Point) -> Segment {
    let length = from.distance(to);
    if length < 4.0 * REACH as f32 {
        return (from, to);
    }
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let (nx, ny) = (-dy / length, dx / length);
    let place = |k: usize| CORNER_SHARE + (1.0 - 2.0 * CORNER_SHARE) * (k as f32 + 0.5) / SAMPLES as f32;
    let mut steps = [[[0f32; 3]; POSITIONS]; SAMPLES];
    for (k, row) in steps.iter_mut().enumerate() {
        let t = place(k);
        let (x, y) = (from.x + t * dx, from.y + t * dy);
        for (j, step) in row.iter_mut().enumerate() {
            let across = j as f32 - REACH as f32;
            let colour = |off: f32| map.colour_at(x + (across + off) * nx, y + (across + off) * ny);
            let (before, after) = (colour(-HALF_STEP_PX), colour(HALF_STEP_PX));
            let difference = [0, 1, 2].map(|c| after[c] - before[c]);
            let weight = 1.0 / (length_of(difference) + HALF_WEIGHT_LEVELS * f32::from(PLANE_SCALE));
            *step = difference.map(|value| value * weight);
        }
    }
    let (mut best, mut ends) = (0.0, (REACH, REACH));
    for first in 0..POSITIONS {
        for last in 0..POSITIONS {
            let mut sum = [0f32; 3];
            for (k, row) in steps.iter().enumerate() {
                let at = first as f32 + (last as f32 - first as f32) * place(k);
                if let Some(step) = row.get((at + 0.5) as usize) {
                    (0..3).for_each(|c| sum[c] += step[c]);
                }
            }
            let off = (first.abs_diff(REACH) + last.abs_diff(REACH)) as f32 / (2 * REACH) as f32;
            let value = length_of(sum) * (1.0 - FAR_LOSS * off);
            if value > best {
                (best, ends) = (value, (first, last));
            }
        }
    }
    let moved = |p: Point, end: usize| {
        let off = end as f32 - REACH as f32;
        Point::new(p.x + off * nx, p.y + off * ny)
    };
    (moved(from, ends.0), moved(to, ends.1))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::document::geometry::intersection_over_union;
    use crate::frame::{Planes, RgbaView};
    use idv_protocol::Size;

    /// A card three grey levels lighter than its table, under noise of as much.
    fn faint(card: &Quad) -> EdgeMap {
        let size = Size { width: 480, height: 360 };
        let mut state = 7u32;
        let mut data = Vec::new();
        for y in 0..size.height {
            for x in 0..size.width {
                let inside = (0..4).all(|i| {
                    let (a, b) = (card.0[i], card.0[(i + 1) % 4]);
                    (b.x - a.x) * (y as f32 + 0.5 - a.y) > (b.y - a.y) * (x as f32 + 0.5 - a.x)
                });
                state = state.wrapping_mul(1_664_525).wrapping_add(1_013_904_223);
                let noise = (state >> 24) as f32 / 255.0 * 10.0 - 5.0;
                let level = (180.0 + if inside { 3.0 } else { 0.0 } + noise).round() as u8;
                data.extend([level, level, level, 255]);
            }
        }
        let mut planes = Planes::default();
        planes.fill_from(RgbaView::new(&data, size).expect("a frame"), 480);
        let mut map = EdgeMap::default();
        map.fill_from(&planes);
        map
    }

    #[test]
    fn finds_sides_that_no_edge_pixel_shows() {
        let card = Quad(
            [(100.0, 80.0), (380.0, 95.0), (370.0, 280.0), (105.0, 270.0)].map(|(x, y)| Point::new(x, y)),
        );
        let map = faint(&card);
        let guess = Quad([0, 1, 2, 3].map(|i| {
            let off = [(4.0, -5.0), (-3.0, 4.0), (5.0, 3.0), (-4.0, -4.0)][i];
            Point::new(card.0[i].x + off.0, card.0[i].y + off.1)
        }));
        let before = intersection_over_union(&guess, &card);
        let after = intersection_over_union(&snap(&map, &guess), &card);
        assert!(before < 0.97 && after > 0.985, "{before} {after}");
    }

    #[test]
    fn leaves_sides_where_nothing_steps() {
        let card = Quad(
            [(100.0, 80.0), (380.0, 95.0), (370.0, 280.0), (105.0, 270.0)].map(|(x, y)| Point::new(x, y)),
        );
        let mut map = EdgeMap::default();
        let size = Size { width: 480, height: 360 };
        let data = vec![128; 480 * 360 * 4];
        let mut planes = Planes::default();
        planes.fill_from(RgbaView::new(&data, size).expect("a frame"), 480);
        map.fill_from(&planes);
        assert_eq!(snap(&map, &card), card);
    }
}
