//! Building everything a run needs: wasm modules, shell, package, sandbox.

pub mod cargo;
pub mod inputs;
pub mod package;
pub mod shell;
pub mod wasm;

use crate::toolchain::wasm::WasmToolchain;
use crate::toolchain::{browser, node};
use crate::workspace;
use anyhow::Result;
use cargo::Programs;
use inputs::Inputs;
use std::path::PathBuf;

pub use wasm::Flavour;

/// What a run needs, all of it built.
pub struct Built {
    /// Folder with the unpacked npm package in `package/`, and the hosted page in `package/demo/`.
    pub site: PathBuf,
    /// Folder with the converted models and `models.json`.
    pub models: PathBuf,
    /// Folder with the fonts and pictures of the specimens.
    pub assets: PathBuf,
    /// The native programs.
    pub programs: Programs,
    /// The browser.
    pub chromium: PathBuf,
}

/// Installs what is missing and builds everything. What is up to date is not built again.
pub fn everything(flavour: Flavour) -> Result<Built> {
    let chromium = browser::ensure()?;
    let (programs, inputs) = programs_and_inputs()?;
    let site = site(flavour, &inputs)?;
    Ok(Built { site, models: inputs.models, assets: inputs.assets, programs, chromium })
}

/// Builds the native programs and fetches what they need.
pub fn programs_and_inputs() -> Result<(Programs, Inputs)> {
    let programs = cargo::programs()?;
    let inputs = inputs::prepare(&programs)?;
    Ok((programs, inputs))
}

/// Builds the wasm modules, the shell and the package, and unpacks it as a user of the package would.
pub fn site(flavour: Flavour, inputs: &Inputs) -> Result<PathBuf> {
    node::ensure()?;
    let toolchain = WasmToolchain::ensure()?;
    let page = wasm::build(&toolchain, wasm::PAGE, flavour)?;
    let vision = wasm::build(&toolchain, wasm::VISION, flavour)?;
    let barcode = wasm::build(&toolchain, wasm::BARCODE, flavour)?;
    shell::build(&page, &vision, &barcode, &inputs.models)?;
    edge(&toolchain, flavour)?;
    package::unpack(&workspace::target("site"), &shell::hosted_page_dir())
}

/// Builds the server's part of the package into `pkg/edge`.
pub fn edge(toolchain: &WasmToolchain, flavour: Flavour) -> Result<PathBuf> {
    let module = wasm::build(toolchain, wasm::EDGE, flavour)?;
    shell::build_edge(&module)?;
    Ok(workspace::root().join("pkg/edge"))
}

/// The package as it is published.
pub fn published_package() -> Result<PathBuf> {
    let (_, inputs) = programs_and_inputs()?;
    Ok(site(Flavour::Release, &inputs)?.join("package"))
}
