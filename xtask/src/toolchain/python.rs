//! Python's package client, which fetches some of the models. No Python code of ours runs in the build.

use super::{Finding, debian, install_command};
use crate::process;
use anyhow::{Result, bail};

fn otherwise() -> &'static str {
    install_command("brew install python", "sudo apt-get install python3 python3-pip")
}

/// The program that has pip as a module.
pub fn find() -> Option<&'static str> {
    ["python3", "python"]
        .into_iter()
        .find(|program| process::ask(program, &["-m", "pip", "--version"]).is_some())
}

/// Python with pip, installed where it is missing and can be.
pub fn ensure() -> Result<&'static str> {
    if find().is_none() {
        debian::install(&["python3", "python3-pip"], "pip", otherwise())?;
    }
    match find() {
        Some(program) => Ok(program),
        None => bail!("pip is missing: {}", otherwise()),
    }
}

/// For `doctor`.
pub fn findings() -> Vec<Finding> {
    let found = find()
        .and_then(|program| process::ask(program, &["-m", "pip", "--version"]))
        .map(|text| text.split(" from ").next().unwrap_or_default().to_owned())
        .ok_or_else(|| otherwise().to_owned());
    vec![Finding { name: "pip", found }]
}
