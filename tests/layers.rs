//! The layers hold: who may name what. Read as text, so that a breach is found where it is written.
#![cfg(not(target_arch = "wasm32"))]
#![allow(clippy::expect_used)] // tests may end by a panic, also in their helpers

use std::path::{Path, PathBuf};
use std::process::Command;

/// Files that touch the browser. Everything else is plain Rust.
const BINDING_FILES: &[&str] = &[
    "src/browser.rs",
    "src/camera/media.rs",
    "src/camera/pump.rs",
    "src/camera/signals/read.rs",
    "src/worker_host/",
    "src/evidence/keys.rs",
    "src/submission/transport.rs",
    "src/handoff/host.rs",
    "src/web/",
    "crates/vision-worker/src/",
    "crates/vision-barcode/src/web.rs",
    "crates/edge/src/wasm/",
    "tests/web.rs",
    "crates/vision/tests/web.rs",
    "crates/vision-barcode/tests/web.rs",
];

const WEB_CRATES: &[&str] = &["wasm_bindgen", "js_sys", "web_sys", "serde_wasm_bindgen"];

/// Clock, randomness, network and threads: arguments in the pure parts, never called there.
const IMPURE: &[&str] = &[
    "SystemTime",
    "Instant::now",
    "getrandom",
    "rand::",
    "reqwest",
    "tokio::",
    "std::net",
    "std::fs",
    "std::env",
    "thread::",
];

/// Folders without clock, randomness or network; their tests may use them.
const PURE: &[&str] = &[
    "crates/protocol/src",
    "crates/seal/src",
    "crates/vision/src",
    "crates/vision-barcode/src",
    "src/flow",
    "src/camera/signals",
    "src/evidence",
    "src/submission",
    "crates/edge/src",
];

/// Files of pure folders that run requests or programs, or that read what tests need.
const RUNNERS: &[&str] = &[
    "src/submission/transport.rs",
    "crates/edge/src/native.rs",
    "crates/edge/src/native/",
    "crates/edge/src/wasm/",
    "crates/edge/src/bin/",
    "crates/edge/src/toss/fixture.rs",
];

/// About 400 lines, the house rule, with room for a test at the end.
const LONGEST_FILE: usize = 450;

fn root() -> PathBuf {
    PathBuf::from(env!("CARGO_MANIFEST_DIR"))
}

fn files_below(folder: &str, extension: &str) -> Vec<(String, String)> {
    fn walk(folder: &Path, extension: &str, out: &mut Vec<PathBuf>) {
        let Ok(entries) = std::fs::read_dir(folder) else { return };
        for entry in entries.flatten() {
            let path = entry.path();
            let name = entry.file_name();
            if path.is_dir() {
                if name != "target" && name != "node_modules" && name != "dist" {
                    walk(&path, extension, out);
                }
            } else if path.extension().is_some_and(|found| found == extension) {
                out.push(path);
            }
        }
    }
    let mut paths = Vec::new();
    walk(&root().join(folder), extension, &mut paths);
    paths.sort();
    paths
        .into_iter()
        .map(|path| {
            let name =
                path.strip_prefix(root()).expect("below the root").to_string_lossy().replace('\\', "/");
            let text = std::fs::read_to_string(&path).expect("readable");
            (name, text)
        })
        .collect()
}

fn is_one_of(name: &str, list: &[&str]) -> bool {
    list.iter().any(|entry| if entry.ends_with('/') { name.starts_with(entry) } else { name == *entry })
}

/// Code lines only: no comments, no test module. A test module in the same file is the last thing in it.
fn code(text: &str) -> impl Iterator<Item = (usize, &str)> {
    let lines: Vec<_> = text.lines().collect();
    let inline_tests = lines.windows(2).position(|pair| {
        pair[0].trim_start().starts_with("#[cfg(test)]") && pair[1].contains("mod ") && pair[1].ends_with('{')
    });
    let end = inline_tests.unwrap_or(lines.len());
    lines
        .into_iter()
        .enumerate()
        .take(end)
        .filter(|(_, line)| !line.trim_start().starts_with("//"))
        .map(|(index, line)| (index + 1, line))
}

/// Whether `line` has `word`, not as the end of a longer word.
fn names(line: &str, word: &str) -> bool {
    line.match_indices(word)
        .any(|(at, _)| !line[..at].ends_with(|before: char| before.is_alphanumeric() || before == '_'))
}

fn breaches(folder: &str, words: &[&str], allowed: &[&str]) -> Vec<String> {
    let mut found = Vec::new();
    for (name, text) in files_below(folder, "rs") {
        if is_one_of(&name, allowed) {
            continue;
        }
        for (line, text) in code(&text) {
            if let Some(word) = words.iter().find(|word| names(text, word)) {
                found.push(format!("{name}:{line} names {word}"));
            }
        }
    }
    found
}

#[test]
fn only_binding_files_name_web_crates() {
    let mut found = breaches("src", WEB_CRATES, BINDING_FILES);
    let plain = ["vision", "vision-barcode", "protocol", "seal", "edge", "sandbox", "specimen"];
    for folder in plain.map(|name| format!("crates/{name}")) {
        found.extend(breaches(&folder, WEB_CRATES, BINDING_FILES));
    }
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn only_the_inference_folder_names_tract() {
    let found: Vec<_> = ["src", "crates"]
        .into_iter()
        .flat_map(|folder| {
            breaches(folder, &["tract_nnef", "tract_core", "tract_onnx"], &["crates/vision/src/inference/"])
        })
        .collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn pure_parts_know_no_clock_no_randomness_and_no_network() {
    let found: Vec<_> = PURE.iter().flat_map(|folder| breaches(folder, IMPURE, RUNNERS)).collect();
    assert!(found.is_empty(), "{found:#?}");
}

#[test]
fn the_server_side_is_not_in_the_browsers_dependency_graph() {
    for package in ["idv-web", "idv-vision-worker", "idv-vision-barcode"] {
        let output = Command::new(env!("CARGO"))
            .current_dir(root())
            .args([
                "tree",
                "--package",
                package,
                "--edges",
                "normal",
                "--target",
                "wasm32-unknown-unknown",
                "--prefix",
                "none",
            ])
            .output()
            .expect("cargo tree runs");
        let tree = String::from_utf8_lossy(&output.stdout);
        assert!(tree.lines().any(|line| line.starts_with("idv-protocol ")), "cargo tree printed: {tree}");
        for forbidden in ["idv-edge ", "idv-sandbox ", "jsonwebtoken ", "reqwest ", "sqlx "] {
            assert!(
                !tree.lines().any(|line| line.starts_with(forbidden)),
                "{package} depends on {forbidden}"
            );
        }
    }
}

#[test]
fn files_have_one_job() {
    let long: Vec<_> = [
        ("src", "rs"),
        ("crates", "rs"),
        ("xtask", "rs"),
        ("tests", "rs"),
        ("www/src", "ts"),
        ("crates/edge/js", "js"),
        ("tests", "mjs"),
    ]
    .into_iter()
    .flat_map(|(folder, extension)| files_below(folder, extension))
    .filter(|(_, text)| text.lines().count() > LONGEST_FILE)
    .map(|(name, text)| format!("{name}: {} lines", text.lines().count()))
    .collect();
    assert!(long.is_empty(), "{long:#?}");
}

#[test]
fn a_breach_would_be_found() {
    let text = "// web_sys\nuse web_sys::Window;\n#[cfg(test)]\nmod tests;\nuse js_sys::Map;\n#[cfg(test)]\nmod more {\nuse js_sys::Set;\n}\n";
    let found: Vec<_> =
        code(text).filter(|(_, line)| WEB_CRATES.iter().any(|word| names(line, word))).collect();
    assert_eq!(found, [(2, "use web_sys::Window;"), (5, "use js_sys::Map;")]);
    assert!(names("rand::rng()", "rand::") && !names("Errand::Plan", "rand::"));
    assert!(is_one_of("src/web/dto.rs", BINDING_FILES) && !is_one_of("src/flow/mod.rs", BINDING_FILES));
}
