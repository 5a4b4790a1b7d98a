//! Outputs that are there already, and the list of converted models.

use super::manifest::{Manifest, RunsIn};
use anyhow::Context;
use serde::{Deserialize, Serialize};
use sha2::{Digest, Sha256};
use std::collections::BTreeMap;
use std::path::{Path, PathBuf};

/// Name of the file that remembers what the outputs of a folder were made from.
const STAMPS_FILE: &str = ".made-from.json";

/// sha256 as lower-case hex.
pub fn sha256_hex(bytes: &[u8]) -> String {
    hex::encode(Sha256::digest(bytes))
}

/// One output.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
struct Stamp {
    /// What it was made from.
    key: String,
    /// sha256 of the output.
    sha256: String,
    /// Its length in bytes.
    bytes: u64,
}

/// The outputs of one folder and what they were made from.
pub struct Stamps {
    dir: PathBuf,
    stamps: BTreeMap<String, Stamp>,
}

impl Stamps {
    /// The stamps of `dir`, which is made if it is not there.
    pub fn open(dir: &Path) -> anyhow::Result<Self> {
        std::fs::create_dir_all(dir).with_context(|| format!("making {}", dir.display()))?;
        let stamps = std::fs::read(dir.join(STAMPS_FILE))
            .ok()
            .and_then(|bytes| serde_json::from_slice(&bytes).ok())
            .unwrap_or_default();
        Ok(Self { dir: dir.to_owned(), stamps })
    }

    /// True when `file` was made from `key` and still has the bytes it was written with.
    pub fn is_fresh(&self, file: &str, key: &str) -> bool {
        self.stamps.get(file).is_some_and(|stamp| {
            stamp.key == key
                && std::fs::read(self.dir.join(file)).is_ok_and(|bytes| sha256_hex(&bytes) == stamp.sha256)
        })
    }

    /// Writes `bytes` as `file` and remembers `key`. A file half written by an interrupted run is never fresh:
    /// the stamp follows the file.
    pub fn write(&mut self, file: &str, bytes: &[u8], key: String) -> anyhow::Result<()> {
        let path = self.dir.join(file);
        if let Some(parent) = path.parent() {
            std::fs::create_dir_all(parent).with_context(|| format!("making {}", parent.display()))?;
        }
        std::fs::write(&path, bytes).with_context(|| format!("writing {}", path.display()))?;
        let stamp = Stamp { key, sha256: sha256_hex(bytes), bytes: bytes.len() as u64 };
        self.stamps.insert(file.to_owned(), stamp);
        let stamps = self.dir.join(STAMPS_FILE);
        std::fs::write(&stamps, serde_json::to_vec_pretty(&self.stamps)?)
            .with_context(|| format!("writing {}", stamps.display()))
    }
}

/// A line of `models.json`.
#[derive(Debug, Serialize)]
pub struct ModelRecord<'a> {
    name: &'a str,
    file: String,
    sha256: &'a str,
    bytes: u64,
    runs_in: RunsIn,
    optional: bool,
    /// The engine's `PadSpec`.
    #[serde(skip_serializing_if = "Option::is_none")]
    pad: Option<PadRecord<'a>>,
}

/// What a passive network takes and says.
#[derive(Debug, Serialize)]
struct PadRecord<'a> {
    channels: &'a str,
    range: [f32; 2],
    crops: &'a [f32],
    live_class: usize,
}

impl ModelRecord<'_> {
    /// Writes `models.json` of everything in the manifest, unless it says the same already.
    pub fn write_all(manifest: &Manifest, stamps: &Stamps, dir: &Path) -> anyhow::Result<()> {
        let records = manifest
            .models
            .iter()
            .map(|model| {
                let file = model.output_file();
                let stamp = stamps.stamps.get(&file).with_context(|| format!("{file} was not made"))?;
                Ok(ModelRecord {
                    name: &model.name,
                    file,
                    sha256: &stamp.sha256,
                    bytes: stamp.bytes,
                    runs_in: model.runs_in,
                    optional: model.optional,
                    pad: model.pad.as_ref().map(|pad| PadRecord {
                        channels: &model.input.channels,
                        range: model.input.range,
                        crops: &pad.crops,
                        live_class: pad.live_class,
                    }),
                })
            })
            .collect::<anyhow::Result<Vec<_>>>()?;
        let json = serde_json::to_string_pretty(&records)? + "\n";
        let path = dir.join("models.json");
        if std::fs::read_to_string(&path).is_ok_and(|present| present == json) {
            return Ok(());
        }
        std::fs::write(&path, json).with_context(|| format!("writing {}", path.display()))
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_output_is_made_again_when_its_entry_or_its_bytes_change() {
        let dir = tempfile::tempdir().expect("temporary folder");
        let mut stamps = Stamps::open(dir.path()).expect("opened");
        stamps.write("sub/file", b"bytes", "key".into()).expect("written");
        let stamps = Stamps::open(dir.path()).expect("opened again");
        assert!(stamps.is_fresh("sub/file", "key"));
        assert!(!stamps.is_fresh("sub/file", "another key"));
        assert!(!stamps.is_fresh("other", "key"));
        std::fs::write(dir.path().join("sub/file"), b"bites").expect("overwritten");
        assert!(!stamps.is_fresh("sub/file", "key"));
    }
}
