//! What a first visit downloads, as the server sends it: brotli at its best quality.

use super::Report;
use crate::build;
use crate::progress::Task;
use anyhow::{Context, Result};
use serde_json::json;
use std::path::Path;

/// Bytes of the whole first visit that no surveyed product with document, MRZ, face and liveness on the device
/// reaches: 1.5 MB.
const TOTAL_TARGET: f64 = 1_500_000.0;

/// What a first visit downloads of other products, brotli, as this project's survey measured it: npm package, its
/// version, and the date the registry gives for that version.
const PEERS: &[(&str, f64)] = &[
    ("@innovatrics/dot-document-auto-capture 7.6.1 of 2026-05-16 (document only)", 569_000.0),
    ("@microblink/blinkid 7.4.3 of 2026-05-16 (lightweight)", 8_400_000.0),
    ("@jumio/websdk 0.3.19 of 2026-05-17", 3_840_000.0),
    ("scanbot-web-sdk 8.0.1 of 2026-05-18 (document only)", 2_020_000.0),
];

/// Builds the package as it is published and measures it.
pub fn measure() -> Result<Report> {
    let dist = build::published_package()?.join("dist");
    let task = Task::start("compressing");
    let mut report = Report::default();
    let (mut page, mut vision, mut barcode, mut models) = (0, 0, 0, 0);
    let mut files = Vec::new();
    collect(&dist, &mut files)?;
    for (index, path) in files.iter().enumerate() {
        let name = path.strip_prefix(&dist)?.to_string_lossy().replace('\\', "/");
        task.at(index as f64 / files.len() as f64, &name);
        let Some(part) = part_of(&name) else { continue };
        let bytes = brotli_bytes(&std::fs::read(path)?)?;
        match part {
            Part::Page => page += bytes,
            Part::Vision => vision += bytes,
            Part::Barcode => barcode += bytes,
            Part::Models => models += bytes,
        }
        report.add_case(
            json!({ "file": name, "raw_bytes": std::fs::metadata(path)?.len(), "brotli_bytes": bytes }),
        );
    }
    task.done("");
    report.add("page_bytes", page as f64, None);
    report.add("vision_bytes", vision as f64, None);
    report.add("models_bytes", models as f64, None);
    report.add("total_bytes", (page + vision + models) as f64, Some(TOTAL_TARGET));
    // No part of a first visit: loaded when a plan has a document with a barcode.
    report.add("barcode_bytes", barcode as f64, None);
    for (peer, bytes) in PEERS {
        report.add_peer(*peer, "total_bytes", *bytes);
    }
    Ok(report)
}

enum Part {
    Page,
    Vision,
    Barcode,
    Models,
}

/// The part of the visit that loads a file; none for files that no page loads.
fn part_of(name: &str) -> Option<Part> {
    if name.starts_with("models/") {
        Some(Part::Models)
    } else if name.starts_with("barcode") && name.ends_with(".wasm") {
        Some(Part::Barcode)
    } else if name.starts_with("vision") && name.ends_with(".wasm") || name == "worker.js" {
        Some(Part::Vision)
    } else if name.starts_with("page") && name.ends_with(".wasm")
        || name.ends_with(".js") && name != "index.js"
        || name == "assets.json"
    {
        Some(Part::Page)
    } else {
        None
    }
}

fn collect(folder: &Path, files: &mut Vec<std::path::PathBuf>) -> Result<()> {
    for entry in std::fs::read_dir(folder).with_context(|| folder.display().to_string())? {
        let path = entry?.path();
        if path.is_dir() { collect(&path, files)? } else { files.push(path) }
    }
    files.sort();
    Ok(())
}

/// Bytes of `bytes` compressed by brotli at its best quality.
pub fn brotli_bytes(bytes: &[u8]) -> Result<usize> {
    let params = brotli::enc::BrotliEncoderParams {
        quality: 11,
        lgwin: 24,
        size_hint: bytes.len(),
        ..Default::default()
    };
    let mut out = Vec::new();
    brotli::BrotliCompress(&mut &bytes[..], &mut out, &params)?;
    Ok(out.len())
}
