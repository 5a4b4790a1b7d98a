//! Benchmarks. Each prints a table (ours, target, peers) and, with `--json`, one last line:
//! `{"suite", "metrics": {name: number}, "peers": {name: {name: number}}, "cases": [{"file", …}]}`.

mod contracts;
mod documents;
mod edge;
mod face_peers;
mod faces;
mod frames;
mod liveness;
mod mrz;
mod peers;
mod sandbox;
mod size;
mod zones_in_browser;

use crate::build::Flavour;
use anyhow::{Result, bail};
use clap::ValueEnum;
use serde_json::{Map, Value, json};
use std::path::PathBuf;

/// `cargo xtask bench`.
#[derive(clap::Args)]
pub struct Args {
    /// What to measure.
    #[arg(value_enum)]
    suite: Suite,
    /// Folder with a `labels.json`, for suites that read pictures.
    #[arg(long)]
    data: Option<PathBuf>,
    /// Print one last line of JSON.
    #[arg(long)]
    json: bool,
    /// Time the wasm of the tests in place of the package's: built sooner, and slower.
    #[arg(long)]
    quick: bool,
}

/// A set of measurements.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Suite {
    /// Bytes that a first visit downloads, compressed by brotli.
    Size,
    /// Time per frame in headless Chromium.
    Frames,
    /// The machine-readable zone: read exactly, never wrongly called valid, parsed quickly.
    Mrz,
    /// Where the document is, beside the detectors of others.
    Documents,
    /// People and attacks told apart, by ISO/IEC 30107-3: generated ones with the challenge, pictures without.
    Liveness,
    /// Faces: counted, their pose, and the time of a frame, beside others.
    Faces,
    /// Size and CPU time of the server's and the edge's module, in Node and in workerd.
    Edge,
    /// Each rule of the vendors' contracts, and whether the test that holds it passes.
    Contracts,
    /// The sandbox under 200 visitors at once, and killed in the middle.
    Sandbox,
}

/// What a suite measured.
#[derive(Default)]
pub struct Report {
    rows: Vec<Row>,
    peers: Vec<(String, String, f64)>,
    cases: Vec<Value>,
    failure: Option<String>,
}

struct Row {
    metric: String,
    value: f64,
    target: Option<f64>,
}

impl Report {
    /// Adds a measurement of ours; `target` is what it should be, at most or at least as the metric is meant.
    pub fn add(&mut self, metric: impl Into<String>, value: f64, target: Option<f64>) {
        self.rows.push(Row { metric: metric.into(), value, target });
    }

    /// Adds a peer's measurement of the same metric.
    pub fn add_peer(&mut self, peer: impl Into<String>, metric: impl Into<String>, value: f64) {
        self.peers.push((peer.into(), metric.into(), value));
    }

    /// Adds a case.
    pub fn add_case(&mut self, case: Value) {
        self.cases.push(case);
    }

    /// Says that the suite failed: the command fails after the table is printed.
    pub fn fail(&mut self, why: impl Into<String>) {
        self.failure = Some(why.into());
    }

    fn print(&self) {
        println!("{:<32} {:>14} {:>14}  peers", "metric", "ours", "target");
        for row in &self.rows {
            let target = row.target.map_or("-".to_owned(), shown);
            let peers: Vec<_> = self
                .peers
                .iter()
                .filter(|(_, metric, _)| *metric == row.metric)
                .map(|(peer, _, value)| format!("{peer} {}", shown(*value)))
                .collect();
            println!("{:<32} {:>14} {target:>14}  {}", row.metric, shown(row.value), peers.join(", "));
        }
    }

    fn json(&self, suite: &str) -> Value {
        let metrics: Map<String, Value> =
            self.rows.iter().map(|row| (row.metric.clone(), json!(row.value))).collect();
        let mut peers = Map::new();
        for (peer, metric, value) in &self.peers {
            let entry = peers.entry(peer.clone()).or_insert_with(|| json!({}));
            entry[metric] = json!(value);
        }
        json!({ "suite": suite, "metrics": metrics, "peers": peers, "cases": self.cases })
    }
}

fn shown(value: f64) -> String {
    if value.fract() == 0.0 && value.abs() >= 1000.0 || value.abs() >= 100_000.0 {
        format!("{value:.0}")
    } else if value.abs() <= 1.0 && value != 0.0 {
        format!("{value:.4}")
    } else {
        format!("{value:.2}")
    }
}

/// Runs a suite.
pub fn run(args: &Args) -> Result<()> {
    let flavour = if args.quick { Flavour::Quick } else { Flavour::Release };
    let (name, report) = match args.suite {
        Suite::Size => ("size", size::measure()?),
        Suite::Edge => ("edge", edge::measure()?),
        Suite::Liveness => ("liveness", liveness::measure(args.data.as_deref())?),
        Suite::Documents => ("documents", documents::measure(args.data.as_deref(), flavour)?),
        Suite::Faces => ("faces", faces::measure(args.data.as_deref(), flavour)?),
        Suite::Frames => ("frames", frames::measure(args.data.as_deref(), flavour)?),
        Suite::Contracts => ("contracts", contracts::measure()?),
        Suite::Sandbox => ("sandbox", sandbox::measure()?),
        Suite::Mrz => ("mrz", mrz::measure(args.data.as_deref())?),
    };
    report.print();
    if args.json {
        println!("{}", report.json(name));
    }
    if let Some(why) = report.failure {
        bail!("{why}");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_json_line_has_the_documented_shape() {
        let mut report = Report::default();
        report.add("total_bytes", 1234.0, Some(2000.0));
        report.add_peer("blinkid", "total_bytes", 9000.0);
        report.add_case(json!({ "file": "page.wasm" }));
        assert_eq!(
            report.json("size"),
            json!({
                "suite": "size",
                "metrics": { "total_bytes": 1234.0 },
                "peers": { "blinkid": { "total_bytes": 9000.0 } },
                "cases": [{ "file": "page.wasm" }],
            })
        );
    }
}
