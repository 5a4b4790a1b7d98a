//! Faces: how many are found, which way they look, and the time of a frame in the browser, beside others.

use super::{Report, face_peers, frames};
use crate::build::cargo::{SELECTION, with_progress};
use crate::build::{self, Flavour};
use crate::progress::Task;
use crate::{process, workspace};
use anyhow::{Context, Result};
use serde_json::Value;
use std::path::{Path, PathBuf};
use std::process::Command;

/// Share of pictures whose faces are counted exactly, and of frames whose pose has the right sign.
const RIGHT_TARGET: f64 = 1.0;

/// Turn in degrees from which a pose has a sign: below it a head looks straight, as far as the network can tell.
const LEAST_YAW_DEG: f64 = 5.0;

/// Measures on the pictures and recordings of `data`, or on those of `IDV_DATA`.
pub fn measure(data: Option<&Path>, flavour: Flavour) -> Result<Report> {
    let (_, inputs) = build::programs_and_inputs()?;
    let bench = bench_program()?;
    let folders: Vec<PathBuf> = match (data, workspace::data()?) {
        (Some(data), _) => vec![data.to_owned()],
        (None, Some(data)) => vec![data.join("faces"), data.join("video")],
        (None, None) => anyhow::bail!("give a folder by --data, or set IDV_DATA"),
    };
    let task = Task::start("looking for faces");
    let mut cases: Vec<Value> = Vec::new();
    for folder in &folders {
        let found = process::run_quietly(Command::new(&bench).arg("find").arg(folder).arg(&inputs.models))?;
        let found: Vec<Value> =
            serde_json::from_str(found.trim()).context("the bench program printed no JSON")?;
        cases.extend(found);
    }
    task.done("");
    let mut report = Report::default();
    add_accuracy(&mut report, &cases);
    let times = frames::face(flavour)?;
    report.add("ms_per_frame_wasm", times.mean_ms, Some(frames::FACE_TARGET_MS));
    for (metric, value) in times.by_part {
        report.add(metric, value, None);
    }
    for (peer, metric, value) in face_peers::measure(&times.recording)? {
        report.add_peer(peer, metric, value);
    }
    for case in cases {
        report.add_case(case);
    }
    Ok(report)
}

/// Builds the program that looks at the pictures.
fn bench_program() -> Result<PathBuf> {
    let mut command = Command::new("cargo");
    command.current_dir(workspace::root()).arg("build").args(SELECTION).args(["--example", "face_bench"]);
    with_progress(command, "building the face bench", SELECTION)?;
    Ok(workspace::target("debug/examples").join(format!("face_bench{}", std::env::consts::EXE_SUFFIX)))
}

fn add_accuracy(report: &mut Report, cases: &[Value]) {
    let counted: Vec<bool> = cases
        .iter()
        .filter(|case| case["expected"].is_u64())
        .map(|case| case["found"] == case["expected"])
        .collect();
    if let Some(ratio) = share(&counted) {
        report.add("count_exact_ratio", ratio, Some(RIGHT_TARGET));
    }
    let signs: Vec<bool> = cases.iter().filter_map(sign_is_right).collect();
    if let Some(ratio) = share(&signs) {
        report.add("pose_sign_ratio", ratio, Some(RIGHT_TARGET));
        report.add("pose_sign_frames", signs.len() as f64, None);
    }
    let apart: Vec<f64> = cases
        .iter()
        .filter_map(|case| {
            let followed = case["followed"]["yaw_deg"].as_f64()?;
            Some((followed - case["pose"]["yaw_deg"].as_f64()?).abs())
        })
        .collect();
    if let Some(worst) = apart.into_iter().reduce(f64::max) {
        report.add("followed_yaw_difference_deg", worst, None);
    }
}

/// Whether a case's turn has the sign of its label (`yaw_sign`), or, without one, that of the detector's own points: another
/// network's word. `None` where the head looks straight or there is no word.
fn sign_is_right(case: &Value) -> Option<bool> {
    let yaw = case["pose"]["yaw_deg"].as_f64()?;
    if let Some(sign) = case["yaw_sign"].as_i64() {
        return Some(if sign == 0 { yaw.abs() < 3.0 * LEAST_YAW_DEG } else { yaw * sign as f64 > 0.0 });
    }
    // One picture may show a face from aside and above; only in a recording do the detector's points follow a turn.
    if yaw.abs() < LEAST_YAW_DEG || !case["frame"].is_u64() {
        return None;
    }
    Some(yaw * case["detector_nose_offset"].as_f64()? > 0.0)
}

fn share(right: &[bool]) -> Option<f64> {
    (!right.is_empty()).then(|| right.iter().filter(|right| **right).count() as f64 / right.len() as f64)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    #[test]
    fn shares_are_of_the_cases_that_can_be_right() {
        let case = |expected: Value, found: u64, yaw: f64, offset: f64| {
            json!({
                "expected": expected, "found": found, "frame": 0,
                "pose": { "yaw_deg": yaw }, "detector_nose_offset": offset, "followed": { "yaw_deg": yaw + 1.5 },
            })
        };
        let mut labelled = case(json!(2), 1, -20.0, 0.1);
        labelled["yaw_sign"] = json!(-1);
        let cases = [
            case(json!(1), 1, 30.0, 0.3),
            case(json!(1), 1, 30.0, -0.3),
            case(Value::Null, 1, 2.0, -0.3),
            labelled,
        ];
        let mut report = Report::default();
        add_accuracy(&mut report, &cases);
        let metrics = &report.json("faces")["metrics"];
        let near = |name: &str, value: f64| (metrics[name].as_f64().expect("a number") - value).abs() < 1e-6;
        assert!(near("count_exact_ratio", 2.0 / 3.0) && near("pose_sign_ratio", 2.0 / 3.0), "{metrics}");
        assert!(near("pose_sign_frames", 3.0) && near("followed_yaw_difference_deg", 1.5));
    }
}
