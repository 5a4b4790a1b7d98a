//! Closing eyes: lids of their own are drawn down over the eyes, skin with the line of the lashes at its edge.

use super::find::Landmarks;
use super::rings::Vertex;
use crate::raster::Canvas;

/// Point of the upper lid, point of the lower lid it meets, the fold above it and the skin above that, and two points of
/// the skin below the eye, from corner to corner, by MediaPipe's canonical face model: the subject's right eye, then the
/// left.
const EYES: [[[usize; 6]; COLUMNS]; 2] = [
    [
        [130; 6],
        [246, 7, 247, 113, 25, 31],
        [161, 163, 30, 225, 110, 228],
        [160, 144, 29, 224, 24, 229],
        [159, 145, 27, 223, 23, 230],
        [158, 153, 28, 222, 22, 231],
        [157, 154, 56, 221, 26, 232],
        [173, 155, 190, 189, 112, 233],
        [243; 6],
    ],
    [
        [359; 6],
        [466, 249, 467, 342, 255, 261],
        [388, 390, 260, 445, 339, 448],
        [387, 373, 259, 444, 254, 449],
        [386, 374, 257, 443, 253, 450],
        [385, 380, 258, 442, 252, 451],
        [384, 381, 286, 441, 256, 452],
        [398, 382, 414, 413, 341, 453],
        [463; 6],
    ],
];

/// Points along a lid, and rows of them: the skin's two edges, then those of the lashes.
const COLUMNS: usize = 9;
const ROWS: usize = 4;

/// Where a lid begins, as a share of the way from the fold to the skin above, so that it hides the fold of an open eye
/// and not the brow.
const ABOVE: f32 = 0.3;

/// Where the lashes begin, as a share of the way to the lid's edge.
const LASHES_AT: f32 = 0.85;

/// How far the photographed lashes reach from the edge of the open lid to the fold.
const LASHES_UP: f32 = 0.3;

/// How much of the skin below the eye is taken, from far below it to its own edge.
const SKIN_TO: f32 = 0.8;

/// How dark the lashes are.
const LASHES_TONE: f32 = 0.85;

/// How far down a closed lid comes, as a share of the way to the lower lid: over its edge, so that nothing of the
/// eye is left.
const CLOSED_SHARE: f32 = 1.2;

/// How far the lid lies before the eye, in heights of the face.
const BEFORE_FACES: f32 = 0.014;

/// Adds the lids to a head whose first vertices are the points of the face, on `texture`. Returns where they begin.
pub(super) fn add_lids(
    texture: &Canvas,
    points: &Landmarks,
    vertices: &mut Vec<Vertex>,
    triangles: &mut Vec<[usize; 3]>,
) -> usize {
    let first = vertices.len();
    for (eye, lids) in EYES.iter().enumerate() {
        for [upper, _, fold, above, near, far] in lids {
            let at = |index: &usize| points[*index];
            // The skin is that below the eye: the lid's own lies folded in the photograph.
            let lashes = along(at(upper), at(fold), LASHES_UP);
            let rows = [at(far), along(at(far), at(near), SKIN_TO), lashes, at(upper)];
            // At its upper edge it has the shade of what it meets there.
            let [x, y, _] = top(at(fold), at(above));
            let shade = (luma(texture, x, y) / luma(texture, at(far)[0], at(far)[1])).clamp(0.4, 1.4);
            for ([u, v, _], tone) in rows.into_iter().zip([shade, 1.0, 1.0, LASHES_TONE]) {
                let uv = [u, v];
                vertices.push(Vertex { rest: points[*upper], uv, share: 1.0, normal: None, tone });
            }
        }
        let corner = |column: usize, row: usize| first + (eye * COLUMNS + column) * ROWS + row;
        for column in 0..COLUMNS - 1 {
            for row in [0, 2] {
                let (a, b) = (corner(column, row), corner(column + 1, row));
                triangles.push([a, b, b + 1]);
                triangles.push([a, b + 1, a + 1]);
            }
        }
    }
    first
}

/// Moves the lids of `points`, which begin at `first`: `closed` is 0 for open, 1 for closed eyes. `face_px` is the
/// height of the face.
pub(super) fn close(points: &mut [[f32; 3]], first: usize, closed: f32, face_px: f32) {
    let closed = closed.clamp(0.0, 1.0);
    for (index, [upper, lower, fold, above, ..]) in EYES.iter().flatten().enumerate() {
        let (upper, lower, top) = (points[*upper], points[*lower], top(points[*fold], points[*above]));
        let mut edge = along(upper, lower, CLOSED_SHARE * closed);
        edge[2] = upper[2].min(edge[2]) - BEFORE_FACES * face_px;
        let lashes = along(top, edge, LASHES_AT);
        let rows = [top, lashes, lashes, edge];
        for (row, drawn) in rows.into_iter().enumerate() {
            // An open eye has no lid to be seen.
            let at = if closed > 0.0 { drawn } else { upper };
            if let Some(point) = points.get_mut(first + index * ROWS + row) {
                *point = at;
            }
        }
    }
}

/// Brightness of `texture` at a place, never 0.
fn luma(texture: &Canvas, x: f32, y: f32) -> f32 {
    let [r, g, b, _] = texture.sample(x, y);
    (0.299 * r + 0.587 * g + 0.114 * b).max(0.01)
}

/// Where a lid begins.
fn top(fold: [f32; 3], above: [f32; 3]) -> [f32; 3] {
    along(fold, above, ABOVE)
}

fn along(from: [f32; 3], to: [f32; 3], share: f32) -> [f32; 3] {
    std::array::from_fn(|k| from[k] + (to[k] - from[k]) * share)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_lids_cover_the_eye_and_open_ones_are_not_there() {
        let mut face: Landmarks = [[0.0; 3]; 468];
        for [upper, lower, fold, above, ..] in EYES.iter().flatten().filter(|lid| lid[0] != lid[1]) {
            face[*upper] = [5.0, 10.0, 0.0];
            face[*lower] = [5.0, 22.0, 1.0];
            face[*fold] = [5.0, 4.0, 0.0];
            face[*above] = [5.0, 1.0, 0.0];
        }
        let (mut vertices, mut triangles) = (Vec::new(), Vec::new());
        assert_eq!(add_lids(&Canvas::clear(2, 2), &face, &mut vertices, &mut triangles), 0);
        let first = face.len();
        let mut points: Vec<[f32; 3]> = face.iter().copied().chain(vertices.iter().map(|v| v.rest)).collect();
        let middle = first + 4 * ROWS;
        close(&mut points, first, 1.0, 200.0);
        assert!(points[middle][1] < 4.0 && points[middle + 3][1] > 22.0, "{:?}", &points[middle..middle + 4]);
        assert!(points[middle + 3][2] < 0.0, "before the eye");
        close(&mut points, first, 0.0, 200.0);
        assert_eq!(points[middle], points[middle + 3]);
    }
}
