//! A face watched over a step: followed from frame to frame, held against its own rest.

use super::detector::{Face, FaceDetector};
use super::expression::{Baseline, Expression, Rest};
use super::mesh::{FaceMesh, Mesh};
use super::pose::head_pose;
use super::quality::{FaceQualityParams, Subject, measure_face};
use super::tracking::{FaceTracker, Tracked};
use crate::error::Error;
use crate::frame::RgbaView;
use idv_protocol::{CheckCode, QualityReport};

/// Without exactly one face for longer than this, in ms, whoever comes next may be somebody else. The script of the step
/// starts anew after the same time.
const FORGOTTEN_MS: f64 = 600.0;

/// Follows the face of a step and measures each frame.
#[derive(Debug, Default)]
pub struct FaceWatch {
    tracker: FaceTracker,
    baseline: Baseline,
    params: FaceQualityParams,
    alone_at_ms: f64,
}

/// One frame of a watched face.
#[derive(Clone, Debug, PartialEq)]
pub struct Watched {
    /// The faces, largest first, without those in the background.
    pub faces: Vec<Face>,
    /// The points of the largest, where the network is sure of them.
    pub mesh: Option<Mesh>,
    /// What the largest does, as far as its points are known.
    pub expression: Option<Expression>,
    /// The checks of the largest.
    pub quality: QualityReport,
    /// The person at rest, as far as it is known after this frame.
    pub rest: Option<Rest>,
}

impl FaceWatch {
    /// The faces of `frame`, taken at `at_ms` (monotonic), and how well they are shown. With `moves` the face is asked to
    /// move; frames without are those of its rest, as long as it looks straight into the camera. Fails with
    /// [`crate::ErrorKind::Inference`].
    pub fn look(
        &mut self,
        detector: &mut FaceDetector,
        mesh: &mut FaceMesh,
        frame: RgbaView<'_>,
        at_ms: f64,
        moves: bool,
    ) -> Result<Watched, Error> {
        let Tracked { faces, mesh, .. } = self.tracker.look(detector, mesh, frame, at_ms)?;
        if at_ms - self.alone_at_ms > FORGOTTEN_MS {
            self.baseline.clear();
        }
        if faces.len() == 1 {
            self.alone_at_ms = at_ms;
        }
        let rest = self.baseline.rest();
        let expression = mesh.as_ref().map(|mesh| Expression::seen(frame, mesh));
        let subject = Subject { faces: &faces, mesh: mesh.as_ref(), rest: rest.as_ref(), moves };
        let quality = measure_face(frame, &subject, &self.params);
        if let (Some(mesh), Some(expression), [_]) = (&mesh, expression, faces.as_slice())
            && !moves
            && is_rest(&quality)
        {
            self.baseline.add(expression, head_pose(mesh));
        }
        Ok(Watched { faces, mesh, expression, quality, rest: self.baseline.rest() })
    }
}

/// True when a frame shows the face at rest. Closed eyes belong to it: everybody blinks, and the baseline bears it.
fn is_rest(quality: &QualityReport) -> bool {
    quality.checks.iter().all(|check| check.passed || check.code == CheckCode::EyesOpen)
}
