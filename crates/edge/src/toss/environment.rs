//! Which Toss is talked to, and where it answers.

use crate::error::{Error, ErrorKind};
use crate::http::trusted_url;
use url::Url;

/// Where Toss gives access tokens, in both environments.
pub const TOKEN_BASE: &str = "https://oauth2.cert.toss.im";
/// Where Toss takes every other call, in both environments.
pub const API_BASE: &str = "https://cert.toss.im";
/// What the client ids of the test environment begin with.
pub const TEST_CLIENT_ID_PREFIX: &str = "test_";

/// Toss tells its environments apart by the client, not by the host.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Environment {
    /// The test environment: client ids begin with `test_`, every result is of the same invented person. The
    /// only one whose hosts may be replaced, for a local stand-in.
    Sandbox,
    /// Real people, and the public key of Toss only.
    Production,
}

impl Environment {
    /// Whether `client_id` belongs here. Fails with [`ErrorKind::RequestInvalid`].
    pub fn check_client_id(self, client_id: &str) -> Result<(), Error> {
        let of_tests = client_id.starts_with(TEST_CLIENT_ID_PREFIX);
        let why = match self {
            _ if client_id.is_empty() => "no client id",
            Self::Sandbox if !of_tests => "a client id of production in the test environment",
            Self::Production if of_tests => "a client id of the test environment in production",
            _ => return Ok(()),
        };
        Err(Error::new(ErrorKind::RequestInvalid, why))
    }
}

/// The two base URLs of Toss or of a stand-in.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Hosts {
    token: Url,
    api: Url,
}

impl Hosts {
    /// Toss's own.
    pub fn vendor() -> Result<Self, Error> {
        Self::new(TOKEN_BASE, API_BASE)
    }

    /// Other ones: a base URL may have a path, but no query. Fails with [`ErrorKind::UrlInvalid`] on `http:`
    /// to another machine.
    pub fn new(token: &str, api: &str) -> Result<Self, Error> {
        Ok(Self { token: base(token)?, api: base(api)? })
    }

    pub(super) fn token_url(&self, path: &str) -> Result<Url, Error> {
        below(&self.token, path)
    }

    pub(super) fn api_url(&self, path: &str) -> Result<Url, Error> {
        below(&self.api, path)
    }
}

fn base(text: &str) -> Result<Url, Error> {
    let url = trusted_url(text)?;
    if url.query().is_some() {
        return Err(Error::new(ErrorKind::UrlInvalid, "the base URL has a query"));
    }
    Ok(url)
}

fn below(base: &Url, path: &str) -> Result<Url, Error> {
    let mut url = base.clone();
    url.set_path(&format!("{}{path}", base.path().trim_end_matches('/')));
    Ok(url)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_vendors_hosts_are_those_of_the_contract() {
        let hosts = Hosts::vendor().expect("hosts");
        assert_eq!(hosts.token_url("/token").expect("url").as_str(), "https://oauth2.cert.toss.im/token");
        let status = hosts.api_url("/api/v2/sign/doc/status").expect("url");
        assert_eq!(status.as_str(), "https://cert.toss.im/api/v2/sign/doc/status");
    }

    #[test]
    fn a_stand_in_may_live_below_a_path_of_this_machine() {
        let hosts = Hosts::new("http://127.0.0.1:8080/toss/", "http://127.0.0.1:8080/toss").expect("hosts");
        assert_eq!(hosts.token_url("/token").expect("url").as_str(), "http://127.0.0.1:8080/toss/token");
        assert_eq!(hosts.api_url("/a").expect("url").as_str(), "http://127.0.0.1:8080/toss/a");
        for bad in ["http://cert.toss.im", "https://cert.toss.im/?a=b", "cert.toss.im"] {
            assert_eq!(Hosts::new(TOKEN_BASE, bad).expect_err(bad).kind(), ErrorKind::UrlInvalid, "{bad}");
        }
    }

    #[test]
    fn a_client_id_of_the_other_environment_is_refused() {
        assert!(Environment::Sandbox.check_client_id("test_1").is_ok());
        assert!(Environment::Production.check_client_id("live").is_ok());
        for (environment, id) in
            [(Environment::Sandbox, "live"), (Environment::Production, "test_1"), (Environment::Sandbox, "")]
        {
            assert!(environment.check_client_id(id).is_err(), "{environment:?} {id}");
        }
    }
}
