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
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// 40 frames a second would be a luxury; the flow needs ten. The number is what the document step aims at.
const DOCUMENT_TARGET_MS: f64 = 25.0;

/// 30 frames a second: the rate of the camera.
pub const FACE_TARGET_MS: f64 = 33.0;

/// Median time of a frame of the document step, in ms.
pub fn document_ms(flavour: Flavour) -> Result<f64> {
    median(&times(&measured(None, flavour)?, "document"))
        .context("no frame of the document step was measured")
}

fn times(measured: &Value, step: &str) -> Vec<f64> {
    measured[step].as_array().into_iter().flatten().filter_map(Value::as_f64).collect()
}

/// Times of the face step, averaged over frames at each network's own rate.
pub struct FaceTimes {
    /// Mean time of a frame in ms: detector, mesh, passive network, and everything that is measured beside them.
    pub mean_ms: f64,
    /// What parts of it are, by metric: frames of each kind, their share and their time.
    pub by_part: Vec<(&'static str, f64)>,
    /// The recording that was looked at.
    pub recording: PathBuf,
}

/// Measures the face step.
pub fn face(flavour: Flavour) -> Result<FaceTimes> {
    let measured = measured(None, flavour)?;
    let (all, bare) = (times(&measured, "face"), times(&measured, "face_without_passive"));
    let mean = |times: &[f64]| times.iter().sum::<f64>() / times.len().max(1) as f64;
    let mut sorted = bare.clone();
    sorted.sort_by(f64::total_cmp);
    let (following, searching) = split(&sorted);
    let follow_ms = median(following).context("no frame of the face step was measured")?;
    let search_ms = median(searching).unwrap_or(follow_ms);
    Ok(FaceTimes {
        mean_ms: mean(&all),
        by_part: vec![
            ("frame_that_follows_ms", follow_ms),
            ("face_detector_ms", (search_ms - follow_ms).max(0.0)),
            ("face_detector_rate", searching.len() as f64 / bare.len().max(1) as f64),
            ("passive_mean_ms", (mean(&all) - mean(&bare)).max(0.0)),
        ],
        recording: workspace::target("bench/frames/face.mjpeg"),
    })
}

/// Frames that follow a face, and those that search the whole frame, one of five by the rule of the tracker: they take
/// longest, since nothing else runs at a rate below that of the frames once the passive network is away.
fn split(times: &[f64]) -> (&[f64], &[f64]) {
    // The times lie in order of length.
    times.split_at(times.len() - times.len() / SEARCHED_OF)
}

/// Frames of which one is searched.
const SEARCHED_OF: usize = 5;

/// Measures on recordings made for this run, or on the `.mjpeg` files `document.mjpeg` and `face.mjpeg` in `data`.
pub fn measure(data: Option<&Path>, flavour: Flavour) -> Result<Report> {
    let measured = measured(data, flavour)?;
    let mut report = Report::default();
    for (step, metric, target) in [
        ("document", "document_ms_per_frame_wasm", DOCUMENT_TARGET_MS),
        ("face", "face_ms_per_frame_wasm", FACE_TARGET_MS),
    ] {
        let times = times(&measured, step);
        report.add(
            metric,
            typical(step, &times).with_context(|| format!("no frame of the {step} step was measured"))?,
            Some(target),
        );
        report.add_case(json!({ "file": format!("{step}.mjpeg"), "frames": times.len(), "ms": times }));
    }
    Ok(report)
}

/// The times in ms of each step's frames.
fn measured(data: Option<&Path>, flavour: Flavour) -> Result<Value> {
    let built = build::everything(flavour)?;
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

/// What a frame takes: the median, or, where networks run at rates of their own, the mean.
fn typical(step: &str, times: &[f64]) -> Option<f64> {
    if step == "face" && !times.is_empty() {
        return Some(times.iter().sum::<f64>() / times.len() as f64);
    }
    median(times)
}

fn median(values: &[f64]) -> Option<f64> {
    let mut sorted = values.to_vec();
    sorted.sort_by(f64::total_cmp);
    sorted.get(sorted.len() / 2).copied()
}
