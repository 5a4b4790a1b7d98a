//! `specimen picture`: one picture of a document with its label, or a set of them.

use anyhow::{Context, ensure};
use clap::Args;
use idv_protocol::Size;
use idv_specimen::Assets;
use idv_specimen::document::{Kind, PX_PER_MM, PX_PER_MM_RANGE};
use idv_specimen::set::{self, People, SetOrder};
use std::io::Write;
use std::path::PathBuf;

/// Arguments of `specimen picture`.
#[derive(Args)]
pub struct Picture {
    /// Kinds of document, such as `td3,td1-back`, or `all`; a set has them in turn.
    #[arg(long, value_delimiter = ',', required = true)]
    kind: Vec<String>,
    /// Seed of everything drawn at random; of a set, the first.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// File to write (`.png` or `.jpg`), its label beside it; with `--count`, a folder.
    #[arg(long)]
    out: PathBuf,
    /// Write a set of so many pictures with one `labels.json`.
    #[arg(long)]
    count: Option<usize>,
    /// Scale of flat pictures in px per mm; a letter of the zone is 2.54 mm wide.
    #[arg(long, default_value_t = PX_PER_MM)]
    px_per_mm: f32,
    /// Photograph the document: perspective, light, shadow, reflection, blur and noise on some background.
    #[arg(long)]
    photographed: bool,
    /// Width of photographs in px.
    #[arg(long, default_value_t = 1280)]
    width: u32,
    /// Height of photographs in px.
    #[arg(long, default_value_t = 960)]
    height: u32,
    /// In a set of photographs, one in so many shows no document; 0 for none.
    #[arg(long, default_value_t = 0)]
    empty_each: usize,
    /// Ending of the files of a set: `png` or `jpg`.
    #[arg(long, default_value = "png", value_parser = ["png", "jpg"])]
    ending: String,
    /// Threads for a set; 0 for one on each core.
    #[arg(long, default_value_t = 0)]
    threads: usize,
}

impl Picture {
    /// Makes what the arguments ask for.
    pub fn make(&self, assets: &Assets) -> anyhow::Result<()> {
        let order = self.order()?;
        let people = People::open(assets)?;
        let Some(count) = self.count else {
            let file = self.out.file_name().context("--out must name a file")?.to_string_lossy().into_owned();
            let (image, label) = set::picture(assets, &people, &order, 0, file)?;
            set::save(&image, &self.out)?;
            let beside = set::save_label(&label, &self.out)?;
            println!("{}\n{}", self.out.display(), beside.display());
            return Ok(());
        };
        let threads = match self.threads {
            0 => std::thread::available_parallelism().map_or(1, std::num::NonZero::get),
            threads => threads,
        };
        set::write(assets, &people, &order, count, &self.out, threads, |share| {
            // Whoever started this may have stopped listening; the files are written all the same.
            let _ = writeln!(std::io::stdout(), "progress {share:.3}");
        })?;
        Ok(())
    }

    fn order(&self) -> anyhow::Result<SetOrder> {
        ensure!(
            PX_PER_MM_RANGE.contains(&self.px_per_mm),
            "--px-per-mm must be from {} to {}",
            PX_PER_MM_RANGE.start(),
            PX_PER_MM_RANGE.end()
        );
        let mut kinds = Vec::new();
        for name in &self.kind {
            match Kind::named(name) {
                Some(kind) => kinds.push(kind),
                None if name == "all" => kinds.extend(Kind::ALL),
                None => anyhow::bail!(
                    "there is no kind {name}; there are all, {}",
                    Kind::ALL.map(Kind::name).join(", ")
                ),
            }
        }
        let size = Size { width: self.width, height: self.height };
        Ok(SetOrder {
            kinds,
            first_seed: self.seed,
            px_per_mm: self.px_per_mm,
            photographed: self.photographed.then_some(size),
            empty_each: self.empty_each,
            ending: self.ending.clone(),
        })
    }
}
