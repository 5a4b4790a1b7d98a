//! The same set-up as the demo, with one's own camera.

use crate::build::{self, Flavour};
use crate::progress::heading;
use crate::sandbox::Sandbox;
use crate::workspace;
use anyhow::Result;

/// `cargo xtask serve`.
#[derive(clap::Args)]
pub struct Args {
    /// Port on this machine.
    #[arg(long, default_value_t = 8787)]
    port: u16,
    /// Serve HTTPS with a self-signed certificate to the local network, for a phone.
    #[arg(long)]
    lan: bool,
}

/// Builds, starts the sandbox and stays until Ctrl-C.
pub fn run(args: &Args) -> Result<()> {
    heading("Setting up");
    let built = build::everything(Flavour::Quick)?;
    let folder = workspace::target("serve");
    // Pictures of an earlier run are nobody's to keep.
    if folder.exists() {
        std::fs::remove_dir_all(&folder)?;
    }
    std::fs::create_dir_all(&folder)?;
    let port = args.port.to_string();
    let mut arguments = vec!["--port", port.as_str()];
    if args.lan {
        arguments.push("--lan");
    }
    let sandbox = Sandbox::start(&built, &folder.join("sandbox.sqlite"), &arguments)?;
    heading(&format!("Open {} in a browser and press the button. Ctrl-C ends.", sandbox.origin));
    if args.lan {
        eprintln!("The certificate is self-signed: the phone will warn once. Camera access needs HTTPS.");
    }
    sandbox.wait()
}
