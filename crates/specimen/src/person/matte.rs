//! Cuts the person out of the photograph: head and shoulders with soft edges and without the old background's
//! colour in them.

use super::find::Landmarks;
use super::segment::{Prior, feathered, segment};
use crate::raster::{Canvas, blur, blur_plane, smoothstep};

/// Height of the face, in px, at which the outline is found: photographs are brought to it first.
const WORK_FACE_PX: f32 = 112.0;

/// Indices of the face mesh: middle of the hairline and lowest point of the chin, right and left cheek.
pub(super) const FOREHEAD: usize = 10;
pub(super) const CHIN: usize = 152;
pub(super) const RIGHT_CHEEK: usize = 234;
pub(super) const LEFT_CHEEK: usize = 454;

/// Height of a face from hairline to chin in px.
pub(super) fn face_height(points: &Landmarks) -> f32 {
    let (top, chin) = (points[FOREHEAD], points[CHIN]);
    (top[0] - chin[0]).hypot(top[1] - chin[1])
}

/// The person as a premultiplied cut-out in the frame of `picture` (any scale); `points` are the face's, in px
/// of `picture`.
pub(super) fn cut_out(picture: &Canvas, points: &Landmarks) -> Canvas {
    let scale = (face_height(points) / WORK_FACE_PX).max(0.25);
    let (width, height) = ((picture.width as f32 / scale) as usize, (picture.height as f32 / scale) as usize);
    let whole = [0.0, 0.0, picture.width as f32, picture.height as f32];
    let small = picture.resampled(whole, width.max(16), height.max(16));
    let place = Place::new(points, scale);
    let prior: Vec<Prior> = (0..small.px.len()).map(|index| place.prior(index, small.width)).collect();
    let share =
        segment(&small, &prior, place.middle[1] + ZONE * WORK_FACE_PX, |i| place.is_near(i, small.width));
    let soft = feathered(&small, &share, 1.6);
    // Only well inside the outline does a pixel have nothing of the background in it.
    let mut sure = soft.clone();
    blur_plane(&mut sure, small.width, 1.3);
    let clean = without_ground(&small, &soft, &sure);
    let sure = Canvas { px: sure.iter().map(|v| [*v; 4]).collect(), ..clean.clone() };
    let mut out = Canvas::clear(picture.width, picture.height);
    let columns = out.width;
    for (index, px) in out.px.iter_mut().enumerate() {
        let (x, y) = ((index % columns) as f32 + 0.5, (index / columns) as f32 + 0.5);
        let (u, v) = (x / scale, y / scale);
        let guess = clean.sample(u, v);
        let alpha = smoothstep(0.04, 0.96, guess[3]);
        // Inside, the photograph itself; towards the edge, the colour of the inside carried outwards.
        let inside = smoothstep(0.90, 0.99, sure.sample(u, v)[3]);
        let photo = picture.px[index];
        *px = [0, 1, 2, 3]
            .map(|k| if k == 3 { alpha } else { alpha * (guess[k] + (photo[k] - guess[k]) * inside) });
    }
    out
}

/// Share from which a pixel shows the person alone.
const SURE: f32 = 0.98;

/// Where head and arms part, in heights of the face below its middle.
const ZONE: f32 = 0.22;

/// The face's place in the picture: everything is told in heights of the face from its middle.
struct Place {
    middle: [f32; 2],
    half_width: f32,
}

impl Place {
    fn new(points: &Landmarks, scale: f32) -> Self {
        let at = |index: usize| [points[index][0] / scale, points[index][1] / scale];
        let (right, left) = (at(RIGHT_CHEEK), at(LEFT_CHEEK));
        Self {
            middle: [(right[0] + left[0]) / 2.0, (at(FOREHEAD)[1] + at(CHIN)[1]) / 2.0],
            half_width: (left[0] - right[0]).abs() / 2.0 / WORK_FACE_PX,
        }
    }

    /// Distance to the side, and below the middle.
    fn of(&self, index: usize, width: usize) -> (f32, f32) {
        let (x, y) = ((index % width) as f32 + 0.5, (index / width) as f32 + 0.5);
        ((x - self.middle[0]) / WORK_FACE_PX, (y - self.middle[1]) / WORK_FACE_PX)
    }

    fn prior(&self, index: usize, width: usize) -> Prior {
        let (x, y) = self.of(index, width);
        let side = x.abs();
        // The face's own oval, a little smaller, with the fringe of the hair; throat and chest below it.
        let face = (x / (self.half_width * 0.92)).powi(2) + (y / 0.52).powi(2) < 1.0;
        let fringe = side < 0.26 && (-0.60..0.0).contains(&y);
        let throat = side < 0.20 && (0.40..0.80).contains(&y);
        let chest = y > 0.70 && side < 0.24 + 0.5 * (y - 0.70).min(0.5);
        // Hair reaches at most this far out; shoulders lie below this line.
        let head = (x / 0.92).powi(2) + ((y + 0.12) / 1.02).powi(2) < 1.0;
        let shoulders = y > 0.20 && side < 0.98 + (y - 0.36) * 0.65;
        match (face || fringe || throat || chest, head || shoulders) {
            (true, _) => Prior::Person,
            (_, false) => Prior::Background,
            _ => Prior::Open,
        }
    }

    /// Near enough for its colour to say something of the person's outline.
    fn is_near(&self, index: usize, width: usize) -> bool {
        let (x, y) = self.of(index, width);
        x.abs() < if y < ZONE { 1.2 } else { 1.32 } && (-1.6..1.7).contains(&y)
    }
}

/// The colours of where `sure` is nearly 1 spread outwards, with `share` as alpha (not premultiplied).
fn without_ground(small: &Canvas, share: &[f32], sure: &[f32]) -> Canvas {
    let mut out = small.clone();
    // Wider and wider blurs of the inside alone; the narrowest that reaches a pixel gives its colour.
    let mut scratch = Vec::new();
    let mut known = vec![false; share.len()];
    for (index, px) in out.px.iter_mut().enumerate() {
        known[index] = sure[index] > SURE;
        px[3] = share[index];
    }
    for sigma in [1.2, 2.5, 5.0, 10.0, 20.0] {
        let mut spread = small.clone();
        for (px, sure) in spread.px.iter_mut().zip(sure) {
            let weight = if *sure > SURE { 1.0 } else { 0.0 };
            *px = [px[0] * weight, px[1] * weight, px[2] * weight, weight];
        }
        blur(&mut spread, sigma, &mut scratch);
        for (index, px) in spread.px.iter().enumerate() {
            if !known[index] && px[3] > 0.04 {
                known[index] = true;
                out.px[index] = [px[0] / px[3], px[1] / px[3], px[2] / px[3], share[index]];
            }
        }
    }
    out
}
