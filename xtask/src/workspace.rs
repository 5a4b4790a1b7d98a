//! Where things lie in this repository.

use anyhow::{Context, Result};
use std::ffi::OsString;
use std::path::{Path, PathBuf};

/// The root of the repository.
pub fn root() -> PathBuf {
    let manifest = Path::new(env!("CARGO_MANIFEST_DIR"));
    manifest.parent().unwrap_or(manifest).to_path_buf()
}

/// A path below cargo's target folder: `CARGO_TARGET_DIR`, where it is set (relative to the root, where every
/// cargo here is started), else `target/`.
pub fn target(path: &str) -> PathBuf {
    target_in(&root(), std::env::var_os("CARGO_TARGET_DIR")).join(path)
}

fn target_in(root: &Path, set: Option<OsString>) -> PathBuf {
    // An absolute path takes the place of the root.
    root.join(set.filter(|folder| !folder.is_empty()).unwrap_or_else(|| "target".into()))
}

/// The folder of real test data: `IDV_DATA`, where it is set. Absolute, since tests run in their packages' folders.
pub fn data() -> Result<Option<PathBuf>> {
    let Some(folder) = std::env::var_os("IDV_DATA") else { return Ok(None) };
    let folder = PathBuf::from(folder);
    let found = folder.canonicalize();
    found.map(Some).with_context(|| format!("IDV_DATA names {}, which is not there", folder.display()))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_target_folder_is_where_cargo_puts_it() {
        let root = Path::new("/repo");
        let target = |set: Option<&str>| target_in(root, set.map(OsString::from));
        assert_eq!(target(None), Path::new("/repo/target"));
        assert_eq!(target(Some("")), Path::new("/repo/target"));
        assert_eq!(target(Some("out")), Path::new("/repo/out"));
        assert_eq!(target(Some("/fast/out")), Path::new("/fast/out"));
    }
}
