//! Every test, in stages from the quickest to the slowest. All stages run; the first failure is reported last.

use crate::build::{self, Built, Flavour, shell};
use crate::progress::{begin_lane, heading, say};
use crate::scenario::Scenario;
use crate::toolchain::wasm::{TARGET, WasmToolchain};
use crate::toolchain::{browser, edge_engine, wasm_pack};
use crate::{demo, process, workspace};
use anyhow::{Context, Result, bail};
use clap::ValueEnum;
use std::ffi::OsStr;
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Instant;

/// `cargo xtask test`.
#[derive(clap::Args)]
pub struct Args {
    /// Run only this stage; may be given more than once.
    #[arg(long, value_enum)]
    only: Vec<Stage>,
}

/// A part of the test run.
#[derive(Clone, Copy, Debug, PartialEq, Eq, ValueEnum)]
enum Stage {
    /// Formatting, lints and documentation.
    Lint,
    /// Rust tests on this machine, the whole path among them.
    Native,
    /// Rust tests as wasm in headless Chromium.
    Wasm,
    /// Type checks of the TypeScript shell.
    Shell,
    /// The shell's tests and the packed npm package as its users get it.
    Package,
    /// The scenarios in headless Chromium.
    Browser,
}

impl Stage {
    const ALL: [Self; 6] = [Self::Lint, Self::Native, Self::Wasm, Self::Shell, Self::Package, Self::Browser];

    fn name(self) -> &'static str {
        match self {
            Self::Lint => "lint",
            Self::Native => "native",
            Self::Wasm => "wasm",
            Self::Shell => "shell",
            Self::Package => "package",
            Self::Browser => "browser",
        }
    }

    /// Runs it. What it could not check for want of a tool is named in `gaps`.
    fn run(self, gaps: &mut Vec<&'static str>) -> Result<()> {
        match self {
            Self::Lint => lint(gaps),
            Self::Native => native(),
            Self::Wasm => wasm(),
            Self::Shell => shell_tests(),
            Self::Package => package(),
            Self::Browser => scenarios(),
        }
    }
}

/// Runs the stages.
pub fn run(args: &Args) -> Result<()> {
    let stages = if args.only.is_empty() { Stage::ALL.to_vec() } else { args.only.clone() };
    let mut lines = Vec::new();
    let mut failed = 0;
    for stage in stages {
        heading(&format!("Stage {}", stage.name()));
        let started = Instant::now();
        let mut gaps = Vec::new();
        let outcome = stage.run(&mut gaps);
        let seconds = started.elapsed().as_secs_f64();
        match outcome {
            Ok(()) => lines.push(passed_line(stage, seconds, &gaps)),
            Err(error) => {
                eprintln!("{error:#}");
                failed += 1;
                lines.push(format!("  ✗ {:<8} {seconds:>6.1} s  {error}", stage.name()));
            }
        }
    }
    heading("Summary");
    for line in &lines {
        eprintln!("{line}");
    }
    println!("stages: {} passed, {failed} failed", lines.len() - failed);
    if failed > 0 {
        bail!("{failed} of {} stages failed", lines.len());
    }
    Ok(())
}

fn passed_line(stage: Stage, seconds: f64, gaps: &[&str]) -> String {
    let line = format!("  ✓ {:<8} {seconds:>6.1} s", stage.name());
    if gaps.is_empty() { line } else { format!("{line}  NOT CHECKED: {}", gaps.join("; ")) }
}

fn cargo(arguments: &[&str]) -> Command {
    let mut command = Command::new("cargo");
    command.current_dir(workspace::root()).args(arguments);
    command
}

fn lint(gaps: &mut Vec<&'static str>) -> Result<()> {
    if process::ask("cargo", &["fmt", "--version"]).is_some() {
        process::run(&mut cargo(&["fmt", "--all", "--check"]))?;
    } else {
        gaps.push("the format (rustfmt is not installed)");
    }
    if process::ask("cargo", &["clippy", "--version"]).is_some() {
        process::run(&mut cargo(&[
            "clippy",
            "--quiet",
            "--workspace",
            "--all-targets",
            "--",
            "-D",
            "warnings",
        ]))?;
    } else {
        gaps.push("the lints (clippy is not installed)");
    }
    wasm_lint(gaps)?;
    process::run(cargo(&["doc", "--quiet", "--workspace", "--no-deps"]).env("RUSTDOCFLAGS", "-D warnings"))
}

/// The code that only exists in the browser. Debian's wasm toolchain has no clippy: there the compiler's own
/// warnings must do, which the wasm stage prints.
fn wasm_lint(gaps: &mut Vec<&'static str>) -> Result<()> {
    let toolchain = WasmToolchain::ensure()?;
    if !matches!(toolchain, WasmToolchain::Default)
        || process::ask("cargo", &["clippy", "--version"]).is_none()
    {
        gaps.push("the lints of the bindings (no clippy for wasm32)");
        return Ok(());
    }
    let mut command = toolchain.command("cargo");
    command.current_dir(workspace::root()).args(["clippy", "--quiet", "--lib", "--target", TARGET]);
    process::run(command.args([
        "--package",
        "idv-web",
        "--package",
        "idv-vision-worker",
        "--package",
        "idv-vision-barcode",
        "--package",
        "idv-edge",
        "--features",
        "idv-edge/js",
        "--",
        "-D",
        "warnings",
    ]))
}

fn native() -> Result<()> {
    let (_, inputs) = build::programs_and_inputs()?;
    WasmToolchain::ensure()?;
    process::run(
        cargo(&["test", "--no-fail-fast"])
            .args(build::cargo::SELECTION)
            .env("IDV_MODELS", &inputs.models)
            .env("IDV_ASSETS", &inputs.assets)
            .envs(workspace::data()?.map(|folder| ("IDV_DATA", folder))),
    )?;
    process::run(&mut cargo(&["test", "--package", "xtask"]))
}

fn wasm() -> Result<()> {
    let toolchain = WasmToolchain::ensure()?;
    let chromium = browser::ensure()?;
    let driver = browser::ensure_driver()?;
    let tools = wasm_pack::ensure()?;
    let webdriver = workspace::target("webdriver.json");
    let options = serde_json::json!({ "goog:chromeOptions": { "binary": chromium, "args": browser::FLAGS } });
    std::fs::create_dir_all(workspace::target(""))?;
    std::fs::write(&webdriver, options.to_string())?;
    for package in ["", "crates/vision", "crates/vision-worker", "crates/vision-barcode"] {
        wasm_pack_test(&toolchain, &driver, &tools, &webdriver, &workspace::root().join(package))?;
    }
    Ok(())
}

/// What the test runner prints when Chromium did not come up in the driver's time, as on a machine with much else
/// to do. No test has run then.
const BROWSER_DID_NOT_START: &str = "failed to create a Chrome session";

/// Times Chromium is started for one run.
const BROWSER_STARTS: u32 = 3;

fn wasm_pack_test(
    toolchain: &WasmToolchain,
    driver: &Path,
    tools: &[PathBuf],
    webdriver: &Path,
    folder: &Path,
) -> Result<()> {
    let program = tools.first().context("wasm-pack is not installed")?.join("wasm-pack");
    let mut command = toolchain.command(&program.to_string_lossy());
    let own_path = command
        .get_envs()
        .find(|(name, _)| *name == "PATH")
        .and_then(|(_, value)| value.map(OsStr::to_owned));
    // The toolchain's folder stays in front: the tools' folder may hold another cargo.
    let path = own_path.or_else(|| std::env::var_os("PATH")).unwrap_or_default();
    let folders: Vec<_> = std::env::split_paths(&path).chain(tools.iter().cloned()).collect();
    process::run_despite(
        command
            .current_dir(folder)
            .env("PATH", std::env::join_paths(folders)?)
            .env("WASM_BINDGEN_TEST_WEBDRIVER_JSON", webdriver)
            .args(["test", "--headless", "--chrome", "--mode", "no-install", "--chromedriver"])
            .arg(driver)
            // The profile of the site that is built next, so that what is of others is compiled once for both.
            .args(["--", "--profile", Flavour::Quick.profile()]),
        BROWSER_DID_NOT_START,
        BROWSER_STARTS,
    )
}

/// The shell on its own, with a scripted module in the place of the wasm, so that every screen can be reached.
fn shell_tests() -> Result<()> {
    let www = workspace::root().join("www");
    shell::install_packages(&www)?;
    process::run(Command::new("npm").current_dir(&www).args(["run", "--silent", "check"]))?;
    node_tests(
        &["face", "forms", "hosted", "package", "screens", "shell", "worker"],
        &workspace::target("no-package"),
    )
}

/// The packed package with the real wasm, as its users get it.
fn package() -> Result<()> {
    let (programs, inputs) = build::programs_and_inputs()?;
    let site = build::site(Flavour::Quick, &inputs)?;
    let dist = site.join("package/dist");
    node_tests(&["hosted", "package"], &dist)?;
    process::run(
        node_test_command(
            &["edge/node", "edge/relay", "edge/evidence", "edge/workerd", "edge/policies"],
            &dist,
        )
        .env("IDV_SANDBOX", &programs.sandbox)
        .env("IDV_EDGE_ENGINE", edge_engine::ensure()?),
    )
}

fn node_tests(names: &[&str], dist: &Path) -> Result<()> {
    process::run(node_test_command(names, dist).env("IDV_CHROMIUM", browser::ensure()?))
}

fn node_test_command(names: &[&str], dist: &Path) -> Command {
    let mut command = Command::new("node");
    command
        .current_dir(workspace::root())
        .args(["--test", "--test-reporter", "spec"])
        .args(names.iter().map(|name| format!("tests/packaging/{name}.test.mjs")))
        .env("IDV_DIST", dist);
    command
}

/// Every scenario but the slow ones. Those that take no pictures leave the processor idle and run beside the others.
fn scenarios() -> Result<()> {
    let built = build::everything(Flavour::Quick)?;
    let seed = demo::fresh_seed()?;
    let (forms, cameras): (Vec<_>, Vec<_>) =
        Scenario::ALL.into_iter().filter(|one| !one.is_slow()).partition(|one| one.is_form());
    let failed = std::thread::scope(|scope| {
        let beside = scope.spawn(|| {
            begin_lane("forms | ");
            failures(&built, &forms, seed)
        });
        let mut failed = failures(&built, &cameras, seed);
        failed.extend(beside.join().unwrap_or_else(|_| vec!["forms"]));
        failed
    });
    if !failed.is_empty() {
        bail!("scenarios failed: {}", failed.join(", "));
    }
    Ok(())
}

/// The names of those `scenarios` that do not end as they must.
fn failures(built: &Built, scenarios: &[Scenario], seed: u64) -> Vec<&'static str> {
    let mut failed = Vec::new();
    for scenario in scenarios {
        if let Err(error) = demo::verify(built, *scenario, seed) {
            say(&format!("  ✗ {}: {error:#}", scenario.name()));
            failed.push(scenario.name());
        }
    }
    failed
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_stage_that_could_not_check_everything_says_so_in_the_summary() {
        assert_eq!(passed_line(Stage::Lint, 1.0, &[]), "  ✓ lint        1.0 s");
        let line = passed_line(Stage::Lint, 1.0, &["the format (rustfmt is not installed)"]);
        assert!(line.ends_with("NOT CHECKED: the format (rustfmt is not installed)"), "{line}");
    }
}
