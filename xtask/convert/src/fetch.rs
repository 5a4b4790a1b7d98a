//! Packages, by their registries' own clients. Archives stay in `target/downloads`.

use super::manifest::{Manifest, Package, PinnedFile, Registry};
use super::outputs::sha256_hex;
use anyhow::{Context, bail, ensure};
use std::collections::{BTreeSet, HashMap};
use std::io::{Cursor, Read};
use std::path::{Path, PathBuf};
use std::process::Command;

/// Archives that have been fetched and checked, by package name.
pub struct Downloads {
    archives: HashMap<String, PathBuf>,
}

impl Downloads {
    /// Fetches the `needed` packages into `dir`, at the same time, those left out that are there already.
    pub fn fetch(
        dir: &Path,
        manifest: &Manifest,
        needed: &BTreeSet<&str>,
        say: &(dyn Fn(&str) + Sync),
    ) -> anyhow::Result<Self> {
        std::fs::create_dir_all(dir).with_context(|| format!("making {}", dir.display()))?;
        let packages: Vec<&Package> =
            manifest.packages.iter().filter(|package| needed.contains(package.name.as_str())).collect();
        let archives = std::thread::scope(|scope| {
            let fetching: Vec<_> = packages
                .into_iter()
                .map(|package| {
                    scope.spawn(move || anyhow::Ok((package.name.clone(), fetch_package(dir, package, say)?)))
                })
                .collect();
            fetching
                .into_iter()
                .map(|thread| thread.join().unwrap_or_else(|_| bail!("a download thread ended unexpectedly")))
                .collect::<anyhow::Result<HashMap<_, _>>>()
        })?;
        Ok(Self { archives })
    }

    /// The bytes of `file` in `package`. Fails, naming both digests, when they are not those of the manifest.
    pub fn file(&self, package: &str, file: &PinnedFile) -> anyhow::Result<Vec<u8>> {
        let archive = self.archives.get(package).with_context(|| format!("{package} was not fetched"))?;
        let bytes = std::fs::read(archive).with_context(|| format!("reading {}", archive.display()))?;
        let content = extract(&bytes, &file.path).with_context(|| format!("in {}", archive.display()))?;
        check_digest(&format!("{} of {package}", file.path), &content, &file.sha256)?;
        Ok(content)
    }
}

/// Fails with both digests when `bytes` do not have the sha256 `expected`.
pub fn check_digest(what: &str, bytes: &[u8], expected: &str) -> anyhow::Result<()> {
    let found = sha256_hex(bytes);
    ensure!(found == expected, "{what} has sha256 {found}, but models/manifest.toml expects {expected}");
    Ok(())
}

fn fetch_package(dir: &Path, package: &Package, say: &(dyn Fn(&str) + Sync)) -> anyhow::Result<PathBuf> {
    let Package { name, version, .. } = package;
    let plain: String = name.chars().map(|c| if c.is_ascii_alphanumeric() { c } else { '-' }).collect();
    let kept = dir.join(format!("{}-{version}.archive", plain.trim_matches('-')));
    if std::fs::read(&kept).is_ok_and(|bytes| sha256_hex(&bytes) == package.sha256) {
        return Ok(kept);
    }
    say(&format!("fetching {name} {version} …"));
    let temp = tempfile::tempdir_in(dir).context("making a temporary folder")?;
    match package.registry {
        Registry::Npm => npm_pack(package, temp.path()),
        Registry::Pypi => pip_download(package, temp.path()),
    }
    .with_context(|| format!("fetching {name} {version}"))?;
    let mut files =
        std::fs::read_dir(temp.path())?.map(|entry| Ok(entry?.path())).collect::<anyhow::Result<Vec<_>>>()?;
    let (Some(archive), true) = (files.pop(), files.is_empty()) else {
        bail!("{name} {version}: its client left no file, or more than one");
    };
    let bytes = std::fs::read(&archive)?;
    check_digest(&format!("the archive of {name} {version}"), &bytes, &package.sha256)?;
    std::fs::rename(&archive, &kept).with_context(|| format!("keeping {}", kept.display()))?;
    say(&format!("fetched {name} {version} ({} kB)", bytes.len() / 1000));
    Ok(kept)
}

fn npm_pack(package: &Package, into: &Path) -> anyhow::Result<()> {
    let npm = if cfg!(windows) { "npm.cmd" } else { "npm" };
    let mut command = Command::new(npm);
    // Run away from this repository, whose own package.json npm would read.
    command.current_dir(into).args(["pack", "--silent", "--ignore-scripts", "--pack-destination", "."]);
    command.arg(format!("{}@{}", package.name, package.version));
    run(command, "npm is part of Node.js: install Node.js 20 or later")
}

fn pip_download(package: &Package, into: &Path) -> anyhow::Result<()> {
    let python = if cfg!(windows) { "python" } else { "python3" };
    let mut command = Command::new(python);
    command.args(["-m", "pip", "download", "--quiet", "--disable-pip-version-check", "--no-deps", "--dest"]);
    command.arg(into);
    command.arg(if package.source { "--no-binary=:all:" } else { "--only-binary=:all:" });
    if let Some(platform) = &package.platform {
        command.args(["--implementation", "cp", "--platform", platform]);
    }
    if let Some(version) = &package.python {
        command.args(["--python-version", version]);
    }
    command.arg(format!("{}=={}", package.name, package.version));
    run(command, "install Python 3 with pip (Debian: apt-get install python3-pip)")
}

/// Runs a registry's client. Its own words stand in the error, with what to do when it is not there.
fn run(mut command: Command, remedy: &str) -> anyhow::Result<()> {
    let program = command.get_program().to_string_lossy().into_owned();
    let output = command.output().with_context(|| format!("starting {program}; {remedy}"))?;
    if !output.status.success() {
        let words = String::from_utf8_lossy(&output.stderr);
        let last = words.lines().rev().take(8).collect::<Vec<_>>().into_iter().rev().collect::<Vec<_>>();
        bail!("{program} ended with {}; {remedy}\n{}", output.status, last.join("\n"));
    }
    Ok(())
}

/// The file at `path` in a wheel (zip) or, below its top folder, in an npm tarball or sdist (tar.gz).
fn extract(archive: &[u8], path: &str) -> anyhow::Result<Vec<u8>> {
    let mut content = Vec::new();
    if archive.starts_with(b"PK") {
        let mut zip = zip::ZipArchive::new(Cursor::new(archive)).context("reading the wheel")?;
        zip.by_name(path).with_context(|| format!("looking for {path}"))?.read_to_end(&mut content)?;
        return Ok(content);
    }
    let mut tar = tar::Archive::new(flate2::read::GzDecoder::new(archive));
    for entry in tar.entries().context("reading the tarball")? {
        let mut entry = entry?;
        let below_top: PathBuf = entry.path()?.components().skip(1).collect();
        if below_top == Path::new(path) {
            entry.read_to_end(&mut content)?;
            return Ok(content);
        }
    }
    bail!("{path} is not in the archive")
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_wrong_digest_stops_with_both_digests_named() {
        let error = check_digest("file", b"abc", "0123").expect_err("another digest").to_string();
        assert!(error.contains("0123"), "{error}");
        assert!(
            error.contains("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"),
            "{error}"
        );
    }

    #[test]
    fn takes_a_file_below_the_top_folder_of_a_tarball() {
        let mut tar = tar::Builder::new(flate2::write::GzEncoder::new(Vec::new(), Default::default()));
        let mut header = tar::Header::new_gnu();
        header.set_size(3);
        tar.append_data(&mut header, "package/models/x.bin", &b"abc"[..]).expect("appended");
        let bytes = tar.into_inner().expect("finished").finish().expect("compressed");
        assert_eq!(extract(&bytes, "models/x.bin").expect("found"), b"abc");
        assert!(extract(&bytes, "x.bin").is_err());
    }
}
