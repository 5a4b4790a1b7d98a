//! Faces. In: frames. Out: [`Face`]s with five points, a [`Mesh`] of 468, a head pose, a quality report; on the
//! operator's server also an [`Embedding`] to compare two faces by. Rule: every coordinate that leaves this
//! folder is in pixels of the frame it was found in.

mod crop;
mod detector;
mod embedding;
mod input;
mod mesh;
mod pose;
mod quality;

pub(crate) use crop::sample;
pub use detector::{DETECTOR_SIDE_PX, Face, FaceDetector, FaceDetectorParams};
pub use embedding::{EMBEDDING_LEN, Embedder, Embedding};
pub(crate) use input::fill_pixels;
pub(crate) use mesh::at;
pub use mesh::{FaceMesh, MESH_POINTS, MESH_SIDE_PX, Mesh};
#[cfg(test)]
pub(crate) use pose::tests::head;
pub use pose::{head_pose, nose_offset};
pub use quality::{FaceQualityParams, main_faces, measure_face};
