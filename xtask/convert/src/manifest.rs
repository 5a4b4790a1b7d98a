//! `models/manifest.toml`: what is fetched, from where, under which licence.

use anyhow::{Context, ensure};
use serde::{Deserialize, Serialize};
use std::collections::HashSet;
use std::path::{Component, Path};

/// The whole manifest.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Manifest {
    /// Registry packages that are fetched.
    #[serde(rename = "package")]
    pub packages: Vec<Package>,
    /// Networks.
    #[serde(rename = "model")]
    pub models: Vec<Model>,
    /// Pictures and fonts.
    #[serde(rename = "asset")]
    pub assets: Vec<Asset>,
}

/// A package registry with a client of its own.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Registry {
    /// Fetched by `npm pack`.
    Npm,
    /// Fetched by `pip download`.
    Pypi,
}

/// A package of a registry.
#[derive(Debug, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Package {
    /// Its name there.
    pub name: String,
    /// Where it comes from.
    pub registry: Registry,
    /// Exact version.
    pub version: String,
    /// sha256 of the archive.
    pub sha256: String,
    /// PyPI: the wheel's platform, so that every system takes the same file.
    pub platform: Option<String>,
    /// PyPI: the wheel's Python version.
    pub python: Option<String>,
    /// PyPI: take the source archive instead of a wheel.
    #[serde(default)]
    pub source: bool,
}

/// A file inside a package.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct PinnedFile {
    /// Path in the archive, without npm's or an sdist's top folder.
    pub path: String,
    /// sha256 of the file.
    pub sha256: String,
}

/// How a network is published.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Format {
    /// One ONNX file.
    Onnx,
    /// A TensorFlow.js graph model: the JSON file, then its weights.
    Tfjs,
    /// One TensorFlow Lite file.
    Tflite,
}

/// Which side runs a network.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum RunsIn {
    /// The visitor's browser, and the operator's server, which checks the same again.
    Browser,
    /// The operator's server only.
    Server,
}

/// What a network takes.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Input {
    /// Fixed shape.
    pub shape: Vec<usize>,
    /// Order of the colours.
    pub channels: String,
    /// Least and largest value.
    pub range: [f32; 2],
}

/// A network.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Name in the engine.
    pub name: String,
    /// Package it is in.
    pub package: String,
    /// How it is published.
    pub format: Format,
    /// Its files.
    pub files: Vec<PinnedFile>,
    /// What it takes.
    pub input: Input,
    /// Its outputs in the order the engine expects.
    pub outputs: Vec<String>,
    /// Which side runs it.
    pub runs_in: RunsIn,
    /// True when the flow runs without it.
    pub optional: bool,
    /// Its licence.
    pub licence: String,
    /// Who made it.
    pub origin: String,
}

impl Model {
    /// File name of the converted network.
    pub fn output_file(&self) -> String {
        format!("{}.nnef.tar", self.name)
    }
}

/// A picture or a font.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Asset {
    /// Where it goes, under `target/assets`.
    pub to: String,
    /// Package it is in.
    pub package: String,
    /// The file.
    pub file: PinnedFile,
    /// Its licence.
    pub licence: String,
    /// Who made it.
    pub origin: String,
}

impl Manifest {
    /// Reads and checks the manifest at `path`.
    pub fn read(path: &Path) -> anyhow::Result<Self> {
        let text = std::fs::read_to_string(path).with_context(|| format!("reading {}", path.display()))?;
        Self::parse(&text).with_context(|| format!("in {}", path.display()))
    }

    fn parse(text: &str) -> anyhow::Result<Self> {
        let manifest: Self = toml::from_str(text)?;
        let packages: HashSet<&str> = manifest.packages.iter().map(|p| p.name.as_str()).collect();
        ensure!(packages.len() == manifest.packages.len(), "a package stands there twice");
        let mut outputs = HashSet::new();
        let entries = manifest
            .models
            .iter()
            .map(|model| (model.output_file(), &model.package))
            .chain(manifest.assets.iter().map(|asset| (asset.to.clone(), &asset.package)));
        for (to, package) in entries {
            ensure!(packages.contains(package.as_str()), "{to} is in {package}, which is no [[package]]");
            let plain = Path::new(&to).components().all(|part| matches!(part, Component::Normal(_)));
            ensure!(plain, "{to} is not a plain relative path");
            ensure!(outputs.insert(to.clone()), "{to} stands there twice");
        }
        Ok(manifest)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    const PACKAGE: &str = "[[package]]\nname='a'\nregistry='npm'\nversion='1.0.0'\nsha256='00'\n";

    fn asset(to: &str, package: &str) -> String {
        format!(
            "[[asset]]\nto='{to}'\npackage='{package}'\nfile={{path='f',sha256='0'}}\nlicence='l'\norigin='o'\n"
        )
    }

    #[test]
    fn the_manifest_of_this_repository_is_sound() {
        let root =
            Path::new(env!("CARGO_MANIFEST_DIR")).ancestors().nth(2).expect("two folders below the root");
        let manifest = Manifest::read(&root.join("models/manifest.toml")).expect("sound");
        assert!(manifest.models.iter().all(|model| !model.licence.is_empty() && !model.origin.is_empty()));
    }

    #[test]
    fn refuses_outputs_outside_their_folder_and_packages_that_are_not_named() {
        for entry in [asset("../x", "a"), asset("/x", "a"), asset("x", "b"), asset("x", "a").repeat(2)] {
            let text = format!("model=[]\n{PACKAGE}{entry}");
            assert!(Manifest::parse(&text).is_err(), "{entry}");
        }
        assert!(Manifest::parse(&format!("model=[]\n{PACKAGE}{}", asset("x/y", "a"))).is_ok());
    }
}
