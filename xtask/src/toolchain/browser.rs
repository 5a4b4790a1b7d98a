//! Chromium and its driver.

use super::{Finding, debian, install_command};
use crate::process;
use anyhow::{Context, Result};
use std::path::PathBuf;

/// Flags for a headless run as any user, with no connection of the browser's own.
pub const FLAGS: &[&str] = &[
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
    "--disable-dev-shm-usage",
];

const NAMES: &[&str] = &["chromium", "chromium-browser", "google-chrome-stable", "google-chrome", "chrome"];
const MAC: &[&str] = &[
    "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
    "/Applications/Chromium.app/Contents/MacOS/Chromium",
];

fn otherwise() -> &'static str {
    install_command(
        "brew install --cask chromium",
        "sudo apt-get install chromium   (or set IDV_CHROMIUM to its path)",
    )
}

fn driver_otherwise() -> &'static str {
    install_command("brew install --cask chromedriver", "sudo apt-get install chromium-driver")
}

/// The browser that is installed: `IDV_CHROMIUM`, or the first known one.
pub fn find() -> Option<PathBuf> {
    std::env::var_os("IDV_CHROMIUM")
        .map(PathBuf::from)
        .or_else(|| process::find_on_path(NAMES))
        .or_else(|| MAC.iter().map(PathBuf::from).find(|path| path.exists()))
}

/// The browser, installed where it is missing and can be.
pub fn ensure() -> Result<PathBuf> {
    if let Some(found) = find() {
        return Ok(found);
    }
    debian::install(&["chromium"], "a Chromium browser", otherwise())?;
    find().context("chromium was installed but is not on PATH")
}

/// The browser's WebDriver, installed where it is missing and can be.
pub fn ensure_driver() -> Result<PathBuf> {
    if let Some(found) = process::find_on_path(&["chromedriver"]) {
        return Ok(found);
    }
    debian::install(&["chromium-driver"], "chromedriver", driver_otherwise())?;
    process::find_on_path(&["chromedriver"])
        .context("chromium-driver was installed but chromedriver is not on PATH")
}

/// For `doctor`.
pub fn findings() -> Vec<Finding> {
    let browser = find()
        .map(|path| {
            let version = process::ask(&path.to_string_lossy(), &["--version"]).unwrap_or_default();
            format!("{} ({version})", path.display())
        })
        .ok_or_else(|| otherwise().to_owned());
    let driver = process::find_on_path(&["chromedriver"])
        .map(|path| path.display().to_string())
        .ok_or_else(|| driver_otherwise().to_owned());
    vec![Finding { name: "browser", found: browser }, Finding { name: "browser driver", found: driver }]
}
