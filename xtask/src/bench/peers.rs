//! Detectors of others on the pictures of the document bench, under Node: npm packages by name and version, and a
//! published network where its file is there.

use crate::toolchain::node;
use crate::{process, workspace};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The peers by the names they have in a report.
pub const NAMES: &[&str] = &["scanic", "jscanify", "doccornernet"];

/// Their npm packages, and what they need of a browser that Node has not.
const PACKAGES: &[&str] =
    &["scanic@1.5.1", "jscanify@1.4.3", "@napi-rs/canvas@0.1.80", "onnxruntime-web@1.30.0"];

/// Adds to each of `cases`, whose pixels lie in `raw` by their number, what each peer found: `found`, `iou` and
/// `accepted`. The packages accept all that they find.
pub fn look(cases: &mut [Value], raw: &Path) -> Result<()> {
    let modules = install()?;
    let pictures: Vec<Value> = cases
        .iter()
        .enumerate()
        .map(|(k, case)| {
            json!({
                "width": case["width"], "height": case["height"], "expected": case["expected"],
                "rgba": raw.join(format!("{k}.rgba")),
            })
        })
        .collect();
    let network = workspace::data()?
        .and_then(|data| Some(data.parent()?.join("models/doccornernet_lean_224.onnx")))
        .filter(|path| path.exists());
    let job = json!({ "modules": modules, "network": network, "cases": pictures });
    let mut child = Command::new("node")
        .current_dir(workspace::root())
        .arg("tests/peers/documents.mjs")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("could not start node")?;
    child.stdin.take().context("no input")?.write_all(job.to_string().as_bytes())?;
    let output = child.wait_with_output()?;
    anyhow::ensure!(output.status.success(), "the run of the peers failed");
    let text = String::from_utf8_lossy(&output.stdout);
    let results: Value = serde_json::from_str(text.lines().last().unwrap_or_default())
        .context("the run of the peers printed no JSON")?;
    for name in NAMES {
        for (case, result) in cases.iter_mut().zip(results[name].as_array().into_iter().flatten()) {
            case[*name] = result.clone();
        }
    }
    Ok(())
}

/// The folder of the packages, installed where they are not there yet.
fn install() -> Result<PathBuf> {
    node::ensure()?;
    let folder = workspace::target("bench/peers");
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
    process::run_quietly(command.args(PACKAGES)).context("installing the peers")?;
    std::fs::write(&stamp, wanted)?;
    Ok(folder)
}
