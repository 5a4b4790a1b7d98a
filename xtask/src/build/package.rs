//! The npm package, packed and unpacked as its users get it.

use crate::progress::Task;
use crate::{process, workspace};
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Packs `pkg/` into `target/npm` and returns the tarball.
pub fn pack() -> Result<PathBuf> {
    let out = workspace::target("npm");
    std::fs::create_dir_all(&out)?;
    let pkg = workspace::root().join("pkg");
    for file in ["LICENSE-MIT", "LICENSE-APACHE", "NOTICE"] {
        std::fs::copy(workspace::root().join(file), pkg.join(file))?;
    }
    let text = process::run_quietly(
        Command::new("npm").current_dir(&pkg).args(["pack", "--json", "--pack-destination"]).arg(&out),
    )?;
    let listing: serde_json::Value = serde_json::from_str(&text).context("npm pack printed no JSON")?;
    let entry = if listing.is_array() {
        &listing[0]
    } else {
        listing.as_object().and_then(|map| map.values().next()).unwrap_or(&listing)
    };
    let name = entry["filename"].as_str().context("npm pack named no file")?;
    Ok(out.join(name))
}

/// Packs and unpacks into `site/package`, and puts the hosted page beside it, as `package/demo`. Returns `site`.
pub fn unpack(site: &Path, hosted_page: &Path) -> Result<PathBuf> {
    let task = Task::start("packing the npm package");
    let tarball = pack()?;
    let package = site.join("package");
    if package.exists() {
        std::fs::remove_dir_all(&package)?;
    }
    std::fs::create_dir_all(site)?;
    let file = std::fs::File::open(&tarball).with_context(|| tarball.display().to_string())?;
    tar::Archive::new(flate2::read::GzDecoder::new(file)).unpack(site)?;
    let demo = package.join("demo");
    std::fs::create_dir_all(&demo)?;
    for entry in std::fs::read_dir(hosted_page)? {
        let entry = entry?;
        std::fs::copy(entry.path(), demo.join(entry.file_name()))?;
    }
    task.done(&format!("{} KB", std::fs::metadata(&tarball)?.len() / 1024));
    Ok(site.to_path_buf())
}
