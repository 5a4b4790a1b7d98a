//! Each rule of the vendors' contracts and the test that holds it: the table is `crates/sandbox/CONTRACTS.md`, the
//! tests are run, and a row without a test that passes fails.

use super::Report;
use crate::process;
use crate::progress::Task;
use crate::workspace;
use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use std::collections::{BTreeMap, BTreeSet};
use std::fmt;
use std::path::{Path, PathBuf};
use std::process::{Command, Stdio};

/// The table, from the workspace's root.
const TABLE: &str = "crates/sandbox/CONTRACTS.md";

/// Where a test is: `edge` for the unit tests of `crates/edge`, `sandbox/http` for its test program `http`, `web` for
/// the root package.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Program(String);

/// A test: its program and its path in it.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
struct Test {
    program: Program,
    path: String,
}

impl fmt::Display for Test {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{} {}", self.program.0, self.path)
    }
}

/// A rule of a contract.
#[derive(Debug, PartialEq, Eq)]
struct Row {
    section: String,
    rule: String,
    tests: Vec<Test>,
}

/// Runs every test of the table and says which rows hold.
pub fn measure() -> Result<Report> {
    let text = std::fs::read_to_string(workspace::root().join(TABLE)).context(TABLE)?;
    let rows = parse(&text)?;
    let mut wanted: BTreeMap<&Program, BTreeSet<&str>> = BTreeMap::new();
    for test in rows.iter().flat_map(|row| &row.tests) {
        wanted.entry(&test.program).or_default().insert(&test.path);
    }
    let programs = programs()?;
    let task = Task::start("running the tests of the contracts");
    let mut passed: BTreeSet<Test> = BTreeSet::new();
    for (index, (program, paths)) in wanted.iter().enumerate() {
        task.at(index as f64 / wanted.len() as f64, &program.0);
        let Some((executable, folder)) = programs.get(program) else { continue };
        let names = run(executable, folder, paths)?;
        passed.extend(names.into_iter().map(|path| Test { program: (*program).clone(), path }));
    }
    task.done("");
    let mut report = Report::default();
    let mut held = 0;
    for row in &rows {
        let missing: Vec<_> = row.tests.iter().filter(|test| !passed.contains(test)).collect();
        let holds = !row.tests.is_empty() && missing.is_empty();
        held += usize::from(holds);
        let tests: Vec<_> = row.tests.iter().map(Test::to_string).collect();
        println!("{} {:<8} {}  [{}]", if holds { "✓" } else { "✗" }, row.section, row.rule, tests.join("; "));
        for test in missing {
            println!("           does not hold or does not exist: {test}");
        }
        report.add_case(json!({ "section": row.section, "rule": row.rule, "tests": tests, "held": holds }));
    }
    report.add("rows_total", rows.len() as f64, None);
    report.add("rows_held", held as f64, Some(rows.len() as f64));
    if held < rows.len() {
        report.fail(format!("{} of {} rows do not hold", rows.len() - held, rows.len()));
    }
    Ok(report)
}

/// The rows of the tables in `text`: `| rule | tests |` under headings that begin with the section's number.
fn parse(text: &str) -> Result<Vec<Row>> {
    let mut section = String::new();
    let mut rows = Vec::new();
    for (index, line) in text.lines().enumerate() {
        if let Some(heading) = line.strip_prefix("## ") {
            section = heading.split(' ').next().unwrap_or_default().to_owned();
        }
        let Some(cells) = line.strip_prefix("| ").and_then(|line| line.trim_end().strip_suffix('|')) else {
            continue;
        };
        let Some((rule, tests)) = cells.rsplit_once(" | ") else {
            bail!("{TABLE}:{}: a row has two cells", index + 1);
        };
        if rule == "rule" {
            continue;
        }
        let tests = tests
            .split(';')
            .map(|test| {
                let (program, path) = test.trim().trim_matches('`').split_once(' ').with_context(|| {
                    format!("{TABLE}:{}: a test is written `PROGRAM path::of::test`", index + 1)
                })?;
                Ok(Test { program: Program(program.to_owned()), path: path.to_owned() })
            })
            .collect::<Result<_>>()?;
        rows.push(Row { section: section.clone(), rule: rule.trim().to_owned(), tests });
    }
    Ok(rows)
}

/// Builds every test program: its executable and the folder it runs in.
fn programs() -> Result<BTreeMap<Program, (PathBuf, PathBuf)>> {
    let root = workspace::root();
    let output = Command::new("cargo")
        .current_dir(&root)
        .args(["test", "--quiet", "--workspace", "--exclude", "xtask", "--features", "idv-edge/native"])
        .args(["--no-run", "--message-format", "json"])
        .stdin(Stdio::null())
        .stderr(Stdio::inherit())
        .output()?;
    if !output.status.success() {
        bail!("the tests do not build");
    }
    let mut programs = BTreeMap::new();
    for line in String::from_utf8_lossy(&output.stdout).lines() {
        let Ok(message) = serde_json::from_str::<Value>(line) else { continue };
        let (Some(executable), Some(manifest), true) = (
            message["executable"].as_str(),
            message["manifest_path"].as_str(),
            message["profile"]["test"].as_bool().unwrap_or_default(),
        ) else {
            continue;
        };
        let folder = Path::new(manifest).parent().unwrap_or(&root).to_path_buf();
        let package = match folder.strip_prefix(&root) {
            Ok(inside) if inside.as_os_str().is_empty() => "web".to_owned(),
            _ => folder.file_name().map(|name| name.to_string_lossy().into_owned()).unwrap_or_default(),
        };
        let target = &message["target"];
        let kind = target["kind"][0].as_str().unwrap_or_default();
        let name = match kind {
            "test" => format!("{package}/{}", target["name"].as_str().unwrap_or_default()),
            "bin" => continue,
            _ => package,
        };
        programs.insert(Program(name), (PathBuf::from(executable), folder));
    }
    Ok(programs)
}

/// The tests among `paths` that exist in `executable` and pass.
fn run(executable: &Path, folder: &Path, paths: &BTreeSet<&str>) -> Result<Vec<String>> {
    let mut command = Command::new(executable);
    command.current_dir(folder).arg("--exact").args(paths);
    let shown = process::shown(&command);
    // A failing test makes the program fail; which one it was is in what it prints.
    let output =
        command.stdin(Stdio::null()).output().with_context(|| format!("could not start `{shown}`"))?;
    let printed = String::from_utf8_lossy(&output.stdout);
    Ok(printed.lines().filter_map(passed).map(str::to_owned).collect())
}

/// The test that a line of a test program reports as passed.
fn passed(line: &str) -> Option<&str> {
    let (name, outcome) = line.strip_prefix("test ")?.rsplit_once(" ... ")?;
    (outcome == "ok").then(|| name.trim_end_matches(" - should panic"))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn rows_are_read_with_their_section_and_all_their_tests() {
        let text = "# Contracts\n\n## 1.2 Assertion\n\n| rule | test |\n|---|---|\n\
                    | alg is ES256 | `edge tokens::tests::alg`; `sandbox/http token::alg` |\n";
        let test = |program: &str, path: &str| Test { program: Program(program.into()), path: path.into() };
        assert_eq!(
            parse(text).unwrap(),
            [Row {
                section: "1.2".into(),
                rule: "alg is ES256".into(),
                tests: vec![test("edge", "tokens::tests::alg"), test("sandbox/http", "token::alg")],
            }]
        );
        assert!(parse("| a rule without a test |\n").is_err());
    }

    #[test]
    fn only_a_test_that_passed_counts() {
        assert_eq!(passed("test a::b ... ok"), Some("a::b"));
        for other in ["test a::b ... FAILED", "test a::b ... ignored", "running 1 test", "test result: ok."] {
            assert_eq!(passed(other), None, "{other}");
        }
    }
}
