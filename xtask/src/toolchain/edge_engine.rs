//! workerd, the engine of the edge, by miniflare: npm packages with a lock file of their own, so that nothing but the
//! tests and the measurements that need them fetches them.

use super::node;
use crate::build::shell;
use crate::workspace;
use anyhow::Result;
use std::path::PathBuf;

/// The folder whose `node_modules` has them, installed where they are not there yet.
pub fn ensure() -> Result<PathBuf> {
    node::ensure()?;
    let folder = workspace::root().join("tests/packaging/edge");
    shell::install_packages(&folder)?;
    Ok(folder)
}
