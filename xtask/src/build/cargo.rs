//! Cargo with a progress bar, and the native programs.

use crate::progress::Task;
use crate::{process, workspace};
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The native programs of this repository.
pub struct Programs {
    /// The operator and the vendors.
    pub sandbox: PathBuf,
    /// The customer's server.
    pub customer: PathBuf,
    /// The recorded camera.
    pub specimen: PathBuf,
    /// Reads the zones of labelled pictures.
    pub read_zones: PathBuf,
    /// Fetches and converts models, pictures and fonts.
    pub convert: PathBuf,
}

/// What every native build selects. Always the same, because another selection has other features of shared
/// dependencies, and cargo would build the inference engine again for each.
pub const SELECTION: &[&str] = &["--workspace", "--exclude", "xtask", "--features", "idv-edge/native"];

/// Builds the native programs.
pub fn programs() -> Result<Programs> {
    let mut command = Command::new("cargo");
    command.current_dir(workspace::root()).arg("build").args(SELECTION).arg("--bins");
    with_progress(command, "building the native programs", SELECTION)?;
    let program =
        |name: &str| workspace::target("debug").join(format!("{name}{}", std::env::consts::EXE_SUFFIX));
    Ok(Programs {
        sandbox: program("idv-sandbox"),
        customer: program("customer"),
        specimen: program("specimen"),
        read_zones: program("read-zones"),
        convert: program("xtask-convert"),
    })
}

/// Runs a cargo build with a bar that counts finished crates against those that `selection` depends on.
pub fn with_progress(mut command: Command, name: &str, selection: &[&str]) -> Result<()> {
    let total = count_crates(selection).max(1);
    let shown = process::shown(&command);
    let task = Task::start(name);
    let mut child = command
        .args(["--message-format", "json-render-diagnostics", "--quiet"])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("could not start `{shown}`"))?;
    let stdout = child.stdout.take().context("cargo has no output")?;
    let mut finished = 0usize;
    for line in BufReader::new(stdout).lines() {
        let Ok(message) = serde_json::from_str::<serde_json::Value>(&line?) else { continue };
        if message["reason"] == "compiler-artifact" {
            finished += 1;
            task.at(finished as f64 / total as f64, message["target"]["name"].as_str().unwrap_or_default());
        }
    }
    if !child.wait()?.success() {
        bail!("`{shown}` failed");
    }
    task.done("");
    Ok(())
}

fn count_crates(selection: &[&str]) -> usize {
    let mut args = vec!["tree", "--prefix", "none", "--edges", "normal,build"];
    args.extend(selection);
    let Some(text) = process::ask("cargo", &args) else { return 0 };
    let mut names: Vec<_> = text.lines().filter_map(|line| line.split(" (").next()).collect();
    names.sort_unstable();
    names.dedup();
    names.len()
}
