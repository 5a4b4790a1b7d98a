//! Fonts and pictures that set-up fetches; none of them is part of the repository.

use crate::error::{Error, ErrorKind};
use ab_glyph::FontVec;
use image::RgbImage;
use std::path::{Path, PathBuf};

/// Names the folder with the assets, in place of [`DEFAULT_DIR`].
pub const ASSETS_ENV: &str = "IDV_ASSETS";

/// Names the folder with the converted models, in place of [`DEFAULT_MODELS_DIR`].
pub const MODELS_ENV: &str = "IDV_MODELS";

/// Where set-up puts the assets.
pub const DEFAULT_DIR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/assets");

/// Where set-up puts the models.
pub const DEFAULT_MODELS_DIR: &str = concat!(env!("CARGO_MANIFEST_DIR"), "/../../target/models");

/// The fonts a document is printed with, and the folders everything else is read from.
pub struct Assets {
    dir: PathBuf,
    models_dir: PathBuf,
    /// OCR-B, for the machine-readable zone.
    pub ocr_b: FontVec,
    /// Text of labels.
    pub regular: FontVec,
    /// Text of headings and values.
    pub bold: FontVec,
}

impl Assets {
    /// Opens the folders of [`ASSETS_ENV`] and [`MODELS_ENV`], or the defaults. Fails with
    /// [`ErrorKind::AssetMissing`] when a font is not there; models are read when they are needed.
    pub fn open() -> Result<Self, Error> {
        let dir = std::env::var_os(ASSETS_ENV).map_or_else(|| DEFAULT_DIR.into(), PathBuf::from);
        let models = std::env::var_os(MODELS_ENV).map_or_else(|| DEFAULT_MODELS_DIR.into(), PathBuf::from);
        Self::open_at(&dir, &models)
    }

    /// Opens `dir` for fonts and pictures and `models_dir` for models.
    pub fn open_at(dir: &Path, models_dir: &Path) -> Result<Self, Error> {
        Ok(Self {
            ocr_b: font(&dir.join("fonts/OCR-B.ttf"))?,
            regular: font(&dir.join("fonts/DejaVuSans.ttf"))?,
            bold: font(&dir.join("fonts/DejaVuSans-Bold.ttf"))?,
            dir: dir.to_path_buf(),
            models_dir: models_dir.to_path_buf(),
        })
    }

    /// The folder with the models.
    pub fn models_dir(&self) -> &Path {
        &self.models_dir
    }

    /// The demo's person: the photograph that set-up fetches.
    pub fn portrait(&self) -> Result<RgbImage, Error> {
        photo(&self.dir.join("astronaut.png"))
    }

    /// The photograph `name` (with its ending) that set-up fetches.
    pub fn picture(&self, name: &str) -> Result<RgbImage, Error> {
        photo(&self.dir.join(name))
    }

    /// The background picture `name` (file name without its ending) in colour.
    pub fn background(&self, name: &str) -> Result<RgbImage, Error> {
        let folder = self.dir.join("backgrounds");
        let file = ["png", "jpg"].map(|ending| folder.join(format!("{name}.{ending}")));
        let found = file.iter().find(|path| path.is_file());
        photo(found.unwrap_or(&file[0]))
    }
}

/// Reads a photograph. Fails with [`ErrorKind::AssetMissing`] when it is not there or is no JPEG or PNG.
pub fn photo(path: &Path) -> Result<RgbImage, Error> {
    let bytes = read(path)?;
    let decoded = image::load_from_memory(&bytes).map_err(|error| unreadable(path, &error.to_string()))?;
    Ok(decoded.into_rgb8())
}

fn font(path: &Path) -> Result<FontVec, Error> {
    FontVec::try_from_vec(read(path)?).map_err(|error| unreadable(path, &error.to_string()))
}

fn read(path: &Path) -> Result<Vec<u8>, Error> {
    std::fs::read(path).map_err(|error| unreadable(path, &error.to_string()))
}

fn unreadable(path: &Path, reason: &str) -> Error {
    let message = format!(
        "cannot read {}: {reason}. `cargo xtask models` fetches it; {ASSETS_ENV} and {MODELS_ENV} name other folders",
        path.display()
    );
    Error::new(ErrorKind::AssetMissing, message)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_missing_font_is_named_with_its_remedy() {
        let error = Assets::open_at(Path::new("/nowhere"), Path::new("/nowhere")).err().expect("refused");
        assert_eq!(error.kind(), ErrorKind::AssetMissing);
        assert!(error.to_string().contains("OCR-B.ttf") && error.to_string().contains(ASSETS_ENV));
    }
}
