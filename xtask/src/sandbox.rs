//! The sandbox as a child process: started, listened to, stopped.

use crate::build::Built;
use crate::process;
use anyhow::{Context, Result, bail};
use serde_json::Value;
use std::io::{BufRead, BufReader};
use std::path::Path;
use std::process::{Child, Command, Stdio};
use std::sync::mpsc::{self, Receiver};
use std::time::{Duration, Instant};

/// A running sandbox. It stops when this is dropped.
pub struct Sandbox {
    child: Child,
    /// Where it listens, `http://127.0.0.1:PORT`.
    pub origin: String,
    /// Id of the client that was made for this run.
    pub client_id: String,
    /// Its secret key; handed to the customer's server through the environment, never printed.
    pub secret_key: String,
    events: Receiver<Value>,
}

impl Sandbox {
    /// Starts the sandbox with its database at `database` and waits until it listens.
    pub fn start(built: &Built, database: &Path, arguments: &[&str]) -> Result<Self> {
        let mut command = Command::new(&built.programs.sandbox);
        command
            .args(["serve", "--json", "--db"])
            .arg(database)
            .arg("--package")
            .arg(built.site.join("package"))
            .arg("--models")
            .arg(&built.models)
            .args(arguments)
            .stdin(Stdio::null())
            .stdout(Stdio::piped());
        let shown = process::shown(&command);
        let mut child = command.spawn().with_context(|| format!("could not start `{shown}`"))?;
        let mut lines = BufReader::new(child.stdout.take().context("the sandbox has no output")?).lines();
        let first = lines.next().transpose()?.unwrap_or_default();
        let hello = serde_json::from_str::<Value>(&first).unwrap_or_default();
        let text = |value: &Value| value.as_str().unwrap_or_default().to_owned();
        let (sender, events) = mpsc::channel();
        std::thread::spawn(move || {
            for line in lines.map_while(|line| line.ok()) {
                let Ok(event) = serde_json::from_str(&line) else { continue };
                if sender.send(event).is_err() {
                    break;
                }
            }
        });
        let sandbox = Self {
            child,
            origin: text(&hello["origin"]),
            client_id: text(&hello["client"]["client_id"]),
            secret_key: text(&hello["client"]["secret_key"]),
            events,
        };
        if sandbox.origin.is_empty() || sandbox.client_id.is_empty() || sandbox.secret_key.is_empty() {
            bail!("the sandbox did not start: `{shown}`");
        }
        Ok(sandbox)
    }

    /// What happened so far, up to the event `last`, for which it waits at most `limit`.
    pub fn events_until(&self, last: &str, limit: Duration) -> Vec<Value> {
        let mut events: Vec<Value> = Vec::new();
        let until = Instant::now() + limit;
        while events.last().is_none_or(|event| event["event"] != last) {
            match self.events.recv_timeout(until.saturating_duration_since(Instant::now())) {
                Ok(event) => events.push(event),
                Err(_) => break,
            }
        }
        events.extend(self.events.try_iter());
        events
    }

    /// Runs the customer's server program against this sandbox; returns the JSON it prints.
    pub fn customer(&self, built: &Built, arguments: &[&str]) -> Result<Value> {
        let text = process::run_quietly(
            Command::new(&built.programs.customer)
                .args(["--base-url", &self.origin, "--client-id", &self.client_id])
                .args(arguments)
                .env("IDV_CLIENT_SECRET_KEY", &self.secret_key),
        )?;
        serde_json::from_str(text.trim())
            .with_context(|| format!("the customer's server printed no JSON: {text}"))
    }

    /// Waits until the sandbox ends by itself.
    pub fn wait(mut self) -> Result<()> {
        // Nobody reads the events any more: they must not pile up.
        for _ in &self.events {}
        self.child.wait()?;
        Ok(())
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        let _ = self.child.kill();
        let _ = self.child.wait();
    }
}
