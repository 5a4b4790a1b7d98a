//! Faces. In: frames. Out: [`Face`]s with five points, a [`Mesh`] of 468, a head pose, an expression, a quality report; on the
//! operator's server also an [`Embedding`] to compare two faces by. Rule: every coordinate that leaves this
//! folder is in pixels of the frame it was found in.

mod cover;
mod crop;
mod detector;
mod embedding;
mod expression;
mod eyes;
mod input;
mod light;
mod mesh;
mod pose;
mod quality;
mod tracking;
mod watch;

pub use cover::Cover;
pub(crate) use crop::{Similarity, sample};
pub use detector::{DETECTOR_SIDE_PX, Face, FaceDetector, FaceDetectorParams, main_faces};
pub use embedding::{EMBEDDING_LEN, Embedder, Embedding};
pub use expression::{Baseline, BlinkCounter, EYES_CLOSED_RATIO, EYES_OPEN_RATIO, Expression, Rest};
pub(crate) use input::fill_pixels;
pub(crate) use mesh::at;
pub use mesh::{FaceMesh, MESH_POINTS, MESH_SIDE_PX, Mesh};
#[cfg(test)]
pub(crate) use pose::tests::head;
pub use pose::{head_pose, nose_offset};
pub use quality::{FaceQualityParams, Subject, fault_hint, measure_face};
pub use tracking::{FaceTracker, Tracked, TrackerParams};
pub use watch::{FaceWatch, Watched};
