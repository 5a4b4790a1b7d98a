//! A virtual camera. In: a canvas with what stands before it, and flat things in space. Out: frames as a
//! small sensor would give them. Rule: what moves is drawn again, what stands still is drawn once.

mod projective;
mod sensor;
mod warp;

pub use projective::{Homography, Pinhole, Pose, turn};
pub use sensor::{Exposure, Sensor, glare};
pub use warp::{BORDER_PX, Sprite};
