//! The server's and the edge's module: its size as a bundle of it is uploaded, and the CPU time of its calls in Node and
//! in workerd.

use super::{Report, size};
use crate::build::{self, Flavour};
use crate::toolchain::wasm::WasmToolchain;
use crate::toolchain::{edge_engine, node};
use crate::{process, workspace};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::path::Path;
use std::process::Command;

/// Bytes of module and scripts together, by brotli: half of what Cloudflare's free Workers take of a script was the
/// project's aim.
const SIZE_TARGET: f64 = 500_000.0;

/// CPU time of one evidence check in ms: what Cloudflare's free Workers give a whole request.
const CHECK_TARGET_MS: f64 = 10.0;

/// The check as the relay makes it: with captures that were opened when they came.
const CHECKS: [&str; 2] = ["node_evidence_check_ms", "workerd_evidence_check_ms"];

/// Builds the module as it is published and measures it.
pub fn measure() -> Result<Report> {
    node::ensure()?;
    let folder = build::edge(&WasmToolchain::ensure()?, Flavour::Release)?;
    let mut report = Report::default();
    let mut total = 0;
    for entry in std::fs::read_dir(&folder)? {
        let path = entry?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if !name.ends_with(".js") && !name.ends_with(".wasm") {
            continue;
        }
        let raw = std::fs::read(&path)?;
        let bytes = size::brotli_bytes(&raw)?;
        total += bytes;
        report.add_case(json!({ "file": name, "raw_bytes": raw.len(), "brotli_bytes": bytes }));
    }
    report.add("brotli_bytes", total as f64, Some(SIZE_TARGET));
    let times = times(&folder)?;
    let mut slowest_check_ms = 0.0_f64;
    for (name, value) in times.as_object().context("the measurement printed no object")? {
        let value = value.as_f64().context("a time that is no number")?;
        if CHECKS.contains(&name.as_str()) {
            slowest_check_ms = slowest_check_ms.max(value);
        }
        report.add(name, value, None);
    }
    // In the slower of the two engines.
    report.add("evidence_check_ms", slowest_check_ms, Some(CHECK_TARGET_MS));
    Ok(report)
}

/// Median CPU ms per call, by name.
fn times(folder: &Path) -> Result<Value> {
    let engine = edge_engine::ensure()?;
    let text = process::run_quietly(
        Command::new("node")
            .current_dir(workspace::root())
            .arg("tests/packaging/edge/bench.mjs")
            .arg(folder)
            .env("IDV_EDGE_ENGINE", engine),
    )?;
    serde_json::from_str(text.lines().last().unwrap_or_default()).context("the measurement printed no JSON")
}
