//! How far measured head poses lie from the poses that were drawn.

use idv_protocol::HeadPose;
use serde_json::{Value, json};

/// A drawn turn up to which a head counts as at rest, in degrees.
const REST_DEG: f64 = 2.0;

/// A drawn turn or nod from which a head counts as turned, in degrees.
const TURNED_DEG: f64 = 10.0;

/// Poses of one head, frame by frame: yaw and pitch in degrees, as drawn and as measured.
#[derive(Default)]
pub struct Poses {
    frames: Vec<[[f64; 2]; 2]>,
}

impl Poses {
    /// Takes a frame.
    pub fn see(&mut self, drawn: &HeadPose, measured: &HeadPose) {
        self.frames.push([drawn, measured].map(|pose| [pose.yaw_deg, pose.pitch_deg].map(f64::from)));
    }

    /// Absolute errors of yaw and of pitch, each against the same head at rest, in the frames in which the head has
    /// turned or nodded: `[median, largest]`; null where none did, or none was at rest.
    pub fn errors(&self) -> Value {
        let is_rest = |drawn: &[f64; 2]| drawn.iter().all(|angle| angle.abs() <= REST_DEG);
        let error = |axis: usize| {
            let at_rest = self.frames.iter().filter(|[drawn, _]| is_rest(drawn));
            let rest = median(at_rest.map(|[_, measured]| measured[axis]).collect())?;
            let turned = self.frames.iter().filter(|[drawn, _]| drawn[axis].abs() >= TURNED_DEG);
            let errors: Vec<f64> =
                turned.map(|[drawn, measured]| (measured[axis] - rest - drawn[axis]).abs()).collect();
            let largest = errors.iter().copied().fold(0.0, f64::max);
            Some(json!([median(errors)?, largest]))
        };
        json!({ "yaw": error(0), "pitch": error(1) })
    }
}

fn median(mut values: Vec<f64>) -> Option<f64> {
    values.sort_by(f64::total_cmp);
    values.get(values.len() / 2).copied()
}
