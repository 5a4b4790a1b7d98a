//! What the build needs from outside, found or installed. Nothing is installed twice; what cannot be installed
//! here is named with the one command that does it.

pub mod browser;
pub mod debian;
pub mod edge_engine;
pub mod node;
pub mod python;
pub mod wasm;
pub mod wasm_pack;

/// The one command that installs something on this system.
pub fn install_command(brew: &'static str, apt: &'static str) -> &'static str {
    if cfg!(target_os = "macos") { brew } else { apt }
}

/// One line of `cargo xtask doctor`.
pub struct Finding {
    /// What is looked for.
    pub name: &'static str,
    /// Where it was found and its version, or how to get it.
    pub found: Result<String, String>,
}
