//! Node and npm.

use super::{Finding, debian};
use crate::process;
use anyhow::{Result, bail};

/// Oldest Node that the shell's build and tests run on: its test runner and `fetch` are stable from here.
const OLDEST: u32 = 20;
const OTHERWISE: &str = "install Node.js 20 or newer from nodejs.org or your package manager";

fn version() -> Option<(u32, String)> {
    let text = process::ask("node", &["--version"])?;
    let major = text.trim_start_matches('v').split('.').next()?.parse().ok()?;
    Some((major, text))
}

/// Fails where Node is missing or too old; installs it where that can be done.
pub fn ensure() -> Result<()> {
    if version().is_none() || process::ask("npm", &["--version"]).is_none() {
        debian::install(&["nodejs", "npm"], "Node.js", OTHERWISE)?;
    }
    match version() {
        Some((major, _)) if major >= OLDEST => Ok(()),
        Some((_, text)) => bail!("Node.js {text} is too old: {OTHERWISE}"),
        None => bail!("Node.js is missing: {OTHERWISE}"),
    }
}

/// For `doctor`.
pub fn findings() -> Vec<Finding> {
    let found = match version() {
        Some((major, text)) if major >= OLDEST => Ok(text),
        _ => Err(OTHERWISE.to_owned()),
    };
    vec![Finding { name: "node", found }]
}
