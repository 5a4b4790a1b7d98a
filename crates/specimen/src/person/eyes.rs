//! Closing eyes: the upper lids of the mesh are drawn down over the eyes.

/// Upper lid, the point of the lower lid it meets, and the fold above it, from corner to corner, by
/// MediaPipe's canonical face model: the subject's right eye, then the left.
const LIDS: [[usize; 3]; 14] = [
    [246, 7, 247],
    [161, 163, 30],
    [160, 144, 29],
    [159, 145, 27],
    [158, 153, 28],
    [157, 154, 56],
    [173, 155, 190],
    [466, 249, 467],
    [388, 390, 260],
    [387, 373, 259],
    [386, 374, 257],
    [385, 380, 258],
    [384, 381, 286],
    [398, 382, 414],
];

/// How far down a closed upper lid comes, and how far the fold above follows it, as shares of the way.
const CLOSED_SHARE: f32 = 0.92;
const FOLD_SHARE: f32 = 0.40;

/// Moves the lids of `points` (the first 468 are the face's): `closed` is 0 for open, 1 for closed eyes.
pub(super) fn close(points: &mut [[f32; 3]], closed: f32) {
    if closed <= 0.0 {
        return;
    }
    for [upper, lower, fold] in LIDS {
        let (from, to) = (points[upper], points[lower]);
        for k in 0..3 {
            let way = (to[k] - from[k]) * CLOSED_SHARE * closed.min(1.0);
            points[upper][k] += way;
            points[fold][k] += way * FOLD_SHARE;
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn closed_lids_meet() {
        let mut points = vec![[0.0; 3]; 468];
        for [upper, lower, fold] in LIDS {
            points[upper] = [5.0, 10.0, 0.0];
            points[lower] = [5.0, 22.0, 1.0];
            points[fold] = [5.0, 4.0, 0.0];
        }
        close(&mut points, 1.0);
        assert!((points[159][1] - points[145][1]).abs() < 1.5);
        assert!(points[27][1] > 4.0 && points[27][1] < points[159][1]);
    }
}
