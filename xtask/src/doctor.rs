//! What is installed and what is missing.

use crate::toolchain::{browser, node, python, wasm, wasm_pack};
use crate::workspace;
use anyhow::Result;

/// Prints a line for each thing the build or the tests need. Installs nothing.
pub fn run() -> Result<()> {
    let findings =
        [node::findings(), python::findings(), wasm::findings(), browser::findings(), wasm_pack::findings()]
            .into_iter()
            .flatten();
    for finding in findings {
        match finding.found {
            Ok(what) => println!("✓ {:<22} {what}", finding.name),
            Err(how) => println!("✗ {:<22} missing: {how}", finding.name),
        }
    }
    match workspace::data()? {
        Some(folder) => println!("✓ {:<22} {}", "test data (IDV_DATA)", folder.display()),
        None => println!("- {:<22} not set: tests on real images are skipped", "test data (IDV_DATA)"),
    }
    Ok(())
}
