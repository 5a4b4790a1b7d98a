//! What the camera will see, made before the browser opens.

use crate::build::Built;
use crate::progress::Task;
use crate::scenario::Scenario;
use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The recordings of one run.
pub struct Recordings {
    /// For the document step.
    pub document: PathBuf,
    /// For the face step, where it does not depend on the challenge.
    pub print: Option<PathBuf>,
    /// The picture of the person in front of the camera.
    pub photo: PathBuf,
    /// The run's seed.
    pub seed: u64,
}

/// Makes what does not depend on the session's plan.
pub fn prepare(built: &Built, scenario: Scenario, seed: u64, folder: &Path) -> Result<Recordings> {
    let holder = built.assets.join("astronaut.png");
    let photo = match scenario {
        Scenario::OtherPerson => built.assets.join("obama.jpg"),
        _ => holder.clone(),
    };
    let document = folder.join("document.mjpeg");
    let mut command = specimen(built);
    if scenario == Scenario::NoDocument {
        command.arg("no-document");
    } else {
        command.arg("document").arg("--portrait").arg(&holder);
    }
    render(command.args(["--seed", &seed.to_string(), "--out"]).arg(&document), "recording the document")?;
    let print = if scenario == Scenario::PrintedFace {
        let file = folder.join("print.mjpeg");
        let mut command = specimen(built);
        command
            .arg("print")
            .arg("--photo")
            .arg(&holder)
            .args(["--seed", &seed.to_string(), "--out"])
            .arg(&file);
        render(&mut command, "recording a printed face")?;
        Some(file)
    } else {
        None
    };
    Ok(Recordings { document, print, photo, seed })
}

/// The specimen program with its folders set.
pub fn specimen(built: &Built) -> Command {
    let mut command = Command::new(&built.programs.specimen);
    command.env("IDV_ASSETS", &built.assets).env("IDV_MODELS", &built.models);
    command
}

fn render(command: &mut Command, name: &str) -> Result<()> {
    let task = Task::start(name);
    let mut child = command.stdout(Stdio::piped()).spawn().context("could not start the specimen program")?;
    let output = child.stdout.take().context("the specimen program has no output")?;
    for line in BufReader::new(output).lines() {
        if let Some(done) = line?.strip_prefix("progress ").and_then(|text| text.trim().parse().ok()) {
            task.at(done, "");
        }
    }
    if !child.wait()?.success() {
        bail!("{name} failed");
    }
    task.done("");
    Ok(())
}
