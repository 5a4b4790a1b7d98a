//! Time of a whole reading of a zone in headless Chromium, by the package's own vision module, on the page itself: the
//! shipped worker reads zones as part of the document step and has no message for one alone.

use crate::build::Built;
use crate::progress::Task;
use crate::toolchain::browser;
use crate::workspace;
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::io::Write;
use std::path::Path;
use std::process::{Command, Stdio};

/// Kinds whose zones are read: three lines of 30, two of 36 and two of 44.
const KINDS: [&str; 3] = ["td1-back", "td2", "td3"];

/// Pictures of each kind.
const EACH: usize = 6;

/// What the browser measured.
pub struct InBrowser {
    /// Time of a reading in ms: the median over pictures, the right way up and upside down, of the best reading of
    /// each; the others were interrupted by something else on the machine.
    pub ms: f64,
    /// Share of them that is exact.
    pub exact_ratio: f64,
    /// One case for each picture and direction.
    pub cases: Vec<Value>,
}

/// Reads the first pictures of each kind in `made`, a folder with labels.
pub fn measure(built: &Built, made: &Path) -> Result<InBrowser> {
    let task = Task::start("reading zones in headless Chromium");
    let labels: Vec<Value> = serde_json::from_slice(&std::fs::read(made.join("labels.json"))?)?;
    let zones: Vec<Value> = KINDS
        .iter()
        .flat_map(|kind| labels.iter().filter(move |label| label["kind"] == json!(kind)).take(EACH))
        .filter_map(|label| {
            Some(json!({ "file": made.join(label["file"].as_str()?), "lines": label["lines"] }))
        })
        .collect();
    let config = json!({
        "chromium": built.chromium, "flags": browser::FLAGS, "dist": built.site.join("package/dist"),
        "glue": workspace::target("bindgen/wasm/vision/vision.js"), "zones": zones,
    });
    let mut child = Command::new("node")
        .current_dir(workspace::root())
        .arg("tests/e2e/bench-zones.mjs")
        .stdin(Stdio::piped())
        .stdout(Stdio::piped())
        .spawn()
        .context("could not start node")?;
    child.stdin.take().context("no input")?.write_all(config.to_string().as_bytes())?;
    let output = child.wait_with_output()?;
    anyhow::ensure!(output.status.success(), "the browser run failed");
    let measured: Value =
        serde_json::from_slice(&output.stdout).context("the browser run printed no JSON")?;
    let mut cases: Vec<Value> = measured["zones"].as_array().cloned().unwrap_or_default();
    let best = |case: &Value| -> Option<f64> {
        case["ms"].as_array()?.iter().filter_map(Value::as_f64).min_by(f64::total_cmp)
    };
    let mut times: Vec<f64> = cases.iter().filter_map(best).collect();
    times.sort_by(f64::total_cmp);
    let ms = *times.get(times.len() / 2).context("no reading was measured")?;
    let exact = cases.iter().filter(|case| case["exact"] == json!(true)).count();
    for case in &mut cases {
        case["set"] = json!("wasm");
    }
    task.done("");
    Ok(InBrowser { ms, exact_ratio: exact as f64 / cases.len().max(1) as f64, cases })
}
