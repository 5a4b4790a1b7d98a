//! Something flat, in a hand or not: a page or a print, in space before whatever the frame already shows.

use super::Scratch;
use crate::camera::{BORDER_PX, Homography, Pinhole, Pose, Sprite};
use crate::raster::{Canvas, rounded_box, smoothstep};
use crate::scene::{Grip, hand_before, hand_behind};
use idv_protocol::Quad;

/// Time the shutter is open, in ms: indoor light.
const SHUTTER_MS: f64 = 12.0;

/// Motion in px that one pose covers without looking doubled, and most poses of one exposure.
const POSE_PX: f32 = 1.5;
const MOST_POSES: usize = 5;

/// What is drawn round the sheet at its left and top, for its shadow, in mm.
const START_MM: [f32; 2] = [-16.0, -14.0];

/// What is before the camera, and how it is held.
pub(super) struct Held<'a> {
    /// The picture on it, of any scale.
    pub picture: &'a Canvas,
    /// Width and height in mm.
    pub size_mm: (f32, f32),
    /// Radius of its corners in mm.
    pub corner_mm: f32,
    /// Where it is held, where it is.
    pub grip: Option<Grip>,
    /// Darkness, 0 to 1, of its shadow on what lies close behind it.
    pub shadow: f32,
}

/// A flat thing with the hand that may hold it, as one sprite.
pub(super) struct Sheet {
    sprite: Sprite,
    /// Width and height in mm.
    pub size_mm: (f32, f32),
    /// The camera it is seen by.
    pub pinhole: Pinhole,
}

impl Sheet {
    /// Draws `held` at `px_per_mm`, about the scale it is seen at by `pinhole`.
    pub(super) fn new(seed: u64, held: &Held<'_>, px_per_mm: f32, pinhole: Pinhole) -> Self {
        let Held { picture, size_mm, corner_mm, grip, shadow } = *held;
        let (width, height) = size_mm;
        let (right, bottom) = (
            grip.map_or(0.0, |grip| grip.at_mm[0] + grip.extent_mm[0]).max(width + 8.0),
            grip.map_or(0.0, |grip| grip.at_mm[1] + grip.extent_mm[1]).max(height + 14.0),
        );
        let columns = ((right - START_MM[0]) * px_per_mm) as usize;
        let rows = ((bottom - START_MM[1]) * px_per_mm) as usize;
        let mut whole = Canvas::clear(columns, rows);
        let to_px = |mm: [f32; 2]| [(mm[0] - START_MM[0]) * px_per_mm, (mm[1] - START_MM[1]) * px_per_mm];
        // Distance in mm to the sheet's edge from a pixel of the sprite.
        let edge = |x: f32, y: f32, radius: f32| {
            let (u, v) =
                (x / px_per_mm + START_MM[0] - width / 2.0, y / px_per_mm + START_MM[1] - height / 2.0);
            rounded_box(u, v, width / 2.0, height / 2.0, radius)
        };
        for (index, px) in whole.px.iter_mut().enumerate() {
            let (x, y) = ((index % columns) as f32 + 0.5, (index / columns) as f32 + 0.5);
            px[3] = shadow * smoothstep(8.0, -6.0, edge(x - 3.0 * px_per_mm, y - 4.5 * px_per_mm, 8.0));
        }
        let lay = |whole: &mut Canvas, sprite: &Sprite| {
            let [x, y] = to_px(sprite.origin_mm);
            whole.lay_canvas(&sprite.picture, x.round() as i32, y.round() as i32);
        };
        if let Some(grip) = grip {
            lay(&mut whole, &hand_behind(seed, grip, px_per_mm));
        }
        let [left, top] = to_px([0.0, 0.0]);
        let border = BORDER_PX as f32;
        let scale = picture.width as f32 / (width * px_per_mm);
        let (across, down) =
            ((width * px_per_mm + 2.0 * border).ceil(), (height * px_per_mm + 2.0 * border).ceil());
        let (x0, y0) = (left.floor() - border, top.floor() - border);
        let cut = [(x0 - left) * scale, (y0 - top) * scale, across * scale, down * scale];
        let mut flat = picture.resampled(cut, across as usize, down as usize);
        for (index, px) in flat.px.iter_mut().enumerate() {
            let (x, y) =
                ((index % across as usize) as f32 + 0.5 + x0, (index / across as usize) as f32 + 0.5 + y0);
            let inside = -edge(x, y, corner_mm) * px_per_mm;
            // The rim catches a little light.
            let rim = 1.0 + 0.05 * smoothstep(2.5, 0.5, inside);
            let cover = (inside + 0.5).clamp(0.0, 1.0);
            *px = [px[0] * rim * cover, px[1] * rim * cover, px[2] * rim * cover, cover];
        }
        whole.lay_canvas(&flat, x0 as i32, y0 as i32);
        if let Some(grip) = grip {
            lay(&mut whole, &hand_before(seed, grip, px_per_mm));
        }
        Self { sprite: Sprite { picture: whole, origin_mm: START_MM, px_per_mm }, size_mm, pinhole }
    }

    /// The sheet's corners in `pose`, in px of the frame.
    pub(super) fn quad(&self, pose: &Pose) -> Quad {
        self.pinhole.quad(pose, self.size_mm.0, self.size_mm.1)
    }

    /// Lays the sheet over the scratch frame as it moves while the shutter is open about `at_ms`; `light` gives
    /// the factor of its colours at a place in mm. Returns the map from mm to px in the middle of the exposure.
    pub(super) fn lay(
        &self,
        scratch: &mut Scratch,
        at_ms: f64,
        pose: impl Fn(f64) -> Pose,
        light: impl Fn(f32, f32) -> f32,
    ) -> Homography {
        let (width, height) = self.size_mm;
        let map = |at_ms: f64| Homography::from_rect([0.0, 0.0, width, height], &self.quad(&pose(at_ms)));
        let (opened, closed) =
            (self.quad(&pose(at_ms - SHUTTER_MS / 2.0)), self.quad(&pose(at_ms + SHUTTER_MS / 2.0)));
        let moved = opened.0.iter().zip(&closed.0).map(|(a, b)| a.distance(*b)).fold(0.0, f32::max);
        let poses = ((moved / POSE_PX).ceil() as usize).clamp(1, MOST_POSES);
        let maps: Vec<Homography> = (0..poses)
            .map(|index| map(at_ms + ((index as f64 + 0.5) / poses as f64 - 0.5) * SHUTTER_MS))
            .collect();
        self.sprite.lay_moving(&mut scratch.frame, &maps, light, &mut scratch.layer);
        map(at_ms)
    }
}
