//! Pictures of specimen documents with their labels.

use crate::build;
use crate::process;
use anyhow::Result;
use std::process::Command;

/// `cargo xtask specimen`: the arguments go to the specimen program as they are.
#[derive(clap::Args)]
#[command(disable_help_flag = true)]
pub struct Args {
    /// Such as `--kind td3 --seed 7 --out FILE.png`; `--help` lists them all.
    #[arg(trailing_var_arg = true, allow_hyphen_values = true)]
    arguments: Vec<String>,
}

/// Builds the specimen program, fetches its fonts and photographs, and runs it.
pub fn run(args: &Args) -> Result<()> {
    let (programs, inputs) = build::programs_and_inputs()?;
    process::run(
        Command::new(&programs.specimen)
            .arg("picture")
            .args(&args.arguments)
            .env("IDV_ASSETS", &inputs.assets)
            .env("IDV_MODELS", &inputs.models),
    )
}
