//! A face that nobody has: the head of one photograph with a face between its own and another's.

use super::find::{Landmarks, Subject};
use super::raster::{Corner, triangle};
use crate::raster::{Canvas, blur_plane, mix, smoothstep};
use delaunator::{Point, triangulate};
use image::RgbImage;

/// How far the seam about the face fades, in widths of the face.
const SEAM_RATIO: f32 = 0.035;

/// Share of the other face's shape over the share of its colours: towards the edge none.
const SHAPE_RATIO: f32 = 0.8;

/// The photograph of `base` with a face that is `share` (0 to 1) that of `other`.
pub fn blend(base: &Subject, other: &Subject, share: f32) -> RgbImage {
    let photo = Canvas::from_image(&base.photo);
    let (from, to) = (&base.points, aligned(&other.points, &base.points));
    let (middle, reach) = extent(from);
    // The outline of the face stays where the head has it.
    let shape: Vec<[f32; 2]> = from
        .iter()
        .zip(&to)
        .map(|(a, b)| {
            let out = ((a[0] - middle[0]) / reach[0]).hypot((a[1] - middle[1]) / reach[1]);
            let pull = share * SHAPE_RATIO * smoothstep(0.95, 0.45, out);
            [a[0] + (b[0] - a[0]) * pull, a[1] + (b[1] - a[1]) * pull]
        })
        .collect();
    let points: Vec<Point> = shape.iter().map(|p| Point { x: f64::from(p[0]), y: f64::from(p[1]) }).collect();
    let triangles = triangulate(&points).triangles;
    let draw = |texture: &Canvas, uv: &Landmarks| {
        let mut layer = Canvas::clear(photo.width, photo.height);
        let mut depth = vec![f32::MAX; layer.px.len()];
        for corners in triangles.chunks_exact(3) {
            let corner =
                |id: usize| Corner { at: shape[id], z: 0.0, uv: [uv[id][0], uv[id][1]], light: 1.0, id };
            triangle(&mut layer, &mut depth, texture, [corners[0], corners[1], corners[2]].map(corner));
        }
        layer
    };
    let own = draw(&photo, from);
    let mut foreign = draw(&Canvas::from_image(&other.photo), &other.points);
    match_light(&mut foreign, &own);
    let cover = cover(&own, reach[0]);
    let mut out = photo;
    for (index, px) in out.px.iter_mut().enumerate() {
        let (a, b, cover) = (own.px[index], foreign.px[index], cover[index]);
        if cover > 0.0 {
            let face = mix([a[0], a[1], a[2]], [b[0], b[1], b[2]], share);
            (0..3).for_each(|k| px[k] += (face[k] - px[k]) * cover);
        }
    }
    out.to_image()
}

/// `points` moved, turned and scaled onto `onto` as well as a similarity can (least squares).
fn aligned(points: &Landmarks, onto: &Landmarks) -> Vec<[f32; 2]> {
    let count = points.len() as f32;
    let mean = |of: &Landmarks| of.iter().fold([0.0; 2], |m, p| [m[0] + p[0] / count, m[1] + p[1] / count]);
    let (from, to) = (mean(points), mean(onto));
    let (mut along, mut across, mut size) = (0.0, 0.0, 0.0);
    for (p, q) in points.iter().zip(onto.iter()) {
        let (x, y, u, v) = (p[0] - from[0], p[1] - from[1], q[0] - to[0], q[1] - to[1]);
        along += x * u + y * v;
        across += x * v - y * u;
        size += x * x + y * y;
    }
    let (c, s) = (along / size.max(1e-6), across / size.max(1e-6));
    points
        .iter()
        .map(|p| {
            let (x, y) = (p[0] - from[0], p[1] - from[1]);
            [to[0] + c * x - s * y, to[1] + s * x + c * y]
        })
        .collect()
}

/// Middle and half sizes of the face in px.
fn extent(points: &Landmarks) -> ([f32; 2], [f32; 2]) {
    let low = |k: usize| points.iter().map(|p| p[k]).fold(f32::MAX, f32::min);
    let high = |k: usize| points.iter().map(|p| p[k]).fold(f32::MIN, f32::max);
    let middle = [(low(0) + high(0)) / 2.0, (low(1) + high(1)) / 2.0];
    (middle, [(high(0) - middle[0]).max(1.0), (high(1) - middle[1]).max(1.0)])
}

/// Brings mean and contrast of each colour of `face` to those of `own`, where both are.
fn match_light(face: &mut Canvas, own: &Canvas) {
    for k in 0..3 {
        let statistics = |canvas: &Canvas| {
            let values = || canvas.px.iter().zip(&own.px).filter(|(_, o)| o[3] > 0.5).map(|(p, _)| p[k]);
            let count = values().count().max(1) as f32;
            let mean = values().sum::<f32>() / count;
            let deviation = (values().map(|v| (v - mean).powi(2)).sum::<f32>() / count).sqrt();
            (mean, deviation.max(1e-3))
        };
        let ((mean, deviation), (own_mean, own_deviation)) = (statistics(face), statistics(own));
        let gain = (own_deviation / deviation).clamp(0.6, 1.6);
        face.px.iter_mut().for_each(|px| px[k] = (own_mean + (px[k] - mean) * gain).clamp(0.0, 1.0));
    }
}

/// Where the face lies, fading inwards from its edge.
fn cover(face: &Canvas, half_width: f32) -> Vec<f32> {
    let mut plane: Vec<f32> = face.px.iter().map(|px| px[3]).collect();
    blur_plane(&mut plane, face.width, SEAM_RATIO * 2.0 * half_width);
    plane.iter_mut().for_each(|v| *v = smoothstep(0.55, 0.98, *v));
    plane
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_face_is_aligned_with_its_own_turned_and_scaled_copy() {
        let mut points: Landmarks = [[0.0; 3]; 468];
        for (index, p) in points.iter_mut().enumerate() {
            let angle = index as f32 * 0.7;
            *p = [100.0 + index as f32 * 0.2 * angle.cos(), 80.0 + index as f32 * 0.3 * angle.sin(), 0.0];
        }
        let mut moved = points;
        for p in &mut moved {
            *p = [20.0 + 1.5 * (p[0] * 0.8 - p[1] * 0.6), -7.0 + 1.5 * (p[0] * 0.6 + p[1] * 0.8), 0.0];
        }
        for (got, want) in aligned(&points, &moved).iter().zip(&moved) {
            assert!((got[0] - want[0]).hypot(got[1] - want[1]) < 0.05, "{got:?} for {want:?}");
        }
    }
}
