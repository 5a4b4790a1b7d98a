//! Finds the one face of a photograph and its points, with the engine's own models.

use crate::error::{Error, ErrorKind};
use idv_protocol::{PxRect, Size};
use idv_vision::face::{FaceDetector, FaceDetectorParams, FaceMesh, MESH_POINTS};
use idv_vision::frame::RgbaView;
use idv_vision::inference::{TractModel, load};
use image::RgbImage;
use serde::Deserialize;
use std::path::Path;

/// The points of MediaPipe's face mesh: x and y in px of the photograph, z in px too, smaller is nearer.
pub type Landmarks = [[f32; 3]; MESH_POINTS];

/// A photograph and the face in it.
pub struct Subject {
    /// The photograph.
    pub photo: RgbImage,
    /// Box of the face, from hairline to chin, in px of the photograph.
    pub face: PxRect,
    /// The points of the face.
    pub points: Box<Landmarks>,
}

#[derive(Deserialize)]
struct ModelEntry {
    name: String,
    file: String,
    sha256: String,
}

impl Subject {
    /// Finds the largest face of `photo` with the models of `models_dir`. Fails with
    /// [`ErrorKind::AssetMissing`] when a model is not there and with [`ErrorKind::FaceNotFound`] when no face
    /// is.
    pub fn find(photo: RgbImage, models_dir: &Path) -> Result<Self, Error> {
        let size = Size { width: photo.width(), height: photo.height() };
        let rgba: Vec<u8> = photo.pixels().flat_map(|p| [p[0], p[1], p[2], 255]).collect();
        let frame = RgbaView::new(&rgba, size)?;
        let not_found = || Error::new(ErrorKind::FaceNotFound, "the photograph shows no face");
        let mut detector =
            FaceDetector::new(model(models_dir, "face_detector")?, FaceDetectorParams::default())?;
        let first = detector.detect(frame)?.into_iter().next().ok_or_else(not_found)?;
        // The face may be small in the picture: its points are exact only in a closer look.
        let face = detector.refine(frame, &first)?.unwrap_or(first);
        let mesh = FaceMesh::new(model(models_dir, "face_mesh")?)?.fit(frame, &face)?;
        let points: Box<Landmarks> = mesh.points.into_boxed_slice().try_into().map_err(|_| not_found())?;
        Ok(Self { photo, face: face.rect, points })
    }
}

fn model(dir: &Path, name: &str) -> Result<Box<TractModel>, Error> {
    let missing = |reason: String| {
        Error::new(
            ErrorKind::AssetMissing,
            format!(
                "cannot read the model {name} in {}: {reason}. `cargo xtask models` converts it; {} names another folder",
                dir.display(),
                crate::assets::MODELS_ENV
            ),
        )
    };
    let list = std::fs::read(dir.join("models.json")).map_err(|error| missing(error.to_string()))?;
    let list: Vec<ModelEntry> = serde_json::from_slice(&list).map_err(|error| missing(error.to_string()))?;
    let entry = list
        .into_iter()
        .find(|entry| entry.name == name)
        .ok_or_else(|| missing("not in models.json".into()))?;
    let bytes = std::fs::read(dir.join(&entry.file)).map_err(|error| missing(error.to_string()))?;
    Ok(Box::new(load(&bytes, &entry.sha256)?))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn missing_models_are_named_with_their_remedy() {
        let photo = RgbImage::new(100, 100);
        let error = Subject::find(photo, Path::new("/nowhere")).err().expect("refused");
        assert_eq!(error.kind(), ErrorKind::AssetMissing);
        assert!(error.to_string().contains("face_detector") && error.to_string().contains("IDV_MODELS"));
    }
}
