//! Where things lie in this repository.

use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_path_buf()
}

/// `target/` or a path below it.
pub fn target(path: &str) -> PathBuf {
    root().join("target").join(path)
}

/// The folder of real test data: `IDV_DATA`, where it is set.
pub fn data() -> Option<PathBuf> {
    std::env::var_os("IDV_DATA").map(PathBuf::from)
}
