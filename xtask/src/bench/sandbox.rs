//! The sandbox under load: `crates/sandbox/examples/load` on this machine, beside the server it loads.

use super::Report;
use crate::process;
use crate::progress::Task;
use crate::workspace;
use anyhow::{Context, Result};
use serde_json::Value;
use std::process::Command;

/// Builds server and visitors, and measures.
pub fn measure() -> Result<Report> {
    let root = workspace::root();
    process::run(Command::new("cargo").current_dir(&root).args([
        "build",
        "--quiet",
        "--workspace",
        "--exclude",
        "xtask",
        "--features",
        "idv-edge/native",
        "--bin",
        "idv-sandbox",
        "--example",
        "load",
    ]))?;
    let folder = workspace::target("bench/sandbox");
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let programs = workspace::target("debug");
    let program = |path: &str| programs.join(format!("{path}{}", std::env::consts::EXE_SUFFIX));
    let task = Task::start("200 visitors at once, then the same with the sandbox killed in the middle");
    let printed = process::run_quietly(
        Command::new(program("examples/load"))
            .arg("--sandbox")
            .arg(program("idv-sandbox"))
            .arg("--folder")
            .arg(&folder),
    )?;
    task.done("");
    let last = printed.lines().last().unwrap_or_default();
    let measured: Value =
        serde_json::from_str(last).with_context(|| format!("the load printed no JSON: {last}"))?;
    let mut report = Report::default();
    for metric in ["sessions_per_s", "p99_ms", "lost"] {
        let value = measured[metric].as_f64().with_context(|| format!("the load did not print {metric}"))?;
        report.add(metric, value, (metric == "lost").then_some(0.0));
        if metric == "lost" && value > 0.0 {
            report.fail("something was lost");
        }
    }
    Ok(report)
}
