//! The headless browser, driven by `tests/e2e/drive.mjs` through a line of JSON a message.

use super::recordings::Recordings;
use crate::build::{Built, shell};
use crate::progress::Task;
use crate::scenario::Scenario;
use crate::toolchain::browser;
use crate::workspace;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::io::{BufRead, BufReader, Write};
use std::path::Path;
use std::process::{Command, Stdio};

/// Goes through the flow. Returns what happened, one JSON object a step.
pub fn drive(
    built: &Built,
    scenario: Scenario,
    start_url: &str,
    recordings: &Recordings,
    folder: &Path,
    task: &Task,
) -> Result<Vec<Value>> {
    // playwright-core is a dev dependency of the shell.
    shell::install_packages(&workspace::root().join("www"))?;
    let mut specimen = vec![built.programs.specimen.to_string_lossy().into_owned()];
    specimen.extend(recordings.face_command.iter().cloned());
    let config = json!({
        "startUrl": start_url,
        "scenario": scenario.name(),
        "chromium": built.chromium,
        "flags": browser::FLAGS,
        "cameraLink": folder.join("camera.mjpeg"),
        "recordings": { "document": recordings.document, "none": recordings.desk },
        "specimenCommand": specimen,
        "workDir": folder,
        "screenshotsDir": folder.join("screens"),
    });
    let mut child = Command::new("node")
        .current_dir(workspace::root())
        .arg("tests/e2e/drive.mjs")
        .env("IDV_ASSETS", &built.assets)
        .env("IDV_MODELS", &built.models)
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("could not start node")?;
    child.stdin.take().context("the driver has no input")?.write_all(config.to_string().as_bytes())?;
    let output = child.stdout.take().context("the driver has no output")?;
    let mut steps = Vec::new();
    for line in BufReader::new(output).lines() {
        let line = line?;
        let Ok(step) = serde_json::from_str::<Value>(&line) else { continue };
        task.note(&sentence(&step));
        steps.push(step);
    }
    let status = child.wait()?;
    if !status.success() {
        bail!("the browser run ended with {status}; see {}", folder.join("screens").display());
    }
    Ok(steps)
}

fn sentence(step: &Value) -> String {
    let seconds = step["t_ms"].as_f64().unwrap_or_default() / 1000.0;
    let mut text = format!("{seconds:6.1} s  {}", step["event"].as_str().unwrap_or("?"));
    if let Some(fields) = step.as_object() {
        for (name, value) in fields.iter().filter(|(name, _)| !matches!(name.as_str(), "event" | "t_ms")) {
            text.push_str(&match value {
                Value::String(word) => format!(" {word}"),
                other => format!(" {name}={other}"),
            });
        }
    }
    text
}
