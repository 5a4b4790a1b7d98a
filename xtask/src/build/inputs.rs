//! What the build takes from package registries: models, pictures, fonts.

use super::cargo::Programs;
use crate::progress::Task;
use crate::toolchain::{node, python};
use crate::workspace;
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::path::PathBuf;
use std::process::{Command, Stdio};

/// The folders of the fetched and converted files.
pub struct Inputs {
    /// Converted models with `models.json`.
    pub models: PathBuf,
    /// Pictures and fonts of the specimens.
    pub assets: PathBuf,
}

/// Fetches and converts what is not there yet.
pub fn prepare(programs: &Programs) -> Result<Inputs> {
    let inputs = Inputs { models: workspace::target("models"), assets: workspace::target("assets") };
    if !inputs.models.join("models.json").exists() {
        node::ensure()?;
        python::ensure()?;
    }
    let mut child = Command::new(&programs.convert)
        .args([workspace::root(), workspace::target("")])
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .context("could not start the model converter")?;
    let output = child.stdout.take().context("the model converter has no output")?;
    let mut task: Option<Task> = None;
    for line in BufReader::new(output).lines() {
        task.get_or_insert_with(|| Task::start("fetching and converting models, pictures and fonts"))
            .note(&line?);
    }
    if !child.wait()?.success() {
        bail!("fetching and converting the models failed");
    }
    if let Some(task) = task {
        task.done("");
    }
    Ok(inputs)
}
