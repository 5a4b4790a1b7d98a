//! What the camera will see, made before the browser opens.

use crate::build::Built;
use crate::progress::Task;
use crate::scenario::Scenario;
use crate::workspace;
use anyhow::{Context, Result, bail};
use std::ffi::OsStr;
use std::io::{BufRead, BufReader};
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The recordings of one run.
pub struct Recordings {
    /// A document, for the document step.
    pub document: PathBuf,
    /// The same desk without one.
    pub desk: PathBuf,
    /// Arguments of the specimen program for the face step; the driver fills in `{actions}` and `{out}` once it
    /// knows the session's challenge.
    pub face_command: Vec<String>,
}

/// Makes what does not depend on the session's plan. `policy_key` names the state of a licence.
pub fn prepare(
    built: &Built,
    scenario: Scenario,
    policy_key: &str,
    seed: u64,
    folder: &Path,
) -> Result<Recordings> {
    let of_canada = policy_key.starts_with("ca:");
    let licence = if of_canada { "licence-canada" } else { "licence" };
    let state = if of_canada { "CAN" } else { "USA" };
    let holder = built.assets.join("astronaut.png");
    let (name, words): (&str, &[&str]) = match scenario {
        Scenario::Card => ("card", &["card", "--front", "td1-front", "--back", "td1-back"]),
        Scenario::Licence => {
            (licence, &["card", "--front", "residence", "--back", "licence-back", "--licence-of", state])
        }
        _ => ("document", &["document"]),
    };
    let with_portrait: Vec<&OsStr> =
        words.iter().map(OsStr::new).chain([OsStr::new("--portrait"), holder.as_os_str()]).collect();
    let needs_document = scenario != Scenario::NoDocument && !scenario.is_form();
    let needs_desk = matches!(scenario, Scenario::NoDocument | Scenario::Upload);
    let document = shared(built, name, seed, folder, needs_document.then_some(&with_portrait))?;
    let desk = shared(built, "desk", seed, folder, needs_desk.then_some(&vec![OsStr::new("no-document")]))?;
    let seed = seed.to_string();

    let photo = if scenario == Scenario::OtherPerson { built.assets.join("obama.jpg") } else { holder };
    let photo = photo.to_string_lossy().into_owned();
    let attacker = built.assets.join("obama.jpg").to_string_lossy().into_owned();
    let by_seed = ["--photo", &photo, "--seed", &seed, "--out", "{out}"];
    let asked = ["--actions", "{actions}"];
    let attack = |kind| [&["attack", "--kind", kind, "--attacker", &attacker][..], &by_seed, &asked].concat();
    let answer: Vec<&str> = match scenario {
        Scenario::PrintedFace => [&["print"][..], &by_seed].concat(),
        Scenario::ScreenFace => attack("phone_other"),
        Scenario::CutBetweenPeople => attack("cut_between"),
        _ => [&["face"][..], &by_seed, &asked].concat(),
    };
    let face_command = answer.iter().map(|word| (*word).to_owned()).collect();
    Ok(Recordings { document, desk, face_command })
}

/// The recording `name` of `seed`, which runs share. Made by `words` of the specimen program unless it is there.
fn shared(
    built: &Built,
    name: &str,
    seed: u64,
    folder: &Path,
    words: Option<&Vec<&OsStr>>,
) -> Result<PathBuf> {
    let shared = workspace::target("demo/recordings");
    std::fs::create_dir_all(&shared)?;
    let recording = shared.join(format!("{name}-{seed}.mjpeg"));
    let Some(words) = words.filter(|_| !recording.exists()) else { return Ok(recording) };
    for old in std::fs::read_dir(&shared)?.flatten() {
        if old.file_name().to_string_lossy().starts_with(&format!("{name}-")) {
            std::fs::remove_file(old.path())?;
        }
    }
    let unfinished = folder.join("unfinished.mjpeg");
    let mut command = specimen(built);
    command.args(words).args(["--seed", &seed.to_string(), "--out"]).arg(&unfinished);
    render(&mut command, &format!("recording the {name}"))?;
    std::fs::rename(&unfinished, &recording)?;
    Ok(recording)
}

/// The specimen program with its folders set.
pub fn specimen(built: &Built) -> Command {
    let mut command = Command::new(&built.programs.specimen);
    command.env("IDV_ASSETS", &built.assets).env("IDV_MODELS", &built.models);
    command
}

fn render(command: &mut Command, name: &str) -> Result<()> {
    let task = Task::start(name);
    let mut child = command.stdout(Stdio::piped()).spawn().context("could not start the specimen program")?;
    let output = child.stdout.take().context("the specimen program has no output")?;
    for line in BufReader::new(output).lines() {
        if let Some(done) = line?.strip_prefix("progress ").and_then(|text| text.trim().parse().ok()) {
            task.at(done, "");
        }
    }
    if !child.wait()?.success() {
        bail!("{name} failed");
    }
    task.done("");
    Ok(())
}
