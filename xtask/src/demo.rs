//! One verification from start to end: the customer's server starts it, a headless browser with a recorded camera
//! goes through it, the operator decides, the customer's server fetches the outcome.

mod browser_run;
pub mod recordings;
mod report;

use crate::build::{self, Built, Flavour};
use crate::progress::{Task, heading, say};
use crate::sandbox::Sandbox;
use crate::scenario::Scenario;
use crate::workspace;
use anyhow::{Context, Result};
use serde_json::Value;
use std::time::{Duration, Instant};

/// `cargo xtask demo`.
#[derive(clap::Args)]
pub struct Args {
    /// What happens in front of the camera, or at the keyboard. Without it, a verification that is approved.
    #[arg(long, value_enum, conflicts_with = "policy")]
    scenario: Option<Scenario>,
    /// The policy that is run to its approval, by its key, such as `kr:default`.
    #[arg(long, value_name = "KEY")]
    policy: Option<String>,
    /// Print one last line of JSON.
    #[arg(long)]
    json: bool,
}

/// Time for the sandbox's last line to come through the pipe once the result is there.
const EVENTS_LIMIT: Duration = Duration::from_secs(5);

/// Runs the demo.
pub fn run(args: &Args) -> Result<()> {
    heading("Setting up");
    let run = match (&args.policy, args.scenario) {
        (Some(key), _) => Run { scenario: Scenario::of_policy(key)?, policy: Some(key.clone()) },
        (None, scenario) => Run { scenario: scenario.unwrap_or(Scenario::Approved), policy: None },
    };
    let built = build::everything(Flavour::Quick)?;
    let (record, outcome) = record(&built, &run, fresh_seed()?)?;
    if args.json {
        println!("{record}");
    }
    outcome
}

/// One run.
struct Run {
    scenario: Scenario,
    /// The policy, where it is another than the scenario's own.
    policy: Option<String>,
}

impl Run {
    fn policy_key(&self) -> &str {
        self.policy.as_deref().unwrap_or(self.scenario.policy_key())
    }

    /// Name of the folder of its record.
    fn name(&self) -> String {
        let key = self.policy.as_ref().map(|key| key.replace(':', "-"));
        key.unwrap_or_else(|| self.scenario.name().to_owned())
    }
}

/// One verification; fails where it does not end as the scenario must. Runs with the same seed share the recording
/// of the document.
pub fn verify(built: &Built, scenario: Scenario, seed: u64) -> Result<()> {
    record(built, &Run { scenario, policy: None }, seed)?.1
}

/// One verification: its record, which is also saved in `target/demo`, and whether it ended as the scenario must.
fn record(built: &Built, run: &Run, seed: u64) -> Result<(Value, Result<()>)> {
    let scenario = run.scenario;
    heading(&match &run.policy {
        Some(key) => format!("Policy {key}"),
        None => format!("Scenario {}", scenario.name()),
    });
    let folder = workspace::target("demo").join(run.name());
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(folder.join("screens"))?;

    let mut arguments = vec!["--port", "0"];
    if scenario.expects_recorded_camera() {
        arguments.push("--test-camera");
    }
    arguments.extend(scenario.sandbox_arguments());
    let sandbox = Sandbox::start(built, &folder.join("sandbox.sqlite"), &arguments)?;
    say(&format!("  ✓ sandbox listens on {}", sandbox.origin));

    let recordings = recordings::prepare(built, scenario, run.policy_key(), seed, &folder)?;
    let started = Instant::now();
    let user_id = match scenario.sandbox_scenario() {
        Some(forced) => format!("scenario:{forced}:{seed}"),
        None => format!("demo-user-{seed}"),
    };
    let success = format!("{}/customer/return", sandbox.origin);
    let start = sandbox.customer(
        built,
        &[
            "start",
            "--policy-key",
            run.policy_key(),
            "--user-id",
            &user_id,
            "--success",
            &success,
            "--fail",
            &success,
        ],
    )?;
    let start_url = start["start_idv_uri"].as_str().context("the start answer has no start_idv_uri")?;
    say("  ✓ customer's server: token fetched with a signed assertion, verification started");

    let task = Task::start("headless browser");
    let steps = browser_run::drive(built, scenario, start_url, &recordings, &folder, &task)?;
    task.done("");

    let result = sandbox.customer(built, &["result", "--user-id", &user_id])?;
    let events = sandbox.events_until("settled", EVENTS_LIMIT);
    let record = report::record(scenario, &user_id, &result, steps, &events, started.elapsed());
    std::fs::write(folder.join("record.json"), serde_json::to_string_pretty(&record)?)?;
    report::print(&record);

    let outcome = report::check(scenario, run.policy_key(), &record, &events)
        .with_context(|| format!("the record, the screenshots and the replays are in {}", folder.display()));
    if outcome.is_ok() {
        // Steps are kept of runs that fail.
        let replays = folder.join("replay");
        if replays.exists() {
            std::fs::remove_dir_all(&replays)?;
        }
        say(&format!("  ✓ as expected; record and screenshots in {}", folder.display()));
    }
    Ok((record, outcome))
}

/// A fresh seed for every run.
pub fn fresh_seed() -> Result<u64> {
    let now = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH)?;
    Ok(now.as_millis() as u64)
}
