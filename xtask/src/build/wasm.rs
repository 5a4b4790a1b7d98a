//! The wasm modules. Built with `cargo rustc --crate-type cdylib`, since cargo does no link-time optimisation
//! for a library that is also an rlib.

use super::cargo;
use crate::toolchain::wasm::{TARGET, WasmToolchain};
use crate::workspace;
use anyhow::{Context, Result};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::SystemTime;
use wasm_bindgen_cli_support::Bindgen;

/// A wasm module: its package and the name of its files.
#[derive(Clone, Copy)]
pub struct Module {
    package: &'static str,
    artifact: &'static str,
    name: &'static str,
    features: &'static [&'static str],
}

/// The page's module: light.
pub const PAGE: Module = Module { package: "idv-web", artifact: "idv_web.wasm", name: "page", features: &[] };

/// The worker's module: the vision engine.
pub const VISION: Module = Module {
    package: "idv-vision-worker",
    artifact: "idv_vision_worker.wasm",
    name: "vision",
    features: &[],
};

/// The barcode reader, which a page loads when its plan needs it.
pub const BARCODE: Module = Module {
    package: "idv-vision-barcode",
    artifact: "idv_vision_barcode.wasm",
    name: "barcode",
    features: &[],
};

/// The server's and the edge's module: clients, relay, evidence check. No browser loads it.
pub const EDGE: Module =
    Module { package: "idv-edge", artifact: "idv_edge.wasm", name: "edge", features: &["js"] };

/// How much the compiler tries.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Flavour {
    /// For tests and the demo: built in minutes.
    Quick,
    /// For the package: smallest.
    Release,
}

impl Flavour {
    /// Name of its cargo profile.
    pub fn profile(self) -> &'static str {
        match self {
            Self::Quick => "wasm-quick",
            Self::Release => "wasm",
        }
    }
}

/// The cargo command that builds `module`.
pub fn command(toolchain: &WasmToolchain, module: Module, flavour: Flavour) -> Command {
    let mut command = toolchain.command("cargo");
    command.current_dir(workspace::root());
    command.args(["rustc", "--lib", "--crate-type", "cdylib", "--package", module.package]);
    command.args(["--target", TARGET, "--profile", flavour.profile()]);
    if !module.features.is_empty() {
        command.args(["--features", &module.features.join(",")]);
    }
    command
}

/// Builds `module` and its JS bindings. Returns the folder with `NAME.js` and `NAME_bg.wasm`.
pub fn build(toolchain: &WasmToolchain, module: Module, flavour: Flavour) -> Result<PathBuf> {
    let task = format!("building {} as wasm", module.package);
    cargo::with_progress(command(toolchain, module, flavour), &task, &["--package", module.package])?;
    let input = workspace::target("wasm").join(TARGET).join(flavour.profile()).join(module.artifact);
    let out = workspace::target("bindgen").join(flavour.profile()).join(module.name);
    let output = out.join(format!("{}_bg.wasm", module.name));
    if modified(&output) <= modified(&input) {
        generate(module, flavour, &input, &out)?;
    }
    Ok(out)
}

fn generate(module: Module, flavour: Flavour, input: &Path, out: &Path) -> Result<()> {
    let release = flavour == Flavour::Release;
    Bindgen::new()
        .input_path(input)
        .web(true)?
        .typescript(true)
        .out_name(module.name)
        .remove_name_section(release)
        .remove_producers_section(release)
        .generate(out)
        .with_context(|| format!("generating the bindings of {}", input.display()))
}

fn modified(path: &Path) -> Option<SystemTime> {
    std::fs::metadata(path).and_then(|meta| meta.modified()).ok()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn release_modules_are_linked_with_fat_lto() {
        let toolchain = WasmToolchain::find().expect("the wasm toolchain; run `cargo xtask doctor`");
        let output = command(&toolchain, PAGE, Flavour::Release)
            .args(["--verbose", "--", "--print", "file-names"])
            .output()
            .expect("cargo runs");
        let printed = String::from_utf8_lossy(&output.stderr);
        let line = printed
            .lines()
            .find(|line| line.contains("--crate-name idv_web "))
            .expect("cargo shows the compiler's command");
        assert!(line.contains("lto=fat"), "{line}");
    }
}
