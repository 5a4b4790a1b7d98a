//! Labelled pictures and films: of them only the passive part can be measured, since nobody in them heard a challenge.

use crate::engine::{LIVE_MIN, Models, Pixels};
use anyhow::{Context, Result, bail};
use idv_protocol::{Cue, Passive};
use idv_specimen::Assets;
use idv_vision::face::{Face, FaceDetector, main_faces};
use idv_vision::liveness::{CueMeter, PassivePad, live_probability};
use image::codecs::gif::GifDecoder;
use image::imageops::{rotate90, rotate180, rotate270};
use image::{AnimationDecoder, DynamicImage, RgbImage};
use serde_json::{Value, json};
use std::io::Cursor;
use std::path::Path;

/// Most frames of a film that are scored, spread over its length.
const FILM_FRAMES: usize = 12;

/// Scores the faces of every record of the `labels.json` in `data`: `file`, `label` (`live`, which is also what a record
/// without one is, or `attack`) and `kind`.
pub fn score_all(data: &Path) -> Result<Vec<Value>> {
    let assets = Assets::open()?;
    let models = Models::open(&assets)?;
    let (mut detector, mut passive) = (models.detector()?, models.passive()?);
    let mut cues = CueMeter::default();
    let labels = data.join("labels.json");
    let labels = std::fs::read(&labels).with_context(|| format!("no {}", labels.display()))?;
    let labels: Vec<Value> = serde_json::from_slice(&labels).context("labels.json is no list")?;
    labels
        .iter()
        .map(|record| {
            let file = record["file"].as_str().context("a record without file")?;
            let label = record["label"].as_str().unwrap_or("live");
            let mut looks = Vec::new();
            for picture in frames(&data.join(file))? {
                looks.extend(look(&mut detector, &mut passive, &mut cues, &picture)?);
            }
            looks.sort_by(|a, b| a.0.total_cmp(&b.0));
            // The frame of the median score stands for the film.
            let middle = looks.get(looks.len() / 2);
            let fused = middle.and_then(|(median, cues)| {
                live_probability(&Passive::Scored { scores: vec![*median], median: *median }, cues)
            });
            Ok(json!({
                "file": file,
                "label": label,
                "kind": record["kind"].as_str().unwrap_or(label),
                "accepted": fused.map(|live| live >= LIVE_MIN),
                "score": middle.map(|(score, _)| score),
                "fused": fused,
                "cues": middle.map(|(_, cues)| cues),
                "frames": looks.len(),
            }))
        })
        .collect()
}

/// Score and cues of the largest face; `None` without one. Pictures may lie on their side: they are looked at in the
/// direction in which the detector is surest of a face.
fn look(
    detector: &mut FaceDetector,
    passive: &mut PassivePad,
    cues: &mut CueMeter,
    picture: &RgbImage,
) -> Result<Option<(f32, Vec<Cue>)>> {
    let mut best: Option<(Face, Pixels)> = None;
    for turned in [picture.clone(), rotate90(picture), rotate180(picture), rotate270(picture)] {
        let pixels = Pixels::of(&turned);
        let faces = main_faces(detector.detect(pixels.view()?)?);
        if let Some(face) = faces.first()
            && best.as_ref().is_none_or(|(best, _)| face.score > best.score)
        {
            best = Some((*face, pixels));
        }
    }
    let Some((face, pixels)) = best else { return Ok(None) };
    Ok(Some((passive.score(pixels.view()?, &face)?, cues.measure(pixels.view()?, &face))))
}

/// The picture, or some frames of the film: a GIF, or a recording of one JPEG after another.
fn frames(path: &Path) -> Result<Vec<RgbImage>> {
    let bytes = std::fs::read(path).with_context(|| format!("cannot read {}", path.display()))?;
    let ending = path.extension().map(|ending| ending.to_string_lossy().to_ascii_lowercase());
    let all: Vec<RgbImage> = match ending.as_deref() {
        Some("gif") => GifDecoder::new(Cursor::new(&bytes))?
            .into_frames()
            .map(|frame| Ok(DynamicImage::ImageRgba8(frame?.into_buffer()).into_rgb8()))
            .collect::<Result<_>>()?,
        Some("mjpeg") => spread(&jpegs(&bytes))
            .map(|jpeg| Ok(image::load_from_memory(jpeg)?.into_rgb8()))
            .collect::<Result<_>>()?,
        _ => vec![image::load_from_memory(&bytes).context("no picture")?.into_rgb8()],
    };
    if all.is_empty() {
        bail!("{} shows nothing", path.display());
    }
    Ok(spread(&all).cloned().collect())
}

/// At most [`FILM_FRAMES`] of `all`, evenly.
fn spread<T>(all: &[T]) -> impl Iterator<Item = &T> {
    all.iter().step_by(all.len().div_ceil(FILM_FRAMES).max(1))
}

/// The pictures of a recording: each begins with the marker of a JPEG, which cannot stand inside one.
fn jpegs(bytes: &[u8]) -> Vec<&[u8]> {
    let begins = bytes.windows(3).enumerate().filter(|(_, three)| *three == [0xff, 0xd8, 0xff]);
    let begins: Vec<usize> = begins.map(|(at, _)| at).chain([bytes.len()]).collect();
    begins.windows(2).map(|pair| &bytes[pair[0]..pair[1]]).collect()
}
