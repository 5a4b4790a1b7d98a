//! `specimen`: writes camera recordings for Chromium's file camera (one JPEG after another), and pictures of
//! documents with their labels.

mod asked;
mod picture;

use anyhow::{Context, ensure};
use asked::Asked;
use clap::builder::PossibleValuesParser;
use clap::{Args, Parser, Subcommand};
use idv_specimen::assets::{Assets, photo};
use idv_specimen::document::{Kind, LICENCE_STATES, Order, PX_PER_MM, Photo, licence_state, page, passport};
use idv_specimen::person::Subject;
use idv_specimen::recording::{self, AttackKind, Recording, Settings};
use picture::Picture;
use std::fs::File;
use std::io::{BufWriter, Write};
use std::path::{Path, PathBuf};

/// Specimen documents and camera recordings, the same for the same seed.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    #[command(subcommand)]
    what: What,
}

#[derive(Subcommand)]
enum What {
    /// A specimen passport of Utopia, held over a cluttered desk: blurred at first, then sharp and still.
    Document {
        #[command(flatten)]
        output: Output,
        /// Photograph of the holder.
        #[arg(long)]
        portrait: PathBuf,
        /// Length in seconds.
        #[arg(long, default_value_t = 8.0)]
        seconds: f64,
    },
    /// A specimen card held over the same desk: its front, and after eight seconds its back.
    Card {
        #[command(flatten)]
        output: Output,
        /// Photograph of the holder.
        #[arg(long)]
        portrait: PathBuf,
        /// Kind of the front, by its name, such as `td1-front`.
        #[arg(long, value_parser = kind)]
        front: Kind,
        /// Kind of the back, such as `td1-back`.
        #[arg(long, value_parser = kind)]
        back: Kind,
        /// State of a licence, `USA` or `CAN`: the next seed that draws it is taken. Any where absent.
        #[arg(long, value_parser = PossibleValuesParser::new(LICENCE_STATES))]
        licence_of: Option<String>,
        /// Length in seconds.
        #[arg(long, default_value_t = 16.0)]
        seconds: f64,
    },
    /// The same desk without a document.
    NoDocument {
        #[command(flatten)]
        output: Output,
        /// Length in seconds.
        #[arg(long, default_value_t = 8.0)]
        seconds: f64,
    },
    /// A person who faces the camera, then does what each list asks for, each time back to the front, over and over.
    Face {
        #[command(flatten)]
        output: Output,
        /// Photograph of the person.
        #[arg(long)]
        photo: PathBuf,
        #[command(flatten)]
        asked: Asked,
    },
    /// A printed photograph held before the camera, moved and tilted by hand.
    Print {
        #[command(flatten)]
        output: Output,
        /// The photograph.
        #[arg(long)]
        photo: PathBuf,
        /// Length in seconds.
        #[arg(long, default_value_t = 12.0)]
        seconds: f64,
    },
    /// A presentation attack: what `Face` asks for, answered by somebody who wants to pass for another.
    Attack {
        #[command(flatten)]
        output: Output,
        /// Kind of the attack, such as `print_moved` or `phone_answer`.
        #[arg(long, value_parser = attack_kind)]
        kind: AttackKind,
        /// Photograph of the person who is impersonated.
        #[arg(long)]
        photo: PathBuf,
        /// Photograph of the attacker.
        #[arg(long)]
        attacker: PathBuf,
        #[command(flatten)]
        asked: Asked,
    },
    /// Pictures of specimen documents with their labels: one, or a set.
    Picture(Picture),
}

#[derive(Args)]
struct Output {
    /// File to write, `.mjpeg`.
    #[arg(long)]
    out: PathBuf,
    /// Seed of everything drawn at random.
    #[arg(long)]
    seed: u64,
    /// Width of the frames in px.
    #[arg(long, default_value_t = 1280)]
    width: u32,
    /// Height of the frames in px.
    #[arg(long, default_value_t = 720)]
    height: u32,
    /// Threads; 0 for one on each core.
    #[arg(long, default_value_t = 0)]
    threads: usize,
}

impl Output {
    fn settings(&self) -> Settings {
        Settings::new(self.seed).sized(self.width, self.height)
    }
}

fn main() -> anyhow::Result<()> {
    let assets = Assets::open()?;
    let subject = |path: &Path| Ok::<_, anyhow::Error>(Subject::find(photo(path)?, assets.models_dir())?);
    match Cli::parse().what {
        What::Document { output, portrait, seconds } => {
            let subject = subject(&portrait)?;
            let page = passport(&assets, output.seed, &subject.photo, subject.face);
            write(&output, &recording::document(&assets, &output.settings(), &page, ms(seconds)?)?)
        }
        What::Card { output, portrait, front, back, licence_of, seconds } => {
            let subject = subject(&portrait)?;
            let fits = |seed: &u64| licence_of.as_deref().is_none_or(|state| licence_state(*seed) == state);
            let seed = (output.seed..).find(fits).context("no seed is left")?;
            let side = |what| {
                let order = Order { what, seed, px_per_mm: PX_PER_MM };
                page(&assets, &order, Photo { image: &subject.photo, face: subject.face })
            };
            let (front, back) = (side(front)?, side(back)?);
            write(&output, &recording::card(&assets, &output.settings(), &front, &back, ms(seconds)?)?)
        }
        What::NoDocument { output, seconds } => {
            write(&output, &recording::no_document(&assets, &output.settings(), ms(seconds)?)?)
        }
        What::Face { output, photo, asked } => {
            write(&output, &recording::face(&output.settings(), &subject(&photo)?, &asked.draws())?)
        }
        What::Print { output, photo, seconds } => {
            write(&output, &recording::print(&output.settings(), &subject(&photo)?, ms(seconds)?)?)
        }
        What::Attack { output, kind, photo, attacker, asked } => {
            let (shown, attacker) = (subject(&photo)?, subject(&attacker)?);
            let draws = asked.draws();
            write(&output, &recording::attack(&output.settings(), kind, &shown, &attacker, &draws)?)
        }
        What::Picture(picture) => picture.make(&assets),
    }
}

fn kind(name: &str) -> Result<Kind, String> {
    Kind::named(name).ok_or_else(|| format!("known kinds: {}", Kind::ALL.map(Kind::name).join(", ")))
}

fn attack_kind(name: &str) -> Result<AttackKind, String> {
    AttackKind::named(name)
        .ok_or_else(|| format!("known kinds: {}", AttackKind::ALL.map(AttackKind::name).join(", ")))
}

fn ms(seconds: f64) -> anyhow::Result<f64> {
    ensure!((0.1..=600.0).contains(&seconds), "--seconds must be from 0.1 to 600");
    Ok(seconds * 1000.0)
}

fn write(output: &Output, recording: &Recording) -> anyhow::Result<()> {
    let file =
        File::create(&output.out).with_context(|| format!("cannot create {}", output.out.display()))?;
    let mut shown = -1.0;
    recording.write_mjpeg(&mut BufWriter::new(file), output.threads, |share| {
        if share - shown >= 0.01 || share >= 1.0 {
            shown = share;
            // Whoever started this may have stopped listening; the file is written all the same.
            let _ = writeln!(std::io::stdout(), "progress {share:.2}");
        }
    })?;
    Ok(())
}
