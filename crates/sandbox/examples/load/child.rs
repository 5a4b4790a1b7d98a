//! The sandbox as a process of its own.

use anyhow::{Context, Result};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

/// A running sandbox; killed when dropped.
pub struct Child {
    process: std::process::Child,
    /// Scheme, host and port.
    pub origin: String,
    /// Id of the client that was made for this run.
    pub client_id: String,
    /// Its secret key.
    pub secret_key: String,
}

impl Child {
    /// Starts the sandbox on `database` at `port`, 0 for any free one, and waits until it listens.
    pub fn start(program: &Path, database: &Path, port: u16) -> Result<Self> {
        let mut process = Command::new(program)
            .args(["serve", "--no-limits", "--port", &port.to_string(), "--db"])
            .arg(database)
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()
            .context("the sandbox does not start")?;
        let mut first = String::new();
        let output = process.stdout.take().context("the sandbox has no output")?;
        BufReader::new(output).read_line(&mut first)?;
        let hello: Value =
            serde_json::from_str(&first).context("the sandbox does not say where it listens")?;
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        Ok(Self {
            process,
            origin: text(&hello["origin"]),
            client_id: text(&hello["client"]["client_id"]),
            secret_key: text(&hello["client"]["secret_key"]),
        })
    }

    /// The port it listens at.
    pub fn port(&self) -> Result<u16> {
        let port = self.origin.rsplit(':').next().and_then(|port| port.parse().ok());
        port.context("the origin has no port")
    }

    /// Ends it at once, as `kill -9` does: nothing of it runs any more.
    pub fn kill(&mut self) -> Result<()> {
        self.process.kill()?;
        self.process.wait()?;
        Ok(())
    }
}

impl Drop for Child {
    fn drop(&mut self) {
        let _ = self.kill();
    }
}
