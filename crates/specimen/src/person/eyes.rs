//! Closing eyes: lids of their own are drawn down over the eyes, skin with the line of the lashes at its edge.

use super::find::Landmarks;
use super::rings::Vertex;

/// Point of the upper lid, point of the lower lid it meets and the fold above it, from corner to corner, by
/// MediaPipe's canonical face model: the subject's right eye, then the left.
const EYES: [[[usize; 3]; COLUMNS]; 2] = [
    [
        [33, 33, 33],
        [246, 7, 247],
        [161, 163, 30],
        [160, 144, 29],
        [159, 145, 27],
        [158, 153, 28],
        [157, 154, 56],
        [173, 155, 190],
        [133, 133, 133],
    ],
    [
        [263, 263, 263],
        [466, 249, 467],
        [388, 390, 260],
        [387, 373, 259],
        [386, 374, 257],
        [385, 380, 258],
        [384, 381, 286],
        [398, 382, 414],
        [362, 362, 362],
    ],
];

/// Points along a lid, and rows of them: above the fold, above the lashes, at the lid's edge.
const COLUMNS: usize = 9;
const ROWS: usize = 3;

/// Where a lid begins, and where its photographed skin ends, as shares of the way from fold to edge: what lies
/// between fold and edge of an open eye is in the shade of the lashes.
const SKIN: [f32; 2] = [-1.3, -0.45];

/// Where the lashes of a closed lid begin, likewise.
const LASHES_AT: f32 = 0.82;

/// How far down a closed lid comes, as a share of the way to the lower lid: over its edge, so that nothing of the
/// eye is left.
const CLOSED_SHARE: f32 = 1.12;

/// How far the lid lies before the eye, in heights of the face.
const BEFORE_FACES: f32 = 0.014;

/// Adds the lids to a head whose first vertices are the points of the face. Returns where they begin.
pub(super) fn add_lids(
    points: &Landmarks,
    vertices: &mut Vec<Vertex>,
    triangles: &mut Vec<[usize; 3]>,
) -> usize {
    let first = vertices.len();
    for (eye, lids) in EYES.iter().enumerate() {
        for [upper, _, fold] in lids {
            let (fold, edge) = (points[*fold], points[*upper]);
            for share in [SKIN[0], SKIN[1], 1.0] {
                let uv = [0, 1].map(|k| fold[k] + (edge[k] - fold[k]) * share);
                vertices.push(Vertex { rest: points[*upper], uv, share: 1.0, normal: None, tone: 1.0 });
            }
        }
        let corner = |column: usize, row: usize| first + (eye * COLUMNS + column) * ROWS + row;
        for column in 0..COLUMNS - 1 {
            for row in 0..ROWS - 1 {
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
    for (index, [upper, lower, fold]) in EYES.iter().flatten().enumerate() {
        let (upper, lower, fold) = (points[*upper], points[*lower], points[*fold]);
        let along = |from: [f32; 3], to: [f32; 3], share: f32| -> [f32; 3] {
            std::array::from_fn(|k| from[k] + (to[k] - from[k]) * share)
        };
        let mut edge = along(upper, lower, CLOSED_SHARE * closed);
        edge[2] = upper[2].min(edge[2]) - BEFORE_FACES * face_px;
        let rows = [along(fold, upper, SKIN[0]), along(fold, edge, LASHES_AT), edge];
        for (row, drawn) in rows.into_iter().enumerate() {
            // An open eye has no lid to be seen.
            let at = if closed > 0.0 { drawn } else { upper };
            if let Some(point) = points.get_mut(first + index * ROWS + row) {
                *point = at;
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_lids_cover_the_eye_and_open_ones_are_not_there() {
        let mut face: Landmarks = [[0.0; 3]; 468];
        for [upper, lower, fold] in EYES.iter().flatten().filter(|lid| lid[0] != lid[1]) {
            face[*upper] = [5.0, 10.0, 0.0];
            face[*lower] = [5.0, 22.0, 1.0];
            face[*fold] = [5.0, 4.0, 0.0];
        }
        let (mut vertices, mut triangles) = (Vec::new(), Vec::new());
        assert_eq!(add_lids(&face, &mut vertices, &mut triangles), 0);
        let first = face.len();
        let mut points: Vec<[f32; 3]> = face.iter().copied().chain(vertices.iter().map(|v| v.rest)).collect();
        let middle = first + 4 * ROWS;
        close(&mut points, first, 1.0, 200.0);
        assert!(points[middle][1] < 4.0 && points[middle + 2][1] > 22.0, "{:?}", &points[middle..middle + 3]);
        assert!(points[middle + 2][2] < 0.0, "before the eye");
        close(&mut points, first, 0.0, 200.0);
        assert_eq!(points[middle], points[middle + 2]);
    }
}
