//! Running other programs, so that a failure says which command failed and what it printed.

use anyhow::{Context, Result, bail};
use std::io::{BufRead, BufReader, Read, Write};
use std::path::PathBuf;
use std::process::{Command, Output, Stdio};
use std::time::{Duration, Instant};

/// The command line as one would type it.
pub fn shown(command: &Command) -> String {
    let mut words = vec![command.get_program().to_string_lossy().into_owned()];
    words.extend(command.get_args().map(|arg| arg.to_string_lossy().into_owned()));
    words.join(" ")
}

/// Runs with output on the terminal; a failure is an error.
pub fn run(command: &mut Command) -> Result<()> {
    let status = command.status().with_context(|| format!("could not start `{}`", shown(command)))?;
    if !status.success() {
        bail!("`{}` failed with {status}", shown(command));
    }
    Ok(())
}

/// Runs with output on the terminal. A failure whose output holds `symptom` is tried again, `tries` times in all: for
/// programs of others that sometimes do not start. Any other failure is an error.
pub fn run_despite(command: &mut Command, symptom: &str, tries: u32) -> Result<()> {
    for left in (0..tries).rev() {
        let mut child = command
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .spawn()
            .with_context(|| format!("could not start `{}`", shown(command)))?;
        let (out, err) = (child.stdout.take(), child.stderr.take());
        let errors = std::thread::spawn(move || err.map(|err| pass_on(err, &mut std::io::stderr())));
        let printed = out.map(|out| pass_on(out, &mut std::io::stdout())).unwrap_or_default();
        let complained = errors.join().ok().flatten().unwrap_or_default();
        let status = child.wait()?;
        if status.success() {
            return Ok(());
        }
        if left == 0 || !(printed + &complained).contains(symptom) {
            bail!("`{}` failed with {status}", shown(command));
        }
        eprintln!("`{}` says \"{symptom}\": once more", shown(command));
    }
    Ok(())
}

/// Copies what is read to `to`, line by line, and gives it back.
fn pass_on(from: impl Read, to: &mut impl Write) -> String {
    let mut all = String::new();
    for line in BufReader::new(from).split(b'\n').map_while(Result::ok) {
        let line = String::from_utf8_lossy(&line);
        // Output that nobody reads any more is no reason to stop.
        let _ = writeln!(to, "{line}");
        all.push_str(&line);
        all.push('\n');
    }
    all
}

/// Runs in silence; a failure is an error that carries the end of what was printed.
pub fn run_quietly(command: &mut Command) -> Result<String> {
    let output = command
        .stdin(Stdio::null())
        .output()
        .with_context(|| format!("could not start `{}`", shown(command)))?;
    if !output.status.success() {
        bail!("`{}` failed with {}\n{}", shown(command), output.status, tail(&output, 40));
    }
    Ok(String::from_utf8_lossy(&output.stdout).into_owned())
}

/// What a command prints, or nothing where it is missing or fails.
pub fn ask(program: &str, args: &[&str]) -> Option<String> {
    let output = Command::new(program).args(args).stdin(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Runs in silence for at most `limit`; true when it ended well in time.
pub fn succeeds_within(command: &mut Command, limit: Duration) -> bool {
    let Ok(mut child) = command.stdin(Stdio::null()).stdout(Stdio::null()).stderr(Stdio::null()).spawn()
    else {
        return false;
    };
    let started = Instant::now();
    while started.elapsed() < limit {
        match child.try_wait() {
            Ok(Some(status)) => return status.success(),
            Ok(None) => std::thread::sleep(Duration::from_millis(100)),
            Err(_) => return false,
        }
    }
    let _ = child.kill();
    let _ = child.wait();
    false
}

/// The first of `names` that is an executable on PATH.
pub fn find_on_path(names: &[&str]) -> Option<PathBuf> {
    let path = std::env::var_os("PATH")?;
    let folders: Vec<_> = std::env::split_paths(&path).collect();
    names
        .iter()
        .flat_map(|name| {
            folders.iter().map(move |folder| folder.join(format!("{name}{}", std::env::consts::EXE_SUFFIX)))
        })
        .find(|candidate| candidate.is_file())
}

fn tail(output: &Output, lines: usize) -> String {
    let all =
        format!("{}{}", String::from_utf8_lossy(&output.stdout), String::from_utf8_lossy(&output.stderr));
    let kept: Vec<_> = all.lines().rev().take(lines).collect();
    kept.into_iter().rev().collect::<Vec<_>>().join("\n")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn only_a_failure_with_the_symptom_is_tried_again() {
        let folder = std::env::temp_dir().join(format!("idv-xtask-{}", std::process::id()));
        std::fs::create_dir_all(&folder).unwrap();
        let script = |text: &str| {
            let mut command = Command::new("sh");
            command.current_dir(&folder).args(["-c", text]);
            command
        };
        let late = "[ -e began ] && exit 0; touch began; echo cold start >&2; exit 3";
        assert!(run_despite(&mut script(late), "cold start", 2).is_ok());
        let other = "echo x >> tries; echo broken; exit 3";
        let error = run_despite(&mut script(other), "cold start", 5).unwrap_err();
        assert!(error.to_string().contains("exit status: 3"), "{error}");
        assert_eq!(std::fs::read_to_string(folder.join("tries")).unwrap().lines().count(), 1);
        assert!(run_despite(&mut script("echo cold start; exit 3"), "cold start", 2).is_err());
        std::fs::remove_dir_all(&folder).unwrap();
    }
}
