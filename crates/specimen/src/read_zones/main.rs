//! `read-zones`: reads the zones of labelled pictures and says how fast zones are parsed. For benchmarks.
//!
//! In: a folder with `labels.json` (a list with `file` and `lines`), the models. Out: one line of JSON,
//! `{"cases": [{"file", "expected", "found", "exact", "status", "doubtful", "width", "ms"}], "parses_per_s",
//! "readings_per_s"}`; `found` is null where no zone was found, `doubtful` names the fields that are not to be relied
//! on. Rule: a picture is read as it is, or degraded by a seed, never chosen or repaired.

mod degrade;
mod speed;

use anyhow::{Context, ensure};
use clap::Parser;
use degrade::Degradation;
use idv_protocol::Size;
use idv_protocol::reading::{CalendarDate, MrzFieldStatus, MrzReading};
use idv_vision::frame::{Luma, RgbaView, decode_image};
use idv_vision::inference;
use idv_vision::reading::MrzReader;
use idv_vision::reading::mrz::CorrectionParams;
use idv_vision::reading::mrz::line::measure;
use idv_vision::reading::mrz::locate::{FAR_SIDE_PX, Locator, MAX_SLOPE};
use image::RgbaImage;
use serde_json::{Value, json};
use std::path::{Path, PathBuf};
use std::time::Instant;

/// The day on which the benchmarks read: fixed, so that centuries do not change with the day they run on.
const TODAY: CalendarDate = CalendarDate::new(2026, 1, 1);

/// Reads the zones of labelled pictures.
#[derive(Parser)]
#[command(version, about)]
struct Cli {
    /// Folder with the converted models and `models.json`.
    #[arg(long)]
    models: PathBuf,
    /// Folder with the pictures and `labels.json`.
    #[arg(long)]
    data: PathBuf,
    /// What is done to the pictures first.
    #[arg(long, value_enum, default_value_t = Degradation::Clean)]
    degrade: Degradation,
    /// Seed of what is done to them.
    #[arg(long, default_value_t = 1)]
    seed: u64,
    /// Write each picture's zone, cut out upright, into this folder, for other readers.
    #[arg(long)]
    crops: Option<PathBuf>,
}

fn main() -> anyhow::Result<()> {
    let cli = Cli::parse();
    let mut reader = MrzReader::new(Box::new(model(&cli.models)?), CorrectionParams::default())?;
    let labels = std::fs::read(cli.data.join("labels.json"))
        .with_context(|| format!("no labels.json in {}", cli.data.display()))?;
    let labels: Vec<Value> = serde_json::from_slice(&labels).context("labels.json is no list")?;
    let mut cases = Vec::new();
    for (index, label) in labels.iter().enumerate() {
        let Some(expected) = label["lines"].as_array().filter(|lines| !lines.is_empty()) else { continue };
        let file = label["file"].as_str().context("a label without file")?;
        let picture = cli.degrade.apply(&open(&cli.data.join(file))?, cli.seed.wrapping_add(index as u64));
        if let Some(folder) = &cli.crops {
            std::fs::create_dir_all(folder)?;
            crop(&picture)?.save(folder.join(format!("{index:05}.png")))?;
        }
        let frame = view(&picture)?;
        let started = Instant::now();
        let reading = reader.read(frame, TODAY)?;
        let ms = started.elapsed().as_secs_f64() * 1000.0;
        let exact = reading.as_ref().is_some_and(|reading| json!(reading.lines) == json!(expected));
        cases.push(json!({
            "file": file,
            "expected": expected,
            "found": reading.as_ref().map(|reading| &reading.lines),
            "exact": exact,
            "status": reading.as_ref().map(|reading| reading.status),
            "doubtful": reading.as_ref().map(doubtful),
            "width": picture.width(),
            "ms": ms,
        }));
    }
    let speed = speed::measure(TODAY);
    println!(
        "{}",
        json!({ "cases": cases, "parses_per_s": speed.parses_per_s, "readings_per_s": speed.readings_per_s })
    );
    Ok(())
}

/// The fields that are neither valid nor beyond what a check digit covers, by name.
fn doubtful(reading: &MrzReading) -> Vec<&'static str> {
    let sound = |status| matches!(status, MrzFieldStatus::Valid | MrzFieldStatus::Unverified);
    reading.fields().filter(|(_, field)| !sound(field.status)).map(|(name, _)| name).collect()
}

/// The recogniser, as `models.json` names it.
fn model(folder: &Path) -> anyhow::Result<inference::TractModel> {
    let index = std::fs::read(folder.join("models.json"))
        .with_context(|| format!("no models.json in {}", folder.display()))?;
    let index: Vec<Value> = serde_json::from_slice(&index).context("models.json is no list")?;
    let record = index
        .iter()
        .find(|record| record["name"] == "mrz_reader")
        .context("models.json has no mrz_reader")?;
    let (file, sha256) = record["file"].as_str().zip(record["sha256"].as_str()).context("a broken record")?;
    Ok(inference::load(&std::fs::read(folder.join(file))?, sha256)?)
}

fn open(path: &Path) -> anyhow::Result<RgbaImage> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let picture = decode_image(&bytes)?;
    RgbaImage::from_raw(picture.size.width, picture.size.height, picture.data).context("a broken picture")
}

fn view(picture: &RgbaImage) -> anyhow::Result<RgbaView<'_>> {
    let size = Size { width: picture.width(), height: picture.height() };
    Ok(RgbaView::new(picture.as_raw(), size)?)
}

/// The zone as the locator finds it, with a margin of two letters, straight and in grey, as it is; the whole
/// picture where nothing is found.
fn crop(picture: &RgbaImage) -> anyhow::Result<image::GrayImage> {
    let mut plane = Luma::default();
    plane.fill_from(view(picture)?, picture.width().max(picture.height()));
    let found = Locator::default().find(&plane, false, MAX_SLOPE, FAR_SIDE_PX);
    let lines = found.first().map(|candidate| measure(&plane, candidate)).unwrap_or_default();
    let (Some(first), Some(last)) = (lines.first(), lines.last()) else {
        let whole = image::GrayImage::from_raw(plane.size.width, plane.size.height, plane.data);
        return whole.context("a broken picture");
    };
    let margin = 2.0 * first.pitch_px;
    let width = (first.columns as f32 * first.pitch_px + 2.0 * margin) as u32;
    let height = (first.start.distance(last.start) + first.cap_px + 2.0 * margin) as u32;
    ensure!(width > 0 && height > 0, "a zone without area");
    Ok(image::GrayImage::from_fn(width, height, |x, y| {
        let p = first.at(x as f32 + 0.5 - margin, y as f32 + 0.5 - margin - first.cap_px / 2.0);
        image::Luma([plane.sample(p.x, p.y).round() as u8])
    }))
}
