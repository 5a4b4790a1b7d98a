//! Load: 200 visitors at once against a sandbox of their own process, over real HTTP; then the same again, with the
//! process killed in the middle, and every capture that it had acknowledged asked for after its restart.
//!
//! `load --sandbox FILE --folder DIR [--sessions N] [--at-once N]`, last line of output:
//! `{"sessions_per_s", "p99_ms", "lost"}`.

#![cfg(not(target_arch = "wasm32"))]

mod child;
#[path = "../../tests/http/page.rs"]
#[allow(dead_code, clippy::expect_used, reason = "what the tests of the server need")]
mod page;
mod visitor;

use anyhow::{Context, Result, bail};
use child::Child;
use clap::Parser;
use std::path::PathBuf;
use std::sync::Arc;
use std::sync::atomic::{AtomicUsize, Ordering};
use std::time::{Duration, Instant};
use tokio::task::JoinSet;
use visitor::{Acknowledged, Seen, Visitor};

#[derive(Parser)]
struct Args {
    /// The sandbox's program.
    #[arg(long)]
    sandbox: PathBuf,
    /// An empty folder for its database.
    #[arg(long)]
    folder: PathBuf,
    /// Visitors in all.
    #[arg(long, default_value_t = 1000)]
    sessions: usize,
    /// Visitors at the same time.
    #[arg(long, default_value_t = 200)]
    at_once: usize,
}

#[tokio::main]
async fn main() -> Result<()> {
    let args = Args::parse();
    let (sessions_per_s, p99_ms, unfinished) = throughput(&args).await?;
    let (acknowledged, missing) = killed(&args).await?;
    eprintln!("{acknowledged} captures were acknowledged before the kill, {missing} of them are missing");
    if acknowledged == 0 {
        bail!("the process was killed before it acknowledged anything");
    }
    let lost = unfinished + missing;
    println!("{}", serde_json::json!({ "sessions_per_s": sessions_per_s, "p99_ms": p99_ms, "lost": lost }));
    Ok(())
}

/// Whole verifications a second, the 99th percentile of all requests in ms, and verifications without their result.
async fn throughput(args: &Args) -> Result<(f64, f64, usize)> {
    let child = Child::start(&args.sandbox, &args.folder.join("load.sqlite"), 0)?;
    let visitor = Arc::new(Visitor::of(&child)?);
    let next = Arc::new(AtomicUsize::new(0));
    let began = Instant::now();
    let mut tasks = JoinSet::new();
    for _ in 0..args.at_once {
        let (visitor, next, sessions) = (visitor.clone(), next.clone(), args.sessions);
        tasks.spawn(async move {
            let mut seen = Seen::default();
            loop {
                let number = next.fetch_add(1, Ordering::Relaxed);
                if number >= sessions {
                    return seen;
                }
                if let Err(error) = visitor.verify(number, &mut seen).await {
                    eprintln!("visitor {number}: {error:#}");
                    seen.unfinished += 1;
                }
            }
        });
    }
    let (mut times, mut unfinished) = (Vec::new(), 0);
    while let Some(seen) = tasks.join_next().await {
        let seen = seen?;
        times.extend(seen.times);
        unfinished += seen.unfinished;
    }
    let elapsed_s = began.elapsed().as_secs_f64();
    Ok((args.sessions as f64 / elapsed_s, percentile_ms(&mut times, 0.99), unfinished))
}

/// Kills the process while visitors send captures, starts it again on its database, and asks for what it had
/// acknowledged: how many captures that were, and how many of them are missing.
async fn killed(args: &Args) -> Result<(usize, usize)> {
    let database = args.folder.join("killed.sqlite");
    let mut child = Child::start(&args.sandbox, &database, 0)?;
    let port = child.port()?;
    let visitor = Arc::new(Visitor::of(&child)?);
    let count = Arc::new(AtomicUsize::new(0));
    let mut tasks = JoinSet::new();
    for number in 0..args.at_once {
        let (visitor, count) = (visitor.clone(), count.clone());
        tasks.spawn(async move { visitor.send_captures(number, &count).await });
    }
    // In the middle: when half of the visitors have an acknowledgement.
    let until = Instant::now() + Duration::from_secs(60);
    while count.load(Ordering::Relaxed) < args.at_once / 2 && Instant::now() < until {
        tokio::time::sleep(Duration::from_millis(1)).await;
    }
    child.kill()?;
    let mut all: Vec<Acknowledged> = Vec::new();
    while let Some(acknowledged) = tasks.join_next().await {
        // A visitor whose sandbox died in the middle of a request has nothing to show.
        all.extend(acknowledged.ok().flatten());
    }
    let restarted = Child::start(&args.sandbox, &database, port).context("after the kill")?;
    let visitor = Visitor::of(&restarted)?;
    let mut missing = 0;
    for one in &all {
        missing += usize::from(!visitor.holds(one).await?);
    }
    Ok((all.len(), missing))
}

fn percentile_ms(times: &mut [Duration], share: f64) -> f64 {
    times.sort_unstable();
    let index = ((times.len() as f64 * share) as usize).min(times.len().saturating_sub(1));
    times.get(index).map_or(0.0, |time| time.as_secs_f64() * 1000.0)
}
