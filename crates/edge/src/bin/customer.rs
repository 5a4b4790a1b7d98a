//! A customer's server in one small program: starts a verification, fetches its result.
//!
//! The secret key comes from the environment (`IDV_CLIENT_SECRET_KEY`), never from an argument, where other users
//! of the machine could read it. One line of JSON is printed.

use clap::{Parser, Subcommand};
use idv_edge::keys::SigningKey;
use idv_edge::native::{Runner, RunnerParams};
use idv_edge::tomo::{Client, PolicyKey, ResultRequest, StartRequest};

/// Starts verifications and fetches results as a customer's server does.
#[derive(Parser)]
struct Cli {
    /// Base URL of the environment that issued the client id.
    #[arg(long)]
    base_url: String,
    /// Client id.
    #[arg(long)]
    client_id: String,
    #[command(subcommand)]
    command: Command,
}

#[derive(Subcommand)]
enum Command {
    /// Start a verification and print its `start_idv_uri`.
    Start {
        /// Country and policy, `{country}:{subject}:{id_type}:{method}:{owner}:{type}` or `{country}:default`.
        #[arg(long)]
        policy_key: PolicyKey,
        /// The customer's own user id.
        #[arg(long)]
        user_id: String,
        /// Where the flow returns to when it succeeded.
        #[arg(long)]
        success: String,
        /// Where it returns to otherwise.
        #[arg(long)]
        fail: String,
    },
    /// Print the result of a user.
    Result {
        /// The customer's own user id.
        #[arg(long)]
        user_id: String,
    },
}

#[tokio::main]
async fn main() -> std::process::ExitCode {
    match run(Cli::parse()).await {
        Ok(line) => {
            println!("{line}");
            std::process::ExitCode::SUCCESS
        }
        Err(error) => {
            eprintln!("{error}");
            std::process::ExitCode::FAILURE
        }
    }
}

async fn run(cli: Cli) -> Result<serde_json::Value, Box<dyn std::error::Error>> {
    let secret = std::env::var("IDV_CLIENT_SECRET_KEY").map_err(|_| "IDV_CLIENT_SECRET_KEY is not set")?;
    let client = Client::new(&cli.base_url, cli.client_id, SigningKey::from_secret_key_text(&secret)?)?;
    let runner = Runner::new(client, &RunnerParams::default())?;
    match cli.command {
        Command::Start { policy_key, user_id, success, fail } => {
            let start = StartRequest {
                user_id: Some(user_id),
                country: Some(policy_key.country),
                kyc_policy: policy_key.policy,
                redirect_url_success: Some(success),
                redirect_url_fail: Some(fail),
                ..StartRequest::default()
            };
            Ok(serde_json::json!({ "start_idv_uri": runner.start(&start).await?.as_str() }))
        }
        Command::Result { user_id } => {
            let query = ResultRequest { user_id, country: None, policy: None };
            Ok(serde_json::to_value(runner.result(&query).await?)?)
        }
    }
}
