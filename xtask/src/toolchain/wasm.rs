//! A Rust compiler with the wasm32-unknown-unknown standard library.
//!
//! Usually rustup's, with the target added. Where rustup's server cannot be reached, Debian's `rustc-web` with a
//! standard library built from its own source.

use super::{Finding, debian};
use crate::progress::Task;
use crate::{process, workspace};
use anyhow::{Context, Result, bail};
use std::path::{Path, PathBuf};
use std::process::Command;
use std::time::Duration;

/// The target triple.
pub const TARGET: &str = "wasm32-unknown-unknown";

/// rustup fetches some 20 MB; a server that has not answered by then does not answer.
const RUSTUP_LIMIT: Duration = Duration::from_secs(60);

const DEBIAN_PACKAGES: &[&str] = &["rustc-web", "cargo-web", "rust-web-src", "rust-web-llvm", "lld-22"];

/// A cargo that builds for wasm.
#[derive(Clone, Debug)]
pub enum WasmToolchain {
    /// The cargo that runs this program.
    Default,
    /// Debian's, in this folder.
    In(PathBuf),
}

impl WasmToolchain {
    /// The toolchain, installed where it is missing and can be.
    pub fn ensure() -> Result<Self> {
        if let Some(found) = Self::find() {
            return Ok(found);
        }
        if process::find_on_path(&["rustup"]).is_some() {
            let task = Task::start(format!("adding the Rust target {TARGET}"));
            let added = process::succeeds_within(
                Command::new("rustup").args(["target", "add", TARGET]),
                RUSTUP_LIMIT,
            );
            task.done(if added { "" } else { "rustup's server does not answer" });
            if let (true, Some(found)) = (added, Self::find()) {
                return Ok(found);
            }
        }
        debian::install(DEBIAN_PACKAGES, "Rust for WebAssembly", "rustup target add wasm32-unknown-unknown")?;
        build_std(Path::new("/usr/bin"))?;
        Self::find().context("the WebAssembly standard library was built but is not found")
    }

    /// The toolchain that is there.
    pub fn find() -> Option<Self> {
        if has_std("rustc") {
            return Some(Self::Default);
        }
        let debian = Path::new("/usr/bin");
        has_std("/usr/bin/rustc").then(|| Self::In(debian.to_path_buf()))
    }

    /// A command of this toolchain: `cargo`, `wasm-pack` and others that call it.
    pub fn command(&self, program: &str) -> Command {
        let mut command = match self {
            Self::Default => Command::new(program),
            Self::In(folder) => {
                let own = folder.join(program);
                let mut command = if own.is_file() { Command::new(own) } else { Command::new(program) };
                let rest = std::env::var_os("PATH").unwrap_or_default();
                let path =
                    std::env::join_paths(std::iter::once(folder.clone()).chain(std::env::split_paths(&rest)));
                command
                    .env("PATH", path.unwrap_or(rest))
                    .env("RUSTC", folder.join("rustc"))
                    .env_remove("RUSTUP_TOOLCHAIN");
                command
            }
        };
        for (name, _) in std::env::vars_os() {
            let name = name.to_string_lossy().into_owned();
            if name.starts_with("CARGO_PKG_") || name.starts_with("CARGO_MANIFEST_") || name == "CARGO" {
                command.env_remove(name);
            }
        }
        command.env("CARGO_TARGET_DIR", workspace::target("wasm"));
        command
    }
}

fn has_std(rustc: &str) -> bool {
    let Some(folder) = process::ask(rustc, &["--print", "target-libdir", "--target", TARGET]) else {
        return false;
    };
    std::fs::read_dir(folder).is_ok_and(|mut files| {
        files.any(|file| file.is_ok_and(|file| file.file_name().to_string_lossy().starts_with("libstd-")))
    })
}

/// Builds the standard library with the compiler in `folder` from that compiler's own source, and puts it where
/// the compiler looks for it.
fn build_std(folder: &Path) -> Result<()> {
    let task = Task::start("building the WebAssembly standard library");
    let scratch = workspace::target("wasm-std");
    std::fs::create_dir_all(scratch.join("src"))?;
    std::fs::write(scratch.join("src/lib.rs"), "#![no_std]\n")?;
    std::fs::write(
        scratch.join("Cargo.toml"),
        "[package]\nname = \"std-for-wasm\"\nversion = \"0.0.0\"\nedition = \"2021\"\n\n[workspace]\n",
    )?;
    let mut command = WasmToolchain::In(folder.to_path_buf()).command("cargo");
    command
        .current_dir(&scratch)
        .args(["build", "--release", "-Zbuild-std=std,panic_abort,panic_unwind,test", "--target", TARGET])
        .env("CARGO_TARGET_DIR", scratch.join("target"))
        .env("RUSTC_BOOTSTRAP", "1")
        .env("RUSTFLAGS", "-C target-feature=+simd128 -C embed-bitcode=yes");
    process::run_quietly(&mut command)?;
    let rustc = folder.join("rustc");
    let libdir = process::ask(&rustc.to_string_lossy(), &["--print", "target-libdir", "--target", TARGET])
        .context("rustc names no target-libdir")?;
    std::fs::create_dir_all(&libdir)?;
    for file in std::fs::read_dir(scratch.join("target").join(TARGET).join("release/deps"))? {
        let path = file?.path();
        let name = path.file_name().unwrap_or_default().to_string_lossy().into_owned();
        if name.ends_with(".rlib") && !name.contains("std_for_wasm") {
            std::fs::copy(&path, Path::new(&libdir).join(&name))?;
        }
    }
    if !has_std(&rustc.to_string_lossy()) {
        bail!("no libstd came out of the build in {}", scratch.display());
    }
    task.done("");
    Ok(())
}

/// For `doctor`.
pub fn findings() -> Vec<Finding> {
    let found = match WasmToolchain::find() {
        Some(WasmToolchain::Default) => Ok(format!("{TARGET} in the usual toolchain")),
        Some(WasmToolchain::In(folder)) => Ok(format!("{TARGET} in {}", folder.display())),
        None => Err(format!("rustup target add {TARGET}")),
    };
    vec![Finding { name: "Rust for WebAssembly", found }]
}
