//! The light on a face and behind it.

use super::crop::{Similarity, sample};
use super::detector::Face;
use crate::frame::RgbaView;

/// Side of the piece of the face in which light and sharpness are measured, in px: a fixed size, so that the
/// distance to the camera does not change what counts as sharp.
const MEASURED_SIDE_PX: usize = 96;

/// Luma that nine in ten of the face's pixels stay under: the parts that light falls on. It depends less on the tone of
/// the skin than the mean does, since every skin shines.
const LIT_SHARE: f32 = 0.9;

/// Points across and down a frame at which the background is looked at.
const BACKGROUND_POINTS: (usize, usize) = (32, 24);

/// Fewest of them from which it is judged: less than a twentieth of the frame is no background.
const MIN_BACKGROUND_POINTS: usize = 38;

/// Room for hair and ears around the face's box, over its width.
const HEAD_MARGIN_RATIO: f32 = 0.35;

/// Light in the middle of a face, and behind it.
pub(super) struct Light {
    /// Mean luma, 0 to 255.
    pub mean: f32,
    /// Luma of the lit parts.
    lit: f32,
    /// Mean luma of what is beside and above the head; `None` where the head leaves no room.
    background: Option<f32>,
    /// Mean square of the Laplacian over the variance of luma.
    pub sharpness: f32,
}

impl Light {
    pub fn of(frame: RgbaView<'_>, face: &Face) -> Self {
        const SIDE: usize = MEASURED_SIDE_PX;
        let to_frame = Similarity::of_square(face.centre(), face.rect.width, face.eye_angle(), SIDE as f32);
        let mut luma = [0.0f32; SIDE * SIDE];
        let mut levels = [0usize; 256];
        sample(
            frame,
            SIDE,
            to_frame.scale(),
            |x, y| to_frame.apply(x, y),
            |at, rgb| {
                luma[at] = luma_of(rgb);
                levels[luma[at] as usize & 255] += 1;
            },
        );
        let count = (SIDE * SIDE) as f32;
        let mean = luma.iter().sum::<f32>() / count;
        let variance = luma.iter().map(|value| (value - mean).powi(2)).sum::<f32>() / count;
        let mut energy = 0.0;
        for y in 1..SIDE - 1 {
            for x in 1..SIDE - 1 {
                let i = y * SIDE + x;
                let laplacian = luma[i - 1] + luma[i + 1] + luma[i - SIDE] + luma[i + SIDE] - 4.0 * luma[i];
                energy += laplacian * laplacian;
            }
        }
        energy /= ((SIDE - 2) * (SIDE - 2)) as f32;
        let mut under = 0;
        let lit = levels.iter().position(|level| {
            under += level;
            under as f32 >= LIT_SHARE * count
        });
        Self {
            mean,
            lit: lit.unwrap_or_default() as f32,
            background: background(frame, face),
            sharpness: energy / variance.max(1.0),
        }
    }

    /// Luma behind the head over that of the face's lit parts; `None` where the head leaves no room.
    pub fn backlight_ratio(&self) -> Option<f32> {
        self.background.map(|background| background / self.lit.max(1.0))
    }
}

/// Mean luma of what is beside and above the head: under it there are clothes.
fn background(frame: RgbaView<'_>, face: &Face) -> Option<f32> {
    let (columns, rows) = BACKGROUND_POINTS;
    let rect = &face.rect;
    let margin = HEAD_MARGIN_RATIO * rect.width;
    let (mut sum, mut count) = (0.0, 0);
    for i in 0..columns * rows {
        let x = ((i % columns) as f32 + 0.5) / columns as f32 * frame.size().width as f32;
        let y = ((i / columns) as f32 + 0.5) / rows as f32 * frame.size().height as f32;
        let beside = x < rect.x - margin || x > rect.x + rect.width + margin;
        if y < rect.y + rect.height && (beside || y < rect.y - margin) {
            sum += luma_of(frame.sample(x, y));
            count += 1;
        }
    }
    (count >= MIN_BACKGROUND_POINTS).then(|| sum / count as f32)
}

fn luma_of([red, green, blue]: [f32; 3]) -> f32 {
    0.299 * red + 0.587 * green + 0.114 * blue
}
