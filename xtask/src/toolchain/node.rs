//! Node and npm.

use super::{Finding, debian, install_command};
use crate::process;
use anyhow::{Result, bail};

/// Oldest Node that the shell's build and tests run on: its test runner and `fetch` are stable from here.
const OLDEST: u32 = 20;

fn otherwise() -> &'static str {
    install_command("brew install node", "sudo apt-get install nodejs npm   (Node.js 20 or newer)")
}

fn version() -> Option<(u32, String)> {
    let text = process::ask("node", &["--version"])?;
    let major = text.trim_start_matches('v').split('.').next()?.parse().ok()?;
    Some((major, text))
}

/// Fails where Node is missing or too old; installs it where that can be done.
pub fn ensure() -> Result<()> {
    if version().is_none() || process::ask("npm", &["--version"]).is_none() {
        debian::install(&["nodejs", "npm"], "Node.js", otherwise())?;
    }
    match version() {
        Some((major, _)) if major >= OLDEST => Ok(()),
        Some((_, text)) => bail!("Node.js {text} is too old: {}", otherwise()),
        None => bail!("Node.js is missing: {}", otherwise()),
    }
}

/// For `doctor`.
pub fn findings() -> Vec<Finding> {
    let found = match version() {
        Some((major, text)) if major >= OLDEST => Ok(text),
        _ => Err(otherwise().to_owned()),
    };
    vec![Finding { name: "node", found }]
}
