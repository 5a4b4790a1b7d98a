//! People and attacks told apart, in the terms of ISO/IEC 30107-3: generated presentations with an active challenge, and
//! the passive score alone on labelled pictures and films.
//!
//! A presentation is bona fide or an attack of one kind (a presentation attack instrument species). APCER is the share of
//! the attacks of a kind that are taken for people, BPCER the share of people that are taken for attacks; `apcer` is
//! that of the worst kind, as the standard has it. A file in place of the camera is presented to none: its kinds have rates
//! of their own and no part in `apcer`, and a film that answers this very challenge leaves nothing to see but the signs of
//! an injection, which a page measures and not this bench. `auc` is that of the network's score, `auc_fused` of the probability
//! that score and cues give together, each over all kinds of attacks.

mod rates;

use super::Report;
use crate::build::{self, cargo, cargo::SELECTION};
use crate::progress::Task;
use crate::{process, workspace};
use anyhow::{Context, Result, bail};
use rates::{Rate, auc, quartiles};
use serde_json::{Value, json};
use std::collections::BTreeMap;
use std::io::{BufRead, BufReader, Read};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// Presentations: enough that one wrong among the people shows against [`BPCER_TARGET`].
const PEOPLE: &str = "40";
const ATTACKS_OF_A_KIND: &str = "6";

/// Largest share of attacks of any kind that may pass, and of people that may be refused.
const APCER_TARGET: f64 = 0.0;
const BPCER_TARGET: f64 = 0.05;

/// Least area under the curve of the passive score on pictures.
const AUC_TARGET: f64 = 0.97;

/// What the names of kinds begin with that come in place of the camera.
const INJECTED: &str = "injected";

/// Folders of `IDV_DATA` with pictures of faces; where a record has no label, it is of a person.
const STILLS: [&str; 2] = ["liveness", "faces"];

/// Measures the pictures and films of `data`; without it generated presentations and the pictures of `IDV_DATA`, where
/// that is set.
pub fn measure(data: Option<&Path>) -> Result<Report> {
    let (_, inputs) = build::programs_and_inputs()?;
    let bench = Bench { program: program()?, models: inputs.models, assets: inputs.assets };
    let mut report = Report::default();
    if let Some(data) = data {
        let cases = bench.folder(data)?;
        add(&mut report, "", "pictures", &cases, Some(AUC_TARGET));
        cases.into_iter().for_each(|case| report.add_case(case));
        return Ok(report);
    }
    let generated = bench.generated()?;
    add(&mut report, "", "generated, with the challenge", &generated, None);
    add_pose_errors(&mut report, &generated);
    let mut stills = Vec::new();
    if let Some(data) = workspace::data()? {
        for folder in STILLS {
            stills.extend(bench.folder(&data.join(folder))?);
        }
        add(&mut report, "stills_", "pictures, passive only", &stills, Some(AUC_TARGET));
    }
    generated.into_iter().chain(stills).for_each(|case| report.add_case(case));
    Ok(report)
}

/// Builds the program that plays the presentations.
fn program() -> Result<PathBuf> {
    let mut command = Command::new("cargo");
    command.current_dir(workspace::root()).arg("build").args(SELECTION).args(["--example", "liveness_bench"]);
    cargo::with_progress(command, "building the liveness bench", SELECTION)?;
    Ok(workspace::target("debug/examples").join(format!("liveness_bench{}", std::env::consts::EXE_SUFFIX)))
}

struct Bench {
    program: PathBuf,
    models: PathBuf,
    assets: PathBuf,
}

impl Bench {
    fn command(&self) -> Command {
        let mut command = Command::new(&self.program);
        command.env("IDV_MODELS", &self.models).env("IDV_ASSETS", &self.assets);
        command
    }

    fn folder(&self, data: &Path) -> Result<Vec<Value>> {
        read(&process::run_quietly(self.command().arg("folder").arg(data))?)
    }

    fn generated(&self) -> Result<Vec<Value>> {
        let task = Task::start("people and attacks before the engine");
        let mut command = self.command();
        command.args(["generated", "--people", PEOPLE, "--attacks", ATTACKS_OF_A_KIND]);
        let mut child = command.stdout(Stdio::piped()).stderr(Stdio::piped()).spawn()?;
        let (errors, output) = (child.stderr.take(), child.stdout.take());
        let printed = std::thread::spawn(move || {
            let mut text = String::new();
            output.map(|mut output| output.read_to_string(&mut text)).transpose().map(|_| text)
        });
        let mut complaint = String::new();
        for line in BufReader::new(errors.context("the bench has no errors")?).lines() {
            let line = line?;
            match line.strip_prefix("progress ").and_then(|share| share.parse().ok()) {
                Some(share) => task.at(share, ""),
                None => complaint = line,
            }
        }
        let printed = printed.join().ok().context("the bench's output was lost")??;
        if !child.wait()?.success() {
            bail!("the liveness bench failed: {complaint}");
        }
        task.done("");
        read(&printed)
    }
}

fn read(printed: &str) -> Result<Vec<Value>> {
    serde_json::from_str(printed.trim()).context("the liveness bench printed no JSON")
}

/// What became of the presentations of one kind.
#[derive(Default)]
struct Kind {
    attack: bool,
    accepted: Rate,
    scores: Vec<f64>,
    fused: Vec<f64>,
}

/// One of the two lists of scores.
type ScoresOf = fn(&Kind) -> &[f64];

/// The presentations by kind, bona fide first.
fn kinds(cases: &[Value]) -> BTreeMap<(bool, String), Kind> {
    let mut kinds: BTreeMap<(bool, String), Kind> = BTreeMap::new();
    // A picture without a face says nothing.
    for case in cases.iter().filter(|case| case["accepted"].is_boolean()) {
        let attack = case["label"] == "attack";
        let name = if attack { case["kind"].as_str().unwrap_or("attack") } else { "bona_fide" };
        let kind = kinds.entry((attack, name.to_owned())).or_default();
        kind.attack = attack;
        kind.accepted.count(case["accepted"] == json!(true));
        kind.scores.extend(case["score"].as_f64());
        kind.fused.extend(case["fused"].as_f64());
    }
    kinds
}

/// Prints a table of `cases` and adds its metrics with `prefix`.
fn add(report: &mut Report, prefix: &str, title: &str, cases: &[Value], auc_target: Option<f64>) {
    let kinds = kinds(cases);
    println!("{title}");
    println!(
        "{:<18} {:>4} {:>8} {:>8} {:>17}  {:<26}  {:<26}",
        "kind", "n", "accepted", "rate", "95 % interval", "score: min, quarters, max", "fused: the same"
    );
    for ((_, name), kind) in &kinds {
        let (name_of_rate, wrong) = match kind.attack {
            true => ("APCER", kind.accepted),
            false => ("BPCER", kind.accepted.inverse()),
        };
        let (low, high) = wrong.interval();
        let spread =
            |scores: &[f64]| quartiles(scores).iter().map(|score| format!("{score:.2} ")).collect::<String>();
        println!(
            "{name:<18} {:>4} {:>8} {:>8.3} {low:>8.3} to {high:>5.3}  {:<26}  {:<26}{name_of_rate}",
            wrong.of,
            kind.accepted.hits,
            wrong.share().unwrap_or_default(),
            spread(&kind.scores),
            spread(&kind.fused),
        );
    }
    println!();
    let people = kinds.values().find(|kind| !kind.attack);
    let attacks: Vec<(&str, &Kind)> =
        kinds.iter().filter(|(_, kind)| kind.attack).map(|((_, name), kind)| (name.as_str(), kind)).collect();
    let scored: [(&str, ScoresOf); 2] = [("auc", |kind| &kind.scores), ("auc_fused", |kind| &kind.fused)];
    for (metric, of) in scored {
        let of_attacks: Vec<f64> = attacks.iter().flat_map(|(_, kind)| of(kind)).copied().collect();
        if let Some(auc) = people.and_then(|people| auc(of(people), &of_attacks)) {
            report.add(format!("{prefix}{metric}"), auc, auc_target);
        }
    }
    let worst =
        |of: &mut dyn Iterator<Item = &Kind>| of.filter_map(|kind| kind.accepted.share()).reduce(f64::max);
    let presented = attacks.iter().filter(|(name, _)| !name.starts_with(INJECTED));
    if let Some(apcer) = worst(&mut presented.map(|(_, kind)| *kind)) {
        report.add(format!("{prefix}apcer"), apcer, Some(APCER_TARGET));
    }
    if let Some(bpcer) = people.and_then(|people| people.accepted.inverse().share()) {
        report.add(format!("{prefix}bpcer"), bpcer, Some(BPCER_TARGET));
        report.add(
            format!("{prefix}bona_fide_count"),
            people.map_or(0.0, |people| people.accepted.of as f64),
            None,
        );
    }
    let mut groups: BTreeMap<&str, Vec<&Kind>> = BTreeMap::new();
    let target = |name: &str| (!name.starts_with(INJECTED)).then_some(APCER_TARGET);
    for (name, kind) in &attacks {
        let apcer = kind.accepted.share().unwrap_or_default();
        report.add(format!("{prefix}apcer_{name}"), apcer, target(name));
        report.add(format!("{prefix}count_{name}"), kind.accepted.of as f64, None);
        if let Some((group, _)) = name.split_once('_') {
            groups.entry(group).or_default().push(kind);
        }
    }
    for (group, of) in groups.iter().filter(|(_, of)| of.len() > 1) {
        if let Some(apcer) = worst(&mut of.iter().copied()) {
            report.add(format!("{prefix}apcer_{group}"), apcer, target(group));
        }
    }
}

/// Adds how far the head poses of people lie from the drawn ones, each against the same head at rest: the median over the
/// presentations, and the largest error of any frame.
fn add_pose_errors(report: &mut Report, cases: &[Value]) {
    for axis in ["yaw", "pitch"] {
        let errors =
            || cases.iter().filter(|case| case["label"] == "live").map(|case| &case["pose_errors_deg"][axis]);
        let medians: Vec<f64> = errors().filter_map(|of| of[0].as_f64()).collect();
        if let Some(median) = quartiles(&medians).get(2) {
            report.add(format!("{axis}_error_deg"), *median, None);
        }
        if let Some(worst) = errors().filter_map(|of| of[1].as_f64()).reduce(f64::max) {
            report.add(format!("{axis}_error_worst_deg"), worst, None);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn case(label: &str, kind: &str, accepted: bool, score: f64) -> Value {
        json!({ "label": label, "kind": kind, "accepted": accepted, "score": score, "fused": score })
    }

    #[test]
    fn rates_are_of_their_kind_and_the_worst_kind_is_the_apcer() {
        let cases = [
            case("live", "live", true, 0.9),
            case("live", "live", false, 0.4),
            case("attack", "print_still", false, 0.1),
            case("attack", "print_moved", true, 0.6),
            case("attack", "print_moved", false, 0.2),
            case("attack", "mask", false, 0.3),
            case("attack", "injected_answer", true, 0.35),
            json!({ "label": "live", "kind": "live", "score": null }),
        ];
        let mut report = Report::default();
        add(&mut report, "", "test", &cases, None);
        let metrics = report.json("liveness")["metrics"].clone();
        let metric = |name: &str| metrics[name].as_f64().expect(name);
        assert_eq!((metric("apcer"), metric("bpcer"), metric("bona_fide_count")), (0.5, 0.5, 2.0));
        assert_eq!(
            [metric("apcer_print_moved"), metric("apcer_print"), metric("apcer_mask")],
            [0.5, 0.5, 0.0]
        );
        assert_eq!(metric("apcer_injected_answer"), 1.0, "told, and not counted");
        // Of ten pairs, 0.4 against 0.6 alone is wrong.
        assert!((metric("auc") - 9.0 / 10.0).abs() < 1e-9 && metric("auc") == metric("auc_fused"));
    }
}
