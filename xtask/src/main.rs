//! The build language of this repository: `cargo xtask --help`.

mod models;

use clap::{Parser, Subcommand};
use std::path::Path;

/// Builds, tests and runs idv-web.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Fetches and converts the models, and fetches the pictures and fonts of the specimens.
    Models,
}

fn main() -> anyhow::Result<()> {
    let root = Path::new(env!("CARGO_MANIFEST_DIR")).parent().unwrap_or(Path::new("."));
    match Cli::parse().command {
        Command::Models => models::run(root, &|line| println!("{line}")),
    }
}
