//! The networks of the decision, loaded once.

use idv_protocol::PadSpec;
use idv_vision::document::CornerNet;
use idv_vision::face::{Embedder, FaceDetector, FaceDetectorParams, FaceMesh};
use idv_vision::inference::{TractModel, load};
use idv_vision::liveness::{PASSIVE_PAD, PassivePad};
use idv_vision::reading::mrz::{CorrectionParams, MrzReader};
use idv_vision::{Error, ErrorKind};
use serde::Deserialize;
use std::fmt;
use std::path::Path;
use std::sync::{Mutex, MutexGuard, PoisonError};

/// List of the models in their folder.
const MANIFEST_FILE: &str = "models.json";

#[derive(Deserialize)]
struct Entry {
    name: String,
    file: String,
    sha256: String,
    pad: Option<PadSpec>,
}

pub(super) struct Models {
    pub(super) detector: FaceDetector,
    pub(super) mesh: FaceMesh,
    pub(super) embedder: Embedder,
    pub(super) passive: Option<PassivePad>,
    pub(super) zone: MrzReader,
    pub(super) corners: CornerNet,
}

/// Judges submissions with one set of networks, one submission at a time.
pub struct Judge {
    models: Mutex<Models>,
}

impl Judge {
    /// Loads the models of `folder` by its `models.json`. `passive_pad` may be missing. Fails with
    /// [`ErrorKind::ModelMissing`], [`ErrorKind::ModelUnreadable`] or [`ErrorKind::ModelDigestMismatch`].
    pub fn load(folder: &Path) -> Result<Self, Error> {
        let manifest = read(folder, MANIFEST_FILE)?;
        let entries: Vec<Entry> = serde_json::from_slice(&manifest)
            .map_err(|error| Error::new(ErrorKind::ModelUnreadable, format!("{MANIFEST_FILE}: {error}")))?;
        let model = |name: &str| -> Result<Box<TractModel>, Error> {
            let entry = entries.iter().find(|entry| entry.name == name).ok_or_else(|| {
                Error::new(ErrorKind::ModelMissing, format!("{MANIFEST_FILE} names no {name}"))
            })?;
            Ok(Box::new(load(&read(folder, &entry.file)?, &entry.sha256)?))
        };
        let mut passive: Option<PassivePad> = None;
        for entry in entries.iter().filter(|entry| entry.name.starts_with(PASSIVE_PAD)) {
            let (network, spec) = (model(&entry.name)?, entry.pad.clone().unwrap_or_default());
            match &mut passive {
                Some(passive) => passive.add(&entry.name, network, spec)?,
                None => passive = Some(PassivePad::of(&entry.name, network, spec)?),
            }
        }
        let models = Models {
            detector: FaceDetector::new(model("face_detector")?, FaceDetectorParams::default())?,
            mesh: FaceMesh::new(model("face_mesh")?)?,
            embedder: Embedder::new(model("face_embedding")?)?,
            passive,
            zone: MrzReader::new(model("mrz_reader")?, CorrectionParams::default())?,
            corners: CornerNet::new(model("document_corners")?)?,
        };
        Ok(Self { models: Mutex::new(models) })
    }

    /// The networks. They hold scratch memory only, so one that failed half-way harms nothing.
    pub(super) fn lock(&self) -> MutexGuard<'_, Models> {
        self.models.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl fmt::Debug for Judge {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Judge").finish_non_exhaustive()
    }
}

fn read(folder: &Path, file: &str) -> Result<Vec<u8>, Error> {
    let path = folder.join(file);
    std::fs::read(&path)
        .map_err(|error| Error::new(ErrorKind::ModelMissing, format!("{}: {error}", path.display())))
}
