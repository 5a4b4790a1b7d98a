//! `models/manifest.toml`: what is fetched or lies in the tree, from where, under which licence.

use anyhow::{Context, bail, ensure};
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

/// What a network of the passive presentation-attack detection looks at, and says.
#[derive(Clone, Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Pad {
    /// Sides of the crops, over those of the face's box.
    pub crops: Vec<f32>,
    /// Index of the class that is a live face.
    pub live_class: usize,
}

/// Where the files of a network come from.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(rename_all = "snake_case")]
pub enum Source {
    /// A registry package.
    #[default]
    Package,
    /// This repository: trained here by a script in it.
    Tree,
}

impl Source {
    fn is_package(&self) -> bool {
        *self == Self::Package
    }
}

/// The place of a network's files.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Place<'a> {
    /// The package of this name; paths are those in its archive.
    Package(&'a str),
    /// This repository; paths begin at its root.
    Tree,
}

/// A network.
#[derive(Debug, Deserialize, Serialize)]
#[serde(deny_unknown_fields)]
pub struct Model {
    /// Name in the engine.
    pub name: String,
    /// Where its files come from.
    #[serde(default, skip_serializing_if = "Source::is_package")]
    pub source: Source,
    /// Package it is in, unless it lies in the tree.
    pub package: Option<String>,
    /// Path of the script that trains it, where it lies in the tree.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub script: Option<String>,
    /// How it is published.
    pub format: Format,
    /// Its files.
    pub files: Vec<PinnedFile>,
    /// What it takes.
    pub input: Input,
    /// What the crops of a passive network are, and which of its classes is a live face.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub pad: Option<Pad>,
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

    /// Where its files are. Fails when the entry does not say it in one way: a package, or the tree with the
    /// script that trains it and plain relative paths.
    pub fn place(&self) -> anyhow::Result<Place<'_>> {
        match (self.source, &self.package, &self.script) {
            (Source::Package, Some(package), None) => Ok(Place::Package(package)),
            (Source::Tree, None, Some(script)) => {
                for path in self.files.iter().map(|file| &file.path).chain([script]) {
                    ensure!(is_plain(path), "{path} is not a plain relative path");
                }
                Ok(Place::Tree)
            }
            _ => bail!("{} needs a package, or source = \"tree\" and a script", self.name),
        }
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
        let places = manifest
            .models
            .iter()
            .map(|model| Ok((model.output_file(), model.place()?)))
            .collect::<anyhow::Result<Vec<_>>>()?;
        let entries = places
            .into_iter()
            .chain(manifest.assets.iter().map(|asset| (asset.to.clone(), Place::Package(&asset.package))));
        for (to, place) in entries {
            if let Place::Package(package) = place {
                ensure!(packages.contains(package), "{to} is in {package}, which is no [[package]]");
            }
            ensure!(is_plain(&to), "{to} is not a plain relative path");
            ensure!(outputs.insert(to.clone()), "{to} stands there twice");
        }
        Ok(manifest)
    }
}

/// True for a relative path that goes down only.
fn is_plain(path: &str) -> bool {
    !path.is_empty() && Path::new(path).components().all(|part| matches!(part, Component::Normal(_)))
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
        let trained: Vec<&Model> =
            manifest.models.iter().filter(|model| model.source == Source::Tree).collect();
        assert!(!trained.is_empty(), "at least one network is trained here");
        for model in trained {
            assert!(root.join(model.script.as_deref().expect("a script")).is_file(), "{}", model.name);
            for file in &model.files {
                let bytes = std::fs::read(root.join(&file.path)).expect("in the tree");
                assert_eq!(crate::outputs::sha256_hex(&bytes), file.sha256, "{}", file.path);
            }
        }
    }

    #[test]
    fn a_network_is_in_a_package_or_in_the_tree_with_its_script_and_not_both() {
        let entry = |place: &str, path: &str| {
            format!(
                "asset=[]\n{PACKAGE}[[model]]\nname='n'\n{place}\nformat='onnx'\n\
                 files=[{{path='{path}',sha256='0'}}]\ninput={{shape=[1],channels='grey',range=[0,1]}}\n\
                 outputs=['o']\nruns_in='browser'\noptional=false\nlicence='l'\norigin='o'\n"
            )
        };
        let tree = "source='tree'\nscript='train.py'";
        for (place, path) in [("package='a'", "f"), (tree, "models/f.onnx")] {
            assert!(Manifest::parse(&entry(place, path)).is_ok(), "{place}");
        }
        for (place, path) in [
            ("", "f"),
            ("package='b'", "f"),
            ("source='tree'", "f"),
            ("source='tree'\nscript='train.py'\npackage='a'", "f"),
            ("package='a'\nscript='train.py'", "f"),
            (tree, "../f.onnx"),
            (tree, "/f.onnx"),
            ("source='tree'\nscript='../train.py'", "f"),
        ] {
            assert!(Manifest::parse(&entry(place, path)).is_err(), "{place} {path}");
        }
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
