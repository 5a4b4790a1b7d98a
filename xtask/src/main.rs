//! `cargo xtask …`: the build language of this repository.

mod bench;
mod build;
mod demo;
mod doctor;
mod process;
mod progress;
mod replay;
mod sandbox;
mod scenario;
mod serve;
mod specimen;
mod test;
mod toolchain;
mod workspace;

use clap::{Parser, Subcommand};

/// Builds, shows, tests and measures idv-web. What is missing is installed, or named with the command that does it.
#[derive(Parser)]
#[command(name = "cargo xtask", bin_name = "cargo xtask")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Run one verification in headless Chromium with a recorded camera, from start to the fetched outcome.
    Demo(demo::Args),
    /// Start the sandbox with a page to open with your own camera.
    Serve(serve::Args),
    /// Run every test.
    Test(test::Args),
    /// Measure, and print ours beside the targets and the peers.
    Bench(bench::Args),
    /// Write pictures of specimen documents, with labels: `--kind td3 --seed 7 --out FILE.png`.
    Specimen(specimen::Args),
    /// Run a recorded step again, and compare what is decided.
    Replay(replay::Args),
    /// Build the npm package as it is published.
    Package,
    /// Fetch and convert the models, and fetch the pictures and fonts of the specimens.
    Models,
    /// Say what is installed and what is missing.
    Doctor,
}

fn main() -> std::process::ExitCode {
    match run(Cli::parse().command) {
        Ok(()) => std::process::ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("\nerror: {error:#}");
            std::process::ExitCode::FAILURE
        }
    }
}

fn run(command: Command) -> anyhow::Result<()> {
    match command {
        Command::Demo(args) => demo::run(&args),
        Command::Serve(args) => serve::run(&args),
        Command::Test(args) => test::run(&args),
        Command::Bench(args) => bench::run(&args),
        Command::Specimen(args) => specimen::run(&args),
        Command::Replay(args) => replay::run(&args),
        Command::Package => build::published_package().map(|folder| println!("{}", folder.display())),
        Command::Models => {
            build::programs_and_inputs().map(|(_, inputs)| println!("{}", inputs.models.display()))
        }
        Command::Doctor => doctor::run(),
    }
}
