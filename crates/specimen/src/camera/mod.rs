//! A virtual camera. In: a canvas with what stands before it, and flat things in space. Out: frames as a
//! small sensor would give them. Rule: what moves is drawn again, what stands still is drawn once.

mod projective;
mod sensor;
mod warp;

pub use projective::{Homography, Pinhole, Pose, turn};
pub use sensor::{Exposure, Sensor, glare};
pub use warp::{BORDER_PX, Sprite};

/// Width in px of the frame for which blur and motion are given in px; on frames of another width they scale.
pub const REFERENCE_WIDTH_PX: f32 = 1280.0;

/// The tint of a camera whose white balance fits the light.
pub const NEUTRAL_TINT: [f32; 2] = [1.0, 1.0];

/// Length in px, on a frame of this width, of one px of the reference frame.
pub fn px_scale(width: usize) -> f32 {
    width as f32 / REFERENCE_WIDTH_PX
}
