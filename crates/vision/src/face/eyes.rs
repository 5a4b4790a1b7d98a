//! How much of the dark of an iris an eye shows. The points of the mesh follow a closing lid only part of the way; what
//! the lid hides is seen in the picture.

use super::mesh::{Mesh, at};
use crate::frame::RgbaView;
use idv_protocol::Point;

/// Corners of the subject's right and left eye, from left to right in the picture.
const CORNERS: [[usize; 2]; 2] =
    [[at::RIGHT_EYE_OUTER, at::RIGHT_EYE_INNER], [at::LEFT_EYE_INNER, at::LEFT_EYE_OUTER]];

/// The piece that is looked at, in samples: between the corners, and as far above and below their line as lids reach.
const COLUMNS: usize = 24;
const ROWS: usize = 17;

/// Where its columns begin and end, as shares of the way from corner to corner.
const BETWEEN: [f32; 2] = [0.08, 0.92];

/// Its height over the distance of the corners.
const HEIGHT_RATIO: f32 = 0.6;

/// What an open eye shows of an iris, in samples: 0.24 of the eye's width, 0.2 high. Lashes of a closed eye are as wide,
/// but a third as high.
const IRIS: (usize, usize) = (7, 6);

/// Samples at the sides, and above and below, that no iris reaches.
const EDGE: (usize, usize) = (3, 1);

/// Share of the samples that are darker than the skin around the eye.
const SKIN_SHARE: f32 = 0.8;

/// How dark the darkest patch of an iris's size is in each eye, against the skin around it: 0 as light, 1 black. About 0.7
/// in open eyes and a half of that in closed ones, whatever the tone of the skin.
pub(super) fn darkness(frame: RgbaView<'_>, mesh: &Mesh) -> [f32; 2] {
    CORNERS.map(|[right, left]| of_eye(frame, mesh.point(right), mesh.point(left)))
}

fn of_eye(frame: RgbaView<'_>, from: Point, to: Point) -> f32 {
    let (dx, dy) = (to.x - from.x, to.y - from.y);
    let mut piece = [[0.0f32; COLUMNS]; ROWS];
    for (j, row) in piece.iter_mut().enumerate() {
        let down = ((j as f32 + 0.5) / ROWS as f32 - 0.5) * HEIGHT_RATIO;
        for (i, value) in row.iter_mut().enumerate() {
            let along = BETWEEN[0] + (BETWEEN[1] - BETWEEN[0]) * (i as f32 + 0.5) / COLUMNS as f32;
            let [r, g, b] = frame.sample(from.x + along * dx - down * dy, from.y + along * dy + down * dx);
            *value = 0.299 * r + 0.587 * g + 0.114 * b;
        }
    }
    let mut sorted = piece;
    let sorted = sorted.as_flattened_mut();
    sorted.sort_by(f32::total_cmp);
    let skin = sorted[(sorted.len() as f32 * SKIN_SHARE) as usize].max(1.0);
    let mut darkest = f32::MAX;
    for rows in piece[EDGE.1..ROWS - EDGE.1].windows(IRIS.1) {
        for first in EDGE.0..=COLUMNS - EDGE.0 - IRIS.0 {
            let sum: f32 = rows.iter().flat_map(|row| &row[first..first + IRIS.0]).sum();
            darkest = darkest.min(sum);
        }
    }
    (1.0 - darkest / (IRIS.0 * IRIS.1) as f32 / skin).max(0.0)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::face::MESH_POINTS;
    use idv_protocol::Size;

    /// Darkness of an eye of 60 px whose iris of 24 px is seen `open` px high, on skin of this luma.
    fn eye(skin: u8, open: f32) -> f32 {
        let size = Size { width: 120, height: 80 };
        let data: Vec<u8> = (0..size.width * size.height)
            .flat_map(|i| {
                let (x, y) = ((i % size.width) as f32 - 60.0, (i / size.width) as f32 - 40.0);
                let iris = x.hypot(y) < 12.0 && y.abs() < open / 2.0;
                let value = if iris { skin / 5 } else { skin };
                [value, value, value, 255]
            })
            .collect();
        let mut mesh = Mesh { points: vec![[0.0; 3]; MESH_POINTS], score: 1.0 };
        for [right, left] in CORNERS {
            (mesh.points[right], mesh.points[left]) = ([30.0, 40.0, 0.0], [90.0, 40.0, 0.0]);
        }
        darkness(RgbaView::new(&data, size).expect("fits"), &mesh)[0]
    }

    #[test]
    fn an_iris_is_dark_and_lashes_are_not_whatever_the_skin() {
        for skin in [60, 120, 220] {
            assert!(eye(skin, 24.0) > 0.7, "{skin}: {}", eye(skin, 24.0));
            assert!(eye(skin, 4.0) < 0.5 * eye(skin, 24.0), "{skin}: {}", eye(skin, 4.0));
            assert!(eye(skin, 0.0) < 0.02);
        }
    }
}
