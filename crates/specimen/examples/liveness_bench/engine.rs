//! The engine and its models, as set-up converts them.

use anyhow::{Context, Result};
use idv_protocol::Size;
use idv_specimen::Assets;
use idv_vision::Engine;
use idv_vision::face::{Embedder, FaceDetector, FaceDetectorParams, FaceMesh};
use idv_vision::frame::RgbaView;
use idv_vision::inference::{TractModel, load};
use idv_vision::liveness::PassivePad;
use image::RgbImage;
use serde_json::Value;

/// Probability by still pictures (`liveness::live_probability`) below which a presentation is taken for an attack.
pub const LIVE_MIN: f32 = 0.5;

/// The models of a set-up.
pub struct Models {
    folder: std::path::PathBuf,
    list: Vec<Value>,
}

impl Models {
    /// Reads the list of the models of `assets`.
    pub fn open(assets: &Assets) -> Result<Self> {
        let folder = assets.models_dir().to_path_buf();
        let list = std::fs::read(folder.join("models.json"))
            .with_context(|| format!("no models.json in {}: run cargo xtask models", folder.display()))?;
        Ok(Self { folder, list: serde_json::from_slice(&list).context("models.json is no list")? })
    }

    fn bytes(&self, name: &str) -> Result<(Vec<u8>, String)> {
        let entry = self.list.iter().find(|entry| entry["name"] == name);
        let entry = entry.with_context(|| format!("models.json has no {name}"))?;
        let (file, sha256) =
            entry["file"].as_str().zip(entry["sha256"].as_str()).context("a broken entry")?;
        let bytes = std::fs::read(self.folder.join(file)).with_context(|| format!("cannot read {file}"))?;
        Ok((bytes, sha256.to_owned()))
    }

    fn model(&self, name: &str) -> Result<Box<TractModel>> {
        let (bytes, sha256) = self.bytes(name)?;
        Ok(Box::new(load(&bytes, &sha256)?))
    }

    /// An engine with what the face step needs.
    pub fn engine(&self) -> Result<Engine> {
        let mut engine = Engine::new();
        for name in ["face_detector", "face_mesh", "passive_pad"] {
            let (bytes, sha256) = self.bytes(name)?;
            engine.load_model(name, &bytes, &sha256)?;
        }
        Ok(engine)
    }

    /// What finds faces.
    pub fn detector(&self) -> Result<FaceDetector> {
        Ok(FaceDetector::new(self.model("face_detector")?, FaceDetectorParams::default())?)
    }

    /// What finds their points.
    pub fn mesh(&self) -> Result<FaceMesh> {
        Ok(FaceMesh::new(self.model("face_mesh")?)?)
    }

    /// What scores their texture.
    pub fn passive(&self) -> Result<PassivePad> {
        Ok(PassivePad::new(self.model("passive_pad")?)?)
    }

    /// What compares them, as on the operator's server.
    pub fn embedder(&self) -> Result<Embedder> {
        Ok(Embedder::new(self.model("face_embedding")?)?)
    }
}

/// A picture as the engine takes frames.
pub struct Pixels {
    rgba: Vec<u8>,
    size: Size,
}

impl Pixels {
    /// The pixels of `picture`.
    pub fn of(picture: &RgbImage) -> Self {
        let rgba = picture.pixels().flat_map(|p| [p[0], p[1], p[2], 255]).collect();
        Self { rgba, size: Size { width: picture.width(), height: picture.height() } }
    }

    /// The frame.
    pub fn view(&self) -> Result<RgbaView<'_>> {
        Ok(RgbaView::new(&self.rgba, self.size)?)
    }
}
