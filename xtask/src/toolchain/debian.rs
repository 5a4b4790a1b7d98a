//! Installing Debian packages, where this is Debian and we are root.

use crate::process;
use crate::progress::Task;
use anyhow::{Result, bail};
use std::process::Command;

/// True on Debian and its kin with `apt-get`, as root.
pub fn can_install() -> bool {
    std::path::Path::new("/etc/debian_version").exists()
        && process::find_on_path(&["apt-get"]).is_some()
        && process::ask("id", &["-u"]).as_deref() == Some("0")
}

/// Installs packages, or fails naming `otherwise`: the command a person runs on another system.
pub fn install(packages: &[&str], why: &str, otherwise: &str) -> Result<()> {
    if !can_install() {
        bail!("{why} is missing. Install it, then run this again:\n    {otherwise}");
    }
    let task = Task::start(format!("installing {} for {why}", packages.join(", ")));
    let mut command = Command::new("apt-get");
    command
        .args(["install", "-y", "--no-install-recommends"])
        .args(packages)
        .env("DEBIAN_FRONTEND", "noninteractive");
    if process::run_quietly(&mut command).is_err() {
        process::run_quietly(Command::new("apt-get").arg("update"))?;
        process::run_quietly(&mut command)?;
    }
    task.done("");
    Ok(())
}
