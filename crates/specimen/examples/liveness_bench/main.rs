//! `liveness_bench`: shows the engine people and attacks, and says what it made of them. For benchmarks.
//!
//! In: the models, and either nothing (people and attacks are generated) or a folder of labelled pictures and films.
//! Out: one line of JSON, a list of cases. Rule: a presentation is played as a camera would give it, with a challenge
//! drawn from a nonce; none is chosen or repeated. Of a picture only the passive part can be measured.

mod engine;
mod folder;
mod pose;
mod presentations;

use anyhow::Result;
use clap::{Parser, Subcommand};
use idv_specimen::recording::AttackKind;
use std::path::PathBuf;

/// Measures how attacks and people are told apart.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// Generated people and attacks, each with a challenge of its own.
    Generated {
        /// Presentations of each kind of attack.
        #[arg(long, default_value_t = 4)]
        attacks: u64,
        /// Bona fide presentations.
        #[arg(long, default_value_t = 24)]
        people: u64,
        /// Only these kinds, by name; `live` for people.
        #[arg(long, value_delimiter = ',')]
        only: Vec<String>,
        /// Threads; 0 for one on each core.
        #[arg(long, default_value_t = 0)]
        threads: usize,
    },
    /// The pictures and films of a folder with a `labels.json`.
    Folder {
        /// The folder.
        data: PathBuf,
    },
}

fn main() -> Result<()> {
    let cases = match Cli::parse().what {
        What::Generated { attacks, people, only, threads } => {
            let wanted = |name: &str| only.is_empty() || only.iter().any(|kind| kind == name);
            let kinds: Vec<AttackKind> =
                AttackKind::ALL.into_iter().filter(|kind| wanted(kind.name())).collect();
            let people = if wanted("live") { people } else { 0 };
            presentations::play_all(people, &kinds, attacks, threads)?
        }
        What::Folder { data } => folder::score_all(&data)?,
    };
    println!("{}", serde_json::Value::Array(cases));
    Ok(())
}
