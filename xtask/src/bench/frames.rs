//! Time per frame of the document and the face step, in headless Chromium, through the package's own worker.

use super::Report;
use crate::build::{self, Flavour};
use crate::demo::recordings::specimen;
use crate::progress::Task;
use crate::toolchain::browser;
use crate::{process, workspace};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// 40 frames a second would be a luxury; the flow needs ten. The number is what the document step aims at.
const DOCUMENT_TARGET_MS: f64 = 25.0;

/// 30 frames a second: the rate of the camera.
const FACE_TARGET_MS: f64 = 33.0;

/// Median time of a frame of the document step, in ms.
pub fn document_ms() -> Result<f64> {
    median(&times(&measured(None)?, "document")).context("no frame of the document step was measured")
}

fn times(measured: &Value, step: &str) -> Vec<f64> {
    measured[step].as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
}

/// Measures on recordings made for this run, or on the `.mjpeg` files `document.mjpeg` and `face.mjpeg` in `data`.
pub fn measure(data: Option<&Path>) -> Result<Report> {
    let measured = measured(data)?;
    let mut report = Report::default();
    for (step, metric, target) in [
        ("document", "document_ms_per_frame_wasm", DOCUMENT_TARGET_MS),
        ("face", "face_ms_per_frame_wasm", FACE_TARGET_MS),
    ] {
        let times = times(&measured, step);
        report.add(
            metric,
            median(&times).with_context(|| format!("no frame of the {step} step was measured"))?,
            Some(target),
        );
        report.add_case(json!({ "file": format!("{step}.mjpeg"), "frames": times.len(), "ms": times }));
    }
    Ok(report)
}

/// The times in ms of each step's frames.
fn measured(data: Option<&Path>) -> Result<Value> {
    let built = build::everything(Flavour::Release)?;
    let folder = workspace::target("bench/frames");
    std::fs::create_dir_all(&folder)?;
    let recordings = data.unwrap_or(&folder);
    if data.is_none() {
        let task = Task::start("recording");
        let photo = built.assets.join("astronaut.png");
        process::run_quietly(
            specimen(&built)
                .arg("document")
                .arg("--portrait")
                .arg(&photo)
                .args(["--seed", "7", "--out"])
                .arg(folder.join("document.mjpeg")),
        )?;
        process::run_quietly(
            specimen(&built)
                .arg("face")
                .arg("--photo")
                .arg(&photo)
                .args(["--seed", "7", "--actions", "turn_left,turn_right", "--out"])
                .arg(folder.join("face.mjpeg")),
        )?;
        task.done("");
    }
    let task = Task::start("measuring in headless Chromium");
    let config = json!({
        "chromium": built.chromium, "flags": browser::FLAGS, "dist": built.site.join("package/dist"),
        "document": recordings.join("document.mjpeg"), "face": recordings.join("face.mjpeg"),
    });
    let mut child = Command::new("node")
        .current_dir(workspace::root())
        .arg("tests/e2e/bench-frames.mjs")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("could not start node")?;
    child.stdin.take().context("no input")?.write_all(config.to_string().as_bytes())?;
    let output = child.wait_with_output()?;
    anyhow::ensure!(output.status.success(), "the browser run failed");
    let measured = serde_json::from_slice(&output.stdout).context("the browser run printed no JSON")?;
    task.done("");
    Ok(measured)
}

fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}
