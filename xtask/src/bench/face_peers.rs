//! Others on the frames of the face step, in the same browser: an npm package for faces, and the same networks in another
//! engine.

use crate::toolchain::{browser, node};
use crate::{process, workspace};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The peers' npm packages; the second has the kernels that the first looks for, the last a network of our manifest as
/// it is published.
const PACKAGES: &[&str] = &[
    "@vladmandic/human@3.3.6",
    "@tensorflow/tfjs-backend-wasm@4.22.0",
    "onnxruntime-web@1.30.0",
    "faceplugin-face-recognition-js@0.0.1",
];

/// The published network that finds faces, in its archive under `target/downloads`.
const DETECTOR_ARCHIVE: &str = "django-camera-kit-0.1.0.archive";
const DETECTOR_FILE: &str =
    "django_camera_kit/kyc/static/django_camera_kit/kyc/vendor/face_detection_yunet_2023mar.onnx";

/// What each peer took, by peer and metric, in ms of one thread of wasm, on the frames of `recording`.
pub fn measure(recording: &Path) -> Result<Vec<(String, String, f64)>> {
    let chromium = browser::ensure()?;
    let modules = install()?;
    let config = json!({
        "chromium": chromium, "flags": browser::FLAGS, "modules": modules.join("node_modules"),
        "detector": detector(&modules)?, "recording": recording,
    });
    let mut child = Command::new("node")
        .current_dir(workspace::root())
        .arg("tests/e2e/bench-face-peers.mjs")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("could not start node")?;
    child.stdin.take().context("no input")?.write_all(config.to_string().as_bytes())?;
    let output = child.wait_with_output()?;
    anyhow::ensure!(output.status.success(), "the browser run of the peers failed");
    let measured: Value =
        serde_json::from_slice(&output.stdout).context("the browser run printed no JSON")?;
    let peers = measured.as_object().context("the browser run printed no object")?;
    Ok(peers
        .iter()
        .flat_map(|(peer, metrics)| {
            metrics
                .as_object()
                .into_iter()
                .flatten()
                .filter_map(move |(metric, value)| Some((peer.clone(), metric.clone(), value.as_f64()?)))
        })
        .collect())
}

/// The folder of the packages, installed where they are not there yet.
fn install() -> Result<PathBuf> {
    node::ensure()?;
    let folder = workspace::target("bench/face-peers");
    let stamp = folder.join("installed");
    let wanted = PACKAGES.join(" ");
    if std::fs::read_to_string(&stamp).is_ok_and(|installed| installed == wanted) {
        return Ok(folder);
    }
    std::fs::create_dir_all(&folder)?;
    std::fs::write(folder.join("package.json"), r#"{ "private": true }"#)?;
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut command = Command::new(npm);
    command.current_dir(&folder).args(["install", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"]);
    process::run_quietly(command.args(["--legacy-peer-deps"]).args(PACKAGES))
        .context("installing the peers")?;
    std::fs::write(&stamp, wanted)?;
    Ok(folder)
}

/// The detector's published file, out of the archive that the converter fetched; `None` where it is not there.
fn detector(folder: &Path) -> Result<Option<PathBuf>> {
    let archive = workspace::target("downloads").join(DETECTOR_ARCHIVE);
    let file = folder.join("detector").join(DETECTOR_FILE);
    if !file.exists() && archive.exists() {
        let mut unpack = Command::new("python3");
        unpack.args(["-m", "zipfile", "-e"]).arg(&archive).arg(folder.join("detector"));
        process::run_quietly(&mut unpack).context("unpacking the detector")?;
    }
    Ok(file.exists().then_some(file))
}
