//! The operator's account at Argos. `Debug` shows no key.

use crate::error::Error;
use idv_edge::argos::{ApiKey, Client, Environment};
use idv_edge::native::{ArgosRunner, RunnerParams};
use std::fmt;
use std::time::Duration;

/// Time for one step at Argos: it looks at pictures, which takes this sandbox seconds on a slow machine.
const ARGOS_TIMEOUT: Duration = Duration::from_secs(45);

/// Access to Argos KYC.
#[derive(Clone)]
pub struct ArgosAccess {
    runner: ArgosRunner,
}

impl fmt::Debug for ArgosAccess {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str("ArgosAccess(…)")
    }
}

impl ArgosAccess {
    /// Access to the server whose version 2 stands at `base_url`. `only_root_pem` is trusted in place of the system's
    /// roots: for a self-signed server. Fails on a URL or a key that the client refuses.
    pub fn new(base_url: &str, api_key: &str, only_root_pem: Option<Vec<u8>>) -> Result<Self, Error> {
        let params = RunnerParams { timeout: ARGOS_TIMEOUT, only_root_pem, ..RunnerParams::default() };
        let runner = Environment::own(base_url)
            .and_then(|environment| Client::new(&environment, ApiKey::new(api_key)?))
            .and_then(|client| ArgosRunner::new(client, &params))
            .map_err(|error| Error::internal("access to Argos", error))?;
        Ok(Self { runner })
    }

    /// The client.
    pub fn runner(&self) -> &ArgosRunner {
        &self.runner
    }
}
