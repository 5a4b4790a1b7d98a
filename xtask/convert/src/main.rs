//! Models, pictures and fonts. In: `models/manifest.toml`, and the networks trained here. Out:
//! `target/models/*.nnef.tar` with `models.json`, and `target/assets/`. Rule: a file is used only when it has the
//! sha256 of the manifest, and nothing is done twice: an output is kept while its entry and the converter are
//! what they were.

mod convert;
mod fetch;
#[cfg(test)]
mod golden;
mod half;
mod manifest;
mod outputs;
mod tfjs;

use anyhow::{Context, bail};
use fetch::{Downloads, check_digest};
use manifest::{Asset, Manifest, Model, PinnedFile, Place};
use outputs::{ModelRecord, Stamps, sha256_hex};
use serde::Serialize;
use std::collections::BTreeSet;
use std::path::Path;

/// The source of everything that shapes a converted file. Its digest is the converter's version.
const CONVERTER: [&str; 5] = [
    include_str!("convert.rs"),
    include_str!("half.rs"),
    include_str!("tfjs/mod.rs"),
    include_str!("tfjs/graph.rs"),
    include_str!("tfjs/onnx.rs"),
];

/// The arguments are the root of the repository and cargo's target folder. A line is printed for each thing that is
/// done.
fn main() -> anyhow::Result<()> {
    let mut arguments = std::env::args_os().skip(1);
    let (Some(root), Some(target)) = (arguments.next(), arguments.next()) else {
        bail!("usage: xtask-convert ROOT TARGET");
    };
    run(Path::new(&root), Path::new(&target), &|line: &str| println!("{line}"))
}

/// Fetches what `models/manifest.toml` under `root` names and converts the networks. `say` gets a line for
/// each thing that is done; none when everything was there.
fn run(root: &Path, target: &Path, say: &(dyn Fn(&str) + Sync)) -> anyhow::Result<()> {
    let manifest = Manifest::read(&root.join("models/manifest.toml"))?;
    let (models_dir, assets_dir) = (target.join("models"), target.join("assets"));
    let mut models = Stamps::open(&models_dir)?;
    let mut assets = Stamps::open(&assets_dir)?;

    let converter = sha256_hex(CONVERTER.concat().as_bytes());
    let stale_models: Vec<(&Model, String)> = manifest
        .models
        .iter()
        .map(|model| Ok((model, key(model, &converter)?)))
        .collect::<anyhow::Result<Vec<_>>>()?
        .into_iter()
        .filter(|(model, key)| !models.is_fresh(&model.output_file(), key))
        .collect();
    let stale_assets: Vec<(&Asset, String)> = manifest
        .assets
        .iter()
        .map(|asset| Ok((asset, key(asset, "")?)))
        .collect::<anyhow::Result<Vec<_>>>()?
        .into_iter()
        .filter(|(asset, key)| !assets.is_fresh(&asset.to, key))
        .collect();

    let needed: BTreeSet<&str> = stale_assets
        .iter()
        .map(|(asset, _)| asset.package.as_str())
        .chain(stale_models.iter().filter_map(|(model, _)| model.package.as_deref()))
        .collect();
    let downloads = Downloads::fetch(&target.join("downloads"), &manifest, &needed, say)?;

    for (asset, key) in stale_assets {
        let bytes = downloads.file(&asset.package, &asset.file)?;
        assets.write(&asset.to, &bytes, key)?;
        say(&format!("assets/{} ({} kB)", asset.to, bytes.len() / 1000));
    }
    for (model, key) in stale_models {
        let place = model.place()?;
        let sources = model
            .files
            .iter()
            .map(|file: &PinnedFile| match place {
                Place::Package(package) => downloads.file(package, file),
                Place::Tree => tree_file(root, file),
            })
            .collect::<anyhow::Result<Vec<_>>>()?;
        say(&format!("converting {} …", model.name));
        let bytes =
            convert::convert(model, &sources).with_context(|| format!("converting {}", model.name))?;
        models.write(&model.output_file(), &bytes, key)?;
        say(&format!("models/{} ({} kB)", model.output_file(), bytes.len() / 1000));
    }
    ModelRecord::write_all(&manifest, &models, &models_dir)
}

/// The bytes of `file` in the tree below `root`. Fails, naming both digests, when they are not those of the
/// manifest.
fn tree_file(root: &Path, file: &PinnedFile) -> anyhow::Result<Vec<u8>> {
    let path = root.join(&file.path);
    let bytes = std::fs::read(&path).with_context(|| format!("reading {}", path.display()))?;
    check_digest(&file.path, &bytes, &file.sha256)?;
    Ok(bytes)
}

/// What an output depends on: its manifest entry and the converter.
fn key(entry: &impl Serialize, converter: &str) -> anyhow::Result<String> {
    Ok(sha256_hex(format!("{}{converter}", serde_json::to_string(entry)?).as_bytes()))
}
