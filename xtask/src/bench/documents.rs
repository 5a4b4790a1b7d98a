//! Where the document is: the detector on drawn sets and on real photos, beside detectors of others.
//!
//! Ours is the fused detector; the table and the JSON line also have its two witnesses alone: `edges` and `network`.

use super::{Report, frames, peers};
use crate::build::cargo::{SELECTION, with_progress};
use crate::build::{self, Flavour};
use crate::progress::Task;
use crate::{process, workspace};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Scenes of each drawn set; of those without a document there are four times as many.
const SCENES: &str = "24";

/// Least mean overlap on real photos.
const PHOTOS_TARGET: f64 = 0.97;

/// Least mean overlap on each drawn set, or what scanic reached on scenes of that kind where that is more.
const SETS: &[(&str, Option<f64>)] = &[
    ("clean", Some(0.97)),
    ("noise", Some(0.973)),
    ("shadow", Some(0.972)),
    ("low_contrast", Some(0.978)),
    ("clutter", Some(0.95)),
    ("held", None),
    ("none", None),
];

/// Largest share of the accepted quads that overlap by less than [`GOOD_IOU`], and of the pictures without a
/// document in which one is accepted.
const WRONG_TARGET: f64 = 0.01;

/// Overlap from which a quad is right.
const GOOD_IOU: f64 = 0.9;

/// Longest that a frame may take.
const MS_TARGET: f64 = 25.0;

/// Who looked, by the name in a case of the bench program, and in the report.
const OURS: &[(&str, &str)] = &[("fused", ""), ("classical", "edges"), ("model", "network")];

/// Measures on the pictures of `data`, or on the drawn sets and, where `IDV_DATA` is set, on the real photos.
pub fn measure(data: Option<&Path>, flavour: Flavour) -> Result<Report> {
    let (_, inputs) = build::programs_and_inputs()?;
    let bench = bench_program()?;
    let folder = workspace::target("bench/documents");
    let sets: Vec<(String, PathBuf, Option<f64>)> = match data {
        Some(data) => vec![("data".to_owned(), data.to_owned(), Some(PHOTOS_TARGET))],
        None => {
            draw(&bench, &folder)?;
            let photos = workspace::data()?.map(|data| data.join("documents"));
            let photos = photos.map(|path| ("photos".to_owned(), path, Some(PHOTOS_TARGET)));
            photos
                .into_iter()
                .chain(SETS.iter().map(|(name, target)| ((*name).to_owned(), folder.join(name), *target)))
                .collect()
        }
    };
    let model = inputs.models.join("document_corners.nnef.tar");
    let mut report = Report::default();
    let mut all = Vec::new();
    let task = Task::start("looking for documents");
    for (index, (name, pictures, target)) in sets.iter().enumerate() {
        task.at(index as f64 / sets.len() as f64, name);
        let raw = folder.join("raw").join(name);
        let mut command = Command::new(&bench);
        command.arg("find").arg(pictures).arg("--raw").arg(&raw);
        if model.exists() {
            command.arg("--model").arg(&model);
        }
        let mut cases: Vec<Value> = serde_json::from_str(process::run_quietly(&mut command)?.trim())
            .context("the bench program printed no JSON")?;
        peers::look(&mut cases, &raw)?;
        std::fs::remove_dir_all(&raw).with_context(|| raw.display().to_string())?;
        for case in &mut cases {
            case["set"] = json!(name);
        }
        if data.is_none() {
            add_set(&mut report, name, &cases, *target);
        }
        all.extend(cases);
    }
    task.done("");
    add_all(&mut report, &all, if data.is_some() { Some(PHOTOS_TARGET) } else { None });
    report.add("ms_per_frame_wasm", frames::document_ms(flavour)?, Some(MS_TARGET));
    for case in all {
        report.add_case(flat(&case));
    }
    Ok(report)
}

/// Builds the program that looks at the pictures.
fn bench_program() -> Result<PathBuf> {
    let mut command = Command::new("cargo");
    command.current_dir(workspace::root()).arg("build").args(SELECTION).args(["--example", "document_bench"]);
    with_progress(command, "building the document bench", SELECTION)?;
    Ok(workspace::target("debug/examples").join(format!("document_bench{}", std::env::consts::EXE_SUFFIX)))
}

/// Draws the sets, unless they are newer than the program that draws them.
fn draw(bench: &Path, folder: &Path) -> Result<()> {
    let written = |path: &Path| std::fs::metadata(path).and_then(|meta| meta.modified()).ok();
    let last = folder.join("none/labels.json");
    if written(&last).is_some() && written(&last) > written(bench) {
        return Ok(());
    }
    let task = Task::start("drawing scenes");
    process::run_quietly(Command::new(bench).arg("draw").arg(folder).arg(SCENES))?;
    task.done("");
    Ok(())
}

/// What one looker made of a picture.
#[derive(Clone, Copy)]
struct Verdict {
    /// Whether there is a document.
    expected: bool,
    found: bool,
    accepted: bool,
    iou: f64,
}

fn verdicts<'a>(cases: &'a [Value], looker: &'a str) -> impl Iterator<Item = Verdict> + 'a {
    cases.iter().filter(move |case| case[looker].is_object()).map(move |case| Verdict {
        expected: !case["expected"].is_null(),
        found: !case[looker]["found"].is_null(),
        accepted: case[looker]["accepted"].as_bool().unwrap_or(false),
        iou: case[looker]["iou"].as_f64().unwrap_or(0.0),
    })
}

/// Share of those for which `is` holds; `None` of none.
fn share(of: &[Verdict], is: impl Fn(&Verdict) -> bool) -> Option<f64> {
    (!of.is_empty()).then(|| of.iter().filter(|verdict| is(verdict)).count() as f64 / of.len() as f64)
}

fn mean_iou(of: &[Verdict]) -> Option<f64> {
    (!of.is_empty()).then(|| of.iter().map(|verdict| verdict.iou).sum::<f64>() / of.len() as f64)
}

/// Who looked at `cases`, by key and name; ours first, without a name.
fn lookers(cases: &[Value]) -> Vec<(&'static str, &'static str)> {
    let has = |key: &str| cases.iter().any(|case| case[key].is_object());
    let ours = OURS.iter().copied().filter(|(key, _)| has(key));
    // Without the network the edges are all there is.
    let ours: Vec<_> = if has("fused") { ours.collect() } else { vec![("classical", "")] };
    ours.into_iter()
        .chain(peers::NAMES.iter().map(|name| (*name, *name)).filter(|(key, _)| has(key)))
        .collect()
}

/// The rows of one set.
fn add_set(report: &mut Report, set: &str, cases: &[Value], target: Option<f64>) {
    for (key, name) in lookers(cases) {
        let seen: Vec<Verdict> = verdicts(cases, key).collect();
        let with: Vec<Verdict> = seen.iter().copied().filter(|verdict| verdict.expected).collect();
        let without: Vec<Verdict> = seen.into_iter().filter(|verdict| !verdict.expected).collect();
        let rows = [
            (format!("{set}_mean_iou"), mean_iou(&with), target),
            (format!("{set}_found_ratio"), share(&with, |verdict| verdict.found), None),
            (
                format!("{set}_false_accept_ratio"),
                share(&without, |verdict| verdict.accepted),
                Some(WRONG_TARGET),
            ),
        ];
        add_rows(report, name, rows);
    }
}

/// The rows of all pictures together.
fn add_all(report: &mut Report, cases: &[Value], target: Option<f64>) {
    for (key, name) in lookers(cases) {
        let seen: Vec<Verdict> = verdicts(cases, key).collect();
        let with: Vec<Verdict> = seen.iter().copied().filter(|verdict| verdict.expected).collect();
        let without: Vec<Verdict> = seen.into_iter().filter(|verdict| !verdict.expected).collect();
        let accepted: Vec<Verdict> = with.iter().copied().filter(|verdict| verdict.accepted).collect();
        let rows = [
            ("mean_iou", mean_iou(&with), target),
            ("found_ratio", share(&with, |verdict| verdict.found), None),
            ("accepted_ratio", share(&with, |verdict| verdict.accepted), None),
            ("min_iou_accepted", accepted.iter().map(|verdict| verdict.iou).reduce(f64::min), Some(GOOD_IOU)),
            (
                "accepted_below_090_ratio",
                share(&accepted, |verdict| verdict.iou < GOOD_IOU),
                Some(WRONG_TARGET),
            ),
            ("false_accept_ratio", share(&without, |verdict| verdict.accepted), Some(WRONG_TARGET)),
        ];
        add_rows(report, name, rows.map(|(metric, value, target)| (metric.to_owned(), value, target)));
    }
}

/// Adds what was measured as ours, or as that of the peer `name`.
fn add_rows<const N: usize>(report: &mut Report, name: &str, rows: [(String, Option<f64>, Option<f64>); N]) {
    for (metric, value, target) in rows {
        match value {
            Some(value) if name.is_empty() => report.add(metric, value, target),
            Some(value) => report.add_peer(name, metric, value),
            None => {}
        }
    }
}

/// A case with what ours said of it at its top.
fn flat(case: &Value) -> Value {
    let ours = if case["fused"].is_object() { &case["fused"] } else { &case["classical"] };
    let mut flat = case.clone();
    for field in ["found", "confidence", "accepted", "iou"] {
        flat[field] = ours[field].clone();
    }
    flat
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(expected: bool, iou: f64, accepted: bool) -> Value {
        json!({
            "file": "a.png", "expected": expected.then(|| json!([[0, 0]])),
            "fused": { "found": [[0, 0]], "confidence": 0.9, "accepted": accepted, "iou": iou },
            "scanic": { "found": null, "accepted": false, "iou": 0.0 },
        })
    }

    #[test]
    fn shares_are_of_the_pictures_they_speak_of() {
        let cases =
            [case(true, 1.0, true), case(true, 0.8, true), case(true, 0.6, false), case(false, 0.0, true)];
        let mut report = Report::default();
        add_all(&mut report, &cases, None);
        let json = report.json("documents");
        let metrics = &json["metrics"];
        assert!((metrics["mean_iou"].as_f64().expect("a number") - 0.8).abs() < 1e-9);
        assert_eq!(metrics["found_ratio"], 1.0);
        assert_eq!(metrics["min_iou_accepted"], 0.8);
        assert_eq!(metrics["accepted_below_090_ratio"], 0.5);
        assert_eq!(metrics["false_accept_ratio"], 1.0);
        assert_eq!(json["peers"]["scanic"]["found_ratio"], 0.0);
        assert!(json["peers"]["scanic"].get("min_iou_accepted").is_none());
    }

    #[test]
    fn a_case_says_what_ours_made_of_it() {
        let flat = flat(&case(true, 0.7, true));
        assert_eq!((flat["iou"].as_f64(), flat["accepted"].as_bool()), (Some(0.7), Some(true)));
    }
}
