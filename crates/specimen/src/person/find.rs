//! Finds the one face of a photograph and its points, with the engine's own models.

use crate::error::{Error, ErrorKind};
use idv_protocol::{PxRect, Size};
use idv_vision::face::{Face, FaceDetector, FaceDetectorParams, FaceMesh, MESH_POINTS};
use idv_vision::frame::RgbaView;
use idv_vision::inference::{TractModel, load};
use image::RgbImage;
use image::imageops::crop_imm;
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
        let not_found = || Error::new(ErrorKind::FaceNotFound, "the photograph shows no face");
        let mut detector =
            FaceDetector::new(model(models_dir, "face_detector")?, FaceDetectorParams::default())?;
        let mut mesh = FaceMesh::new(model(models_dir, "face_mesh")?)?;
        let mut look = |picture: &RgbImage| -> Result<Option<Face>, Error> {
            Ok(detector.detect(Pixels::of(picture).view()?)?.into_iter().next())
        };
        let first = look(&photo)?.ok_or_else(not_found)?;
        // The face may be small in the picture: its points are exact only in a closer look.
        let (width, height) = (photo.width() as f32, photo.height() as f32);
        let side = (first.long_side_px() * CLOSER_RATIO).min(width).min(height);
        let x = (first.centre().x - side / 2.0).clamp(0.0, width - side).floor();
        let y = (first.centre().y - side / 2.0).clamp(0.0, height - side).floor();
        let closer = crop_imm(&photo, x as u32, y as u32, side as u32, side as u32).to_image();
        let mut face = look(&closer)?.ok_or_else(not_found)?;
        let mesh = mesh.fit(Pixels::of(&closer).view()?, &face)?;
        let mut points: Box<Landmarks> =
            mesh.points.into_boxed_slice().try_into().map_err(|_| not_found())?;
        points.iter_mut().for_each(|p| *p = [p[0] + x, p[1] + y, p[2]]);
        face.rect.x += x;
        face.rect.y += y;
        Ok(Self { photo, face: face.rect, points })
    }
}

/// Side of the closer look over the longer side of the face.
const CLOSER_RATIO: f32 = 2.2;

/// A picture as the engine takes frames.
struct Pixels {
    rgba: Vec<u8>,
    size: Size,
}

impl Pixels {
    fn of(picture: &RgbImage) -> Self {
        let rgba = picture.pixels().flat_map(|p| [p[0], p[1], p[2], 255]).collect();
        Self { rgba, size: Size { width: picture.width(), height: picture.height() } }
    }

    fn view(&self) -> Result<RgbaView<'_>, Error> {
        Ok(RgbaView::new(&self.rgba, self.size)?)
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
