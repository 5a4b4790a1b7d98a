//! wasm-pack and the wasm-bindgen test runner, for tests in a real browser.

use super::Finding;
use crate::progress::Task;
use crate::{process, workspace};
use anyhow::Result;
use std::path::PathBuf;
use std::process::Command;

const WASM_PACK_VERSION: &str = "0.15.1";

/// Must be the version of the `wasm-bindgen` crate: the runner refuses any other.
const WASM_BINDGEN_VERSION: &str = "0.2.130";

fn tools() -> PathBuf {
    workspace::target("tools")
}

/// The tool's path, where it is there in the right version: on PATH or in `target/tools`.
fn find(program: &str, version: &str) -> Option<PathBuf> {
    let own = tools().join("bin").join(program);
    let candidates = process::find_on_path(&[program]).into_iter().chain(own.is_file().then_some(own));
    candidates.into_iter().find(|path| {
        process::ask(&path.to_string_lossy(), &["--version"])
            .is_some_and(|text| text.split_whitespace().any(|word| word == version))
    })
}

fn install(program: &str, package: &str, version: &str) -> Result<()> {
    if find(program, version).is_some() {
        return Ok(());
    }
    let task = Task::start(format!("installing {package} {version} into target/tools"));
    process::run_quietly(
        Command::new("cargo")
            .args(["install", package, "--version", version, "--root"])
            .arg(tools())
            .env_remove("CARGO_TARGET_DIR"),
    )?;
    task.done("");
    Ok(())
}

/// Installs both where they are missing; returns the folders to put in front of PATH.
pub fn ensure() -> Result<Vec<PathBuf>> {
    install("wasm-pack", "wasm-pack", WASM_PACK_VERSION)?;
    install("wasm-bindgen", "wasm-bindgen-cli", WASM_BINDGEN_VERSION)?;
    let found = [find("wasm-pack", WASM_PACK_VERSION), find("wasm-bindgen", WASM_BINDGEN_VERSION)];
    Ok(found.into_iter().flatten().filter_map(|path| path.parent().map(PathBuf::from)).collect())
}

/// For `doctor`.
pub fn findings() -> Vec<Finding> {
    [("wasm-pack", WASM_PACK_VERSION), ("wasm-bindgen", WASM_BINDGEN_VERSION)]
        .into_iter()
        .map(|(name, version)| Finding {
            name,
            found: find(name, version).map(|path| format!("{} ({version})", path.display())).ok_or_else(
                || format!("version {version}; `cargo xtask test` installs it into target/tools"),
            ),
        })
        .collect()
}
