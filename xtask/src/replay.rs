//! A recorded step again: natively, and through the package's own worker in headless Chromium.

use crate::build::cargo::{SELECTION, with_progress};
use crate::build::{self, Flavour};
use crate::progress::heading;
use crate::toolchain::browser;
use crate::{process, workspace};
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::io::Write;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// `cargo xtask replay`.
#[derive(clap::Args)]
pub struct Args {
    /// The file: `target/demo/SCENARIO/replay/*.idvreplay` of a run that failed, or one of your own. `IDV_REPLAY_KEY` opens
    /// a sealed one.
    file: PathBuf,
    /// Also run it through the built package in headless Chromium, and compare.
    #[arg(long)]
    wasm: bool,
    /// Print one last line of JSON.
    #[arg(long)]
    json: bool,
}

/// Decisions that are printed one by one: where they change.
const MAX_LINES: usize = 60;

/// Runs it. Fails where the decisions are not those that were recorded.
pub fn run(args: &Args) -> Result<()> {
    let file = std::fs::canonicalize(&args.file).with_context(|| args.file.display().to_string())?;
    heading("Setting up");
    let (_, inputs) = build::programs_and_inputs()?;
    let program = program()?;
    let mut command = Command::new(&program);
    command.arg(&file).arg(&inputs.models);
    if args.wasm {
        let played = in_browser(&file)?;
        let path = workspace::target("replay-wasm.json");
        std::fs::write(&path, played)?;
        command.arg("--against").arg(path);
    }
    let text = process::run_quietly(&mut command)?;
    let found: Value = serde_json::from_str(text.trim()).context("the replay printed no JSON")?;
    heading("Decisions");
    print(&found);
    if args.json {
        println!("{found}");
    }
    for name in ["recorded", "against"] {
        if found[name]["same"] == json!(false) {
            bail!("the decisions are not the same: {name}");
        }
    }
    Ok(())
}

fn program() -> Result<PathBuf> {
    let mut command = Command::new("cargo");
    command.current_dir(workspace::root()).arg("build").args(SELECTION).args(["--example", "replay"]);
    with_progress(command, "building the replay", SELECTION)?;
    Ok(workspace::target("debug/examples").join(format!("replay{}", std::env::consts::EXE_SUFFIX)))
}

/// What the package's worker decides, as JSON.
fn in_browser(file: &Path) -> Result<String> {
    let built = build::everything(Flavour::Quick)?;
    let config = json!({
        "chromium": built.chromium,
        "flags": browser::FLAGS,
        "dist": built.site.join("package/dist"),
        "file": file,
    });
    let mut child = Command::new("node")
        .current_dir(workspace::root())
        .arg("tests/e2e/replay.mjs")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("could not start node")?;
    child.stdin.take().context("the replay has no input")?.write_all(config.to_string().as_bytes())?;
    let output = child.wait_with_output()?;
    if !output.status.success() {
        bail!("the replay in the browser ended with {}", output.status);
    }
    Ok(String::from_utf8(output.stdout)?)
}

/// The frames at which something else was decided than at the one before, and how the runs compare.
fn print(found: &Value) {
    let decisions = found["decisions"].as_array().map(Vec::as_slice).unwrap_or_default();
    let mut before = &Value::Null;
    let changes = decisions.iter().enumerate().filter(|(_, decision)| {
        let changed = *decision != before;
        before = decision;
        changed
    });
    for (index, decision) in changes.take(MAX_LINES) {
        let words = ["hint", "phase", "actions_done", "captured"].map(|name| match &decision[name] {
            Value::Null => String::new(),
            Value::String(word) => word.clone(),
            other => format!("{name}={other}"),
        });
        eprintln!("  frame {index:4}  {}", words.join(" "));
    }
    if let Some(report) = found["report"].as_object() {
        eprintln!("  challenge met: {}", report.get("challenge_met").unwrap_or(&Value::Null));
    }
    eprintln!("  captures: {}", found["captures"]);
    for (name, what) in [("recorded", "recorded"), ("against", "in the browser")] {
        let Some(one) = found[name].as_object() else { continue };
        let number = |name: &str| one.get(name).and_then(Value::as_array).map_or(0, Vec::len);
        let same = if one.get("same") == Some(&json!(true)) { "✓ the same as" } else { "✗ other than" };
        let frames = one.get("frames").unwrap_or(&Value::Null);
        eprintln!(
            "  {same} {what}: {} of {frames} frames differ, {} ends",
            number("differing"),
            number("ends")
        );
    }
    if let Some(others) = found["other_models"].as_array().filter(|others| !others.is_empty()) {
        eprintln!("  other models than recorded: {others:?}");
    }
}
