//! The TypeScript shell and the files of the package.

use crate::progress::Task;
use crate::{process, workspace};
use anyhow::Result;
use sha2::{Digest, Sha256};
use std::path::{Path, PathBuf};
use std::process::Command;

/// The folder of the hosted page.
pub fn hosted_page_dir() -> PathBuf {
    workspace::target("hosted-page")
}

/// Installs the npm packages of `folder` by its lock file, once for each lock file.
pub fn install_packages(folder: &Path) -> Result<()> {
    let lock = std::fs::read(folder.join("package-lock.json"))?;
    let digest = hex::encode(Sha256::digest(&lock));
    let stamp = folder.join("node_modules").join(".installed-lock-sha256");
    if std::fs::read_to_string(&stamp).is_ok_and(|text| text == digest) {
        return Ok(());
    }
    let task = Task::start(format!(
        "installing the npm packages of {}",
        folder.strip_prefix(workspace::root()).unwrap_or(folder).display()
    ));
    process::run_quietly(Command::new("npm").current_dir(folder).args(["ci", "--no-audit", "--no-fund"]))?;
    std::fs::write(stamp, digest)?;
    task.done("");
    Ok(())
}

/// Fills `pkg/edge`, the server's part of the package.
pub fn build_edge(edge: &Path) -> Result<()> {
    let www = workspace::root().join("www");
    install_packages(&www)?;
    process::run_quietly(
        Command::new("node")
            .current_dir(&www)
            .args(["build.mjs", "--edge"])
            .arg(edge)
            .arg("--edge-out")
            .arg(workspace::root().join("pkg/edge")),
    )?;
    Ok(())
}

/// Compiles the shell and fills `pkg/dist` and the hosted page's folder.
pub fn build(page: &Path, vision: &Path, barcode: &Path, models: &Path) -> Result<()> {
    let www = workspace::root().join("www");
    install_packages(&www)?;
    let task = Task::start("building the shell");
    process::run_quietly(
        Command::new("node")
            .current_dir(&www)
            .arg("build.mjs")
            .arg("--page")
            .arg(page)
            .arg("--vision")
            .arg(vision)
            .arg("--barcode")
            .arg(barcode)
            .arg("--models")
            .arg(models)
            .arg("--out")
            .arg(workspace::root().join("pkg/dist"))
            .arg("--demo-out")
            .arg(hosted_page_dir()),
    )?;
    task.done("");
    Ok(())
}
