//! `idv-sandbox serve`: the operator, TomoIDV and a demo customer on one port.

use anyhow::{Context, bail};
use clap::{Args, Parser, Subcommand};
use idv_edge::relay::PlanParams;
use idv_edge::relay::limits::LimitParams;
use idv_protocol::ChallengeSet;
use idv_sandbox::events::{Event, EventSink};
use idv_sandbox::faults::Faults;
use idv_sandbox::{ArgosParams, Running, ServeParams};
use std::path::PathBuf;
use std::process::ExitCode;
use tracing_subscriber::EnvFilter;

#[derive(Parser)]
#[command(version, about = "A local stand-in for the IDV operator and TomoIDV")]
struct Cli {
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Listen until ended.
    Serve(Serve),
}

#[derive(Args)]
struct Serve {
    /// Port; 0 for any free one.
    #[arg(long, default_value_t = 0)]
    port: u16,
    /// SQLite file, made where absent; :memory: for a database that ends with the process.
    #[arg(long)]
    db: PathBuf,
    /// Folder of the unpacked npm package (dist/, demo/).
    #[arg(long)]
    package: Option<PathBuf>,
    /// Folder of the converted models with models.json.
    #[arg(long)]
    models: Option<PathBuf>,
    /// A recorded camera is expected; the plan says so.
    #[arg(long)]
    test_camera: bool,
    /// drop-capture=KIND breaks the connection in the first upload of that kind;
    /// drop-connection[=PATHPREFIX[:COUNT]] breaks it before an answer; status=5xx[:PATHPREFIX][:COUNT] answers with
    /// that status; latency-ms=N delays every request; clock-skew-ms=N puts the sandbox's clock ahead.
    #[arg(long)]
    fault: Vec<String>,
    /// HTTPS with a self-signed certificate on every address, for a phone on the same network.
    #[arg(long)]
    lan: bool,
    /// An origin whose pages may call the relay; may be given several times.
    #[arg(long)]
    allow_origin: Vec<String>,
    /// Text shown over the consent.
    #[arg(long, default_value = "")]
    consent_text: String,
    /// Time without a capture after which the user is asked how to go on, in ms.
    #[arg(long)]
    step_timeout_ms: Option<u32>,
    /// What the challenge is drawn from: `standard`, `no_head_movement` or `no_precise_sight`.
    #[arg(long, value_parser = challenge_set)]
    challenge_set: Option<ChallengeSet>,
    /// The visitor may have the challenge drawn from another set.
    #[arg(long)]
    challenge_alternatives: bool,
    /// A file may take the place of a capture of the document, once the camera has had its time.
    #[arg(long)]
    allow_upload: bool,
    /// Time on a side of the document after which the user may take the picture, in ms.
    #[arg(long)]
    manual_after_ms: Option<u32>,
    /// Take any number of requests: for measuring load.
    #[arg(long)]
    no_limits: bool,
    /// Where the stand-in for Argos sends its webhooks: https:, or http: on this machine. Without it, to the operator.
    #[arg(long)]
    argos_webhook: Option<String>,
    /// Print every event as a JSON line; without it only the first one, which says where the sandbox listens.
    #[arg(long)]
    json: bool,
}

#[tokio::main]
async fn main() -> ExitCode {
    match run().await {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("error: {error:#}");
            ExitCode::FAILURE
        }
    }
}

async fn run() -> anyhow::Result<()> {
    tracing_subscriber::fmt()
        .with_env_filter(EnvFilter::try_from_default_env().unwrap_or_else(|_| EnvFilter::new("warn")))
        .with_writer(std::io::stderr)
        .init();
    let Command::Serve(serve) = Cli::parse().command;
    let faults = Faults::parse(&serve.fault).map_err(anyhow::Error::msg)?;
    if serve.lan && !serve.fault.is_empty() {
        bail!("--fault needs a plain connection; leave --lan out");
    }
    if serve.models.is_none() {
        eprintln!("no --models: a completed attempt cannot be decided");
    }
    let mut plan = PlanParams::default();
    if let Some(timeout_ms) = serve.step_timeout_ms {
        (plan.document_timeout_ms, plan.face_timeout_ms) = (timeout_ms, timeout_ms);
    }
    if let Some(set) = serve.challenge_set {
        plan.challenge_set = set;
    }
    plan.challenge_alternatives = serve.challenge_alternatives;
    plan.upload = serve.allow_upload;
    if let Some(manual_after_ms) = serve.manual_after_ms {
        plan.manual_after_ms = manual_after_ms;
    }
    let params = ServeParams {
        port: serve.port,
        db: serve.db,
        package: serve.package,
        models: serve.models,
        test_camera: serve.test_camera,
        faults,
        lan: serve.lan,
        allowed_origins: serve.allow_origin,
        plan,
        consent_text: serve.consent_text,
        limits: (!serve.no_limits).then(LimitParams::default),
        observer: None,
        argos: ArgosParams { webhook: serve.argos_webhook, ..ArgosParams::default() },
        webhook_waits_ms: None,
    };
    let events = if serve.json { EventSink::stdout() } else { EventSink::new(only_listening) };
    let running = Running::start(params, events).await?;
    running.wait().await.context("the server ended")
}

fn challenge_set(name: &str) -> Result<ChallengeSet, String> {
    let known = || format!("known sets: {}", ChallengeSet::ALL.map(ChallengeSet::code).join(", "));
    ChallengeSet::ALL.into_iter().find(|set| set.code() == name).ok_or_else(known)
}

fn only_listening(event: &Event) {
    if matches!(event, Event::Listening { .. }) {
        EventSink::stdout().emit(event);
    }
}
